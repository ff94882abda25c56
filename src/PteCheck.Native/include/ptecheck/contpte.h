/* SPDX-License-Identifier: MIT */
/*
 * The words of slots, and arm64's layer right above them: naturally aligned blocks of
 * CONT_PTES entries carry the CONT bit, which nobody above ever sets or clears. On x86-64
 * all of it vanishes.
 */
#ifndef PTECHECK_CONTPTE_H
#define PTECHECK_CONTPTE_H

struct ptecheck_place {
	int32_t table;
	int32_t slot;
	uint32_t alias;
};

/* Which slot of which table a pointer means, also where it is past an end. */
ptecheck_inline struct ptecheck_place ptecheck_place(const pte_t *ptep)
{
	int64_t offset = (const char *)ptep - ptecheck_r->ptes;
	int64_t within = offset & ((1 << PTECHECK_AREA_TABLE_SHIFT) - 1);
	struct ptecheck_place place = {
		.table = (int32_t)((offset >> PTECHECK_AREA_TABLE_SHIFT) & 15),
		.alias = (uint32_t)(offset >> PTECHECK_AREA_ALIAS_SHIFT),
	};

	within -= PTECHECK_AREA_TABLE_PAGE - (int64_t)ptecheck_r->image->slots * 8;
	place.slot = (int32_t)(within / 8);
	if (offset < 0 || place.alias >= PTECHECK_AREA_ALIASES || (within & 7) != 0 ||
	    (uint32_t)place.table >= ptecheck_r->image->table_count)
		ptecheck_stop(PTECHECK_STATUS_WILD_POINTER);
	return place;
}

ptecheck_inline pte_t ptecheck_load(struct ptecheck_place place)
{
	return __pte(*ptecheck_word((uint32_t)place.table, place.slot));
}

ptecheck_inline void ptecheck_store(struct ptecheck_place place, pte_t pte)
{
	ptecheck_event();
	*ptecheck_word((uint32_t)place.table, place.slot) = pte.pte;
}

ptecheck_inline pte_t ptecheck_exchange(struct ptecheck_place place)
{
	pte_t old;

	ptecheck_event();
	old = ptecheck_load(place);
	*ptecheck_word((uint32_t)place.table, place.slot) = 0;
	return old;
}

ptecheck_inline struct ptecheck_place ptecheck_plus(struct ptecheck_place place, int32_t nr)
{
	place.slot += nr;
	return place;
}

ptecheck_inline int32_t ptecheck_block(int32_t slot)
{
	return slot & ~((int32_t)ptecheck_r->image->cont_ptes - 1);
}

ptecheck_inline bool ptecheck_valid_cont(pte_t pte)
{
	return ptecheck_cont(pte) && ptecheck_hw_present(pte);
}

/* ptep_get(): in a block the value has the block's young and dirty. */
ptecheck_inline pte_t ptecheck_get(struct ptecheck_place place)
{
	pte_t pte, other;

	ptecheck_event();
	pte = ptecheck_load(place);
	if (!ptecheck_valid_cont(pte))
		return pte;
	place.slot = ptecheck_block(place.slot);
	for (uint32_t i = 0; i < ptecheck_r->image->cont_ptes; i++) {
		other = ptecheck_load(ptecheck_plus(place, (int32_t)i));
		if (pte_dirty(other))
			pte = pte_mkdirty(pte);
		if (pte_young(other))
			pte = pte_mkyoung(pte);
	}
	return pte;
}

