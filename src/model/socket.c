#include "model/socket.h"

#include <string.h>
#include <sys/random.h>

#include "model/timeline.h"

const struct sock_detail *sock_detail(const struct sock *s)
{
	return s->timeline ? s->timeline->detail : NULL;
}

/* Whoever connects to us chooses addresses and ports, so the hash is keyed:
 * nobody can aim at one chain. */
static uint64_t hash_key(void)
{
	static uint64_t key;

	if (!key) {
		if (getrandom(&key, sizeof(key), GRND_NONBLOCK) !=
		    (ssize_t)sizeof(key))
			key = (uint64_t)(uintptr_t)&key;
		key |= 1;
	}
	return key;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	__uint128_t product = (__uint128_t)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint32_t sock_id_hash(const struct sock_id *id)
{
	uint64_t key = hash_key(), h, local[2], remote[2];

	memcpy(local, &id->local, sizeof(local));
	memcpy(remote, &id->remote, sizeof(remote));
	h = mix(local[0] ^ key, local[1] ^ UINT64_C(0xa0761d6478bd642f));
	h = mix(remote[0] ^ h, remote[1] ^ UINT64_C(0xe7037ed1a0b428db));
	h = mix(h ^ ((uint64_t)id->local_port << 32 |
		     (uint64_t)id->remote_port << 16 |
		     (uint64_t)id->family << 8 | id->protocol),
		key ^ id->netns ^ UINT64_C(0x8ebc6af09c88c6e3));
	return (uint32_t)(h ^ h >> 32);
}

bool sock_in_accept_queue(const struct sock *s)
{
	return s->row.inode == 0 && !s->inode_unknown && !s->owner_last &&
	       (s->row.state == STATE_ESTABLISHED ||
		s->row.state == STATE_CLOSE_WAIT);
}
