#include "ui/glyph.h"

static const struct {
	const char *utf8, *ascii;
} glyphs[GLYPH_COUNT] = {
	[GLYPH_DOT]		= { "·", "-" },
	[GLYPH_RULE]		= { "─", "-" },
	[GLYPH_CRUMB]		= { "›", ">" },
	[GLYPH_MORE]		= { "…", "~" },
	[GLYPH_UP]		= { "↑", "^" },
	[GLYPH_DOWN]		= { "↓", "v" },
	[GLYPH_IN]		= { "←", "<" },
	[GLYPH_OUT]		= { "→", ">" },
	[GLYPH_RISING]		= { "▲", "^" },
	[GLYPH_FALLING]		= { "▼", "v" },
	[GLYPH_ASCENDING]	= { "▴", "^" },
	[GLYPH_DESCENDING]	= { "▾", "v" },
	[GLYPH_NEW]		= { "+", "+" },
	[GLYPH_CHANGED]		= { "~", "~" },
	[GLYPH_GONE]		= { "−", "-" },
	[GLYPH_FOLLOW]		= { "▶", ">" },
	[GLYPH_TOP_LEFT]	= { "┌", "+" },
	[GLYPH_TOP_RIGHT]	= { "┐", "+" },
	[GLYPH_BOTTOM_LEFT]	= { "└", "+" },
	[GLYPH_BOTTOM_RIGHT]	= { "┘", "+" },
	[GLYPH_SIDE]		= { "│", "|" },
	[GLYPH_CARET]		= { "^", "^" },
	/* double, not heavy: the Linux console has them too */
	[GLYPH_BUSY_TOP_LEFT]	= { "╔", "+" },
	[GLYPH_BUSY_TOP_RIGHT]	= { "╗", "+" },
	[GLYPH_BUSY_BOTTOM_LEFT] = { "╚", "+" },
	[GLYPH_BUSY_BOTTOM_RIGHT] = { "╝", "+" },
	[GLYPH_BUSY_SIDE]	= { "║", "#" },
	[GLYPH_BUSY_RULE]	= { "═", "=" },
	[GLYPH_ARROW_LEFT]	= { "◄", "<" },
	[GLYPH_ARROW_RIGHT]	= { "►", ">" },
	[GLYPH_ARROW_DOWN]	= { "▼", "v" },
	[GLYPH_SPARK + 0]	= { "▁", "_" },
	[GLYPH_SPARK + 1]	= { "▂", "." },
	[GLYPH_SPARK + 2]	= { "▃", ":" },
	[GLYPH_SPARK + 3]	= { "▄", "-" },
	[GLYPH_SPARK + 4]	= { "▅", "=" },
	[GLYPH_SPARK + 5]	= { "▆", "+" },
	[GLYPH_SPARK + 6]	= { "▇", "*" },
	[GLYPH_SPARK + 7]	= { "█", "#" },
};

const char *glyph(enum glyph g, bool ascii)
{
	return ascii ? glyphs[g].ascii : glyphs[g].utf8;
}
