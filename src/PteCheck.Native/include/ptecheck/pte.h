/* SPDX-License-Identifier: MIT */
/*
 * Values of entries. Layouts: arch/x86/include/asm/pgtable_types.h and
 * arch/arm64/include/asm/pgtable-hwdef.h, pgtable-prot.h.
 */
#ifndef PTECHECK_PTE_H
#define PTECHECK_PTE_H

enum {
	PTECHECK_X86_PRESENT = 0, PTECHECK_X86_RW = 1, PTECHECK_X86_USER = 2,
	PTECHECK_X86_PWT = 3, PTECHECK_X86_PCD = 4, PTECHECK_X86_ACCESSED = 5,
	PTECHECK_X86_DIRTY = 6, PTECHECK_X86_PAT = 7, PTECHECK_X86_PROTNONE = 8,
	PTECHECK_X86_SPECIAL = 9, PTECHECK_X86_UFFD_WP = 10, PTECHECK_X86_SOFT_DIRTY = 11,
	PTECHECK_X86_SAVED_DIRTY = 58, PTECHECK_X86_NX = 63,
	PTECHECK_ARM_VALID = 0, PTECHECK_ARM_USER = 6, PTECHECK_ARM_RDONLY = 7,
	PTECHECK_ARM_AF = 10, PTECHECK_ARM_NG = 11, PTECHECK_ARM_GP = 50,
	PTECHECK_ARM_WRITE = 51, PTECHECK_ARM_CONT = 52, PTECHECK_ARM_PXN = 53,
	PTECHECK_ARM_UXN = 54, PTECHECK_ARM_DIRTY = 55, PTECHECK_ARM_SPECIAL = 56,
	PTECHECK_ARM_UFFD_WP = 58,
};

#define PTECHECK_X86(name)	(1ULL << PTECHECK_X86_##name)
#define PTECHECK_ARM(name)	(1ULL << PTECHECK_ARM_##name)
#define PTECHECK_X86_PFN	(((1ULL << 40) - 1) << 12)
#define PTECHECK_ARM_PFN	(((1ULL << 38) - 1) << 12)

ptecheck_inline bool ptecheck_has(pte_t pte, uint64_t x86, uint64_t arm)
{
	return (pte.pte & (ptecheck_arm64() ? arm : x86)) != 0;
}

ptecheck_inline pte_t ptecheck_set(pte_t pte, uint64_t x86, uint64_t arm)
{
	return __pte(pte.pte | (ptecheck_arm64() ? arm : x86));
}

ptecheck_inline pte_t ptecheck_clear(pte_t pte, uint64_t x86, uint64_t arm)
{
	return __pte(pte.pte & ~(ptecheck_arm64() ? arm : x86));
}

/* x86-64: what is not visible to hardware has its PFN inverted, against L1TF. */
ptecheck_inline bool ptecheck_inverted(uint64_t word)
{
	return !ptecheck_arm64() && word != 0 && (word & PTECHECK_X86(PRESENT)) == 0;
}

/* x86-64: without RW the dirty state lives in SAVED_DIRTY, with RW in DIRTY. */
ptecheck_inline uint64_t ptecheck_save_dirty(uint64_t word)
{
	return (word & (PTECHECK_X86(RW) | PTECHECK_X86(DIRTY))) == PTECHECK_X86(DIRTY) ?
	       (word & ~PTECHECK_X86(DIRTY)) | PTECHECK_X86(SAVED_DIRTY) : word;
}

ptecheck_inline uint64_t ptecheck_unsave_dirty(uint64_t word)
{
	uint64_t both = PTECHECK_X86(RW) | PTECHECK_X86(SAVED_DIRTY);

	return (word & both) == both ?
	       (word & ~PTECHECK_X86(SAVED_DIRTY)) | PTECHECK_X86(DIRTY) : word;
}

/* arm64: dirty in hardware is DBM set and RDONLY clear. */
ptecheck_inline bool ptecheck_hw_dirty(uint64_t word)
{
	return (word & (PTECHECK_ARM(WRITE) | PTECHECK_ARM(RDONLY))) == PTECHECK_ARM(WRITE);
}

ptecheck_inline bool pte_none(pte_t pte)
{
	/* x86-64: stray A and D of an old erratum count for nothing. */
	return !ptecheck_has(pte, ~(PTECHECK_X86(ACCESSED) | PTECHECK_X86(DIRTY)), ~0ULL);
}

ptecheck_inline bool pte_present(pte_t pte)
{
	return ptecheck_has(pte, PTECHECK_X86(PRESENT) | PTECHECK_X86(PROTNONE),
			    PTECHECK_ARM(VALID) | PTECHECK_ARM(NG));
}

ptecheck_inline bool ptecheck_hw_present(pte_t pte)
{
	return (pte.pte & 1) != 0;
}

