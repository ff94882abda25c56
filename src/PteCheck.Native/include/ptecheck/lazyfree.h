/* SPDX-License-Identifier: MIT */
/*
 * PTECHECK_LAZYFREE_UNMAP(f): f is try_to_unmap_one() of mm/rmap.c,
 *
 *	bool f(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg);
 *
 * called for each VMA that maps the folio until it says false or no mapping is left. The
 * folio is one after MADV_FREE: other paths of the function compile, and end the run where
 * they are taken (elsewhere.h). The walk from VMA to VMA, the locks of folio and anon_vma, and what
 * reclaim does with the folio afterwards are the model's.
 */
#ifndef PTECHECK_LAZYFREE_H
#define PTECHECK_LAZYFREE_H

ptecheck_inline unsigned long pmd_addr_end(unsigned long addr, unsigned long end)
{
	unsigned long next = (addr + PMD_SIZE) & PMD_MASK;

	return next - 1 < end - 1 ? next : end;
}

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
