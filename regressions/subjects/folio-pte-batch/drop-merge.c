/* SPDX-License-Identifier: MIT */
/* folio_pte_batch_flags(): what later entries are is not told. */
#define MERGE 0
#include "helper.h"
