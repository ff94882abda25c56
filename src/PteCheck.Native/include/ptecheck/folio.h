/* SPDX-License-Identifier: MIT */
/*
 * From an entry to its folio. Special entries have none; who asks for the page of one
 * without a test is stopped there.
 */
#ifndef PTECHECK_FOLIO_H
#define PTECHECK_FOLIO_H

ptecheck_inline int32_t ptecheck_folio_of_pfn(uint64_t pfn)
{
	uint64_t frame = pfn - ptecheck_r->image->pfn_base;

	return frame < ptecheck_r->image->frame_count ? ptecheck_r->frame_folios[frame] : -1;
}

ptecheck_inline uint32_t ptecheck_frame_of_page(const struct page *page)
{
	uint64_t frame = (uint64_t)(page - ptecheck_r->pages);

	if (frame >= ptecheck_r->image->frame_count || ptecheck_r->frame_folios[frame] < 0)
		ptecheck_stop(PTECHECK_STATUS_WILD_POINTER);
	return (uint32_t)frame;
}

ptecheck_inline struct ptecheck_folio *ptecheck_folio(const struct folio *folio)
{
	return &ptecheck_r->folios[ptecheck_r->frame_folios[ptecheck_frame_of_page(&folio->page)]];
}

ptecheck_inline int32_t ptecheck_folio_index(const struct folio *folio)
{
	return (int32_t)(ptecheck_folio(folio) - ptecheck_r->folios);
}

ptecheck_inline struct folio *ptecheck_folio_at(int32_t index)
{
	return (struct folio *)&ptecheck_r->pages[ptecheck_r->folios[index].first_frame];
}

ptecheck_inline struct folio *vm_normal_folio(struct vm_area_struct *vma, unsigned long addr,
					      pte_t pte)
{
	int32_t folio = pte_special(pte) ? -1 : ptecheck_folio_of_pfn(pte_pfn(pte));

	(void)vma;
	(void)addr;
	return folio < 0 ? NULL : ptecheck_folio_at(folio);
}

ptecheck_inline struct page *vm_normal_page(struct vm_area_struct *vma, unsigned long addr,
					    pte_t pte)
{
	return vm_normal_folio(vma, addr, pte) == NULL ? NULL :
	       &ptecheck_r->pages[pte_pfn(pte) - ptecheck_r->image->pfn_base];
}

ptecheck_inline struct page *ptecheck_pte_page(pte_t pte)
{
	if (pte_special(pte) || ptecheck_folio_of_pfn(pte_pfn(pte)) < 0) {
		ptecheck_record(PTECHECK_OP_PAGE_OF_ENTRY, -1, 0, 0, pte.pte, 0);
		ptecheck_stop(PTECHECK_STATUS_STOPPED);
	}
	return &ptecheck_r->pages[pte_pfn(pte) - ptecheck_r->image->pfn_base];
}
#define pte_page(pte) (PTECHECK_AT, ptecheck_pte_page(pte))

ptecheck_inline unsigned long page_to_pfn(const struct page *page)
{
	return ptecheck_frame_of_page(page) + ptecheck_r->image->pfn_base;
}

ptecheck_inline struct page *pfn_to_page(unsigned long pfn)
{
	return &ptecheck_r->pages[pfn - ptecheck_r->image->pfn_base];
}

ptecheck_inline struct folio *ptecheck_page_folio(const struct page *page)
{
	if (page == NULL) {
		ptecheck_record(PTECHECK_OP_NULL_PAGE, -1, 0, 0, 0, 0);
		ptecheck_stop(PTECHECK_STATUS_STOPPED);
	}
	return ptecheck_folio_at(ptecheck_r->frame_folios[ptecheck_frame_of_page(page)]);
}

#define page_folio(page) (PTECHECK_AT, ptecheck_page_folio(page))

ptecheck_inline struct folio *pfn_folio(unsigned long pfn)
{
	return page_folio(pfn_to_page(pfn));
}

#define folio_page(folio, n) (&(folio)->page + (n))
#define folio_page_idx(folio, other) ((unsigned long)((other) - &(folio)->page))

ptecheck_inline unsigned long folio_pfn(const struct folio *folio)
{
	return page_to_pfn(&folio->page);
}

ptecheck_inline unsigned int folio_order(const struct folio *folio)
{
	return ptecheck_folio(folio)->order;
}

ptecheck_inline long folio_nr_pages(const struct folio *folio)
{
	return 1L << folio_order(folio);
}

ptecheck_inline size_t folio_size(const struct folio *folio)
{
	return PAGE_SIZE << folio_order(folio);
}

ptecheck_inline bool folio_test_large(const struct folio *folio)
{
	return folio_order(folio) > 0;
}

ptecheck_inline bool folio_test_anon(const struct folio *folio)
{
	return ptecheck_folio(folio)->kind == PTECHECK_FOLIO_KIND_ANON ||
	       ptecheck_folio(folio)->kind == PTECHECK_FOLIO_KIND_LAZYFREE;
}

ptecheck_inline bool PageAnonExclusive(const struct page *page)
{
	return (ptecheck_r->page_flags[ptecheck_frame_of_page(page)] & PTECHECK_ANON_EXCLUSIVE) != 0;
}

#endif
