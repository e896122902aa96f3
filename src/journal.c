#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "feed.h"

/* What a full disk may keep waiting; more is dropped, and told. */
#define WAITING_MAX	(16u << 20)

struct journal {
	int fd;
	struct monitor *monitor;
	struct out_options out;
	struct column_context context;
	struct feed feed;
	struct buf text;
	uint64_t dropped;	/* changes that found no room */
	bool told;		/* that it could not be written */
};

static const struct out_format *format_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	const char *name = "text";

	if (dot && (!strcmp(dot, ".json") || !strcmp(dot, ".jsonl")))
		name = "json";
	else if (dot && !strcmp(dot, ".csv"))
		name = "csv";
	return out_format_find(name);
}

struct journal *journal_open(const char *path, struct monitor *m,
			     char *error, size_t n)
{
	const struct out_format *format = format_of(path);
	struct journal *j;
	int fd;

	if (!format->change) {
		snprintf(error, n, "%s: this build writes no %s", path,
			 format->name);
		return NULL;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY,
		  0600);
	if (fd < 0) {
		snprintf(error, n, "%s: %s", path, strerror(errno));
		return NULL;
	}
	j = mem_zalloc(sizeof(*j));
	j->fd = fd;
	j->monitor = m;
	j->out = (struct out_options){ .header = true };
	j->context = (struct column_context){ .monitor = m };
	j->feed = (struct feed){
		.format = format, .out = &j->out, .context = &j->context,
		.log = m->log,
	};
	/* a file that goes on has its titles */
	if (format->begin && lseek(fd, 0, SEEK_END) <= 0)
		format->begin(&j->text, &j->out, OUT_CHANGES);
	return j;
}

/* error: 0 none, any more */
static void tell(struct journal *j, int error)
{
	struct status *st = &j->monitor->status;
	uint64_t lost = j->dropped + j->feed.missed;

	if (lost)
		snprintf(st->note, sizeof(st->note),
			 "log: %" PRIu64 " changes not written%s%s", lost,
			 error ? ": " : "", error ? strerror(error) : "");
	else if (error)
		snprintf(st->note, sizeof(st->note), "log: %s",
			 strerror(error));
	else
		st->note[0] = '\0';
}

uint64_t journal_fresh(const struct journal *j)
{
	return j ? feed_fresh(&j->feed) : 0;
}

void journal_write(struct journal *j)
{
	size_t done = 0;
	uint64_t missed;
	int error = 0;

	if (!j)
		return;
	missed = j->feed.missed;
	j->context.now = clock_mono(j->monitor->clock);
	if (j->text.len < WAITING_MAX) {
		feed_take(&j->feed, &j->text);
	} else {
		j->dropped += feed_fresh(&j->feed);
		j->feed.taken = change_log_total(j->feed.log);
	}
	while (done < j->text.len) {
		ssize_t n = write(j->fd, j->text.data + done,
				  j->text.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			error = errno;
			break;
		}
		done += (size_t)n;
	}
	buf_drop(&j->text, done);
	if (error || j->feed.missed != missed || j->told)
		tell(j, error);
	j->told = error != 0;
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	journal_write(j);
	close(j->fd);
	buf_free(&j->text);
	free(j);
}
