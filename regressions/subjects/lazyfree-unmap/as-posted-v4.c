/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): 6.15.0: the scan runs past the page table (CVE-2025-38447), a restore stamps write and soft-dirty. */
#ifndef PTECHECK_KERNEL
#define PTECHECK_KERNEL 615
#endif
#define BOUND_SCAN 0
#define ANY_BATCH 0
#define RESPECT_WRITE_SOFT_DIRTY 0
#include "unmap.h"
