#include "source/ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

enum { WINDOW = 1 << 20 };

/* the position of the reader and that of the writer count on for ever */
struct ring {
	int fd;
	size_t size;		/* of the data: a power of two */
	size_t page;
	unsigned long *reader, *writer;	/* a page each */
	char *window;		/* NULL: none */
	size_t at, len;		/* offset in the data, and bytes mapped */
};

/* Of the map: the reader's page, the writer's, and the data twice in a row. */
static void *map(const struct ring *r, size_t at, size_t len, int protection)
{
	void *p = mmap(NULL, len, protection, MAP_SHARED, r->fd, (off_t)at);

	return p == MAP_FAILED ? NULL : p;
}

static void unmap(void *p, size_t len)
{
	if (p)
		munmap(p, len);
}

struct ring *ring_new(int map_fd, size_t size)
{
	struct ring *r = mem_zalloc(sizeof(*r));
	int error;

	r->fd = map_fd;
	r->size = size;
	r->page = sysconf(_SC_PAGESIZE);
	r->reader = map(r, 0, r->page, PROT_READ | PROT_WRITE);
	r->writer = map(r, r->page, r->page, PROT_READ);
	if (r->reader && r->writer)
		return r;
	error = errno;
	ring_free(r);
	errno = error;
	return NULL;
}

void ring_free(struct ring *r)
{
	if (!r)
		return;
	unmap(r->window, r->len);
	unmap(r->writer, r->page);
	unmap(r->reader, r->page);
	free(r);
}

/*
 * len bytes of the data from `at`, which is below size; NULL with errno.
 * As the data are there twice, nothing wraps.
 */
static const char *look(struct ring *r, size_t at, size_t len)
{
	size_t first, wanted = len + 2 * r->page;

	if (!r->window || at < r->at || at + len > r->at + r->len) {
		unmap(r->window, r->len);
		first = at - at % r->page;
		if (wanted < WINDOW)
			wanted = WINDOW;
		wanted -= wanted % r->page;
		if (wanted > 2 * r->size - first)
			wanted = 2 * r->size - first;
		r->at = first;
		r->len = wanted;
		r->window = map(r, 2 * r->page + first, wanted, PROT_READ);
	}
	return r->window ? r->window + (at - r->at) : NULL;
}

/*
 * Returns the header of the record at pos with its record mapped behind it, or
 * NULL: it is still being written (*error 0), or cannot be mapped (-1).
 */
static const char *record_at(struct ring *r, unsigned long pos, uint32_t *len,
			     int *error)
{
	size_t at = pos & (r->size - 1);
	const char *header = look(r, at, BPF_RINGBUF_HDR_SZ);

	*error = header ? 0 : -1;
	if (!header)
		return NULL;
	*len = __atomic_load_n((const uint32_t *)header, __ATOMIC_ACQUIRE);
	if (*len & BPF_RINGBUF_BUSY_BIT)
		return NULL;
	header = look(r, at, BPF_RINGBUF_HDR_SZ +
		      (*len & ~BPF_RINGBUF_DISCARD_BIT));
	*error = header ? 0 : -1;
	return header;
}

unsigned long ring_end(const struct ring *r)
{
	return __atomic_load_n(r->writer, __ATOMIC_ACQUIRE);
}

bool ring_passed(const struct ring *r, unsigned long end)
{
	return (long)(*r->reader - end) >= 0;
}

int ring_read(struct ring *r,
	      bool (*take)(void *arg, const void *record, size_t len),
	      void *arg)
{
	unsigned long pos = *r->reader, end = pos;
	bool more = true;
	int error = 0;

	while (more) {
		const char *record;
		uint32_t len;

		if (pos == end)
			end = ring_end(r);
		if (pos == end)
			break;
		record = record_at(r, pos, &len, &error);
		if (!record)
			break;
		if (!(len & BPF_RINGBUF_DISCARD_BIT))
			more = take(arg, record + BPF_RINGBUF_HDR_SZ, len);
		len &= ~BPF_RINGBUF_DISCARD_BIT;
		pos += (len + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
		__atomic_store_n(r->reader, pos, __ATOMIC_RELEASE);
	}
	return error;
}
