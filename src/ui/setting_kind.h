/* setting_kind.h - what the kinds of settings have in common */
#ifndef UI_SETTING_KIND_H
#define UI_SETTING_KIND_H

#include "ui/setting.h"

/* Text from outside as it may be shown: in quotes, and not too long. */
void setting_quote(struct buf *out, const char *text, size_t n);
/* "wants yes or no, not 'maybe'". Returns -1. */
int setting_refuse(const struct setting *s, const char *text, size_t n,
		   struct buf *why);
/* Is text[n] that word, in any case? */
bool setting_is_word(const char *word, const char *text, size_t n);

#endif
