/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): a folio that is referenced becomes swap-backed again (before 6.15). */
#define SWAPBACKED_ALWAYS 1
#include "unmap.h"
