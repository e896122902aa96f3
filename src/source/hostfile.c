/*
 * hostfile.c - reads the host counters of model/host.h below a procfs
 *
 * net/snmp and net/netstat:	"Tcp: ActiveOpens PassiveOpens …"
 *				"Tcp: 12 34 …"		by position
 * net/sockstat:		"TCP: inuse 4 orphan 0 …"	by name
 * sys/…:			"32768\t60999"			by number
 */
#include "source/hostfile.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/socket.h"
#include "source/hosttext.h"

/* Some 3 KiB are real; what does not fit is unknown. */
struct text {
	char data[32768];
	size_t len;
};

static void read_text(struct text *t, const char *procfs, const char *dir,
		      const char *name)
{
	char path[4096];
	ssize_t got;
	int fd;

	t->len = 0;
	if ((size_t)snprintf(path, sizeof(path), "%s/%s/%s", procfs, dir,
			     name) >= sizeof(path))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return;
	while (t->len < sizeof(t->data)) {
		got = read(fd, t->data + t->len, sizeof(t->data) - t->len);
		if (got <= 0)
			break;
		t->len += got;
	}
	close(fd);
}

static void read_counters(const char *procfs, const char *name,
			  enum host_file file, struct host_sample *out)
{
	struct text t;
	int v;

	read_text(&t, procfs, "net", name);
	for (v = 0; t.len && v < HOST_VALUE_COUNT; v++) {
		const struct host_info *h = &host_values[v];

		if (h->file != file || out->value[v] != U64_UNKNOWN)
			continue;
		if (file == HOST_SOCKSTAT)
			out->value[v] = hosttext_named(t.data, t.len, h->group,
						       h->field);
		else
			out->value[v] = hosttext_paired(t.data, t.len,
							h->group, h->field);
	}
}

/* Those of the range, which stands before them; a list that does not fit is
 * unknown. */
static uint64_t count_ports(const struct text *t,
			    const struct host_sample *out)
{
	uint64_t first = out->value[HOST_PORT_FIRST];
	uint64_t last = out->value[HOST_PORT_LAST];

	if (!t->len || t->len == sizeof(t->data) || first == U64_UNKNOWN ||
	    last == U64_UNKNOWN)
		return U64_UNKNOWN;
	return hosttext_ports(t->data, t->len, first, last);
}

/* Neighbours in the table that come from one file are read at once. */
static void read_sysctls(const char *procfs, struct host_sample *out)
{
	const char *have = "";
	struct text t;
	int v;

	t.len = 0;
	for (v = 0; v < HOST_VALUE_COUNT; v++) {
		const struct host_info *h = &host_values[v];

		if (h->file != HOST_SYSCTL)
			continue;
		if (strcmp(have, h->group))
			read_text(&t, procfs, "sys", h->group);
		have = h->group;
		if (!strcmp(h->field, "ports"))
			out->value[v] = count_ports(&t, out);
		else
			out->value[v] = hosttext_word(t.data, t.len,
						      atoi(h->field));
	}
}

void hostfile_read(const char *procfs, const struct clock *clock,
		   struct host_sample *out)
{
	int v;

	for (v = 0; v < HOST_VALUE_COUNT; v++)
		out->value[v] = U64_UNKNOWN;
	read_counters(procfs, "sockstat", HOST_SOCKSTAT, out);
	read_counters(procfs, "sockstat6", HOST_SOCKSTAT, out);
	read_counters(procfs, "snmp", HOST_SNMP, out);
	read_counters(procfs, "netstat", HOST_NETSTAT, out);
	read_sysctls(procfs, out);
	out->at = clock_mono(clock);
}
