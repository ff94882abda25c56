/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): as upstream does since 7.0. */
#include "unmap.h"
