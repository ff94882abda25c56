/* SPDX-License-Identifier: MIT */
/* It writes far away from everything. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	*(volatile long *)0x400000000000UL = 1;
}
