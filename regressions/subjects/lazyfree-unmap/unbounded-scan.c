/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): the batch is bounded by the folio alone (CVE-2025-38447). */
#define BOUND_SCAN 0
#include "unmap.h"
