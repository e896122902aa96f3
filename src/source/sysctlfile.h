/*
 * sysctlfile.h - reads the settings of model/sysctl.h below a procfs
 */
#ifndef SOURCE_SYSCTLFILE_H
#define SOURCE_SYSCTLFILE_H

#include "model/sysctl.h"

/* All of them once, those of the network namespace we are in; what is missing,
 * not readable or no plain text becomes "".  Never fails. */
void sysctlfile_read(const char *procfs, struct sysctls *out);

#endif
