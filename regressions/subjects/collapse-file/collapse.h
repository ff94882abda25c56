/* SPDX-License-Identifier: MIT */
/*
 * collapse_pte_mapped_thp() with the loop of its step 2 in batches, and the choices in which
 * the subjects beside it differ. Each is the twin of an implementation or a decision of the
 * checker, under the same name.
 */
#include <ptecheck/ptecheck.h>

#ifndef BATCH
#define BATCH 1			/* else one entry at a time, as up to 6.16 */
#endif
#ifndef CHECK_FIRST
#define CHECK_FIRST 1		/* v2 looks the folio up before it knows that there is a page */
#endif
#ifndef SCAN_AGAIN
#define SCAN_AGAIN 1
#endif
#ifndef RMAP_BATCH
#define RMAP_BATCH 1
#endif
#ifndef COUNT_BATCH
#define COUNT_BATCH 1
#endif
#ifndef CLEAR_ENTRIES
#define CLEAR_ENTRIES 1
#endif
#ifndef CHECK_PMD
#define CHECK_PMD 1
#endif
#ifndef EARLY_PMD_LOCK
#define EARLY_PMD_LOCK 1	/* for private mappings that userfaultfd fills without the folio lock */
#endif
#ifndef FLUSH_AT_ABORT
#define FLUSH_AT_ABORT 1
#endif
#ifndef COUNT_TABLES
#define COUNT_TABLES 1
#endif

struct collapse {
	struct mm_struct *mm;
	struct vm_area_struct *vma;
	unsigned long haddr;
	pmd_t *pmd, seen;
	struct folio *folio;
	pte_t *start;
	spinlock_t *pml, *ptl;		/* held, where not NULL */
	int mapped;			/* cleared, and still counted */
	struct mmu_notifier_range range;
};

/* Step 1: what is mapped must be the folio's pages, each in its place. Nothing is changed. */
static enum scan_result verify(const struct collapse *at)
{
	enum scan_result result = SCAN_SUCCEED;
	unsigned long addr = at->haddr;
	spinlock_t *ptl;
	pte_t *start = pte_offset_map_lock(at->mm, at->pmd, addr, &ptl), pte;

	if (!start)
		return SCAN_FAIL;
	for (int i = 0; i < HPAGE_PMD_NR && result == SCAN_SUCCEED; i++, addr += PAGE_SIZE) {
		pte = ptep_get(start + i);
		if (pte_none(pte))
			continue;
		if (!pte_present(pte))
			result = SCAN_PTE_NON_PRESENT;
		else if (folio_page(at->folio, i) != vm_normal_page(at->vma, addr, pte))
			result = SCAN_FAIL;
	}
	pte_unmap_unlock(start, ptl);
	return result;
}

static int batch_of(struct folio *folio, unsigned long addr, pte_t *ptep, pte_t pte, int most)
{
#if PTECHECK_KERNEL < 617
	return folio_pte_batch(folio, addr, ptep, pte, most, FPB_IGNORE_DIRTY | FPB_IGNORE_SOFT_DIRTY,
			       NULL, NULL, NULL);
#else
	(void)addr;
	return (int)folio_pte_batch(folio, ptep, pte, (unsigned int)most);
#endif
}

/* Step 2: clear the entries and take the mappings back. */
static enum scan_result clear(struct collapse *at)
{
	unsigned long addr = at->haddr;
	pte_t *ptep = at->start, pte;

	for (int i = 0, nr; i < HPAGE_PMD_NR; i += nr, addr += nr * PAGE_SIZE, ptep += nr) {
		struct folio *mapped = at->folio;
		struct page *page;

		nr = 1;
		pte = ptep_get(ptep);
		if (pte_none(pte))
			continue;
		if (!pte_present(pte))
			return SCAN_PTE_NON_PRESENT;
		page = vm_normal_page(at->vma, addr, pte);
		if (!CHECK_FIRST)
			mapped = page_folio(page);
		if (SCAN_AGAIN && folio_page(at->folio, i) != page)
			return SCAN_FAIL;
		nr = BATCH ? batch_of(mapped, addr, ptep, pte, HPAGE_PMD_NR - i) : 1;
		if (!BATCH)
			ptep_clear(at->mm, addr, ptep);
		else if (CLEAR_ENTRIES)
			clear_full_ptes(at->mm, addr, ptep, nr, 0);
		folio_remove_rmap_ptes(at->folio, folio_page(at->folio, i), RMAP_BATCH ? nr : 1, at->vma);
		at->mapped += COUNT_BATCH ? nr : 1;
	}
	return SCAN_SUCCEED;
}

/* Step 3: references and counters of all that was cleared, at once. */
static void adjust(struct collapse *at)
{
	if (at->mapped) {
		folio_ref_sub(at->folio, at->mapped);
		add_mm_counter(at->mm, mm_counter_file(at->folio), -at->mapped);
		at->mapped = 0;
	}
}

static void unlock(struct collapse *at)
{
	if (at->ptl)
		pte_unmap_unlock(at->start, at->ptl);
	if (at->pml)
		spin_unlock(at->pml);
	mmu_notifier_invalidate_range_end(&at->range);
}

