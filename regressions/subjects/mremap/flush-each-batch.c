/* SPDX-License-Identifier: MIT */
/* move_ptes(): every batch is flushed for itself. */
#define FLUSH_AT_END 0
#include "move.h"
