#!/bin/sh
# From "something is wrong" to the answer in three keys: each lab is real
# trouble in a network namespace of its own (lab.c), and here is which keys
# answer it, and what has to be on the screen then: the right process, the
# right number, the right reason.  What is said of minutes takes some seconds
# to be sure of, so all labs run side by side and are visited one by one.
#
#	LABS="syn-flood ports" tests/live/labs.sh	only these
#	LABS_KEYS=p LABS_PATIENCE=2 tests/live/labs.sh	a wrong key: all must fail

. "${srcdir:-.}/tests/live/tap.sh"
need tmux nft nsenter ss
enter_netns "$@"
. "${srcdir:-.}/tests/live/terminal.sh"

keys_most=3
patience=${LABS_PATIENCE:-10}

wanted()
{
	case " ${LABS:-$1} " in
	*" $1 "*) ;;
	*)	return 1 ;;
	esac
}

# ---- a lab, and tulpen in it ----

# begin NAME: its trouble; $tmp/NAME lists who takes part
begin()
{
	mkfifo "$tmp/$1.hold"
	"$tools/lab" "$1" <"$tmp/$1.hold" >"$tmp/$1" 2>"$tmp/$1.err" &
	echo $! >"$tmp/$1.pid"
	started="$started $!"
	# it ends with us, however we end
	sleep 110 >"$tmp/$1.hold" &
	echo $! >"$tmp/$1.holder"
	started="$! $started"
}

lab_over()
{
	grep -q '^ready' "$tmp/$1" || ! kill -0 "$(cat "$tmp/$1.pid")" 2>/dev/null
}

# look NAME SIZE: tulpen in a terminal of its own
look()
{
	until_true 20 lab_over "$1"
	if ! grep -q '^ready' "$tmp/$1"; then
		sed "s/^/# /" "$tmp/$1" "$tmp/$1.err"
		return 1
	fi
	tm new-session -d -x "${2%x*}" -y "${2#*x}" -s "$1" \
		"exec '$status' '$tmp/$1.end' nsenter -t $(cat "$tmp/$1.pid") -n '$TULPEN'"
}

# in_lab COMMAND...: in the namespace of the one that is visited
in_lab()
{
	nsenter -t "$(cat "$tmp/$pane.pid")" -n "$@"
}

# end NAME: the lab is over; nothing of it stays
end()
{
	kill "$(cat "$tmp/$1.holder")" 2>/dev/null
	wait "$(cat "$tmp/$1.pid")"
}

# ---- a visit ----

# The screen as one line: a sentence may go on in the next.
flat()
{
	screen | tr -s ' \n' ' '
}

# pid_of NAME: of the one that is visited
pid_of()
{
	awk -v n="$1" '$1 == n { print $2; exit }' "$tmp/$pane"
}

# who NAME: as it is shown, in a regular expression
who()
{
	printf '%s\\[%s\\]' "$1" "$(pid_of "$1")"
}

on_screen()
{
	flat | grep -qE -- "$1"
}

# appears_in SECONDS RE
answered()
{
	until_true "$1" on_screen "$2" || { echo "not there: $2"; screen; return 1; }
}

# visit NAME: what follows is about it; false when it is not there
visit()
{
	pane=$1
	pressed=0
	did=
	wanted "$1" && tm has-session -t "=$1" 2>/dev/null || return
	# one that had to be waited for in vain leaves no time for the next
	kill -0 "$(cat "$tmp/$1.pid")" 2>/dev/null ||
		echo "# $1 is over before it was looked at"
}

# What is there without the keys does not come of them.
hidden_until()
{
	answered 10 'F1.*F10' && ! on_screen "$1"
}

# keys "KEY..." NAME RE: they lead there, and are counted
keys()
{
	ok "$pane${did:+, $did}: no answer yet" hidden_until "$3"
	for key in ${LABS_KEYS:-$1}; do
		press "$key"
		pressed=$((pressed + 1))
	done
	did="${did:+$did }$1"
	answer "$2" "$3"
}

# answer NAME RE: after these keys it is there in time
answer()
{
	ok "$pane, $did: $1" answered "$patience" "$2"
}

in_kernel()
{
	in_lab ss -tanH "$@" | wc -l
}

# number NAME BEFORE AFTER LEAST FILTER...: between these words is a number, at
# least that, and not more than the kernel has.  What is on the screen may be
# a second old: where some come and some go there may be a few less by now.
number_is_true()
{
	words="$1[0-9,]+$2" after=$2 least=$3
	shift 3
	most=$(in_kernel "$@")
	answered "$patience" "$words" || return
	n=$(flat | grep -oE -- "$words" | head -n 1 |
		sed -E "s/$after\$//; s/.*[^0-9,]//" | tr -d ,)
	now=$(in_kernel "$@")
	[ "$now" -lt "$most" ] || most=$now
	echo "$n on the screen; $least at least, $most in the kernel"
	[ "$n" -ge "$least" ] && [ "$n" -le $((most + most / 20)) ]
}

