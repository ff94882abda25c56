/* SPDX-License-Identifier: MIT */
/*
 * Locks are state: who takes one that is held, or drops one that is not, is stopped there by
 * the model. Mapping a table never fails here: tables do not vanish under mmap_lock.
 */
#ifndef PTECHECK_LOCKS_H
#define PTECHECK_LOCKS_H

ptecheck_inline unsigned long pte_index(unsigned long addr)
{
	return (addr >> PAGE_SHIFT) & (PTRS_PER_PTE - 1);
}

ptecheck_inline pte_t *ptecheck_map(uint16_t op, struct mm_struct *mm, pmd_t *pmd,
				    unsigned long addr)
{
	int32_t table = ptecheck_table_of(pmd);
	uint32_t alias = ptecheck_r->maps++ % PTECHECK_AREA_ALIASES;
	struct ptecheck_record *record =
		ptecheck_record(op, table, (int32_t)pte_index(addr), (int32_t)alias,
				PTECHECK_VPN(addr), mm->index);

	if (table < 0 || (uint32_t)table >= ptecheck_r->image->table_count)
		ptecheck_stop(PTECHECK_STATUS_WILD_POINTER);
	if (op == PTECHECK_OP_PTE_MAP_LOCK) {
		ptecheck_event();
		ptecheck_r->tables[table].ptl_held = 1;
		/* Gone, while the lock was waited for. */
		if (ptecheck_table_of(pmd) != table) {
			ptecheck_event();
			ptecheck_r->tables[table].ptl_held = 0;
			ptecheck_done(record, (uint64_t)-1);
			return NULL;
		}
	}
	ptecheck_done(record, (uint64_t)table);
	return (pte_t *)((char *)ptecheck_word((uint32_t)table, (int32_t)pte_index(addr)) +
			 ((size_t)alias << PTECHECK_AREA_ALIAS_SHIFT));
}

/* A PMD entry's value: 0 for none, a table's number plus one, a leaf. */
#define PTECHECK_LEAF	(1ULL << 63)

ptecheck_inline pmd_t ptecheck_pmd_value(int32_t slot)
{
	const struct ptecheck_pmd *pmd = &ptecheck_r->pmds[slot];

	return (pmd_t){ pmd->kind == PTECHECK_PMD_KIND_NONE ? 0 :
			pmd->kind == PTECHECK_PMD_KIND_TABLE ? pmd->value + 1 : PTECHECK_LEAF };
}

ptecheck_inline pmd_t ptecheck_pmdp_get(const pmd_t *pmd)
{
	int32_t slot = ptecheck_slot_of(pmd);
	struct ptecheck_record *record = ptecheck_record(PTECHECK_OP_PMDP_GET, slot, 0, 0, 0, 0);
	pmd_t value;

	if (slot < 0)
		ptecheck_stop(PTECHECK_STATUS_WILD_POINTER);
	ptecheck_event();
	value = ptecheck_pmd_value(slot);
	ptecheck_done(record, value.pmd);
	return value;
}
#define pmdp_get_lockless(pmd) (PTECHECK_AT, ptecheck_pmdp_get(pmd))
#define pmdp_get(pmd) pmdp_get_lockless(pmd)
#define pmdp_get_lockless_sync() ((void)0)
#define pmd_same(entry, other) (pmd_val(entry) == pmd_val(other))
#define pmd_none(entry) (pmd_val(entry) == 0)
#define pmd_present(entry) (!pmd_none(entry))
#define pmd_trans_huge(entry) (pmd_val(entry) == PTECHECK_LEAF)
#define pmd_leaf(entry) pmd_trans_huge(entry)
#define pmd_bad(entry) pmd_trans_huge(entry)
#define pmd_is_migration_entry(entry) ((void)(entry), false)
#define is_pmd_migration_entry(entry) pmd_is_migration_entry(entry)

/* The entry is read once, and its table mapped whatever becomes of the entry. */
ptecheck_inline pte_t *ptecheck_map_slot(struct mm_struct *mm, pmd_t *pmd, unsigned long addr,
					 pmd_t *value)
{
	uint32_t alias = ptecheck_r->maps++ % PTECHECK_AREA_ALIASES;
	struct ptecheck_record *record =
		ptecheck_record(PTECHECK_OP_PTE_MAP_OF, ptecheck_slot_of(pmd),
				(int32_t)pte_index(addr), (int32_t)alias, PTECHECK_VPN(addr), mm->index);

	ptecheck_event();
	*value = ptecheck_pmd_value(ptecheck_slot_of(pmd));
	ptecheck_done(record, value->pmd);
	if (value->pmd == 0 || value->pmd == PTECHECK_LEAF)
		return NULL;
	return (pte_t *)((char *)ptecheck_word((uint32_t)value->pmd - 1, (int32_t)pte_index(addr)) +
			 ((size_t)alias << PTECHECK_AREA_ALIAS_SHIFT));
}

#define pte_offset_map_lock(mm, pmd, addr, ptlp) ({ \
	pmd_t *ptecheck_pmd = (pmd); \
	PTECHECK_AT; \
	*(ptlp) = &ptecheck_r->ptls[ptecheck_table_of(ptecheck_pmd)]; \
	ptecheck_slot_of(ptecheck_pmd) >= 0 && ptecheck_table_of(ptecheck_pmd) < 0 ? NULL : \
		ptecheck_map(PTECHECK_OP_PTE_MAP_LOCK, mm, ptecheck_pmd, addr); })
