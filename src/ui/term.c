#include "ui/term.h"

#include <fcntl.h>
#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/keyseq.h"

/* curses.h has names of its own for what text and styles call theirs */
#undef lines
#undef columns

static struct {
	SCREEN *screen;		/* NULL: not open */
	FILE *in, *out;
	bool own_files;		/* in and out are /dev/tty, opened by us */
	bool cooked;		/* given back: by term_leave() */
	struct canvas last;	/* as painted last */
	cchar_t *line;		/* room for one row, last.width + 1 */
	bool painted;
	bool pastes;		/* it can say where a paste begins and ends */
	struct keyseq seq;
	short pair_of[STYLE_COUNT];
	attr_t attr_of[STYLE_COUNT];
} term;

/* How long a terminal that does not read is waited for at the end. */
enum { PATIENCE_MS = 200 };

/* What term_emergency() needs, made ready beforehand: no allocation, no
 * stdio, no ncurses in a signal handler. */
static struct {
	volatile sig_atomic_t armed;
	int fd;
	struct termios termios;
	char bytes[512];
	size_t len;
} emergency;

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

static int collect(int c)
{
	if (emergency.len < sizeof(emergency.bytes))
		emergency.bytes[emergency.len++] = c;
	return c;
}

static void collect_cap(const char *name)
{
	char *s = tigetstr(name);

	if (s && s != (char *)-1)
		tputs(s, 1, collect);
}

static bool has_cap(const char *name)
{
	char *s = tigetstr((NCURSES_CONST char *)name);

	return s && s != (char *)-1;
}

/* Many entries of terminfo lack BE; who has xterm's mouse has this as well. */
static void mark_pastes(bool on)
{
	term.pastes = has_cap("BE") || has_cap("kmous");
	if (!term.pastes)
		return;
	fputs(on ? "\033[?2004h" : "\033[?2004l", term.out);
	fflush(term.out);
}

/* Mouse off is written as it is: ncurses derives it from XM or kmous. */
static void prepare_emergency(void)
{
	static const char mouse_off[] =
		"\033[?1006l\033[?1002l\033[?1000l";
	static const char paste_off[] = "\033[?2004l";
	char *cup = tigetstr("cup"), *rmcup = tigetstr("rmcup");
	size_t i;

	emergency.len = 0;
	collect_cap("sgr0");
	collect_cap("op");
	for (i = 0; has_cap("kmous") && i < sizeof(mouse_off) - 1; i++)
		collect(mouse_off[i]);
	for (i = 0; term.pastes && i < sizeof(paste_off) - 1; i++)
		collect(paste_off[i]);
	collect_cap("rmkx");
	collect_cap("cnorm");
	if (rmcup && rmcup != (char *)-1) {
		tputs(rmcup, 1, collect);
		collect('\r');
	} else {
		/* no other screen to go back to: start on a clean last line */
		tputs(tparm(cup, (long)LINES - 1, 0L, 0L, 0L, 0L, 0L, 0L, 0L,
			    0L), 1, collect);
		collect_cap("el");
	}
}

void term_emergency(void)
{
	struct pollfd p = { .fd = emergency.fd, .events = POLLOUT };
	int flags = fcntl(emergency.fd, F_GETFL);
	size_t done = 0;
	ssize_t n;

	if (!emergency.armed)
		return;
	emergency.armed = 0;
	/* a terminal that does not read must not hold up the end */
	fcntl(emergency.fd, F_SETFL, flags | O_NONBLOCK);
	while (done < emergency.len) {
		n = write(emergency.fd, emergency.bytes + done,
			  emergency.len - done);
		if (n > 0)
			done += n;
		else if (errno != EINTR && (errno != EAGAIN ||
					    poll(&p, 1, PATIENCE_MS) <= 0))
			break;
	}
	fcntl(emergency.fd, F_SETFL, flags);
	/* a background process must not be stopped here */
	signal(SIGTTOU, SIG_IGN);
	tcsetattr(emergency.fd, TCSANOW, &emergency.termios);
}

