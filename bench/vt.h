/*
 * vt.h - a program on a pseudo terminal, and what its screen shows
 *
 * Of xterm's language this knows what ncurses writes for xterm-256color; a
 * sequence it does not know ends the program.  Colours are not kept, and every
 * character is one column wide.
 *
 *	vt_start(&vt, argv);
 *	vt_press(&vt, "j");
 *	while (!strstr(vt_line(&vt, 5), "2 of") && vt_read(&vt, 1000))
 *		;
 *	vt_stop(&vt);
 */
#ifndef BENCH_VT_H
#define BENCH_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { VT_WIDTH = 120, VT_HEIGHT = 36, VT_PARAMS = 16 };

struct vt {
	pid_t pid;
	int master;
	uint64_t bytes;			/* that the program wrote so far */
	int64_t at;			/* mono ns: the newest of them */
	/* the screen: Unicode characters */
	uint32_t cell[VT_HEIGHT][VT_WIDTH];
	int x, y, saved_x, saved_y;
	int top, bottom;		/* what scrolls, inclusive */
	uint32_t last;			/* character, to be repeated */
	/* the sequence that is being read */
	enum {
		VT_TEXT, VT_ESC, VT_CSI, VT_STRING, VT_CHARSET,
	} state;
	char mark;			/* '?' or '>' after CSI */
	int param[VT_PARAMS], params;
	unsigned more;			/* bytes of this character to come */
	uint32_t wide;
};

/* Starts argv[0] (found in PATH) with TERM=xterm-256color. */
void vt_start(struct vt *vt, char *const *argv);
/* Ends it, by its key q or by SIGKILL. */
void vt_stop(struct vt *vt);
void vt_press(struct vt *vt, const char *keys);
/* Reads what there is, waiting for up to ms; false if there was nothing.  A
 * program that has ended ends this one. */
bool vt_read(struct vt *vt, int ms);
/* One line as UTF-8, without what is blank at its end; valid until the fourth
 * call after this one. */
const char *vt_line(const struct vt *vt, int y);
/* The first line that contains the text; -1 none */
int vt_find(const struct vt *vt, const char *text);
/* All of it, for a person, on stderr. */
void vt_show(const struct vt *vt);

/* CLOCK_MONOTONIC, ns */
int64_t vt_now(void);

#endif