/* The same table as is linked now, locked. */
static bool map_again(struct collapse *at)
{
	spinlock_t *ptl;

	at->start = pte_offset_map_rw_nolock(at->mm, at->pmd, at->haddr, &at->seen, &ptl);
	if (!at->start)
		return false;
	spin_lock(ptl);
	at->ptl = ptl;
	return !CHECK_PMD || pmd_same(at->seen, pmdp_get_lockless(at->pmd));
}

/* Step 4: the empty table goes, and what it translated is flushed. */
static enum scan_result remove_table(struct collapse *at, spinlock_t *ptl)
{
	pmd_t table;

	if (!at->pml) {
		at->pml = pmd_lock(at->mm, at->pmd);
		spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
		at->ptl = ptl;
		if (CHECK_PMD && !pmd_same(at->seen, pmdp_get_lockless(at->pmd))) {
			flush_tlb_mm(at->mm);
			unlock(at);
			return SCAN_FAIL;
		}
	}
	table = pmdp_collapse_flush(at->vma, at->haddr, at->pmd);
	pmdp_get_lockless_sync();
	unlock(at);
	if (COUNT_TABLES)
		mm_dec_nr_ptes(at->mm);
	page_table_check_pte_clear_range(at->mm, at->haddr, table);
	pte_free_defer(at->mm, pmd_pgtable(table));
	return SCAN_SUCCEED;
}

/* From the notifier to the freed table. */
static enum scan_result retract(struct collapse *at)
{
	enum scan_result result;
	spinlock_t *ptl;

	mmu_notifier_range_init(&at->range, MMU_NOTIFY_CLEAR, 0, at->mm, at->haddr,
				at->haddr + HPAGE_PMD_SIZE);
	mmu_notifier_invalidate_range_start(&at->range);
	if (EARLY_PMD_LOCK && userfaultfd_armed(at->vma) && !(at->vma->vm_flags & VM_SHARED))
		at->pml = pmd_lock(at->mm, at->pmd);
	result = map_again(at) ? clear(at) : SCAN_FAIL;
	if (result != SCAN_SUCCEED) {
		if (at->mapped && FLUSH_AT_ABORT)
			flush_tlb_mm(at->mm);
		adjust(at);
		unlock(at);
		return result;
	}
	ptl = at->ptl;
	if (!at->pml) {
		spin_unlock(ptl);
		at->ptl = NULL;
	}
	adjust(at);
	return remove_table(at, ptl);
}

static enum scan_result install(struct collapse *at)
{
	struct vm_fault vmf = { .vma = at->vma, .address = at->haddr, .pmd = at->pmd };

#if PTECHECK_KERNEL < 617
	if (do_set_pmd(&vmf, &at->folio->page))
#else
	if (do_set_pmd(&vmf, at->folio, &at->folio->page))
#endif
		return SCAN_FAIL;
	folio_get(at->folio);
	return SCAN_SUCCEED;
}

static enum scan_result with_folio(struct collapse *at, bool install_pmd)
{
	enum scan_result result;

	if (folio_order(at->folio) != HPAGE_PMD_ORDER)
		return SCAN_PAGE_COMPOUND;
	result = find_pmd_or_thp_or_none(at->mm, at->haddr, &at->pmd);
	if (result == SCAN_SUCCEED)
		result = verify(at);
	else if (result == SCAN_PMD_NONE)
		return install_pmd ? install(at) : SCAN_SUCCEED;
	if (result == SCAN_SUCCEED)
		result = retract(at);
	if (result != SCAN_SUCCEED)
		return result;
	return install_pmd ? install(at) : SCAN_SUCCEED;
}

static int collapse(struct mm_struct *mm, unsigned long addr, bool install_pmd)
{
	struct collapse at = { .mm = mm, .haddr = addr & HPAGE_PMD_MASK };
	enum scan_result result;

	mmap_assert_locked(mm);
	at.vma = vma_lookup(mm, at.haddr);
	if (!at.vma || !at.vma->vm_file || !range_in_vma(at.vma, at.haddr, at.haddr + HPAGE_PMD_SIZE))
		return SCAN_VMA_CHECK;
	if (find_pmd_or_thp_or_none(mm, at.haddr, &at.pmd) == SCAN_PMD_MAPPED)
		return SCAN_PMD_MAPPED;
	if (!thp_vma_allowable_order(at.vma, at.vma->vm_flags, TVA_FORCED_COLLAPSE, PMD_ORDER))
		return SCAN_VMA_CHECK;
	if (userfaultfd_wp(at.vma))
		return SCAN_PTE_UFFD;
	at.folio = filemap_lock_folio(at.vma->vm_file->f_mapping, linear_page_index(at.vma, at.haddr));
	if (IS_ERR(at.folio))
		return SCAN_PAGE_NULL;
	result = with_folio(&at, install_pmd);
	folio_unlock(at.folio);
	folio_put(at.folio);
	return result;
}

PTECHECK_COLLAPSE_FILE(collapse)
