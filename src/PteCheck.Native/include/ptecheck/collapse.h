/* SPDX-License-Identifier: MIT */
/*
 * PTECHECK_COLLAPSE_FILE(f): f is collapse_pte_mapped_thp() of mm/khugepaged.c, newer
 * try_collapse_pte_mapped_thp(),
 *
 *	int f(struct mm_struct *mm, unsigned long addr, bool install_pmd);
 *
 * called once with mmap_lock held for reading.
 */
#ifndef PTECHECK_COLLAPSE_H
#define PTECHECK_COLLAPSE_H

typedef pmd_t pgd_t;	/* levels that are all one */
typedef pmd_t p4d_t;
typedef pmd_t pud_t;
typedef struct page *pgtable_t;
typedef unsigned int vm_fault_t;
typedef unsigned long pgoff_t;

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long address;
	unsigned int flags;
	pmd_t *pmd;
};

#define PMD_ORDER		((unsigned int)__builtin_ctz(PTRS_PER_PTE))
#define HPAGE_PMD_ORDER		PMD_ORDER
#define HPAGE_PMD_NR		((int)PTRS_PER_PTE)
#define HPAGE_PMD_SIZE		PMD_SIZE
#define HPAGE_PMD_MASK		PMD_MASK
#define TVA_FORCED_COLLAPSE	3
#define TVA_ENFORCE_SYSFS	4

#define is_pmd_order(order)				((order) == PMD_ORDER)
#define VM_FAULT_FALLBACK	0x800u

enum scan_result {
	SCAN_FAIL = PTECHECK_SCAN_RESULT_FAIL,
	SCAN_SUCCEED = PTECHECK_SCAN_RESULT_SUCCEED,
	SCAN_NO_PTE_TABLE = PTECHECK_SCAN_RESULT_NO_PTE_TABLE,
	SCAN_PMD_NONE = SCAN_NO_PTE_TABLE,
	SCAN_PMD_NULL = 1000,	/* older: no table of PMD entries either; the model tells one from the other nowhere else */
	SCAN_PMD_MAPPED = PTECHECK_SCAN_RESULT_PMD_MAPPED,
	SCAN_PTE_NON_PRESENT = PTECHECK_SCAN_RESULT_PTE_NON_PRESENT,
	SCAN_PTE_UFFD = PTECHECK_SCAN_RESULT_PTE_UFFD,
	SCAN_PTE_UFFD_WP = SCAN_PTE_UFFD,
	SCAN_PTE_MAPPED_HUGEPAGE = PTECHECK_SCAN_RESULT_PTE_MAPPED_HUGEPAGE,
	SCAN_PAGE_NULL = PTECHECK_SCAN_RESULT_PAGE_NULL,
	SCAN_PAGE_COUNT = PTECHECK_SCAN_RESULT_PAGE_COUNT,
	SCAN_PAGE_LOCK = PTECHECK_SCAN_RESULT_PAGE_LOCK,
	SCAN_PAGE_ANON = PTECHECK_SCAN_RESULT_PAGE_ANON,
	SCAN_PAGE_COMPOUND = PTECHECK_SCAN_RESULT_PAGE_COMPOUND,
	SCAN_VMA_NULL = PTECHECK_SCAN_RESULT_VMA_NULL,
	SCAN_VMA_CHECK = PTECHECK_SCAN_RESULT_VMA_CHECK,
	SCAN_ADDRESS_RANGE = PTECHECK_SCAN_RESULT_ADDRESS_RANGE,
	SCAN_TRUNCATED = PTECHECK_SCAN_RESULT_TRUNCATED,
};

#define mmap_assert_locked(mm)		((void)(mm))
#define mmap_assert_write_locked(mm)	((void)(mm))
#define is_pmd_order(order)		((order) == PMD_ORDER)
#define page_table_check_pte_clear_range(mm, addr, pmd) ((void)(mm), (void)(addr), (void)(pmd))

ptecheck_inline unsigned long linear_page_index(struct vm_area_struct *vma, unsigned long addr)
{
	return (addr - vma->vm_start) >> PAGE_SHIFT;
}

ptecheck_inline struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	for (uint32_t i = 0; i < ptecheck_r->image->vma_count; i++)
		if (ptecheck_r->vmas[i].mm == mm->index &&
		    PTECHECK_VPN(addr) - ptecheck_r->vmas[i].start < ptecheck_r->vmas[i].pages)
			return &ptecheck_r->vma_structs[i];
	return NULL;
}

/* Whether the file lies so that a PMD entry can map it here. */
#define thp_vma_allowable_order(vma, flags, tva, order) \
	((void)(vma), (void)(flags), (void)(tva), (void)(order), \
	 (bool)ptecheck_r->image->call.file_aligned)
