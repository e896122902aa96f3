#include "vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ESC = 0x1b, BEL = 0x07, STOP_MS = 2000 };

int64_t vt_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* ---- the screen ---- */

static int clamp(int n, int min, int max)
{
	return n < min ? min : n > max ? max : n;
}

static void blank(struct vt *vt, int y, int from, int to)
{
	for (int x = from; x < to; x++)
		vt->cell[y][x] = ' ';
}

/* Lines first … bottom move by n, up if it is positive. */
static void scroll(struct vt *vt, int first, int n)
{
	const int count = vt->bottom - first + 1;
	const int kept = count - abs(n);

	for (int i = 0; i < kept; i++) {
		const int y = n > 0 ? first + i : vt->bottom - i;

		memcpy(vt->cell[y], vt->cell[y + n], sizeof(vt->cell[y]));
	}
	for (int i = 0; i < count && i < abs(n); i++)
		blank(vt, n > 0 ? vt->bottom - i : first + i, 0, VT_WIDTH);
}

static void line_feed(struct vt *vt)
{
	if (vt->y == vt->bottom)
		scroll(vt, vt->top, 1);
	else
		vt->y = clamp(vt->y + 1, 0, VT_HEIGHT - 1);
}

static void put(struct vt *vt, uint32_t c)
{
	/* a full line wraps when the next character comes, not before */
	if (vt->x == VT_WIDTH) {
		vt->x = 0;
		line_feed(vt);
	}
	vt->cell[vt->y][vt->x++] = vt->last = c;
}

static void control(struct vt *vt, uint8_t c)
{
	if (c == '\r')
		vt->x = 0;
	else if (c == '\b')
		vt->x = clamp(vt->x - 1, 0, VT_WIDTH - 1);
	else if (c == '\n')
		line_feed(vt);
	else if (c == '\t')
		vt->x = clamp((vt->x | 7) + 1, 0, VT_WIDTH - 1);
	else if (c == ESC)
		vt->state = VT_ESC;
}

/* ---- sequences ---- */

static void unknown(const struct vt *vt, char c)
{
	fprintf(stderr, "vt: a sequence that ends in '%c' (%s) is not known\n",
		c, vt->state == VT_CSI ? "CSI" : "ESC");
	exit(1);
}

/* Characters come in or go out at the cursor, the rest of the line moves. */
static void shift(struct vt *vt, int n)
{
	uint32_t *line = vt->cell[vt->y];
	const int from = clamp(vt->x, 0, VT_WIDTH - 1);
	const int room = VT_WIDTH - from;

	n = clamp(n, -room, room);
	if (n > 0) {
		memmove(line + from + n, line + from,
			(room - n) * sizeof(*line));
		blank(vt, vt->y, from, from + n);
	} else {
		memmove(line + from, line + from - n,
			(room + n) * sizeof(*line));
		blank(vt, vt->y, VT_WIDTH + n, VT_WIDTH);
	}
}

static void erase_line(struct vt *vt, int what)
{
	blank(vt, vt->y, what ? 0 : vt->x, what == 1 ?
	      clamp(vt->x + 1, 0, VT_WIDTH) : VT_WIDTH);
}

static void erase_screen(struct vt *vt, int what)
{
	for (int y = 0; y < VT_HEIGHT; y++)
		if (what == 2 || (what == 0 && y > vt->y) ||
		    (what == 1 && y < vt->y))
			blank(vt, y, 0, VT_WIDTH);
	if (what != 2)
		erase_line(vt, what);
}

/* Insert or delete lines, scroll the region. */
static void move_lines(struct vt *vt, int first, int n)
{
	if (first >= vt->top && first <= vt->bottom)
		scroll(vt, first, clamp(n, -VT_HEIGHT, VT_HEIGHT));
}

static void go_to(struct vt *vt, int x, int y)
{
	vt->x = clamp(x, 0, VT_WIDTH - 1);
	vt->y = clamp(y, 0, VT_HEIGHT - 1);
}

