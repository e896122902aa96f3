/* finding_words.c - pieces of sentences, made safe for their place */
#include "view/finding_words.h"

#include <stdarg.h>
#include <stdio.h>

#include "view/changeline.h"
#include "view/format.h"

void w_free(struct words *w)
{
	for (size_t i = 0; i < sizeof(w->piece) / sizeof(w->piece[0]); i++)
		buf_free(&w->piece[i]);
}

static struct buf *piece(struct words *w)
{
	struct buf *b = &w->piece[w->next++ % 32];

	buf_reset(b);
	return b;
}

const char *w_count(struct words *w, uint64_t n)
{
	struct buf *b = piece(w);

	format_count(b, n);
	return buf_str(b);
}

const char *w_rate(struct words *w, double per_second)
{
	struct buf *b = piece(w);

	format_rate(b, per_second);
	return buf_str(b);
}

const char *w_duration(struct words *w, int64_t ns)
{
	struct buf *b = piece(w);

	format_duration(b, ns);
	return buf_str(b);
}

const char *w_bytes(struct words *w, uint64_t n)
{
	struct buf *b = piece(w);

	format_short(b, n);
	buf_char(b, 'B');
	return buf_str(b);
}

const char *w_percent(struct words *w, double share)
{
	struct buf *b = piece(w);

	buf_printf(b, "%.0f%%", 100 * share);
	return buf_str(b);
}

const char *w_owner(struct words *w, uint32_t set, bool last)
{
	struct buf *b = piece(w);

	owner_text(b, w->f->m->owners, set, last, w->f->ascii);
	return buf_str(b);
}

const char *w_end(struct words *w, const struct tally_end *e)
{
	char text[ADDR_TEXT_MAX + 24];
	struct buf *b = piece(w);

	if (!e->family)
		buf_printf(b, "port %u", e->port);
	else if (e->port)
		buf_add(b, text, addr_print_port(text, e->family, &e->addr,
						 NULL, e->port));
	else
		buf_add(b, text, addr_print(text, e->family, &e->addr));
	return buf_str(b);
}

struct tally_end w_key_end(const struct tally_key *k)
{
	return (struct tally_end){
		.addr = k->there, .port = k->port, .family = k->family,
		.remote = k->remote,
	};
}

const char *w_holder(struct words *w)
{
	const struct tally_key *k = &w->t->key;
	const struct tally_end e = w_key_end(k);
	struct buf *b;
	const char *where;

	if (k->owner >= OWNER_FIRST)
		return w_owner(w, k->owner, false);
	where = w_end(w, &e);
	b = piece(w);
	buf_printf(b, "a process %s %s", e.remote ? "connected to" : "on",
		   where);
	return buf_str(b);
}

const struct sock *w_sample(const struct words *w)
{
	return w->t->sample.serial ?
	       table_ref(w->f->m->table, w->t->sample) : NULL;
}

const char *w_oldest(struct words *w)
{
	const struct sock *s = w_sample(w);
	struct buf *b = piece(w);

	if (w->t->oldest == TIME_UNKNOWN) {
		buf_puts(b, "some time");
		return buf_str(b);
	}
	if (s && s->since_certainty == CERTAIN_AT_LEAST)
		buf_puts(b, "at least ");
	format_duration(b, w->f->now - w->t->oldest);
	return buf_str(b);
}

/* A name may be longer than there is room for: never half a character. */
static void print(char *dst, size_t size, const char *fmt, va_list ap)
{
	int n = vsnprintf(dst, size, fmt, ap);
	size_t end = size - 1;

	if (n < 0 || (size_t)n < size)
		return;
	while (end && (dst[end - 1] & 0xc0) == 0x80)
		end--;
	if (end && (dst[end - 1] & 0x80))
		end--;
	dst[end] = '\0';
}

#define PRINT(dst) do {							\
	va_list ap;							\
									\
	va_start(ap, fmt);						\
	print(dst, sizeof(dst), fmt, ap);				\
	va_end(ap);							\
} while (0)

void w_title(struct words *w, const char *fmt, ...)
{
	PRINT(w->out->title);
}

void w_subject(struct words *w, const char *fmt, ...)
{
	PRINT(w->out->subject);
}

void w_evidence(struct words *w, const char *fmt, ...)
{
	struct finding *out = w->out;

	if (out->evidence_count < EVIDENCE_MAX)
		PRINT(out->evidence[out->evidence_count++]);
}

void w_filter(struct words *w, const char *fmt, ...)
{
	PRINT(w->out->filter);
}

const char *w_are(uint64_t n)
{
	return n == 1 ? "is" : "are";
}

const char *w_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

const char *w_whose(struct words *w)
{
	const struct tally_key *k = &w->t->key;
	const struct process *p = owners_get(w->f->m->owners, k->owner, 0);
	const struct tally_end e = w_key_end(k);
	struct buf *b;
	const char *where;

	if (p) {
		b = piece(w);
		buf_printf(b, " and pid = %d", p->pid);
		return buf_str(b);
	}
	where = w_end(w, &e);
	b = piece(w);
	if (e.family)
		buf_printf(b, " and dst %s", where);
	else
		buf_printf(b, " and sport = :%u", e.port);
	return buf_str(b);
}

/* "all ", "10 of 12 "; "" it is not most of them */
static const char *most_of(struct words *w, uint32_t n, uint32_t of)
{
	struct buf *b = piece(w);

	if (n >= of) {
		buf_puts(b, of > 1 ? "all " : "");
	} else {
		format_count(b, n);
		buf_puts(b, " of ");
		format_count(b, of);
		buf_char(b, ' ');
	}
	return buf_str(b);
}

void w_say_owner(struct words *w)
{
	const struct tally *t = w->t;
	uint32_t n = t->owner.vote.count, known = t->owner.known;
	const char *who = w_owner(w, t->owner.set, t->owner.last);

	if (t->owner.set < OWNER_FIRST || !known)
		return;
	if (2 * n <= known)
		w_evidence(w, "by several processes, among them %s", who);
	else if (known >= t->count)
		w_evidence(w, "%sby %s", most_of(w, n, t->count), who);
	else
		w_evidence(w, "%sby %s; the process is known of %s of %s",
			   n < known ? "most of them " : "", who,
			   w_count(w, known), w_count(w, t->count));
}

void w_say_place(struct words *w, const char *where, uint32_t of)
{
	const struct tally *t = w->t;
	uint32_t n = t->place.vote.count;

	if ((t->place.end.port || t->place.end.family) && 2 * n > of)
		w_evidence(w, "%s%s %s", most_of(w, n, of), where,
			 w_end(w, &t->place.end));
}

void w_say_counter(struct words *w, enum host_value v, const char *what)
{
	if (finding_grows(w->f, v))
		w_evidence(w, "this host now: %s %s (%s)",
			 w_rate(w, w->f->growth[v].rate), what,
			 host_values[v].field);
}

