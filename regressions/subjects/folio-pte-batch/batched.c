/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): upstream since 6.17. */
#include "helper.h"
