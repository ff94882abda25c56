/* SPDX-License-Identifier: MIT */
/* It divides by zero. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	volatile int zero = 0;

	set_pte_at(s->mm, s->addr, s->ptep, __pte(1 / zero));
}
