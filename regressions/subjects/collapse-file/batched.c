/* SPDX-License-Identifier: MIT */
/* collapse_pte_mapped_thp(): as upstream does since 6.17. */
#include "collapse.h"