static void set_region(struct vt *vt)
{
	const int bottom = vt->params > 1 ? vt->param[1] : VT_HEIGHT;

	vt->top = clamp(vt->param[0] - 1, 0, VT_HEIGHT - 1);
	vt->bottom = clamp(bottom - 1, vt->top, VT_HEIGHT - 1);
	go_to(vt, 0, 0);
}

static void csi(struct vt *vt, char c)
{
	const int p = vt->param[0], n = p ? p : 1;
	const int second = vt->params > 1 ? vt->param[1] : 1;

	/* modes, colours, cursor shapes, questions: not to be seen here */
	if (vt->mark || strchr("mhltcnq", c))
		return;
	switch (c) {
	case 'A': go_to(vt, vt->x, vt->y - n); break;
	case 'B': go_to(vt, vt->x, vt->y + n); break;
	case 'C': go_to(vt, vt->x + n, vt->y); break;
	case 'D': go_to(vt, vt->x - n, vt->y); break;
	case 'G': go_to(vt, n - 1, vt->y); break;
	case 'H': go_to(vt, second - 1, n - 1); break;
	case 'd': go_to(vt, vt->x, n - 1); break;
	case 'J': erase_screen(vt, p); break;
	case 'K': erase_line(vt, p); break;
	case 'L': move_lines(vt, vt->y, -n); break;
	case 'M': move_lines(vt, vt->y, n); break;
	case 'S': move_lines(vt, vt->top, n); break;
	case 'T': move_lines(vt, vt->top, -n); break;
	case 'P': shift(vt, -n); break;
	case '@': shift(vt, n); break;
	case 'X': blank(vt, vt->y, vt->x, clamp(vt->x + n, 0, VT_WIDTH)); break;
	case 'Z': vt->x = (clamp(vt->x, 1, VT_WIDTH) - 1) & ~7; break;
	case 'r': set_region(vt); break;
	case 'b':
		for (int i = 0; i < n; i++)
			put(vt, vt->last);
		break;
	default:
		unknown(vt, c);
	}
}

static void in_csi(struct vt *vt, uint8_t c)
{
	if (c >= '0' && c <= '9') {
		int *p = &vt->param[vt->params - 1];

		*p = *p * 10 + c - '0';
	} else if (c == ';' || c == ':') {
		if (vt->params < VT_PARAMS)
			vt->param[vt->params++] = 0;
	} else if (c == '?' || c == '>' || c == '=' || c == '!') {
		vt->mark = (char)c;
	} else if (c >= 0x40) {
		csi(vt, (char)c);
		vt->state = VT_TEXT;
	}
}

static void after_esc(struct vt *vt, uint8_t c)
{
	vt->state = VT_TEXT;
	switch (c) {
	case '[':
		vt->state = VT_CSI;
		vt->mark = 0;
		vt->params = 1;
		vt->param[0] = 0;
		break;
	case ']': case 'P':
		vt->state = VT_STRING;
		break;
	case '(': case ')':
		vt->state = VT_CHARSET;
		break;
	case '7':
		vt->saved_x = vt->x;
		vt->saved_y = vt->y;
		break;
	case '8':
		go_to(vt, vt->saved_x, vt->saved_y);
		break;
	case 'M':
		if (vt->y == vt->top)
			scroll(vt, vt->top, -1);
		else
			go_to(vt, vt->x, vt->y - 1);
		break;
	case '=': case '>': case '\\':
		break;
	default:
		unknown(vt, (char)c);
	}
}

static void in_text(struct vt *vt, uint8_t c)
{
	if (c < ' ') {
		control(vt, c);
	} else if (c < 0x80) {
		put(vt, c);
	} else if (c < 0xc0) {
		vt->wide = vt->wide << 6 | (c & 0x3f);
		if (vt->more && !--vt->more)
			put(vt, vt->wide);
	} else {
		vt->more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		vt->wide = c & (0x3f >> vt->more);
	}
}

