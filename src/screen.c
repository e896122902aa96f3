#include "app.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/mem.h"
#include "doer.h"
#include "journal.h"
#include "model/monitor.h"
#include "sampler.h"
#include "saved.h"
#include "saver.h"
#include "source/sysctlfile.h"
#include "ui/term.h"
#include "ui/ui.h"

enum { CHANGES_KEPT = 100000 };

/* The first frame waits so long for the first pass; a host with few sockets
 * never sees an empty screen. */
#define FIRST_FRAME_NS	(30 * NS_PER_MS)

struct screen {
	struct loop *loop;
	struct monitor *monitor;
	struct sampler *sampler;
	struct ui *ui;
	const struct conf *conf;	/* where settings are kept */
	struct canvas canvas;
	struct journal *journal;	/* NULL: no --log */
	int signals;		/* signalfd */
	const char *procfs;
	int died_by;		/* signal to die by; 0 none */
	struct loop_timer *frame;	/* draws when it fires */
	bool frame_due;
	bool stop, draw, repaint;
	bool saved;		/* a file is shown: nothing is sampled */
	struct loop_work *work;	/* what the ui has still to do */
	struct saver *saver;
	struct doer *doer;
	struct loop_work *deed;	/* what a person asked to be done */
	struct loop_work *find;	/* findings: when there is nothing else */
	int64_t painted;	/* mono ns */
	int64_t patience;	/* until then the last frame stays, for one that
				   answers the key */
};

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
static const int other_signals[] = { SIGTSTP, SIGCONT, SIGWINCH };
static const int ignored_signals[] = { SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM };
static const int fatal_signals[] = {
	SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
};

#define EACH(i, array)	(size_t i = 0; i < sizeof(array) / sizeof(*(array)); i++)

/* The terminal first, then the death that was coming. */
static void on_fatal(int sig)
{
	term_emergency();
	signal(sig, SIG_DFL);
	raise(sig);
}

