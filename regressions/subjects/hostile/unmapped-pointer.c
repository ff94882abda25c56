/* SPDX-License-Identifier: MIT */
/* It asks for an entry of no table. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	ptep_get((pte_t *)0x1000);
}
