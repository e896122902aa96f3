/*
 * lab_stage.h - the two namespaces a lab plays in, and who plays there
 *
 * Only lab.c builds and clears it; the labs see lab.h.
 */
#ifndef LIVE_LAB_STAGE_H
#define LIVE_LAB_STAGE_H

/* This process is on the host then.  Exits with 77 where that is not
 * permitted. */
void stage_build(void);
/* Ends all actors and removes what they leave; only in the process that built
 * it. */
void stage_clear(void);

#endif
