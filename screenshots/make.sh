#!/bin/sh
# Makes the pictures of this directory from the real program in a real xterm.
#
#	screenshots/make.sh [TULPEN]		as root
#
# Needs xvfb, xterm, imagemagick, fonts-dejavu-core, nftables, iproute2 and a
# C compiler.  The host in the pictures is a namespace called web-01, with
# another one, the world, at the other end of its cable; demo.c plays both.

set -e
here=$(cd "$(dirname "$0")" && pwd)
tulpen=$(realpath "${1:-${TULPEN:-$here/../tulpen}}")

if [ "$IN_WEB" != 1 ]; then
	IN_WEB=1 exec unshare -n -u -m -p -f --mount-proc "$here/make.sh" "$tulpen"
fi

tmp=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$tmp"' EXIT
${CC:-cc} -O1 -std=gnu17 -D_GNU_SOURCE -o "$tmp/demo" \
	"$here/demo.c" "$here/../tests/live/net.c"
${CC:-cc} -O1 -std=gnu17 -D_GNU_SOURCE -o "$tmp/keys" "$here/keys.c"

# ---- the host and the world ----------------------------------------------------

hostname web-01
unshare -n sleep 3600 &
world=$!
in_world()
{
	nsenter -t "$world" -n "$@"
}

# the new namespace is there when it has another number
while [ "$(readlink /proc/$world/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do
	sleep 0.05
done
ip link set lo up
ip link add eth0 type veth peer name eth0 netns "$world"
ip link set eth0 up
ip addr add 10.0.0.5/24 dev eth0
ip addr add 2001:db8::5/64 dev eth0 nodad
in_world sh -c '
	ip link set lo up
	ip link set eth0 up
	for a in 1 2 9 77; do ip addr add 10.0.0.$a/24 dev eth0; done
	ip addr add 2001:db8::9/64 dev eth0 nodad
	for net in 203.0.113.0/24 198.51.100.0/24 192.0.2.0/24; do
		ip route add local $net dev lo
	done
	for i in $(seq 90); do
		ip addr add 2001:db8::a:$i/64 dev eth0 nodad
	done'
ip route add default via 10.0.0.1
sysctl -qw net.ipv4.tcp_synack_retries=3
in_world nft -f - <<'END'
table inet world {
	chain in {
		type filter hook input priority 0;
		ip daddr 10.0.0.77 drop
		ip daddr 203.0.113.240-203.0.113.255 tcp flags & (syn|ack) == (syn|ack) drop
		ip daddr 198.51.100.66-198.51.100.68 tcp flags & fin == fin drop
	}
}
END
in_world "$tmp/demo" world &
"$tmp/demo" web &

# ---- the pictures ----------------------------------------------------------------

display=:97
Xvfb $display -screen 0 1700x1300x24 >/dev/null 2>&1 &
export DISPLAY=$display LC_ALL=C.UTF-8 TZ=UTC
until [ -S /tmp/.X11-unix/X${display#:} ]; do
	sleep 0.1
done
mkfifo "$tmp/fifo"

# open_window 120x36 dark|light [OPTION]...: tulpen in an xterm
open_window()
{
	case $2 in
	dark)	colors='-bg #14171c -fg #d0d4da' ;;
	light)	colors='-bg #fcfcf8 -fg #24292e' ;;
	esac
	geometry=$1
	shift 2
	# shellcheck disable=SC2086
	xterm -geometry "$geometry+0+0" $colors -bw 0 -b 6 +sb -uc \
		-fa 'DejaVu Sans Mono' -fs 11 -tn xterm-256color \
		-e "$tmp/keys" "$tmp/fifo" "$tulpen" "$@" &
	window=$!
}

type_keys()
{
	printf "$1" >"$tmp/fifo"
	sleep "${2:-1.2}"
}

# A picture of the window without what is around it.
picture()
{
	import -window root "$tmp/root.png"
	convert "$tmp/root.png" -bordercolor black -border 1 -trim +repage \
		-define png:exclude-chunks=date,time -strip "$here/$1.png"
	echo "$1.png $(identify -format '%wx%h' "$here/$1.png")"
}

close_window()
{
	type_keys q 0
	wait "$window" || :
}

sleep "${WARM_UP:-45}"
open_window 120x36 dark
sleep 25
picture main
type_keys '?'
picture help
type_keys '\033'
close_window

open_window 80x24 dark
sleep 12
picture 80x24
close_window

open_window 120x36 light
sleep 12
picture light
close_window

open_window 120x36 dark
sleep 6
type_keys 'j\r' 4
picture drilled
close_window
