/*
 * finding_text.c - findings in words: title, evidence, and the filter that
 * shows the sockets
 *
 * What is a guess says so; what is known only from a point on says "at least".
 */
#include <inttypes.h>

#include "view/finding_words.h"

static void say_growth(struct words *w)
{
	const struct tally *t = w->t;
	int64_t span = w->f->now - t->hot_since;

	if (t->count > t->hot_count && span > 0)
		w_evidence(w,
			   "growing: %s more in the %s since this was seen "
			   "(%s)",
			   w_count(w, t->count - t->hot_count),
			   w_duration(w, span),
			   w_rate(w, (t->count - t->hot_count) * 1e9 / span));
	else if (span >= 10 * NS_PER_SEC)
		w_evidence(w, "not growing for the %s that it was watched",
			   w_duration(w, span));
}

static void say_close_wait(struct words *w)
{
	const struct tally *t = w->t;
	bool known = t->key.owner >= OWNER_FIRST;

	w_title(w, "%s does not close: %s in CLOSE_WAIT, for %s", w_holder(w),
		w_count(w, t->count), w_oldest(w));
	w_evidence(w,
		   "%s %s been in CLOSE_WAIT for %s or longer, the oldest "
		   "for %s; %s in all",
		   w_count(w, t->count), t->count == 1 ? "has" : "have",
		   w_duration(w, finding_kinds[t->key.kind].lasts), w_oldest(w),
		   w_count(w, t->all));
	say_growth(w);
	w_say_place(w, t->place.end.remote ? "to" : "at our", t->count);
	if (t->extra)
		w_evidence(w, "%s hold data that was never read",
			   w_count(w, t->extra));
	if (!known)
		w_evidence(w, "the process is not visible, or not known");
	w_subject(w, "%s", w_holder(w));
	w_filter(w, "state close-wait%s", w_whose(w));
}

static const char *listener_limit(struct words *w, const struct sock *s)
{
	if (!s || s->row.send_q == U32_UNKNOWN)
		return "somaxconn";
	return w_count(w, s->row.send_q);
}

static void say_accept_limit(struct words *w, const struct sock *s)
{
	uint64_t most = host_value(&w->f->m->counters, HOST_SOMAXCONN);

	if (!s || s->row.send_q == U32_UNKNOWN)
		w_evidence(w, "the listener's own limit is not known");
	else if (most == U64_UNKNOWN)
		w_evidence(w, "the limit is %s", w_count(w, s->row.send_q));
	else if (s->row.send_q < most)
		w_evidence(w,
			   "the limit of %s is the program's backlog; "
			   "somaxconn (%s) would allow more",
			   w_count(w, s->row.send_q), w_count(w, most));
	else
		w_evidence(w,
			   "the limit is somaxconn (%s), whatever backlog "
			   "the program asks for",
			   w_count(w, most));
}

static void say_accept_queue(struct words *w)
{
	const struct tally *t = w->t;
	const struct sock *s = w_sample(w);
	const char *who = t->owner.set >= OWNER_FIRST ?
				  w_owner(w, t->owner.set, t->owner.last) :
				  "its process";

	w_subject(w, "port %u", t->key.port);
	w_filter(w,
		 "sport = :%u and ( state listening or ( ( state established "
		 "state close-wait ) and not inode > 0 ) )",
		 t->key.port);
	if (!t->count) {
		w_title(w, "accept queue of port %u was full %s ago (%s)",
			t->key.port, w_duration(w, w->f->now - t->hot_at), who);
		return;
	}
	w_title(w, "accept queue of port %u full: %s of %s wait for %s",
		t->key.port, w_count(w, t->most), listener_limit(w, s), who);
	if (t->all)
		w_evidence(w, "%s %s waiting for accept(2), the oldest for %s",
			   w_count(w, t->all), w_are(t->all),
			   t->oldest == TIME_UNKNOWN ?
				   "some time" :
				   w_duration(w, w->f->now - t->oldest));
	if (t->all)
		w_say_place(w, "from", t->all);
	if (t->extra > 1)
		w_evidence(w, "full: %s of the %s listeners on this port",
			   w_count(w, t->count), w_count(w, t->extra));
	say_accept_limit(w, s);
	w_say_counter(w, HOST_LISTEN_OVERFLOWS, "dropped for a full queue");
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
	const struct tally_end e = w_key_end(&t->key);

	w_subject(w, "%s", w_end(w, &e));
	w_filter(w, "state syn-sent and dst %s", w_end(w, &e));
	w_title(w, "%s from %s: %s in SYN_SENT, for %s",
		t->all ? "only some answers" : "no answer", w_end(w, &e),
		w_count(w, t->count), w_oldest(w));
	if (t->most)
		w_evidence(w,
			   "%s %s waiting for an answer to the SYN; it was "
			   "sent again up to %s time%s",
			   w_count(w, t->count), w_are(t->count),
			   w_count(w, t->most), w_plural(t->most));
	else
		w_evidence(w, "%s %s waiting for an answer to the SYN",
			   w_count(w, t->count), w_are(t->count));
	if (t->all)
		w_evidence(w,
			   "%s to the same place %s open: it answers some. "
			   "A guess: its accept queue is full%s",
			   w_count(w, t->all), w_are(t->all),
			   full_here(w) ? "; that of this port is, on this "
					  "host" :
					  "");
	else
		w_evidence(w, "none to the same place is open; a host that is "
			      "up and refuses would send a reset at once");
	w_say_owner(w);
}

