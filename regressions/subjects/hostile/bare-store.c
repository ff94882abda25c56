/* SPDX-License-Identifier: MIT */
/* It stores to an entry without a helper. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	*s->ptep = __pte(0x123000);
}
