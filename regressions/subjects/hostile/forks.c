/* SPDX-License-Identifier: MIT */
/* It forks. */
#include <unistd.h>
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	fork();
}
