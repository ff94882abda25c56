/* SPDX-License-Identifier: MIT */
/* A correct move of one entry at a time, after misbehave() has done what the file is about. */
#include <ptecheck/ptecheck.h>

struct scene {
	struct mm_struct *mm;
	unsigned long addr;
	pte_t *ptep;
	spinlock_t *ptl;
	bool keep;
	bool skip;
};

static void misbehave(struct scene *s);

static pte_t mark_moved(pte_t pte, bool drop_uffd)
{
	if (pte_present(pte))
		return pte_mksoft_dirty(drop_uffd ? pte_clear_uffd(pte) : pte);
	return pte_swp_mksoft_dirty(drop_uffd ? pte_swp_clear_uffd(pte) : pte);
}

static int move_ptes(struct pagetable_move_control *pmc, unsigned long extent, pmd_t *old_pmd,
		     pmd_t *new_pmd)
{
	struct vm_area_struct *vma = pmc->old;
	unsigned long from = pmc->old_addr, to = pmc->new_addr, end = from + extent;
	struct scene s = { .mm = vma->vm_mm, .addr = from };
	bool drop_uffd = vma_has_uffd_without_event_remap(vma);
	pte_t *old_ptep, *new_ptep, pte;
	spinlock_t *new_ptl;
	pmd_t unused;

	if (pmc->need_rmap_locks && vma->vm_file)
		i_mmap_lock_write(vma->vm_file->f_mapping);
	if (pmc->need_rmap_locks)
		anon_vma_lock_write(vma->anon_vma);
	s.ptep = old_ptep = pte_offset_map_lock(s.mm, old_pmd, from, &s.ptl);
	new_ptep = pte_offset_map_rw_nolock(s.mm, new_pmd, to, &unused, &new_ptl);
	if (new_ptl != s.ptl)
		spin_lock_nested(new_ptl, SINGLE_DEPTH_NESTING);
	flush_tlb_batched_pending(s.mm);
	misbehave(&s);
	for (; !s.skip && from < end;
	     old_ptep++, new_ptep++, from += PAGE_SIZE, to += PAGE_SIZE) {
		if (pte_none(ptep_get(old_ptep)))
			continue;
		pte = ptep_get_and_clear(s.mm, from, old_ptep);
		if (drop_uffd && pte_is_uffd_wp_marker(pte))
			pte_clear(s.mm, to, new_ptep);
		else
			set_pte_at(s.mm, to, new_ptep, mark_moved(pte, drop_uffd));
	}
	flush_tlb_range(vma, end - extent, end);
	if (new_ptl != s.ptl)
		spin_unlock(new_ptl);
	if (!s.keep)
		spin_unlock(s.ptl);
	if (pmc->need_rmap_locks)
		anon_vma_unlock_write(vma->anon_vma);
	if (pmc->need_rmap_locks && vma->vm_file)
		i_mmap_unlock_write(vma->vm_file->f_mapping);
	return 0;
}

PTECHECK_MREMAP(move_ptes)
