#!/bin/sh
# Without events, under load: what tulpen tells is true, however little it is.
#
# Between two passes much is not seen; what is told must be what bench/lives
# did, and a four-tuple that is used again is another socket.

. "${srcdir:-.}/tests/live/tap.sh"
enter_netns "$@"
. "$live/lived.sh"

watch_changes netlink --events off --source netlink -d 0.1
# shellcheck disable=SC2154	# set by lived.sh
netlink=$watcher
watch_changes proc --events off --source proc -d 0.1
proc=$watcher
watch netlink-summary --events off --source netlink -d 0.1 --summary
netlink_summary=$watcher
watch proc-summary --events off --source proc -d 0.1 --summary
ok "ready" ready netlink proc
# shellcheck disable=SC2154	# set by lived.sh
"$load" --rate 500 --seconds 12 --family all --port 26000 >"$tmp/load" \
	2>"$tmp/load.err" &
loaded=$!
ok "lives are as scripted" lived 62 40 $$
echo "# $(tail -n 1 "$tmp/lives.err")"
wait $loaded
echo "# $(sed 's/;.*//' "$tmp/load.err")"
settled netlink proc
stopped $netlink
stopped $proc
stopped $netlink_summary
stopped $watcher
for source in netlink proc; do
	ok "$source: what is told is true" compared some $source
	figures
	ok "$source: no impossible change" \
		nothing_impossible $source-summary
done

# ---- the same four-tuple again ------------------------------------------------

# about NAME CHANGE COOKIE
about()
{
	grep -q "\"change\":\"$2\".*\"cookie\":$3," "$tmp/$1"
}

cookies()
{
	sed -n "s/^$1 //p" "$tmp/reuse"
}

# all_are CHANGE WHICH: of both ends
all_are()
{
	[ "$(cookies "$2" | wc -w)" = 2 ] || return 1
	for cookie in $(cookies "$2"); do
		about reused "$1" "$cookie" || return 1
	done
}

become()
{
	until_true 10 all_are "$@" || { cat "$tmp/reuse" "$tmp/reused"; return 1; }
}

watch_changes reused --events off --source netlink -d 1
ok "same four-tuple: ready" ready reused
mkfifo "$tmp/again"
"$tools/reuse" <"$tmp/again" >"$tmp/reuse" 2>"$tmp/reuse.err" &
started="$started $!"
exec 9>"$tmp/again"
ok "same four-tuple: the first one is told opened" become opened first
echo >&9
ok "same four-tuple: the second one is told opened" become opened second
ok "same four-tuple: the first one is told closed" become closed first
exec 9>&-
ok "same four-tuple: the second one is told closed" become closed second
stopped $watcher
finish
