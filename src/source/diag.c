/*
 * diag.c - sock_diag as bytes: requests built, answers taken apart
 */
#include "source/diag.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>

#include "model/need.h"

/*
 * The extension bits.  INET_DIAG_MD5SIG is deliberately not among them: it
 * holds key bytes.
 */
static uint8_t extensions(unsigned needs)
{
	uint8_t ext = 0;

	if (needs & NEED_INFO)
		ext |= 1 << (INET_DIAG_INFO - 1);
	if (needs & NEED_MEM)
		ext |= 1 << (INET_DIAG_SKMEMINFO - 1);
	if (needs & NEED_CONG)
		ext |= 1 << (INET_DIAG_CONG - 1);
	return ext;
}

static size_t put_request(void *dst, uint32_t seq, uint16_t type,
			  uint16_t flags, const void *body, size_t len)
{
	struct nlmsghdr nlh = {
		.nlmsg_len = NLMSG_LENGTH(len),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | flags,
		.nlmsg_seq = seq,
	};

	memcpy(dst, &nlh, sizeof(nlh));
	memcpy((char *)dst + NLMSG_HDRLEN, body, len);
	return nlh.nlmsg_len;
}

static size_t request(void *dst, uint32_t seq, uint16_t flags,
		      const struct inet_diag_req_v2 *req)
{
	return put_request(dst, seq, SOCK_DIAG_BY_FAMILY, flags, req,
			   sizeof(*req));
}

size_t diag_request_dump(void *dst, uint32_t seq, uint8_t family,
			 uint8_t protocol, uint32_t states, unsigned needs)
{
	struct inet_diag_req_v2 req = {
		.sdiag_family = family,
		.sdiag_protocol = protocol,
		.idiag_ext = extensions(needs),
		.idiag_states = states,
		.id.idiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE },
	};

	return request(dst, seq, NLM_F_DUMP, &req);
}

/* The kernel takes the family here as none given (inet_diag_dump_compat()). */
size_t diag_request_both(void *dst, uint32_t seq, uint32_t states,
			 unsigned needs)
{
	struct inet_diag_req req = {
		.idiag_ext = extensions(needs),
		.idiag_states = states,
		.id.idiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE },
	};

	return put_request(dst, seq, TCPDIAG_GETSOCK, NLM_F_DUMP, &req,
			   sizeof(req));
}

size_t diag_request_bytecode(void *dst, const void *code, size_t len)
{
	const struct nlattr attr = {
		.nla_len = sizeof(attr) + len,
		.nla_type = INET_DIAG_REQ_BYTECODE,
	};
	struct nlmsghdr nlh;
	char *end;

	memcpy(&nlh, dst, sizeof(nlh));
	end = (char *)dst + nlh.nlmsg_len;
	memset(end, 0, diag_bytecode_size(len));
	memcpy(end, &attr, sizeof(attr));
	memcpy(end + sizeof(attr), code, len);
	nlh.nlmsg_len += diag_bytecode_size(len);
	memcpy(dst, &nlh, sizeof(nlh));
	return nlh.nlmsg_len;
}

size_t diag_request_one(void *dst, uint32_t seq, const struct sock_id *id,
			uint64_t cookie, unsigned needs)
{
	struct inet_diag_req_v2 req = {
		.sdiag_family = id->family,
		.sdiag_protocol = id->protocol,
		.idiag_ext = extensions(needs),
		.idiag_states = UINT32_MAX,
		.id = {
			.idiag_sport = htons(id->local_port),
			.idiag_dport = htons(id->remote_port),
			.idiag_if = id->ifindex,
			.idiag_cookie = {
				INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE
			},
		},
	};

	memcpy(req.id.idiag_src, id->local.b, sizeof(id->local.b));
	memcpy(req.id.idiag_dst, id->remote.b, sizeof(id->remote.b));
	if (cookie) {
		req.id.idiag_cookie[0] = (uint32_t)cookie;
		req.id.idiag_cookie[1] = cookie >> 32;
	}
	return request(dst, seq, 0, &req);
}

size_t diag_request_abort(void *dst, uint32_t seq, const struct sock_id *id,
			  uint64_t cookie)
{
	size_t len = diag_request_one(dst, seq, id, cookie, 0);
	struct nlmsghdr nlh;

	memcpy(&nlh, dst, sizeof(nlh));
	nlh.nlmsg_type = SOCK_DESTROY;
	nlh.nlmsg_flags |= NLM_F_ACK;
	memcpy(dst, &nlh, sizeof(nlh));
	return len;
}

/*
 * Mini-sockets have no file and so no user: their uid 0 is not root's.  So
 * have orphans and connections nobody accepted yet, where Linux before 6.17
 * says 0 as well (sock_i_uid() without a struct socket).
 */
static bool uid_known(const struct inet_diag_msg *d)
{
	if (d->idiag_inode)
		return true;
	if (d->idiag_state == STATE_TIME_WAIT ||
	    d->idiag_state == STATE_SYN_RECV ||
	    d->idiag_state == STATE_NEW_SYN_RECV ||
	    d->idiag_timer == TIMER_TIME_WAIT)
		return false;
	return d->idiag_uid != 0;
}

