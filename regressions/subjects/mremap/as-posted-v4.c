/* SPDX-License-Identifier: MIT */
/* move_ptes(): as posted on 2025-06-10, in the names of 6.15, whose batch ignores the write bit. */
#ifndef PTECHECK_KERNEL
#define PTECHECK_KERNEL 615
#endif
#include "move.h"
