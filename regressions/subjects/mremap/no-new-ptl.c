/* SPDX-License-Identifier: MIT */
/* move_ptes(): the destination is written without its lock. */
#define LOCK_NEW_PTL 0
#include "move.h"
