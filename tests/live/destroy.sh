#!/bin/sh
# The kernel tells of each socket that dies: to root, to an ordinary user, and
# when the receive buffer is too small, how many were not told.

. "${srcdir:-.}/tests/live/tap.sh"
enter_netns "$@"
count=2000

# told NAME COMMAND...: one test, with the figures behind it
told()
{
	what=$1
	shift
	"$@" >"$tmp/said" 2>&1
	status=$?
	ok "$what" sh -c 'cat "$1"; exit "$2"' sh "$tmp/said" $status
	[ $status = 0 ] && sed 's/^/# /' "$tmp/said"
}

told "both ends of each connection, once, as they were" \
	"$tools/destroy" all $count
told "a buffer too small: what is not seen is told as lost" \
	"$tools/destroy" tiny $count
nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
if [ "$IN_NETNS" != root ] || [ "$(id -u)" != 0 ]; then
	skip "as nobody" "this is an ordinary user already"
elif ! $nobody test -x "$tools/destroy"; then
	skip "as nobody" "what was built is not readable for others"
else
	told "as nobody" $nobody "$tools/destroy" all $count
	told "as nobody, a buffer too small" $nobody "$tools/destroy" tiny $count
fi

# A third of the clients reset their connection and so forget where it went;
# all the others, and all servers, are in the summary's steps, however short.
first_sample()
{
	grep -q '^total' "$tmp/summary"
}

# in whatever state they were first told, as of the last sample
opened()
{
	awk '/^STEP/ { n = 0 }
		/^opened / && !/LISTEN/ { gsub(/,/, "", $NF); n += $NF }
		END { print n + 0 }' "$tmp/summary"
}

all_opened()
{
	cat "$tmp/summary.err"
	n=$(opened)
	echo "$n opened"
	[ "$n" -ge $((2 * count - count / 3)) ] && [ "$n" -le $((2 * count)) ]
}

"$TULPEN" -b -s -d 0.5 --samples 8 --events destroy --format text \
	>"$tmp/summary" 2>"$tmp/summary.err" &
started="$started $!"
until_true 5 first_sample
"$tools/destroy" all $count >/dev/null
wait $!
ok "the summary counts connections that lived between two passes" all_opened
echo "# $(opened) opened"
finish
