/* SPDX-License-Identifier: MIT */
/* move_ptes() one entry at a time, as before the batches: the twin of the reference. */
#include <ptecheck/ptecheck.h>

static int move_ptes(struct pagetable_move_control *pmc, unsigned long extent, pmd_t *old_pmd,
		     pmd_t *new_pmd)
{
	struct vm_area_struct *vma = pmc->old;
	struct mm_struct *mm = vma->vm_mm;
	unsigned long from = pmc->old_addr, to = pmc->new_addr, end = from + extent;
	bool drop_uffd = vma_has_uffd_without_event_remap(vma), flush = false;
	spinlock_t *old_ptl, *new_ptl;
	pte_t *old_ptep, *new_ptep, pte;
	pmd_t unused;

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
	flush_tlb_batched_pending(mm);

	for (; from < end; old_ptep++, new_ptep++, from += PAGE_SIZE, to += PAGE_SIZE) {
		if (pte_none(ptep_get(old_ptep)))
			continue;
		pte = ptep_get_and_clear(mm, from, old_ptep);
		if (pte_present(pte))
			flush = true;
		pte = pte_present(pte) ? pte_mksoft_dirty(pte) : pte_swp_mksoft_dirty(pte);
		if (drop_uffd && pte_is_uffd_wp_marker(pte)) {
			pte_clear(mm, to, new_ptep);
			continue;
		}
		if (drop_uffd)
			pte = pte_present(pte) ? pte_clear_uffd(pte) : pte_swp_clear_uffd(pte);
		set_pte_at(mm, to, new_ptep, pte);
	}

	if (flush)
		flush_tlb_range(vma, end - extent, end);
	if (new_ptl != old_ptl)
		spin_unlock(new_ptl);
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
