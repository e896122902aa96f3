#!/bin/sh
# Printing all sockets, beside ss; and beside the dump alone, which is what
# nobody who asks sock_diag can go below.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

scene $many
# shellcheck disable=SC2046
set -- $(medians 9 "$TULPEN" --once -n -- ss -tanH -- "$tools/dump" \
	-- "$tools/dump" 0xfff)
row 1 "--once -n / ss -tanH, 200 k" "<= 0.50" "$(calc "$1 / $2")" \
	"$1 ms / $2 ms"
fact "" "  the dump alone / ss -tanH" \
	"$(calc "$3 / $2")  ($3 ms; without BOUND: $4 ms)"
