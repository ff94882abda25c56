/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): only the first entry of a batch comes back. */
#define RESTORE_BATCH 0
#include "unmap.h"
