#!/bin/sh
# A pass over sock_diag in the running program, beside the same dump received
# and thrown away.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

# measure SOCKETS DELAY
measure()
{
	scene "$1"
	name=$(name_of "$1")
	# shellcheck disable=SC2046
	set -- $("$tools/sample" netlink 9 "$2" "$TULPEN")
	row 2 "netlink pass / receive-only dump, $name" "<= 1.15" \
		"$(calc "$1 / $2")" "$1 ms / $2 ms of CPU"
}

measure $many 1
[ "$full" = 0 ] || measure $million 4
