/* SPDX-License-Identifier: MIT */
/* move_ptes(): the batch is bounded by the folio alone and leaves the extent (CVE-2025-38447, here in mremap). */
#define CAP_TO_EXTENT 0
#include "move.h"
