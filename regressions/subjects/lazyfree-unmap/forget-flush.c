/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): nothing is flushed or put off. */
#define FLUSH 0
#include "unmap.h"
