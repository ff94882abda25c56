/* SPDX-License-Identifier: MIT */
/* It asks for a terabyte. */
#include <stdlib.h>
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	volatile char *p = malloc(1UL << 40);

	p[0] = 1;
}
