/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): the mappings are taken back, and the entries stay. */
#define CLEAR_ENTRIES 0
#include "collapse.h"
