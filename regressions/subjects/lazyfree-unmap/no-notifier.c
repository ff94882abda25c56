/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): the secondary MMU is not told. */
#define NOTIFY 0
#include "unmap.h"
