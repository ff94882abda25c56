/* SPDX-License-Identifier: MIT */
/*
 * How many entries from one on map consecutive pages of its folio and are alike (mm/internal.h,
 * mm/util.c). Young never counts; what else does is the flags' choice.
 */
#ifndef PTECHECK_BATCH_H
#define PTECHECK_BATCH_H

#define PTECHECK_RESPECT_DIRTY		1
#define PTECHECK_RESPECT_SOFT_DIRTY	2
#define PTECHECK_RESPECT_WRITE		4
#define PTECHECK_MERGE_WRITE		8
#define PTECHECK_MERGE_YOUNG_DIRTY	16

/* Entries that the architecture says are alike: to the end of the contiguous block. */
ptecheck_inline unsigned int pte_batch_hint(pte_t *ptep, pte_t pte)
{
	uint32_t cont = ptecheck_r->image->cont_ptes;

	if (!ptecheck_arm64() || !ptecheck_valid_cont(pte))
		return 1;
	return cont - ((uint32_t)ptecheck_place(ptep).slot & (cont - 1));
}

struct ptecheck_scan {
	int32_t nr;
	bool any_writable, any_young, any_dirty;
};

ptecheck_inline pte_t ptecheck_key(pte_t pte, unsigned int flags)
{
	if (!(flags & PTECHECK_RESPECT_DIRTY))
		pte = pte_mkclean(pte);
	if (!(flags & PTECHECK_RESPECT_SOFT_DIRTY))
		pte = pte_clear_soft_dirty(pte);
	if (!(flags & PTECHECK_RESPECT_WRITE))
		pte = pte_wrprotect(pte);
	return pte_mkold(pte);
}

/* From hint to hint; a hint may lead past the maximum, so the end is clamped. */
ptecheck_inline struct ptecheck_scan ptecheck_scan(struct folio *folio, pte_t *ptep, pte_t pte,
						   int32_t max_nr, unsigned int flags)
{
	struct ptecheck_scan scan = { 0 };
	uint64_t left = folio_pfn(folio) + (uint64_t)folio_nr_pages(folio) - pte_pfn(pte);
	int32_t most = left < (uint64_t)(int64_t)max_nr ? (int32_t)left : max_nr;
	int32_t hint = (int32_t)pte_batch_hint(ptep, pte);
	int32_t nr = hint;
	pte_t expected = ptecheck_key(pte_advance_pfn(pte, (unsigned long)hint), flags);

	while (nr < most) {
		struct ptecheck_place place = ptecheck_place(ptep + nr);
		pte_t other;

		if (place.slot < 0 || place.slot >= (int32_t)ptecheck_r->image->slots)
			ptecheck_stop(PTECHECK_STATUS_STOPPED);
		other = ptecheck_get(place);
		if (!pte_same(ptecheck_key(other, flags), expected))
			break;
		scan.any_writable |= pte_write(other);
		scan.any_young |= pte_young(other);
		scan.any_dirty |= pte_dirty(other);
		hint = (int32_t)pte_batch_hint(ptep + nr, other);
		expected = pte_advance_pfn(expected, (unsigned long)hint);
		nr += hint;
	}
	ptecheck_event();
	scan.nr = nr < most ? nr : most;
	return scan;
}

ptecheck_inline struct ptecheck_record *ptecheck_batch_record(uint16_t op, struct folio *folio,
							      uint64_t vma, pte_t *ptep, pte_t pte,
							      int32_t max_nr, unsigned int flags)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record =
		ptecheck_record(op, place.table, place.slot, max_nr, pte.pte,
				(uint64_t)(uint32_t)ptecheck_folio_index(folio) | vma << 32 |
				(uint64_t)flags << 48);

	record->flags = place.alias;
	return record;
}

#if PTECHECK_KERNEL < 617

typedef int fpb_t;
#define FPB_IGNORE_DIRTY	((fpb_t)BIT(0))
#define FPB_IGNORE_SOFT_DIRTY	((fpb_t)BIT(1))

