#!/bin/sh
# Groups of the sockets of a host with every state: as many in each as ss has.

. "${srcdir:-.}/tests/live/tap.sh"
need ss nft
enter_netns "$@"
ip link set lo up 2>/dev/null
start_scene

# of_ss PROGRAM: what awk prints for each socket of ss; its fields are
# state, queues, local, remote, processes; counted
of_ss()
{
	ss -tanpH | awk '
	function port(end) { sub(/.*:/, "", end); return end }
	function addr(end) {
		sub(/:[^:]*$/, "", end); gsub(/[][]|%.*/, "", end)
		sub(/^::ffff:/, "", end)
		return end == "*" ? "::" : end
	}
	function pid(text,   low, rest) {
		for (low = 0; match(text, /pid=[0-9]+/); text = rest) {
			rest = substr(text, RSTART + RLENGTH)
			text = substr(text, RSTART + 4, RLENGTH - 4)
			low = low && low < text + 0 ? low : text + 0
		}
		return low
	}
	'"$1" | sort | uniq -c | awk '{ print $2, $3, $1 }' | sort
}

# of_tulpen GROUP COLUMN...: those columns of each group that has sockets
of_tulpen()
{
	group=$1
	shift
	"$TULPEN" --once --source netlink --format csv --group "$group" -p |
	awk -F, -v names="$*" '
	NR == 1 {
		n = split(names, name, " ")
		for (i = 1; i <= NF; i++)
			at[$i] = i
		next
	}
	$at["total"] {
		line = ""
		for (i = 1; i <= n; i++)
			line = line $at[name[i]] " "
		print line $at["total"]
	}' | sort
}

alike()
{
	[ -s "$tmp/ss" ] && diff "$tmp/ss" "$tmp/tulpen"
}

# ss does not have BOUND
by_state()
{
	of_ss '{
		s = $1; gsub(/-/, "_", s); sub(/WAIT_/, "WAIT", s)
		sub(/^ESTAB$/, "ESTABLISHED", s); sub(/^UNCONN$/, "CLOSE", s)
		print s }' | sed 's/  */ /' >"$tmp/ss"
	of_tulpen state label | grep -v '^BOUND ' >"$tmp/tulpen"
	alike
}

by_remote()
{
	of_ss '{ print port($5) == "*" ? "*" : addr($5) }' |
		sed 's/  */ /' >"$tmp/ss"
	of_tulpen remote label | bound_out >"$tmp/tulpen"
	alike
}

# bound_out: BOUND sockets have no other end, and ss has none of them
bound_out()
{
	bound=$("$TULPEN" --once --source netlink --format csv state = bound |
		tail -n +2 | wc -l)
	awk -v bound="$bound" '
	$1 == "*" { $2 -= bound } { print $1, $2 }'
}

by_remote_port()
{
	of_ss '{ print port($5) }' | sed 's/  */ /' >"$tmp/ss"
	of_tulpen remote-port label | awk '{ print $1, $NF }' | bound_out |
		sort >"$tmp/tulpen"
	alike
}

# the same ends in networks
by_prefix()
{
	of_ss '{
		a = addr($5)
		if (port($5) == "*") a = "*"
		else if (a ~ /\./) { sub(/[0-9]+$/, "0/24", a) }
		else a = "::/64"
		print a }' | sed 's/  */ /' >"$tmp/ss"
	of_tulpen prefix label | bound_out | sort >"$tmp/tulpen"
	alike
}

# the first process of each that has one
by_process()
{
	of_ss 'pid($0) { print pid($0) }' | sed 's/  */ /' >"$tmp/ss"
	of_tulpen process pid | grep -v '^ ' >"$tmp/all"
	# BOUND sockets of that process, which ss does not have
	"$TULPEN" --once --source netlink --format csv --columns pid \
		state = bound | tail -n +2 | sort | uniq -c |
		awk '{ print $2, $1 }' >"$tmp/bound"
	awk 'NR == FNR { bound[$1] = $2; next }
	$2 - bound[$1] { print $1, $2 - bound[$1] }' "$tmp/bound" \
		"$tmp/all" >"$tmp/tulpen"
	alike
}

# ours where somebody listens, or the other end has a port that connect(2)
# chose; else theirs
by_port()
{
	ss -tlnH | awk '{ sub(/.*:/, "", $4); print $4 }' | sort -u \
		>"$tmp/listened"
	of_ss 'BEGIN {
		while ((getline p < "'"$tmp/listened"'") > 0) l[p] = 1
		getline range < "/proc/sys/net/ipv4/ip_local_port_range"
		split(range, r)
	}
	function chosen(p) { return p + 0 >= r[1] + 0 && p + 0 <= r[2] + 0 }
	{
		ours = l[port($4)] || port($5) == "*" ||
		       (chosen(port($5)) && !chosen(port($4)))
		print ours ? port($4) " local" : port($5) " remote"
	}' >"$tmp/ss"
	"$TULPEN" --once --source netlink --format csv \
		--columns local_port state = bound | tail -n +2 | sort |
		uniq -c | awk '{ print $2, $1 }' >"$tmp/bound"
	of_tulpen port port side |
	awk 'NR == FNR { bound[$1] = $2; next }
	$2 == "local" { $3 -= bound[$1] }
	$3 { print }' "$tmp/bound" - | sort >"$tmp/tulpen"
	alike
}

ok "by state" by_state
ok "by remote address, IPv4 on IPv6 sockets too" by_remote
ok "by remote network" by_prefix
ok "by remote port" by_remote_port
ok "by process" by_process
ok "by port" by_port

# all counts of a sample are of the same sockets
adds_up()
{
	for key in port process program service remote prefix remote-port \
		   local state user; do
		"$TULPEN" --once --source netlink --format csv --group $key |
		awk -F, 'NR == 1 {
			for (i = 1; i <= NF; i++) {
				if ($i == "total") total = i
				if ($i == "rates_s") rates = i
			}
			next
		}
		{
			all += $total
			for (i = total + 1; i < rates; i++) states += $i
		}
		END { print all, states }' >"$tmp/$key"
		read -r sockets states <"$tmp/$key"
		[ "$sockets" -gt 50 ] && [ "$sockets" = "$states" ] || {
			echo "$key: $sockets sockets, $states in states"
			return 1
		}
		[ "$sockets" = "${first:=$sockets}" ] || {
			echo "$key: $sockets sockets, not $first"
			return 1
		}
	done
}
ok "the counts add up, whatever the groups" adds_up

# a filter is of sockets, not of groups
filtered()
{
	"$TULPEN" --once --source netlink --format csv --group port \
		state = listening |
	awk -F, 'NR > 1 { n += $4 } END { print n }' >"$tmp/n"
	[ "$(cat "$tmp/n")" = "$(ss -tlnH | wc -l)" ]
}
ok "with a filter" filtered

refused()
{
	"$TULPEN" --once --group nonsense 2>"$tmp/err"
	[ $? = 2 ] && grep -q -- '--group.*nonsense' "$tmp/err" || return
	"$TULPEN" --once --group port --sort recv_window 2>"$tmp/err"
	[ $? = 2 ] && grep -q -- '--sort' "$tmp/err" || return
	"$TULPEN" --once --group port --columns state 2>"$tmp/err"
	[ $? = 2 ] || return
	"$TULPEN" --changes --group port 2>"$tmp/err"
	[ $? = 2 ] || return
	"$TULPEN" --group help | grep -q '^remote-port '
}
ok "what cannot be meant" refused

finish
