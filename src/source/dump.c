/*
 * dump.c - rows from a file that "ss -D FILE" wrote
 */
#include "source/dump.h"

#include <byteswap.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libmnl/libmnl.h>
#include <linux/sock_diag.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "source/diag.h"

enum {
	BUFFER_SIZE = 1 << 18,
	MESSAGE_MAX = 1 << 17,	/* no kernel sends more than 32 KiB */
};

struct dump {
	struct source source;
	struct source_want want;
	char *path;
	int fd;			/* -1: not open */
	char *buf;
	size_t at, len;		/* of buf: what is still to be looked at */
	uint64_t offset;	/* in the file, of buf */
	uint64_t messages;
	bool at_end;		/* nothing more to read */
	bool open_dump;		/* rows came that no DONE has ended yet */
};

static struct dump *dump_of(struct source *s)
{
	return (struct dump *)s;
}

/* The first reason is told, later ones follow from it. */
__attribute__((format(printf, 2, 3)))
static void partial(struct dump *d, const char *fmt, ...)
{
	struct source_report *r = &d->source.report;
	va_list ap;

	r->partial = true;
	if (r->reason[0])
		return;
	va_start(ap, fmt);
	vsnprintf(r->reason, sizeof(r->reason), fmt, ap);
	va_end(ap);
}

static void close_file(struct dump *d)
{
	if (d->fd > STDIN_FILENO)
		close(d->fd);
	d->fd = -1;
}

static int dump_begin(struct source *s, const struct source_want *w)
{
	struct dump *d = dump_of(s);

	close_file(d);
	d->want = *w;
	d->at = d->len = 0;
	d->offset = d->messages = 0;
	d->at_end = d->open_dump = false;
	d->fd = strcmp(d->path, "-") ? open(d->path, O_RDONLY | O_CLOEXEC) :
				       STDIN_FILENO;
	if (d->fd >= 0)
		return 0;
	s->report.error = errno;
	partial(d, "%s", strerror(errno));
	errno = s->report.error;
	return -1;
}

/* Reads on until there is something new, or nothing more. */
static void fill(struct dump *d)
{
	ssize_t n;

	memmove(d->buf, d->buf + d->at, d->len - d->at);
	d->len -= d->at;
	d->offset += d->at;
	d->at = 0;
	do
		n = read(d->fd, d->buf + d->len, BUFFER_SIZE - d->len);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		d->source.report.error = errno;
		partial(d, "%s", strerror(errno));
	}
	d->at_end = n <= 0;
	d->len += n > 0 ? (size_t)n : 0;
}

/* Nothing of the rest can be trusted: where the next message begins is not
 * known. */
static void give_up(struct dump *d)
{
	d->at = d->len;
	d->at_end = true;
}

/* Is this the header of a message from a machine with the other byte order? */
static bool turned_round(const struct nlmsghdr *nlh)
{
	uint16_t type = bswap_16(nlh->nlmsg_type);
	uint32_t len = bswap_32(nlh->nlmsg_len);

	return len >= sizeof(*nlh) && len <= MESSAGE_MAX &&
	       (type == SOCK_DIAG_BY_FAMILY || type == TCPDIAG_GETSOCK ||
		type == NLMSG_DONE);
}

static void bad_length(struct dump *d, const struct nlmsghdr *nlh)
{
	if (!d->messages && turned_round(nlh))
		partial(d, "written on a machine with the other byte order");
	else if (d->messages)
		partial(d, "at byte %" PRIu64 ": no message can be %u bytes "
			"long", d->offset + d->at, nlh->nlmsg_len);
	give_up(d);
}

/* The next whole message; NULL: more has to be read, or there is none. */
static struct nlmsghdr *next_message(struct dump *d, struct nlmsghdr *nlh)
{
	size_t left = d->len - d->at;
	struct nlmsghdr *message;

	if (left < sizeof(*nlh))
		return NULL;
	memcpy(nlh, d->buf + d->at, sizeof(*nlh));
	if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > MESSAGE_MAX) {
		bad_length(d, nlh);
		return NULL;
	}
	if (left < nlh->nlmsg_len)
		return NULL;
	/* lengths that are no multiple of four come with padding */
	message = (void *)(d->buf + d->at);
	d->at += MNL_ALIGN(nlh->nlmsg_len) < left ? MNL_ALIGN(nlh->nlmsg_len) :
						    left;
	return message;
}

