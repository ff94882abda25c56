/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): uffd-wp is not compared. */
#define RESPECT_UFFD 0
#include "helper.h"
