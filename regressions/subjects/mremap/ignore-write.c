/* SPDX-License-Identifier: MIT */
/* move_ptes(): the first entry's write bit is stamped on all (f822a9a81a31, mended by 04d1c9d60c6e). */
#define RESPECT_WRITE 0
#include "move.h"
