#include "model/service.h"

#include <string.h>

enum {
	ID_MIN = 12, ID_MAX = 64,	/* of a container, hexadecimal */
	ID_SHOWN = 12,			/* as docker(1) and podman(1) do */
	POD_SHOWN = 8,			/* of a pod's uid */
};

struct span {
	const char *s;
	size_t len;
};

enum ident {
	IDENT_ID,		/* hexadecimal, shown short */
	IDENT_NAME,		/* anything, shown whole */
};

/* One component of a path: `before`, what identifies it, `after`. */
struct shape {
	const char *above;	/* the component above; NULL any */
	const char *before, *after;
	enum ident ident;
	const char *title;
};

/* The first that fits. */
static const struct shape shapes[] = {
	{ NULL, "docker-", ".scope", IDENT_ID, "docker" },
	{ "docker", "", "", IDENT_ID, "docker" },
	{ "buildkit", "", "", IDENT_ID, "docker" },
	{ NULL, "libpod-conmon-", ".scope", IDENT_ID, "podman" },
	{ NULL, "libpod-conmon-", "", IDENT_ID, "podman" },
	{ NULL, "libpod-", ".scope", IDENT_ID, "podman" },
	{ NULL, "libpod-", "", IDENT_ID, "podman" },
	{ NULL, "cri-containerd-", ".scope", IDENT_ID, "containerd" },
	{ NULL, "cri-containerd:", "", IDENT_ID, "containerd" },
	{ NULL, "nerdctl-", ".scope", IDENT_ID, "containerd" },
	{ "default", "", "", IDENT_ID, "containerd" },
	{ NULL, "crio-conmon-", ".scope", IDENT_ID, "cri-o" },
	{ NULL, "crio-", ".scope", IDENT_ID, "cri-o" },
	{ NULL, "crio-", "", IDENT_ID, "cri-o" },
	{ NULL, "lxc.payload.", "", IDENT_NAME, "lxc" },
	{ NULL, "lxc.monitor.", "", IDENT_NAME, "lxc" },
	{ "lxc", "", "", IDENT_NAME, "lxc" },
	{ NULL, "machine-", ".scope", IDENT_NAME, "machine" },
	{ NULL, "openrc.", "", IDENT_NAME, "openrc" },
	/* engines that give it no name of theirs */
	{ NULL, "", "", IDENT_ID, "container" },
};

/* what systemd runs processes in; slices are only groups of them */
static const char *const unit_ends[] = {
	".service", ".scope", ".socket", ".mount", ".swap",
};

static bool begins(struct span t, const char *with)
{
	size_t n = strlen(with);

	return t.len >= n && !memcmp(t.s, with, n);
}

static bool ends(struct span t, const char *with)
{
	size_t n = strlen(with);

	return t.len >= n && !memcmp(t.s + t.len - n, with, n);
}

static bool is(struct span t, const char *what)
{
	return t.len == strlen(what) && begins(t, what);
}

static size_t hex_digits(struct span t)
{
	size_t n = 0;

	while (n < t.len && ((t.s[n] >= '0' && t.s[n] <= '9') ||
			     (t.s[n] >= 'a' && t.s[n] <= 'f')))
		n++;
	return n;
}

static bool is_id(struct span t)
{
	return t.len >= ID_MIN && t.len <= ID_MAX && hex_digits(t) == t.len;
}

/* With nothing around it, a short number in hexadecimal is no container. */
static bool fits(const struct shape *shape, struct span above, struct span part,
		 struct span *id)
{
	size_t before = strlen(shape->before), after = strlen(shape->after);

	if (shape->above && !is(above, shape->above))
		return false;
	if (!begins(part, shape->before) || !ends(part, shape->after) ||
	    part.len <= before + after)
		return false;
	*id = (struct span){ part.s + before, part.len - before - after };
	if (shape->ident == IDENT_NAME)
		return true;
	if (!before && !after && !shape->above)
		return id->len == ID_MAX && is_id(*id);
	return is_id(*id);
}

/* ---- what is printed ---------------------------------------------------- */

static int hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* systemd writes what may not stand in a unit's name as \x2d. */
static void put_unescaped(struct buf *out, struct span t)
{
	for (size_t i = 0; i < t.len; i++) {
		const char *s = t.s + i;

		if (t.len - i >= 4 && s[0] == '\\' && s[1] == 'x' &&
		    hex_value(s[2]) >= 2 && hex_value(s[2]) < 8 &&
		    hex_value(s[3]) >= 0) {
			buf_char(out, (char)(16 * hex_value(s[2]) +
					     hex_value(s[3])));
			i += 3;
		} else {
			buf_char(out, *s);
		}
	}
}

/*
 * Where the uid of a pod stands: behind the last "pod" of a component below
 * kubepods.  Length 0: this is none of Kubernetes.
 */
static struct span pod_of(struct span path)
{
	struct span pod = { path.s, 0 };
	bool kube = false;

	for (size_t i = 0; i + 3 < path.len; i++) {
		struct span rest = { path.s + i, path.len - i };

		if (begins(rest, "kubepods"))
			kube = true;
		rest.s += 3;
		rest.len -= 3;
		if (kube && !memcmp(path.s + i, "pod", 3) &&
		    hex_digits(rest) >= POD_SHOWN)
			pod = (struct span){ rest.s, POD_SHOWN };
	}
	return pod;
}

