// SPDX-License-Identifier: MIT
/*
 * A move_ptes() for `ptecheck run --subject THIS_FILE`. Put your own in its place, as it
 * stands in mm/mremap.c, with the static functions that it calls.
 *
 * It is called once for each stretch that lies in one source and one destination table:
 * move the entries, flush, and return 0. mmap_lock is held, the notifier has been told. The
 * names are those of 7.2; `#define PTECHECK_KERNEL 615` or 617 before the #include, or
 * `--kernel 6.15`, gives those of 6.15 or 6.17.
 */
#include <ptecheck/ptecheck.h>

/* How many entries from ptep on can be moved as one. */
static int batch_of(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, pte_t pte,
		    int most)
{
	struct folio *folio;

	if (most == 1 || pte_batch_hint(ptep, pte) == 1)
		return 1;
	folio = vm_normal_folio(vma, addr, pte);
	if (!folio || !folio_test_large(folio))
		return 1;
	return folio_pte_batch_flags(folio, NULL, ptep, &pte, most, FPB_RESPECT_WRITE);
}

static int move_ptes(struct pagetable_move_control *pmc, unsigned long extent,
		     pmd_t *old_pmd, pmd_t *new_pmd)
{
	struct vm_area_struct *vma = pmc->old;
	struct mm_struct *mm = vma->vm_mm;
	unsigned long from = pmc->old_addr, to = pmc->new_addr, end = from + extent;
	bool drop_uffd = vma_has_uffd_without_event_remap(vma), flush = false;
	spinlock_t *old_ptl, *new_ptl;
	pte_t *old_ptep, *new_ptep, pte;
	pmd_t unused;
	int nr;

	/* The rmap must find each page in the old place or in the new one. */
	if (pmc->need_rmap_locks) {
		if (vma->vm_file)
			i_mmap_lock_write(vma->vm_file->f_mapping);
		if (vma->anon_vma)
			anon_vma_lock_write(vma->anon_vma);
	}
	old_ptep = pte_offset_map_lock(mm, old_pmd, from, &old_ptl);
	new_ptep = pte_offset_map_rw_nolock(mm, new_pmd, to, &unused, &new_ptl);
	if (new_ptl != old_ptl)
		spin_lock_nested(new_ptl, SINGLE_DEPTH_NESTING);
	/* Reclaim may have unmapped pages here and not flushed yet. */
	flush_tlb_batched_pending(mm);

	for (; from < end; old_ptep += nr, new_ptep += nr,
	     from += nr * PAGE_SIZE, to += nr * PAGE_SIZE) {
		nr = 1;
		pte = ptep_get(old_ptep);
		if (pte_none(pte))
			continue;
		if (pte_present(pte)) {
			nr = batch_of(vma, from, old_ptep, pte, (end - from) >> PAGE_SHIFT);
			flush = true;
		}
		pte = get_and_clear_ptes(mm, from, old_ptep, nr);
		/* What has moved counts as written. */
		pte = pte_present(pte) ? pte_mksoft_dirty(pte) : pte_swp_mksoft_dirty(pte);
		if (drop_uffd && pte_is_uffd_wp_marker(pte)) {
			pte_clear(mm, to, new_ptep);
			continue;
		}
		if (drop_uffd)
			pte = pte_present(pte) ? pte_clear_uffd(pte) : pte_swp_clear_uffd(pte);
		set_ptes(mm, to, new_ptep, pte, nr);
	}

	/* Before the locks go: who takes them may free the pages. */
	if (flush)
		flush_tlb_range(vma, end - extent, end);
	if (new_ptl != old_ptl)
		spin_unlock(new_ptl);
	pte_unmap(new_ptep - 1);
	pte_unmap_unlock(old_ptep - 1, old_ptl);
	if (pmc->need_rmap_locks) {
		if (vma->anon_vma)
			anon_vma_unlock_write(vma->anon_vma);
		if (vma->vm_file)
			i_mmap_unlock_write(vma->vm_file->f_mapping);
	}
	return 0;
}

PTECHECK_MREMAP(move_ptes)
