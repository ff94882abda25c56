/* SPDX-License-Identifier: MIT */
/* Invalidations are complete everywhere when they return. Lazy MMU mode batches nothing here. */
#ifndef PTECHECK_TLB_H
#define PTECHECK_TLB_H

ptecheck_inline void ptecheck_flush(uint16_t op, uint32_t mm, uint64_t vpn, uint64_t pages)
{
	struct ptecheck_record *record =
		ptecheck_record(op, (int32_t)mm, 0, (int32_t)pages, vpn, 0);

	ptecheck_event();
	ptecheck_done(record, 0);
}
#define flush_tlb_range(vma, start, end) (PTECHECK_AT, \
	ptecheck_flush(PTECHECK_OP_FLUSH_TLB_RANGE, (vma)->vm_mm->index, PTECHECK_VPN(start), \
		       PTECHECK_VPN((end) - (start) + PAGE_SIZE - 1)))
#define flush_tlb_page(vma, addr) flush_tlb_range(vma, addr, (addr) + PAGE_SIZE)
#define flush_tlb_mm(mm) \
	(PTECHECK_AT, ptecheck_flush(PTECHECK_OP_FLUSH_TLB_MM, (mm)->index, 0, 0))
#define flush_cache_range(vma, start, end) ((void)(vma), (void)(start), (void)(end))

/* Flushes when reclaim has unmapped pages of this mm and put the flush off. */
ptecheck_inline void ptecheck_flush_batched_pending(struct mm_struct *mm)
{
	struct ptecheck_mm *owner = &ptecheck_r->mms[mm->index];
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_FLUSH_TLB_BATCHED_PENDING, (int32_t)mm->index, 0, 0, 0, 0);
	uint32_t batch, pending;

	ptecheck_event();
	batch = owner->tlb_flush_batched;
	pending = batch & 0x7fff;
	if (pending != batch >> 16) {
		ptecheck_event();
		if (owner->tlb_flush_batched == batch)
			owner->tlb_flush_batched = pending | pending << 16;
	}
	ptecheck_done(record, owner->tlb_flush_batched);
}
#define flush_tlb_batched_pending(mm) (PTECHECK_AT, ptecheck_flush_batched_pending(mm))

#define arch_enter_lazy_mmu_mode() ((void)0)
#define arch_leave_lazy_mmu_mode() ((void)0)
#define arch_flush_lazy_mmu_mode() ((void)0)
#define lazy_mmu_mode_enable() ((void)0)
#define lazy_mmu_mode_disable() ((void)0)
#define lazy_mmu_mode_pause() ((void)0)
#define lazy_mmu_mode_resume() ((void)0)

#endif