static void put_container(struct buf *out, const struct shape *shape,
			  struct span path, struct span id)
{
	struct span pod = pod_of(path);

	if (shape->ident == IDENT_NAME) {
		buf_printf(out, "%s ", shape->title);
		put_unescaped(out, id);
		return;
	}
	if (pod.len)
		buf_printf(out, "k8s %.*s/", (int)pod.len, pod.s);
	else
		buf_printf(out, "%s ", shape->title);
	buf_add(out, id.s, id.len < ID_SHOWN ? id.len : ID_SHOWN);
}

/* "vte-spawn-8a0f….scope": where a random number begins that makes each one
 * different; the unit's whole length if there is none. */
static size_t before_uuid(struct span t)
{
	static const char dashes[] = { 8, 13, 18, 23 };

	for (size_t i = 0; i + 37 <= t.len; i++) {
		struct span id = { t.s + i + 1, 36 };
		size_t k = 0;

		if (t.s[i] != '-')
			continue;
		while (k < sizeof(dashes) && id.s[(int)dashes[k]] == '-')
			k++;
		if (k == sizeof(dashes) && hex_digits(id) == 8)
			return i + 9;
	}
	return t.len;
}

/* "user@1000/foo.service" for what a user's own manager runs. */
static void put_unit(struct buf *out, struct span unit, struct span manager)
{
	size_t n = before_uuid(unit);
	const char *dot = memrchr(unit.s, '.', unit.len);

	if (is(unit, "init.scope") && manager.len) {
		buf_add(out, manager.s, manager.len);
		return;
	}
	if (manager.len)
		buf_printf(out, "%.*s/", (int)(manager.len -
					       strlen(".service")),
			   manager.s);
	buf_add(out, unit.s, n);
	if (n < unit.len)
		buf_add(out, dot, unit.len - (size_t)(dot - unit.s));
}

/* ---- a path --------------------------------------------------------------- */

static bool is_unit(struct span t)
{
	for (size_t i = 0; i < sizeof(unit_ends) / sizeof(unit_ends[0]); i++)
		if (ends(t, unit_ends[i]) && t.len > strlen(unit_ends[i]))
			return true;
	return false;
}

static bool is_user_manager(struct span t)
{
	return begins(t, "user@") && ends(t, ".service");
}

static const struct shape *shape_of(struct span above, struct span part,
				    struct span *id)
{
	/* "kubepods-….slice:cri-containerd:0123…" */
	const char *colon = memchr(part.s, ':', part.len);

	if (colon) {
		part.len -= (size_t)(colon + 1 - part.s);
		part.s = colon + 1;
	}
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (fits(&shapes[i], above, part, id))
			return &shapes[i];
	return NULL;
}

/* The next component at *at; false: there is none. */
static bool next_part(struct span path, size_t *at, struct span *part)
{
	const char *end;

	while (*at < path.len && path.s[*at] == '/')
		++*at;
	part->s = path.s + *at;
	end = memchr(part->s, '/', path.len - *at);
	part->len = end ? (size_t)(end - part->s) : path.len - *at;
	*at += part->len;
	return part->len > 0;
}

bool service_of_path(struct buf *out, const char *path, size_t len)
{
	static const char deleted[] = " (deleted)";
	struct span all = { path, len }, above = { path, 0 }, part;
	struct span unit = above, manager = above, id = above, found_id;
	const struct shape *shape, *found = NULL;
	size_t at = 0;

	if (ends(all, deleted))
		all.len -= strlen(deleted);
	for (; next_part(all, &at, &part); above = part) {
		shape = shape_of(above, part, &found_id);
		if (shape) {
			found = shape;
			id = found_id;
		} else if (is_unit(part)) {
			if (is_user_manager(unit))
				manager = unit;
			unit = part;
		}
	}
	if (found)
		put_container(out, found, all, id);
	else if (unit.len)
		put_unit(out, unit, manager);
	return found || unit.len;
}

/* ---- /proc/PID/cgroup ------------------------------------------------------- */

/* How much a hierarchy is worth: greater first; negative: no such line. */
static int rank_of(struct span line, struct span *path)
{
	const char *first = memchr(line.s, ':', line.len), *second;
	struct span controllers;

	if (!first)
		return -1;
	controllers.s = first + 1;
	controllers.len = line.len - (size_t)(controllers.s - line.s);
	second = memchr(controllers.s, ':', controllers.len);
	if (!second)
		return -1;
	path->s = second + 1;
	path->len = line.len - (size_t)(path->s - line.s);
	controllers.len = (size_t)(second - controllers.s);
	if (!controllers.len)
		return 2;		/* version 2 */
	return begins(controllers, "name=") ? 1 : 0;
}

bool service_of_file(struct buf *out, const char *text, size_t len)
{
	for (int rank = 2; rank >= 0; rank--) {
		struct span line = { text, 0 }, path;

		for (; line.s < text + len; line.s += line.len + 1) {
			size_t left = len - (size_t)(line.s - text);
			const char *end = memchr(line.s, '\n', left);

			line.len = end ? (size_t)(end - line.s) : left;
			if (rank_of(line, &path) == rank &&
			    service_of_path(out, path.s, path.len))
				return true;
		}
	}
	return false;
}
