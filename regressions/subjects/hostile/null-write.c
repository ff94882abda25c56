/* SPDX-License-Identifier: MIT */
/* It writes to NULL. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	*(volatile int *)0 = 1;
}
