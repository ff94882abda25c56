/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one() of 6.14 for folios after MADV_FREE, one entry at a time. */
#include <ptecheck/ptecheck.h>

static bool drop(struct page_vma_mapped_walk *walk, struct folio *folio, enum ttu_flags flags)
{
	struct vm_area_struct *vma = walk->vma;
	struct mm_struct *mm = vma->vm_mm;
	pte_t pte = ptep_get(walk->pte);
	bool present = pte_present(pte), referenced, dirty;
	unsigned long pfn = present ? pte_pfn(pte) : swp_offset(pte_to_swp_entry(pte));
	int references;

	if (!present) {
		pte_clear(mm, walk->address, walk->pte);
	} else if (should_defer_flush(mm, flags)) {
		pte = ptep_get_and_clear(mm, walk->address, walk->pte);
		set_tlb_ubc_flush_pending(mm, pte, walk->address, walk->address + PAGE_SIZE);
	} else {
		pte = ptep_clear_flush(vma, walk->address, walk->pte);
	}
	if (present && pte_dirty(pte))
		folio_mark_dirty(folio);
	references = folio_ref_count(folio);
	referenced = references != 1 + folio_mapcount(folio);
	dirty = folio_test_dirty(folio) && !(vma->vm_flags & VM_DROPPABLE);
	if (dirty || referenced) {
		set_pte_at(mm, walk->address, walk->pte, pte);
		if (dirty)
			folio_set_swapbacked(folio);
		return false;
	}
	dec_mm_counter(mm, MM_ANONPAGES);
	folio_remove_rmap_pte(folio, folio_page(folio, pfn - folio_pfn(folio)), vma);
	folio_put(folio);
	return true;
}

static bool unmap(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(walk, folio, vma, address, 0);
	struct mmu_notifier_range range;
	bool going = true;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, vma->vm_mm, address, vma_address_end(&walk));
	mmu_notifier_invalidate_range_start(&range);
	while (going && page_vma_mapped_walk(&walk)) {
		going = !(vma->vm_flags & VM_LOCKED) &&
			drop(&walk, folio, (enum ttu_flags)(unsigned long)arg);
		if (!going)
			page_vma_mapped_walk_done(&walk);
	}
	mmu_notifier_invalidate_range_end(&range);
	return going;
}

PTECHECK_LAZYFREE_UNMAP(unmap)