static void say_syn_flood(struct words *w)
{
	const struct tally *t = w->t;
	uint32_t from = tally_distinct_count(t);

	if (from > t->count) /* it is an estimate */
		from = t->count;
	w_subject(w, "port %u", t->key.port);
	w_filter(w, "state syn-recv and sport = :%u", t->key.port);
	w_title(w,
		"%s half-open connections on port %u, from about %s "
		"address%s",
		w_count(w, t->count), t->key.port, w_count(w, from),
		from == 1 ? "" : "es");
	w_evidence(w,
		   "%s of %s in SYN_RECV have not answered our SYN+ACK for "
		   "%s or longer",
		   w_count(w, t->count), w_count(w, t->all),
		   w_duration(w, finding_kinds[t->key.kind].lasts));
	if (w->f->passive_opens >= 0)
		w_evidence(w,
			   "meanwhile %s connections are opened from "
			   "outside, at all ports (PassiveOpens)",
			   w_rate(w, w->f->passive_opens));
	w_say_place(w, "from one address,", t->count);
	if (from > t->count / 2 && t->count >= 16)
		w_evidence(w, "hardly two from the same address. A guess: the "
			      "senders are forged, a SYN flood");
	w_say_counter(w, HOST_SYNCOOKIES_SENT, "SYN cookies sent");
	w_say_counter(w, HOST_REQ_QFULL_DROP, "SYNs dropped");
}

static void say_ports(struct words *w)
{
	const struct tally *t = w->t;
	const struct tally_end e = w_key_end(&t->key);
	const struct tally_end here = {
		.addr = t->key.here,
		.family = t->key.family,
	};
	uint32_t ports = finding_ports(w->f);
	uint64_t kept = host_value(&w->f->m->counters, HOST_PORTS_RESERVED);

	w_subject(w, "%s", w_end(w, &e));
	w_filter(w, "src %s and dst %s", w_end(w, &here), w_end(w, &e));
	w_title(w, "local ports towards %s: %s of %s in use (%s)", w_end(w, &e),
		w_count(w, t->count), w_count(w, ports),
		w_percent(w, ports ? (double)t->count / ports : 0));
	w_evidence(w, "from %s to %s: %s sockets, %s of them in TIME_WAIT",
		   w_end(w, &here), w_end(w, &e), w_count(w, t->count),
		   w_count(w, t->all));
	w_evidence(w, "ip_local_port_range is %" PRIu64 " to %" PRIu64,
		   host_value(&w->f->m->counters, HOST_PORT_FIRST),
		   host_value(&w->f->m->counters, HOST_PORT_LAST));
	if (kept && kept != U64_UNKNOWN)
		w_evidence(w, "%s of these ports are reserved "
			      "(ip_local_reserved_ports)", w_count(w, kept));
	if (t->all && w->out->severity == SEVERITY_NOTE)
		w_evidence(w, "tcp_tw_reuse lets a new connection take the "
			      "port "
			      "of one in TIME_WAIT after 1 s, so these count "
			      "less");
	w_say_owner(w);
}

