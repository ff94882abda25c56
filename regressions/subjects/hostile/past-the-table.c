/* SPDX-License-Identifier: MIT */
/* It writes past the end of the source table. */
#include "hostile.h"

static void misbehave(struct scene *s)
{
	for (unsigned long i = 0; i <= PTRS_PER_PTE; i++)
		((volatile pte_t *)s->ptep)[i] = s->ptep[0];
}
