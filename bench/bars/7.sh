#!/bin/sh
# From a key to its effect on the screen while tulpen samples.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

# measure SOCKETS WANTED ROUNDS
measure()
{
	scene "$1"
	name=$(name_of "$1")
	"$tools/keys" "$3" "$TULPEN" >"$scene_said" || exit 1
	awk -v OFS=' ' '$1 == "all-but-Esc" || $1 == "Esc"' "$scene_said" |
	while read -r key presses p50 p99 max; do
		row 7 "key to screen, p99 ms, $name, $key" "$2" "$p99" \
			"p50 $p50, max $max, $presses presses"
	done
	awk '$1 != "all-but-Esc" && $1 != "Esc" {
		text = text sprintf("%s %.0f ", $1, $4) }
		END { print "      p99: " text }' "$scene_said"
}

measure $many "<= 16" 15
[ "$full" = 0 ] || measure $million "<= 33" 10
