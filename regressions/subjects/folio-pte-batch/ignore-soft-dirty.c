/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): FPB_RESPECT_SOFT_DIRTY has no effect. */
#define RESPECT_SOFT_DIRTY 0
#include "helper.h"
