/* SPDX-License-Identifier: MIT */
/* move_ptes(): uffd-wp survives the move of a VMA that loses its uffd (CVE-2025-21696). */
#define CLEAR_UFFD 0
#include "move.h"
