/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): step 2 does not look at the pages again. */
#define SCAN_AGAIN 0
#include "collapse.h"
