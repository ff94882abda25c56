/* SPDX-License-Identifier: MIT */
/*
 * PTECHECK_FOLIO_PTE_BATCH(f): f is folio_pte_batch_flags() of mm/internal.h,
 *
 *	unsigned int f(struct folio *folio, struct vm_area_struct *vma, pte_t *ptep, pte_t *ptentp,
 *		       unsigned int max_nr, fpb_t flags);
 *
 * in 6.15 and 6.16 folio_pte_batch(),
 *
 *	int f(struct folio *folio, unsigned long addr, pte_t *start_ptep, pte_t pte, int max_nr,
 *	      fpb_t flags, bool *any_writable, bool *any_young, bool *any_dirty);
 *
 * called once, for a present entry of a large folio, with the page-table lock held. The header's
 * function of that name steps aside for the file's. In a file compiled without ptecheck, write
 * #undef folio_pte_batch_flags, or #undef folio_pte_batch, before the function.
 */
#ifndef PTECHECK_HELPER_H
#define PTECHECK_HELPER_H

#if PTECHECK_KERNEL < 617

#define PTECHECK_ASK(function, folio, vma, addr, ptep, copy, max_nr, respect, told) ({ \
	bool ptecheck_writable = false, ptecheck_young = false, ptecheck_dirty = false; \
	fpb_t ptecheck_flags = ((respect) & PTECHECK_RESPECT_DIRTY ? 0 : FPB_IGNORE_DIRTY) | \
			       ((respect) & PTECHECK_RESPECT_SOFT_DIRTY ? 0 : FPB_IGNORE_SOFT_DIRTY); \
	int32_t ptecheck_nr = (int32_t)function(folio, addr, ptep, *(copy), (int)(max_nr), \
						ptecheck_flags, &ptecheck_writable, \
						&ptecheck_young, &ptecheck_dirty); \
	(void)(vma); \
	*(told) = ptecheck_writable + 2u * ptecheck_young + 4u * ptecheck_dirty; \
	ptecheck_nr; })

#else

#define PTECHECK_ASK(function, folio, vma, addr, ptep, copy, max_nr, respect, told) \
	((void)(addr), (void)(told), \
	 (int32_t)function(folio, vma, ptep, copy, (unsigned int)(max_nr), (fpb_t)(respect)))

#endif

ptecheck_inline void ptecheck_batch_return(pte_t *ptep, int32_t nr, pte_t copy, uint64_t told)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_BATCH_RETURN, place.table, place.slot, nr, copy.pte, told);

	record->flags = place.alias;
	ptecheck_event();
	ptecheck_done(record, 0);
}

/* A caller as they all are: a batch of one without a large folio. */
#define PTECHECK_FOLIO_PTE_BATCH(function) \
static void ptecheck_run_folio_pte_batch(struct ptecheck_run *run) \
{ \
	const struct ptecheck_call *call = &run->image->call; \
	struct vm_area_struct *vma = &run->vma_structs[call->vma]; \
	ptecheck_r = run; \
	ptecheck_at(__FILE__, __LINE__); \
	for (uint32_t i = 0; i < run->plan_count; i++) { \
		unsigned long addr = (unsigned long)run->plan[i].vpn << PAGE_SHIFT; \
		struct folio *folio; \
		uint64_t told = 0; \
		int32_t nr = 1; \
		spinlock_t *ptl; \
		pte_t *ptep, pte; \
		ptecheck_begin(i); \
		ptep = pte_offset_map_lock(vma->vm_mm, &run->pmd_structs[run->plan[i].table], addr, &ptl); \
		pte = ptep_get(ptep); \
		folio = pte_present(pte) ? vm_normal_folio(vma, addr, pte) : NULL; \
		if (folio && folio_test_large(folio)) \
			nr = PTECHECK_ASK(function, folio, vma, addr, ptep, &pte, run->plan[i].pages, \
					  call->batch, &told); \
		ptecheck_batch_return(ptep, nr, pte, told); \
		pte_unmap_unlock(ptep, ptl); \
		ptecheck_end(nr, false); \
	} \
} \
__attribute__((visibility("default"), used)) \
const struct ptecheck_subject ptecheck_subject = { \
	PTECHECK_LAYOUT, PTECHECK_OPERATION_FOLIO_PTE_BATCH, PTECHECK_KERNEL, \
	ptecheck_run_folio_pte_batch, \
};

#endif
