/* SPDX-License-Identifier: MIT */
/* try_to_unmap_one(): a device-exclusive entry is accounted with the length of the batch before it (CVE-2026-63950). */
#define RESET_COUNT 0
#include "unmap.h"
