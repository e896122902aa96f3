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
finish
