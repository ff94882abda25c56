/* SPDX-License-Identifier: MIT */
/* It releases the lock twice. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	spin_unlock(s->ptl);
}
