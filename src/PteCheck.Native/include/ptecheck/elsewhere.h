/* SPDX-License-Identifier: MIT */
/*
 * Names that page-table functions use beside what the operations here need: values, and those of
 * paths of try_to_unmap_one() that a folio after MADV_FREE does not take. Questions about values
 * are answered. Whoever calls one of the others ends the run there, and the report says that the
 * model does not have it.
 */
#ifndef PTECHECK_ELSEWHERE_H
#define PTECHECK_ELSEWHERE_H

ptecheck_inline bool ptecheck_unsupported(void)
{
	ptecheck_stop(PTECHECK_STATUS_UNSUPPORTED);
}
ptecheck_inline void *ptecheck_nowhere(void)
{
	return ptecheck_unsupported() ? &ptecheck_r : NULL;
}
#define PTECHECK_ELSEWHERE(...) (PTECHECK_AT, (void)(0, ##__VA_ARGS__), ptecheck_unsupported())
#define PTECHECK_NOTHING(...)	((void)PTECHECK_ELSEWHERE(__VA_ARGS__))
#define PTECHECK_NUMBER(...)	(PTECHECK_ELSEWHERE(__VA_ARGS__) ? 1 : 0)
#define PTECHECK_NO(type, ...)	(PTECHECK_ELSEWHERE(__VA_ARGS__), (type){ 0 })

/* ---- Values ---- */

#define PageTable(page)			((void)(page), false)
#define virt_addr_valid(address)	((void)(address), false)
#define virt_to_page(address)		((void)(address), &ptecheck_r->pages[0])
#define IS_ERR(pointer)			((unsigned long)(pointer) >= -4095UL)
#define IS_ERR_OR_NULL(pointer)		(!(pointer) || IS_ERR(pointer))
#define PTR_ERR(pointer)		((long)(pointer))
#define ERR_PTR(error)			((void *)(long)(error))
#define EFAULT		14
#define ENOMEM		12
#define EINVAL		22
#define EBUSY		16

#define is_zero_pfn(pfn)		((pfn) == PTECHECK_ZERO_PFN)
#define softleaf_to_pfn(entry)		((unsigned long)swp_offset(entry))
#define swp_offset_pfn(entry)		((unsigned long)swp_offset(entry))

ptecheck_inline struct folio *softleaf_to_folio(swp_entry_t entry)
{
	return pfn_folio((unsigned long)swp_offset(entry));
}

#define pfn_swap_entry_folio(entry)	softleaf_to_folio(entry)
#define pfn_swap_entry_to_page(entry)	pfn_to_page((unsigned long)swp_offset(entry))
#define softleaf_to_page(entry)		pfn_swap_entry_to_page(entry)

#define softleaf_is_migration_write(entry)	(swp_type(entry) == SWP_MIGRATION_WRITE)
#define softleaf_is_migration(entry)		(swp_type(entry) >= SWP_MIGRATION_READ && \
						 swp_type(entry) <= SWP_MIGRATION_WRITE)
#define softleaf_is_device_private_write(entry)	(swp_type(entry) == SWP_DEVICE_WRITE)
#define softleaf_is_marker(entry)		(swp_type(entry) == SWP_PTE_MARKER)
#define softleaf_is_poison_marker(entry) \
	(softleaf_is_marker(entry) && (swp_offset(entry) & PTE_MARKER_POISONED) != 0)
#define softleaf_is_guard_marker(entry) \
	(softleaf_is_marker(entry) && (swp_offset(entry) & PTE_MARKER_GUARD) != 0)
#define is_writable_migration_entry(entry)		softleaf_is_migration_write(entry)
#define is_migration_entry(entry)			softleaf_is_migration(entry)
#define is_writable_device_private_entry(entry)		softleaf_is_device_private_write(entry)
#define is_pte_marker_entry(entry)			softleaf_is_marker(entry)
#define is_poisoned_swp_entry(entry)			softleaf_is_poison_marker(entry)
#define is_guard_swp_entry(entry)			softleaf_is_guard_marker(entry)
#define is_device_exclusive_entry(entry)		(swp_type(entry) == SWP_DEVICE_EXCLUSIVE)
#define is_pfn_swap_entry(entry) \
	(softleaf_is_migration(entry) || \
	 (swp_type(entry) >= SWP_DEVICE_WRITE && swp_type(entry) <= SWP_DEVICE_EXCLUSIVE))
#define make_readable_migration_entry(offset)		swp_entry(SWP_MIGRATION_READ, offset)
#define make_readable_exclusive_migration_entry(offset)	\
	swp_entry(SWP_MIGRATION_READ_EXCLUSIVE, offset)