/*
 * TCP_BOUND_INACTIVE is asked for with its own bit but answered as CLOSE.
 * One with a remote port was connected and then reset: that is CLOSE indeed.
 */
static uint8_t row_state(const struct inet_diag_msg *d, bool bound)
{
	if (d->idiag_state == STATE_NEW_SYN_RECV)
		return STATE_SYN_RECV;
	if (d->idiag_state == STATE_CLOSE && bound && !d->id.idiag_dport)
		return STATE_BOUND;
	return d->idiag_state;
}

static void fill_id(struct sock_id *id, const struct inet_diag_msg *d,
		    uint8_t protocol)
{
	size_t n = d->idiag_family == AF_INET ? 4 : 16;

	memset(id, 0, sizeof(*id));
	memcpy(id->local.b, d->id.idiag_src, n);
	memcpy(id->remote.b, d->id.idiag_dst, n);
	id->local_port = ntohs(d->id.idiag_sport);
	id->remote_port = ntohs(d->id.idiag_dport);
	id->family = d->idiag_family;
	id->protocol = protocol;
	id->ifindex = d->id.idiag_if;
}

static void fill_row(struct row *row, const struct inet_diag_msg *d,
		     const struct diag_reader *r)
{
	fill_id(&row->id, d, r->protocol);
	row->cookie = (uint64_t)d->id.idiag_cookie[1] << 32 |
		      d->id.idiag_cookie[0];
	/* an old kernel without cookies says INET_DIAG_NOCOOKIE */
	if (row->cookie == UINT64_MAX)
		row->cookie = 0;
	row->inode = d->idiag_inode;
	row->uid = uid_known(d) ? d->idiag_uid : U32_UNKNOWN;
	row->state = row_state(d, r->bound);
	row->recv_q = d->idiag_rqueue;
	row->send_q = d->idiag_wqueue;
	row->timer = d->idiag_timer;
	row->retrans = d->idiag_retrans;
	row->expires_ms = U32_UNKNOWN;
	/* a timer just overdue comes as a negative number from old kernels */
	if (row->timer != TIMER_NONE)
		row->expires_ms = d->idiag_expires > INT32_MAX ?
				  0 : d->idiag_expires;
	row->detail = NULL;
}

enum { KERNEL_NAME_MAX = 16 };
_Static_assert(sizeof(((struct sock_detail *)0)->congestion) ==
	       KERNEL_NAME_MAX, "names of the kernel's modules");
_Static_assert(sizeof(((struct sock_detail *)0)->ulp) == KERNEL_NAME_MAX,
	       "names of the kernel's modules");

/* The name of a module, to dst[KERNEL_NAME_MAX]; nothing if it is anything
 * else. */
static void fill_name(char *dst, const char *s, size_t len)
{
	size_t n = strnlen(s, len), i;

	if (n >= KERNEL_NAME_MAX)
		return;
	for (i = 0; i < n; i++) {
		char c = s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return;
	}
	memcpy(dst, s, n);
	dst[n] = '\0';
}

/* Attributes of their own: the name, and what that layer has to say. */
static void fill_ulp(struct sock_detail *d, const void *data, size_t len)
{
	const struct nlattr *a = data;

	while (len && mnl_attr_ok(a, (int)len)) {
		size_t step = MNL_ALIGN(a->nla_len);

		if (mnl_attr_get_type(a) == INET_ULP_INFO_NAME)
			fill_name(d->ulp, mnl_attr_get_payload(a),
				  mnl_attr_get_payload_len(a));
		len -= step < len ? step : len;
		a = (const void *)((const char *)a + step);
	}
}

/* Unknown types are no error: kernels grow. */
static void fill_attribute(struct diag_message *m, uint16_t type,
			   const void *data, size_t len)
{
	struct sock_detail *d = &m->detail;

	switch (type) {
	case INET_DIAG_PROTOCOL:
		if (len >= 1)
			m->row.id.protocol = *(const uint8_t *)data;
		break;
	case INET_DIAG_INFO:
		d->info_len = len < sizeof(d->info_bytes) ?
			      len : sizeof(d->info_bytes);
		memset(d->info_bytes, 0, sizeof(d->info_bytes));
		memcpy(d->info_bytes, data, d->info_len);
		break;
	case INET_DIAG_SKMEMINFO:
		if (len > sizeof(d->mem))
			len = sizeof(d->mem);
		d->mem_count = len / sizeof(d->mem[0]);
		d->has_mem = d->mem_count > 0;
		memcpy(d->mem, data, d->mem_count * sizeof(d->mem[0]));
		break;
	case INET_DIAG_CONG:
		fill_name(d->congestion, data, len);
		break;
	case INET_DIAG_ULP_INFO:
		fill_ulp(d, data, len);
		break;
	case INET_DIAG_MARK:
		d->has_mark = len >= sizeof(d->mark);
		memcpy(&d->mark, data, d->has_mark ? sizeof(d->mark) : 0);
		break;
	case INET_DIAG_CGROUP_ID:
		memcpy(&d->cgroup, data,
		       len >= sizeof(d->cgroup) ? sizeof(d->cgroup) : 0);
		break;
	case INET_DIAG_SHUTDOWN:
		d->has_shutdown = len >= 1;
		d->shutdown = len >= 1 ? *(const uint8_t *)data : 0;
		break;
	}
}

