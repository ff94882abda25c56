/* SPDX-License-Identifier: MIT */
/*
 * The case at hand. Primitives work on the model's state and leave a record each; PteCheck
 * carries the same calls out on its own machine, compares what they returned, and judges
 * that run. Nothing here is for subjects to use.
 */
#ifndef PTECHECK_RUN_H
#define PTECHECK_RUN_H

/*
 * Each table lies at the end of a page of its own, with unmapped pages all around, and each
 * pte_offset_map() hands out pointers into another mapping (alias) of all tables.
 */
/* In the flags of a record, beside the alias of its pointer: the call has returned. */
#define PTECHECK_RETURNED	0x80000000u

struct ptecheck_run {
	struct ptecheck_image *image;
	struct ptecheck_mm *mms;
	struct ptecheck_vma *vmas;
	struct ptecheck_table *tables;
	struct ptecheck_pmd *pmds;
	struct ptecheck_folio *folios;
	int16_t *frame_folios;
	int32_t *page_mapcounts;
	uint8_t *page_flags;

	const struct ptecheck_invocation *plan;	/* the calls of the subject's function */
	uint32_t plan_count;
	uint32_t plan_known;		/* of them, made whatever those before returned */
	uint32_t invocation;		/* the one under way */

	char *ptes;			/* table 0 as alias 0 sees it */
	bool collapses;			/* the two scans of a collapse are told apart */
	uint32_t maps;			/* pte_offset_map() calls of this invocation */

	struct ptecheck_record *log;
	uint32_t log_count;
	uint32_t log_limit;
	uint32_t events;		/* places at which others could have acted */
	uint32_t next_patch_at;
	const struct ptecheck_patch *patch;
	const struct ptecheck_patch *patch_end;

	/* What kernel code gets pointers to: arrays of the runner, one element an index. */
	struct mm_struct *mm_structs;
	struct vm_area_struct *vma_structs;
	struct pmd_struct *pmd_structs;	/* by table */
	struct pmd_struct *pmd_slots;	/* by slot: who reads one bare reads nothing */
	struct spinlock *ptls;
	struct page *pages;

	uint16_t (*file_index)(const char *name);
	void (*stop)(uint32_t status);
};

/* What the runner looks for in a subject. */
struct ptecheck_subject {
	uint64_t layout;
	uint32_t operation;
	uint32_t kernel;
	void (*run)(struct ptecheck_run *run);
};

__attribute__((unused)) static struct ptecheck_run *ptecheck_r;
__attribute__((unused)) static const char *ptecheck_file;
__attribute__((unused)) static uint16_t ptecheck_file_number;
__attribute__((unused)) static uint32_t ptecheck_line;

#define ptecheck_inline static inline __attribute__((unused))

/* Where in the subject the next primitive is called. */
#define PTECHECK_AT ptecheck_at(__FILE__, __LINE__)

ptecheck_inline void ptecheck_at(const char *file, uint32_t line)
{
	if (file != ptecheck_file) {
		ptecheck_file = file;
		ptecheck_file_number = ptecheck_r->file_index(file);
	}
	ptecheck_line = line;
}

ptecheck_inline bool ptecheck_arm64(void)
{
	return ptecheck_r->image->arch == 1;
}

ptecheck_inline _Noreturn void ptecheck_stop(uint32_t status)
{
	ptecheck_r->stop(status);
	__builtin_unreachable();
}

ptecheck_inline uint64_t *ptecheck_word(uint32_t table, int32_t slot)
{
	return (uint64_t *)(ptecheck_r->ptes + ((size_t)table << PTECHECK_AREA_TABLE_SHIFT) +
			    PTECHECK_AREA_TABLE_PAGE - ptecheck_r->image->slots * 8u) + slot;
}

/* What others have done since: words of the image change, those of entries in the tables. */
ptecheck_inline void ptecheck_patch(void)
{
	struct ptecheck_run *run = ptecheck_r;
	uint32_t first = run->image->ptes;
	uint32_t end = first + run->image->table_count * run->image->slots * 8u;

	while (run->patch < run->patch_end && run->patch->at <= run->events) {
		uint32_t offset = run->patch->offset;
		uint32_t word = (offset - first) / 8u;

		if (offset >= first && offset < end)
			*ptecheck_word(word / run->image->slots,
				       (int32_t)(word % run->image->slots)) = run->patch->value;
		else
			__builtin_memcpy((char *)run->image + offset, &run->patch->value, 8);
		run->patch++;
	}
	run->next_patch_at = run->patch < run->patch_end ? run->patch->at : UINT32_MAX;
}

/* A place at which others may act: before each event of the model. */
ptecheck_inline void ptecheck_event(void)
{
	if (__builtin_expect(ptecheck_r->events >= ptecheck_r->next_patch_at, 0))
		ptecheck_patch();
	ptecheck_r->events++;
}

/* Begins the record of a call; ptecheck_done() ends it. */
ptecheck_inline struct ptecheck_record *ptecheck_record(uint16_t op, int32_t table, int32_t slot,
							int32_t nr, uint64_t a, uint64_t b)
{
	struct ptecheck_run *run = ptecheck_r;
	struct ptecheck_record *record = &run->log[run->log_count];

	if (run->log_count >= run->log_limit)
		ptecheck_stop(PTECHECK_STATUS_OUT_OF_FUEL);
	run->log_count++;
	record->op = op;
	record->file = ptecheck_file_number;
	record->line = ptecheck_line;
	record->table = (int16_t)table;
	record->slot = (int16_t)slot;
	record->nr = nr;
	record->a = a;
	record->b = b;
	record->result = 0;
	record->result2 = 0;
	record->events = 0;
	record->flags = 0;
	return record;
}

ptecheck_inline void ptecheck_done(struct ptecheck_record *record, uint64_t result)
{
	record->result = result;
	record->events = ptecheck_r->events;
	record->flags |= PTECHECK_RETURNED;
}

/* Around each call of the subject's function; before it, what others have done meanwhile. */
ptecheck_inline void ptecheck_begin(uint32_t invocation)
{
	ptecheck_r->maps = 0;
	ptecheck_r->invocation = invocation;
	ptecheck_event();
	ptecheck_done(ptecheck_record(PTECHECK_OP_BEGIN, -1, 0, (int32_t)invocation, 0, 0), 0);
}

ptecheck_inline void ptecheck_end(int64_t result, bool again)
{
	ptecheck_done(ptecheck_record(PTECHECK_OP_END, -1, 0, again, 0, 0), (uint64_t)result);
}

#endif
