#!/bin/sh
# All sockets with their owners, beside ss, which is run once: it takes half a
# minute.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"
# shellcheck source=bench/owners.sh
. "$bench/owners.sh"

scene $many
ss=$(medians 1 ss -tanpH)
# shellcheck disable=SC2046
set -- $(owners 5)
row 4 "--once -p / ss -tanpH, 200 k, /proc walk" "<= 1/15" \
	"$(calc "$1 / $ss")" "$1 ms / $ss ms = 1/$(calc "$ss / $1")"
row 4 "--once -p / ss -tanpH, 200 k, with BPF" "<= 1/40" \
	"$(calc "$2 / $ss")" "$2 ms / $ss ms = 1/$(calc "$ss / $2")"
