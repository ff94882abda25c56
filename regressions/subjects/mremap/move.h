/* SPDX-License-Identifier: MIT */
/*
 * move_ptes() in batches, with the choices in which the subjects beside it differ. Each is
 * the twin of an implementation or a decision of the checker, under the same name.
 */
#include <ptecheck/ptecheck.h>

#ifndef HINT_ONLY
#define HINT_ONLY 0	/* batch only where the architecture hints, as upstream does */
#endif
#ifndef RESPECT_WRITE
#define RESPECT_WRITE 1
#endif
#ifndef CLEAR_UFFD
#define CLEAR_UFFD 1
#endif
#ifndef MARK_SOFT_DIRTY
#define MARK_SOFT_DIRTY 1
#endif
#ifndef CAP_TO_EXTENT
#define CAP_TO_EXTENT 1
#endif
#ifndef FLUSH_PENDING
#define FLUSH_PENDING 1
#endif
#ifndef FLUSH_BEFORE_UNLOCK
#define FLUSH_BEFORE_UNLOCK 1
#endif
#ifndef FLUSH
#define FLUSH 1
#endif
#ifndef LOCK_NEW_PTL
#define LOCK_NEW_PTL 1
#endif
#ifndef TEST_SPECIAL
#define TEST_SPECIAL 1
#endif
#ifndef STORE_AT_ONCE
#define STORE_AT_ONCE 1
#endif
#ifndef SET_ONCE
#define SET_ONCE 1
#endif
#ifndef STAY_AWAKE
#define STAY_AWAKE 1
#endif
#ifndef UNLOCK_ONCE
#define UNLOCK_ONCE 1
#endif
#ifndef FLUSH_AT_END
#define FLUSH_AT_END 1
#endif
#ifndef ADVANCE
#define ADVANCE 1
#endif

static struct folio *folio_of(struct vm_area_struct *vma, unsigned long addr, pte_t pte)
{
	return TEST_SPECIAL ? vm_normal_folio(vma, addr, pte) : page_folio(pte_page(pte));
}

static int batch_of(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, pte_t pte, int most)
{
	struct folio *folio;

	if (!CAP_TO_EXTENT)
		most = 1024;
	if (most == 1 || (HINT_ONLY && pte_batch_hint(ptep, pte) == 1))
		return 1;
	folio = folio_of(vma, addr, pte);
	if (!folio || !folio_test_large(folio))
		return 1;
#if PTECHECK_KERNEL < 617
	return folio_pte_batch(folio, addr, ptep, pte, most,
			       FPB_IGNORE_DIRTY | FPB_IGNORE_SOFT_DIRTY, NULL, NULL, NULL);
#else
	return folio_pte_batch_flags(folio, vma, ptep, &pte, most,
				     RESPECT_WRITE ? FPB_RESPECT_WRITE : 0);
#endif
}

static void take_locks(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		i_mmap_lock_write(vma->vm_file->f_mapping);
	if (vma->anon_vma)
		anon_vma_lock_write(vma->anon_vma);
}

static void drop_locks(struct vm_area_struct *vma)
{
	if (vma->anon_vma)
		anon_vma_unlock_write(vma->anon_vma);
	if (vma->vm_file)
		i_mmap_unlock_write(vma->vm_file->f_mapping);
}

static pte_t mark_moved(pte_t pte)
{
	if (!MARK_SOFT_DIRTY)
		return pte;
	return pte_present(pte) ? pte_mksoft_dirty(pte) : pte_swp_mksoft_dirty(pte);
}

static void set_new(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte, int nr)
{
	if (!STORE_AT_ONCE) {
		for (int i = 0; i < nr; i++)
			set_pte_at(mm, addr + i * PAGE_SIZE, ptep + i, pte_advance_pfn(pte, i));
		return;
	}
	set_ptes(mm, addr, ptep, pte, nr);
	if (!SET_ONCE)
		set_ptes(mm, addr, ptep, pte, nr);
}

static int move_ptes(struct pagetable_move_control *pmc, unsigned long extent, pmd_t *old_pmd,
		     pmd_t *new_pmd)
{
	struct vm_area_struct *vma = pmc->old;
	struct mm_struct *mm = vma->vm_mm;
	unsigned long from = pmc->old_addr, to = pmc->new_addr, end = from + extent;
	bool drop_uffd = CLEAR_UFFD && vma_has_uffd_without_event_remap(vma), flush = false;
	spinlock_t *old_ptl, *new_ptl;
	pte_t *old_ptep, *new_ptep, pte;
	pmd_t unused;
	int nr;

	if (pmc->need_rmap_locks)
		take_locks(vma);
	old_ptep = pte_offset_map_lock(mm, old_pmd, from, &old_ptl);
	new_ptep = pte_offset_map_rw_nolock(mm, new_pmd, to, &unused, &new_ptl);
	if (LOCK_NEW_PTL && new_ptl != old_ptl)
		spin_lock_nested(new_ptl, SINGLE_DEPTH_NESTING);
	if (FLUSH_PENDING)
		flush_tlb_batched_pending(mm);

	for (; from < end; old_ptep += nr, new_ptep += nr, from += nr * PAGE_SIZE,
	     to += nr * PAGE_SIZE) {
		VM_WARN_ON_ONCE(!pte_none(*new_ptep));
		nr = 1;
		pte = ptep_get(old_ptep);
		if (pte_none(pte)) {
			nr = ADVANCE;
			continue;
		}
		if (pte_present(pte)) {
			nr = batch_of(vma, from, old_ptep, pte, (int)((end - from) >> PAGE_SHIFT));
			flush = true;
		}
		pte = get_and_clear_full_ptes(mm, from, old_ptep, nr, 0);
		pte = mark_moved(move_pte(pte, from, to));
		if (drop_uffd && pte_marker_uffd_wp(pte)) {
			pte_clear(mm, to, new_ptep);
		} else {
			if (drop_uffd)
				pte = pte_present(pte) ? pte_clear_uffd_wp(pte) :
							 pte_swp_clear_uffd_wp(pte);
			set_new(mm, to, new_ptep, pte, nr);
		}
		if (!STAY_AWAKE)
			cond_resched();
		if (!FLUSH_AT_END)
			flush_tlb_range(vma, from, from + nr * PAGE_SIZE);
	}

	flush = flush && FLUSH;
	if (flush && FLUSH_BEFORE_UNLOCK)
		flush_tlb_range(vma, end - extent, end);
	if (LOCK_NEW_PTL && new_ptl != old_ptl)
		spin_unlock(new_ptl);
	pte_unmap_unlock(old_ptep - 1, old_ptl);
	if (!UNLOCK_ONCE)
		spin_unlock(old_ptl);
	if (flush && !FLUSH_BEFORE_UNLOCK)
		flush_tlb_range(vma, end - extent, end);
	if (pmc->need_rmap_locks)
		drop_locks(vma);
	return 0;
}

PTECHECK_MREMAP(move_ptes)
