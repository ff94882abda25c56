/* SPDX-License-Identifier: MIT */
/*
 * Reading, clearing and setting entries (include/linux/pgtable.h). Pointers are real ones,
 * and the tables real memory: *ptep may be read, but whoever writes it goes past the
 * architecture, and is reported.
 */
#ifndef PTECHECK_SLOTS_H
#define PTECHECK_SLOTS_H

/* Begins the record of a call on nr slots, and ends the run where they are outside the table. */
ptecheck_inline struct ptecheck_record *ptecheck_access(uint16_t op, struct ptecheck_place place,
							int32_t nr, uint64_t value)
{
	struct ptecheck_record *record =
		ptecheck_record(op, place.table, place.slot, nr, value, 0);

	record->flags = place.alias;
	if (place.slot < 0 || nr < 1 || nr > (int32_t)ptecheck_r->image->slots ||
	    place.slot + nr > (int32_t)ptecheck_r->image->slots)
		ptecheck_stop(PTECHECK_STATUS_STOPPED);
	return record;
}

ptecheck_inline pte_t ptecheck_ptep_get(pte_t *ptep)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record = ptecheck_access(PTECHECK_OP_PTEP_GET, place, 1, 0);
	pte_t pte = ptecheck_get(place);

	ptecheck_done(record, pte.pte);
	return pte;
}
#define ptep_get(ptep) (PTECHECK_AT, ptecheck_ptep_get(ptep))
#define ptep_get_lockless(ptep) ptep_get(ptep)

ptecheck_inline pte_t ptecheck_ptep_get_and_clear(pte_t *ptep)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record =
		ptecheck_access(PTECHECK_OP_PTEP_GET_AND_CLEAR, place, 1, 0);
	pte_t pte;

	ptecheck_event();
	ptecheck_unfold(place);
	pte = ptecheck_exchange(place);
	ptecheck_done(record, pte.pte);
	return pte;
}
#define ptep_get_and_clear(mm, addr, ptep) \
	(PTECHECK_AT, (void)(mm), (void)(addr), ptecheck_ptep_get_and_clear(ptep))
#define ptep_get_and_clear_full(mm, addr, ptep, full) \
	((void)(full), ptep_get_and_clear(mm, addr, ptep))

ptecheck_inline void ptecheck_pte_clear(pte_t *ptep)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record = ptecheck_access(PTECHECK_OP_PTE_CLEAR, place, 1, 0);

	ptecheck_event();
	ptecheck_unfold(place);
	ptecheck_store(place, __pte(0));
	ptecheck_done(record, 0);
}
#define pte_clear(mm, addr, ptep) \
	(PTECHECK_AT, (void)(mm), (void)(addr), ptecheck_pte_clear(ptep))
#define pte_clear_not_present_full(mm, addr, ptep, full) \
	((void)(full), pte_clear(mm, addr, ptep))

/* Young and dirty of all entries come back in the first; what else differs is lost. */
ptecheck_inline pte_t ptecheck_get_and_clear_ptes(pte_t *ptep, int32_t nr)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record =
		ptecheck_access(PTECHECK_OP_GET_AND_CLEAR_PTES, place, nr, 0);
	pte_t pte, other;

	ptecheck_event();
	ptecheck_unfold_partial(place, nr);
	pte = ptecheck_exchange(place);
	for (int32_t i = 1; i < nr; i++) {
		other = ptecheck_exchange(ptecheck_plus(place, i));
		if (pte_dirty(other))
			pte = pte_mkdirty(pte);
		if (pte_young(other))
			pte = pte_mkyoung(pte);
	}
	ptecheck_done(record, pte.pte);
	return pte;
}
#define get_and_clear_full_ptes(mm, addr, ptep, nr, full) \
	(PTECHECK_AT, (void)(mm), (void)(addr), (void)(full), \
	 ptecheck_get_and_clear_ptes(ptep, (int32_t)(nr)))
#define ptep_clear(mm, addr, ptep) ((void)ptep_get_and_clear(mm, addr, ptep))
#define clear_full_ptes(mm, addr, ptep, nr, full) \
	((void)get_and_clear_full_ptes(mm, addr, ptep, nr, full))
#define get_and_clear_ptes(mm, addr, ptep, nr) get_and_clear_full_ptes(mm, addr, ptep, nr, 0)
#define clear_ptes(mm, addr, ptep, nr) clear_full_ptes(mm, addr, ptep, nr, 0)

/* arm64: takes the CONT bit from the block of an entry. */
ptecheck_inline void ptecheck_try_unfold(pte_t *ptep)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record =
		ptecheck_access(PTECHECK_OP_CONTPTE_TRY_UNFOLD, place, 1, 0);

	ptecheck_unfold(place);
	ptecheck_done(record, 0);
}
#define contpte_try_unfold(mm, addr, ptep, pte) \
	(PTECHECK_AT, (void)(mm), (void)(addr), (void)(pte), ptecheck_try_unfold(ptep))

ptecheck_inline void ptecheck_set_ptes(pte_t *ptep, pte_t pte, int32_t nr)
{
	struct ptecheck_place place = ptecheck_place(ptep);
	struct ptecheck_record *record =
		ptecheck_access(PTECHECK_OP_SET_PTES, place, nr, pte.pte);

	ptecheck_event();
	ptecheck_set_slots(place, pte, nr);
	ptecheck_done(record, 0);
}
#define set_ptes(mm, addr, ptep, pte, nr) \
	(PTECHECK_AT, (void)(mm), (void)(addr), ptecheck_set_ptes(ptep, pte, (int32_t)(nr)))
#define set_pte_at(mm, addr, ptep, pte) set_ptes(mm, addr, ptep, pte, 1)

#endif
