/*
 * style.h - the looks that text on the screen can have, declared once
 *
 * What they look like is a theme's (ui/theme.h).  Every look differs from its
 * neighbours without colour too, by attributes or by the sign that goes with
 * it.
 */
#ifndef UI_STYLE_H
#define UI_STYLE_H

#include <stdbool.h>
#include <stdint.h>

enum style {
	STYLE_NORMAL, STYLE_DIM, STYLE_BOLD, STYLE_TITLE, STYLE_SORT_TITLE,
	STYLE_HEADER, STYLE_WARN, STYLE_ALERT, STYLE_KEY, STYLE_KEY_LABEL,
	STYLE_NEW, STYLE_CHANGED, STYLE_GONE, STYLE_RULE, STYLE_PROMPT,
	STYLE_SPARK, STYLE_BUSY, STYLE_MATCH, STYLE_SELECTED,
	/* one for each state */
	STYLE_LISTEN, STYLE_SYN, STYLE_ESTABLISHED, STYLE_FIN_WAIT,
	STYLE_CLOSE_WAIT, STYLE_LAST_ACK, STYLE_TIME_WAIT, STYLE_CLOSED,
	STYLE_COUNT,
};

struct style_info {
	const char *name;	/* "changed" */
	char letter;		/* in canvas_styles() */
};
extern const struct style_info style_info[STYLE_COUNT];

enum style style_of_state(unsigned state);

#endif
