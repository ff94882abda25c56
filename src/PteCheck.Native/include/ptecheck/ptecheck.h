/* SPDX-License-Identifier: MIT */
/*
 * PteCheck for C: put a function of the kernel's memory management into a file, name it,
 * and have it checked against the loop that handles one page-table entry at a time.
 *
 *	#include <ptecheck/ptecheck.h>
 *
 *	static int move_ptes(struct pagetable_move_control *pmc, unsigned long extent,
 *			     pmd_t *old_pmd, pmd_t *new_pmd)
 *	{ ... as it stands in the kernel ... }
 *
 *	PTECHECK_MREMAP(move_ptes)
 *
 * and `ptecheck run --subject FILE.c`.
 *
 * The names are the kernel's and mean what the kernel's mean; state, locks, TLBs and
 * everybody else are PteCheck's model. PTECHECK_KERNEL says of which generation the
 * names are (each has its own batch helper):
 *
 *	615	6.15 and 6.16: folio_pte_batch() with nine arguments and FPB_IGNORE_*
 *	617	6.17: folio_pte_batch(), folio_pte_batch_flags() and FPB_RESPECT_*
 *	702	7.2, the default: the same
 *
 * What else was renamed between them (softleaf_t, lazy_mmu_mode_*, *_uffd) has both names.
 *
 * Define it before the #include, or say `--kernel 6.15`.
 *
 * The code below runs in a process of its own that may do nothing but compute: a system
 * call, a wild pointer or a loop without end is reported with the case that led to it.
 */
#ifndef PTECHECK_H
#define PTECHECK_H

#ifndef PTECHECK_KERNEL
#define PTECHECK_KERNEL 702
#endif
#if PTECHECK_KERNEL != 615 && PTECHECK_KERNEL != 617 && PTECHECK_KERNEL != 702
#error "ptecheck: PTECHECK_KERNEL is 615, 617 or 702"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"	/* what checker and subject share, generated */
#include "run.h"	/* the case at hand, and its log */
#include "types.h"	/* pte_t, struct folio, struct vm_area_struct, ... */
#include "pte.h"	/* values of entries */
#include "swap.h"	/* values of entries that are not present */
#include "folio.h"	/* from an entry to its folio */
#include "contpte.h"	/* arm64: contiguous blocks, beneath all that follows */
#include "slots.h"	/* reading, clearing and setting entries */
#include "batch.h"	/* folio_pte_batch() */
#include "locks.h"
#include "tlb.h"
#include "counts.h"	/* mappings, references, rss, folio flags */
#include "walk.h"	/* page_vma_mapped_walk(), notifiers, deferred flushes */
#include "elsewhere.h"	/* names of paths that no operation here takes */
#include "protect.h"	/* names of functions that no operation here has */
#include "mremap.h"	/* PTECHECK_MREMAP() */
#include "collapse.h"	/* PTECHECK_COLLAPSE_FILE() */
#include "lazyfree.h"	/* PTECHECK_LAZYFREE_UNMAP() */
#include "helper.h"	/* PTECHECK_FOLIO_PTE_BATCH() */

/* #undef lines: names above that the subject has functions of its own for. */
#ifdef PTECHECK_OWN
#include PTECHECK_OWN
#endif

#endif
