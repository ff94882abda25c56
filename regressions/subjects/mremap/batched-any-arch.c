/* SPDX-License-Identifier: MIT */
/* move_ptes(): batches wherever a folio does, on x86-64 too. */
#include "move.h"
