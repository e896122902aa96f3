#!/bin/sh
# A source that fails while tulpen runs: it is replaced, the screen says so,
# what is known stays, and nothing is reported as closed.
#
# The program is faulty.c: the same one, with a kernel that fails when told to.

. "${srcdir:-.}/tests/live/tap.sh"
need tmux nft nsenter
enter_netns "$@"
start_scene
TULPEN=$tools/faulty
export FAULTS="$tmp/faults"
mkdir "$FAULTS"
. "${srcdir:-.}/tests/live/terminal.sh"

fault()
{
	echo "${2:-1}" >"$FAULTS/$1"
}

well_again()
{
	rm -f "$FAULTS"/*
}

# calm: the screen answers keys at once, and shows no close
calm()
{
	press p
	until_true 2 shows PAUSED || { screen; return 1; }
	press p
	until_true 2 hides PAUSED || { screen; return 1; }
}

# watch NAME OPTION...: prints changes to $tmp/NAME
watch()
{
	out=$tmp/$1
	shift
	timeout 60 "$TULPEN" -b --changes -d 0.2 --format json "$@" \
		>"$out" 2>"$out.err" &
	watcher=$!
	started="$started $watcher"
}

# What was printed as closed, as ss writes its ends.
closed()
{
	sed -n 's/.*"closed".*"local":"\([^"]*\)","local_port":\([0-9]*\),"remote":"\([^"]*\)","remote_port":\([0-9]*\).*/\1 \2 \3 \4/p' \
		"$tmp/auto" "$tmp/proc" | awk '{
		print ($1 ~ /:/ ? "[" $1 "]" : $1) ":" $2,
		      ($3 ~ /:/ ? "[" $3 "]" : $3) ":" $4 }' | sort -u
}

# Of what was printed as closed the kernel has nothing any more: mini-sockets
# of the scene, and what waits for an answer, may end meanwhile.
no_close()
{
	closed >"$tmp/closed"
	ss -tanH | awk '{ print $4, $5 }' | grep -Fx -f "$tmp/closed" ||
		return 0
	grep '"closed"' "$tmp/auto" "$tmp/proc"
	return 1
}

cut_is_told()
{
	grep -q 'Input/output error' "$tmp/proc.err"
}

# in_batch OPTION...: exit status to $code, JSON to $tmp/json
in_batch()
{
	timeout 30 "$TULPEN" "$@" --format json >"$tmp/json" 2>"$tmp/err"
	code=$?
}

# ---- on the screen ------------------------------------------------------------

# at an interval that no pass over /proc is too slow for, and without the
# cookies that events need
start -d 1 --events off
ok "/proc/net/tcp, by default" appears 'proc'
appears '[::1]:6100' >/dev/null
fault proc-missing
ok "/proc/net/tcp goes: sock_diag instead" appears 'netlink (proc: '
ok "the screen says why" appears 'No such file or directory)'
ok "rows stay" appears '[::1]:6100'
ok "keys are answered" calm
fault diag-missing
ok "sock_diag goes too: what is known is old" appears 'STALE: rows of'
ok "and says why" appears 'no inet_diag/tcp_diag'
ok "rows are still there" appears '[::1]:6100'
ok "keys are still answered" calm
well_again
ok "well again: fresh rows" disappears 'STALE'
press q
ok "quits" ended 'exit 0'

start -d 1 --events off
appears '[::1]:6100' >/dev/null
fault proc-cut
ok "it breaks off in the middle: partial" appears 'Input/output error'
ok "the next pass has the other source" appears 'netlink (proc: '
ok "which is whole" disappears 'STALE'
ok "keys are answered meanwhile" calm
press q
ok "quits again" ended 'exit 0'
well_again

start -d 0.5 --source proc
appears '[::1]:6100' >/dev/null
fault proc-cut
ok "forced, it is not replaced" appears 'proc (asked for)'
ok "partial, and said so" appears 'partial: proc: /proc/net/tcp'
ok "old rows are counted" appears 'STALE: '
ok "and still there" appears '[::1]:6100'
well_again
ok "well again" disappears 'STALE'
press q
ok "quits from there" ended 'exit 0'

# of one family only: each is waited for; without events, as a fault is seen by
# the next pass, and those that only make sure come seldom when one was slow
start -d 0.5 --source netlink -6 --events off
appears '[::1]:6100' >/dev/null
fault diag-silent
ok "a dump without an end is given up" \
	until_true 20 shows 'the dump has no end'
