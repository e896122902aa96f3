/*
 * kill_text.c - what closing and signalling does, and what came of it, in words
 *
 * What the kernel does is that of tcp_abort() in Linux 6.18; tests/live/kill.sh
 * asks the kernel it runs on.
 */
#include "ui/kill.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "view/changeline.h"
#include "view/format.h"

enum { LISTENERS_NAMED = 4 };

const struct kill_signal kill_signals[] = {
	{ SIGTERM, "TERM", "Asks it to end; most programs then clean up and "
	  "close their sockets." },
	{ SIGKILL, "KILL", "Ends it at once. It cannot clean up; the kernel "
	  "closes all its sockets." },
	{ SIGHUP, "HUP", "Many daemons read their configuration again; others "
	  "end." },
	{ SIGINT, "INT", "As Ctrl-C does: asks it to end." },
};
const int kill_signal_count = sizeof(kill_signals) / sizeof(kill_signals[0]);

void kill_ends(struct buf *out, const struct sock_id *id, int direction)
{
	char end[ADDR_TEXT_MAX + 24];

	addr_print_port(end, id->family, &id->local, NULL, id->local_port);
	buf_puts(out, end);
	if (!id->remote_port)
		return;
	addr_print_port(end, id->family, &id->remote, NULL, id->remote_port);
	buf_printf(out, " %s %s", direction == DIR_IN ? "<-" :
		   direction == DIR_OUT ? "->" : "-", end);
}

bool kill_can_close(unsigned state)
{
	return state != STATE_BOUND && state != STATE_CLOSE;
}

const char *kill_what(unsigned state)
{
	switch (state) {
	case STATE_LISTEN:
		return "It stops listening. Connections that wait to be "
		       "accepted are reset, new ones refused; accepted ones go "
		       "on. The owner's accept() fails with EINVAL, and its "
		       "descriptor keeps the port until it is closed.";
	case STATE_SYN_RECV:
		return "The request is forgotten, nothing is sent: a client "
		       "that repeats its SYN begins a new one.";
	case STATE_TIME_WAIT:
		return "It is forgotten, nothing is sent: no program holds it. "
		       "Late packets of the old connection are no longer told "
		       "from those of a new one.";
	case STATE_SYN_SENT:
		return "The attempt ends, nothing is sent. The owner's "
		       "connect() fails with ECONNABORTED.";
	case STATE_LAST_ACK:
	case STATE_CLOSING:
		return "It is forgotten, nothing is sent: both sides had sent "
		       "their FIN. The other end's is answered by a RST.";
	case STATE_CLOSE:
	case STATE_BOUND:
		return "The kernel cannot close it: it looks sockets up by "
		       "their connections and listeners, and it is neither.";
	default:
		return "It is aborted: the other end gets a RST, the owner the "
		       "error ECONNABORTED with a next call. What was not "
		       "sent or read yet is lost. The owner's descriptor stays "
		       "until it closes it.";
	}
}

static const char *other_error(int error)
{
	static char text[120];

	snprintf(text, sizeof(text), "The kernel says: %s.", strerror(error));
	return text;
}

static const char *refusal(int error)
{
	switch (error) {
	case EPERM:
	case EACCES:
		return "Not permitted: closing sockets needs CAP_NET_ADMIN. Run "
		       "tulpen as root (sudo tulpen), or once: setcap "
		       "cap_net_admin+ep on the program.";
	case EOPNOTSUPP:
		return "This kernel cannot: it was built without "
		       "CONFIG_INET_DIAG_DESTROY, or cannot in this state.";
	case EINVAL:
		return "This kernel does not know the request: it came with "
		       "Linux 4.5.";
	case ETIMEDOUT:
		return "The kernel did not answer: the list will show whether "
		       "it was done.";
	case EPROTONOSUPPORT:
		return "This kernel has no sock_diag (CONFIG_INET_DIAG), so "
		       "nothing can be closed from outside.";
	default:
		return other_error(error);
	}
}

const char *kill_no_signal(int error)
{
	switch (error) {
	case ESRCH:
		return "The process is no more. Nothing was sent.";
	case ESTALE:
		return "That pid is another process's by now. Nothing was sent.";
	case EPERM:
		return "Not permitted: it is another user's. Run tulpen as that "
		       "user or as root (sudo tulpen), or with CAP_KILL.";
	case EXDEV:
		return "/proc shows another pid namespace's processes: that "
		       "number is not the process seen. Nothing was sent.";
	case ENOSYS:
		return "This kernel has no pidfds (Linux 5.3). By a number "
		       "alone another process could be hit. Nothing was sent.";
	default:
		return other_error(error);
	}
}

const char *kill_fate(const struct deed_target *t)
{
	switch ((enum deed_fate)t->fate) {
	case FATE_GONE:
		return "It was gone already: no socket has this name any more.";
	case FATE_OTHER:
		return "Another socket has these endpoints by now. It was not "
		       "touched.";
	case FATE_UNFOUND:
		return "The kernel finds another socket in its place (a "
		       "listener that shares its port or address), so it "
		       "cannot be told which. It was not touched.";
	case FATE_UNNAMED:
		return "Its cookie is not known and could not be had: it is "
		       "gone, or bound to a device. Without it another socket "
		       "with the same endpoints could be hit. It was not "
		       "touched.";
	case FATE_REFUSED:
		return refusal(t->error);
	default:
		return "";
	}
}

/* ---- many of them ---------------------------------------------------------- */

