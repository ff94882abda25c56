/* SPDX-License-Identifier: MIT */
/*
 * What change_pte_range() and zap_present_ptes() use beside what the operations here need: they
 * compile, and end the run where they are called.
 */
#ifndef PTECHECK_PROTECT_H
#define PTECHECK_PROTECT_H

struct mmu_gather {
	struct mm_struct *mm;
	unsigned long start, end;
	unsigned int fullmm : 1, need_flush_all : 1, freed_tables : 1, delayed_rmap : 1;
};

typedef unsigned long zap_flags_t;
struct zap_details {
	struct folio *single_folio;
	bool even_cows;		/* older; newer the opposite, skip_cows */
	bool skip_cows;
	bool reclaim_pt;
	bool reaping;
	zap_flags_t zap_flags;
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
#define can_change_private_pte_writable(vma, addr, pte)	PTECHECK_ELSEWHERE(vma, addr, pte)
#define can_change_pte_writable(vma, addr, pte)		PTECHECK_ELSEWHERE(vma, addr, pte)
#define ptep_modify_prot_start(vma, addr, ptep)		PTECHECK_NO(pte_t, vma, addr, ptep)
#define ptep_modify_prot_commit(vma, addr, ptep, old, new) \
	PTECHECK_NOTHING(vma, addr, ptep, old, new)
#define pte_needs_soft_dirty_wp(vma, pte)		PTECHECK_ELSEWHERE(vma, pte)
#define pte_needs_flush(old, new)			PTECHECK_ELSEWHERE(old, new)
#define userfaultfd_wp_use_markers(vma)			PTECHECK_ELSEWHERE(vma)
#define vma_is_single_threaded_private(vma)		PTECHECK_ELSEWHERE(vma)
#define prot_numa_skip(...)				PTECHECK_ELSEWHERE(__VA_ARGS__)
#define folio_nid(folio)				PTECHECK_NUMBER(folio)
#define numa_node_id()					PTECHECK_NUMBER(0)
#define node_is_toptier(node)				PTECHECK_ELSEWHERE(node)
#define folio_use_access_time(folio)			PTECHECK_ELSEWHERE(folio)
#define folio_xchg_access_time(folio, time)		PTECHECK_NUMBER(folio, time)
#define folio_is_file_lru(folio)			PTECHECK_ELSEWHERE(folio)
#define folio_maybe_dma_pinned(folio)			PTECHECK_ELSEWHERE(folio)
#define folio_maybe_mapped_shared(folio)		PTECHECK_ELSEWHERE(folio)
#define folio_likely_mapped_shared(folio)		PTECHECK_ELSEWHERE(folio)
#define is_cow_mapping(flags)				PTECHECK_ELSEWHERE(flags)
#define atomic_read(counter)				PTECHECK_NUMBER(counter)
#define jiffies						PTECHECK_NUMBER(0)
#define jiffies_to_msecs(time)				((unsigned int)(time))
#define sysctl_numa_balancing_mode			PTECHECK_NUMBER(0)
#define NUMA_BALANCING_NORMAL		1
#define NUMA_NO_NODE			(-1)
#define tlb_gather_mmu_vma(tlb, vma)			PTECHECK_NOTHING(tlb, vma)
#define tlb_finish_mmu(tlb)				PTECHECK_NOTHING(tlb)
#define tlb_change_page_size(tlb, size)			PTECHECK_NOTHING(tlb, size)
#define tlb_flush_pte_range(tlb, addr, size)		PTECHECK_NOTHING(tlb, addr, size)
#define tlb_remove_tlb_entry(tlb, ptep, addr)		PTECHECK_NOTHING(tlb, ptep, addr)
#define tlb_remove_tlb_entries(tlb, ptep, nr, addr)	PTECHECK_NOTHING(tlb, ptep, nr, addr)
#define tlb_delay_rmap(tlb)				PTECHECK_ELSEWHERE(tlb)
#define __tlb_remove_folio_pages(tlb, page, nr, delay)	PTECHECK_ELSEWHERE(tlb, page, nr, delay)
#define uffd_supports_wp_marker()			true
#define arch_check_zapped_pte(vma, pte)			PTECHECK_NOTHING(vma, pte)
#define ksm_might_unmap_zero_page(mm, pte)		PTECHECK_NOTHING(mm, pte)
#define folio_mark_accessed(folio)			PTECHECK_NOTHING(folio)
#define print_bad_pte(vma, addr, pte, page)		PTECHECK_NOTHING(vma, addr, pte, page)

#endif
