#include "app.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/loop.h"
#include "feed.h"
#include "model/monitor.h"
#include "sampler.h"
#include "saved.h"

/* a busy moment's, until they are printed */
enum { CHANGES_KEPT = 200000 };

struct batch {
	const struct options *options;
	const struct out_format *format;
	struct out_options out;
	struct monitor *monitor;
	struct sampler *sampler;
	struct view view;
	struct column_context context;
	struct buf text;
	struct feed feed;
	struct findings *findings;	/* NULL: not asked for */
	bool partial;
	bool broken;			/* stdout: it was said why */
	uint64_t told_lost;
	char told[400];			/* partial reason already on stderr */
};

static int terminal_width(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w))
		return 0;
	return w.ws_col;
}

/* Empties the text. 0; -1: it was said why not, now or before. */
static int write_out(struct batch *b, struct buf *text)
{
	size_t done = b->broken ? text->len : 0;

	while (done < text->len) {
		ssize_t n = write(STDOUT_FILENO, text->data + done,
				  text->len - done);

		/* somebody else made it so, and reads slowly */
		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

			poll(&p, 1, -1);
			continue;
		}
		if (n < 0 && errno != EINTR) {
			fprintf(stderr, "tulpen: standard output: %s\n",
				strerror(errno));
			b->broken = true;
			break;
		}
		done += n > 0 ? n : 0;
	}
	buf_reset(text);
	return b->broken ? -1 : 0;
}

static int flush(struct batch *b)
{
	return write_out(b, &b->text);
}

/* The middle of a sample. */
static void drain(void *arg, struct buf *text)
{
	write_out(arg, text);
}

static unsigned needs(const struct batch *b)
{
	if (b->options->findings)
		return NEED_HOST | NEED_OWNER | NEED_LIMIT;
	if (b->options->summary)
		return NEED_HOST | filter_needs(b->view.filter);
	if (b->options->changes)
		return filter_needs(b->view.filter) |
		       (b->options->processes ||
			strcmp(b->format->name, "text") ? NEED_OWNER : 0);
	if (b->view.group != GROUP_NONE)
		return view_needs(&b->view);
	return app_column_needs(b->out.columns, b->out.column_count) |
	       view_needs(&b->view) | NEED_LIMIT;
}

/*
 * Does what is printed need sockets that it does not show?  Counts are of all;
 * groups and owners take from listeners what they cannot tell themselves, but
 * listeners take nothing; and of a socket that is left out in one sample and
 * not in the next nobody would know what became of it.
 */
static bool needs_others(const struct batch *b, unsigned states)
{
	const struct options *o = b->options;

	if (o->samples != 1 || o->read || o->changes || o->summary ||
	    o->findings || b->format->counts || b->view.group != GROUP_NONE)
		return true;
	return needs(b) & (NEED_OWNER | NEED_OTHERS) &&
	       states != STATE_BIT(STATE_LISTEN);
}

/* Then the kernel leaves out what it can. The program is free(3)d with k. */
static void leave_out(struct batch *b, struct filter_kernel *k)
{
	struct pass_only only;

	filter_kernel(b->view.filter, k);
	k->states &= b->view.states;
	if (b->view.listeners_only)
		k->states &= STATE_BIT(STATE_LISTEN);
	/* nothing matches: the kernel would take that for everything */
	if (!k->states || needs_others(b, k->states))
		return;
	only = (struct pass_only){ k->states, k->bytecode, k->len };
	sampler_only(b->sampler, &only);
}

static void print_changes(struct batch *b)
{
	uint64_t missed = b->feed.missed;

	feed_take(&b->feed, &b->text);
	if (b->feed.missed == missed)
		return;
	fprintf(stderr, "tulpen: %" PRIu64 " changes were too many to keep\n",
		b->feed.missed - missed);
	b->partial = true;
}

/* One look after each pass; of a file, that does not change, a few. */
static void look_for_findings(struct batch *b)
{
	while (findings_due(b->findings)) {
		findings_begin(b->findings);
		while (findings_step(b->findings, INT64_MAX))
			;
	}
}

static void print_sample(struct batch *b, bool first)
{
	b->context.now = clock_mono(b->monitor->clock);
	if (b->options->findings) {
		look_for_findings(b);
	} else if (b->options->changes) {
		print_changes(b);
	} else if (b->options->summary) {
		b->format->summary(&b->text, &b->out, &b->view, &b->context,
				   first);
	} else {
		view_update(&b->view, &b->context);
		b->format->sample(&b->text, &b->out, &b->view, &b->context,
				  first);
	}
}

