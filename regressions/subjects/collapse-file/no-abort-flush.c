/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): what was cleared before giving up is not flushed. */
#define FLUSH_AT_ABORT 0
#include "collapse.h"
