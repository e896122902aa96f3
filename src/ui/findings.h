/*
 * findings.h - the page of findings: what is wrong, why, and what to do
 *
 * The scan belongs to view/finding.h and goes on whatever is on the screen.
 * Here is what is seen of it, and the way from a finding to its sockets and
 * back.
 *
 *	findings_page_open(ui);
 *	findings_page_draw(ui, c, rule_y, rect);	while it is open
 *	findings_page_enter(ui);			to the sockets
 *	findings_page_back(ui);				and back
 */
#ifndef UI_FINDINGS_H
#define UI_FINDINGS_H

#include "ui/scroll.h"
#include "ui/state.h"

void findings_page_open(struct ui *ui);
void findings_page_move(struct ui *ui, enum move m);
void findings_page_enter(struct ui *ui);
/* Comes back from the sockets of a finding; false: was not there. */
bool findings_page_back(struct ui *ui);
/* Row i was clicked: selects it, or when it is selected enters it. */
unsigned findings_page_click(struct ui *ui, long i);
/* How many of `rows` it leaves to the changes, with their rule; 0 none. */
int findings_page_spare(int rows);
/* Its rule on line `rule`, and all else in r. */
void findings_page_draw(struct ui *ui, struct canvas *c, int rule,
			struct rect r);
/* "findings › java[888]" */
void findings_page_crumb(const struct ui *ui, struct buf *out);
/* Lets go of the filter that was there before. */
void findings_page_free(struct ui *ui);

#endif
