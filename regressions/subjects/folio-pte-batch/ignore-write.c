/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): FPB_RESPECT_WRITE has no effect. */
#define RESPECT_WRITE 0
#include "helper.h"