static void say_fin_wait2(struct words *w)
{
	const struct tally *t = w->t;
	const char *peer = t->owner.set >= OWNER_FIRST ?
				   w_owner(w, t->owner.set, t->owner.last) :
				   "a process that is not visible";

	w_subject(w, "%s", w_holder(w));
	w_filter(w, "state fin-wait-2%s", w_whose(w));
	if (t->extra)
		w_title(w, "%s waits for %s to close: %s in FIN_WAIT2, for %s",
			w_holder(w), peer, w_count(w, t->count), w_oldest(w));
	else
		w_title(w,
			"%s waits for other ends to close: %s in FIN_WAIT2, "
			"for %s",
			w_holder(w), w_count(w, t->count), w_oldest(w));
	w_evidence(w,
		   "%s in FIN_WAIT2 for %s or longer, and the process still "
		   "holds %s",
		   w_count(w, t->count),
		   w_duration(w, finding_kinds[t->key.kind].lasts),
		   t->count == 1 ? "it" : "them");
	if (t->extra)
		w_evidence(w,
			   "the other end of %s is on this host, in "
			   "CLOSE_WAIT: %s has our FIN and does not close",
			   w_count(w, t->extra), peer);
	w_say_place(w, "to", t->count);
}

static void say_queue(struct words *w)
{
	const struct tally *t = w->t;
	bool sending = t->key.kind == FINDING_PEER_NOT_READING;
	const char *one = sending ? "unsent" : "unread";

	w_subject(w, "%s", w_holder(w));
	if (sending) {
		w_filter(w, "timer = persist%s", w_whose(w));
		w_title(w, "%s: other end does not read, %s unsent for %s",
			w_holder(w), w_bytes(w, t->bytes), w_oldest(w));
	} else {
		w_filter(w, "state established and recv-q > 0%s", w_whose(w));
		w_title(w, "%s does not read: %s unread for %s", w_holder(w),
			w_bytes(w, t->bytes), w_oldest(w));
	}
	w_evidence(w,
		   "%s of its %s open connections %s %s data that did not "
		   "get less for %s or longer",
		   w_count(w, t->count),
		   w_count(w, t->all > t->count ? t->all : t->count),
		   t->count == 1 ? "has" : "have", one,
		   w_duration(w, finding_kinds[t->key.kind].lasts));
	if (t->count > 1)
		w_evidence(w, "at most %s in one of them",
			   w_bytes(w, t->most));
	if (t->extra)
		w_evidence(w, "it grew, in %s of %s",
			   w_count(w, t->extra), w_count(w, t->count));
	if (sending)
		w_evidence(w, "the window is closed: the kernel only probes "
			      "whether it opens (timer persist)");
	w_say_place(w, "with", t->count);
}

static void say_retransmitting(struct words *w)
{
	const struct tally *t = w->t;
	uint32_t open = table_counts(w->f->m->table)->state[STATE_ESTABLISHED];
	uint32_t to = tally_distinct_count(t);
	const struct tally_end e = w_key_end(&t->key);

	if (t->key.family) {
		w_subject(w, "%s", w_end(w, &e));
		w_filter(w, "timer = retrans and retrans > 2 and dst %s",
			 w_end(w, &e));
		w_title(w,
			"no answer from %s: %s connection%s, data sent again "
			"up to %s times",
			w_end(w, &e), w_count(w, t->count), w_plural(t->count),
			w_count(w, t->most));
		w_evidence(w,
			   "%s of the %s connections with this address get "
			   "no answer",
			   w_count(w, t->count), w_count(w, t->all));
	} else {
		w_subject(w, "all addresses");
		w_filter(w, "timer = retrans and retrans > 2 and not state "
			    "syn-sent");
		w_title(w,
			"%s connection%s get%s no answer, data sent again up "
			"to %s times",
			w_count(w, t->count), w_plural(t->count),
			t->count == 1 ? "s" : "", w_count(w, t->most));
		w_evidence(w, "to about %s address%s; %s connections are open",
			   w_count(w, to), to == 1 ? "" : "es",
			   w_count(w, open));
		w_say_place(w, "to", t->count);
	}
	if (w->f->m->rates.retrans >= 0)
		w_evidence(w,
			   "of all that this host sends %.1f%% is sent again",
			   100 * w->f->m->rates.retrans);
	w_say_owner(w);
}

