/*
 * service.h - the service or container that a control group is
 *
 * Told by the shapes of paths that service managers and container engines
 * make (shapes[]).  The innermost container counts; where there is none, the
 * innermost unit of systemd.  Slices, and groups that somebody made by hand,
 * are neither.
 *
 *	service_of_file(&name, text, len);	text of /proc/PID/cgroup
 *	buf_str(&name)				"nginx.service", "" unknown
 *
 * Names are made of whatever bytes the path has: safe_text() is the caller's.
 */
#ifndef MODEL_SERVICE_H
#define MODEL_SERVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* "/system.slice/nginx.service" to "nginx.service".  Appends to out; false,
 * and nothing: no shape that is known. */
bool service_of_path(struct buf *out, const char *path, size_t len);

/*
 * Text of /proc/PID/cgroup: lines "hierarchy:controllers:path".  The one of
 * version 2 and that of systemd tell most; a hybrid host may have the name in
 * any.
 */
bool service_of_file(struct buf *out, const char *text, size_t len);

#endif
