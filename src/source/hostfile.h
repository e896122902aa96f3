/*
 * hostfile.h - reads the host counters of model/host.h below a procfs
 */
#ifndef SOURCE_HOSTFILE_H
#define SOURCE_HOSTFILE_H

#include "base/clock.h"
#include "model/host.h"

/* All files once; what is missing stays U64_UNKNOWN.  Never fails. */
void hostfile_read(const char *procfs, const struct clock *clock,
		   struct host_sample *out);

#endif