/* Colours by how many the terminal has; attributes always. */
static void setup_styles(void)
{
	const char *no_color = getenv("NO_COLOR");
	bool color = has_colors() && !(no_color && *no_color);
	const struct style_info *s;
	int i, fg, bg;

	if (color) {
		start_color();
		use_default_colors();
	}
	for (i = 0; i < STYLE_COUNT; i++) {
		s = &style_info[i];
		fg = COLORS >= 256 ? s->many.color : s->few.color;
		bg = COLORS >= 256 ? s->many.background : s->few.background;
		term.attr_of[i] = (s->bold ? A_BOLD : 0) |
				  (s->underline ? A_UNDERLINE : 0);
		term.pair_of[i] = 0;
		if (!color) {
			term.attr_of[i] |= (s->mono_reverse ? A_REVERSE : 0) |
					   (s->mono_bold ? A_BOLD : 0) |
					   (s->dim ? A_DIM : 0);
			continue;
		}
		/* a grey of 256 says "dim"; A_DIM on top would be too much */
		if (s->dim && fg < 0)
			term.attr_of[i] |= A_DIM;
		if ((fg >= 0 || bg >= 0) && i < COLOR_PAIRS - 1 &&
		    init_pair(i + 1, fg, bg) == OK)
			term.pair_of[i] = i + 1;
	}
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
	set_escdelay(25);
	mouseinterval(0);
	mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
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
	emergency.fd = fileno(term.out);
	if (tcgetattr(emergency.fd, &emergency.termios) < 0) {
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
	setup_styles();
	prepare_emergency();
	term.cooked = false;
	term.painted = false;
	emergency.armed = 1;
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
	if (!term.screen || term.cooked || !emergency.armed)
		return;
	mark_pastes(false);
	mousemask(0, NULL);
	curs_set(1);
	endwin();
	fflush(term.out);
	term.cooked = true;
	emergency.armed = 0;
}

void term_enter(void)
{
	if (!term.screen || !term.cooked)
		return;
	/* the shell may have changed what there is to come back to */
	tcgetattr(emergency.fd, &emergency.termios);
	reset_prog_mode();
	setup_modes();
	refresh();
	term.cooked = false;
	term.painted = false;
	emergency.armed = 1;
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
		prepare_emergency();
	}
	*width = COLS;
	*height = LINES;
}

static int translate_key(wint_t c)
{
	static const struct {
		int curses, ours;
	} keys[] = {
		{ KEY_UP, UIKEY_UP }, { KEY_DOWN, UIKEY_DOWN },
		{ KEY_LEFT, UIKEY_LEFT }, { KEY_RIGHT, UIKEY_RIGHT },
		{ KEY_PPAGE, UIKEY_PAGE_UP }, { KEY_NPAGE, UIKEY_PAGE_DOWN },
		{ KEY_HOME, UIKEY_HOME }, { KEY_END, UIKEY_END },
		{ KEY_A1, UIKEY_HOME }, { KEY_C1, UIKEY_END },
		{ KEY_A3, UIKEY_PAGE_UP }, { KEY_C3, UIKEY_PAGE_DOWN },
		{ KEY_FIND, UIKEY_HOME }, { KEY_SELECT, UIKEY_END },
		{ KEY_ENTER, UIKEY_ENTER }, { KEY_BTAB, UIKEY_BACKTAB },
		{ KEY_BACKSPACE, UIKEY_BACKSPACE }, { KEY_DC, UIKEY_DELETE },
		{ KEY_F(1), UIKEY_F1 }, { KEY_F(2), UIKEY_F2 },
		{ KEY_F(3), UIKEY_F3 }, { KEY_F(4), UIKEY_F4 },
		{ KEY_F(5), UIKEY_F5 }, { KEY_F(6), UIKEY_F6 },
		{ KEY_F(7), UIKEY_F7 }, { KEY_F(8), UIKEY_F8 },
		{ KEY_F(9), UIKEY_F9 }, { KEY_F(10), UIKEY_F10 },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((wint_t)keys[i].curses == c)
			return keys[i].ours;
	return 0;
}

static int translate_char(wint_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return UIKEY_ENTER;
	case '\t':
		return UIKEY_TAB;
	case 0x1b:
		return UIKEY_ESC;
	case '\b':
	case 0x7f:
		return UIKEY_BACKSPACE;
	case 0x0c:
		return UIKEY_CTRL_L;
	case 0x03:
		return UIKEY_CTRL_C;
	}
	return c;
}

static struct term_event read_mouse(void)
{
	struct term_event ev = { .kind = TERM_MOUSE };
	MEVENT m;

	if (getmouse(&m) != OK)
		return (struct term_event){ .kind = TERM_NOTHING };
	ev.x = m.x;
	ev.y = m.y;
	if (m.bstate & BUTTON4_PRESSED)
		ev.button = WHEEL_UP;
	else if (m.bstate & BUTTON5_PRESSED)
		ev.button = WHEEL_DOWN;
	else if (m.bstate & BUTTON1_PRESSED)
		ev.button = BUTTON_LEFT;
	else
		ev.kind = TERM_NOTHING;
	return ev;
}

