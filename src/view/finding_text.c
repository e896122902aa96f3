/*
 * finding_text.c - findings in words: title, evidence, and the filter that
 * shows the sockets
 *
 * What is a guess says so; what is known only from a point on says "at least".
 */
#include "view/finding_part.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "view/changeline.h"
#include "view/format.h"

/* pieces of a sentence, as long as it is being made */
struct words {
	const struct findings *f;
	const struct tally *t;
	struct finding *out;
	struct buf piece[32];
	unsigned next;
};

static struct buf *piece(struct words *w)
{
	struct buf *b = &w->piece[w->next++ % 32];

	buf_reset(b);
	return b;
}

static const char *count(struct words *w, uint64_t n)
{
	struct buf *b = piece(w);

	format_count(b, n);
	return buf_str(b);
}

static const char *rate(struct words *w, double per_second)
{
	struct buf *b = piece(w);

	format_rate(b, per_second);
	return buf_str(b);
}

static const char *duration(struct words *w, int64_t ns)
{
	struct buf *b = piece(w);

	format_duration(b, ns);
	return buf_str(b);
}

static const char *bytes(struct words *w, uint64_t n)
{
	struct buf *b = piece(w);

	format_short(b, n);
	buf_puts(b, n == 1 ? " byte" : " bytes");
	return buf_str(b);
}

static const char *percent(struct words *w, double share)
{
	struct buf *b = piece(w);

	buf_printf(b, "%.0f%%", 100 * share);
	return buf_str(b);
}

/* "java[888]" */
static const char *owner(struct words *w, uint32_t set, bool last)
{
	struct buf *b = piece(w);

	owner_text(b, w->f->m->owners, set, last, w->f->ascii);
	return buf_str(b);
}

static const char *end_text(struct words *w, const struct tally_end *e)
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

static struct tally_end key_end(const struct tally_key *k)
{
	return (struct tally_end){
		.addr = k->there, .port = k->port, .family = k->family,
		.remote = k->remote,
	};
}

/* "java[888]", or where the process is not known "a process on port 8080" */
static const char *holder(struct words *w)
{
	const struct tally_key *k = &w->t->key;
	const struct tally_end e = key_end(k);
	struct buf *b;
	const char *where;

	if (k->owner >= OWNER_FIRST)
		return owner(w, k->owner, false);
	where = end_text(w, &e);
	b = piece(w);
	buf_printf(b, "a process %s %s", e.remote ? "connected to" : "on",
		   where);
	return buf_str(b);
}

static const struct sock *sample(const struct words *w)
{
	return w->t->sample.serial ?
	       table_ref(w->f->m->table, w->t->sample) : NULL;
}