ok "keys are answered while it waits" calm
well_again
ok "the next one is whole" until_true 20 hides 'the dump has no end'
ok "and not old" disappears 'STALE'
fault diag-nobufs
ok "lost answers are told" appears 'No buffer space available'
ok "rows are kept as old" appears 'STALE'
well_again
ok "they come again" disappears 'STALE'
press q
ok "quits at last" ended 'exit 0'

# with all there is by default, but for passes that are often enough to wait for
start -d 0.5 --budget 100
appears '[::1]:6100' >/dev/null
fault diag-missing
ok "sock_diag goes: /proc instead" appears 'proc (sock_diag: '
ok "rows are there" appears '[::1]:6100'
ok "and fresh" disappears 'STALE'
ok "keys are answered by then" calm
well_again
press q
ok "quits as ever" ended 'exit 0'

# ---- printed -------------------------------------------------------------------

fault proc-cut
in_batch --once --source proc
ok "cut: exit status 1" test $code = 1
ok "cut: partial in JSON" grep -q '"partial": \{0,1\}"proc: ' "$tmp/json"
ok "cut: said once on stderr" test "$(wc -l <"$tmp/err")" = 1
well_again

fault proc-missing
fault diag-missing
in_batch --once
ok "nothing to read: exit status 3" test $code = 3
ok "nothing is printed" test ! -s "$tmp/json"
ok "one line says why" test "$(wc -l <"$tmp/err")" = 1
well_again
fault diag-missing
in_batch --once --columns state,cookie
ok "no sock_diag: all rows from /proc" test $code = 0
ok "named as such" grep -q '"source": \{0,1\}"proc"' "$tmp/json"
well_again

# ---- what the kernel leaves out ---------------------------------------------------

# in_csv OPTION... FILTER...: rows to $tmp/csv, bytes from sock_diag to $bytes
in_csv()
{
	fault received
	timeout 30 "$TULPEN" --once --source netlink --format csv "$@" \
		>"$tmp/csv" 2>"$tmp/err"
	code=$?
	bytes=$(cat "$FAULTS/received")
	well_again
}

in_csv
all=$bytes
in_csv -l
ok "-l: the kernel gives nothing else" test $((bytes * 2)) -lt "$all"
listeners=$bytes
in_csv -l -p
ok "with owners as well" test "$bytes" -le "$listeners"
in_csv sport = :4105
ok "a port: the kernel gives nothing else" test $((bytes * 10)) -lt "$all"
sort "$tmp/csv" >"$tmp/filtered"
in_csv state listening sport = :4100
ok "a state and a port" test $((bytes * 10)) -lt "$all"
in_csv -p sport = :4105
ok "owners may be those of a listener: it gives all" test "$bytes" -ge "$all"
in_csv --columns +direction sport = :4105
ok "so may the direction" test "$bytes" -ge "$all"
fault received
in_batch --once --source netlink sport = :4105
ok "JSON counts the host: the kernel gives all" \
	test "$(cat "$FAULTS/received")" -ge "$all"
well_again
fault diag-unfiltered
in_csv sport = :4105
ok "a kernel that refuses: all is there" test $code = 0
sort "$tmp/csv" | diff - "$tmp/filtered" >"$tmp/diff"
ok "the same rows" test ! -s "$tmp/diff"
ok "noted once" test "$(cat "$tmp/err")" = \
	"tulpen: kernel does not filter: Invalid argument"
well_again

# Each kind of failure for a while, then well again.
watch auto
auto=$watcher
watch proc --source proc
sleep 0.5
for name in proc-cut proc-missing diag-nobufs diag-missing; do
	fault $name
	sleep 0.8
	[ $name != proc-cut ] || until_true 20 cut_is_told
	well_again
	sleep 0.4
done
fault proc-missing
fault diag-missing
sleep 1
well_again
sleep 1
ok "still running" kill -0 $auto $watcher
ok "no socket was reported as closed" no_close
ok "what was not whole is on stderr" cut_is_told

# ---- time ----------------------------------------------------------------------

# while events keep the table true, passes come as seldom as they cost
start -d 0.5 --events off
appears '[::1]:6100' >/dev/null
ok "nothing is opened here" appears 'opened 0'
quiet()
{
	screen | head -n 1 >"$tmp/title"
	grep -q 'opened 0' "$tmp/title" || { cat "$tmp/title"; return 1; }
}
for jump in 31536000 -31536000 0; do
	fault wall $jump
	sleep 1.2
	ok "the wall clock jumps to $jump s: rates hold" quiet
done
fault boot 86400
ok "a day asleep: passes go on" until_true 5 shows 'every 0.5'
ok "rates hold" quiet
ok "and keys are answered" calm
press q
ok "quits after all that" ended 'exit 0'

finish