static void give(struct dump *d, const struct source_sink *sink,
		 struct diag_message *m)
{
	struct source_report *r = &d->source.report;
	uint8_t state = m->row.state;
	unsigned bit = STATE_BIT(state < STATE_COUNT ? state : STATE_OTHER);

	d->open_dump = true;
	if (state == STATE_NONE) {
		r->bad++;
		return;
	}
	r->bad += m->ignored;
	if (!(d->want.states & bit) ||
	    !(m->row.id.family == AF_INET ? d->want.ipv4 : d->want.ipv6))
		return;
	r->rows++;
	if (m->row.detail) {
		m->row.detail = mem_alloc(sizeof(m->detail));
		memcpy(m->row.detail, &m->detail, sizeof(m->detail));
	}
	sink->row(sink->arg, &m->row);
}

/* Another kernel's errors; ours has the words for them. */
static void dump_ended(struct dump *d, const struct diag_message *m)
{
	d->open_dump = false;
	if (m->error)
		partial(d, "the kernel answered: %s", strerror(m->error));
}

static void take_message(struct dump *d, const struct source_sink *sink,
			 struct nlmsghdr *nlh)
{
	struct diag_reader r;
	struct diag_message m;

	d->messages++;
	/* what kernels before 3.3 call them */
	if (nlh->nlmsg_type == TCPDIAG_GETSOCK)
		nlh->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	diag_reader_init(&r, nlh, nlh->nlmsg_len, nlh->nlmsg_seq,
			 nlh->nlmsg_seq, nlh->nlmsg_pid);
	r.want_detail = r.bound = true;
	diag_next(&r, &m);
	if (m.interrupted)
		partial(d, "the table changed while it was written");
	switch (m.kind) {
	case DIAG_ROW:
		give(d, sink, &m);
		break;
	case DIAG_DONE:
	case DIAG_ERROR:
		dump_ended(d, &m);
		break;
	default:
		d->source.report.bad++;
		break;
	}
}

static enum source_result finish(struct dump *d)
{
	struct source_report *r = &d->source.report;
	bool useless = !d->messages || (!r->rows && d->messages == r->bad);

	close_file(d);
	if (useless && !r->reason[0])
		partial(d, d->offset + d->len ? "not what ss -D writes" :
						"empty: not even ss -D's end");
	if (useless)
		return SOURCE_FAILED;
	if (d->at < d->len)
		partial(d, "cut off at byte %" PRIu64 ", within a message",
			d->offset + d->len);
	else if (d->open_dump)
		partial(d, "cut off: the end is missing");
	return SOURCE_DONE;
}

static enum source_result dump_step(struct source *s,
				    const struct source_sink *sink,
				    int64_t budget_ns)
{
	struct dump *d = dump_of(s);
	int64_t end = clock_mono(s->clock) + budget_ns;
	struct nlmsghdr header, *nlh;

	if (d->fd < 0)
		return finish(d);
	do {
		if (!d->at_end)
			fill(d);
		while ((nlh = next_message(d, &header)))
			take_message(d, sink, nlh);
		if (d->at_end)
			return finish(d);
	} while (clock_mono(s->clock) < end);
	return SOURCE_MORE;
}

static void dump_free(struct source *s)
{
	struct dump *d = dump_of(s);

	close_file(d);
	free(d->path);
	free(d->buf);
	free(d);
}

static const struct source_ops dump_ops = {
	.name = "file",
	.origin = ORIGIN_NETLINK,
	.begin = dump_begin,
	.step = dump_step,
	.free = dump_free,
};

struct source *source_dump(const struct clock *clock, const char *path)
{
	struct dump *d = mem_zalloc(sizeof(*d));

	d->source.ops = &dump_ops;
	d->source.clock = clock;
	d->path = mem_strdup(path);
	d->fd = -1;
	d->buf = mem_alloc(BUFFER_SIZE);
	return &d->source;
}
