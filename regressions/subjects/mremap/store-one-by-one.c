/* SPDX-License-Identifier: MIT */
/* move_ptes(): the batch is stored entry by entry. */
#define STORE_AT_ONCE 0
#include "move.h"
