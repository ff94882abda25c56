/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): pages go although somebody holds them (before 6c8e2a256915). */
#define KEEP_PINNED 0
#include "unmap.h"
