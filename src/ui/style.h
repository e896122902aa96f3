/*
 * style.h - the looks that text on the screen can have, declared once
 */
#ifndef UI_STYLE_H
#define UI_STYLE_H

#include <stdbool.h>
#include <stdint.h>

enum style {
	STYLE_NORMAL, STYLE_DIM, STYLE_BOLD, STYLE_TITLE, STYLE_SORT_TITLE,
	STYLE_HEADER, STYLE_WARN, STYLE_ALERT, STYLE_KEY, STYLE_KEY_LABEL,
	STYLE_NEW, STYLE_CHANGED, STYLE_GONE, STYLE_RULE, STYLE_PROMPT,
	STYLE_SPARK, STYLE_MATCH,
	/* one for each state */
	STYLE_LISTEN, STYLE_SYN, STYLE_ESTABLISHED, STYLE_FIN_WAIT,
	STYLE_CLOSE_WAIT, STYLE_LAST_ACK, STYLE_TIME_WAIT, STYLE_CLOSED,
	STYLE_COUNT,
};

struct style_info {
	const char *name;	/* for themes: "changed" */
	char letter;		/* in canvas_styles() */
	int8_t color;		/* 0…7 the terminal's colours; -1 default */
	int8_t background;	/* the same */
	bool bold, dim, reverse, underline;
};
extern const struct style_info style_info[STYLE_COUNT];

enum style style_of_state(unsigned state);

#endif