#define pte_offset_map_rw_nolock(mm, pmd, addr, pmdvalp, ptlp) ({ \
	pmd_t *ptecheck_pmd = (pmd); \
	PTECHECK_AT; \
	pte_t *ptecheck_ptep = ptecheck_slot_of(ptecheck_pmd) >= 0 ? \
		ptecheck_map_slot(mm, ptecheck_pmd, addr, pmdvalp) : \
		(*(pmdvalp) = *ptecheck_pmd, ptecheck_map(PTECHECK_OP_PTE_MAP, mm, ptecheck_pmd, addr)); \
	*(ptlp) = ptecheck_ptep == NULL ? NULL : \
		&ptecheck_r->ptls[ptecheck_place(ptecheck_ptep).table]; \
	ptecheck_ptep; })
#define pte_offset_map_ro_nolock(mm, pmd, addr, ptlp) ({ \
	pmd_t ptecheck_value; \
	pte_offset_map_rw_nolock(mm, pmd, addr, &ptecheck_value, ptlp); })
#define pte_lockptr(mm, pmd) ((void)(mm), &ptecheck_r->ptls[ptecheck_table_of(pmd)])
#define pte_unmap(ptep) ((void)(ptep))

ptecheck_inline void ptecheck_ptl(uint16_t op, spinlock_t *ptl, uint8_t held)
{
	uint64_t table = (uint64_t)(ptl - ptecheck_r->ptls), mm = table - PTECHECK_MAX_TABLES;
	struct ptecheck_record *record;

	if (mm < ptecheck_r->image->mm_count) {
		record = ptecheck_record(held ? PTECHECK_OP_PMD_LOCK : PTECHECK_OP_PMD_UNLOCK,
					 (int32_t)mm, 0, 0, 0, 0);
		ptecheck_event();
		ptecheck_r->mms[mm].pmd_lock_held = held;
		ptecheck_done(record, 0);
		return;
	}
	if (table >= ptecheck_r->image->table_count)
		ptecheck_stop(PTECHECK_STATUS_WILD_POINTER);
	record = ptecheck_record(op, (int32_t)table, 0, 0, 0, 0);
	ptecheck_event();
	ptecheck_r->tables[table].ptl_held = held;
	ptecheck_done(record, 0);
}
#define spin_lock(ptl) (PTECHECK_AT, ptecheck_ptl(PTECHECK_OP_PTL_LOCK, ptl, 1))
#define spin_lock_nested(ptl, subclass) ((void)(subclass), spin_lock(ptl))
#define spin_unlock(ptl) (PTECHECK_AT, ptecheck_ptl(PTECHECK_OP_PTL_UNLOCK, ptl, 0))
#define pte_unmap_unlock(ptep, ptl) ((void)(ptep), spin_unlock(ptl))

/* All of an mm's PMD entries have one lock. */
ptecheck_inline spinlock_t *ptecheck_pmd_lock(struct mm_struct *mm)
{
	spinlock_t *pml = &ptecheck_r->ptls[PTECHECK_MAX_TABLES + mm->index];

	ptecheck_ptl(PTECHECK_OP_PMD_LOCK, pml, 1);
	return pml;
}
#define pmd_lock(mm, pmd) (PTECHECK_AT, (void)(pmd), ptecheck_pmd_lock(mm))
#define pmd_lockptr(mm, pmd) ((void)(pmd), &ptecheck_r->ptls[PTECHECK_MAX_TABLES + (mm)->index])

ptecheck_inline void ptecheck_rmap_lock(uint16_t op, uint32_t vma, uint8_t mode)
{
	struct ptecheck_record *record = ptecheck_record(op, -1, 0, (int32_t)vma, 0, 0);
	struct ptecheck_vma *owner = &ptecheck_r->vmas[vma];

	if (op == PTECHECK_OP_ANON_VMA_LOCK || op == PTECHECK_OP_ANON_VMA_UNLOCK) {
		ptecheck_event();
		owner->anon_vma_lock = mode;
	} else {
		owner->i_mmap_lock = mode;
	}
	ptecheck_done(record, 0);
}
#define i_mmap_lock_write(mapping) (PTECHECK_AT, \
	ptecheck_rmap_lock(PTECHECK_OP_I_MMAP_LOCK, (mapping)->vma, PTECHECK_LOCK_MODE_WRITE))
#define i_mmap_unlock_write(mapping) (PTECHECK_AT, \
	ptecheck_rmap_lock(PTECHECK_OP_I_MMAP_UNLOCK, (mapping)->vma, PTECHECK_LOCK_MODE_FREE))
#define anon_vma_lock_write(anon) (PTECHECK_AT, \
	ptecheck_rmap_lock(PTECHECK_OP_ANON_VMA_LOCK, (anon)->vma, PTECHECK_LOCK_MODE_WRITE))
#define anon_vma_unlock_write(anon) (PTECHECK_AT, \
	ptecheck_rmap_lock(PTECHECK_OP_ANON_VMA_UNLOCK, (anon)->vma, PTECHECK_LOCK_MODE_FREE))

ptecheck_inline void ptecheck_might_sleep(void)
{
	struct ptecheck_record *record = ptecheck_record(PTECHECK_OP_MIGHT_SLEEP, -1, 0, 0, 0, 0);

	ptecheck_event();
	ptecheck_done(record, 0);
}
#define cond_resched() ({ PTECHECK_AT; ptecheck_might_sleep(); 0; })
#define might_sleep() (PTECHECK_AT, ptecheck_might_sleep())

#endif
