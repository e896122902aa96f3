/*
 * dump.c - one sock_diag dump, received and thrown away
 *
 *	dump [STATES [EXTENSIONS]]	numbers, hexadecimal with 0x
 *
 * The floor under every pass over sock_diag: the request tulpen sends for a
 * pass, received into a buffer as large as its own, and nothing read of it.  Prints ms of wall clock, ms of CPU, messages, bytes.
 */
#include "floor.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	const uint32_t states = argc > 1 ? strtoul(argv[1], NULL, 0) :
					   FLOOR_STATES;
	const uint8_t extensions = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	struct floor f;

	floor_dump(&f, states, extensions);
	printf("%.1f %.1f %llu %llu\n", f.wall / 1e6, f.cpu / 1e6,
	       (unsigned long long)f.reads, (unsigned long long)f.bytes);
	return 0;
}
