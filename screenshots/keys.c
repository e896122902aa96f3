/*
 * keys.c - types for somebody who is not there
 *
 *	xterm -e keys FIFO COMMAND [ARGUMENT]...
 *
 * Runs the command on a terminal of its own that is drawn on ours; what is
 * written to the FIFO is typed.  Ends with the command.
 */
#include <poll.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int pass(int from, int to)
{
	char buf[65536];
	ssize_t n = read(from, buf, sizeof(buf));

	return n > 0 && write(to, buf, n) == n ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2];
	struct winsize size;
	struct termios raw;
	int pty;
	pid_t pid;

	if (argc < 3 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) ||
	    tcgetattr(STDOUT_FILENO, &raw)) {
		fprintf(stderr, "usage: keys FIFO COMMAND, on a terminal\n");
		return 2;
	}
	pid = forkpty(&pty, NULL, &raw, &size);
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	cfmakeraw(&raw);
	tcsetattr(STDOUT_FILENO, TCSANOW, &raw);
	fds[0] = (struct pollfd){ pty, POLLIN, 0 };
	/* for writing too, so that it never ends */
	fds[1] = (struct pollfd){ open(argv[1], O_RDWR), POLLIN, 0 };
	while (poll(fds, 2, -1) > 0) {
		if (fds[1].revents && pass(fds[1].fd, pty))
			break;
		if (fds[0].revents && pass(pty, STDOUT_FILENO))
			break;
	}
	return pid < 0;
}
