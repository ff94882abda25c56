/* SPDX-License-Identifier: MIT */
/* It calls itself without end. */
#include "hostile.h"

static noinline int deeper(volatile char *above)
{
	volatile char here[512];

	here[0] = *above;
	return deeper(here) + here[0];
}

static void misbehave(struct scene *s)
{
	(void)s;
	volatile char top = 0;

	deeper(&top);
}
