/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): 6.16: write bits are restored from the first entry (CVE-2026-31398), and the count is stale (CVE-2026-63950). */
#ifndef PTECHECK_KERNEL
#define PTECHECK_KERNEL 615
#endif
#define RESPECT_WRITE_SOFT_DIRTY 0
#define RESET_COUNT 0
#include "unmap.h"