number()
{
	name=$1
	shift
	ok "$pane, $did: $name" number_is_true "$@"
}

ended_well()
{
	grep -qx 'exit 0' "$tmp/$pane.end"
}

quits()
{
	until_true 10 ended_well || { screen; cat "$tmp/$pane.end"; return 1; }
}

leave()
{
	ok "$pane: $pressed keys, not more than $keys_most" \
		test $pressed -le $keys_most
	press F10
	ok "$pane: quits" quits
	tm kill-session -t "=$pane"
	end "$pane"
}

# ---- the labs ----

# those whose answer takes longest come last
labs="port-holder talker service accept-queue dead-upstream syn-flood ports
	time-wait retransmitting not-reading peer-not-reading close-wait
	fin-wait2"
for lab in $labs; do
	wanted "$lab" && begin "$lab"
done
for lab in $labs; do
	case $lab in
	close-wait | talker) size=80x24 ;;
	*)	size=100x30 ;;
	esac
	wanted "$lab" || continue
	look "$lab" $size || { ok "$lab: the trouble is there" false; end "$lab"; }
done

if visit port-holder; then
	keys "o p" "who holds port 8080" "[^→] 8080 http-alt $(who webapp) \\+1 1 1"
	leave
fi

if visit talker; then
	keys "o a" "who talks to 203.0.113.9, and how much" \
		"203.0.113.9 exporter\\[[0-9]+[]…] 7 7"
	keys Enter "to which of its ports" "203.0.113.9:443 exporter"
	leave
fi

# Services need control groups of the second version, and the right to make one.
numbers="( [0-9]+){4,6}"
if visit service; then
	if grep -q shop.service "/proc/$(pid_of shop)/cgroup"; then
		keys "o c" "which service opens most: some 20 a second" \
			"shop.service $(who shop)$numbers ([5-9]|1[0-9]|2[0-5]) "
		answer "which holds many and opens few" \
			"mailer.service $(who mailer)$numbers [01] 0 "
	else
		keys "o o" "which process opens most: some 20 a second" \
			"$(who shop)$numbers ([5-9]|1[0-9]|2[0-5]) "
		answer "which holds many and opens few" \
			"$(who mailer)$numbers [01] 0 "
	fi
	leave
fi

if visit accept-queue; then
	keys f "a full queue, and whose it is" \
		"accept queue of port 8083 full: 9 of 8 wait for $(who stuck)"
	keys Enter "who waits" "198.51.100.2[0-9]:.*198.51.100.2[0-9]:"
	leave
fi

if visit dead-upstream; then
	keys f "who does not answer, and how many wait" \
		"no answer from 203.0.113.77:5432: 20 in SYN_SENT"
	answer "whose connections they are" "all by $(who gateway)"
	leave
fi

if visit syn-flood; then
	keys f "half-open connections" "half-open connections on port 8084"
	number "how many" "" " half-open connections on port 8084, from about" \
		200 state syn-recv sport = :8084
	answer "what it is" "a SYN flood"
	leave
fi

if visit ports; then
	keys f "how many, and where to" \
		"local ports towards 203.0.113.10:8086: 190 of 200 in use \(95%\)"
	answer "who opens them" "all by $(who crowded)"
	leave
fi

if visit time-wait; then
	keys f "where to, and the reason" \
		"in TIME_WAIT towards 203.0.113.10:8085: we close first"
	number "how many" "" " in TIME_WAIT towards 203.0.113.10:8085" \
		3000 state time-wait dport = :8085
	answer "who opens them" " by \($(who chatty)\)"
	leave
fi

if visit retransmitting; then
	keys f "what gets no answer" \
		"no answer from 203.0.113.20: 3 connections, data sent again up to"
	answer "whose connections they are" "all by $(who uploader)"
	leave
fi

# ---- what has to last before it is trouble: waited for from the start on ----

patience=${LABS_PATIENCE:-30}

if visit not-reading; then
	keys f "who does not read" \
		"$(who busy) does not read: [0-9.]+k[A-Za-z ]* unread"
	answer "in how many of its connections" "4 of its 4 open connections"
	leave
fi

if visit peer-not-reading; then
	keys f "who cannot send, and why" \
		"$(who streamer): other end does not read, [0-9.]+M[A-Za-z ]* unsent"
	answer "in how many of its connections" "5 of its 5 open connections"
	answer "that it gets worse" "it grew, in 5 of 5"
	leave
fi

if visit close-wait; then
	keys f "who leaks" "$(who leaky) does not close: [0-9,]+ in CLOSE_WAIT"
	number "how many" "$(who leaky) does not close: " " in CLOSE_WAIT" \
		250 state close-wait sport = :8081
	ok "close-wait: who is only slow is not accused" hides slow
	leave
fi

if visit fin-wait2; then
	keys f "who waits for whom" \
		"$(who halfway) waits for $(who neverclose) to close: 40 in FIN_WAIT2"
	leave
fi

finish
