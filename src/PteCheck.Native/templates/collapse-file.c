// SPDX-License-Identifier: MIT
/*
 * A collapse_pte_mapped_thp() for `ptecheck run --subject THIS_FILE`. Put your own in its
 * place, as it stands in mm/khugepaged.c, with the static functions that it calls.
 *
 * It is called once with mmap_lock held for reading: put a huge folio of a file into the place
 * of the page table that maps its pages one by one. The names are those of 7.2; `#define
 * PTECHECK_KERNEL 615` or 617 before the #include, or `--kernel 6.15`, gives those of 6.15 or
 * 6.17.
 */
#include <ptecheck/ptecheck.h>

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

/* Step 2: clear the entries and take the mappings back. */
static enum scan_result clear(struct collapse *at)
{
	unsigned long addr = at->haddr;
	pte_t *ptep = at->start, pte;

	for (int i = 0, nr; i < HPAGE_PMD_NR; i += nr, addr += nr * PAGE_SIZE, ptep += nr) {
		struct page *page;

		nr = 1;
		pte = ptep_get(ptep);
		if (pte_none(pte))
			continue;
		if (!pte_present(pte))
			return SCAN_PTE_NON_PRESENT;
		page = vm_normal_page(at->vma, addr, pte);
		if (folio_page(at->folio, i) != page)
			return SCAN_FAIL;
		nr = (int)folio_pte_batch(at->folio, ptep, pte, (unsigned int)(HPAGE_PMD_NR - i));
		clear_ptes(at->mm, addr, ptep, nr);
		folio_remove_rmap_ptes(at->folio, page, nr, at->vma);
		at->mapped += nr;
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
	return pmd_same(at->seen, pmdp_get_lockless(at->pmd));
}

/* Step 4: the empty table goes, and what it translated is flushed. */
static enum scan_result remove_table(struct collapse *at, spinlock_t *ptl)
{
	pmd_t table;

	if (!at->pml) {
		at->pml = pmd_lock(at->mm, at->pmd);
		spin_lock_nested(ptl, SINGLE_DEPTH_NESTING);
		at->ptl = ptl;
		if (!pmd_same(at->seen, pmdp_get_lockless(at->pmd))) {
			flush_tlb_mm(at->mm);
			unlock(at);
			return SCAN_FAIL;
		}
	}
	table = pmdp_collapse_flush(at->vma, at->haddr, at->pmd);
	pmdp_get_lockless_sync();
	unlock(at);
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
	if (userfaultfd_armed(at->vma) && !(at->vma->vm_flags & VM_SHARED))
		at->pml = pmd_lock(at->mm, at->pmd);
	result = map_again(at) ? clear(at) : SCAN_FAIL;
	if (result != SCAN_SUCCEED) {
		if (at->mapped)
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

	if (do_set_pmd(&vmf, at->folio, &at->folio->page))
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
