/* SPDX-License-Identifier: MIT */
/* It prints to standard output. */
#include <stdio.h>
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	printf("moving\n");
}
