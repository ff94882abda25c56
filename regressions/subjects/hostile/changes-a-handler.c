/* SPDX-License-Identifier: MIT */
/* It ignores SIGSEGV, and then needs it. */
#include <signal.h>
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	signal(SIGSEGV, SIG_IGN);
	*(volatile int *)0 = 1;
}
