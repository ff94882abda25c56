/* SPDX-License-Identifier: MIT */
/*
 * PTECHECK_MREMAP(f): f is move_ptes() of mm/mremap.c,
 *
 *	int f(struct pagetable_move_control *pmc, unsigned long extent,
 *	      pmd_t *old_pmd, pmd_t *new_pmd);
 *
 * called once an extent: a stretch within one source and one destination table. What stands
 * around it (mmap_lock, the notifier, the walk from extent to extent) is the model's.
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

/* The table that translates a page; a case has one wherever it has a VMA. */
ptecheck_inline pmd_t *ptecheck_find_pmd(uint32_t mm, uint32_t vpn)
{
	for (uint32_t i = 0; i < ptecheck_r->image->table_count; i++)
		if (ptecheck_r->tables[i].mm == mm &&
		    ptecheck_r->tables[i].base_vpn == (vpn & ~(ptecheck_r->image->slots - 1)))
			return &ptecheck_r->pmd_structs[i];
	ptecheck_stop(PTECHECK_STATUS_UNSUPPORTED);
}

#define PTECHECK_MREMAP(function) \
static void ptecheck_run_mremap(struct ptecheck_run *run) \
{ \
	const struct ptecheck_call *call = &run->image->call; \
	uint32_t slots = run->image->slots; \
	ptecheck_r = run; \
	ptecheck_at(__FILE__, __LINE__); \
	for (uint32_t done = 0, pages; done < call->pages; done += pages) { \
		uint32_t old_vpn = call->vpn + done, new_vpn = call->new_vpn + done; \
		struct ptecheck_record *record; \
		int result; \
		pages = min(call->pages - done, min(slots - (old_vpn & (slots - 1)), \
						    slots - (new_vpn & (slots - 1)))); \
		do { \
			struct pagetable_move_control control = { \
				.old = &run->vma_structs[call->vma], \
				.new = &run->vma_structs[call->new_vma], \
				.old_addr = (unsigned long)old_vpn << PAGE_SHIFT, \
				.old_end = (unsigned long)(call->vpn + call->pages) << PAGE_SHIFT, \
				.new_addr = (unsigned long)new_vpn << PAGE_SHIFT, \
				.len_in = (unsigned long)call->pages << PAGE_SHIFT, \
				.need_rmap_locks = call->new_vpn < call->vpn, \
			}; \
			run->maps = 0; \
			record = ptecheck_record(PTECHECK_OP_MOVE_BEGIN, -1, 0, (int32_t)pages, \
						 old_vpn, new_vpn); \
			ptecheck_done(record, 0); \
			result = function(&control, (unsigned long)pages << PAGE_SHIFT, \
					  ptecheck_find_pmd((uint32_t)call->mm, old_vpn), \
					  ptecheck_find_pmd((uint32_t)call->mm, new_vpn)); \
			record = ptecheck_record(PTECHECK_OP_MOVE_END, -1, 0, 0, 0, 0); \
			ptecheck_done(record, (uint64_t)(int64_t)result); \
		} while (result < 0); \
	} \
} \
__attribute__((visibility("default"), used)) \
const struct ptecheck_subject ptecheck_subject = { \
	PTECHECK_LAYOUT, PTECHECK_OPERATION_MREMAP, PTECHECK_KERNEL, ptecheck_run_mremap, \
};

#endif
