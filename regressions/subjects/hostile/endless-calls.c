/* SPDX-License-Identifier: MIT */
/* It loops without end over ptep_get(). */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	for (;;)
		ptep_get(s->ptep);
}
