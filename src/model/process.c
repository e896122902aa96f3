#include "model/process.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_BUCKETS = 64 };

void holders_init(struct holders *all)
{
	all->buckets = FIRST_BUCKETS;
	all->bucket = mem_zalloc(all->buckets * sizeof(*all->bucket));
	all->count = 0;
	all->named = 0;
}

static void holder_free(struct holder *h)
{
	safe_free(&h->process.name);
	safe_free(&h->process.service);
	safe_free(&h->process.command);
	free(h);
}

void holders_free(struct holders *all)
{
	for (size_t i = 0; i < all->buckets; i++) {
		struct holder *h, *next;

		for (h = all->bucket[i]; h; h = next) {
			next = h->next;
			holder_free(h);
		}
	}
	free(all->bucket);
}

/* Scatters all bits, so that sums of hashes stay apart: the finaliser of
 * MurmurHash3. */
static uint64_t hash_mix(uint64_t h)
{
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

static struct holder **chain_of(const struct holders *all, uint64_t hash)
{
	return &all->bucket[hash & (all->buckets - 1)];
}

static void chain_add(struct holders *all, struct holder *h)
{
	struct holder **chain = chain_of(all, h->hash);

	h->next = *chain;
	*chain = h;
}

static void grow(struct holders *all)
{
	struct holders bigger = {
		.buckets = all->buckets * 2,
		.count = all->count,
		.named = all->named,
	};

	bigger.bucket = mem_zalloc(bigger.buckets * sizeof(*bigger.bucket));
	for (size_t i = 0; i < all->buckets; i++) {
		struct holder *h, *next;

		for (h = all->bucket[i]; h; h = next) {
			next = h->next;
			chain_add(&bigger, h);
		}
	}
	free(all->bucket);
	*all = bigger;
}

/* What is beyond RAW_NAME_MAX is cut, so it makes no difference.  Another name
 * is another program, most of the time: all about it is to be read again. */
static void rename_holder(struct holders *all, struct holder *h,
			  const char *comm, size_t len)
{
	size_t kept = len < RAW_NAME_MAX ? len : RAW_NAME_MAX;

	if (h->process.name.s && len == h->raw_len &&
	    memcmp(comm, h->raw, kept) == 0)
		return;
	all->named++;
	safe_free(&h->process.name);
	h->process.name = safe_text(comm, len, RAW_NAME_MAX);
	h->process.told = 0;
	h->raw_len = len;
	memcpy(h->raw, comm, kept);
}

static uint64_t hash_of(int32_t pid, uint64_t start)
{
	return hash_mix(start ^ hash_mix((uint32_t)pid));
}

struct holder *holder_find(const struct holders *all, int32_t pid,
			   uint64_t start)
{
	struct holder *h = *chain_of(all, hash_of(pid, start));

	while (h && (h->process.pid != pid || h->process.start != start))
		h = h->next;
	return h;
}

struct holder *holder_get(struct holders *all, int32_t pid, uint64_t start,
			  const char *comm, size_t comm_len)
{
	struct holder *h = holder_find(all, pid, start);

	if (!h) {
		if (all->count >= all->buckets)
			grow(all);
		h = mem_zalloc(sizeof(*h));
		h->process.pid = pid;
		h->process.start = start;
		h->hash = hash_of(pid, start);
		chain_add(all, h);
		all->count++;
	}
	rename_holder(all, h, comm, comm_len);
	return h;
}

void holder_unref(struct holders *all, struct holder *h)
{
	struct holder **p;

	if (--h->process.refs)
		return;
	for (p = chain_of(all, h->hash); *p != h;)
		p = &(*p)->next;
	*p = h->next;
	all->count--;
	holder_free(h);
}
