/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): as posted on 2025-06-25, which looks up the folio of an entry that may have no page. */
#ifndef PTECHECK_KERNEL
#define PTECHECK_KERNEL 615
#endif
#define CHECK_FIRST 0
#include "collapse.h"
