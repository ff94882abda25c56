/* SPDX-License-Identifier: MIT */
/*
 * From a folio to the entries of one VMA that map it (mm/page_vma_mapped.c), and what stands
 * around that: the notifier and flushes that are put off (mm/rmap.c).
 */
#ifndef PTECHECK_WALK_H
#define PTECHECK_WALK_H

#define PVMW_SYNC		1u
#define PVMW_MIGRATION		2u
#define PVMW_PGTABLE_CROSSED	4u

struct page_vma_mapped_walk {
	unsigned long pfn;
	unsigned long nr_pages;
	unsigned long pgoff;
	struct vm_area_struct *vma;
	unsigned long address;
	pmd_t *pmd;
	pte_t *pte;
	spinlock_t *ptl;
	unsigned int flags;
};

#define DEFINE_FOLIO_VMA_WALK(name, folio_, vma_, address_, flags_) \
	struct page_vma_mapped_walk name = { \
		.pfn = folio_pfn(folio_), \
		.nr_pages = (unsigned long)folio_nr_pages(folio_), \
		.vma = (vma_), \
		.address = (address_), \
		.flags = (flags_), \
	}

/* Where the folio's pages end in the VMA at hand. */
ptecheck_inline unsigned long ptecheck_range_end(void)
{
	const struct ptecheck_invocation *at = &ptecheck_r->plan[ptecheck_r->invocation];

	return (unsigned long)(at->vpn + at->pages) << PAGE_SHIFT;
}
#define vma_address_end(walk) ((void)(walk), ptecheck_range_end())

ptecheck_inline int32_t ptecheck_table_at(uint32_t mm, uint64_t vpn)
{
	for (uint32_t i = 0; i < ptecheck_r->image->pmd_count; i++)
		if (ptecheck_r->pmds[i].mm == mm && ptecheck_r->pmds[i].kind == PTECHECK_PMD_KIND_TABLE &&
		    ptecheck_r->pmds[i].base_vpn == (vpn & ~(uint64_t)(ptecheck_r->image->slots - 1)))
			return (int32_t)ptecheck_r->pmds[i].value;
	return -1;
}

ptecheck_inline void ptecheck_walk_unlock(struct page_vma_mapped_walk *walk)
{
	if (walk->pte == NULL)
		return;
	ptecheck_event();
	ptecheck_r->tables[walk->ptl - ptecheck_r->ptls].ptl_held = 0;
	walk->pte = NULL;
}

ptecheck_inline void ptecheck_walk_lock(struct page_vma_mapped_walk *walk)
{
	uint64_t vpn = PTECHECK_VPN(walk->address);
	int32_t table = ptecheck_table_at(walk->vma->vm_mm->index, vpn);
	uint32_t alias = ptecheck_r->maps++ % PTECHECK_AREA_ALIASES;

	ptecheck_event();
	ptecheck_r->tables[table].ptl_held = 1;
	walk->ptl = &ptecheck_r->ptls[table];
	walk->pmd = &ptecheck_r->pmd_structs[table];
	walk->pte = (pte_t *)((char *)ptecheck_word((uint32_t)table, (int32_t)pte_index(walk->address)) +
			      ((size_t)alias << PTECHECK_AREA_ALIAS_SHIFT));
}

ptecheck_inline void ptecheck_walk_next(struct page_vma_mapped_walk *walk)
{
	walk->address += PAGE_SIZE;
	if (pte_index(walk->address) == 0)
		ptecheck_walk_unlock(walk);
	else
		walk->pte++;
}

ptecheck_inline bool ptecheck_maps(pte_t pte, const struct page_vma_mapped_walk *walk)
{
	uint64_t pfn = 0;

	if (pte_present(pte) && !pte_special(pte))
		pfn = pte_pfn(pte);
	else if (!pte_present(pte) && !pte_none(pte) &&
		 swp_type(pte_to_swp_entry(pte)) == SWP_DEVICE_EXCLUSIVE)
		pfn = swp_offset(pte_to_swp_entry(pte));
	return pfn - walk->pfn < walk->nr_pages;
}

