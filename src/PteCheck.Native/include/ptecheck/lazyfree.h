/* SPDX-License-Identifier: MIT */
/*
 * PTECHECK_LAZYFREE_UNMAP(f): f is try_to_unmap_one() of mm/rmap.c,
 *
 *	bool f(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg);
 *
 * called for each VMA that maps the folio until it says false or no mapping is left. The
 * folio is one after MADV_FREE: other paths of the function compile, and end the run where
 * they are taken. The walk from VMA to VMA, the locks of folio and anon_vma, and what
 * reclaim does with the folio afterwards are the model's.
 */
#ifndef PTECHECK_LAZYFREE_H
#define PTECHECK_LAZYFREE_H

#define smp_mb()	__atomic_signal_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()	smp_mb()
#define smp_wmb()	smp_mb()

#define mlock_vma_folio(folio, vma) ((void)(folio), (void)(vma))
#define munlock_vma_folio(folio, vma) ((void)(folio), (void)(vma))
#define mlock_drain_local() ((void)0)

ptecheck_inline unsigned long pmd_addr_end(unsigned long addr, unsigned long end)
{
	unsigned long next = (addr + PMD_SIZE) & PMD_MASK;

	return next - 1 < end - 1 ? next : end;
}

/* Paths that a folio after MADV_FREE does not take, of hugetlb, swap, poison, huge PMDs. */
ptecheck_inline bool ptecheck_unsupported(void)
{
	ptecheck_stop(PTECHECK_STATUS_UNSUPPORTED);
}
#define PTECHECK_ELSEWHERE(...) (PTECHECK_AT, (void)(0, ##__VA_ARGS__), ptecheck_unsupported())

#define split_huge_pmd_locked(vma, addr, pmd, ...) ((void)PTECHECK_ELSEWHERE(vma, addr, pmd))
#define unmap_huge_pmd_locked(vma, addr, pmd, folio) PTECHECK_ELSEWHERE(vma, addr, pmd, folio)
#define folio_dup_swap(folio, page) (PTECHECK_ELSEWHERE(folio, page) ? 0 : -EAGAIN)
#define folio_put_swap(folio, page) ((void)PTECHECK_ELSEWHERE(folio, page))
#define folio_try_share_anon_rmap_pte(folio, page) (PTECHECK_ELSEWHERE(folio, page) ? 0 : -EAGAIN)
#define mm_prepare_for_swap_entries(mm) ((void)PTECHECK_ELSEWHERE(mm))
#define swap_duplicate(entry) (PTECHECK_ELSEWHERE(entry) ? 0 : -EAGAIN)
#define swap_free(entry) ((void)PTECHECK_ELSEWHERE(entry))
#define arch_unmap_one(mm, vma, addr, pte) (PTECHECK_ELSEWHERE(mm, vma, addr, pte) ? 0 : -EAGAIN)
#define page_swap_entry(page) (PTECHECK_ELSEWHERE(page), (swp_entry_t){ 0 })
#define make_hwpoison_entry(page) (PTECHECK_ELSEWHERE(page), (swp_entry_t){ 0 })
#define pte_unused(pte) ((void)(pte), false)

/* Markers are for files. */
#define cond_install_uffd_wp_ptes(vma, addr, ptep, pte, nr) \
	((void)(addr), (void)(ptep), (void)(pte), (void)(nr), \
	 ptecheck_marker_or_none((vma)->vm_file == NULL))
#define pte_install_uffd_wp_if_needed(vma, addr, ptep, pte) \
	cond_install_uffd_wp_ptes(vma, addr, ptep, pte, 1)

ptecheck_inline bool ptecheck_marker_or_none(bool anon)
{
	return anon ? false : ptecheck_unsupported();
}

ptecheck_inline bool userfaultfd_armed(struct vm_area_struct *vma)
{
	return (vma->vm_flags & (VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR)) != 0;
}

#define userfaultfd_protected(vma) userfaultfd_wp(vma)
#define vma_is_anonymous(vma) ((vma)->vm_file == NULL)

#define PTECHECK_LAZYFREE_UNMAP(function) \
static void ptecheck_run_lazyfree_unmap(struct ptecheck_run *run) \
{ \
	const struct ptecheck_call *call = &run->image->call; \
	struct ptecheck_folio *owner = &run->folios[call->folio]; \
	unsigned long flags = call->deferred ? TTU_BATCH_FLUSH : 0; \
	ptecheck_r = run; \
	ptecheck_at(__FILE__, __LINE__); \
	for (uint32_t i = 0; i < run->plan_count; i++) { \
		const struct ptecheck_invocation *at = &run->plan[i]; \
		bool more; \
		ptecheck_begin(i); \
		more = function(ptecheck_folio_at(call->folio), &run->vma_structs[at->vma], \
				(unsigned long)at->vpn << PAGE_SHIFT, (void *)flags); \
		ptecheck_end(more, false); \
		ptecheck_patch(); \
		if (i + 1 >= run->plan_known && (!more || owner->mapcount <= 0)) \
			break; \
	} \
} \
__attribute__((visibility("default"), used)) \
const struct ptecheck_subject ptecheck_subject = { \
	PTECHECK_LAYOUT, PTECHECK_OPERATION_LAZYFREE_UNMAP, PTECHECK_KERNEL, \
	ptecheck_run_lazyfree_unmap, \
};

#endif