/* What is not whole is said on stderr once, and by the exit status. */
static void tell_partial(struct batch *b)
{
	const struct status *st = &b->monitor->status;
	struct buf text = { 0 };

	if (st->events_lost != b->told_lost) {
		fprintf(stderr, "tulpen: %" PRIu64 " events lost so far\n",
			st->events_lost);
		b->told_lost = st->events_lost;
		b->partial = true;
	}
	/* all is there: it only took longer */
	if (st->unfiltered)
		fprintf(stderr, "tulpen: %s\n", st->note);
	if (!sampler_partial(b->sampler))
		return;
	b->partial = true;
	out_partial(&text, b->monitor);
	if (st->hidden_sockets)
		buf_printf(&text, ", %s", st->hidden_remedy);
	if (text.len && strcmp(text.data, b->told)) {
		snprintf(b->told, sizeof(b->told), "%s", text.data);
		fprintf(stderr, "tulpen: %s\n", b->told);
	}
	buf_free(&text);
}

/*
 * Where there is nothing to write, nobody would tell us that the reader of our
 * pipe has gone.  Then we end as the next write(2) would have ended us.
 */
static bool reader_gone(short revents)
{
	if (!(revents & (POLLERR | POLLHUP)))
		return false;
	raise(SIGPIPE);
	return true;
}

/* False: nobody reads any more. Steps of a second see the end of a suspend. */
static bool sleep_until(const struct clock *clock, int64_t when)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	int64_t left;

	while ((left = when - clock_mono(clock)) > 0) {
		if (left > NS_PER_SEC)
			left = NS_PER_SEC;
		if (poll(&out, 1, (left + NS_PER_MS - 1) / NS_PER_MS) <= 0)
			continue;
		if (reader_gone(out.revents))
			return false;
		out.fd = -1;		/* nothing to be told by it */
	}
	return true;
}

/* 0; -1 after flush() failed */
static int begin(struct batch *b)
{
	enum out_what what = b->options->changes ? OUT_CHANGES :
			     b->options->summary ? OUT_SUMMARIES : OUT_SAMPLES;

	if (!b->format->begin)
		return 0;
	b->format->begin(&b->text, &b->out, what);
	return flush(b);
}

static int read_pass(struct batch *b)
{
	const struct options *o = b->options;

	return o->read ? saved_read(b->monitor, o->read, o->ipv4, o->ipv6) :
			 sampler_pass(b->sampler);
}

static int run(struct batch *b)
{
	const struct options *o = b->options;
	bool read_any = false;

	if (begin(b))
		return EXIT_NOTHING;
	for (uint64_t i = 0; !o->samples || i < o->samples; i++) {
		if (!read_pass(b)) {
			print_sample(b, !read_any);
			read_any = true;
		}
		tell_partial(b);
		if (flush(b))
			return EXIT_NOTHING;
		if (i + 1 != o->samples &&
		    !sleep_until(b->monitor->clock, sampler_due(b->sampler)))
			return EXIT_NOTHING;
	}
	if (!read_any)
		return EXIT_NOTHING;
	if (b->findings) {
		b->format->findings(&b->text, &b->out, b->findings,
				    b->monitor);
		if (flush(b))
			return EXIT_NOTHING;
	}
	return b->partial || o->udp ? EXIT_PARTIAL : EXIT_ALL;
}

/*
 * With events, as they happen: changes are printed a moment after that, so that
 * those of one moment come in one write and the owner of a new socket may be
 * known; counts after each pass.
 */
#define PRINT_NS	(20 * NS_PER_MS)

struct follower {
	struct batch *b;
	struct loop *loop;
	struct loop_timer *print;
	bool due, failed, read_any;
	uint64_t passes;
	int64_t printed_pass;	/* counts: the pass they were of */
};

static void print_now(void *arg)
{
	struct follower *f = arg;

	f->due = false;
	print_sample(f->b, f->printed_pass == TIME_UNKNOWN);
	f->printed_pass = f->b->monitor->status.pass_at;
	if (flush(f->b)) {
		f->failed = true;
		loop_stop(f->loop);
	}
}

/* Is there anything new to be printed? */
static bool news_to_print(const struct follower *f)
{
	const struct monitor *m = f->b->monitor;

	return f->b->options->changes ?
		feed_fresh(&f->b->feed) != 0 :
		m->status.pass_at != f->printed_pass;
}

static void on_news(void *arg, enum sampler_news news)
{
	struct follower *f = arg;
	struct batch *b = f->b;

	if (!f->due && b->options->changes && news_to_print(f)) {
		loop_timer_set(f->print, clock_mono(b->monitor->clock) +
					 PRINT_NS);
		f->due = true;
	}
	/* the log is bounded: before what is not printed falls out of it */
	if (b->options->changes && feed_fresh(&b->feed) > CHANGES_KEPT / 8)
		print_now(f);
	if (news != NEWS_PASS)
		return;
	if (!b->options->changes && news_to_print(f))
		print_now(f);
	tell_partial(b);
	f->read_any |= b->monitor->status.pass_at != TIME_UNKNOWN;
	if (++f->passes == b->options->samples)
		loop_stop(f->loop);
}

