/* SPDX-License-Identifier: MIT */
/* move_ptes(): the loop stands still at an empty entry. */
#define ADVANCE 0
#include "move.h"
