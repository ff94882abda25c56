/* SPDX-License-Identifier: MIT */
/* move_ptes(): the flush comes after the unlock (CVE-2018-18281). */
#define FLUSH_BEFORE_UNLOCK 0
#include "move.h"
