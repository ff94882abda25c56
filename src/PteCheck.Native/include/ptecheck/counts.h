/* SPDX-License-Identifier: MIT */
/* What is counted and noted of folios and address spaces: mappings, references, rss, flags. */
#ifndef PTECHECK_COUNTS_H
#define PTECHECK_COUNTS_H

enum { MM_FILEPAGES, MM_ANONPAGES, MM_SWAPENTS, MM_SHMEMPAGES, NR_MM_COUNTERS };
typedef int rmap_t;
#define RMAP_NONE 0

ptecheck_inline int32_t ptecheck_read_folio(uint16_t op, const struct folio *folio)
{
	const struct ptecheck_folio *owner = ptecheck_folio(folio);
	struct ptecheck_record *record =
		ptecheck_record(op, ptecheck_folio_index(folio), 0, 0, 0, 0);
	int32_t value;

	ptecheck_event();
	value = op == PTECHECK_OP_FOLIO_REF_COUNT ? owner->ref_count :
		op == PTECHECK_OP_FOLIO_MAPCOUNT ? owner->mapcount :
		(owner->flags & PTECHECK_FOLIO_FLAGS_DIRTY) != 0;
	ptecheck_done(record, (uint64_t)(int64_t)value);
	return value;
}
#define folio_ref_count(folio) \
	(PTECHECK_AT, ptecheck_read_folio(PTECHECK_OP_FOLIO_REF_COUNT, folio))
#define folio_mapcount(folio) \
	(PTECHECK_AT, ptecheck_read_folio(PTECHECK_OP_FOLIO_MAPCOUNT, folio))
#define folio_test_dirty(folio) \
	(PTECHECK_AT, ptecheck_read_folio(PTECHECK_OP_FOLIO_TEST_DIRTY, folio) != 0)

ptecheck_inline bool ptecheck_mark_folio(uint16_t op, struct folio *folio, uint8_t flag)
{
	struct ptecheck_record *record =
		ptecheck_record(op, ptecheck_folio_index(folio), 0, 0, 0, 0);

	ptecheck_event();
	ptecheck_folio(folio)->flags |= flag;
	ptecheck_done(record, 0);
	return true;
}
#define folio_mark_dirty(folio) (PTECHECK_AT, \
	ptecheck_mark_folio(PTECHECK_OP_FOLIO_MARK_DIRTY, folio, PTECHECK_FOLIO_FLAGS_DIRTY))
#define folio_set_swapbacked(folio) (PTECHECK_AT, (void)ptecheck_mark_folio( \
	PTECHECK_OP_FOLIO_SET_SWAPBACKED, folio, PTECHECK_FOLIO_FLAGS_SWAPBACKED))

ptecheck_inline bool folio_test_swapbacked(const struct folio *folio)
{
	const struct ptecheck_folio *owner = ptecheck_folio(folio);

	return (owner->flags & PTECHECK_FOLIO_FLAGS_SWAPBACKED) != 0 ||
	       owner->kind == PTECHECK_FOLIO_KIND_ANON || owner->kind == PTECHECK_FOLIO_KIND_SHMEM;
}

ptecheck_inline bool folio_test_lazyfree(const struct folio *folio)
{
	return folio_test_anon(folio) && !folio_test_swapbacked(folio);
}

ptecheck_inline bool folio_test_swapcache(const struct folio *folio)
{
	return (ptecheck_folio(folio)->flags & PTECHECK_FOLIO_FLAGS_SWAP_CACHE) != 0;
}

ptecheck_inline bool folio_test_locked(const struct folio *folio)
{
	return (ptecheck_folio(folio)->flags & PTECHECK_FOLIO_FLAGS_LOCKED) != 0;
}

#define folio_test_hugetlb(folio) ((void)(folio), false)
#define folio_test_hwpoison(folio) ((void)(folio), false)
#define folio_test_ksm(folio) ((void)(folio), false)
#define folio_is_device_private(folio) ((void)(folio), false)
#define folio_is_zone_device(folio) ((void)(folio), false)
#define is_zone_device_page(page) ((void)(page), false)
#define PageHWPoison(page) ((void)(page), false)

/* __folio_remove_rmap: a large anonymous folio of which some pages stay mapped is queued for splitting. */
ptecheck_inline void ptecheck_queue_split(struct ptecheck_folio *owner, int32_t last)
{
	uint32_t known = PTECHECK_FOLIO_FLAGS_DEFERRED_SPLIT | PTECHECK_FOLIO_FLAGS_SWAP_CACHE;

	if (last == 0 || owner->mapcount <= 0 || owner->order == 0 ||
	    (owner->kind != PTECHECK_FOLIO_KIND_ANON && owner->kind != PTECHECK_FOLIO_KIND_LAZYFREE) ||
	    (owner->flags & known) != 0)
		return;
	ptecheck_event();
	owner->flags |= PTECHECK_FOLIO_FLAGS_DEFERRED_SPLIT;
}

