/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): a restore stamps the first entry's write and soft-dirty on all (CVE-2026-31398). */
#define RESPECT_WRITE_SOFT_DIRTY 0
#include "unmap.h"
