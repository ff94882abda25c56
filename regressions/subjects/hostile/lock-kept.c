/* SPDX-License-Identifier: MIT */
/* It returns with the lock held. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	s->keep = true;
}