/* Returns how many were malformed: 0 or 1, nothing can be read after it. */
static unsigned fill_detail(struct diag_message *m, const void *attrs,
			    size_t left)
{
	const struct nlattr *a = attrs;

	memset(&m->detail, 0, sizeof(m->detail));
	while (left) {
		size_t step;

		if (!mnl_attr_ok(a, left < INT32_MAX ? left : INT32_MAX))
			return 1;
		fill_attribute(m, mnl_attr_get_type(a),
			       mnl_attr_get_payload(a),
			       mnl_attr_get_payload_len(a));
		step = MNL_ALIGN(a->nla_len);
		left -= step < left ? step : left;
		a = (const void *)((const char *)a + step);
	}
	return 0;
}

static enum diag_kind read_row(struct diag_reader *r, struct diag_message *m,
			       const char *payload, size_t len)
{
	struct inet_diag_msg d;
	size_t skip = MNL_ALIGN(sizeof(d));

	if (len < sizeof(d))
		return DIAG_BAD;
	memcpy(&d, payload, sizeof(d));
	if (d.idiag_family != AF_INET && d.idiag_family != AF_INET6)
		return DIAG_BAD;
	fill_row(&m->row, &d, r);
	if (r->want_detail && len > skip) {
		m->ignored = fill_detail(m, payload + skip, len - skip);
		m->row.detail = &m->detail;
	}
	return DIAG_ROW;
}

/*
 * NLMSG_ERROR and NLMSG_DONE both begin with an int: 0 or a negative errno.
 * A DONE without it is a plain end.
 */
static enum diag_kind read_end(struct diag_message *m, uint16_t type,
			       const char *payload, size_t len)
{
	int32_t code = 0;

	if (len >= sizeof(code))
		memcpy(&code, payload, sizeof(code));
	else if (type == NLMSG_ERROR)
		code = -EBADMSG;
	m->error = code < 0 && code > -4096 ? -code : code ? EBADMSG : 0;
	return type == NLMSG_DONE ? DIAG_DONE : DIAG_ERROR;
}

static enum diag_kind read_message(struct diag_reader *r,
				   struct diag_message *m,
				   const struct nlmsghdr *nlh)
{
	const char *payload = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	m->seq = nlh->nlmsg_seq;
	m->error = 0;
	m->ignored = 0;
	m->row.detail = NULL;
	if (nlh->nlmsg_pid != r->portid ||
	    m->seq - r->seq_first > r->seq_last - r->seq_first)
		return DIAG_FOREIGN;
	m->interrupted = nlh->nlmsg_flags & NLM_F_DUMP_INTR;
	switch (nlh->nlmsg_type) {
	case SOCK_DIAG_BY_FAMILY:
	case TCPDIAG_GETSOCK:		/* answers diag_request_both() */
		return read_row(r, m, payload, len);
	case NLMSG_DONE:
	case NLMSG_ERROR:
		return read_end(m, nlh->nlmsg_type, payload, len);
	default:
		return DIAG_BAD;
	}
}

void diag_reader_init(struct diag_reader *r, const void *buf, size_t len,
		      uint32_t seq_first, uint32_t seq_last, uint32_t portid)
{
	*r = (struct diag_reader){
		.protocol = IPPROTO_TCP,
		.at = buf,
		.left = len,
		.seq_first = seq_first,
		.seq_last = seq_last,
		.portid = portid,
	};
}

enum diag_kind diag_next(struct diag_reader *r, struct diag_message *m)
{
	const struct nlmsghdr *nlh = r->at;
	size_t step;

	m->interrupted = false;
	if (!r->left)
		return m->kind = DIAG_END;
	/* mnl_nlmsg_ok() counts in int: a length over 2^31 would pass it */
	if (r->left < sizeof(*nlh) || nlh->nlmsg_len < sizeof(*nlh) ||
	    nlh->nlmsg_len > r->left) {
		r->left = 0;
		return m->kind = DIAG_CUT;
	}
	/* the last one's padding may be missing */
	step = MNL_ALIGN((size_t)nlh->nlmsg_len);
	r->left -= step < r->left ? step : r->left;
	r->at = (const void *)((const char *)nlh + step);
	return m->kind = read_message(r, m, nlh);
}

bool diag_is_missing(int error)
{
	return error == ENOENT || error == EOPNOTSUPP ||
	       error == EPROTONOSUPPORT || error == EAFNOSUPPORT;
}
