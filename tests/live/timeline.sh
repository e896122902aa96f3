#!/bin/sh
# With the state trace, tulpen tells of a connection what a script did to it:
# each change, in order, exact and at its time.
#
# bench/lives makes connections of every kind and knows what became of each;
# tests/live/timeline.c compares.

. "${srcdir:-.}/tests/live/tap.sh"
enter_netns "$@"
. "$live/lived.sh"

[ -x "$tools/trace" ] || skip_all "this build has no libbpf"
why=$("$tools/trace" why)
[ "$why" = works ] || skip_all "$why"

watch_changes trace --events trace -d 0.3
# shellcheck disable=SC2154	# set by lived.sh
trace=$watcher
watch summary --events trace -d 0.3 --summary
ok "ready" ready trace
ok "lives are as scripted" lived 124 3 $$
echo "# $(tail -n 1 "$tmp/lives.err")"
ok "the output settles" settled trace
stopped $trace
ok "asked to end, it ends" test $? = 0
stopped $watcher
ok "every change is told, exact, in order, in time" compared every trace
figures
ok "no impossible change" nothing_impossible summary
finish
