/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): the table that goes stays counted. */
#define COUNT_TABLES 0
#include "collapse.h"
