// SPDX-License-Identifier: MIT
/*
 * A folio_pte_batch_flags() for `ptecheck run --subject THIS_FILE`. Put your own in its place,
 * as it stands in mm/internal.h or mm/util.c, with the static functions that it calls.
 *
 * It is called once, for a present entry of a large folio, with the page-table lock held, and
 * is compared with the definition of a batch: how many entries, and what the caller's copy of
 * the first entry gains. The names are those of 7.2; `#define PTECHECK_KERNEL 615` before the
 * #include, or `--kernel 6.15`, gives folio_pte_batch() of 6.15 with its three answers.
 */
#include <ptecheck/ptecheck.h>

/* What is left of an entry once the bits that may differ are gone. */
static pte_t key(pte_t pte, fpb_t flags)
{
	if (!(flags & FPB_RESPECT_DIRTY))
		pte = pte_mkclean(pte);
	if (!(flags & FPB_RESPECT_SOFT_DIRTY))
		pte = pte_clear_soft_dirty(pte);
	if (!(flags & FPB_RESPECT_WRITE))
		pte = pte_wrprotect(pte);
	return pte_mkold(pte);
}

static unsigned int folio_pte_batch_flags(struct folio *folio, struct vm_area_struct *vma,
					  pte_t *ptep, pte_t *ptentp, unsigned int max_nr,
					  fpb_t flags)
{
	unsigned long left = folio_pfn(folio) + folio_nr_pages(folio) - pte_pfn(*ptentp);
	unsigned int most = min((unsigned long)max_nr, left);
	unsigned int nr = pte_batch_hint(ptep, *ptentp), hint;
	pte_t expected = key(pte_advance_pfn(*ptentp, nr), flags), pte;
	bool writable = false, young = false, dirty = false;

	/* From hint to hint: the architecture says which entries are alike. */
	for (; nr < most; nr += hint) {
		pte = ptep_get(ptep + nr);
		if (!pte_same(key(pte, flags), expected))
			break;
		writable |= pte_write(pte);
		young |= pte_young(pte);
		dirty |= pte_dirty(pte);
		hint = pte_batch_hint(ptep + nr, pte);
		expected = pte_advance_pfn(expected, hint);
	}

	if ((flags & FPB_MERGE_WRITE) && writable)
		*ptentp = pte_mkwrite(*ptentp, vma);
	if ((flags & FPB_MERGE_YOUNG_DIRTY) && young)
		*ptentp = pte_mkyoung(*ptentp);
	if ((flags & FPB_MERGE_YOUNG_DIRTY) && dirty)
		*ptentp = pte_mkdirty(*ptentp);
	/* The last hint may lead past the end. */
	return min(nr, most);
}

PTECHECK_FOLIO_PTE_BATCH(folio_pte_batch_flags)
