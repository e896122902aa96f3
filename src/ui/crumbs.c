/* crumbs.c - where one is: "all › port 443 › by process" */
#include "ui/state.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/findings.h"
#include "ui/glyph.h"

static void add_crumb(const struct ui *ui, struct buf *out, const char *text)
{
	buf_printf(out, " %s %s", glyph(GLYPH_CRUMB, ui->ascii), text);
}

static void add_socket(const struct ui *ui, struct buf *out)
{
	const struct sock_id *id = &ui->detail.sock.row.id;
	char ends[2 * (ADDR_TEXT_MAX + 24)];

	addr_print_port(ends, id->family, &id->local, NULL, id->local_port);
	add_crumb(ui, out, ends);
	if (!id->remote_port)
		return;
	addr_print_port(ends, id->family, &id->remote, NULL, id->remote_port);
	buf_printf(out, " %s %s", glyph(ui->detail.sock.direction == DIR_IN ?
					GLYPH_IN : GLYPH_OUT, ui->ascii), ends);
}

/* Crumbs leave from the left, where one came from; the last one stays. */
static void shorten(const struct ui *ui, struct buf *out, int width)
{
	char sign[8];
	const char *next = buf_str(out);
	struct buf rest = { 0 };
	size_t n;

	n = (size_t)snprintf(sign, sizeof(sign), " %s ",
			     glyph(GLYPH_CRUMB, ui->ascii));
	while (utf8_width(next) + 6 > width && strstr(next, sign))
		next = strstr(next, sign) + n;
	if (next == buf_str(out))
		return;
	buf_printf(&rest, "%s%s%s", ui->ascii ? "..." : "…", sign, next);
	buf_reset(out);
	buf_puts(out, buf_str(&rest));
	buf_free(&rest);
}

void level_text(const struct ui *ui, struct buf *out, int width)
{
	const struct level *l = &ui->level[ui->depth];

	if (ui->finding_page.inside)
		findings_page_crumb(ui, out);
	else if (ui->diagram.inside)
		buf_printf(out, "diagram %s %s", glyph(GLYPH_CRUMB, ui->ascii),
			   state_info(ui->diagram.node)->name);
	else
		buf_puts(out, "all");
	for (int i = 1; i <= ui->depth; i++)
		if (ui->level[i].into)
			add_crumb(ui, out, ui->level[i].name);
	if (l->group != GROUP_NONE)
		add_crumb(ui, out, groups[l->group].by);
	if (ui->detail.open)
		add_socket(ui, out);
	if (utf8_width(buf_str(out)) > width)
		shorten(ui, out, width);
}
