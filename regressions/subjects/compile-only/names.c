/* SPDX-License-Identifier: MIT */
/*
 * Nothing to judge: calls of the names that change_pte_range(), zap_present_ptes(),
 * collapse_pte_mapped_thp() and try_to_unmap_one() use beside those of the operations here,
 * with arguments of the kernel's types, so that functions which use them compile.
 */
#include <ptecheck/ptecheck.h>

long protect(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
	     pgprot_t newprot, unsigned long flags);
long protect(struct mmu_gather *tlb, struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr,
	     pgprot_t newprot, unsigned long flags)
{
	spinlock_t *ptl;
	pte_t *pte = pte_offset_map_lock(vma->vm_mm, pmd, addr, &ptl);
	pte_t old = modify_prot_start_ptes(vma, addr, pte, 1), new = pte_modify(old, newprot);
	softleaf_t entry = softleaf_from_pte(old);
	struct folio *folio = vm_normal_folio(vma, addr, old);
	long pages = 0;

	tlb_change_page_size(tlb, PAGE_SIZE);
	lazy_mmu_mode_enable();
	if ((flags & MM_CP_PROT_NUMA) && !folio_can_map_prot_numa(folio, vma, vma_is_single_threaded_private(vma)))
		pages++;
	if (flags & (MM_CP_UFFD_WP | MM_CP_UFFD_RWP))
		new = pte_mkuffd(new);
	else if (flags & (MM_CP_UFFD_WP_RESOLVE | MM_CP_UFFD_RWP_RESOLVE))
		new = pte_clear_uffd(new);
	if ((flags & MM_CP_TRY_CHANGE_WRITABLE) && !pte_write(new) &&
	    (vma_test(vma, VMA_SHARED_BIT) ? can_change_shared_pte_writable(vma, new) :
					     maybe_change_pte_writable(vma, new)))
		new = pte_mkwrite(new, vma);
	modify_prot_commit_ptes(vma, addr, pte, old, new, 1);
	if (pte_needs_flush(old, new))
		tlb_flush_pte_range(tlb, addr, PAGE_SIZE);
	if (softleaf_is_migration_write(entry))
		entry = folio_test_anon(softleaf_to_folio(entry)) ?
			make_readable_exclusive_migration_entry(swp_offset(entry)) :
			make_readable_migration_entry(swp_offset(entry));
	else if (softleaf_is_device_private_write(entry))
		entry = make_readable_device_private_entry(swp_offset(entry));
	else if (softleaf_is_marker(entry) &&
		 (softleaf_is_poison_marker(entry) || softleaf_is_guard_marker(entry)))
		pages++;
	else if (userfaultfd_wp_use_markers(vma))
		set_pte_at(vma->vm_mm, addr, pte, make_pte_marker(PTE_MARKER_UFFD_WP));
	set_pte_at(vma->vm_mm, addr, pte, swp_entry_to_pte(entry));
	lazy_mmu_mode_disable();
	pte_unmap_unlock(pte, ptl);
	return pages + (pgprot_val(PAGE_NONE) != 0);
}

bool zap(struct mmu_gather *tlb, struct vm_area_struct *vma, struct folio *folio, struct page *page,
	 pte_t *pte, pte_t ptent, unsigned int nr, unsigned long addr, struct zap_details *details);
bool zap(struct mmu_gather *tlb, struct vm_area_struct *vma, struct folio *folio, struct page *page,
	 pte_t *pte, pte_t ptent, unsigned int nr, unsigned long addr, struct zap_details *details)
{
	bool delay = tlb_delay_rmap(tlb);

	if (vma_is_anonymous(vma))
		ksm_might_unmap_zero_page(tlb->mm, ptent);
	arch_check_zapped_pte(vma, ptent);
	tlb_remove_tlb_entries(tlb, pte, nr, addr);
	tlb_remove_tlb_entry(tlb, pte, addr);
	if (userfaultfd_pte_wp(vma, ptent) && !(details->zap_flags & ZAP_FLAG_DROP_MARKER))
		pte_install_uffd_wp_if_needed(vma, addr, pte, ptent);
	if (pte_young(ptent) && likely(vma_has_recency(vma)))
		folio_mark_accessed(folio);
	if (unlikely(folio_mapcount(folio) < 0))
		print_bad_pte(vma, addr, ptent, page);
	return __tlb_remove_folio_pages(tlb, page, nr, delay);
}

int collapse(struct mm_struct *mm, unsigned long addr, bool install_pmd);
int collapse(struct mm_struct *mm, unsigned long addr, bool install_pmd)
{
	unsigned long haddr = addr & HPAGE_PMD_MASK;
	struct vm_area_struct *vma = vma_lookup(mm, haddr);
	struct vm_fault vmf = { .vma = vma, .address = haddr };
	enum scan_result result = SCAN_FAIL;
	struct folio *folio;
	pmd_t *pmd, value;
	spinlock_t *pml;

	mmap_assert_locked(mm);
	if (!vma || !vma->vm_file || !range_in_vma(vma, haddr, haddr + HPAGE_PMD_SIZE) ||
	    userfaultfd_protected(vma) ||
	    !thp_vma_allowable_order(vma, vma->vm_flags, TVA_FORCED_COLLAPSE, PMD_ORDER))
		return SCAN_VMA_CHECK;
	folio = filemap_lock_folio(vma->vm_file->f_mapping, linear_page_index(vma, haddr));
	if (IS_ERR(folio) || !is_pmd_order(folio_order(folio)))
		return SCAN_PAGE_COMPOUND;
	result = find_pmd_or_thp_or_none(mm, haddr, &pmd);
	pml = pmd_lock(mm, pmd);
	value = pmdp_get_lockless(pmd);
	if (pmd_same(value, *pmd))
		value = pmdp_collapse_flush(vma, haddr, pmd);
	pmdp_get_lockless_sync();
	spin_unlock(pml);
	mm_dec_nr_ptes(mm);
	page_table_check_pte_clear_range(mm, haddr, value);
	pte_free_defer(mm, pmd_pgtable(value));
	vmf.pmd = pmd_alloc(mm, pud_alloc(mm, p4d_alloc(mm, pgd_offset(mm, haddr), haddr), haddr), haddr);
	if (install_pmd && do_set_pmd(&vmf, folio, &folio->page))
		result = SCAN_FAIL;
	folio_unlock(folio);
	folio_put(folio);
	return (int)result;
}

static int nothing(struct pagetable_move_control *pmc, unsigned long extent, pmd_t *old_pmd,
		   pmd_t *new_pmd)
{
	return pmc && extent && old_pmd && new_pmd ? 0 : -EAGAIN;
}

PTECHECK_MREMAP(nothing)
