/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): the last hint may lead past the maximum. */
#define CLAMP_HINT 0
#include "helper.h"