ptecheck_inline void ptecheck_rmap(uint16_t op, struct folio *folio, struct page *page, int32_t nr)
{
	struct ptecheck_folio *owner = ptecheck_folio(folio);
	uint32_t frame = ptecheck_frame_of_page(page);
	struct ptecheck_record *record =
		ptecheck_record(op, ptecheck_folio_index(folio), 0, nr, frame, 0);
	int32_t by = op == PTECHECK_OP_ADD_RMAP ? 1 : -1, last = 0;

	ptecheck_event();
	owner->mapcount += nr * by;
	for (int32_t i = 0; i < nr && frame + (uint32_t)i < ptecheck_r->image->frame_count; i++) {
		ptecheck_r->page_mapcounts[frame + (uint32_t)i] += by;
		last += ptecheck_r->page_mapcounts[frame + (uint32_t)i] == 0;
	}
	if (by < 0)
		ptecheck_queue_split(owner, last);
	ptecheck_done(record, 0);
}
#define folio_remove_rmap_ptes(folio, page, nr, vma) (PTECHECK_AT, (void)(vma), \
	ptecheck_rmap(PTECHECK_OP_REMOVE_RMAP, folio, page, (int32_t)(nr)))
#define folio_remove_rmap_pte(folio, page, vma) folio_remove_rmap_ptes(folio, page, 1, vma)
#define folio_add_anon_rmap_ptes(folio, page, nr, vma, addr, flags) (PTECHECK_AT, (void)(vma), \
	(void)(addr), (void)(flags), \
	ptecheck_rmap(PTECHECK_OP_ADD_RMAP, folio, page, (int32_t)(nr)))
#define folio_add_anon_rmap_pte(folio, page, vma, addr, flags) \
	folio_add_anon_rmap_ptes(folio, page, 1, vma, addr, flags)
#define folio_add_file_rmap_ptes(folio, page, nr, vma) (PTECHECK_AT, (void)(vma), \
	ptecheck_rmap(PTECHECK_OP_ADD_RMAP, folio, page, (int32_t)(nr)))
#define folio_add_file_rmap_pte(folio, page, vma) folio_add_file_rmap_ptes(folio, page, 1, vma)

/* Whoever puts the last reference frees the folio; folio_ref_sub() only counts. */
ptecheck_inline void ptecheck_refs(uint16_t op, struct folio *folio, int32_t nr)
{
	struct ptecheck_folio *owner = ptecheck_folio(folio);
	struct ptecheck_record *record =
		ptecheck_record(op, ptecheck_folio_index(folio), 0, nr, 0, 0);

	ptecheck_event();
	owner->ref_count += nr;
	if (op == PTECHECK_OP_FOLIO_PUT_REFS && owner->ref_count == 0) {
		ptecheck_event();
		owner->flags = (owner->flags & PTECHECK_FOLIO_FLAGS_TRUNCATED) |
			       PTECHECK_FOLIO_FLAGS_FREED;
		__builtin_memset(ptecheck_r->page_flags + owner->first_frame, 0, 1u << owner->order);
	}
	ptecheck_done(record, 0);
}
#define folio_ref_add(folio, nr) \
	(PTECHECK_AT, ptecheck_refs(PTECHECK_OP_FOLIO_REF_ADD, folio, (int32_t)(nr)))
#define folio_ref_sub(folio, nr) folio_ref_add(folio, -(int32_t)(nr))
#define folio_get(folio) folio_ref_add(folio, 1)
#define folio_put_refs(folio, nr) \
	(PTECHECK_AT, ptecheck_refs(PTECHECK_OP_FOLIO_PUT_REFS, folio, -(int32_t)(nr)))
#define folio_put(folio) folio_put_refs(folio, 1)
#define put_page(page) folio_put(page_folio(page))

ptecheck_inline int mm_counter(struct folio *folio)
{
	return folio_test_anon(folio) ? MM_ANONPAGES :
	       ptecheck_folio(folio)->kind == PTECHECK_FOLIO_KIND_SHMEM ? MM_SHMEMPAGES :
									  MM_FILEPAGES;
}

ptecheck_inline int mm_counter_file(struct folio *folio)
{
	return ptecheck_folio(folio)->kind == PTECHECK_FOLIO_KIND_SHMEM ? MM_SHMEMPAGES :
									  MM_FILEPAGES;
}

ptecheck_inline void ptecheck_count(struct mm_struct *mm, int member, int64_t value)
{
	struct ptecheck_mm *owner = &ptecheck_r->mms[mm->index];
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_ADD_MM_COUNTER, (int32_t)mm->index, 0, (int32_t)value,
				(uint64_t)(int64_t)member, 0);
	int32_t *counters[NR_MM_COUNTERS] = { &owner->rss_file, &owner->rss_anon,
					      &owner->swap_entries, &owner->rss_shmem };

	if (member < 0 || member >= NR_MM_COUNTERS)
		ptecheck_stop(PTECHECK_STATUS_STOPPED);
	ptecheck_event();
	*counters[member] += (int32_t)value;
	ptecheck_done(record, 0);
}
#define add_mm_counter(mm, member, value) (PTECHECK_AT, ptecheck_count(mm, member, value))
#define inc_mm_counter(mm, member) add_mm_counter(mm, member, 1)
#define dec_mm_counter(mm, member) add_mm_counter(mm, member, -1)
#define update_hiwater_rss(mm) ((void)(mm))

#endif
