/* SPDX-License-Identifier: MIT */
/* move_ptes(): a special entry is taken for one of a folio. */
#define TEST_SPECIAL 0
#include "move.h"
