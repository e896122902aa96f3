#!/bin/sh
# Every TCP state of a host, read three ways: by ss, by tulpen from
# /proc/net/tcp, and by tulpen from sock_diag.  All must say the same.

. "${srcdir:-.}/tests/live/tap.sh"
need ss nft
enter_netns "$@"
start_scene

# ---- one form for all ---------------------------------------------------------
#
# STATE RECV-Q SEND-Q LOCAL PORT REMOTE PORT UID INODE TIMER RETRANS, sorted;
# "-" is unknown; no remote end is "* *".  SEND-Q of a listener is its limit.

from_ss()
{
	ss -tanoeOH | awk '
	function address(s)
	{
		sub(/:[^:]*$/, "", s)
		sub(/%.*/, "", s)
		gsub(/[][]/, "", s)
		return s == "*" ? "::" : s
	}
	function port(s)
	{
		sub(/.*:/, "", s)
		return s
	}
	BEGIN {
		name["LISTEN"] = "LISTEN"; name["SYN-SENT"] = "SYN_SENT"
		name["SYN-RECV"] = "SYN_RECV"; name["ESTAB"] = "ESTABLISHED"
		name["FIN-WAIT-1"] = "FIN_WAIT1"
		name["FIN-WAIT-2"] = "FIN_WAIT2"
		name["CLOSE-WAIT"] = "CLOSE_WAIT"; name["LAST-ACK"] = "LAST_ACK"
		name["CLOSING"] = "CLOSING"; name["TIME-WAIT"] = "TIME_WAIT"
		timer_name["on"] = "retrans"; timer_name["off"] = "off"
		timer_name["keepalive"] = "keepalive"
		timer_name["timewait"] = "time-wait"
		timer_name["persist"] = "persist"
	}
	{
		inode = "-"; uid = 0; timer = "off"; retrans = 0
		for (i = 6; i <= NF; i++) {
			if ($i ~ /^ino:/)
				inode = substr($i, 5)
			else if ($i ~ /^uid:/)
				uid = substr($i, 5)
			else if ($i ~ /^timer:/) {
				split($i, t, /[(),]/)
				timer = timer_name[t[2]]
				retrans = t[4]
			}
		}
		remote = port($5) == "*" ? "* *" : address($5) " " port($5)
		print name[$1], $2, $3, address($4), port($4), remote,
		      uid, inode == 0 ? "-" : inode, timer, retrans
	}' | sort
}

columns=proto,state,recv_q,send_q,limit,local,local_port,remote,remote_port,uid,inode,timer,retrans

# from_tulpen SOURCE
from_tulpen()
{
	"$TULPEN" --once -n -a --source "$1" --format csv --columns $columns |
	awk -F, '
	NR == 1 || $2 == "BOUND" { next }
	{
		if ($2 == "LISTEN")
			$4 = $5
		if ($9 == 0 || $9 == "*" || $9 == "-" || $9 == "")
			$8 = $9 = "*"
		for (i = 1; i <= NF; i++)
			if ($i == "")
				$i = "-"
		print $2, $3, $4, $6, $7, $8, $9, $10, $11, $12, $13
	}' | sort
}

# Without an inode the kernel says uid 0, or nothing: nobody knows whose it is,
# and that is "-".
forget_uid()
{
	awk '$9 == "-" { $8 = "-" } { print }'
}

# For SYN_RECV the two interfaces count different things: sock_diag the answers
# sent again, /proc the timeouts, and a repeated SYN is answered without one.
forget_synack()
{
	awk '$1 == "SYN_RECV" { $11 = "-" } { print }'
}

# agree SOURCE: what tulpen reads is what ss reads.  The scene is quiet but for
# retransmissions, so ss says the same before and after; else once more.
agree()
{
	tries=10
	while [ $((tries -= 1)) -ge 0 ]; do
		from_ss | forget_uid | forget_synack >"$tmp/before"
		from_tulpen "$1" | forget_synack >"$tmp/tulpen" || return
		from_ss | forget_uid | forget_synack >"$tmp/after"
		cmp -s "$tmp/before" "$tmp/after" || continue
		diff "$tmp/after" "$tmp/tulpen"
		return
	done
	echo "the scene does not hold still"
	return 1
}

# ---- what is there ---------------------------------------------------------------

# as_told: the scene's own list against $tmp/tulpen
as_told()
{
	awk '
	NR == FNR { seen[$1, $4, $5, $6, $7, $9]++; next }
	$1 != "ready" && $1 != "BOUND" {
		remote = $5 == 0 ? "* *" : $4 " " $5
		split(remote, r, " ")
		if (!seen[$1, $2, $3, r[1], r[2], $6 == 0 ? "-" : $6]) {
			print "not shown: " $0
			bad = 1
		}
	}
	END { exit bad }' "$tmp/tulpen" "$tmp/scene"
}

counted()
{
	[ "$(awk -v s="$2" '$1 == s' "$tmp/tulpen" | wc -l)" -ge "$1" ]
}

queue_full()
{
	[ "$(awk '$1 == "LISTEN" && $2 == 3 && $3 == 2' "$tmp/tulpen" |
		wc -l)" = 3 ]
}

waiting_unowned()
{
	[ "$(awk '$1 == "ESTABLISHED" && $5 % 1000 == 102 && $9 == "-"' \
		"$tmp/tulpen" | wc -l)" = 9 ]
}