static void feed(struct vt *vt, uint8_t c)
{
	switch (vt->state) {
	case VT_TEXT:
		in_text(vt, c);
		break;
	case VT_ESC:
		after_esc(vt, c);
		break;
	case VT_CSI:
		in_csi(vt, c);
		break;
	case VT_CHARSET:
		vt->state = VT_TEXT;
		break;
	case VT_STRING:
		if (c == BEL || c == ESC)
			vt->state = c == ESC ? VT_ESC : VT_TEXT;
		break;
	}
}

/* ---- what it shows ---- */

static char *put_utf8(char *p, uint32_t c)
{
	if (c < 0x80) {
		*p++ = (char)c;
	} else if (c < 0x800) {
		*p++ = (char)(0xc0 | c >> 6);
		*p++ = (char)(0x80 | (c & 0x3f));
	} else {
		*p++ = (char)(0xe0 | (c >> 12 & 0x0f));
		*p++ = (char)(0x80 | (c >> 6 & 0x3f));
		*p++ = (char)(0x80 | (c & 0x3f));
	}
	return p;
}

const char *vt_line(const struct vt *vt, int y)
{
	static char text[4][VT_WIDTH * 3 + 1];
	static unsigned turn;
	char *line = text[turn++ % 4], *p = line;

	for (int x = 0; x < VT_WIDTH; x++)
		p = put_utf8(p, vt->cell[y][x]);
	while (p > line && p[-1] == ' ')
		p--;
	*p = '\0';
	return line;
}

int vt_find(const struct vt *vt, const char *text)
{
	for (int y = 0; y < VT_HEIGHT; y++)
		if (strstr(vt_line(vt, y), text))
			return y;
	return -1;
}

void vt_show(const struct vt *vt)
{
	for (int y = 0; y < VT_HEIGHT; y++)
		fprintf(stderr, "|%s\n", vt_line(vt, y));
}

/* ---- the program ---- */

static void die(const char *what)
{
	fprintf(stderr, "vt: %s: %s\n", what, strerror(errno));
	exit(1);
}

void vt_start(struct vt *vt, char *const *argv)
{
	const struct winsize size = {
		.ws_row = VT_HEIGHT, .ws_col = VT_WIDTH,
	};

	*vt = (struct vt){ .bottom = VT_HEIGHT - 1, .at = vt_now() };
	erase_screen(vt, 2);
	vt->pid = forkpty(&vt->master, NULL, NULL, &size);
	if (vt->pid < 0)
		die("forkpty");
	if (vt->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		unsetenv("LINES");
		unsetenv("COLUMNS");
		unsetenv("NO_COLOR");
		execvp(argv[0], argv);
		_exit(127);
	}
	fcntl(vt->master, F_SETFD, FD_CLOEXEC);
}

void vt_press(struct vt *vt, const char *keys)
{
	const ssize_t len = (ssize_t)strlen(keys);

	if (write(vt->master, keys, len) != len)
		die("write");
}

bool vt_read(struct vt *vt, int ms)
{
	struct pollfd p = { .fd = vt->master, .events = POLLIN };
	uint8_t bytes[65536];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return false;
	n = read(vt->master, bytes, sizeof(bytes));
	if (n <= 0) {
		vt_show(vt);
		fprintf(stderr, "vt: the program has ended\n");
		exit(1);
	}
	vt->at = vt_now();
	vt->bytes += n;
	for (ssize_t i = 0; i < n; i++)
		feed(vt, bytes[i]);
	return true;
}

/* Goes on reading, or the program could not write its last. */
void vt_stop(struct vt *vt)
{
	char drop[4096];

	vt_press(vt, "q");
	for (int i = 0; i < STOP_MS / 10; i++) {
		struct pollfd p = { .fd = vt->master, .events = POLLIN };

		if (waitpid(vt->pid, NULL, WNOHANG) == vt->pid)
			goto out;
		if (poll(&p, 1, 10) > 0 &&
		    read(vt->master, drop, sizeof(drop)) <= 0)
			usleep(10000);
	}
	kill(vt->pid, SIGKILL);
	waitpid(vt->pid, NULL, 0);
out:
	close(vt->master);
}
