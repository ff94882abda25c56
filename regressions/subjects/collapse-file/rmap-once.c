/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): one mapping goes for a batch. */
#define RMAP_BATCH 0
#include "collapse.h"