#define hugepage_vma_check(vma, flags, ...) ((bool)ptecheck_r->image->call.file_aligned)

ptecheck_inline pmd_t *ptecheck_find_slot(struct mm_struct *mm, unsigned long addr)
{
	for (uint32_t i = 0; i < ptecheck_r->image->pmd_count; i++)
		if (ptecheck_r->pmds[i].mm == mm->index &&
		    ptecheck_r->pmds[i].base_vpn == (PTECHECK_VPN(addr) & ~(uint64_t)(PTRS_PER_PTE - 1)))
			return &ptecheck_r->pmd_slots[i];
	return NULL;
}
#define pgd_offset(mm, addr)		((pgd_t *)ptecheck_find_slot(mm, addr))
#define p4d_alloc(mm, pgd, addr)	((void)(mm), (void)(addr), (p4d_t *)(pgd))
#define pud_alloc(mm, p4d, addr)	((void)(mm), (void)(addr), (pud_t *)(p4d))
#define pmd_alloc(mm, pud, addr)	((void)(mm), (void)(addr), (pmd_t *)(pud))
#define mm_find_pmd(mm, addr)		ptecheck_find_slot(mm, addr)

ptecheck_inline enum scan_result ptecheck_find_pmd(struct mm_struct *mm, unsigned long addr, pmd_t **pmd)
{
	pmd_t value;

	*pmd = ptecheck_find_slot(mm, addr);
	if (*pmd == NULL)
		return PTECHECK_KERNEL < 702 ? SCAN_PMD_NULL : SCAN_NO_PTE_TABLE;
	value = ptecheck_pmdp_get(*pmd);
	return pmd_none(value) ? SCAN_NO_PTE_TABLE :
	       value.pmd == PTECHECK_LEAF ? SCAN_PMD_MAPPED : SCAN_SUCCEED;
}
#define find_pmd_or_thp_or_none(mm, addr, pmd) (PTECHECK_AT, ptecheck_find_pmd(mm, addr, pmd))

/* What the page cache has at the address of the call, with a reference and locked. */
ptecheck_inline struct folio *ptecheck_lock_cached(void)
{
	int32_t index = ptecheck_r->image->call.folio;
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_FILEMAP_LOCK_FOLIO, index, 0, 0, 0, 0);
	struct ptecheck_folio *folio = &ptecheck_r->folios[index < 0 ? 0 : index];
	uint8_t gone = PTECHECK_FOLIO_FLAGS_TRUNCATED | PTECHECK_FOLIO_FLAGS_FREED;

	if (index < 0 || (folio->flags & gone) != 0) {
		ptecheck_done(record, 0);
		return (struct folio *)-2L;
	}
	ptecheck_event();
	folio->ref_count++;
	folio->extra_refs++;
	ptecheck_event();
	ptecheck_event();
	folio->flags |= PTECHECK_FOLIO_FLAGS_LOCKED;
	if ((folio->flags & gone) == 0) {
		ptecheck_done(record, 1);
		return ptecheck_folio_at(index);
	}
	ptecheck_event();
	folio->flags &= (uint8_t)~PTECHECK_FOLIO_FLAGS_LOCKED;
	folio->extra_refs--;
	ptecheck_event();
	folio->ref_count--;
	if (folio->ref_count == 0)
		ptecheck_event();
	ptecheck_done(record, 0);
	return (struct folio *)-2L;
}
#define filemap_lock_folio(mapping, index) \
	(PTECHECK_AT, (void)(mapping), (void)(index), ptecheck_lock_cached())

ptecheck_inline void ptecheck_folio_unlock(struct folio *folio)
{
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_FOLIO_UNLOCK, ptecheck_folio_index(folio), 0, 0, 0, 0);

	ptecheck_event();
	ptecheck_folio(folio)->flags &= (uint8_t)~PTECHECK_FOLIO_FLAGS_LOCKED;
	ptecheck_done(record, 0);
}
#define folio_unlock(folio) (PTECHECK_AT, ptecheck_folio_unlock(folio))

/* Empties the entry, then flushes the pages of the table as page-table entries. */
ptecheck_inline pmd_t ptecheck_collapse_flush(struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd)
{
	int32_t slot = ptecheck_slot_of(pmd);
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_PMDP_COLLAPSE_FLUSH, slot, 0, (int32_t)vma->vm_mm->index,
				PTECHECK_VPN(addr), 0);
	pmd_t old;

	if (slot < 0)
		ptecheck_stop(PTECHECK_STATUS_WILD_POINTER);
	ptecheck_event();
	old = ptecheck_pmd_value(slot);
	ptecheck_r->pmds[slot].kind = PTECHECK_PMD_KIND_NONE;
	ptecheck_r->pmds[slot].value = 0;
	ptecheck_event();
	ptecheck_done(record, old.pmd);
	return old;
}
#define pmdp_collapse_flush(vma, addr, pmd) (PTECHECK_AT, ptecheck_collapse_flush(vma, addr, pmd))

