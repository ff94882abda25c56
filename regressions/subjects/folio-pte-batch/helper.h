/* SPDX-License-Identifier: MIT */
/*
 * The batch helper, with the choices in which the subjects beside it differ. Each is the twin of
 * an implementation or a decision of the checker, under the same name.
 */
#include <ptecheck/ptecheck.h>

#ifndef RESPECT_WRITE
#define RESPECT_WRITE 1
#endif
#ifndef COMPARE_RAW_WRITE
#define COMPARE_RAW_WRITE 1	/* the RW bit, as upstream does, and not pte_write() */
#endif
#ifndef MERGE_WRITE_AGAIN
#define MERGE_WRITE_AGAIN 1	/* a writable copy too, as upstream does */
#endif
#ifndef RESPECT_DIRTY
#define RESPECT_DIRTY 1
#endif
#ifndef RESPECT_SOFT_DIRTY
#define RESPECT_SOFT_DIRTY 1
#endif
#ifndef RESPECT_UFFD
#define RESPECT_UFFD 1
#endif
#ifndef STOP_AT_FOLIO_END
#define STOP_AT_FOLIO_END 1
#endif
#ifndef CAP
#define CAP 1
#endif
#ifndef CLAMP_HINT
#define CLAMP_HINT 1
#endif
#ifndef STEP_BY_HINT
#define STEP_BY_HINT 1
#endif
#ifndef MERGE
#define MERGE 1
#endif

struct seen {
	bool writable, young, dirty;
};

/* What is left of an entry once the bits that may differ are gone. */
static pte_t key(pte_t pte, bool dirty, bool soft_dirty, bool write)
{
	if (!RESPECT_DIRTY || !dirty)
		pte = pte_mkclean(pte);
	if (!RESPECT_SOFT_DIRTY || !soft_dirty)
		pte = pte_clear_soft_dirty(pte);
	if (!RESPECT_WRITE || !write)
		pte = pte_wrprotect(pte);
	if (!RESPECT_UFFD)
		pte = pte_clear_uffd_wp(pte);
	return pte_mkold(pte);
}

static unsigned int hint_of(pte_t *ptep, pte_t pte)
{
	return STEP_BY_HINT ? pte_batch_hint(ptep, pte) : 1;
}

static unsigned int count(struct folio *folio, pte_t *ptep, pte_t first, unsigned long most,
			  bool dirty, bool soft_dirty, bool write, struct seen *seen)
{
	unsigned int nr = hint_of(ptep, first), hint;
	pte_t expected = key(pte_advance_pfn(first, nr), dirty, soft_dirty, write), pte;

	if (!CAP)
		most = 1024;
	if (STOP_AT_FOLIO_END)
		most = min(most, folio_pfn(folio) + (unsigned long)folio_nr_pages(folio) - pte_pfn(first));
	for (; nr < most; nr += hint) {
		pte = ptep_get(ptep + nr);
		if (!pte_same(key(pte, dirty, soft_dirty, write), expected))
			break;
		if (RESPECT_WRITE && !COMPARE_RAW_WRITE && write && pte_write(pte) != pte_write(first))
			break;
		seen->writable |= pte_write(pte);
		seen->young |= pte_young(pte);
		seen->dirty |= pte_dirty(pte);
		hint = hint_of(ptep + nr, pte);
		expected = pte_advance_pfn(expected, hint);
	}
	return CLAMP_HINT ? min((unsigned long)nr, most) : nr;
}

#if PTECHECK_KERNEL < 617

static int folio_pte_batch(struct folio *folio, unsigned long addr, pte_t *start_ptep, pte_t pte,
			   int max_nr, fpb_t flags, bool *any_writable, bool *any_young,
			   bool *any_dirty)
{
	struct seen seen = { 0 };
	int nr = (int)count(folio, start_ptep, pte, (unsigned long)max_nr, !(flags & FPB_IGNORE_DIRTY),
			    !(flags & FPB_IGNORE_SOFT_DIRTY), false, &seen);

	(void)addr;
	*any_writable = MERGE && seen.writable;
	*any_young = MERGE && seen.young;
	*any_dirty = MERGE && seen.dirty;
	return nr;
}

PTECHECK_FOLIO_PTE_BATCH(folio_pte_batch)

#else

static unsigned int folio_pte_batch_flags(struct folio *folio, struct vm_area_struct *vma,
					  pte_t *ptep, pte_t *ptentp, unsigned int max_nr,
					  fpb_t flags)
{
	struct seen seen = { 0 };
	unsigned int nr = count(folio, ptep, *ptentp, max_nr, flags & FPB_RESPECT_DIRTY,
				flags & FPB_RESPECT_SOFT_DIRTY, flags & FPB_RESPECT_WRITE, &seen);

	if (!MERGE)
		return nr;
	if ((flags & FPB_MERGE_WRITE) && seen.writable && (MERGE_WRITE_AGAIN || !pte_write(*ptentp)))
		*ptentp = pte_mkwrite(*ptentp, vma);
	if ((flags & FPB_MERGE_YOUNG_DIRTY) && seen.young)
		*ptentp = pte_mkyoung(*ptentp);
	if ((flags & FPB_MERGE_YOUNG_DIRTY) && seen.dirty)
		*ptentp = pte_mkdirty(*ptentp);
	return nr;
}

PTECHECK_FOLIO_PTE_BATCH(folio_pte_batch_flags)

#endif
