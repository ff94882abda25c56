// SPDX-License-Identifier: MIT
/*
 * A try_to_unmap_one() for `ptecheck run --subject THIS_FILE`. Put your own in its place, as
 * it stands in mm/rmap.c, with the static functions that it calls.
 *
 * It is called for each VMA that maps the folio, which is one after MADV_FREE; folio and
 * anon_vma are locked. Return false to end the walk over the VMAs. The names are those of
 * 7.2; `#define PTECHECK_KERNEL 615` or 617 before the #include, or `--kernel 6.15`, gives
 * those of 6.15 or 6.17.
 */
#include <ptecheck/ptecheck.h>

/* How many entries from pvmw->pte on can be unmapped as one. */
static unsigned int batch_of(struct page_vma_mapped_walk *pvmw, struct folio *folio, pte_t pte)
{
	unsigned long end = pmd_addr_end(pvmw->address, pvmw->vma->vm_end);

	if (!folio_test_large(folio))
		return 1;
	/* Not beyond the page table, nor the VMA. */
	return folio_pte_batch_flags(folio, pvmw->vma, pvmw->pte, &pte,
				     (unsigned int)((end - pvmw->address) >> PAGE_SHIFT),
				     FPB_RESPECT_WRITE | FPB_RESPECT_SOFT_DIRTY);
}

static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
			     unsigned long address, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
	enum ttu_flags flags = (enum ttu_flags)(long)arg;
	struct mm_struct *mm = vma->vm_mm;
	struct mmu_notifier_range range;
	unsigned long end, pfn, nr;
	bool going = true, keep, clean;
	int references;
	pte_t pte;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, mm, address, vma_address_end(&pvmw));
	mmu_notifier_invalidate_range_start(&range);
	while (going && page_vma_mapped_walk(&pvmw)) {
		if (vma->vm_flags & VM_LOCKED) {
			going = false;
			break;
		}
		nr = 1;
		pte = ptep_get(pvmw.pte);
		if (pte_present(pte)) {
			pfn = pte_pfn(pte);
			nr = batch_of(&pvmw, folio, pte);
			end = pvmw.address + nr * PAGE_SIZE;
			/* A contiguous block cleared whole leaves translations of the block. */
			for (unsigned long i = 0; i < nr; i++)
				contpte_try_unfold(mm, pvmw.address, pvmw.pte + i, pte);
			/* Gathering dirty makes it soft-dirty, and nobody may have written. */
			clean = !pte_soft_dirty(pte);
			pte = get_and_clear_ptes(mm, pvmw.address, pvmw.pte, nr);
			if (clean)
				pte = pte_clear_soft_dirty(pte);
			/* Now, or all together before the folio is freed. */
			if (should_defer_flush(mm, flags))
				set_tlb_ubc_flush_pending(mm, pte, pvmw.address, end);
			else
				flush_tlb_range(vma, pvmw.address, end);
			if (pte_dirty(pte))
				folio_mark_dirty(folio);
		} else {
			/* A device-exclusive entry: one at a time. */
			pfn = swp_offset(pte_to_swp_entry(pte));
			pte_clear(mm, pvmw.address, pvmw.pte);
		}

		/* GUP-fast takes a reference and looks at the entry again: after the clear, count. */
		smp_mb();
		references = folio_ref_count(folio);
		keep = references != 1 + folio_mapcount(folio);
		smp_rmb();
		if (folio_test_dirty(folio) && !(vma->vm_flags & VM_DROPPABLE)) {
			folio_set_swapbacked(folio);
			keep = true;
		}
		if (keep) {
			/* set_ptes() may make a contiguous block where translations wait for a flush. */
			if (nr > 1)
				try_to_unmap_flush();
			set_ptes(mm, pvmw.address, pvmw.pte, pte, nr);
			going = false;
			break;
		}
		add_mm_counter(mm, MM_ANONPAGES, -(long)nr);
		folio_remove_rmap_ptes(folio, folio_page(folio, pfn - folio_pfn(folio)), nr, vma);
		folio_put_refs(folio, nr);
		if (nr == (unsigned long)folio_nr_pages(folio))
			break;
	}
	page_vma_mapped_walk_done(&pvmw);
	mmu_notifier_invalidate_range_end(&range);
	return going;
}

PTECHECK_LAZYFREE_UNMAP(try_to_unmap_one)
