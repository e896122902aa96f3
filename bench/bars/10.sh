#!/bin/sh
# What grows with the number of sockets, and how: x where cost ~ N^x, between
# 10 k, where the fixed costs are no longer most of it, and the largest scene.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

sizes="1000 10000 100000"
[ "$full" = 0 ] || sizes="$sizes $million"
passes='' floors='' frames='' memory='' names=''

# the first is of 10 k, the last of the largest scene
exponent()
{
	calc "log($2 / $1) / log($n / 10000)"
}

# of a list of values for each size
growth()
{
	exponent "$(echo "$1" | awk '{ print $2 }')" \
		"$(echo "$1" | awk '{ print $NF }')"
}

for n in $sizes; do
	scene "$n"
	names="$names$(name_of "$n" | tr -d ' ') "
	# shellcheck disable=SC2046
	set -- $("$tools/sample" netlink 7 "$(calc "0.3 + $n / 300000")" \
		"$TULPEN")
	passes="$passes$1 " floors="$floors$2 " memory="$memory$3 "
	frames="$frames$("$tools/keys" 3 "$TULPEN" |
		awk '$1 == "Down" { print $3 }') "
done
row 10 "pass at $names: N^x" "<= 1.1" "$(growth "$passes")" \
	"${passes}ms; the dump: $(growth "$floors")"
row 10 "memory: N^x" "<= 1.1" "$(growth "$memory")" "${memory}KiB"
row 10 "frame (Down, p50): N^x" "<= 0.1" "$(growth "$frames")" "${frames}ms"
