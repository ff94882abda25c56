/* SPDX-License-Identifier: MIT */
/*
 * Names that page-table functions use beside what the operations here need: of
 * change_pte_range(), zap_present_ptes() and of paths of
 * try_to_unmap_one() that a folio after MADV_FREE does not take. Questions about values are
 * answered. Whoever calls one of the others ends the run there, and the report says that the
 * model does not have it.
 */
#ifndef PTECHECK_ELSEWHERE_H
#define PTECHECK_ELSEWHERE_H

ptecheck_inline bool ptecheck_unsupported(void)
{
	ptecheck_stop(PTECHECK_STATUS_UNSUPPORTED);
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

#define softleaf_is_migration_write(entry)	(swp_type(entry) == SWP_MIGRATION_WRITE)
#define softleaf_is_migration(entry)		(swp_type(entry) >= SWP_MIGRATION_READ && \
						 swp_type(entry) <= SWP_MIGRATION_WRITE)
#define softleaf_is_device_private_write(entry)	(swp_type(entry) == SWP_DEVICE_WRITE)
#define softleaf_is_marker(entry)		(swp_type(entry) == SWP_PTE_MARKER)
#define softleaf_is_poison_marker(entry) \
	(softleaf_is_marker(entry) && (swp_offset(entry) & PTE_MARKER_POISONED) != 0)
#define softleaf_is_guard_marker(entry) \
	(softleaf_is_marker(entry) && (swp_offset(entry) & PTE_MARKER_GUARD) != 0)
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

#define split_huge_pmd_locked(vma, addr, pmd, ...)	PTECHECK_NOTHING(vma, addr, pmd)
#define unmap_huge_pmd_locked(vma, addr, pmd, folio)	PTECHECK_ELSEWHERE(vma, addr, pmd, folio)
#define folio_dup_swap(folio, page)			PTECHECK_NUMBER(folio, page)
#define folio_put_swap(folio, page)			PTECHECK_NOTHING(folio, page)
#define folio_try_share_anon_rmap_pte(folio, page)	PTECHECK_NUMBER(folio, page)
#define mm_prepare_for_swap_entries(mm)			PTECHECK_NOTHING(mm)
#define swap_duplicate(entry)				PTECHECK_NUMBER(entry)
#define swap_free(entry)				PTECHECK_NOTHING(entry)
#define arch_unmap_one(mm, vma, addr, pte)		PTECHECK_NUMBER(mm, vma, addr, pte)
#define page_swap_entry(page)				PTECHECK_NO(swp_entry_t, page)
#define make_hwpoison_entry(page)			PTECHECK_NO(swp_entry_t, page)

/* Markers are for files. */
#define cond_install_uffd_wp_ptes(vma, addr, ptep, pte, nr) \
	((void)(addr), (void)(ptep), (void)(pte), (void)(nr), \
	 vma_is_anonymous(vma) ? false : PTECHECK_ELSEWHERE(vma))
#define pte_install_uffd_wp_if_needed(vma, addr, ptep, pte) \
	cond_install_uffd_wp_ptes(vma, addr, ptep, pte, 1)

/* ---- change_pte_range(), zap_present_ptes() ---- */

struct mmu_gather {
	struct mm_struct *mm;
	unsigned long start, end;
	unsigned int fullmm : 1, need_flush_all : 1, freed_tables : 1, delayed_rmap : 1;
};

struct zap_details {
	struct folio *single_folio;
	bool even_cows;
	bool reclaim_pt;
	unsigned long zap_flags;
};

#define ZAP_FLAG_DROP_MARKER		1UL
#define ZAP_FLAG_UNMAP			2UL
#define MM_CP_TRY_CHANGE_WRITABLE	(1UL << 0)
#define MM_CP_PROT_NUMA			(1UL << 1)
#define MM_CP_UFFD_WP			(1UL << 2)
#define MM_CP_UFFD_WP_RESOLVE		(1UL << 3)
#define MM_CP_UFFD_WP_ALL		(MM_CP_UFFD_WP | MM_CP_UFFD_WP_RESOLVE)
#define MM_CP_UFFD_RWP			(1UL << 4)
#define MM_CP_UFFD_RWP_RESOLVE		(1UL << 5)
#define MM_CP_UFFD_RWP_ALL		(MM_CP_UFFD_RWP | MM_CP_UFFD_RWP_RESOLVE)
#define PAGE_NONE			PTECHECK_NO(pgprot_t)

#define can_change_shared_pte_writable(vma, pte)	PTECHECK_ELSEWHERE(vma, pte)
#define maybe_change_pte_writable(vma, pte)		PTECHECK_ELSEWHERE(vma, pte)
#define folio_can_map_prot_numa(folio, vma, single)	PTECHECK_ELSEWHERE(folio, vma, single)
#define modify_prot_start_ptes(vma, addr, ptep, nr)	PTECHECK_NO(pte_t, vma, addr, ptep, nr)
#define modify_prot_commit_ptes(vma, addr, ptep, old, new, nr) \
	PTECHECK_NOTHING(vma, addr, ptep, old, new, nr)
#define pte_needs_flush(old, new)			PTECHECK_ELSEWHERE(old, new)
#define userfaultfd_wp_use_markers(vma)			PTECHECK_ELSEWHERE(vma)
#define vma_is_single_threaded_private(vma)		PTECHECK_ELSEWHERE(vma)
#define tlb_change_page_size(tlb, size)			PTECHECK_NOTHING(tlb, size)
#define tlb_flush_pte_range(tlb, addr, size)		PTECHECK_NOTHING(tlb, addr, size)
#define tlb_remove_tlb_entry(tlb, ptep, addr)		PTECHECK_NOTHING(tlb, ptep, addr)
#define tlb_remove_tlb_entries(tlb, ptep, nr, addr)	PTECHECK_NOTHING(tlb, ptep, nr, addr)
#define tlb_delay_rmap(tlb)				PTECHECK_ELSEWHERE(tlb)
#define __tlb_remove_folio_pages(tlb, page, nr, delay)	PTECHECK_ELSEWHERE(tlb, page, nr, delay)
#define arch_check_zapped_pte(vma, pte)			PTECHECK_NOTHING(vma, pte)
#define ksm_might_unmap_zero_page(mm, pte)		PTECHECK_NOTHING(mm, pte)
#define folio_mark_accessed(folio)			PTECHECK_NOTHING(folio)
#define print_bad_pte(vma, addr, pte, page)		PTECHECK_NOTHING(vma, addr, pte, page)

#endif