static int take_signals(void)
{
	struct sigaction fatal = {
		.sa_handler = on_fatal, .sa_flags = SA_NODEFER | SA_RESETHAND,
	};
	sigset_t set;

	sigemptyset(&set);
	for EACH(i, ending_signals) {
		sigaddset(&set, ending_signals[i]);
		sigaction(ending_signals[i], &fatal, NULL);
	}
	for EACH(i, other_signals)
		sigaddset(&set, other_signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for EACH(i, ignored_signals)
		signal(ignored_signals[i], SIG_IGN);
	for EACH(i, fatal_signals)
		sigaction(fatal_signals[i], &fatal, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/*
 * A terminal that does not read holds us up in write(2), out of the loop's
 * reach.  While that can be, a signal ends the program from its handler.
 */
static void writing(bool now)
{
	sigset_t set;

	sigemptyset(&set);
	for EACH(i, ending_signals)
		sigaddset(&set, ending_signals[i]);
	sigprocmask(now ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
}

static void die_by(int sig)
{
	sigset_t set;

	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void fit_terminal(struct screen *s)
{
	int width, height;

	term_size(&width, &height);
	canvas_resize(&s->canvas, width, height);
	ui_resize(s->ui, width, height);
	s->draw = s->repaint = true;
}

/* Ctrl-Z: the terminal back, sleep, and take it again when woken. */
static void suspend(struct screen *s)
{
	writing(true);
	term_leave();
	kill(getpid(), SIGSTOP);
	term_enter();
	writing(false);
	fit_terminal(s);
}

static void on_signal(void *arg, int fd, short revents)
{
	struct screen *s = arg;
	struct signalfd_siginfo info;

	(void)revents;
	while (read(fd, &info, sizeof(info)) == sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			fit_terminal(s);
			break;
		case SIGTSTP:
			suspend(s);
			break;
		case SIGCONT:
			/* also after a SIGSTOP that we could not answer */
			term_enter();
			fit_terminal(s);
			break;
		default:
			s->died_by = info.ssi_signo;
			s->stop = true;
			break;
		}
	}
}

/*
 * A new order of many rows takes some frames' time.  One frame later, with what
 * was asked for, is better than two; but nobody waits for it longer than this.
 */
#define PATIENCE_NS	(60 * NS_PER_MS)
/* while work goes on that long, its progress is shown */
#define PROGRESS_NS	(100 * NS_PER_MS)

/* as out_formats[] has them, but for those that are not in this build */
static struct ui_format save_formats[8];
static int save_format_count;

static void list_formats(void)
{
	save_format_count = 0;
	for (int i = 0; i < out_format_count && i < 8; i++) {
		const struct out_format *f = &out_formats[i];

		if (f->sample)
			save_formats[save_format_count++] = (struct ui_format){
				.name = f->name, .help = f->help,
				.ending = strcmp(f->name, "text") ? f->name :
								    "txt",
			};
	}
}

static int64_t now(const struct screen *s)
{
	return clock_mono(s->monitor->clock);
}

static void begin_work(struct screen *s)
{
	if (ui_busy(s->ui) == UI_IDLE)
		return;
	if (now(s) >= s->patience)
		s->patience = now(s) + PATIENCE_NS;
	loop_work_start(s->work);
}

static bool may_paint(const struct screen *s)
{
	return s->draw &&
	       (ui_busy(s->ui) != UI_HURRY || now(s) >= s->patience);
}

static void on_saved(void *arg, bool bad, const char *text)
{
	struct screen *s = arg;

	ui_saved(s->ui, bad, text);
	s->draw = true;
}

static const struct change *change_of(const void *ui, size_t i)
{
	return ui_change(ui, i);
}

/* What is shown, as --once would print it. */
static void save(struct screen *s)
{
	struct saver_job job = {
		.out = {
			.ascii = s->canvas.ascii, .header = true,
			.columns_chosen = true,
			.group = ui_view(s->ui)->group, .group_owners = true,
			.names = ui_context(s->ui)->names,
		},
		.view = ui_view(s->ui), .context = ui_context(s->ui),
	};
	struct buf filter = { 0 };
	const char *verb = NULL;
	struct ui_save wanted;
	char what[300];

	ui_save(s->ui, &wanted);
	job.path = wanted.path;
	job.replace = wanted.replace;
	if (wanted.changes) {
		job.change = change_of;
		job.change_arg = s->ui;
	}
	job.format = out_format_find(save_formats[wanted.format].name);
	job.out.column_count = ui_columns(s->ui, job.out.columns);
	ui_restrictions(s->ui, &filter);
	job.out.filter = filter.len ? filter.data : NULL;
	switch (saver_begin(s->saver, &job, what, sizeof(what), &verb)) {
	case SAVER_BEGUN:
		ui_saving(s->ui);
		break;
	case SAVER_EXISTS:
		ui_save_exists(s->ui, what, verb);
		break;
	case SAVER_FAILED:
		ui_saved(s->ui, true, what);
	}
	buf_free(&filter);
}

static void copy(struct screen *s)
{
	writing(true);
	if (!term_copy(ui_copied(s->ui)))
		ui_copy_refused(s->ui);
	writing(false);
}

/* The colours and the mouse as the ui wants them now. */
static void take_looks(struct screen *s)
{
	term_theme(ui_theme(s->ui));
	term_mouse(ui_wants_mouse(s->ui));
	s->draw = true;
}

static void keep(struct screen *s)
{
	char err[200];

	ui_keep_done(s->ui, conf_save(s->conf, ui_kept_settings(s->ui), err,
				      sizeof(err)) ? err : NULL);
}

static void do_effects(struct screen *s, unsigned effects)
{
	if (effects & UI_QUIT)
		s->stop = true;
	if (effects & UI_NEEDS)
		sampler_want(s->sampler, ui_needs(s->ui),
			     ui_shown_needs(s->ui));
	if (effects & UI_INTERVAL)
		sampler_interval(s->sampler, ui_interval(s->ui));
	if (effects & UI_SYSCTLS)
		sysctlfile_read(s->procfs, &s->monitor->sysctls);
	if (effects & UI_LOOKS)
		take_looks(s);
	if (effects & UI_KEEP)
		keep(s);
	if (effects & UI_SAVE)
		save(s);
	if (effects & UI_COPY)
		copy(s);
	if (effects & UI_DEED)
		loop_work_start(s->deed);
	if (effects & UI_REPAINT)
		s->repaint = true;
	if (effects & (UI_DRAW | UI_REPAINT))
		s->draw = true;
}

/* A step; a longer one when somebody waits for it. */
static bool work(void *arg)
{
	static const int64_t step[] = {
		[UI_BUSY] = NS_PER_MS,
		[UI_SEEKING] = 8 * NS_PER_MS,
		[UI_HURRY] = 16 * NS_PER_MS,
	};
	struct screen *s = arg;

	do_effects(s, ui_work(s->ui, step[ui_busy(s->ui)]));
	if (now(s) - s->painted > PROGRESS_NS)
		s->draw = true;
	return ui_busy(s->ui) != UI_IDLE;
}

static bool do_deed(void *arg)
{
	struct screen *s = arg;
	bool more = doer_step(s->doer, ui_deed(s->ui));

	do_effects(s, ui_deed_step(s->ui));
	return more;
}

static bool find(void *arg)
{
	struct screen *s = arg;
	unsigned effects;
	bool more = ui_find(s->ui, NS_PER_MS, &effects);

	do_effects(s, effects);
	return more;
}

static void on_input(void *arg, int fd, short revents)
{
	struct screen *s = arg;

	(void)fd;
	(void)revents;
	while (!s->stop) {
		struct term_event e = term_read();

		switch (e.kind) {
		case TERM_NOTHING:
			return;
		case TERM_KEY:
			do_effects(s, ui_key(s->ui, e.key));
			begin_work(s);
			break;
		case TERM_MOUSE:
			do_effects(s, ui_mouse(s->ui, e.x, e.y, e.button));
			begin_work(s);
			break;
		case TERM_CLOSED:
			s->died_by = SIGHUP;
			s->stop = true;
			break;
		}
	}
}

/* Events may come by the thousand: one is shown soon, but no more than a few
 * frames a second are drawn for them. */
#define EVENTS_SOON_NS	(40 * NS_PER_MS)
#define EVENTS_FRAME_NS	(250 * NS_PER_MS)

static void draw_events(struct screen *s)
{
	int64_t when = now(s) + EVENTS_SOON_NS;

	if (s->frame_due)
		return;
	if (when < s->painted + EVENTS_FRAME_NS)
		when = s->painted + EVENTS_FRAME_NS;
	loop_timer_set(s->frame, when);
	s->frame_due = true;
}

static void on_settled(void *arg, enum sampler_news news)
{
	struct screen *s = arg;

	/* the log is bounded: before anything falls out of it */
	if (journal_fresh(s->journal) > CHANGES_KEPT / 4)
		journal_write(s->journal);
	if (news == NEWS_EVENTS) {
		draw_events(s);
		return;
	}
	if (news == NEWS_PASS || news == NEWS_FIRST || news == NEWS_LOOK)
		ui_pass(s->ui);
	loop_work_start(s->find);
	/* rows that are new soon are drawn then */
	if (ui_busy(s->ui) != UI_IDLE)
		loop_work_start(s->work);
	else
		s->draw = true;
}

static void on_frame(void *arg)
{
	struct screen *s = arg;

	s->frame_due = false;
	s->draw = true;
}

static void paint(struct screen *s)
{
	journal_write(s->journal);
	ui_draw(s->ui, &s->canvas);
	writing(true);
	term_paint(&s->canvas, s->repaint);
	writing(false);
	s->draw = s->repaint = false;
	s->painted = now(s);
	sampler_moved(s->sampler);
}

static size_t shown(void *arg, struct sock_ref *rows, size_t max)
{
	return ui_shown(((struct screen *)arg)->ui, rows, max);
}

static void run(struct screen *s)
{
	s->frame = loop_timer(s->loop, on_frame, s);
	loop_timer_set(s->frame, clock_mono(s->monitor->clock) + FIRST_FRAME_NS);
	s->work = loop_work(s->loop, work, s);
	s->deed = loop_work(s->loop, do_deed, s);
	s->find = loop_work(s->loop, find, s);
	loop_fd(s->loop, s->signals, POLLIN, on_signal, s);
	loop_fd(s->loop, term_fd(), POLLIN, on_input, s);
	sampler_want(s->sampler, ui_needs(s->ui), ui_shown_needs(s->ui));
	if (s->saved) {
		ui_pass(s->ui);
		loop_work_start(s->find);
	} else {
		sampler_start(s->sampler, s->loop, on_settled, s);
	}
	fit_terminal(s);
	s->draw = false;
	while (!s->stop && loop_round(s->loop, !s->draw))
		if (may_paint(s))
			paint(s);
}

/* Only what is on this host, and may be touched, is. */
static const char *no_deeds(const struct options *o)
{
	if (o->read)
		return "these sockets are in a file: nothing can be done to "
		       "them";
	if (o->read_only)
		return "--read-only: nothing is closed or signalled";
	if (strcmp(o->procfs, "/proc"))
		return "--procfs: these may be another host's sockets";
	return NULL;
}

/* NO_COLOR is stronger than what somebody once chose, weaker than what he asks
 * for now (no-color.org). */
static bool no_color(const struct options *o)
{
	const char *value = getenv("NO_COLOR");

	return value && *value && !o->theme_asked;
}

static struct ui *open_ui(const struct options *o, struct monitor *m)
{
	struct ui_options uo = {
		.filter_text = o->filter, .columns = o->columns,
		.column_count = o->column_count, .interval = o->delay,
		.names = o->names, .ascii = o->ascii || !app_utf8(),
		.kept = &o->config.kept, .width = o->width, .theme = o->theme,
		.no_color = no_color(o), .mouse = o->mouse,
		.config_name = o->config.name ? o->config.name :
					        o->config.nowhere,
		.config_said = o->config.said.len ?
			       buf_str(&o->config.said) : NULL,
		.no_deeds = no_deeds(o),
		.formats = save_formats, .format_count = save_format_count,
	};

	if (app_view(o, &uo.view))
		return NULL;
	return ui_new(m, &uo);
}

/* What is there before the terminal is taken.  EXIT_ALL, or the exit status
 * after the reason was printed. */
static int open_all(struct screen *s, const struct options *o)
{
	char err[200];

	list_formats();
	s->ui = open_ui(o, s->monitor);
	if (!s->ui)
		return EXIT_USAGE;
	if (o->log)
		s->journal = journal_open(o->log, s->monitor, err, sizeof(err));
	if (o->log && !s->journal) {
		fprintf(stderr, "tulpen: --log: %s\n", err);
		return EXIT_USAGE;
	}
	if (o->read && saved_read(s->monitor, o->read, o->ipv4, o->ipv6)) {
		fprintf(stderr, "tulpen: --read: %s\n",
			s->monitor->status.partial);
		return EXIT_NOTHING;
	}
	return EXIT_ALL;
}

/* The whole time that the terminal is ours; the exit status. */
static int show(struct screen *s, const struct options *o)
{
	const struct sampler_options so = {
		.procfs = o->procfs, .source = o->source, .interval = o->delay,
		.budget = o->budget, .ipv4 = o->ipv4, .ipv6 = o->ipv6,
		.events = o->events, .shown = shown, .arg = s,
	};
	char err[200];

	s->signals = take_signals();
	s->canvas.ascii = o->ascii || !app_utf8();
	take_looks(s);
	if (term_open(err, sizeof(err))) {
		fprintf(stderr, "tulpen: %s\n", err);
		return EXIT_USAGE;
	}
	mem_on_exhaustion(term_emergency);
	s->loop = loop_new(&clock_system);
	s->sampler = sampler_new(s->monitor, &so);
	s->doer = doer_new(s->monitor, o->procfs);
	s->saver = saver_new(s->loop, on_saved, s);
	if (o->udp)
		strcpy(s->monitor->status.note,
		       "UDP is not read yet: TCP only");
	run(s);
	if (s->died_by)
		term_emergency();	/* never waits */
	writing(true);
	term_close();
	if (s->journal)			/* what was told until now, too */
		sampler_drain(s->sampler);
	sampler_free(s->sampler);
	doer_free(s->doer);
	saver_free(s->saver);
	loop_free(s->loop);
	return s->saved && s->monitor->status.partial[0] ? EXIT_PARTIAL
							 : EXIT_ALL;
}

int screen_run(const struct options *o)
{
	struct screen s = {
		.monitor = monitor_new(o->read ? saved_clock() : &clock_system,
				       CHANGES_KEPT),
		.conf = &o->config,
		.saved = o->read != NULL,
		.procfs = o->procfs,
		.signals = -1,
	};
	int status = open_all(&s, o);

	if (status == EXIT_ALL)
		status = show(&s, o);
	journal_close(s.journal);
	canvas_free(&s.canvas);
	ui_free(s.ui);
	monitor_free(s.monitor);
	if (s.signals >= 0)
		close(s.signals);
	if (s.died_by)
		die_by(s.died_by);
	return status;
}
