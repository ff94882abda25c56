/* SPDX-License-Identifier: MIT */
/*
 * try_to_unmap_one() in batches, as far as a folio after MADV_FREE goes through it, with the
 * choices in which the subjects beside it differ. Each is the twin of an implementation or a
 * decision of the checker, under the same name.
 */
#include <ptecheck/ptecheck.h>

#ifndef BOUND_SCAN
#define BOUND_SCAN 1		/* the batch ends with the page table and the VMA */
#endif
#ifndef ANY_BATCH
#define ANY_BATCH 1		/* else the whole folio or one entry */
#endif
#ifndef RESPECT_WRITE_SOFT_DIRTY
#define RESPECT_WRITE_SOFT_DIRTY 1
#endif
#ifndef RESET_COUNT
#define RESET_COUNT 1
#endif
#ifndef KEEP_SOFT_DIRTY
#define KEEP_SOFT_DIRTY 0	/* gathering dirty does not mark clean pages soft-dirty */
#endif
#ifndef FLUSH_BEFORE_RESTORE
#define FLUSH_BEFORE_RESTORE 0	/* set_ptes() may make a contiguous block */
#endif
#ifndef UNFOLD_FIRST
#define UNFOLD_FIRST 0
#endif
#ifndef KEEP_PINNED
#define KEEP_PINNED 1		/* pages that others hold stay */
#endif
#ifndef KEEP_DIRTY
#define KEEP_DIRTY 1
#endif
#ifndef SWAPBACKED_ALWAYS
#define SWAPBACKED_ALWAYS 0	/* the rule before 6.15 */
#endif
#ifndef RESTORE_BATCH
#define RESTORE_BATCH 1
#endif
#ifndef RMAP_BATCH
#define RMAP_BATCH 1
#endif
#ifndef FLUSH
#define FLUSH 1
#endif
#ifndef NOTIFY
#define NOTIFY 1
#endif
#ifndef REFCOUNT_FIRST
#define REFCOUNT_FIRST 0	/* references are read while others can still take one */
#endif

/* How many entries from pte on are alike. */
static int count_of(struct page_vma_mapped_walk *walk, struct folio *folio, pte_t pte, int most)
{
#if PTECHECK_KERNEL < 617
	fpb_t flags = FPB_IGNORE_DIRTY | (RESPECT_WRITE_SOFT_DIRTY ? 0 : FPB_IGNORE_SOFT_DIRTY);

	return folio_pte_batch(folio, walk->address, walk->pte, pte, most, flags, NULL, NULL, NULL);
#else
	fpb_t flags = RESPECT_WRITE_SOFT_DIRTY ? FPB_RESPECT_WRITE | FPB_RESPECT_SOFT_DIRTY : 0;

	return (int)folio_pte_batch_flags(folio, walk->vma, walk->pte, &pte, (unsigned int)most, flags);
#endif
}

static int batch_of(struct page_vma_mapped_walk *walk, struct folio *folio, pte_t pte)
{
	unsigned long end = pmd_addr_end(walk->address, walk->vma->vm_end);
	int pages = (int)folio_nr_pages(folio);
	int most = BOUND_SCAN ? (int)((end - walk->address) >> PAGE_SHIFT) : pages;

	if (!folio_test_large(folio))
		return 1;
	if (ANY_BATCH)
		return count_of(walk, folio, pte, most);
	return pte_pfn(pte) == folio_pfn(folio) && count_of(walk, folio, pte, most) == pages ? pages : 1;
}

static void flush_batch(struct page_vma_mapped_walk *walk, pte_t pte, int nr, enum ttu_flags flags)
{
	struct mm_struct *mm = walk->vma->vm_mm;
	unsigned long end = walk->address + (unsigned long)nr * PAGE_SIZE;

	if (!FLUSH)
		return;
	if (should_defer_flush(mm, flags))
		set_tlb_ubc_flush_pending(mm, pte, walk->address, end);
	else
		flush_tlb_range(walk->vma, walk->address, end);
}

