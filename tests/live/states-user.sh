#!/bin/sh
# states.sh as an ordinary user, who is root in a user namespace only.

. "${srcdir:-.}/tests/live/tap.sh"
need setpriv ss nft

if [ "$(id -u)" = 0 ]; then
	as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
else
	as_user=
fi
$as_user unshare -Urn true 2>/dev/null ||
	skip_all "users may not make namespaces here"
$as_user test -x "$TULPEN" && $as_user test -r "$live/states.sh" ||
	skip_all "what was built is not readable for others"
cd / || exit 99
TMPDIR=/tmp $as_user env IN_NETNS=user unshare -Urn \
	sh -c 'ip link set lo up && exec "$0"' "$live/states.sh"