ptecheck_inline struct ptecheck_record *ptecheck_walk_record(uint16_t op,
							     const struct page_vma_mapped_walk *walk)
{
	struct ptecheck_place place = { -1, 0, 0 };
	struct ptecheck_record *record;

	if (walk->pte != NULL)
		place = ptecheck_place(walk->pte);
	record = ptecheck_record(op, place.table, place.slot, walk->pte != NULL,
				 PTECHECK_VPN(walk->address), 0);
	record->flags = place.alias;
	return record;
}

/* To the next entry of the folio, its table locked; false at the end, with no lock held. */
ptecheck_inline bool ptecheck_walk(struct page_vma_mapped_walk *walk)
{
	struct ptecheck_record *record = ptecheck_walk_record(PTECHECK_OP_WALK, walk);
	struct ptecheck_place place;

	if (walk->pte != NULL)
		ptecheck_walk_next(walk);
	while (walk->address < ptecheck_range_end()) {
		if (walk->pte == NULL &&
		    ptecheck_table_at(walk->vma->vm_mm->index, PTECHECK_VPN(walk->address)) < 0) {
			walk->address = (walk->address & PMD_MASK) + PMD_SIZE;
			continue;
		}
		if (walk->pte == NULL)
			ptecheck_walk_lock(walk);
		place = ptecheck_place(walk->pte);
		if (ptecheck_maps(ptecheck_get(place), walk)) {
			record->result2 = place.alias;
			ptecheck_done(record, 1 + PTECHECK_VPN(walk->address));
			return true;
		}
		ptecheck_walk_next(walk);
	}
	ptecheck_walk_unlock(walk);
	ptecheck_done(record, 0);
	return false;
}
#define page_vma_mapped_walk(walk) (PTECHECK_AT, ptecheck_walk(walk))

ptecheck_inline void ptecheck_walk_done(struct page_vma_mapped_walk *walk)
{
	struct ptecheck_record *record = ptecheck_walk_record(PTECHECK_OP_WALK_DONE, walk);

	ptecheck_walk_unlock(walk);
	ptecheck_done(record, 0);
}
#define page_vma_mapped_walk_done(walk) (PTECHECK_AT, ptecheck_walk_done(walk))
#define page_vma_mapped_walk_restart(walk) page_vma_mapped_walk_done(walk)

enum { MMU_NOTIFY_UNMAP, MMU_NOTIFY_CLEAR, MMU_NOTIFY_PROTECTION_VMA, MMU_NOTIFY_MIGRATE };

struct mmu_notifier_range {
	struct mm_struct *mm;
	unsigned long start;
	unsigned long end;
	unsigned int flags;
	int event;
};

#define mmu_notifier_range_init(range, event_, flags_, mm_, start_, end_) \
	(*(range) = (struct mmu_notifier_range){ \
		.mm = (mm_), .start = (start_), .end = (end_), .flags = (flags_), .event = (event_) })

ptecheck_inline void ptecheck_notify(uint16_t op, const struct mmu_notifier_range *range)
{
	struct ptecheck_record *record =
		ptecheck_record(op, (int32_t)range->mm->index, 0,
				(int32_t)PTECHECK_VPN(range->end - range->start),
				PTECHECK_VPN(range->start), 0);

	/* What others do from here on a read-only scan has not seen. */
	if (ptecheck_r->collapses && op == PTECHECK_OP_NOTIFIER_START)
		ptecheck_event();
	ptecheck_r->mms[range->mm->index].notifier_depth +=
		op == PTECHECK_OP_NOTIFIER_START ? 1 : -1;
	ptecheck_event();
	ptecheck_done(record, 0);
}
#define mmu_notifier_invalidate_range_start(range) \
	(PTECHECK_AT, ptecheck_notify(PTECHECK_OP_NOTIFIER_START, range))
#define mmu_notifier_invalidate_range_end(range) \
	(PTECHECK_AT, ptecheck_notify(PTECHECK_OP_NOTIFIER_END, range))

