/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): every entry is looked at, whatever the architecture hints. */
#define STEP_BY_HINT 0
#include "helper.h"
