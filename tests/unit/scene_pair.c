/*
 * scene_pair.c - a connection of the scene's host with itself, for scene.c
 *
 * A server that listens on IPv6 for both families and does not read, a client
 * that writes to it, and one who waits to be accepted: with all that sock_diag
 * tells of them.
 */
#include "scene.h"

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/detail.h"

enum { PORT = 7001, CLIENT = 38674, WAITING = 38688 };

enum { SERVER_PID = 2901, CLIENT_PID = 2934 };

static const struct pair_socket {
	const char *local;
	uint16_t local_port;
	const char *remote;
	uint16_t remote_port;
	uint8_t state;
	int pid;			/* 0: in the accept queue */
	uint32_t recv_q, send_q;
	uint8_t timer;
} sockets[] = {
	{ "::", PORT, NULL, 0, STATE_LISTEN, SERVER_PID, 1, 3, 0 },
	{ "::ffff:127.0.0.1", PORT, "::ffff:127.0.0.1", CLIENT,
	  STATE_ESTABLISHED, SERVER_PID, 1079819, 0, 0 },
	{ "::ffff:127.0.0.1", PORT, "::ffff:127.0.0.1", WAITING,
	  STATE_ESTABLISHED, 0, 5, 0, 0 },
	{ "127.0.0.1", CLIENT, "127.0.0.1", PORT, STATE_ESTABLISHED,
	  CLIENT_PID, 0, 3914644, TIMER_PERSIST },
	{ "127.0.0.1", WAITING, "127.0.0.1", PORT, STATE_ESTABLISHED,
	  CLIENT_PID, 0, 0, 0 },
};
enum { SOCKETS = sizeof(sockets) / sizeof(sockets[0]) };

static void fill_info(struct sock_detail *d, bool writes)
{
	const uint32_t window = 65536;

	d->info = (struct tcp_info){
		.tcpi_state = STATE_ESTABLISHED,
		.tcpi_options = TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK |
				TCPI_OPT_WSCALE,
		.tcpi_snd_wscale = 10, .tcpi_rcv_wscale = 7,
		.tcpi_rto = 204000, .tcpi_snd_mss = 32768,
		.tcpi_rcv_mss = 536, .tcpi_advmss = 65483,
		.tcpi_pmtu = 65535, .tcpi_rtt = 34, .tcpi_rttvar = 17,
		.tcpi_min_rtt = 6, .tcpi_snd_ssthresh = INT32_MAX,
		.tcpi_snd_cwnd = 10, .tcpi_reordering = 3,
		.tcpi_rcv_space = 65483, .tcpi_rcv_ssthresh = 65483,
		.tcpi_pacing_rate = 29200000000, .tcpi_segs_out = 53,
		.tcpi_max_pacing_rate = UINT64_MAX,
		.tcpi_segs_in = 80, .tcpi_last_ack_recv = 31000,
		.tcpi_snd_wnd = writes ? 0 : 65536,
	};
	memcpy(d->info_bytes + INFO_RCV_WND, &window, sizeof(window));
	d->info_len = INFO_PLACES_END;
	if (!writes)
		return;
	d->info.tcpi_bytes_sent = 3291690;
	d->info.tcpi_bytes_retrans = 211871;
	d->info.tcpi_bytes_acked = 3079820;
	d->info.tcpi_data_segs_out = 72;
	d->info.tcpi_delivered = 73;
	d->info.tcpi_total_retrans = 7;
	d->info.tcpi_backoff = 9;
	d->info.tcpi_dsack_dups = 7;
	d->info.tcpi_notsent_bytes = 3914644;
	d->info.tcpi_last_data_sent = 149000;
	d->info.tcpi_busy_time = 150000000;
	d->info.tcpi_rwnd_limited = 147000000;
	d->info.tcpi_delivery_rate = 4850000000;
	d->info.tcpi_delivery_rate_app_limited = 1;
}

static struct sock_detail *detail_of(const struct pair_socket *k)
{
	static const uint32_t mem[] = {
		[SK_MEMINFO_RCVBUF] = 131072,
		[SK_MEMINFO_WMEM_QUEUED] = 3963732,
		[SK_MEMINFO_SNDBUF] = 4194304,
		[SK_MEMINFO_FWD_ALLOC] = 1196, [SK_MEMINFO_DROPS] = 0,
	};
	struct sock_detail *d = mem_zalloc(sizeof(*d));

	if (k->state == STATE_ESTABLISHED)
		fill_info(d, k->send_q > 0);
	memcpy(d->mem, mem, sizeof(mem));
	d->mem_count = sizeof(mem) / sizeof(mem[0]);
	d->has_mem = true;
	strcpy(d->congestion, "cubic");
	d->has_shutdown = true;
	d->has_mark = true;
	return d;
}

static void row_of(struct row *row, int i)
{
	const struct pair_socket *k = &sockets[i];

	memset(row, 0, sizeof(*row));
	row->id.protocol = IPPROTO_TCP;
	row->id.family = (uint8_t)addr_parse(k->local, &row->id.local);
	row->id.local_port = k->local_port;
	row->id.remote_port = k->remote_port;
	if (k->remote)
		addr_parse(k->remote, &row->id.remote);
	row->state = k->state;
	row->cookie = 0x2000 + (unsigned)i;
	row->inode = k->pid ? 80000 + (unsigned)i : 0;
	row->uid = 424242;
	row->recv_q = k->recv_q;
	row->send_q = k->send_q;
	row->timer = k->timer;
	row->expires_ms = k->timer ? 85000 : U32_UNKNOWN;
	row->detail = detail_of(k);
}

size_t scene_pair_rows(struct table *t)
{
	struct row row;

	for (int i = 0; i < SOCKETS; i++) {
		row_of(&row, i);
		table_row(t, &row);
	}
	return SOCKETS;
}

static void tell(struct owners *o, int pid, const char *service,
		 const char *command)
{
	struct process *p = owners_process(o, pid, 1000);

	if (!p)
		return;
	safe_free(&p->service);
	safe_free(&p->command);
	p->service = safe_text(service, strlen(service), 0);
	p->command = safe_text(command, strlen(command), 0);
}

void scene_pair_owners(struct monitor *m)
{
	struct row row;
	struct sock *s;

	for (int i = 0; i < SOCKETS; i++) {
		const char *name = sockets[i].pid == CLIENT_PID ? "client" :
								  "server";

		row_of(&row, i);
		free(row.detail);
		s = table_find(m->table, &row.id, row.cookie);
		if (!s || s->owner != OWNER_PENDING || !sockets[i].pid)
			continue;
		table_set_owner(m->table, s,
				owners_with(m->owners, OWNER_NONE,
					    sockets[i].pid, 1000, name,
					    strlen(name)));
	}
	tell(m->owners, SERVER_PID, "docker 3f2a9c1b0d4e",
	     "/opt/server --listen 7001 --database /var/lib/server/main.db "
	     "--workers 4 --verbose --log /var/log/server/today.log");
	tell(m->owners, CLIENT_PID, "load.service", "client --to 127.0.0.1");
}
