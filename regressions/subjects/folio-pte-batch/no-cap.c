/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): the maximum is not minded, only the end of the folio. */
#define CAP 0
#include "helper.h"
