/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): the table is taken to be the one that was linked before. */
#define CHECK_PMD 0
#include "collapse.h"
