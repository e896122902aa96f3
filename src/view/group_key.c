#include "view/group_key.h"

#include <string.h>
#include <sys/socket.h>

#include "view/column_get.h"

/* ---- ports ---- */

bool group_port_is_theirs(const struct group_key *k)
{
	return k->word[0] & 1;
}

GROUP_KEY(port)
{
	(void)c;
	k->word[0] = group_port_word(s);
}

GROUP_KEY(remote_port)
{
	(void)c;
	k->word[0] = (uint64_t)s->row.id.remote_port << 1 | 1;
}

static void add_port(struct buf *out, uint64_t port)
{
	const char *name = port ? service_name((uint16_t)port) : NULL;

	if (!port) {
		buf_char(out, '*');
		return;
	}
	buf_uint(out, port);
	if (name)
		buf_printf(out, " %s", name);
}

GROUP_TEXT(port)
{
	(void)o;
	if (group_port_is_theirs(k))
		buf_puts(out, c->ascii ? "> " : "→ ");
	add_port(out, k->word[0] >> 1);
}

GROUP_TEXT(remote_port)
{
	(void)c;
	(void)o;
	add_port(out, k->word[0] >> 1);
}

/* A socket that has no other end has no such port either. */
GROUP_VALUES(port)
{
	(void)c;
	(void)o;
	v[0] = k->word[0] >> 1 ? value_uint(k->word[0] >> 1) : value_none();
	v[1] = value_text(group_port_is_theirs(k) ? "remote" : "local");
}

/* ---- addresses ---- */

/* word 0 */
enum { ADDR_IPV4, ADDR_IPV6, ADDR_NO_OTHER_END };

static void key_of_addr(int family, const struct addr *a, struct group_key *k)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (family == AF_INET || !memcmp(a->b, mapped, sizeof(mapped))) {
		k->word[0] = ADDR_IPV4;
		k->word[1] = key_of_bytes(a->b + (family == AF_INET ? 0 : 12),
					  4);
		return;
	}
	k->word[0] = ADDR_IPV6;
	k->word[1] = key_of_bytes(a->b, 8);
	k->word[2] = key_of_bytes(a->b + 8, 8);
}

GROUP_KEY(remote)
{
	(void)c;
	if (s->row.id.remote_port)
		key_of_addr(s->row.id.family, &s->row.id.remote, k);
	else
		k->word[0] = ADDR_NO_OTHER_END;
}

GROUP_KEY(prefix)
{
	key_remote(c, s, k);
	if (k->word[0] == ADDR_IPV4)
		k->word[1] &= ~UINT64_C(0xff);
	k->word[2] = 0;
}

GROUP_KEY(local)
{
	(void)c;
	key_of_addr(s->row.id.family, &s->row.id.local, k);
}

static void bytes_of_key(uint64_t key, uint8_t *b, int n)
{
	for (; n--; key >>= 8)
		b[n] = (uint8_t)key;
}

static int addr_of_key(const struct group_key *k, struct addr *a)
{
	memset(a, 0, sizeof(*a));
	if (k->word[0] == ADDR_IPV4) {
		bytes_of_key(k->word[1], a->b, 4);
		return AF_INET;
	}
	bytes_of_key(k->word[1], a->b, 8);
	bytes_of_key(k->word[2], a->b + 8, 8);
	return AF_INET6;
}

GROUP_TEXT(addr)
{
	struct addr a;
	int family;

	(void)c;
	(void)o;
	if (k->word[0] == ADDR_NO_OTHER_END) {
		buf_char(out, '*');
		return;
	}
	family = addr_of_key(k, &a);
	out->len += addr_print(buf_reserve(out, ADDR_TEXT_MAX), family, &a);
}

GROUP_TEXT(prefix)
{
	text_addr(c, k, o, out);
	if (k->word[0] != ADDR_NO_OTHER_END)
		buf_puts(out, k->word[0] == ADDR_IPV4 ? "/24" : "/64");
}

/* Into the context's scratch, as a getter's text is. */
static struct value scratch_text(struct column_context *c,
				 const struct buf *text)
{
	size_t n = text->len < sizeof(c->scratch) - 1 ? text->len :
						      sizeof(c->scratch) - 1;

	memcpy(c->scratch, buf_str(text), n);
	c->scratch[n] = '\0';
	return value_text(c->scratch);
}

static struct value made_text(struct column_context *c,
			      void (*text)(struct column_context *c,
					   const struct group_key *k,
					   const struct group_owner *o,
					   struct buf *out),
			      const struct group_key *k)
{
	struct buf b = { 0 };
	struct value v;

	text(c, k, NULL, &b);
	v = scratch_text(c, &b);
	buf_free(&b);
	return v;
}

GROUP_VALUES(addr)
{
	(void)o;
	*v = k->word[0] == ADDR_NO_OTHER_END ? value_none() :
					      made_text(c, text_addr, k);
}

GROUP_VALUES(prefix)
{
	(void)o;
	*v = k->word[0] == ADDR_NO_OTHER_END ? value_none() :
					      made_text(c, text_prefix, k);
}

/* ---- state, user ---- */

GROUP_KEY(state)
{
	(void)c;
	k->word[0] = columns[COL_STATE].rank(s);
	k->word[1] = s->row.state;
}

GROUP_TEXT(state)
{
	char text[STATE_TEXT_MAX];

	(void)c;
	(void)o;
	buf_puts(out, state_text(text, (unsigned)k->word[1]));
}

GROUP_VALUES(state)
{
	(void)o;
	*v = made_text(c, text_state, k);
}

GROUP_KEY(user)
{
	struct value v = columns[COL_UID].get(c, s);

	k->word[0] = v.kind == VALUE_NONE ? UINT64_MAX : v.uint;
}

GROUP_TEXT(user)
{
	(void)c;
	(void)o;
	buf_puts(out, k->word[0] == UINT64_MAX ? "-" :
		      user_name((uint32_t)k->word[0]));
}

GROUP_VALUES(user)
{
	(void)c;
	(void)o;
	v[0] = v[1] = value_none();
	if (k->word[0] == UINT64_MAX)
		return;
	v[0] = value_text(user_name((uint32_t)k->word[0]));
	v[1] = value_uint(k->word[0]);
}
