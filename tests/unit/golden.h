/*
 * golden.h - what is printed, held against tests/golden/NAME
 *
 * UPDATE=1 in the environment writes the files anew instead; look at the
 * difference before it is committed.  cmocka.h comes first.
 */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "base/buf.h"

/* Fails the test where got is not the file's text, and says from which line
 * on. */
void golden_check(const char *name, const struct buf *got);

#endif