ptecheck_inline void ptecheck_dec_nr_ptes(struct mm_struct *mm)
{
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_MM_DEC_NR_PTES, (int32_t)mm->index, 0, 0, 0, 0);

	ptecheck_r->mms[mm->index].nr_ptes--;
	ptecheck_done(record, 0);
}
#define mm_dec_nr_ptes(mm) (PTECHECK_AT, ptecheck_dec_nr_ptes(mm))

/* A table by itself is a number that nobody looks into. */
#define pmd_pgtable(value) ((pgtable_t)(uintptr_t)(value).pmd)

ptecheck_inline void ptecheck_free_table(pgtable_t table)
{
	uint64_t index = (uint64_t)(uintptr_t)table - 1;
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_PTE_FREE_DEFER, index < PTECHECK_MAX_TABLES ? (int32_t)index : -1,
				0, 0, 0, 0);

	if (index >= ptecheck_r->image->table_count)
		ptecheck_stop(PTECHECK_STATUS_STOPPED);
	ptecheck_event();
	ptecheck_r->tables[index].freed = 1;
	ptecheck_done(record, 0);
}
#define pte_free_defer(mm, table) (PTECHECK_AT, (void)(mm), ptecheck_free_table(table))

/* Maps the folio by a leaf, if nothing stands there; takes no reference. */
ptecheck_inline vm_fault_t ptecheck_set_pmd(const struct vm_fault *vmf, struct folio *folio)
{
	int32_t slot = ptecheck_slot_of(vmf->pmd);
	struct ptecheck_folio *owner = ptecheck_folio(folio);
	struct ptecheck_mm *mm = &ptecheck_r->mms[vmf->vma->vm_mm->index];
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_DO_SET_PMD, slot, 0, ptecheck_folio_index(folio),
				vmf->vma->index, 0);

	if (slot < 0)
		ptecheck_stop(PTECHECK_STATUS_WILD_POINTER);
	ptecheck_event();
	mm->pmd_lock_held = 1;
	ptecheck_event();
	if (ptecheck_r->pmds[slot].kind != PTECHECK_PMD_KIND_NONE) {
		ptecheck_event();
		mm->pmd_lock_held = 0;
		ptecheck_done(record, VM_FAULT_FALLBACK);
		return VM_FAULT_FALLBACK;
	}
	ptecheck_event();
	*(owner->kind == PTECHECK_FOLIO_KIND_SHMEM ? &mm->rss_shmem : &mm->rss_file) +=
		(int32_t)PTRS_PER_PTE;
	ptecheck_event();
	owner->mapcount++;
	owner->entire_mapcount++;
	ptecheck_event();
	ptecheck_r->pmds[slot].kind = PTECHECK_PMD_KIND_HUGE;
	ptecheck_event();
	mm->pmd_lock_held = 0;
	ptecheck_done(record, 0);
	return 0;
}
#if PTECHECK_KERNEL < 617
#define do_set_pmd(vmf, page) (PTECHECK_AT, ptecheck_set_pmd(vmf, ptecheck_page_folio(page)))
#else
#define do_set_pmd(vmf, folio, page) (PTECHECK_AT, (void)(page), ptecheck_set_pmd(vmf, folio))
#endif

ptecheck_inline int64_t ptecheck_scan_result(int result)
{
	return result == SCAN_PMD_NULL ? SCAN_NO_PTE_TABLE : result;
}

#define PTECHECK_COLLAPSE_FILE(function) \
static void ptecheck_run_collapse_file(struct ptecheck_run *run) \
{ \
	const struct ptecheck_call *call = &run->image->call; \
	ptecheck_r = run; \
	run->collapses = true; \
	ptecheck_at(__FILE__, __LINE__); \
	for (uint32_t i = 0; i < run->plan_count; i++) { \
		ptecheck_begin(i); \
		ptecheck_end(ptecheck_scan_result((int)function(&run->mm_structs[call->mm], \
								(unsigned long)call->vpn << PAGE_SHIFT, \
								call->install)), \
			     false); \
	} \
} \
__attribute__((visibility("default"), used)) \
const struct ptecheck_subject ptecheck_subject = { \
	PTECHECK_LAYOUT, PTECHECK_OPERATION_COLLAPSE_FILE, PTECHECK_KERNEL, \
	ptecheck_run_collapse_file, \
};

#endif
