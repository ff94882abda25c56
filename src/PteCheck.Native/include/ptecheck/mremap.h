/* SPDX-License-Identifier: MIT */
/*
 * PTECHECK_MREMAP(f): f is move_ptes() of mm/mremap.c,
 *
 *	int f(struct pagetable_move_control *pmc, unsigned long extent,
 *	      pmd_t *old_pmd, pmd_t *new_pmd);
 *
 * called once an extent: a stretch within one source and one destination table. What stands
 * around it (mmap_lock, the notifier, the walk from extent to extent, moves of whole tables by
 * their PMD entry) is the model's.
 */
#ifndef PTECHECK_MREMAP_H
#define PTECHECK_MREMAP_H

struct pagetable_move_control {
	struct vm_area_struct *old;
	struct vm_area_struct *new;
	unsigned long old_addr;
	unsigned long old_end;
	unsigned long new_addr;
	unsigned long len_in;
	bool need_rmap_locks;
	bool for_stack;
};

ptecheck_inline bool vma_has_uffd_without_event_remap(struct vm_area_struct *vma)
{
	uint32_t flags = ptecheck_r->vmas[vma->index].flags;

	return (flags & PTECHECK_VMA_FLAGS_UFFD_ANY) &&
	       !(flags & PTECHECK_VMA_FLAGS_UFFD_EVENT_REMAP);
}

#define userfaultfd_rwp(vma) ((void)(vma), false)
#define userfaultfd_wp(vma) (((vma)->vm_flags & VM_UFFD_WP) != 0)

#define PTECHECK_MREMAP(function) \
static void ptecheck_run_mremap(struct ptecheck_run *run) \
{ \
	const struct ptecheck_call *call = &run->image->call; \
	int result; \
	ptecheck_r = run; \
	ptecheck_at(__FILE__, __LINE__); \
	for (uint32_t i = 0; i < run->plan_count; i++) { \
		const struct ptecheck_invocation *extent = &run->plan[i]; \
		do { \
			struct pagetable_move_control control = { \
				.old = &run->vma_structs[call->vma], \
				.new = &run->vma_structs[call->new_vma], \
				.old_addr = (unsigned long)extent->vpn << PAGE_SHIFT, \
				.old_end = (unsigned long)(call->vpn + call->pages) << PAGE_SHIFT, \
				.new_addr = (unsigned long)extent->new_vpn << PAGE_SHIFT, \
				.len_in = (unsigned long)call->pages << PAGE_SHIFT, \
				.need_rmap_locks = call->new_vpn < call->vpn, \
			}; \
			ptecheck_begin(i); \
			result = function(&control, (unsigned long)extent->pages << PAGE_SHIFT, \
					  &run->pmd_structs[extent->table], \
					  &run->pmd_structs[extent->new_table]); \
			ptecheck_end(result, result < 0); \
		} while (result < 0); \
	} \
} \
__attribute__((visibility("default"), used)) \
const struct ptecheck_subject ptecheck_subject = { \
	PTECHECK_LAYOUT, PTECHECK_OPERATION_MREMAP, PTECHECK_KERNEL, ptecheck_run_mremap, \
};

#endif
