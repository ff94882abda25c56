/* SPDX-License-Identifier: MIT */
/*
 * Values of entries that are not present: swap, migration, device, poison, markers. Bits
 * lie elsewhere than in present entries on purpose: the wrong helper gives the wrong bit.
 */
#ifndef PTECHECK_SWAP_H
#define PTECHECK_SWAP_H

typedef struct { uint64_t val; } swp_entry_t;
typedef swp_entry_t softleaf_t;

#define SWP_HWPOISON			24u
#define SWP_MIGRATION_READ		25u
#define SWP_MIGRATION_READ_EXCLUSIVE	26u
#define SWP_MIGRATION_WRITE		27u
#define SWP_DEVICE_WRITE		28u
#define SWP_DEVICE_READ			29u
#define SWP_DEVICE_EXCLUSIVE		30u
#define SWP_PTE_MARKER			31u

#define PTE_MARKER_UFFD_WP	BIT(0)
#define PTE_MARKER_POISONED	BIT(1)
#define PTE_MARKER_GUARD	BIT(2)

#define PTECHECK_SWP_OFFSET	((1ULL << 50) - 1)

ptecheck_inline swp_entry_t swp_entry(unsigned long type, uint64_t offset)
{
	return (swp_entry_t){ ((uint64_t)type << 58) | (offset & PTECHECK_SWP_OFFSET) };
}

ptecheck_inline unsigned int swp_type(swp_entry_t entry)
{
	return (unsigned int)(entry.val >> 58);
}

ptecheck_inline uint64_t swp_offset(swp_entry_t entry)
{
	return entry.val & PTECHECK_SWP_OFFSET;
}

ptecheck_inline swp_entry_t pte_to_swp_entry(pte_t pte)
{
	if (ptecheck_arm64())
		return swp_entry((pte.pte >> 6) & 31, pte.pte >> 12);
	return swp_entry(pte.pte >> 59, ~pte.pte >> 9);
}

ptecheck_inline pte_t swp_entry_to_pte(swp_entry_t entry)
{
	uint64_t type = swp_type(entry), offset = swp_offset(entry);

	if (ptecheck_arm64())
		return __pte((type << 6) | (offset << 12));
	return __pte((type << 59) | ((~offset & PTECHECK_SWP_OFFSET) << 9));
}

ptecheck_inline bool is_swap_pte(pte_t pte)
{
	return !pte_none(pte) && !pte_present(pte);
}

ptecheck_inline bool non_swap_entry(swp_entry_t entry)
{
	return swp_type(entry) >= SWP_HWPOISON;
}

ptecheck_inline bool pte_swp_soft_dirty(pte_t pte)
{
	return ptecheck_has(pte, 1ULL << 1, 0);
}

ptecheck_inline pte_t pte_swp_mksoft_dirty(pte_t pte)
{
	return ptecheck_set(pte, 1ULL << 1, 0);
}

ptecheck_inline pte_t pte_swp_clear_soft_dirty(pte_t pte)
{
	return ptecheck_clear(pte, 1ULL << 1, 0);
}

ptecheck_inline bool pte_swp_uffd_wp(pte_t pte)
{
	return ptecheck_has(pte, 1ULL << 2, 1ULL << 3);
}

ptecheck_inline pte_t pte_swp_mkuffd_wp(pte_t pte)
{
	return ptecheck_set(pte, 1ULL << 2, 1ULL << 3);
}

ptecheck_inline pte_t pte_swp_clear_uffd_wp(pte_t pte)
{
	return ptecheck_clear(pte, 1ULL << 2, 1ULL << 3);
}

ptecheck_inline bool pte_swp_exclusive(pte_t pte)
{
	return ptecheck_has(pte, 1ULL << 3, 1ULL << 2);
}

ptecheck_inline pte_t pte_swp_mkexclusive(pte_t pte)
{
	return ptecheck_set(pte, 1ULL << 3, 1ULL << 2);
}

ptecheck_inline pte_t pte_swp_clear_exclusive(pte_t pte)
{
	return ptecheck_clear(pte, 1ULL << 3, 1ULL << 2);
}

ptecheck_inline bool is_pte_marker(pte_t pte)
{
	return is_swap_pte(pte) && swp_type(pte_to_swp_entry(pte)) == SWP_PTE_MARKER;
}

ptecheck_inline pte_t make_pte_marker(uint64_t marker)
{
	return swp_entry_to_pte(swp_entry(SWP_PTE_MARKER, marker));
}

ptecheck_inline bool ptecheck_uffd_wp_marker(pte_t pte)
{
	return is_pte_marker(pte) && (swp_offset(pte_to_swp_entry(pte)) & PTE_MARKER_UFFD_WP) != 0;
}

#define pte_marker_uffd_wp(pte) ptecheck_uffd_wp_marker(pte)
#define pte_is_uffd_wp_marker(pte) ptecheck_uffd_wp_marker(pte)
#define pte_swp_uffd(pte)	pte_swp_uffd_wp(pte)
#define pte_swp_mkuffd(pte)	pte_swp_mkuffd_wp(pte)
#define pte_swp_clear_uffd(pte)	pte_swp_clear_uffd_wp(pte)
#define softleaf_from_pte(pte)	pte_to_swp_entry(pte)

#endif
