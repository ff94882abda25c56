/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): up to 6.16, one entry at a time. */
#define BATCH 0
#include "collapse.h"
