#include "ui/keyseq.h"

#include <string.h>

#include "base/clock.h"

enum { ESC = 0x1b, BEL = 0x07, CAN = 0x18, SUB = 0x1a };

/* A string longer than this has no end, or nothing to tell us. */
enum { STRING_LIMIT = 4096, CSI_LIMIT = 64 };

/* How long the rest of a sequence, and of a paste, may take. */
#define SEQUENCE_NS	(300 * NS_PER_MS)
#define PASTE_NS	(2 * NS_PER_SEC)

static enum keyseq_verdict begin(struct keyseq *s, int state)
{
	s->state = state;
	s->len = 0;
	memset(s->params, 0, sizeof(s->params));
	return KEYSEQ_EATEN;
}

static enum keyseq_verdict end(struct keyseq *s)
{
	s->state = SEQ_NONE;
	return KEYSEQ_EATEN;
}

static enum keyseq_verdict after_esc(struct keyseq *s, int c)
{
	switch (c) {
	case '[':
		return begin(s, SEQ_CSI);
	case 'O':
		return begin(s, SEQ_SS3);
	case ']':	/* OSC */
	case 'P':	/* DCS */
	case 'X':	/* SOS */
	case '^':	/* PM */
	case '_':	/* APC */
		return begin(s, SEQ_STRING);
	case ESC:
		/* Esc, and another one that may begin a sequence */
		return KEYSEQ_KEY;
	default:
		return end(s);
	}
}

static enum keyseq_verdict end_csi(struct keyseq *s, int c)
{
	/* the keys F1 to F5 of the Linux console; a mouse of X10 */
	if (s->len == 1 && (c == '[' || c == 'M')) {
		s->state = SEQ_SKIP;
		s->skip = c == '[' ? 1 : 3;
		return KEYSEQ_EATEN;
	}
	s->state = SEQ_NONE;
	if (c == '~' && strcmp(s->params, "200") == 0) {
		s->pasting = true;
		return KEYSEQ_PASTE_BEGIN;
	}
	if (c == '~' && strcmp(s->params, "201") == 0) {
		s->pasting = false;
		return KEYSEQ_PASTE_END;
	}
	return KEYSEQ_EATEN;
}

static enum keyseq_verdict in_csi(struct keyseq *s, int c)
{
	s->len++;
	if (c >= 0x40 && c <= 0x7e)
		return end_csi(s, c);
	/* no parameter, or too many: this was no sequence */
	if (c < 0x20 || c > 0x7e || s->len > CSI_LIMIT)
		return end(s);
	if (s->len < sizeof(s->params))
		s->params[s->len - 1] = (char)c;
	return KEYSEQ_EATEN;
}

static enum keyseq_verdict in_string(struct keyseq *s, int c)
{
	bool was_esc = s->state == SEQ_STRING_ESC;

	s->state = SEQ_STRING;
	if (was_esc)
		/* ESC \ ends it; any other ESC does too, and begins anew */
		return c == '\\' ? end(s) : after_esc(s, c);
	if (c == ESC)
		s->state = SEQ_STRING_ESC;
	else if (c == BEL || c == CAN || c == SUB ||
		 ++s->len > STRING_LIMIT)
		s->state = SEQ_NONE;
	return KEYSEQ_EATEN;
}

/* The name of a key that ncurses knows came within a sequence. */
static enum keyseq_verdict code(struct keyseq *s)
{
	bool part = s->state == SEQ_ESC || s->state == SEQ_STRING;

	/* Alt with that key; a string keeps going, its bytes may look so */
	if (s->state != SEQ_STRING)
		s->state = SEQ_NONE;
	return part ? KEYSEQ_EATEN : KEYSEQ_KEY;
}

enum keyseq_verdict keyseq_feed(struct keyseq *s, int c, int64_t now)
{
	if (now - s->at > SEQUENCE_NS)
		s->state = SEQ_NONE;
	s->at = now;
	if (c == KEYSEQ_CODE)
		return code(s);
	switch (s->state) {
	case SEQ_ESC:
		return after_esc(s, c);
	case SEQ_STRING:
	case SEQ_STRING_ESC:
		return in_string(s, c);
	case SEQ_SKIP:
		if (--s->skip == 0)
			s->state = SEQ_NONE;
		return KEYSEQ_EATEN;
	default:
		break;
	}
	if (c == ESC)
		return begin(s, SEQ_ESC);
	switch (s->state) {
	case SEQ_CSI:
		return in_csi(s, c);
	case SEQ_SS3:
		/* xterm of old put a modifier before the letter */
		return (c >= '0' && c <= '9') || c == ';' ? KEYSEQ_EATEN :
							     end(s);
	default:
		return KEYSEQ_KEY;
	}
}

bool keyseq_dry(struct keyseq *s)
{
	bool lone = s->state == SEQ_ESC;

	/* ncurses has waited for what may follow */
	if (lone || s->state == SEQ_STRING_ESC)
		s->state = SEQ_NONE;
	return lone;
}

bool keyseq_paste_lost(struct keyseq *s, int64_t now)
{
	if (!s->pasting || now - s->at <= PASTE_NS)
		return false;
	s->pasting = false;
	s->state = SEQ_NONE;
	return true;
}
