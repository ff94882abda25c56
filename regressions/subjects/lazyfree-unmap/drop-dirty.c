/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): pages of a dirty folio go. */
#define KEEP_DIRTY 0
#include "unmap.h"
