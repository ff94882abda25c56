/* SPDX-License-Identifier: MIT */
/* It counts its calls, and moves nothing in every third. */
#include "hostile.h"

static int calls;

static void misbehave(struct scene *s)
{
	if (++calls % 3 == 0)
		s->skip = true;
}
