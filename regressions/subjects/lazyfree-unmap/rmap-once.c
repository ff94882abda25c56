/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): one mapping goes for a batch. */
#define RMAP_BATCH 0
#include "unmap.h"
