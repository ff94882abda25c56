/* SPDX-License-Identifier: MIT */
/* move_ptes(): reclaim's deferred flush is not waited for. */
#define FLUSH_PENDING 0
#include "move.h"
