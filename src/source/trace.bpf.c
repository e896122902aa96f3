/*
 * trace.bpf.c - runs in the kernel at each change of a TCP socket's state
 *
 * Built by clang for BPF, embedded into tulpen by bpf_objects.S and loaded
 * by trace.c.  Each change of the watched namespace becomes a struct
 * trace_record in the ring, from which trace.c reads.
 */
#include "source/in_kernel.h"
#include "source/trace_record.h"
#include <bpf/bpf_endian.h>

/* Stable numbers of the kernel's interfaces. */
enum {
	MAP_PERCPU_ARRAY	= 6,
	MAP_RINGBUF		= 27,
	AF_INET			= 2,
	AF_INET6		= 10,
	IPPROTO_TCP		= 6,
	TCP_SYN_SENT		= 2,
	TCP_SYN_RECV		= 3,
	TCP_FIN_WAIT2		= 5,
	TCP_TIME_WAIT		= 6,
	TCP_CLOSE		= 7,
	TCP_LISTEN		= 10,
	TCP_CLOSING		= 11,
	PF_KTHREAD		= 0x00200000,
};

struct in6_addr {
	union {
		__be32 u6_addr32[4];
	} in6_u;
} AS_IN_KERNEL;

typedef struct {
	__s64 counter;
} atomic64_t;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	int skc_bound_dev_if;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
	unsigned long skc_flags;
} AS_IN_KERNEL;

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	int sk_err;
} AS_IN_KERNEL;

struct inet_sock {
	__be16 inet_sport;
} AS_IN_KERNEL;

struct tcp_sock {
	__u32 snd_una;
	__u32 write_seq;
} AS_IN_KERNEL;

struct task_struct {
	unsigned int flags;
	struct task_struct *group_leader;
	__u64 start_boottime;
	char comm[16];
} AS_IN_KERNEL;

enum sock_flags {
	SOCK_DEAD,		/* no process has it any more */
	SOCK_DONE,		/* the other end's FIN was received */
};

struct {
	__uint(type, MAP_RINGBUF);
	__uint(max_entries, TRACE_RING_SIZE);
} ring SEC(".maps");

struct {
	__uint(type, MAP_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct trace_counts);
} counts SEC(".maps");

const volatile struct trace_config config = { 0 };

/*
 * A field of a socket.  A program of typed arguments (tp_btf) reads the
 * kernel's memory as it is, the verifier knows its types; the other one (raw)
 * has to ask for each field.
 */
#define GET(typed, sk, field) \
	((typed) ? (sk)->field : BPF_CORE_READ(sk, field))
#define INLINE static __attribute__((always_inline)) inline

INLINE void get_ends(struct trace_record *r, const struct sock *sk, bool typed)
{
	const struct inet_sock *inet = (const void *)sk;

	r->family = GET(typed, sk, __sk_common.skc_family);
	r->remote_port = GET(typed, sk, __sk_common.skc_dport);
	/* When a socket is closed skc_num is 0 already; when it connects again,
	 * inet_sport still is the last connection's. */
	if (r->from == TCP_CLOSE)
		r->local_port = bpf_htons(GET(typed, sk, __sk_common.skc_num));
	else
		r->local_port = BPF_CORE_READ(inet, inet_sport);
	r->ifindex = GET(typed, sk, __sk_common.skc_bound_dev_if);
	__builtin_memset(r->local, 0, sizeof(r->local));
	__builtin_memset(r->remote, 0, sizeof(r->remote));
	if (r->family != AF_INET6) {
		r->local[0] = GET(typed, sk, __sk_common.skc_rcv_saddr);
		r->remote[0] = GET(typed, sk, __sk_common.skc_daddr);
		return;
	}
#pragma unroll
	for (int i = 0; i < 4; i++) {
		r->local[i] = GET(typed, sk, __sk_common.skc_v6_rcv_saddr
				  .in6_u.u6_addr32[i]);
		r->remote[i] = GET(typed, sk, __sk_common.skc_v6_daddr
				   .in6_u.u6_addr32[i]);
	}
}

/*
 * What lives on, as a mini-socket with the same cookie, when the full socket
 * is closed.  Nothing tells of a mini-socket's own changes.
 */
INLINE __u8 what_is_left(const struct sock *sk, __u8 from, bool typed)
{
	const struct tcp_sock *tp = (const void *)sk;
	unsigned long flags = GET(typed, sk, __sk_common.skc_flags);

	if (GET(typed, sk, sk_err))	/* reset, aborted, timed out */
		return TCP_CLOSE;
	if (from == TCP_CLOSING)	/* is our FIN acknowledged? */
		return BPF_CORE_READ(tp, snd_una) ==
		       BPF_CORE_READ(tp, write_seq) ? TCP_TIME_WAIT : TCP_CLOSE;
	if (from != TCP_FIN_WAIT2)
		return TCP_CLOSE;
	if (flags & 1ul << bpf_core_enum_value(enum sock_flags, SOCK_DONE))
		return TCP_TIME_WAIT;
	return flags & 1ul << bpf_core_enum_value(enum sock_flags, SOCK_DEAD) ?
		TCP_FIN_WAIT2 : TCP_CLOSE;
}

