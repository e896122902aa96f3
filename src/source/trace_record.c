#include "source/trace_record.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "source/trace.h"

/* The kernel's two numbers of SYN_RECV are one state to people. */
static uint8_t to_state(uint8_t number)
{
	return number == STATE_NEW_SYN_RECV ? STATE_SYN_RECV : number;
}

static void get_row(const struct trace_record *r, struct row *row)
{
	*row = (struct row){
		.id = {
			.family = r->family,
			.protocol = IPPROTO_TCP,
			.local_port = ntohs(r->local_port),
			.remote_port = ntohs(r->remote_port),
			.ifindex = r->ifindex,
			.netns = 0,	/* none but ours is watched */
		},
		.cookie = r->cookie,
		.uid = U32_UNKNOWN,
		.recv_q = U32_UNKNOWN,
		.send_q = U32_UNKNOWN,
		.expires_ms = U32_UNKNOWN,
		.timer = TIMER_UNKNOWN,
		.state = to_state(r->to),
	};
	memcpy(row->id.local.b, r->local, sizeof(row->id.local.b));
	memcpy(row->id.remote.b, r->remote, sizeof(row->id.remote.b));
}

int trace_event(const void *bytes, size_t len, uint32_t hz, struct event *e)
{
	struct trace_record r;

	if (len != sizeof(r))
		return -1;
	memcpy(&r, bytes, sizeof(r));
	if (r.family != AF_INET && r.family != AF_INET6)
		return -1;
	*e = (struct event){
		.kind = EVENT_STATE,
		.from = to_state(r.from),
		.to = to_state(r.to),
		.left = r.left,
		.after = (int64_t)r.time,
		.at = (int64_t)r.time,
		.pid = (int32_t)r.pid,
		.start = r.start / (NS_PER_SEC / hz),
		.bytes_sent = U64_UNKNOWN,
		.bytes_received = U64_UNKNOWN,
		.rtt_us = U32_UNKNOWN,
	};
	memcpy(e->comm, r.comm, sizeof(e->comm));
	get_row(&r, &e->row);
	return 0;
}
