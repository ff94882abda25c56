/* SPDX-License-Identifier: MIT */
/*
 * Types and constants. Structures have the fields that page-table code reads, and no
 * others; a page is a place, what is known of it is asked for by functions.
 */
#ifndef PTECHECK_TYPES_H
#define PTECHECK_TYPES_H

typedef struct { uint64_t pte; } pte_t;
typedef struct { uint64_t pgprot; } pgprot_t;
typedef struct pmd_struct { uint64_t pmd; } pmd_t;
typedef struct spinlock { uint32_t table; } spinlock_t;
typedef uint64_t pteval_t;
typedef unsigned long vm_flags_t;
typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;
typedef int64_t s64;
typedef int32_t s32;

#define pte_val(pte)		((pte).pte)
#define __pte(value)		((pte_t){ (value) })
#define pgprot_val(prot)	((prot).pgprot)
#define __pgprot(value)		((pgprot_t){ (value) })
#define pmd_val(entry)		((entry).pmd)

typedef struct { int counter; } atomic_t;
struct list_head { struct list_head *next, *prev; };
struct mm_struct { uint32_t index; atomic_t mm_users; struct list_head mmlist; };
struct anon_vma { uint32_t vma; };
struct address_space { uint32_t vma; };
struct file { struct address_space *f_mapping; };

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	vm_flags_t vm_flags;
	struct anon_vma *anon_vma;
	struct file *vm_file;
	uint32_t index;
};

/* Pages of consecutive frames are consecutive, and a folio is its first page. */
struct page { uint64_t opaque[8]; };
struct folio { struct page page; };

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

/* Tables of a case may be small, so that their ends are near. */
#define PTRS_PER_PTE	(ptecheck_r->image->slots)
#define PMD_SIZE	((unsigned long)PTRS_PER_PTE << PAGE_SHIFT)
#define PMD_MASK	(~(PMD_SIZE - 1))

#define EAGAIN		11
#define SINGLE_DEPTH_NESTING 1

/* Options of the kernel that the model is of. */
#define CONFIG_MMU 1
#define CONFIG_MEM_SOFT_DIRTY 1
#define CONFIG_HAVE_ARCH_SOFT_DIRTY 1
#define CONFIG_PTE_MARKER_UFFD_WP 1
#define CONFIG_HAVE_ARCH_USERFAULTFD_WP 1
#define CONFIG_USERFAULTFD 1
#define CONFIG_TRANSPARENT_HUGEPAGE 1
#define IS_ENABLED(option) (option)

#define VM_NONE		0UL
#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_EXEC		0x00000004UL
#define VM_SHARED	0x00000008UL
#define VM_UFFD_MISSING	0x00000200UL
#define VM_UFFD_WP	0x00001000UL
#define VM_LOCKED	0x00002000UL
#define VM_SOFTDIRTY	0x08000000UL
#define VM_UFFD_MINOR	(1UL << 38)
#define VM_SHADOW_STACK	(1UL << 37)
#define VM_DROPPABLE	(1UL << 40)

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x) *)&(x) = (value))
#define BIT(n)		(1UL << (n))
#define __force
#ifndef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#endif
#define noinline	__attribute__((noinline))
#define fallthrough	__attribute__((fallthrough))
#define min(x, y) ({ __typeof__(x) ptecheck_x = (x); __typeof__(y) ptecheck_y = (y); \
	ptecheck_x < ptecheck_y ? ptecheck_x : ptecheck_y; })
#define max(x, y) ({ __typeof__(x) ptecheck_x = (x); __typeof__(y) ptecheck_y = (y); \
	ptecheck_x > ptecheck_y ? ptecheck_x : ptecheck_y; })
#define min_t(type, x, y) min((type)(x), (type)(y))
#define max_t(type, x, y) max((type)(x), (type)(y))

/* Assertions are looked at and say nothing: the oracles judge. */
#define VM_WARN_ON(condition)		((void)(condition))
#define VM_WARN_ON_ONCE(condition)	((void)(condition))
#define VM_BUG_ON(condition)		((void)(condition))
#define VM_WARN_ON_FOLIO(condition, folio) ((void)(condition), (void)(folio))
#define VM_WARN_ON_ONCE_FOLIO(condition, folio) ((void)(condition), (void)(folio))
#define VM_BUG_ON_PAGE(condition, page) ((void)(condition), (void)(page))
#define VM_BUG_ON_FOLIO(condition, folio) ((void)(condition), (void)(folio))
#define VM_WARN_ON_ONCE_PAGE(condition, page) ((void)(condition), (void)(page))
#define WARN_ON(condition)		({ bool ptecheck_w = !!(condition); ptecheck_w; })
#define WARN_ON_ONCE(condition)		WARN_ON(condition)
#define VM_WARN_ON_ONCE_VMA(condition, vma) ((void)(condition), (void)(vma))

#define PTECHECK_VPN(address)	((uint64_t)(address) >> PAGE_SHIFT)

/* The slot that a pointer means; -1 where it stands for a table. */
ptecheck_inline int32_t ptecheck_slot_of(const pmd_t *pmd)
{
	uintptr_t slot = ((uintptr_t)pmd - (uintptr_t)ptecheck_r->pmd_slots) / sizeof(*pmd);

	return slot < ptecheck_r->image->pmd_count ? (int32_t)slot : -1;
}

/* The table behind a PMD entry; -1 where it is none. */
ptecheck_inline int32_t ptecheck_table_of(const pmd_t *pmd)
{
	int32_t slot = ptecheck_slot_of(pmd);

	if (slot >= 0)
		return ptecheck_r->pmds[slot].kind == PTECHECK_PMD_KIND_TABLE ?
		       (int32_t)ptecheck_r->pmds[slot].value : -1;
	return (int32_t)pmd->pmd - 1;
}

#endif
