/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): the entries are cleared and the table unlinked without one lock over both. */
#define EARLY_PMD_LOCK 0
#include "collapse.h"