/* Gives a whole block another value: empty it, invalidate, fill it. */
ptecheck_inline void ptecheck_convert(struct ptecheck_place place, pte_t pte)
{
	int32_t back = place.slot - ptecheck_block(place.slot);
	pte_t other;

	place.slot -= back;
	pte = pte_advance_pfn(pte, -(unsigned long)back);
	for (uint32_t i = 0; i < ptecheck_r->image->cont_ptes; i++) {
		other = ptecheck_exchange(ptecheck_plus(place, (int32_t)i));
		if (pte_dirty(other))
			pte = pte_mkdirty(pte);
		if (pte_young(other))
			pte = pte_mkyoung(pte);
	}
	if (!ptecheck_r->image->bbml2)
		ptecheck_event();
	for (uint32_t i = 0; i < ptecheck_r->image->cont_ptes; i++)
		ptecheck_store(ptecheck_plus(place, (int32_t)i), pte_advance_pfn(pte, i));
}

ptecheck_inline void ptecheck_unfold(struct ptecheck_place place)
{
	pte_t pte;

	if (!ptecheck_arm64())
		return;
	pte = ptecheck_load(place);
	if (ptecheck_valid_cont(pte)) {
		ptecheck_event();
		ptecheck_convert(place, __pte(pte.pte & ~PTECHECK_ARM(CONT)));
	}
}

/* Unfolds the blocks that a range covers in part. */
ptecheck_inline void ptecheck_unfold_partial(struct ptecheck_place place, int32_t nr)
{
	if (!ptecheck_arm64())
		return;
	if (place.slot != ptecheck_block(place.slot) || nr < (int32_t)ptecheck_r->image->cont_ptes)
		ptecheck_unfold(place);
	if (ptecheck_block(place.slot + nr) != place.slot + nr)
		ptecheck_unfold(ptecheck_plus(place, nr - 1));
}

/* At the last slot of a block: fold it, when its entries agree modulo young and dirty. */
ptecheck_inline void ptecheck_fold(struct ptecheck_place place, pte_t pte)
{
	uint64_t last = ptecheck_r->image->cont_ptes - 1;
	uint64_t pfn = pte_pfn(pte);
	int32_t folio;
	pte_t expected;

	if (((uint64_t)place.slot & last) != last || (pfn & last) != last ||
	    !ptecheck_hw_present(pte) || pte_special(pte))
		return;
	folio = ptecheck_folio_of_pfn(pfn);
	if (folio < 0 || ptecheck_folio_of_pfn(pfn & ~last) != folio)
		return;
	expected = pte_mkold(pte_mkclean(pte_advance_pfn(pte, -last)));
	for (uint32_t i = 0; i <= last; i++) {
		pte_t other = ptecheck_load(ptecheck_plus(place, (int32_t)i - (int32_t)last));

		if (!pte_same(pte_mkold(pte_mkclean(other)), pte_advance_pfn(expected, i)))
			return;
	}
	ptecheck_event();
	ptecheck_convert(place, __pte(pte.pte | PTECHECK_ARM(CONT)));
}

ptecheck_inline void ptecheck_paint(struct ptecheck_place place, pte_t pte, int32_t nr)
{
	for (int32_t i = 0; i < nr; i++)
		ptecheck_store(ptecheck_plus(place, i), pte_advance_pfn(pte, (unsigned long)i));
}

ptecheck_inline void ptecheck_set_slots(struct ptecheck_place place, pte_t pte, int32_t nr)
{
	int32_t cont = (int32_t)ptecheck_r->image->cont_ptes;

	if (!ptecheck_arm64()) {
		ptecheck_paint(place, pte, nr);
		return;
	}
	pte.pte &= ~PTECHECK_ARM(CONT);
	if (nr == 1) {
		ptecheck_unfold(place);
		ptecheck_store(place, pte);
		ptecheck_fold(place, pte);
		return;
	}
	for (int32_t done = 0; done < nr;) {
		int32_t slot = place.slot + done;
		int32_t piece = min(ptecheck_block(slot) + cont - slot, nr - done);
		pte_t first = pte_advance_pfn(pte, (unsigned long)done);

		if (piece == cont && (pte_pfn(first) & (uint64_t)(cont - 1)) == 0)
			first.pte |= PTECHECK_ARM(CONT);
		ptecheck_paint(ptecheck_plus(place, done), first, piece);
		done += piece;
	}
}

#endif