/* Of the oldest: how long, and whether it may be longer. */
static const char *oldest(struct words *w)
{
	const struct sock *s = sample(w);
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

static void title(struct words *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void evidence(struct words *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void filter(struct words *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void subject(struct words *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

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

static void title(struct words *w, const char *fmt, ...)
{
	PRINT(w->out->title);
}

static void subject(struct words *w, const char *fmt, ...)
{
	PRINT(w->out->subject);
}

static void evidence(struct words *w, const char *fmt, ...)
{
	struct finding *out = w->out;

	if (out->evidence_count < EVIDENCE_MAX)
		PRINT(out->evidence[out->evidence_count++]);
}

static void filter(struct words *w, const char *fmt, ...)
{
	PRINT(w->out->filter);
}

static const char *are(uint64_t n)
{
	return n == 1 ? "is" : "are";
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* " and pid = 888": of its holders; " and sport = :8080" where these are not
 * known */
static const char *whose(struct words *w)
{
	const struct tally_key *k = &w->t->key;
	const struct process *p = owners_get(w->f->m->owners, k->owner, 0);
	const struct tally_end e = key_end(k);
	struct buf *b;
	const char *where;

	if (p) {
		b = piece(w);
		buf_printf(b, " and pid = %d", p->pid);
		return buf_str(b);
	}
	where = end_text(w, &e);
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

/* "all by app[77]" */
static void say_owner(struct words *w)
{
	const struct tally *t = w->t;
	uint32_t n = t->owner.vote.count;
	const char *who = owner(w, t->owner.set, t->owner.last);

	if (t->owner.set < OWNER_FIRST)
		return;
	if (2 * n > t->count)
		evidence(w, "%sby %s", most_of(w, n, t->count), who);
	else
		evidence(w, "by several processes, among them %s", who);
}

/* "10 of 12 from 10.0.0.9": where most of them go to, or come from. */
static void say_place(struct words *w, const char *where, uint32_t of)
{
	const struct tally *t = w->t;
	uint32_t n = t->place.vote.count;

	if ((t->place.end.port || t->place.end.family) && 2 * n > of)
		evidence(w, "%s%s %s", most_of(w, n, of), where,
			 end_text(w, &t->place.end));
}

static void say_counter(struct words *w, enum host_value v, const char *what)
{
	if (finding_grows(w->f, v))
		evidence(w, "this host now: %s %s (%s)",
			 rate(w, w->f->growth[v].rate), what,
			 host_values[v].field);
}

/* ---- one for each kind ---- */

static void say_growth(struct words *w)
{
	const struct tally *t = w->t;
	int64_t span = w->f->now - t->hot_since;

	if (t->count > t->hot_count && span > 0)
		evidence(w, "growing: %s more in the %s since this was seen "
			 "(%s)", count(w, t->count - t->hot_count),
			 duration(w, span),
			 rate(w, (t->count - t->hot_count) * 1e9 / span));
	else if (span >= 10 * NS_PER_SEC)
		evidence(w, "not growing for the %s that it was watched",
			 duration(w, span));
}

static void say_close_wait(struct words *w)
{
	const struct tally *t = w->t;
	bool known = t->key.owner >= OWNER_FIRST;

	title(w, "%s does not close: %s in CLOSE_WAIT, for %s", holder(w),
	      count(w, t->count), oldest(w));
	evidence(w, "%s %s been in CLOSE_WAIT for %s or longer, the oldest "
		 "for %s; %s in all", count(w, t->count),
		 t->count == 1 ? "has" : "have",
		 duration(w, finding_kinds[t->key.kind].lasts), oldest(w),
		 count(w, t->all));
	say_growth(w);
	say_place(w, t->place.end.remote ? "to" : "at our", t->count);
	if (t->extra)
		evidence(w, "%s hold data that was never read",
			 count(w, t->extra));
	if (!known)
		evidence(w, "the process is not visible, or not known");
	subject(w, "%s", holder(w));
	filter(w, "state close-wait%s", whose(w));
}

static const char *listener_limit(struct words *w, const struct sock *s)
{
	if (!s || s->row.send_q == U32_UNKNOWN)
		return "somaxconn";
	return count(w, s->row.send_q);
}

static void say_accept_limit(struct words *w, const struct sock *s)
{
	uint64_t most = host_value(&w->f->m->counters, HOST_SOMAXCONN);

	if (!s || s->row.send_q == U32_UNKNOWN)
		evidence(w, "the listener's own limit is not known");
	else if (most == U64_UNKNOWN)
		evidence(w, "the limit is %s", count(w, s->row.send_q));
	else if (s->row.send_q < most)
		evidence(w, "the limit of %s is the program's backlog; "
			 "somaxconn (%s) would allow more",
			 count(w, s->row.send_q), count(w, most));
	else
		evidence(w, "the limit is somaxconn (%s), whatever backlog "
			 "the program asks for", count(w, most));
}

static void say_accept_queue(struct words *w)
{
	const struct tally *t = w->t;
	const struct sock *s = sample(w);
	const char *who = t->owner.set >= OWNER_FIRST ?
			  owner(w, t->owner.set, t->owner.last) :
			  "its process";

	subject(w, "port %u", t->key.port);
	filter(w, "sport = :%u and ( state listening or ( ( state established "
	       "state close-wait ) and not inode > 0 ) )", t->key.port);
	if (!t->count) {
		title(w, "accept queue of port %u was full %s ago (%s)",
		      t->key.port, duration(w, w->f->now - t->hot_at), who);
		return;
	}
	title(w, "accept queue of port %u full: %s of %s wait for %s",
	      t->key.port, count(w, t->most), listener_limit(w, s), who);
	if (t->all)
		evidence(w, "%s %s waiting for accept(2), the oldest for %s",
			 count(w, t->all), are(t->all),
			 t->oldest == TIME_UNKNOWN ? "some time" :
			 duration(w, w->f->now - t->oldest));
	if (t->all)
		say_place(w, "from", t->all);
	if (t->extra > 1)
		evidence(w, "full: %s of the %s listeners on this port",
			 count(w, t->count), count(w, t->extra));
	say_accept_limit(w, s);
	say_counter(w, HOST_LISTEN_OVERFLOWS, "dropped for a full queue");
}

/* Is it the full accept queue of a listener of ours? */
static bool full_here(const struct words *w)
{
	struct tally_key k = tally_key(FINDING_ACCEPT_QUEUE);
	const struct tally *full;

	k.port = w->t->key.port;
	k.netns = w->t->key.netns;
	full = tally_known(&w->f->tallies, &k);
	return full && full->count;
}

static void say_dead_upstream(struct words *w)
{
	const struct tally *t = w->t;
	const struct tally_end e = key_end(&t->key);

	subject(w, "%s", end_text(w, &e));
	filter(w, "state syn-sent and dst %s", end_text(w, &e));
	title(w, "%s from %s: %s in SYN_SENT, for %s", t->all ?
	      "only some answers" : "no answer", end_text(w, &e),
	      count(w, t->count), oldest(w));
	if (t->most)
		evidence(w, "%s %s waiting for an answer to the SYN; it was "
			 "sent again up to %s time%s", count(w, t->count),
			 are(t->count), count(w, t->most), plural(t->most));
	else
		evidence(w, "%s %s waiting for an answer to the SYN",
			 count(w, t->count), are(t->count));
	if (t->all)
		evidence(w, "%s to the same place %s open: it answers some. "
			 "A guess: its accept queue is full%s",
			 count(w, t->all), are(t->all), full_here(w) ?
			 "; on this host that of this port is" : "");
	else
		evidence(w, "none to the same place is open; a host that is "
			 "up and refuses would send a reset at once");
	say_owner(w);
}

static void say_syn_flood(struct words *w)
{
	const struct tally *t = w->t;
	uint32_t from = tally_distinct_count(t);

	subject(w, "port %u", t->key.port);
	filter(w, "state syn-recv and sport = :%u", t->key.port);
	title(w, "%s half-open connections on port %u, from about %s "
	      "address%s", count(w, t->count), t->key.port, count(w, from),
	      from == 1 ? "" : "es");
	evidence(w, "%s of %s in SYN_RECV have not answered our SYN+ACK for "
		 "%s or longer", count(w, t->count), count(w, t->all),
		 duration(w, finding_kinds[t->key.kind].lasts));
	if (w->f->passive_opens >= 0)
		evidence(w, "%s connections come in for all ports together",
			 rate(w, w->f->passive_opens));
	say_place(w, "from one address,", t->count);
	if (from > t->count / 2 && t->count >= 16)
		evidence(w, "hardly two from the same address. A guess: the "
			 "senders are forged, a SYN flood");
	say_counter(w, HOST_SYNCOOKIES_SENT, "SYN cookies sent");
	say_counter(w, HOST_REQ_QFULL_DROP, "SYNs dropped");
}

static void say_ports(struct words *w)
{
	const struct tally *t = w->t;
	const struct tally_end e = key_end(&t->key);
	const struct tally_end here = {
		.addr = t->key.here, .family = t->key.family,
	};
	uint32_t ports = finding_ports(w->f);

	subject(w, "%s", end_text(w, &e));
	filter(w, "src %s and dst %s", end_text(w, &here), end_text(w, &e));
	title(w, "local ports towards %s: %s of %s in use (%s)",
	      end_text(w, &e), count(w, t->count), count(w, ports),
	      percent(w, ports ? (double)t->count / ports : 0));
	evidence(w, "from %s to %s: %s sockets, %s of them in TIME_WAIT",
		 end_text(w, &here), end_text(w, &e), count(w, t->count),
		 count(w, t->all));
	evidence(w, "ip_local_port_range is %" PRIu64 " to %" PRIu64,
		 host_value(&w->f->m->counters, HOST_PORT_FIRST),
		 host_value(&w->f->m->counters, HOST_PORT_LAST));
	if (t->all && w->out->severity == SEVERITY_NOTE)
		evidence(w, "tcp_tw_reuse lets a new connection take the port "
			 "of one in TIME_WAIT after 1 s, so these count less");
	say_owner(w);
}

static void say_fin_wait2(struct words *w)
{
	const struct tally *t = w->t;
	const char *peer = t->owner.set >= OWNER_FIRST ?
			   owner(w, t->owner.set, t->owner.last) :
			   "a process that is not visible";

	subject(w, "%s", holder(w));
	filter(w, "state fin-wait-2%s", whose(w));
	if (t->extra)
		title(w, "%s waits for %s to close: %s in FIN_WAIT2, for %s",
		      holder(w), peer, count(w, t->count), oldest(w));
	else
		title(w, "%s waits for other ends to close: %s in FIN_WAIT2, "
		      "for %s", holder(w), count(w, t->count), oldest(w));
	evidence(w, "%s in FIN_WAIT2 for %s or longer, and the process still "
		 "holds %s", count(w, t->count),
		 duration(w, finding_kinds[t->key.kind].lasts),
		 t->count == 1 ? "it" : "them");
	if (t->extra)
		evidence(w, "the other end of %s is on this host, in "
			 "CLOSE_WAIT: %s has our FIN and does not close",
			 count(w, t->extra), peer);
	say_place(w, "to", t->count);
}

static void say_queue(struct words *w)
{
	const struct tally *t = w->t;
	bool sending = t->key.kind == FINDING_PEER_NOT_READING;
	const char *one = sending ? "unsent" : "unread";

	subject(w, "%s", holder(w));
	if (sending) {
		filter(w, "timer = persist%s", whose(w));
		title(w, "%s: other end does not read, %s unsent for %s",
		      holder(w), bytes(w, t->bytes), oldest(w));
	} else {
		filter(w, "state established and recv-q > 0%s", whose(w));
		title(w, "%s does not read: %s unread for %s", holder(w),
		      bytes(w, t->bytes), oldest(w));
	}
	evidence(w, "%s of its %s open connections %s %s data that did not "
		 "get less for %s or longer", count(w, t->count),
		 count(w, t->all > t->count ? t->all : t->count),
		 t->count == 1 ? "has" : "have", one,
		 duration(w, finding_kinds[t->key.kind].lasts));
	evidence(w, "%s %s in all, %s at most in one; it grew in %s of them",
		 bytes(w, t->bytes), one, bytes(w, t->most),
		 count(w, t->extra));
	if (sending)
		evidence(w, "the window is closed: the kernel only probes "
			 "whether it opens (timer persist)");
	say_place(w, "with", t->count);
}

static void say_retransmitting(struct words *w)
{
	const struct tally *t = w->t;
	uint32_t open = table_counts(w->f->m->table)->state[STATE_ESTABLISHED];
	uint32_t to = tally_distinct_count(t);
	const struct tally_end e = key_end(&t->key);

	if (t->key.family) {
		subject(w, "%s", end_text(w, &e));
		filter(w, "timer = retrans and retrans > 2 and dst %s",
		       end_text(w, &e));
		title(w, "no answer from %s: %s connection%s, data sent again "
		      "up to %s times", end_text(w, &e), count(w, t->count),
		      plural(t->count), count(w, t->most));
		evidence(w, "%s of the %s connections with this address get "
			 "no answer", count(w, t->count), count(w, t->all));
	} else {
		subject(w, "all addresses");
		filter(w, "timer = retrans and retrans > 2 and not state "
		       "syn-sent");
		title(w, "%s connection%s get%s no answer, data sent again up "
		      "to %s times", count(w, t->count), plural(t->count),
		      t->count == 1 ? "s" : "", count(w, t->most));
		evidence(w, "to about %s address%s; %s connections are open",
			 count(w, to), to == 1 ? "" : "es", count(w, open));
		say_place(w, "to", t->count);
	}
	if (w->f->m->rates.retrans >= 0)
		evidence(w, "of all that this host sends %.1f%% is sent again",
			 100 * w->f->m->rates.retrans);
	say_owner(w);
}

static void say_time_wait(struct words *w)
{
	const struct tally *t = w->t;
	const struct tally_end e = key_end(&t->key);
	uint64_t most = host_value(&w->f->m->counters, HOST_MAX_TW_BUCKETS);
	uint32_t all = table_counts(w->f->m->table)->state[STATE_TIME_WAIT];

	subject(w, "%s", end_text(w, &e));
	if (e.remote) {
		filter(w, "state time-wait and dst %s", end_text(w, &e));
		title(w, "%s in TIME_WAIT towards %s: we close first",
		      count(w, t->count), end_text(w, &e));
	} else {
		filter(w, "state time-wait and sport = :%u", e.port);
		title(w, "%s in TIME_WAIT on our port %u: we close first",
		      count(w, t->count), e.port);
	}
	evidence(w, "each stays 60 s, so about %s are closed by this side",
		 rate(w, t->count / 60.0));
	say_owner(w);
	say_place(w, e.remote ? "to" : "from", t->count);
	if (most != U64_UNKNOWN)
		evidence(w, "%s on the whole host: %s of tcp_max_tw_buckets "
			 "(%s)", count(w, all),
			 percent(w, most ? (double)all / most : 0),
			 count(w, most));
	say_counter(w, HOST_TIME_WAIT_OVERFLOW, "cut short for want of room");
}

static void say_orphans(struct words *w)
{
	const struct tally *t = w->t;

	subject(w, "orphans");
	filter(w, "( state fin-wait-1 state last-ack state closing ) and not "
	       "inode > 0");
	title(w, "%s orphans, %s of what the kernel bears", count(w, t->count),
	      percent(w, t->most ? (double)t->count / t->most : 0));
	evidence(w, "tcp_max_orphans is %s; above it they are reset",
		 count(w, t->most));
	say_counter(w, HOST_ABORT_ON_MEMORY, "connections cut");
}

static void say_memory(struct words *w)
{
	const struct tally *t = w->t;

	subject(w, "memory");
	title(w, "TCP holds %s pages of memory; the kernel saves from %s on",
	      count(w, t->count), count(w, t->most));
	evidence(w, "tcp_mem: pressure from %s pages on, limit %s",
		 count(w, t->most), count(w, host_value(&w->f->m->counters,
							HOST_MEM_LIMIT)));
	say_counter(w, HOST_ABORT_ON_MEMORY, "connections cut");
}

static void (*const say[FINDING_COUNT])(struct words *w) = {
	[FINDING_CLOSE_WAIT]		= say_close_wait,
	[FINDING_ACCEPT_QUEUE]		= say_accept_queue,
	[FINDING_DEAD_UPSTREAM]		= say_dead_upstream,
	[FINDING_SYN_FLOOD]		= say_syn_flood,
	[FINDING_PORTS]			= say_ports,
	[FINDING_FIN_WAIT2]		= say_fin_wait2,
	[FINDING_PEER_NOT_READING]	= say_queue,
	[FINDING_NOT_READING]		= say_queue,
	[FINDING_RETRANSMITTING]	= say_retransmitting,
	[FINDING_TIME_WAIT]		= say_time_wait,
	[FINDING_ORPHANS]		= say_orphans,
	[FINDING_MEMORY]		= say_memory,
};

void finding_say(const struct findings *f, const struct tally *t,
		 struct finding *out)
{
	struct words w = { .f = f, .t = t, .out = out };

	say[t->key.kind](&w);
	for (size_t i = 0; i < sizeof(w.piece) / sizeof(w.piece[0]); i++)
		buf_free(&w.piece[i]);
}
