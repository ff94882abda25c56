/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): batched, without the three faults that upstream still has. */
#define KEEP_SOFT_DIRTY 1
#define FLUSH_BEFORE_RESTORE 1
#define UNFOLD_FIRST 1
#include "unmap.h"
