#!/bin/sh
# CPU while nobody presses a key.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

# measure SECONDS SETTLE OPTION...
measure()
{
	seconds=$1 settle=$2
	shift 2
	# shellcheck disable=SC2046
	set -- $("$tools/stay" "$settle" "$seconds" "$TULPEN" -d 1 "$@" \
		2>"$scene_said")
	cpu=$1
	said=$(sed -n 's/ *process[es]* not readable ·//; 2s/^ //p' \
		"$scene_said" | cut -c1-90)
}

scene 1000
measure $((full ? 60 : 20)) 5
row 8 "CPU, % of a core, 1 k" "<= 0.5" "$cpu" "over $seconds s"
if [ "$full" = 0 ]; then
	scene $many --churn 100
	measure 20 15 --events trace
	fact 8 "CPU, % of a core, 200 k, trace, 100 conn./s" \
		"$cpu  (over $seconds s)"
else
	scene $million --churn 100
	measure 60 60 --events trace
	row 8 "CPU, % of a core, 1 M, trace, 100 conn./s" "<= 3" "$cpu" \
		"over $seconds s, after $settle s"
fi
echo "      $said"
