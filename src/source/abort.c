/*
 * abort.c - a socket closed from outside: SOCK_DESTROY over sock_diag
 */
#include "source/abort.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "source/diag.h"
#include "source/nlsock.h"

struct aborter {
	struct nlsock nl;
	uint32_t seq;			/* the last one used */
	_Alignas(8) char request[ABORT_BATCH * NLMSG_ALIGN(DIAG_REQUEST_SIZE)];
	_Alignas(8) char buf[NLSOCK_BUFFER];
};

struct aborter *abort_on(const struct nlsock *nl)
{
	struct aborter *a = mem_zalloc(sizeof(*a));

	a->nl = *nl;
	return a;
}

struct aborter *abort_new(void)
{
	struct nlsock nl;

	return nlsock_open(&nl) < 0 ? NULL : abort_on(&nl);
}

void abort_free(struct aborter *a)
{
	if (!a)
		return;
	nlsock_close(&a->nl);
	free(a);
}

static int send_all(struct aborter *a, const struct abort_item *items, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += NLMSG_ALIGN(diag_request_abort(a->request + len,
						      a->seq + 1 + i,
						      &items[i].id,
						      items[i].cookie));
	return nlsock_send(&a->nl, a->request, len);
}

/* Only the first answer to a request counts; returns how many had theirs. */
static size_t take(struct aborter *a, struct abort_item *items, uint32_t first,
		   size_t len)
{
	struct diag_reader reader;
	struct diag_message m;
	size_t answered = 0;

	diag_reader_init(&reader, a->buf, len, first, a->seq, a->nl.portid);
	while (diag_next(&reader, &m) != DIAG_END) {
		struct abort_item *item;

		if (m.kind != DIAG_ERROR)
			continue;
		item = &items[m.seq - first];
		if (item->error != ETIMEDOUT)
			continue;
		/* some kernels say one, some the other for a wrong cookie */
		item->error = m.error == ESTALE ? ENOENT : m.error;
		answered++;
	}
	return answered;
}

int abort_ask(struct aborter *a, struct abort_item *items, size_t n)
{
	uint32_t first = a->seq + 1;
	size_t left = n, len;

	if (send_all(a, items, n) < 0) {
		for (size_t i = 0; i < n; i++)
			items[i].error = errno;
		return -1;
	}
	a->seq += n;
	for (size_t i = 0; i < n; i++)
		items[i].error = ETIMEDOUT;
	while (left && !nlsock_await(&a->nl, a->buf, sizeof(a->buf), &len))
		left -= take(a, items, first, len);
	return 0;
}
