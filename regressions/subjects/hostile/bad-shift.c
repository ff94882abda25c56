/* SPDX-License-Identifier: MIT */
/* It shifts by more than a word has. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	volatile int width = 64;

	set_pte_at(s->mm, s->addr, s->ptep, __pte(1UL << width));
}
