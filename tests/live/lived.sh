# shellcheck shell=sh
# lived.sh - what tulpen told of scripted lives, for the shell tests
#
#	. "$srcdir/tests/live/tap.sh"
#	enter_netns "$@"
#	. "$live/lived.sh"
#	watch_changes all --events trace	# to $tmp/all
#	ready all
#	lived 62 3 1
#	settled all
#	stopped $watcher
#	ok "every change" compared every all

TZ=UTC
export TZ
lives=$builddir/bench/lives
load=$builddir/bench/load

# watch NAME OPTION...: tulpen to $tmp/NAME; its pid is in $watcher
watch()
{
	name=$1
	shift
	"$TULPEN" -b --format json "$@" >"$tmp/$name" 2>"$tmp/$name.err" &
	watcher=$!
	started="$started $watcher"
}

watch_changes()
{
	watch "$@" --changes
}

# A listener that comes and goes: who tells of it is ready.
told_mark()
{
	"$tools/reuse" mark
	for one in $marked; do
		grep -q '"local_port":20999' "$tmp/$one" || return 1
	done
}

# ready NAME...: they print changes from here on
ready()
{
	marked=$*
	until_true 20 told_mark
}

# settled NAME...: nothing new for so long that several passes were made
settled()
{
	size=
	for i in 1 2 3 4 5 6 7 8 9 10; do
		before=$size
		size=$(for one; do wc -c <"$tmp/$one"; done)
		[ "$size" != "$before" ] || return 0
		sleep 1.5
	done
	return 1
}

# stopped PID: asked to end, it ends
stopped()
{
	kill "$1"
	wait "$1"
	[ $? = 143 ]
}

lived()
{
	"$lives" --count "$1" --pause "$2" --seed "$3" >"$tmp/lives" \
		2>"$tmp/lives.err"
}

# compared HOW NAME: for ok; its figures are in $tmp/figures
compared()
{
	"$tools/timeline" "$1" "$tmp/lives" "$tmp/$2" >"$tmp/figures"
	status=$?
	cat "$tmp/figures"
	[ $status = 0 ] || cat "$tmp/$2.err"
	return $status
}

figures()
{
	echo "# $(tail -n 1 "$tmp/figures")"
}

# nothing_impossible NAME: a summary was printed, and no change in it that the
# state machine does not allow
nothing_impossible()
{
	grep -q '"impossible":0[,}]' "$tmp/$1" &&
		! grep -v '"impossible":0[,}]' "$tmp/$1"
}