static void say_time_wait(struct words *w)
{
	const struct tally *t = w->t;
	const struct tally_end e = w_key_end(&t->key);
	uint64_t most = host_value(&w->f->m->counters, HOST_MAX_TW_BUCKETS);
	const struct sock *s = w_sample(w);
	uint32_t listener = e.remote || !s ?
				    OWNER_NONE :
				    table_listener_owner(w->f->m->table, s);
	uint32_t all = table_counts(w->f->m->table)->state[STATE_TIME_WAIT];

	w_subject(w, "%s", w_end(w, &e));
	if (e.remote) {
		w_filter(w, "state time-wait and dst %s", w_end(w, &e));
		w_title(w, "%s in TIME_WAIT towards %s: we close first",
			w_count(w, t->count), w_end(w, &e));
	} else {
		w_filter(w, "state time-wait and sport = :%u", e.port);
		w_title(w, "%s in TIME_WAIT on our port %u: we close first",
			w_count(w, t->count), e.port);
	}
	w_evidence(w, "each stays 60 s, so about %s are closed by this side",
		   w_rate(w, t->count / 60.0));
	if (t->owner.set >= OWNER_FIRST)
		w_say_owner(w);
	else if (listener >= OWNER_FIRST)
		w_evidence(w, "the port is that of %s",
			   w_owner(w, listener, false));
	w_say_place(w, e.remote ? "to" : "from", t->count);
	if (most != U64_UNKNOWN)
		w_evidence(w,
			   "%s on the whole host: %s of tcp_max_tw_buckets "
			   "(%s)",
			   w_count(w, all),
			   w_percent(w, most ? (double)all / most : 0),
			   w_count(w, most));
	w_say_counter(w, HOST_TIME_WAIT_OVERFLOW, "cut short for want of room");
}

static void say_orphans(struct words *w)
{
	const struct tally *t = w->t;

	w_subject(w, "orphans");
	w_filter(w, "( state fin-wait-1 state last-ack state closing ) and not "
		    "inode > 0");
	w_title(w, "%s orphans, %s of what the kernel bears",
		w_count(w, t->count),
		w_percent(w, t->most ? (double)t->count / t->most : 0));
	w_evidence(w, "tcp_max_orphans is %s; above it they are reset",
		   w_count(w, t->most));
	w_say_counter(w, HOST_ABORT_ON_MEMORY, "connections cut");
}

static void say_memory(struct words *w)
{
	const struct tally *t = w->t;

	w_subject(w, "memory");
	w_title(w, "TCP holds %s pages of memory; the kernel saves from %s on",
		w_count(w, t->count), w_count(w, t->most));
	w_evidence(w, "tcp_mem: pressure from %s pages on, limit %s",
		   w_count(w, t->most),
		   w_count(w, host_value(&w->f->m->counters, HOST_MEM_LIMIT)));
	w_say_counter(w, HOST_ABORT_ON_MEMORY, "connections cut");
}

static void (*const say[FINDING_COUNT])(struct words *w) = {
	[FINDING_CLOSE_WAIT] = say_close_wait,
	[FINDING_ACCEPT_QUEUE] = say_accept_queue,
	[FINDING_DEAD_UPSTREAM] = say_dead_upstream,
	[FINDING_SYN_FLOOD] = say_syn_flood,
	[FINDING_PORTS] = say_ports,
	[FINDING_FIN_WAIT2] = say_fin_wait2,
	[FINDING_PEER_NOT_READING] = say_queue,
	[FINDING_NOT_READING] = say_queue,
	[FINDING_RETRANSMITTING] = say_retransmitting,
	[FINDING_TIME_WAIT] = say_time_wait,
	[FINDING_ORPHANS] = say_orphans,
	[FINDING_MEMORY] = say_memory,
};

void finding_say(const struct findings *f, const struct tally *t,
		 struct finding *out)
{
	struct words w = {.f = f, .t = t, .out = out};

	say[t->key.kind](&w);
	w_free(&w);
}
