#include "ui/term.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "ui/term_curses.h"

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
