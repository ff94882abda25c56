/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): the references are read while the entries still let others take one. */
#define REFCOUNT_FIRST 1
#include "unmap.h"
