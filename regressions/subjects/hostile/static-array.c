/* SPDX-License-Identifier: MIT */
/* It writes past the end of an array of its own. */
#include "hostile.h"

static volatile int table[4];

static void misbehave(struct scene *s)
{
	(void)s;
	for (volatile int i = 0; i < 8; i++)
		table[i] = 1;
}