for source in proc netlink; do
	ok "$source: the same rows as ss" agree $source
	ok "$source: all that the scene made" as_told
	for state in LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 \
		     CLOSE_WAIT LAST_ACK CLOSING TIME_WAIT; do
		ok "$source: $state" counted 3 $state
	done
	ok "$source: accept queues of 3 with room for 2" queue_full
	ok "$source: what waits there belongs to nobody yet" waiting_unowned
done

# ---- BOUND: ss of today does not show it ------------------------------------------

bound()
{
	"$TULPEN" --once -n -a --source netlink --format csv \
		--columns state,local,local_port,inode |
		awk -F, '$1 == "BOUND" { print $2, $3, $4 }' | sort >"$tmp/bound"
	awk '$1 == "BOUND" { print $2, $3, $6 }' "$tmp/scene" | sort |
		diff - "$tmp/bound"
}

case $(uname -r) in
[0-5].* | 6.[0-7].*)
	skip "netlink: BOUND" "the kernel tells since 6.8" ;;
*)	ok "netlink: BOUND" bound ;;
esac

# ---- timers run alike --------------------------------------------------------------

# expires SOURCE: PORTS TIMER RETRANS MS
expires()
{
	"$TULPEN" --once -n -a --source "$1" --format csv --columns \
		local_port,remote_port,inode,timer,retrans,expires |
		awk -F, 'NR > 1 && $4 != "off" {
			print $1 "," $2 "," $3 "," $4 "," $5, $6 }' | sort
}

# Between two readings of one source the other's value lies, give or take a
# tick of /proc (10 ms) and of the kernel (4 ms).
timers_alike()
{
	expires netlink >"$tmp/1"
	expires proc >"$tmp/2"
	expires netlink >"$tmp/3"
	awk -v slack=20 '
	FILENAME ~ /1$/ { first[$1] = $2; next }
	FILENAME ~ /3$/ { last[$1] = $2; next }
	!($1 in first) || !($1 in last) || last[$1] > first[$1] { next }
	{
		n++
		if ($2 > first[$1] + slack || $2 < last[$1] - slack) {
			print $1 ": proc " $2 ", netlink " first[$1] " to " \
			      last[$1]
			bad = 1
		}
	}
	END { print n + 0 " timers compared"; exit bad || n < 9 }' \
		"$tmp/1" "$tmp/3" "$tmp/2"
}

ok "timers run out at the same time" timers_alike

# ---- owners ---------------------------------------------------------------------------

# PORT PORT PID... of each socket that somebody holds
owners_of_ss()
{
	ss -tanpOH | awk '/pid=/ {
		line = $4 " " $5
		sub(/^[^ ]*:/, "", line)
		sub(/ [^ ]*:/, " ", line)
		while (match($0, /pid=[0-9]+/)) {
			print line, substr($0, RSTART + 4, RLENGTH - 4)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}' | sort -u
}

owners_of_tulpen()
{
	"$TULPEN" --once -n -a -p --source "$1" --format json |
	awk 'BEGIN { RS = "[{]\"proto\"" }
	function number(key, what)
	{
		if (!match($0, "\"" key "\": ?[0-9]+"))
			return "*"
		what = substr($0, RSTART, RLENGTH)
		sub(/.*:/, "", what)
		return what + 0 ? what + 0 : "*"
	}
	/"state": ?"BOUND"/ { next }
	{
		ports = number("local_port") " " number("remote_port")
		while (match($0, /"pid": ?[0-9]+/)) {
			pid = substr($0, RSTART, RLENGTH)
			sub(/.*:/, "", pid)
			print ports, pid + 0
			$0 = substr($0, RSTART + RLENGTH)
		}
	}' | sort -u
}

owners_agree()
{
	owners_of_ss >"$tmp/owners.ss"
	owners_of_tulpen "$1" >"$tmp/owners.tulpen"
	[ "$(wc -l <"$tmp/owners.ss")" -gt 50 ] || return
	diff "$tmp/owners.ss" "$tmp/owners.tulpen"
}

odd_name()
{
	"$TULPEN" --once -n -a -p --source "$1" --format json |
		grep -q '"name": \{0,1\}"odd) R (name"'
}

for source in proc netlink; do
	ok "$source: the same owners as ss" owners_agree $source
	ok "$source: a process name that holds ') R ('" odd_name $source
done

# ---- for another user ----------------------------------------------------------------------

as_nobody()
{
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# The rows are for everybody; the owners are not, and that is said.
hidden_owners()
{
	as_nobody "$TULPEN" --once -n -a -p --source "$1" --format json \
		>"$tmp/json" 2>"$tmp/err"
	code=$?
	cat "$tmp/err"
	echo "exit status $code"
	[ $code = 1 ] && [ -s "$tmp/err" ] &&
		grep -q '"partial": \{0,1\}"' "$tmp/json" &&
		! grep -q '"pid"' "$tmp/json"
}

if [ "$IN_NETNS" = root ] && as_nobody test -x "$TULPEN" 2>/dev/null; then
	as_root=$TULPEN
	printf '#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 %s "$@"\n' \
		"--clear-groups '$TULPEN'" >"$tmp/as-nobody"
	chmod +x "$tmp/as-nobody"
	TULPEN=$tmp/as-nobody
	for source in proc netlink; do
		ok "nobody, $source: the same rows as ss" agree $source
	done
	TULPEN=$as_root
	for source in proc netlink; do
		ok "nobody, $source: hidden owners are named as such" \
			hidden_owners $source
	done
else
	skip "nobody: rows and owners" "not root, or not to be run by others"
fi

finish
