/* SPDX-License-Identifier: MIT */
/* move_ptes(): it sleeps under the lock. */
#define STAY_AWAKE 0
#include "move.h"