static void add_counted(struct buf *b, const char *name, size_t n)
{
	if (b->len)
		buf_puts(b, ", ");
	buf_printf(b, "%s ", name);
	format_count(b, n);
}

static void add_states(struct ui *ui, struct page *p)
{
	const struct deed_sum *sum = &ui->kill.sum;
	struct buf b = { 0 };

	for (size_t i = 0; i < state_order_count; i++)
		if (sum->state[state_order[i]])
			add_counted(&b, state_info(state_order[i])->name,
				    sum->state[state_order[i]]);
	if (sum->state[STATE_OTHER])
		add_counted(&b, "unknown", sum->state[STATE_OTHER]);
	page_pair(p, STYLE_KEY, "States", STYLE_NORMAL, buf_str(&b), 12);
	buf_free(&b);
}

static void add_owners(struct ui *ui, struct page *p)
{
	const struct deed_sum *sum = &ui->kill.sum;
	struct buf b = { 0 }, name = { 0 };

	for (int i = 0; i < DEED_OWNERS && sum->owner[i].count; i++) {
		uint32_t set = sum->owner[i].set;

		buf_reset(&name);
		if (set < OWNER_FIRST)
			buf_puts(&name, set == OWNER_NONE ? "nobody" :
					"not known");
		else
			owner_text(&name, ui->live->owners, set, false,
				   ui->ascii);
		add_counted(&b, buf_str(&name), sum->owner[i].count);
	}
	if (sum->others)
		add_counted(&b, "others", sum->others);
	page_pair(p, STYLE_KEY, "Whose", STYLE_NORMAL, buf_str(&b), 12);
	buf_free(&b);
	buf_free(&name);
}

static void add_listeners(struct ui *ui, struct page *p)
{
	const struct deed *d = &ui->kill.deed;
	uint32_t n = ui->kill.sum.state[STATE_LISTEN], named = 0;
	struct buf b = { 0 };

	if (!n)
		return;
	for (size_t i = 0; i < d->count && named < LISTENERS_NAMED; i++) {
		if (d->target[i].state != STATE_LISTEN)
			continue;
		buf_puts(&b, named++ ? ", " : "");
		kill_ends(&b, &d->target[i].id, DIR_UNKNOWN);
	}
	if (n > named)
		buf_printf(&b, " and %u more", n - named);
	buf_puts(&b, n == 1 ? ": it will not listen any more" :
			      ": they will not listen any more");
	page_pair(p, STYLE_ALERT, "LISTENERS", STYLE_WARN, buf_str(&b), 12);
	buf_free(&b);
}

void kill_add_sum(struct ui *ui, struct page *p)
{
	const struct deed *d = &ui->kill.deed;
	struct buf b = { 0 };

	format_count(&b, d->count);
	buf_puts(&b, d->count == 1 ? " socket is to be closed, the one shown "
		 "when you asked." : " sockets are to be closed, those shown "
		 "when you asked.");
	page_line(p, STYLE_BOLD, buf_str(&b));
	if (*ui->kill.name)
		page_pair(p, STYLE_KEY, "Group", STYLE_NORMAL, ui->kill.name,
			  12);
	add_listeners(ui, p);
	add_states(ui, p);
	add_owners(ui, p);
	page_line(p, STYLE_NORMAL, "");
	page_line(p, STYLE_NORMAL, "Connections are aborted: the owners get "
		  "ECONNABORTED, the other ends a RST. Requests (SYN_RECV) and "
		  "TIME_WAIT are forgotten, nothing is sent for them.");
	if (d->phase == DEED_ASKED) {
		buf_reset(&b);
		buf_printf(&b, "Their cookies are looked up: %.0f%%",
			   100.0 * d->next / d->count);
		page_line(p, STYLE_DIM, buf_str(&b));
	} else if (d->of[FATE_OPEN] < d->count) {
		buf_reset(&b);
		format_count(&b, d->count - d->of[FATE_OPEN]);
		buf_puts(&b, " of them are gone by now, or have no cookie to "
			 "be told by: these will not be touched.");
		page_line(p, STYLE_WARN, buf_str(&b));
	}
	buf_free(&b);
}

void kill_add_fates(struct ui *ui, struct page *p)
{
	static const struct {
		enum deed_fate fate;
		const char *name, *text;
	} rows[] = {
		{ FATE_DONE, "closed", "" },
		{ FATE_GONE, "gone", "no more when it was their turn" },
		{ FATE_OTHER, "other", "another socket has their endpoints by "
		  "now: not touched" },
		{ FATE_UNFOUND, "not found", "another listener stands in front "
		  "of them: not touched" },
		{ FATE_UNNAMED, "no cookie", "gone, or bound to a device: not "
		  "touched" },
		{ FATE_REFUSED, "refused", NULL },
		{ FATE_OPEN, "left", "not touched" },
	};
	const struct deed *d = &ui->kill.deed;
	struct buf b = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = d->of[rows[i].fate];

		if (!n && rows[i].fate != FATE_DONE)
			continue;
		buf_reset(&b);
		format_count(&b, n);
		buf_puts(&b, rows[i].text && !*rows[i].text ? "" : ": ");
		buf_puts(&b, rows[i].text ? rows[i].text :
					    refusal(d->error));
		page_pair(p, rows[i].fate == FATE_REFUSED ? STYLE_ALERT :
			  STYLE_KEY, rows[i].name, STYLE_NORMAL, buf_str(&b),
			  12);
	}
	buf_free(&b);
}
