/*
 * keyseq.h - what a terminal sends that ncurses has no name for
 *
 * ncurses hands a sequence that TERM does not have out byte by byte; typed as
 * keys, the end of Ctrl-Right would hide a state.  So the characters it reads
 * go through here, and whole sequences are taken out: CSI, SS3, strings (OSC,
 * DCS, ...) up to their end, ESC and a character.  A sequence that stops short
 * is given up after a moment, so that no key is lost for long.
 *
 *	switch (keyseq_feed(&seq, c, clock_mono(&clock_system))) ...
 */
#ifndef UI_KEYSEQ_H
#define UI_KEYSEQ_H

#include <stdbool.h>
#include <stdint.h>

struct keyseq {
	enum {
		SEQ_NONE, SEQ_ESC, SEQ_CSI, SEQ_SS3, SEQ_STRING,
		SEQ_STRING_ESC, SEQ_SKIP,
	} state;
	bool pasting;		/* between the marks of a bracketed paste */
	char params[8];		/* of a CSI: its first characters */
	unsigned len;		/* characters since the sequence began */
	unsigned skip;		/* still to come, in SEQ_SKIP */
	int64_t at;		/* mono ns of the newest character */
};

enum keyseq_verdict {
	KEYSEQ_KEY,		/* no part of a sequence: a key */
	KEYSEQ_EATEN,
	KEYSEQ_PASTE_BEGIN, KEYSEQ_PASTE_END,
};

enum { KEYSEQ_CODE = -1 };	/* for c: a key that ncurses knows */

enum keyseq_verdict keyseq_feed(struct keyseq *s, int c, int64_t now);
/* Nothing more to read for now: true if a lone Esc was pressed. */
bool keyseq_dry(struct keyseq *s);
/* A paste whose end never came, as it seems: true once, and it is over. */
bool keyseq_paste_lost(struct keyseq *s, int64_t now);

#endif
