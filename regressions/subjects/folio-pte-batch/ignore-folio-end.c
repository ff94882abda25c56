/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): the batch goes on into the next folio. */
#define STOP_AT_FOLIO_END 0
#include "helper.h"
