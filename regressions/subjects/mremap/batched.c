/* SPDX-License-Identifier: MIT */
/* move_ptes(): upstream since 6.18. */
#define HINT_ONLY 1
#include "move.h"
