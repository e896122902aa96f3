#!/bin/sh
# Resident memory, the screen on, all of it divided by the sockets.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

# measure SOCKETS SETTLE
measure()
{
	scene "$1"
	sockets=$1
	# shellcheck disable=SC2046
	set -- $("$tools/stay" "$2" 2 "$TULPEN" 2>/dev/null)
	each=$(calc "$3 * 1024 / $sockets") all="$(calc "$3 / 1024") MiB in all"
}

measure $many 6
fact 6 "resident, bytes a socket, 200 k" "$each  ($all)"
[ "$full" = 0 ] || {
	measure $million 20
	row 6 "resident, bytes a socket, 1 M" "<= 160" "$each" "$all"
}
