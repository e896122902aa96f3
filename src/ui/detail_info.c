/*
 * detail_info.c - what only sock_diag tells of one socket
 *
 * What the kernel did not give is left out, and so is a block without any
 * fact.
 */
#include "ui/detail.h"

#include <inttypes.h>
#include <stdio.h>

#include "model/detail.h"
#include "view/cgroup.h"
#include "view/info.h"

/* For a listener tcp_info holds its queue in fields of other meaning
 * (net/ipv4/tcp.c, tcp_get_info). */
static const struct sock_detail *detail_of(const struct sock *s, int group)
{
	return s->row.state == STATE_LISTEN && group != INFO_MEMORY ?
	       NULL : sock_detail(s);
}

static void add_group(struct page *p, const struct sock *s, int group)
{
	const struct info_group *g = &info_groups[group];
	const struct sock_detail *d = detail_of(s, group);
	struct buf text = { 0 };
	bool any = false;

	for (int i = 0; i < g->count; i++) {
		buf_reset(&text);
		if (!info_text(d, &g->facts[i], &text))
			continue;
		if (!any)
			page_title(p, g->title);
		any = true;
		page_fact(p, g->facts[i].name, buf_str(&text), DETAIL_INDENT,
			  g->facts[i].note, DETAIL_THIRD, false);
	}
	buf_free(&text);
}

void detail_add_path(struct ui *ui, struct page *p, const struct sock *s)
{
	(void)ui;
	add_group(p, s, INFO_PATH);
}

void detail_add_congestion(struct ui *ui, struct page *p, const struct sock *s)
{
	(void)ui;
	add_group(p, s, INFO_CONGESTION);
}

void detail_add_loss(struct ui *ui, struct page *p, const struct sock *s)
{
	(void)ui;
	add_group(p, s, INFO_LOSS);
}

void detail_add_volume(struct ui *ui, struct page *p, const struct sock *s)
{
	(void)ui;
	add_group(p, s, INFO_VOLUME);
}

void detail_add_program(struct ui *ui, struct page *p, const struct sock *s)
{
	(void)ui;
	add_group(p, s, INFO_PROGRAM);
}

void detail_add_memory(struct ui *ui, struct page *p, const struct sock *s)
{
	(void)ui;
	add_group(p, s, INFO_MEMORY);
}

/* ---- how the kernel names it -------------------------------------------------- */

static void fact(struct page *p, const char *name, const char *value,
		 const char *note)
{
	page_fact(p, name, value, DETAIL_INDENT, note, DETAIL_THIRD, false);
}

static void add_shutdown(struct page *p, const struct sock_detail *d)
{
	static const char *const text[] = {
		"no", "for receiving", "for sending", "both ways",
	};

	if (d->has_shutdown)
		fact(p, "shut down", text[d->shutdown & 3], "");
}

static void add_cgroup(struct page *p, const struct sock_detail *d)
{
	struct buf text = { 0 };

	if (!d->cgroup)
		return;
	if (!cgroup_path(d->cgroup, &text))
		buf_printf(&text, "number %" PRIu64, d->cgroup);
	fact(p, "made in group", buf_str(&text), "");
	buf_free(&text);
}

static void add_mark(struct page *p, const struct sock_detail *d)
{
	char text[16];

	if (!d->has_mark)
		return;
	snprintf(text, sizeof(text), "0x%x", d->mark);
	fact(p, "mark", d->mark ? text : "none", "SO_MARK");
}

void detail_add_kernel(struct ui *ui, struct page *p, const struct sock *s)
{
	const struct sock_detail *d = sock_detail(s);

	page_title(p, "Kernel");
	fact(p, "inode", detail_column(ui, COL_INODE, s),
	     "as in /proc/PID/fd");
	fact(p, "cookie", detail_column(ui, COL_COOKIE, s),
	     "never used twice; as in ss -e");
	fact(p, "user number", detail_column(ui, COL_UID, s), "");
	if (!d)
		return;
	add_shutdown(p, d);
	add_mark(p, d);
	add_cgroup(p, d);
	if (s->row.state == STATE_LISTEN && *d->congestion)
		fact(p, "control", d->congestion, "congestion control");
}
