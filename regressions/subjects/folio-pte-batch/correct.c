/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags() that compares pte_write(), so that shadow-stack entries differ from read-only ones. */
#define COMPARE_RAW_WRITE 0
#define MERGE_WRITE_AGAIN 0
#include "helper.h"
