#include "ui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "ui/term_curses.h"

struct terminal term;

static int fail(char *err, size_t n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(char *err, size_t n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, n, fmt, ap);
	va_end(ap);
	return -1;
}

/* TERM as it may be printed: it is text from outside too. "" not set. */
static const char *term_name(char *dst, size_t n)
{
	const char *name = getenv("TERM");
	struct safe safe = { 0 };

	if (name)
		safe = safe_text(name, strlen(name), 40);
	snprintf(dst, n, "%s", safe_str(safe));
	safe_free(&safe);
	return dst;
}

/*
 * ncurses ends the program itself when it does not like TERM, so we ask
 * first.  "dumb" and its like exist, but cannot place the cursor.
 */
static int check_terminfo(int fd, char *err, size_t n)
{
	char name[256];
	int status = 0;
	bool addressable;
	char *cup;

	if (!*term_name(name, sizeof(name)))
		return fail(err, n, "TERM is not set: which kind of terminal "
			    "is this? (try TERM=xterm, or --batch)");
	if (setupterm(NULL, fd, &status) == ERR) {
		if (status == 1)
			return fail(err, n, "TERM=%s is a printer, not a "
				    "screen (try --batch)", name);
		if (status == 0)
			return fail(err, n, "TERM=%s is not known here or "
				    "cannot show a screen (try TERM=xterm, "
				    "or --batch)", name);
		return fail(err, n, "no terminfo database for TERM=%s "
			    "(package ncurses-base; or use --batch)", name);
	}
	cup = tigetstr("cup");
	addressable = cup && cup != (char *)-1;
	del_curterm(cur_term);
	if (!addressable)
		return fail(err, n, "TERM=%s cannot place the cursor "
			    "(try TERM=xterm, or --batch)", name);
	return 0;
}

static int open_files(char *err, size_t n)
{
	int fd;

	term.in = stdin;
	term.out = stdout;
	term.own_files = false;
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return 0;
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fail(err, n, "no terminal: %s (try --batch)",
			    strerror(errno));
	term.in = fdopen(fd, "r");
	term.out = fdopen(dup(fd), "w");
	term.own_files = true;
	if (!term.in || !term.out)
		return fail(err, n, "no terminal: %s", strerror(errno));
	return 0;
}

static void close_files(void)
{
	if (!term.own_files)
		return;
	if (term.in)
		fclose(term.in);
	if (term.out)
		fclose(term.out);
}

bool term_has(const char *name)
{
	char *s = tigetstr((NCURSES_CONST char *)name);

	return s && s != (char *)-1;
}

/* Many entries of terminfo lack BE; who has xterm's mouse has this as well. */
static void mark_pastes(bool on)
{
	term.pastes = term_has("BE") || term_has("kmous");
	if (!term.pastes)
		return;
	fputs(on ? "\033[?2004h" : "\033[?2004l", term.out);
	fflush(term.out);
}

static void take_mouse(void)
{
	mousemask(term.no_mouse ? 0 : BUTTON1_PRESSED | BUTTON4_PRESSED |
		  BUTTON5_PRESSED, NULL);
}

void term_mouse(bool on)
{
	term.no_mouse = !on;
	if (term.screen && !term.cooked)
		take_mouse();
}

static void setup_modes(void)
{
	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, TRUE);
	/* the bytes of a key come in one write(2), and even a line of 9600
	 * baud brings one in a millisecond */
	set_escdelay(5);
	mouseinterval(0);
	take_mouse();
	curs_set(0);
	mark_pastes(true);
	term.seq = (struct keyseq){ 0 };
}

static void nothing(int sig)
{
	(void)sig;
}

/*
 * ncurses takes SIGINT, SIGTERM, SIGTSTP and SIGWINCH when nobody else did;
 * then a stop would bypass the caller.  So we hold them while it looks.
 */
static SCREEN *newterm_without_signals(FILE *out, FILE *in)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	enum { COUNT = sizeof(sigs) / sizeof(sigs[0]) };
	struct sigaction ours = { .sa_handler = nothing }, old[COUNT];
	SCREEN *screen;
	int i;

	for (i = 0; i < COUNT; i++)
		sigaction(sigs[i], &ours, &old[i]);
	screen = newterm(NULL, out, in);
	for (i = 0; i < COUNT; i++)
		sigaction(sigs[i], &old[i], NULL);
	return screen;
}

int term_open(char *err, size_t n)
{
	char name[256];

	if (term.screen)
		return 0;
	if (open_files(err, n) < 0 ||
	    check_terminfo(fileno(term.out), err, n) < 0) {
		close_files();
		return -1;
	}
	if (emergency_keep(fileno(term.out)) < 0) {
		fail(err, n, "no terminal: %s", strerror(errno));
		close_files();
		return -1;
	}
	term.screen = newterm_without_signals(term.out, term.in);
	if (!term.screen) {
		close_files();
		return fail(err, n, "TERM=%s cannot show a screen "
			    "(try --batch)", term_name(name, sizeof(name)));
	}
	setup_modes();
	term_theme(term.theme);
	emergency_prepare();
	term.cooked = false;
	term.painted = false;
	emergency_arm(true);
	return 0;
}

void term_close(void)
{
	if (!term.screen)
		return;
	term_leave();
	delscreen(term.screen);
	term.screen = NULL;
	free(term.line);
	term.line = NULL;
	canvas_free(&term.last);
	close_files();
}

void term_leave(void)
{
	/* not armed: term_emergency() did it */
	if (!term.screen || term.cooked || !emergency_armed())
		return;
	mark_pastes(false);
	mousemask(0, NULL);
	curs_set(1);
	endwin();
	fflush(term.out);
	term.cooked = true;
	emergency_arm(false);
}

void term_enter(void)
{
	if (!term.screen || !term.cooked)
		return;
	/* the shell may have changed what there is to come back to */
	emergency_keep(fileno(term.out));
	reset_prog_mode();
	setup_modes();
	refresh();
	term.cooked = false;
	term.painted = false;
	emergency_arm(true);
}

int term_fd(void)
{
	return term.screen ? fileno(term.in) : -1;
}

void term_size(int *width, int *height)
{
	struct winsize ws;

	*width = *height = 0;
	if (!term.screen)
		return;
	if (ioctl(fileno(term.out), TIOCGWINSZ, &ws) == 0 &&
	    ws.ws_col > 0 && ws.ws_row > 0) {
		if (ws.ws_row != LINES || ws.ws_col != COLS)
			resize_term(ws.ws_row, ws.ws_col);
		emergency_prepare();
	}
	*width = COLS;
	*height = LINES;
}