/* pte_accessible(): whether a CPU may hold a translation of what an entry was. */
ptecheck_inline bool ptecheck_may_be_cached(uint32_t mm, pte_t pte)
{
	bool pending = ptecheck_r->mms[mm].tlb_flush_pending > 0;

	return ptecheck_hw_present(pte) ||
	       (pending && ptecheck_has(pte, PTECHECK_X86(PROTNONE), PTECHECK_ARM(NG)) &&
		pte_present(pte));
}
#define pte_accessible(mm, pte) ptecheck_may_be_cached((mm)->index, pte)

ptecheck_inline pte_t ptecheck_clear_flush(uint32_t mm, unsigned long addr, pte_t *ptep)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record =
		ptecheck_access(PTECHECK_OP_PTEP_CLEAR_FLUSH, place, 1, PTECHECK_VPN(addr));
	pte_t pte;

	record->b = mm;
	ptecheck_event();
	ptecheck_unfold(place);
	pte = ptecheck_exchange(place);
	if (ptecheck_may_be_cached(mm, pte))
		ptecheck_event();
	ptecheck_done(record, pte.pte);
	return pte;
}
#define ptep_clear_flush(vma, addr, ptep) \
	(PTECHECK_AT, ptecheck_clear_flush((vma)->vm_mm->index, addr, ptep))

enum ttu_flags {
	TTU_USE_SHARED_ZEROPAGE = 0x2,
	TTU_SPLIT_HUGE_PMD = 0x4,
	TTU_IGNORE_MLOCK = 0x8,
	TTU_SYNC = 0x10,
	TTU_HWPOISON = 0x20,
	TTU_BATCH_FLUSH = 0x40,
	TTU_RMAP_LOCKED = 0x80,
};

/* x86-64 puts a flush off where another CPU has run the mm, arm64 always. */
ptecheck_inline bool arch_tlbbatch_should_defer(struct mm_struct *mm)
{
	return ptecheck_arm64() || (ptecheck_r->mms[mm->index].cpu_mask & ~1u) != 0;
}

ptecheck_inline bool should_defer_flush(struct mm_struct *mm, enum ttu_flags flags)
{
	return (flags & TTU_BATCH_FLUSH) && arch_tlbbatch_should_defer(mm);
}

ptecheck_inline void ptecheck_defer(uint32_t mm, pte_t pte, uint64_t vpn, uint64_t pages)
{
	struct ptecheck_mm *owner = &ptecheck_r->mms[mm];
	struct ptecheck_image *image = ptecheck_r->image;
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_SET_TLB_UBC_FLUSH_PENDING, (int32_t)mm, 0,
				(int32_t)pages, vpn, pte.pte);

	ptecheck_event();
	if (ptecheck_may_be_cached(mm, pte)) {
		if (ptecheck_arm64() && image->deferred_ranges < PTECHECK_TLB_UBC_MAX_RANGES)
			image->deferred_ranges++;
		else
			image->deferred_mms |= 1u << mm;
		image->flush_required = 1;
		owner->tlb_flush_batched = (owner->tlb_flush_batched & 0x7fff) > 0x3fff ?
					   1 : owner->tlb_flush_batched + 1;
	}
	ptecheck_done(record, 0);
}
#define set_tlb_ubc_flush_pending(mm, pteval, start, end) (PTECHECK_AT, \
	ptecheck_defer((mm)->index, pteval, PTECHECK_VPN(start), PTECHECK_VPN((end) - (start))))

ptecheck_inline void ptecheck_unmap_flush(void)
{
	struct ptecheck_image *image = ptecheck_r->image;
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_TRY_TO_UNMAP_FLUSH, -1, 0, 0, 0, 0);

	ptecheck_event();
	for (uint32_t mm = 0; image->flush_required && mm < image->mm_count; mm++)
		if (image->deferred_mms & (1u << mm))
			ptecheck_event();
	for (uint32_t i = 0; image->flush_required && i < image->deferred_ranges; i++)
		ptecheck_event();
	image->flush_required = 0;
	image->deferred_mms = 0;
	image->deferred_ranges = 0;
	ptecheck_done(record, 0);
}
#define try_to_unmap_flush() (PTECHECK_AT, ptecheck_unmap_flush())

#endif
