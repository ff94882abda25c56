/* SPDX-License-Identifier: MIT */
/* move_ptes(): the source's lock is released twice. */
#define UNLOCK_ONCE 0
#include "move.h"
