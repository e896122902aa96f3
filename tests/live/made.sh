#!/bin/sh
# What bench/load and bench/lives say they made is what the kernel did.
#
# They are the truth that tulpen's events are measured with.  Where tracefs is
# permitted, each state change they claim is compared with the kernel's own
# tracepoint; elsewhere only with the counters and states they ask for
# themselves.

# tracefs is mounted where nobody else sees it, and gone with us
if [ -z "$OWN_MOUNTS" ]; then
	OWN_MOUNTS=no
	unshare -m true 2>/dev/null && OWN_MOUNTS=yes
	export OWN_MOUNTS
	[ $OWN_MOUNTS = no ] || exec unshare -m "$0" "$@"
fi

. "${srcdir:-.}/tests/live/tap.sh"
need nft ip flock
enter_netns "$@"

# The tracepoint tells ports, not namespaces: one of us at a time.
exec 8<"$0"
flock -w 120 8 || skip_all "another one is running"
trap 'exit 99' PIPE

load=$builddir/bench/load
lives=$builddir/bench/lives
instance=

end_trace()
{
	[ -z "$instance" ] || {
		echo 0 >"$event/enable"
		rmdir "$instance"
	}
	cleanup
}

begin_trace()
{
	[ $OWN_MOUNTS = yes ] || return
	mount -t tracefs none /sys/kernel/tracing || return
	instance=/sys/kernel/tracing/instances/tulpen-made-$$
	mkdir "$instance" || { instance=; return 1; }
	trap end_trace EXIT
	event=$instance/events/sock/inet_sock_set_state
	# boot: the clock the programs use
	echo boot >"$instance/trace_clock" &&
		echo 16384 >"$instance/buffer_size_kb" &&
		echo "(sport >= 21000 && sport < 27000) ||" \
			"(dport >= 21000 && dport < 27000)" \
			>"$event/filter" &&
		echo 1 >"$event/enable"
}

# traced COMMAND...: runs it; $tmp/trace has a line "NS SPORT DPORT FROM TO"
# for each change meanwhile
traced()
{
	[ -z "$instance" ] || echo >"$instance/trace"
	"$@"
	status=$?
	[ -z "$instance" ] || awk '/inet_sock_set_state:/ {
		for (i = 1; i <= NF; i++)
			if (split($i, a, "=") == 2)
				v[a[1]] = a[2]
			else if ($i == "inet_sock_set_state:")
				split($(i - 1), t, /[.:]/)
		sub(/TCP_/, "", v["oldstate"])
		sub(/TCP_/, "", v["newstate"])
		print t[1] t[2] "000", v["sport"], v["dport"],
		      v["oldstate"], v["newstate"]
	}' "$instance/trace" >"$tmp/trace"
	return $status
}

same_changes()
{
	sed 's/.*"changes":{\([^}]*\)}.*/\1/' "$tmp/made" | tr , '\n' |
		tr -d '"' | sort >"$tmp/claimed"
	awk '{ n[$4 ">" $5]++ } END { for (c in n) print c ":" n[c] }' \
		"$tmp/trace" | sort >"$tmp/counted"
	same "$tmp/claimed" "$tmp/counted"
}

# One line for each end: when it began, its ports ("-": it has none any more),
# its name, and its changes, four words each.
ends()
{
	awk '{
		for (i in v)
			delete v[i]
		n = split($0, w, /[{},]/)
		what = changes = ""
		for (i = 1; i <= n; i++) {
			gsub(/"/, "", w[i])
			if (w[i] ~ /:\[$/)
				what = w[i]
			c = index(w[i], ":")
			v[substr(w[i], 1, c - 1)] = substr(w[i], c + 1)
			if (what == "changes:[" && w[i] ~ /^latest_ns/)
				changes = changes " " v["from"] " " v["to"] \
					" " v["earliest_ns"] " " v["latest_ns"]
		}
		if (changes == "")
			next
		split(changes, first, " ")
		gsub(/ /, "_", v["kind"])
		print first[3], "local_port" in v ? v["local_port"] : "-",
		      "remote_port" in v ? v["remote_port"] : 0,
		      v["id"] ":" v["kind"] ":" v["end"] changes
	}' "$tmp/lived" | sort -n
}

# Each end's changes, in order, each within 2 ms of the time it says; and
# there are no others.
same_lives()
{
	ends >"$tmp/ends"
	awk -v slack=2000000 '
	FNR == NR {
		from[NR] = $4; to[NR] = $5; at[NR] = $1; sport[NR] = $2
		list[$3] = list[$3] " " NR
		left++
		next
	}
	# at connect() the local port may not be chosen yet
	function mine(i) {
		return !used[i] && (sport[i] == $2 || $2 == "-" ||
			sport[i] == 0 && from[i] == "CLOSE" && $3)
	}
	{
		n = split(list[$3], all, " ")
		k = 1
		for (f = 5; f + 3 <= NF; f += 4) {
			while (k <= n && !mine(all[k]))
				k++
			i = all[k]
			if (k > n || from[i] != $f || to[i] != $(f + 1) ||
			    at[i] < $(f + 2) - slack ||
			    at[i] > $(f + 3) + slack) {
				print $4, "claims", $f, $(f + 1), $(f + 2),
				      $(f + 3) "; traced:", from[i], to[i],
				      at[i]
				bad = 1
				break
			}
			used[i] = 1
			left--
			changes++
		}
	}
	END {
		print changes + 0, "changes;", left + 0, "not claimed"
		exit bad || left || !changes
	}' "$tmp/trace" "$tmp/ends"
}

say()
{
	sed 's/^/# /' "$1"
}

made()
{
	traced "$load" --rate 500 --seconds 1 --family all --port 26000 \
		--ending "$1" >"$tmp/made" 2>"$tmp/said"
}

lived()
{
	traced "$lives" --count "$1" --pause 3 >"$tmp/lived" 2>"$tmp/said"
}

if begin_trace 2>"$tmp/err"; then
	trace_there=yes
else
	trace_there=no
	echo "# no tracepoint: $(cat "$tmp/err")"
fi

for ending in mix fin-client fin-server simultaneous rst-client rst-server \
	refused timed-out; do
	ok "load $ending: the kernel's counters agree" made $ending
	say "$tmp/said"
	if [ $trace_there = yes ]; then
		ok "load $ending: so does each change" same_changes
	else
		skip "load $ending: so does each change" "no tracepoint"
	fi
done

ok "lives: sockets are where they should be" lived 62
say "$tmp/said"
if [ $trace_there = yes ]; then
	ok "lives: every change, in order, at its time" same_lives
else
	skip "lives: every change, in order, at its time" "no tracepoint"
fi

refused()
{
	"$@" 2>"$tmp/err"
	[ $? = 2 ] && grep -q "$why" "$tmp/err"
}
why='only 127/8'
ok "load: no other address" refused "$load" --to 192.0.2.1
ok "load: none beside 127/8" refused "$load" --to 127.255.255.250
why='has an address'
ip address add 192.0.2.1/32 dev lo
ok "load: not beside another address" refused "$load"
ok "lives: not beside another address" refused "$lives"
finish
