/*
 * detail.c - one socket in full: the page, and how its blocks are laid out
 *
 * It is drawn from a copy, so that it still tells what was known when the
 * socket is gone.
 */
#include "ui/detail.h"

#include <string.h>

#include "model/peer.h"

enum {
	MARGIN		= 1,
	GAP		= 3,	/* between two columns */
	ENDS_BESIDE	= 68,	/* columns that both ends need beside */
	TWO_COLUMNS	= 116,
	THREE_COLUMNS	= 176,
	COLUMNS_MAX	= 3,
};

typedef void add_block(struct ui *ui, struct page *p, const struct sock *s);

/* In the order of reading; they flow from column to column. */
static add_block *const blocks[] = {
	detail_add_listener, detail_add_queues, detail_add_changes, detail_add_path,
	detail_add_congestion, detail_add_loss, detail_add_volume,
	detail_add_program, detail_add_memory, detail_add_kernel,
};
enum { BLOCKS = sizeof(blocks) / sizeof(blocks[0]) };

/* ---- open and close --------------------------------------------------------- */

void detail_open(struct ui *ui, const struct sock *s, uint32_t slot)
{
	struct detail *d = &ui->detail;

	memset(d, 0, sizeof(*d));
	d->open = true;
	d->gone = !s->live;
	d->slot = slot;
	sock_keep(ui->live->owners, &d->sock, s);
	detail_find_waiting(ui);
}

void detail_close(struct ui *ui)
{
	sock_unkeep(ui->live->owners, &ui->detail.sock);
	ui->detail.open = false;
}

void detail_update(struct ui *ui)
{
	struct detail *d = &ui->detail;
	const struct sock *s;
	struct sock old = d->sock;

	if (!d->open)
		return;
	s = rows_lookup(ui, d->sock.serial, d->slot);
	d->gone = !s || !s->live;
	if (!s)
		return;
	sock_keep(ui->live->owners, &d->sock, s);
	sock_unkeep(ui->live->owners, &old);
	detail_find_waiting(ui);
}

const struct sock *detail_peer(const struct ui *ui, const struct sock *s)
{
	return table_peer(ui->shown->table, s);
}

bool detail_flip(struct ui *ui, const struct sock *s)
{
	const struct sock *peer = s ? detail_peer(ui, s) : NULL;

	if (!peer)
		return false;
	if (ui->detail.open)
		detail_close(ui);
	detail_open(ui, peer, table_slot_of(ui->shown->table, peer));
	return true;
}

const char *detail_column(struct ui *ui, enum column_id id,
			  const struct sock *s)
{
	buf_reset(&ui->text);
	column_text(&ui->ctx, id, s, &ui->text);
	return buf_str(&ui->text);
}

/* ---- layout ------------------------------------------------------------------- */

/* The part of a page that is w columns wide and begins x columns further. */
static struct page part_of(const struct page *p, int x, int w)
{
	struct page part = *p;

	part.r.x += x;
	part.r.w = w;
	return part;
}

/* A blank line ends it. */
static void add_block_to(struct ui *ui, struct page *p, int i)
{
	long before = p->line;

	blocks[i](ui, p, &ui->detail.sock);
	if (p->line > before)
		page_line(p, STYLE_NORMAL, "");
}

static long height_of(struct ui *ui, const struct page *p, int i)
{
	struct page blind = *p;

	blind.r.h = 0;
	add_block_to(ui, &blind, i);
	return blind.line - p->line;
}

/* Does it all fit into n columns of that height, each block whole? */
static bool fits(const long *height, int n, long most)
{
	long used = 0;

	for (int i = 0; i < BLOCKS; i++) {
		if (height[i] > most)
			return false;
		if (used + height[i] > most) {
			used = 0;
			n--;
		}
		used += height[i];
	}
	return n > 0;
}

static void add_blocks(struct ui *ui, struct page *p, int n)
{
	struct page part = part_of(p, 0, (p->r.w - (n - 1) * GAP) / n);
	long height[BLOCKS], most = 1, top = p->line, end = top;

	for (int i = 0; i < BLOCKS; i++)
		height[i] = height_of(ui, &part, i);
	while (!fits(height, n, most))
		most++;
	for (int i = 0; i < BLOCKS; i++) {
		if (part.line + height[i] > top + most) {
			part = part_of(&part, part.r.w + GAP, part.r.w);
			part.line = top;
		}
		add_block_to(ui, &part, i);
		end = part.line > end ? part.line : end;
	}
	p->line = end;
}

static void add_ends(struct ui *ui, struct page *p)
{
	const struct sock *s = &ui->detail.sock;
	int w = (p->r.w - GAP) / 2;
	struct page left = part_of(p, 0, w);
	struct page right = part_of(p, w + GAP, w);

	if (p->r.w < ENDS_BESIDE) {
		detail_add_local(ui, p, s);
		page_line(p, STYLE_NORMAL, "");
		detail_add_remote(ui, p, s);
	} else {
		detail_add_local(ui, &left, s);
		detail_add_remote(ui, &right, s);
		p->line = left.line > right.line ? left.line : right.line;
	}
	page_line(p, STYLE_NORMAL, "");
}

void detail_draw(struct ui *ui, struct canvas *c, struct rect r)
{
	struct rect inner = { r.x + MARGIN, r.y, r.w - 2 * MARGIN, r.h };
	struct page p;

	ui_hit(ui, r, HIT_TEXT, -1);
	page_begin(&p, c, inner, &ui->detail.scroll);
	detail_add_state(ui, &p, &ui->detail.sock);
	add_ends(ui, &p);
	add_blocks(ui, &p, r.w >= THREE_COLUMNS ? COLUMNS_MAX :
			   r.w >= TWO_COLUMNS ? 2 : 1);
	page_end(&p);
}
