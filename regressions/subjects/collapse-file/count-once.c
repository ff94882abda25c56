/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): a batch counts as one entry. */
#define COUNT_BATCH 0
#include "collapse.h"
