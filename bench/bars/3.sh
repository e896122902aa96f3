#!/bin/sh
# A pass over the text in /proc, beside reading it.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

scene $many
# shellcheck disable=SC2046
set -- $("$tools/sample" proc 7 2 "$TULPEN")
row 3 "proc pass -4 / cat /proc/net/tcp, 200 k" "<= 1.15" "$(calc "$1 / $2")" \
	"$1 ms / $2 ms of CPU"
