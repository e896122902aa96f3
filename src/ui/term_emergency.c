#include "ui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "ui/term_curses.h"

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

/* Mouse off is written as it is: ncurses derives it from XM or kmous. */
void emergency_prepare(void)
{
	static const char mouse_off[] =
		"\033[?1006l\033[?1002l\033[?1000l";
	static const char paste_off[] = "\033[?2004l";
	char *cup = tigetstr("cup"), *rmcup = tigetstr("rmcup");
	size_t i;

	emergency.len = 0;
	collect_cap("sgr0");
	collect_cap("op");
	for (i = 0; term_has("kmous") && i < sizeof(mouse_off) - 1; i++)
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

int emergency_keep(int fd)
{
	emergency.fd = fd;
	return tcgetattr(fd, &emergency.termios);
}

void emergency_arm(bool on)
{
	emergency.armed = on;
}

bool emergency_armed(void)
{
	return emergency.armed;
}
