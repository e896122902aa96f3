/*
 * finding_words.h - the pieces that findings are told with
 *
 * A piece is text that lasts for some thirty more pieces: long enough for the
 * sentence it is part of.
 */
#ifndef VIEW_FINDING_WORDS_H
#define VIEW_FINDING_WORDS_H

#include "view/finding_part.h"

struct words {
	const struct findings *f;
	const struct tally *t;
	struct finding *out;
	struct buf piece[32];
	unsigned next;
};

void w_free(struct words *w);

/* pieces: "2,431" "12/s" "3m12s" "3.8MB" "70%" "java[888]" */
const char *w_count(struct words *w, uint64_t n);
const char *w_rate(struct words *w, double per_second);
const char *w_duration(struct words *w, int64_t ns);
const char *w_bytes(struct words *w, uint64_t n);
const char *w_percent(struct words *w, double share);
const char *w_owner(struct words *w, uint32_t set, bool last);
/* "port 443" "10.0.0.9:5432" "10.0.0.9" */
const char *w_end(struct words *w, const struct tally_end *e);
/* "java[888]", or where the process is not known "a process on port 8080" */
const char *w_holder(struct words *w);
/* " and pid = 888": of its holders; " and sport = :8080" where these are not
 * known */
const char *w_whose(struct words *w);
/* Of the oldest: how long, and whether it may be longer. */
const char *w_oldest(struct words *w);
const char *w_are(uint64_t n);
const char *w_plural(uint64_t n);

struct tally_end w_key_end(const struct tally_key *k);
/* A socket it is about; NULL it is gone. */
const struct sock *w_sample(const struct words *w);

void w_title(struct words *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void w_evidence(struct words *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void w_filter(struct words *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void w_subject(struct words *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Evidence: "all by app[77]" */
void w_say_owner(struct words *w);
/* "10 of 12 from 10.0.0.9": where most of them go to, or come from. */
void w_say_place(struct words *w, const char *where, uint32_t of);
/* A counter of the host, if it grows. */
void w_say_counter(struct words *w, enum host_value v, const char *what);

#endif
