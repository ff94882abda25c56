/* SPDX-License-Identifier: MIT */
/* move_ptes(): moved entries are not marked soft-dirty. */
#define MARK_SOFT_DIRTY 0
#include "move.h"
