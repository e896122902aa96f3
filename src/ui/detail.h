/*
 * detail.h - the page of one socket: its blocks
 *
 * The page is made of blocks, each a heading and lines below it, which flow
 * into as many columns as the screen has room for.  A block adds itself to the
 * page it is given, and nothing at all where it has nothing to tell: so it can
 * be measured on a page without a window.
 *
 *	detail.c	the page: opened, kept up to date, laid out
 *	detail_ends.c	both ends and who holds them
 *	detail_state.c	state, queues, timer, changes
 *	detail_listener.c  who waits for a listener
 *	detail_info.c	what only sock_diag tells
 *
 * Only these include this.
 */
#ifndef UI_DETAIL_H
#define UI_DETAIL_H

#include "ui/page.h"
#include "ui/state.h"

enum {
	DETAIL_INDENT	= 16,	/* of values beside their names */
	DETAIL_THIRD	= 30,	/* of the words that explain them */
};

/* column_text() in ui->text, until that is used again. */
const char *detail_column(struct ui *ui, enum column_id id,
			  const struct sock *s);
/* The other end, if it is a socket of this host; NULL. */
const struct sock *detail_peer(const struct ui *ui, const struct sock *s);

/* detail_ends.c: for a column of any width each */
void detail_add_local(struct ui *ui, struct page *p, const struct sock *s);
void detail_add_remote(struct ui *ui, struct page *p, const struct sock *s);

/* detail_state.c */
void detail_add_state(struct ui *ui, struct page *p, const struct sock *s);
void detail_add_queues(struct ui *ui, struct page *p, const struct sock *s);
void detail_add_changes(struct ui *ui, struct page *p, const struct sock *s);

/* detail_listener.c */
/* Looks who waits for a listener; after each pass. */
void detail_find_waiting(struct ui *ui);
void detail_add_listener(struct ui *ui, struct page *p, const struct sock *s);

/* detail_info.c */
void detail_add_path(struct ui *ui, struct page *p, const struct sock *s);
void detail_add_congestion(struct ui *ui, struct page *p,
			   const struct sock *s);
void detail_add_loss(struct ui *ui, struct page *p, const struct sock *s);
void detail_add_volume(struct ui *ui, struct page *p, const struct sock *s);
void detail_add_program(struct ui *ui, struct page *p, const struct sock *s);
void detail_add_memory(struct ui *ui, struct page *p, const struct sock *s);
void detail_add_kernel(struct ui *ui, struct page *p, const struct sock *s);

#endif
