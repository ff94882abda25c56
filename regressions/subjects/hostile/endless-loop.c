/* SPDX-License-Identifier: MIT */
/* It loops without end and without calls. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	for (volatile int i = 0;; i++)
		;
}
