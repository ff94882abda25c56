/* SPDX-License-Identifier: MIT */
/* It writes before the start of the source table. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	s->ptep[-1 - (long)pte_index(s->addr)] = __pte(1);
	set_pte_at(s->mm, s->addr, s->ptep, s->ptep[0]);
}