static bool is_referenced(struct folio *folio)
{
	int references = folio_ref_count(folio);

	return references != 1 + folio_mapcount(folio);
}

static void restore(struct page_vma_mapped_walk *walk, pte_t pte, int nr)
{
	struct mm_struct *mm = walk->vma->vm_mm;

	if (nr > 1 && FLUSH_BEFORE_RESTORE)
		try_to_unmap_flush();
	set_ptes(mm, walk->address, walk->pte, pte, RESTORE_BATCH ? nr : 1);
}

static pte_t clear(struct page_vma_mapped_walk *walk, int nr, pte_t first)
{
	struct mm_struct *mm = walk->vma->vm_mm;
	pte_t pte;

	/* A contiguous block cleared whole leaves translations of the block until the flush. */
	for (int i = 0; UNFOLD_FIRST && i < nr; i++)
		contpte_try_unfold(mm, walk->address, walk->pte + i, first);
	pte = get_and_clear_full_ptes(mm, walk->address, walk->pte, nr, 0);
	return KEEP_SOFT_DIRTY && !pte_soft_dirty(first) ? pte_clear_soft_dirty(pte) : pte;
}

/* What stands at one place of the walk: 1 to go on, 0 at the end, -1 when the folio stays. */
static int unmap_batch(struct page_vma_mapped_walk *walk, struct folio *folio, int *count,
		       enum ttu_flags flags)
{
	struct vm_area_struct *vma = walk->vma;
	pte_t pte = ptep_get(walk->pte);
	bool present = pte_present(pte), referenced = REFCOUNT_FIRST && is_referenced(folio), dirty;
	unsigned long pfn = present ? pte_pfn(pte) : swp_offset(pte_to_swp_entry(pte));
	int nr = RESET_COUNT ? 1 : *count;

	if (present) {
		nr = batch_of(walk, folio, pte);
		pte = clear(walk, nr, pte);
		flush_batch(walk, pte, nr, flags);
		if (pte_dirty(pte))
			folio_mark_dirty(folio);
	} else {
		pte_clear(vma->vm_mm, walk->address, walk->pte);
	}
	*count = nr;

	/* References first: who marks a folio dirty and puts it does so in that order. */
	if (!REFCOUNT_FIRST)
		referenced = is_referenced(folio);
	smp_rmb();
	referenced = referenced && KEEP_PINNED;
	dirty = folio_test_dirty(folio) && KEEP_DIRTY && !(vma->vm_flags & VM_DROPPABLE);
	if (dirty || referenced) {
		restore(walk, pte, nr);
		if (dirty || SWAPBACKED_ALWAYS)
			folio_set_swapbacked(folio);
		return -1;
	}

	add_mm_counter(vma->vm_mm, MM_ANONPAGES, -nr);
	folio_remove_rmap_ptes(folio, folio_page(folio, pfn - folio_pfn(folio)), RMAP_BATCH ? nr : 1, vma);
	folio_put_refs(folio, nr);
	return (ANY_BATCH ? nr == folio_nr_pages(folio) : nr > 1) ? 0 : 1;
}

static bool unmap(struct folio *folio, struct vm_area_struct *vma, unsigned long address, void *arg)
{
	DEFINE_FOLIO_VMA_WALK(walk, folio, vma, address, 0);
	enum ttu_flags flags = (enum ttu_flags)(unsigned long)arg;
	struct mmu_notifier_range range;
	int step = 1, count = 1;

	mmu_notifier_range_init(&range, MMU_NOTIFY_CLEAR, 0, vma->vm_mm, address, vma_address_end(&walk));
	if (NOTIFY)
		mmu_notifier_invalidate_range_start(&range);
	while (step > 0 && page_vma_mapped_walk(&walk)) {
		step = vma->vm_flags & VM_LOCKED ? -1 : unmap_batch(&walk, folio, &count, flags);
		if (step <= 0)
			page_vma_mapped_walk_done(&walk);
	}
	if (NOTIFY)
		mmu_notifier_invalidate_range_end(&range);
	return step >= 0;
}

PTECHECK_LAZYFREE_UNMAP(unmap)
