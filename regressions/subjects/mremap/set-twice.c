/* SPDX-License-Identifier: MIT */
/* move_ptes(): the batch is stored twice over. */
#define SET_ONCE 0
#include "move.h"