ptecheck_inline bool pte_protnone(pte_t pte)
{
	if (ptecheck_arm64())
		return (pte.pte & (PTECHECK_ARM(VALID) | PTECHECK_ARM(NG))) == PTECHECK_ARM(NG) &&
		       (pte.pte & (PTECHECK_ARM(USER) | PTECHECK_ARM(UXN))) == PTECHECK_ARM(UXN);
	return (pte.pte & (PTECHECK_X86(PRESENT) | PTECHECK_X86(PROTNONE))) ==
	       PTECHECK_X86(PROTNONE);
}

ptecheck_inline bool pte_write(pte_t pte)
{
	if (!ptecheck_arm64() && ptecheck_r->image->shadow_stack &&
	    (pte.pte & PTECHECK_X86(DIRTY)) != 0)
		return true;
	return ptecheck_has(pte, PTECHECK_X86(RW), PTECHECK_ARM(WRITE));
}

ptecheck_inline bool pte_dirty(pte_t pte)
{
	return ptecheck_has(pte, PTECHECK_X86(DIRTY) | PTECHECK_X86(SAVED_DIRTY),
			    PTECHECK_ARM(DIRTY)) ||
	       (ptecheck_arm64() && ptecheck_hw_dirty(pte.pte));
}

ptecheck_inline bool pte_young(pte_t pte)
{
	return ptecheck_has(pte, PTECHECK_X86(ACCESSED), PTECHECK_ARM(AF));
}

ptecheck_inline bool pte_soft_dirty(pte_t pte)
{
	return ptecheck_has(pte, PTECHECK_X86(SOFT_DIRTY), 0);
}

ptecheck_inline bool pte_uffd_wp(pte_t pte)
{
	return ptecheck_has(pte, PTECHECK_X86(UFFD_WP), PTECHECK_ARM(UFFD_WP));
}

ptecheck_inline bool pte_special(pte_t pte)
{
	return ptecheck_has(pte, PTECHECK_X86(SPECIAL), PTECHECK_ARM(SPECIAL));
}

ptecheck_inline bool pte_same(pte_t a, pte_t b)
{
	return a.pte == b.pte;
}

ptecheck_inline unsigned long pte_pfn(pte_t pte)
{
	uint64_t word = ptecheck_inverted(pte.pte) ? ~pte.pte : pte.pte;

	return (word & (ptecheck_arm64() ? PTECHECK_ARM_PFN : PTECHECK_X86_PFN)) >> 12;
}

ptecheck_inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot)
{
	uint64_t field = (uint64_t)pfn << 12;

	if (ptecheck_inverted(prot.pgprot))
		field = ~field;
	return __pte((field & (ptecheck_arm64() ? PTECHECK_ARM_PFN : PTECHECK_X86_PFN)) |
		     prot.pgprot);
}

ptecheck_inline pte_t pte_mkwrite_novma(pte_t pte)
{
	if (!ptecheck_arm64())
		return __pte(pte.pte | PTECHECK_X86(RW));
	pte.pte |= PTECHECK_ARM(WRITE);
	/* Since 6.18 a clean entry stays clean. */
	if (ptecheck_r->image->kernel >= 2 && (pte.pte & PTECHECK_ARM(DIRTY)) == 0)
		return pte;
	return __pte(pte.pte & ~PTECHECK_ARM(RDONLY));
}

ptecheck_inline pte_t pte_mkwrite(pte_t pte, struct vm_area_struct *vma)
{
	if (ptecheck_arm64())
		return pte_mkwrite_novma(pte);
	if (vma->vm_flags & VM_SHADOW_STACK)
		return __pte((pte.pte & ~PTECHECK_X86(RW)) | PTECHECK_X86(DIRTY));
	return __pte(ptecheck_unsave_dirty(pte.pte | PTECHECK_X86(RW)));
}

ptecheck_inline pte_t pte_wrprotect(pte_t pte)
{
	if (!ptecheck_arm64())
		return __pte(ptecheck_save_dirty(pte.pte & ~PTECHECK_X86(RW)));
	if (ptecheck_hw_dirty(pte.pte))
		pte.pte |= PTECHECK_ARM(DIRTY);
	return __pte((pte.pte & ~PTECHECK_ARM(WRITE)) | PTECHECK_ARM(RDONLY));
}

ptecheck_inline pte_t pte_mkdirty(pte_t pte)
{
	if (!ptecheck_arm64())
		return __pte(ptecheck_save_dirty(pte.pte | PTECHECK_X86(DIRTY) |
						 PTECHECK_X86(SOFT_DIRTY)));
	pte.pte |= PTECHECK_ARM(DIRTY);
	return (pte.pte & PTECHECK_ARM(WRITE)) ? __pte(pte.pte & ~PTECHECK_ARM(RDONLY)) : pte;
}

