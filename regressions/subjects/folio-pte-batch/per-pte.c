/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): by its definition, entry by entry, each compared with the first. */
#include <ptecheck/ptecheck.h>

/* What an entry is apart from what flags are about. */
static pte_t rest(pte_t pte)
{
	return pte_mkold(pte_wrprotect(pte_clear_soft_dirty(pte_mkclean(pte))));
}

static bool is_next(pte_t first, pte_t pte, unsigned int nr, fpb_t flags)
{
	if (!pte_present(pte) || !pte_same(rest(pte), pte_advance_pfn(rest(first), nr)))
		return false;
	if ((flags & FPB_RESPECT_WRITE) && pte_write(pte) != pte_write(first))
		return false;
	if ((flags & FPB_RESPECT_DIRTY) && pte_dirty(pte) != pte_dirty(first))
		return false;
	return !(flags & FPB_RESPECT_SOFT_DIRTY) || pte_soft_dirty(pte) == pte_soft_dirty(first);
}

static unsigned int folio_pte_batch_flags(struct folio *folio, struct vm_area_struct *vma,
					  pte_t *ptep, pte_t *ptentp, unsigned int max_nr,
					  fpb_t flags)
{
	unsigned long end = folio_pfn(folio) + (unsigned long)folio_nr_pages(folio);
	bool writable = false, young = false, dirty = false;
	pte_t first = *ptentp, pte;
	unsigned int nr = 1;

	for (; nr < max_nr && pte_pfn(first) + nr < end; nr++) {
		pte = ptep_get(ptep + nr);
		if (!is_next(first, pte, nr, flags))
			break;
		writable |= pte_write(pte);
		young |= pte_young(pte);
		dirty |= pte_dirty(pte);
	}
	if ((flags & FPB_MERGE_WRITE) && writable && !pte_write(first))
		*ptentp = pte_mkwrite(*ptentp, vma);
	if ((flags & FPB_MERGE_YOUNG_DIRTY) && young)
		*ptentp = pte_mkyoung(*ptentp);
	if ((flags & FPB_MERGE_YOUNG_DIRTY) && dirty)
		*ptentp = pte_mkdirty(*ptentp);
	return nr;
}

PTECHECK_FOLIO_PTE_BATCH(folio_pte_batch_flags)
