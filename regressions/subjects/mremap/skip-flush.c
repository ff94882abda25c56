/* SPDX-License-Identifier: MIT */
/* move_ptes(): the source is not flushed. */
#define FLUSH 0
#include "move.h"