#define make_writable_migration_entry(offset)		swp_entry(SWP_MIGRATION_WRITE, offset)
#define make_readable_device_private_entry(offset)	swp_entry(SWP_DEVICE_READ, offset)

#define vma_is_anonymous(vma)		((vma)->vm_file == NULL)
#define userfaultfd_protected(vma)	userfaultfd_wp(vma)
#define userfaultfd_pte_wp(vma, pte)	(userfaultfd_wp(vma) && pte_uffd_wp(pte))
#define vma_has_recency(vma)		((void)(vma), true)
#define VMA_SHARED_BIT			3
#define vma_test(vma, bit)		(((vma)->vm_flags & (1UL << (bit))) != 0)

ptecheck_inline bool userfaultfd_armed(struct vm_area_struct *vma)
{
	return (vma->vm_flags & (VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR)) != 0;
}

ptecheck_inline bool range_in_vma(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	return vma != NULL && vma->vm_start <= start && end <= vma->vm_end;
}

#define smp_mb()	__atomic_signal_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()	smp_mb()
#define smp_wmb()	smp_mb()

/* ---- try_to_unmap_one() of other folios ---- */

#define mlock_vma_folio(folio, vma)	((void)(folio), (void)(vma))
#define munlock_vma_folio(folio, vma)	((void)(folio), (void)(vma))
#define mlock_drain_local()		((void)0)
#define pte_unused(pte)			((void)(pte), false)
#define TTU_BATCH_FLAGS			(FPB_RESPECT_WRITE | FPB_RESPECT_SOFT_DIRTY)
/* Asked before it is known whether the folio has one. */
#define page_swap_entry(page)		((void)(page), (swp_entry_t){ 0 })

#define split_huge_pmd_locked(vma, addr, pmd, ...)	PTECHECK_NOTHING(vma, addr, pmd)
#define unmap_huge_pmd_locked(vma, addr, pmd, folio)	PTECHECK_ELSEWHERE(vma, addr, pmd, folio)
#define folio_dup_swap(folio, page)			PTECHECK_NUMBER(folio, page)
#define folio_put_swap(folio, page)			PTECHECK_NOTHING(folio, page)
#define folio_try_share_anon_rmap_pte(folio, page)	PTECHECK_NUMBER(folio, page)
#define mm_prepare_for_swap_entries(mm)			PTECHECK_NOTHING(mm)
#define swap_duplicate(entry)				PTECHECK_NUMBER(entry)
#define swap_free(entry)				PTECHECK_NOTHING(entry)
#define arch_unmap_one(mm, vma, addr, pte)		PTECHECK_NUMBER(mm, vma, addr, pte)
#define make_hwpoison_entry(page)			PTECHECK_NO(swp_entry_t, page)

#define list_empty(list)				PTECHECK_ELSEWHERE(list)
#define list_add(list, head)				PTECHECK_NOTHING(list, head)
#define mmlist_lock					(*(spinlock_t *)ptecheck_nowhere())
#define init_mm						(*(struct mm_struct *)ptecheck_nowhere())

struct hstate { unsigned int order; };
#define hstate_vma(vma)					((struct hstate *)ptecheck_nowhere())
#define huge_page_size(state)				PTECHECK_NUMBER(state)
#define huge_ptep_clear_flush(vma, addr, ptep)		PTECHECK_NO(pte_t, vma, addr, ptep)
#define set_huge_pte_at(mm, addr, ptep, pte, size)	PTECHECK_NOTHING(mm, addr, ptep, pte, size)
#define huge_pmd_unshare(...)				PTECHECK_NUMBER(__VA_ARGS__)
#define huge_pmd_unshare_flush(tlb, vma)		PTECHECK_NOTHING(tlb, vma)
#define hugetlb_vma_trylock_write(vma)			PTECHECK_NUMBER(vma)
#define hugetlb_vma_unlock_write(vma)			PTECHECK_NOTHING(vma)
#define hugetlb_remove_rmap(folio)			PTECHECK_NOTHING(folio)
#define hugetlb_count_sub(pages, mm)			PTECHECK_NOTHING(pages, mm)
#define adjust_range_if_pmd_sharing_possible(vma, start, end) PTECHECK_NOTHING(vma, start, end)

/* Markers are for files. */
#define cond_install_uffd_wp_ptes(vma, addr, ptep, pte, nr) \
	((void)(addr), (void)(ptep), (void)(pte), (void)(nr), \
	 vma_is_anonymous(vma) ? false : PTECHECK_ELSEWHERE(vma))
#define pte_install_uffd_wp_if_needed(vma, addr, ptep, pte) \
	cond_install_uffd_wp_ptes(vma, addr, ptep, pte, 1)

#endif
