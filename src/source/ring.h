/*
 * ring.h - reads a BPF ring buffer through a small window
 *
 * libbpf maps all of a ring, twice in a row as the kernel does, so 32 MiB of
 * ring are 64 MiB of resident memory, most of which nobody ever looks at.
 * Here a window of it is mapped, and moved along: 1 MiB at a time.
 *
 *	struct ring *r = ring_new(map_fd, size);
 *	ring_read(r, on_record, arg);		when map_fd is readable
 *	ring_free(r);
 *
 * The layout is that of kernel/bpf/ringbuf.c, which may not change: one page
 * with the reader's position, which we write; one with the writer's; and the
 * data.
 */
#ifndef SOURCE_RING_H
#define SOURCE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* The map's descriptor stays the caller's; size is the map's max_entries.
 * NULL with errno. */
struct ring *ring_new(int map_fd, size_t size);
/*
 * Gives each record to take() until that says no (the record it got then is
 * taken all the same), or there is none, or one that is still being written.
 * 0, or -1 with errno: the next window cannot be mapped; nothing is lost.
 */
int ring_read(struct ring *r,
	      bool (*take)(void *arg, const void *record, size_t len),
	      void *arg);
/* Where the records end that there are now, also those still being written; and
 * whether all of them were given.  A program's record is there before what it
 * tells of can be seen elsewhere. */
unsigned long ring_end(const struct ring *r);
bool ring_passed(const struct ring *r, unsigned long end);
void ring_free(struct ring *r);

#endif
