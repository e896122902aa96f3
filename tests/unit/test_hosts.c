/* test_hosts.c - names of addresses: what the first line of hosts(5) says */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "view/hosts.h"

/* The first address with a name of this host's own file; family 0: none. */
static int first_line(struct addr *a, char *name)
{
	FILE *f = fopen("/etc/hosts", "re");
	char line[512], text[128];
	int family = 0;

	while (f && !family && fgets(line, sizeof(line), f))
		if (sscanf(line, " %127[0-9a-fA-F.:] %255[A-Za-z0-9.-]", text,
			   name) == 2)
			family = addr_parse(text, a);
	if (f)
		fclose(f);
	return family;
}

static void named(void **state)
{
	struct addr a = { { 0 } }, mapped = { { [10] = 0xff, [11] = 0xff } };
	char name[256];
	int family = first_line(&a, name);

	(void)state;
	if (!family)
		return;		/* a host without names has nothing to test */
	assert_string_equal(hosts_name((uint8_t)family, &a), name);
	if (family != AF_INET)
		return;
	memcpy(mapped.b + 12, a.b, 4);
	assert_string_equal(hosts_name(AF_INET6, &mapped), name);
	/* the same bytes as IPv6 are another address */
	assert_null(hosts_name(AF_INET6, &a));
}

static void nameless(void **state)
{
	struct addr a;
	int family = addr_parse("203.0.113.254", &a);

	(void)state;
	assert_null(hosts_name((uint8_t)family, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named),
		cmocka_unit_test(nameless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