/* get_wch() says ERR both for "nothing yet" and for "never again". */
static bool is_closed(void)
{
	struct pollfd p = { .fd = fileno(term.in), .events = POLLIN };
	int waiting = 0;

	if (poll(&p, 1, 0) <= 0)
		return false;
	if (p.revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	return ioctl(p.fd, FIONREAD, &waiting) < 0 || waiting == 0;
}

static struct term_event key_event(int key)
{
	return (struct term_event){
		.kind = key ? TERM_KEY : TERM_NOTHING, .key = key,
	};
}

/* What was read, or nothing if it is no key or only a part of one. */
static struct term_event take(int kind, wint_t c)
{
	bool code = kind == KEY_CODE_YES;

	switch (keyseq_feed(&term.seq, code ? KEYSEQ_CODE : (int)c,
			    clock_mono(&clock_system))) {
	case KEYSEQ_PASTE_BEGIN:
		return key_event(UIKEY_PASTE_BEGIN);
	case KEYSEQ_PASTE_END:
		return key_event(UIKEY_PASTE_END);
	case KEYSEQ_EATEN:
		return key_event(0);
	default:
		break;
	}
	if (code && c == KEY_MOUSE)
		return read_mouse();
	return key_event(code ? translate_key(c) : translate_char(c));
}

struct term_event term_read(void)
{
	/* a terminal that only sends what means nothing must not hold us up */
	enum { TRIES = 4096 };
	struct term_event ev = { .kind = TERM_NOTHING };
	wint_t c;
	int tries, kind;

	if (!term.screen || term.cooked)
		return ev;
	for (tries = 0; tries < TRIES && ev.kind == TERM_NOTHING; tries++) {
		errno = 0;
		kind = get_wch(&c);
		if (kind == ERR && (errno == EIO || is_closed()))
			return (struct term_event){ .kind = TERM_CLOSED };
		if (kind == ERR)
			return key_event(keyseq_dry(&term.seq) ? UIKEY_ESC : 0);
		if (keyseq_paste_lost(&term.seq, clock_mono(&clock_system))) {
			if (kind == KEY_CODE_YES)
				ungetch(c);
			else
				unget_wch(c);
			return key_event(UIKEY_PASTE_END);
		}
		ev = take(kind, c);
	}
	return ev;
}

/* One row in the language of ncurses; returns how many characters. */
static int make_line(const struct cell *row, int width)
{
	wchar_t text[CELL_TEXT_MAX];
	const struct cell *cell;
	const char *p, *end;
	int x, n = 0, len, style;
	attr_t attr;

	for (x = 0; x < width; x++) {
		cell = &row[x];
		if (!cell->text[0])
			continue;
		len = 0;
		end = cell->text + strlen(cell->text);
		for (p = cell->text; p < end && len < CCHARW_MAX; )
			text[len++] = utf8_next(p, end, &p);
		text[len] = L'\0';
		style = cell->style;
		attr = term.attr_of[style];
		if (cell->selected && style != STYLE_MATCH) {
			/* bold black of eight colours is grey: unreadable */
			attr &= term.pair_of[STYLE_SELECTED] && COLORS < 256 ?
				0 : A_BOLD;
			attr |= term.attr_of[STYLE_SELECTED];
			style = STYLE_SELECTED;
		}
		setcchar(&term.line[n++], text, attr, term.pair_of[style],
			 NULL);
	}
	return n;
}

static void paint_row(const struct canvas *c, int y, bool all)
{
	size_t at = (size_t)y * c->width;
	size_t size = c->width * sizeof(*c->cells);

	if (!all && memcmp(&c->cells[at], &term.last.cells[at], size) == 0)
		return;
	memcpy(&term.last.cells[at], &c->cells[at], size);
	mvadd_wchnstr(y, 0, term.line, make_line(&c->cells[at], c->width));
}

void term_paint(const struct canvas *c, bool all)
{
	int y;

	if (!term.screen || term.cooked)
		return;
	if (term.last.width != c->width || term.last.height != c->height ||
	    !term.line) {
		canvas_resize(&term.last, c->width, c->height);
		term.line = mem_array(term.line, c->width + 1,
				      sizeof(*term.line));
		term.painted = false;
	}
	if (all)
		clearok(curscr, TRUE);
	for (y = 0; y < c->height && y < LINES; y++)
		paint_row(c, y, all || !term.painted);
	term.painted = true;
	if (c->cursor_x >= 0 && c->cursor_y >= 0) {
		leaveok(stdscr, FALSE);
		curs_set(1);
		move(c->cursor_y, c->cursor_x);
	} else {
		curs_set(0);
		leaveok(stdscr, TRUE);
	}
	refresh();
}