/* Of all changes, only these are always made by the socket's own process;
 * at all others the current task may be whoever was interrupted. */
INLINE bool by_process(__u8 from, __u8 to)
{
	return (from == TCP_CLOSE && to == TCP_SYN_SENT) ||
	       (from == TCP_CLOSE && to == TCP_LISTEN) ||
	       (from == TCP_LISTEN && to == TCP_CLOSE);
}

struct bpf_pidns_info {
	__u32 pid, tgid;
};

INLINE __u32 current_pid(void)
{
	struct bpf_pidns_info ns;

	if (!config.pidns_ino)
		return bpf_get_current_pid_tgid() >> 32;
	if (bpf_get_ns_current_pid_tgid(config.pidns_dev, config.pidns_ino,
					&ns, sizeof(ns)))
		return 0;		/* it is in another one */
	return ns.tgid;
}

INLINE void get_process(struct trace_record *r, __u8 from, __u8 to)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct task_struct *leader;

	r->pid = 0;
	r->start = 0;
	__builtin_memset(r->comm, 0, sizeof(r->comm));
	if (!by_process(from, to) || BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return;
	r->pid = current_pid();
	if (!r->pid)
		return;
	leader = BPF_CORE_READ(task, group_leader);
	r->start = BPF_CORE_READ(leader, start_boottime);
	BPF_CORE_READ_INTO(&r->comm, leader, comm);
}

INLINE bool is_watched(const struct sock *sk, int from, int to, bool typed)
{
	__u32 netns = typed ? sk->__sk_common.skc_net.net->ns.inum :
		BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);

	return netns == config.netns && from != to &&
	       GET(typed, sk, sk_protocol) == IPPROTO_TCP;
}

/*
 * Older kernels tell of a child before it has its own ends and the cookie of
 * its request: asking for a cookie now would give it another one.
 */
INLINE bool is_unfinished(const struct sock *sk, int from, int to, bool typed)
{
	return from == TCP_LISTEN && to == TCP_SYN_RECV &&
	       !GET(typed, sk, __sk_common.skc_dport);
}

INLINE void report(struct trace_counts *c, struct sock *sk, int from, int to,
		   bool typed)
{
	__u64 time = bpf_ktime_get_boot_ns();
	struct trace_record *r;

	if (!is_watched(sk, from, to, typed) ||
	    is_unfinished(sk, from, to, typed))
		return;
	r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r) {
		__sync_fetch_and_add(&c->full, 1);
		return;
	}
	r->time = time;
	r->cookie = typed ? bpf_get_socket_cookie(sk) :
		(__u64)BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	r->netns = config.netns;
	r->from = from;
	r->to = to;
	r->left = to == TCP_CLOSE ? what_is_left(sk, from, typed) : 0;
	get_ends(r, sk, typed);
	get_process(r, from, to);
	bpf_ringbuf_submit(r, 0);
}

/*
 * The kernel does not run a program inside itself: a change made by an
 * interrupt, while the program runs on this CPU for another one, is skipped.
 * There are two programs for that reason, which run one after the other for
 * each change.  The first leaves word of what it reported; the second reports
 * what it finds no word of.  Only one of them can be the one interrupted, so
 * no change is skipped by both.
 */
INLINE int first(__u64 *args, bool typed)
{
	__u32 zero = 0;
	volatile struct trace_counts *c = bpf_map_lookup_elem(&counts, &zero);
	__u32 i;

	if (!c)
		return 0;
	report((void *)c, (void *)args[0], args[1], args[2], typed);
	i = c->next++ % TRACE_TOLD;
	c->told[i].from = args[1];
	c->told[i].to = args[2];
	c->told[i].sk = args[0];
	return 0;
}

INLINE int second(__u64 *args, bool typed)
{
	__u32 zero = 0;
	volatile struct trace_counts *c = bpf_map_lookup_elem(&counts, &zero);

	if (!c)
		return 0;
#pragma unroll
	for (int i = 0; i < TRACE_TOLD; i++) {
		if (c->told[i].sk != args[0] ||
		    c->told[i].from != (__u32)args[1] ||
		    c->told[i].to != (__u32)args[2])
			continue;
		c->told[i].sk = 0;
		return 0;
	}
	c->again++;
	report((void *)c, (void *)args[0], args[1], args[2], typed);
	return 0;
}

/* args: sock, old state, new state */
SEC("tp_btf/inet_sock_set_state")
int typed_first(__u64 *args)
{
	return first(args, true);
}

SEC("tp_btf/inet_sock_set_state")
int typed_second(__u64 *args)
{
	return second(args, true);
}

SEC("raw_tp/inet_sock_set_state")
int raw_first(__u64 *args)
{
	return first(args, false);
}

SEC("raw_tp/inet_sock_set_state")
int raw_second(__u64 *args)
{
	return second(args, false);
}

char license_text[] SEC("license") = "GPL";