static void on_stdout(void *arg, int fd, short revents)
{
	struct follower *f = arg;

	(void)fd;
	if (!reader_gone(revents))
		return;
	f->failed = true;
	loop_stop(f->loop);
}

/* Without events the owner found after the pass belongs to its changes, so
 * run() does; with them there is no pass to wait for. */
static int follow(struct batch *b)
{
	struct follower f = {
		.b = b, .loop = loop_new(b->monitor->clock),
		.printed_pass = TIME_UNKNOWN,
	};

	if (begin(b)) {
		loop_free(f.loop);
		return EXIT_NOTHING;
	}
	loop_fd(f.loop, STDOUT_FILENO, POLLERR, on_stdout, &f);
	f.print = loop_timer(f.loop, print_now, &f);
	sampler_start(b->sampler, f.loop, on_news, &f);
	loop_run(f.loop);
	sampler_drain(b->sampler);
	if (!f.failed && news_to_print(&f))
		print_now(&f);
	sampler_stop(b->sampler);
	loop_free(f.loop);
	if (f.failed || !f.read_any)
		return EXIT_NOTHING;
	return b->partial || b->options->udp ? EXIT_PARTIAL : EXIT_ALL;
}

/* One look needs no events; a table that is printed again shows what is; and
 * counts by owner wait for the owners. */
static bool follows(const struct batch *b)
{
	const struct options *o = b->options;
	bool counts = o->summary && o->samples != 1 &&
		      !(needs(b) & NEED_OWNER);

	return (o->changes || counts) && !o->findings && !o->read && o->events != EVENTS_OFF &&
	       !strcmp(o->procfs, "/proc");
}

/* "-l -4 :443": what was asked to be shown only, safe to print; NULL all.  The
 * caller frees it. */
static char *filter_text(const struct options *o, const struct view *v)
{
	struct safe words = safe_text(o->filter, strlen(o->filter), 0);
	struct buf text = { 0 };

	buf_puts(&text, v->listeners_only ? " -l" : "");
	buf_puts(&text, v->ipv6 ? "" : " -4");
	buf_puts(&text, v->ipv4 ? "" : " -6");
	if (v->filter)
		buf_printf(&text, " %s", safe_str(words));
	safe_free(&words);
	if (!text.len) {
		buf_free(&text);
		return NULL;
	}
	memmove(text.data, text.data + 1, text.len);
	return text.data;
}

static void tell_config(const struct conf *c)
{
	const char *p = buf_str(&c->said);

	while (*p) {
		int n = (int)strcspn(p, "\n");

		fprintf(stderr, "tulpen: %.*s\n", n, p);
		p += n + 1;
	}
}

int batch_run(const struct options *o)
{
	struct batch b = {
		.options = o,
		.format = o->format ? o->format : out_format_find("text"),
		.out = {
			.column_count = o->column_count,
			.columns_chosen = o->column_list != NULL,
			.width = terminal_width(), .ascii = !app_utf8(),
			.names = o->names, .header = true,
			.group = o->group,
			.repeated = o->samples != 1,
			.drain = drain,
		},
	};
	const struct sampler_options so = {
		.procfs = o->procfs, .source = o->source, .interval = o->delay,
		.budget = o->budget, .ipv4 = o->ipv4, .ipv6 = o->ipv6,
		.events = o->events, .once = o->samples == 1,
	};
	struct filter_kernel kernel;
	char *filter;
	int status;

	tell_config(&o->config);
	memcpy(b.out.columns, o->columns, sizeof(b.out.columns));
	if (app_view(o, &b.view))
		return EXIT_USAGE;
	/* else nobody asked for the walk it takes to know them */
	b.view.group_owners = b.out.group_owners = o->processes ||
				!strcmp(b.format->name, "json");
	b.out.drain_arg = &b;
	b.out.filter = filter = filter_text(o, &b.view);
	b.monitor = monitor_new(o->read ? saved_clock() : &clock_system,
				CHANGES_KEPT);
	b.context = (struct column_context){
		.monitor = b.monitor, .names = o->names, .ascii = b.out.ascii,
	};
	b.feed = (struct feed){
		.format = b.format, .out = &b.out, .context = &b.context,
		.view = &b.view, .log = b.monitor->log,
	};
	if (o->findings)
		b.findings = findings_new(b.monitor, b.out.ascii);
	b.sampler = sampler_new(b.monitor, &so);
	sampler_want(b.sampler, needs(&b), 0);
	leave_out(&b, &kernel);
	status = follows(&b) ? follow(&b) : run(&b);
	sampler_free(b.sampler);
	findings_free(b.findings);
	view_free(&b.view);
	monitor_free(b.monitor);
	buf_free(&b.text);
	free(kernel.bytecode);
	free(filter);
	return status;
}
