/*
 * info.h - what the kernel tells of one connection, in plain words
 *
 * tcp_info, the memory of its buffers and its options: each fact is one entry of
 * a table, with its unit and a few words for people.  The page of one socket
 * shows them group by group.
 *
 *	for (i = 0; i < info_groups[g].count; i++) {
 *		buf_reset(&text);
 *		if (info_text(detail, &info_groups[g].facts[i], &text))
 *			show(facts[i].name, text, facts[i].note);
 *	}
 */
#ifndef VIEW_INFO_H
#define VIEW_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/detail.h"

enum info_unit {
	INFO_COUNT,
	INFO_SEGMENTS,
	INFO_BYTES,
	INFO_US,
	INFO_MS,
	INFO_RATE,		/* bytes per second, shown as bits */
};

struct info_fact {
	const char *name;
	const char *note;	/* what that is; "" nothing to add */
	uint16_t offset;	/* in tcp_info */
	uint8_t size, unit;
	bool not_zero;		/* 0 is unknown, or tells nothing */
	bool not_max;		/* all ones are: unknown, or no limit */
	/* where it is no plain number: appends the text, or nothing */
	void (*print)(const struct sock_detail *d, struct buf *out);
};

struct info_group {
	const char *title;
	const struct info_fact *facts;
	int count;
};

enum info_group_id {
	INFO_PATH, INFO_CONGESTION, INFO_LOSS, INFO_VOLUME, INFO_PROGRAM,
	INFO_MEMORY, INFO_GROUPS,
};
extern const struct info_group info_groups[INFO_GROUPS];

/* false, and nothing appended: the kernel did not give it, or it tells
 * nothing. */
bool info_text(const struct sock_detail *d, const struct info_fact *f,
	       struct buf *out);

/* The parts of them: "12.34ms", "204ms", "1,448 B", "17.5 Gbit/s". */
void info_number(struct buf *out, enum info_unit unit, uint64_t n);

#endif
