#include "life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REACH_MS = 4000, POLL_US = 20 };

void life_fault(struct life *life, const char *why)
{
	if (!life->fault[0])
		snprintf(life->fault, sizeof(life->fault), "%s: %s",
			 life->steps[life->steps_count - 1].text, why);
}

/* The entries up to `end` happened since it was last looked at. */
static void settle(struct end *e, unsigned end)
{
	const int64_t now = ground_now();

	for (; e->settled < end; e->settled++) {
		e->entries[e->settled].earliest = e->asked;
		e->entries[e->settled].latest = now;
	}
}

/* What the kernel can be asked about it: a full socket that is held answers
 * as the tracepoint does, what is found by its endpoints as it really is. */
static void look_at(struct end *e)
{
	const bool held = e->fd >= 0;
	const int64_t asked = ground_now();
	unsigned end = e->settled;
	uint8_t state;

	/* a listener that is closed is gone at once */
	if (!held && !e->remote.ss_family) {
		settle(e, e->count);
		return;
	}
	e->seen = state = held ? ask_held(e) : ask_unheld(e);
	for (unsigned i = e->settled; i < e->count; i++) {
		const struct entry *n = &e->entries[i];

		if ((held ? n->traced : n->real) && n->to == state)
			end = i + 1;
	}
	/* changing into a mini-socket cannot be seen from there */
	while (!held && end < e->count && !e->entries[end].real)
		end++;
	settle(e, end);
	e->asked = asked;
}

/* Waits until each socket is where the model says. */
static void reach(struct life *life, int64_t start)
{
	const int64_t deadline = start + REACH_MS * INT64_C(1000000);
	const struct end *late;

	for (int i = 0; i < ENDS_MAX; i++)
		life->ends[i].asked = start;
	do {
		late = NULL;
		for (int i = 0; i < ENDS_MAX; i++) {
			struct end *e = &life->ends[i];

			if (e->settled < e->count)
				look_at(e);
			if (e->settled < e->count)
				late = e;
		}
		if (late)
			usleep(POLL_US);
	} while (late && ground_now() < deadline);

	if (late) {
		char why[80];

		snprintf(why, sizeof(why), "%c is in %s, not in %s", late->role,
			 state_name(late->seen),
			 state_name(late->fd < 0 ? late->state : late->traced));
		life_fault(life, why);
	}
}

static void one_step(struct life *life, const char *text)
{
	struct step *step = &life->steps[life->steps_count++];

	snprintf(step->text, sizeof(step->text), "%s", text);
	step->role = text[0];
	step->start = ground_now();
	life_do(life, life_end(life, text[0]), text + 2);
	step->stop = ground_now();
	reach(life, step->start);
}

void life_run(struct life *life)
{
	static const char roles[ENDS_MAX] = { 'l', 'c', 'd', 's', 't' };
	char script[sizeof(life->script)], *rest = script, *text;

	memcpy(script, life->script, sizeof(script));
	for (int i = 0; i < ENDS_MAX; i++) {
		life->ends[i].role = roles[i];
		life->ends[i].fd = -1;
	}
	while ((text = strsep(&rest, " ")) && !life->fault[0]) {
		if (!*text)
			continue;
		if (*text == '+')
			text++;
		else if (life->pause_us)
			usleep(random() % life->pause_us);
		if (life->steps_count < STEPS_MAX)
			one_step(life, text);
	}
	for (int i = 0; i < ENDS_MAX; i++) {
		char close_it[] = { roles[i], '.', 'c', 'l', 'o', 's', 'e', 0 };

		if (life->ends[i].fd < 0)
			continue;
		if (life->fault[0] || life->steps_count == STEPS_MAX)
			close(life->ends[i].fd);
		else
			one_step(life, close_it);
	}
}
