/* SPDX-License-Identifier: MIT */
/* It opens a file. */
#include <fcntl.h>
#include "hostile.h"

static void misbehave(struct scene *s)
{
	(void)s;
	open("/etc/passwd", O_RDONLY);
}
