# shellcheck shell=sh
# lib.sh - what the scripts in bench/bars share
#
#	. "$bench/lib.sh"
#	scene 200000
#	set -- $(median_of 5 "$TULPEN" --once -- ss -tanH)
#	row 1 "what is measured" "<= 0.50" "$(ratio "$1" "$2")" "$1 ms, $2 ms"
#
# Each runs in a network namespace of its own.  The environment says bench
# (this directory), tools (where its programs are built), TULPEN, and full (1:
# a million sockets, and as long as asked for; 0: less).

# shellcheck disable=SC2034	# for the scripts
bench=${bench:?} tools=${tools:?} full=${full:-0} million=1000000 many=200000

scene_pid=
scene_said=$(mktemp)

scene_over()
{
	[ -n "$scene_pid" ] || return 0
	kill "$scene_pid" 2>/dev/null
	wait "$scene_pid" 2>/dev/null
	scene_pid=
}

trap 'scene_over; rm -f "$scene_said"' EXIT
trap 'exit 130' HUP INT TERM

# scene SOCKETS [--churn RATE]: takes the place of the one before
scene()
{
	scene_over
	setpriv --pdeathsig TERM "$tools/idle" "$@" >"$scene_said" &
	scene_pid=$!
	until grep -q '^ready' "$scene_said"; do
		kill -0 "$scene_pid" 2>/dev/null || {
			echo "bench: no scene of $1 sockets" >&2
			exit 77
		}
		sleep 0.1
	done
}

# calc EXPRESSION: prints it with as many digits as are worth something
calc()
{
	awk "BEGIN {
		v = $1
		digits = v < 0.1 ? 4 : v < 1 ? 3 : v < 10 ? 2 : v < 100 ? 1 : 0
		printf \"%.*f\", digits, v
	}"
}

holds()
{
	awk "BEGIN { exit !($1) }"
}

# line NUMBER MEASURE WANTED GOT VERDICT
line()
{
	printf '%-5s %-44s %-8s %-48s %s\n' "$@"
}

# row NUMBER MEASURE WANTED GOT EXPLAINED: WANTED is "<= X" or "<= 1/X", perhaps
# with a unit, and GOT a number
row()
{
	limit=${3#<= } limit=${limit%% *}
	if holds "$4 <= $limit"; then
		verdict=ok
	else
		verdict=MISSED
	fi
	line "$1" "$2" "$3" "$4  ($5)" $verdict
}

# what there is no bar for
fact()
{
	line "$1" "$2" - "$3" -
}

# medians RUNS COMMAND... -- COMMAND...: their medians in ms, run in turns
medians()
{
	"$tools/wall" "$@" | awk '{ print $1 }'
}

# name_of N: 200000 as people say it
name_of()
{
	echo "$1" | sed 's/000000$/ M/; s/000$/ k/'
}
