/* SPDX-License-Identifier: MIT */
/* folio_pte_batch() of 6.15 and 6.16: three answers, and no flag for write. */
#define PTECHECK_KERNEL 615
#include "helper.h"
