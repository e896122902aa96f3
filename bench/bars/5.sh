#!/bin/sh
# All of a million sockets with their owners; ss -tanpH is not done after 200 s.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"
# shellcheck source=bench/owners.sh
. "$bench/owners.sh"

if [ "$full" = 0 ]; then
	line 5 "--once -p, 1 M" "<= 8, 3 s" "only with --full" -
	exit
fi
scene $million
# shellcheck disable=SC2046
set -- $(owners 5)
row 5 "--once -p, 1 M, /proc walk" "<= 8 s" "$(calc "$1 / 1000")" "median of 5"
row 5 "--once -p, 1 M, with BPF" "<= 3 s" "$(calc "$2 / 1000")" "median of 5"