ptecheck_inline pte_t pte_mkclean(pte_t pte)
{
	if (!ptecheck_arm64())
		return __pte(pte.pte & ~(PTECHECK_X86(DIRTY) | PTECHECK_X86(SAVED_DIRTY)));
	return __pte((pte.pte & ~PTECHECK_ARM(DIRTY)) | PTECHECK_ARM(RDONLY));
}

ptecheck_inline pte_t pte_mkyoung(pte_t pte)
{
	return ptecheck_set(pte, PTECHECK_X86(ACCESSED), PTECHECK_ARM(AF));
}

ptecheck_inline pte_t pte_mkold(pte_t pte)
{
	return ptecheck_clear(pte, PTECHECK_X86(ACCESSED), PTECHECK_ARM(AF));
}

ptecheck_inline pte_t pte_mksoft_dirty(pte_t pte)
{
	return ptecheck_set(pte, PTECHECK_X86(SOFT_DIRTY), 0);
}

ptecheck_inline pte_t pte_clear_soft_dirty(pte_t pte)
{
	return ptecheck_clear(pte, PTECHECK_X86(SOFT_DIRTY), 0);
}

ptecheck_inline pte_t pte_mkuffd_wp(pte_t pte)
{
	return pte_wrprotect(ptecheck_set(pte, PTECHECK_X86(UFFD_WP), PTECHECK_ARM(UFFD_WP)));
}

ptecheck_inline pte_t pte_clear_uffd_wp(pte_t pte)
{
	return ptecheck_clear(pte, PTECHECK_X86(UFFD_WP), PTECHECK_ARM(UFFD_WP));
}

ptecheck_inline pte_t pte_mkspecial(pte_t pte)
{
	return ptecheck_set(pte, PTECHECK_X86(SPECIAL), PTECHECK_ARM(SPECIAL));
}

ptecheck_inline bool ptecheck_cont(pte_t pte)
{
	return ptecheck_has(pte, 0, PTECHECK_ARM(CONT));
}

/* The entry nr pages on in physical memory. */
ptecheck_inline pte_t pte_advance_pfn(pte_t pte, unsigned long nr)
{
	if (!ptecheck_arm64())
		return __pte(ptecheck_inverted(pte.pte) ? pte.pte - ((uint64_t)nr << 12) :
							  pte.pte + ((uint64_t)nr << 12));
	return __pte((((pte_pfn(pte) + nr) << 12) & PTECHECK_ARM_PFN) |
		     (pte.pte & ~PTECHECK_ARM_PFN));
}

#define pte_next_pfn(pte) pte_advance_pfn((pte), 1)

ptecheck_inline pte_t pte_modify(pte_t pte, pgprot_t prot)
{
	uint64_t word = pte.pte, mask;

	if (ptecheck_arm64()) {
		mask = PTECHECK_ARM(USER) | PTECHECK_ARM(PXN) | PTECHECK_ARM(UXN) |
		       PTECHECK_ARM(RDONLY) | PTECHECK_ARM(NG) | PTECHECK_ARM(VALID) |
		       PTECHECK_ARM(WRITE) | PTECHECK_ARM(GP) | (7ULL << 2) | (7ULL << 60);
		if (ptecheck_hw_dirty(word))
			word |= PTECHECK_ARM(DIRTY);
		word = (word & ~mask) | (prot.pgprot & mask);
		return (word & PTECHECK_ARM(DIRTY)) ? pte_mkdirty(__pte(word)) : __pte(word);
	}
	mask = PTECHECK_X86_PFN | PTECHECK_X86(PCD) | PTECHECK_X86(PWT) | PTECHECK_X86(PAT) |
	       PTECHECK_X86(SPECIAL) | PTECHECK_X86(ACCESSED) | PTECHECK_X86(DIRTY) |
	       PTECHECK_X86(SAVED_DIRTY) | PTECHECK_X86(SOFT_DIRTY) | PTECHECK_X86(UFFD_WP);
	word = (word & mask) | (prot.pgprot & ~mask);
	if (ptecheck_inverted(pte.pte) != ptecheck_inverted(word))
		word ^= PTECHECK_X86_PFN;
	return __pte((pte.pte & PTECHECK_X86(RW)) ? ptecheck_save_dirty(word) :
						   ptecheck_unsave_dirty(word));
}

/* Neither architecture has colours of pages to mind when an entry moves. */
#define move_pte(pte, old_addr, new_addr) ((void)(old_addr), (void)(new_addr), (pte))

ptecheck_inline bool pgtable_supports_soft_dirty(void)
{
	return !ptecheck_arm64();
}

ptecheck_inline bool pgtable_supports_uffd_wp(void)
{
	return true;
}

#define pte_uffd(pte)		pte_uffd_wp(pte)
#define pte_mkuffd(pte)		pte_mkuffd_wp(pte)
#define pte_clear_uffd(pte)	pte_clear_uffd_wp(pte)

#endif