ptecheck_inline int ptecheck_folio_pte_batch(struct folio *folio, pte_t *ptep, pte_t pte,
					     int max_nr, fpb_t flags, bool *any_writable,
					     bool *any_young, bool *any_dirty)
{
	struct ptecheck_record *record =
		ptecheck_batch_record(PTECHECK_OP_FOLIO_PTE_BATCH615, folio, 0, ptep, pte, max_nr,
				      (unsigned int)flags);
	unsigned int respect = (flags & FPB_IGNORE_DIRTY ? 0 : PTECHECK_RESPECT_DIRTY) |
			       (flags & FPB_IGNORE_SOFT_DIRTY ? 0 : PTECHECK_RESPECT_SOFT_DIRTY);
	struct ptecheck_scan scan = ptecheck_scan(folio, ptep, pte, max_nr, respect);

	if (any_writable)
		*any_writable = scan.any_writable;
	if (any_young)
		*any_young = scan.any_young;
	if (any_dirty)
		*any_dirty = scan.any_dirty;
	record->result2 = scan.any_writable + 2u * scan.any_young + 4u * scan.any_dirty;
	ptecheck_done(record, (uint64_t)(int64_t)scan.nr);
	return scan.nr;
}
#define folio_pte_batch(folio, addr, ptep, pte, max_nr, flags, writable, young, dirty) \
	(PTECHECK_AT, (void)(addr), \
	 ptecheck_folio_pte_batch(folio, ptep, pte, max_nr, flags, writable, young, dirty))

#else

typedef unsigned int fpb_t;
#define FPB_RESPECT_DIRTY	((fpb_t)PTECHECK_RESPECT_DIRTY)
#define FPB_RESPECT_SOFT_DIRTY	((fpb_t)PTECHECK_RESPECT_SOFT_DIRTY)
#define FPB_RESPECT_WRITE	((fpb_t)PTECHECK_RESPECT_WRITE)
#define FPB_MERGE_WRITE		((fpb_t)PTECHECK_MERGE_WRITE)
#define FPB_MERGE_YOUNG_DIRTY	((fpb_t)PTECHECK_MERGE_YOUNG_DIRTY)

ptecheck_inline unsigned int ptecheck_folio_pte_batch_flags(struct folio *folio,
							    struct vm_area_struct *vma,
							    pte_t *ptep, pte_t *ptentp,
							    unsigned int max_nr, fpb_t flags)
{
	struct ptecheck_record *record =
		ptecheck_batch_record(PTECHECK_OP_FOLIO_PTE_BATCH_FLAGS, folio,
				      vma ? vma->index : 0, ptep, *ptentp, (int32_t)max_nr, flags);
	struct ptecheck_scan scan = ptecheck_scan(folio, ptep, *ptentp, (int32_t)max_nr, flags);

	if ((flags & FPB_MERGE_WRITE) && scan.any_writable)
		*ptentp = pte_mkwrite(*ptentp, vma);
	if ((flags & FPB_MERGE_YOUNG_DIRTY) && scan.any_young)
		*ptentp = pte_mkyoung(*ptentp);
	if ((flags & FPB_MERGE_YOUNG_DIRTY) && scan.any_dirty)
		*ptentp = pte_mkdirty(*ptentp);
	record->result2 = ptentp->pte;
	ptecheck_done(record, (uint64_t)(int64_t)scan.nr);
	return (unsigned int)scan.nr;
}
#define folio_pte_batch_flags(folio, vma, ptep, ptentp, max_nr, flags) \
	(PTECHECK_AT, ptecheck_folio_pte_batch_flags(folio, vma, ptep, ptentp, max_nr, flags))
#define folio_pte_batch(folio, ptep, pte, max_nr) ({ \
	pte_t ptecheck_first = (pte); \
	folio_pte_batch_flags(folio, NULL, ptep, &ptecheck_first, max_nr, 0); })

#endif
#endif
