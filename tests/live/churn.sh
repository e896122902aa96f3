#!/bin/sh
# Steady sockets stay, whatever comes and goes beside them.
#
# A pass over a hash table of 16 buckets skips and repeats rows while others
# connections come and go.  2,000 sockets stay as they are; none of them may
# ever be reported as changed.  Plain ss and /proc, read at the same time, show
# how often a pass was wrong: without misses there this test proves nothing.
# CHURN_SECONDS in the environment, default 30, says how long.

. "${srcdir:-.}/tests/live/tap.sh"
seconds=${CHURN_SECONDS:-30}
need ss nsenter

# The size of the hash table is set outside for the namespace inside.
enter_netns "$@"
if [ "$1" != small ]; then
	echo 16 >/proc/sys/net/ipv4/tcp_child_ehash_entries 2>"$tmp/err" ||
		skip_all "no small hash table: $(cat "$tmp/err")"
	unshare -n sh -c 'ip link set lo up && exec "$0" small' "$0"
	exit
fi

# sample SOURCE: how many steady rows one sample has; then how many, each once
sample()
{
	"$TULPEN" --once --source "$1" --format csv \
		--columns state,local_port,remote_port |
		awk -F, '$2 == 7000 || $3 == 7000 {
				n++
				if (!seen[$2, $3]++)
					once++
			}
			END { print n + 0, once + 0 }'
}

# Reads with the plain tools until told to stop; one line a pass.
raw_passes()
{
	while [ ! -e "$tmp/stop" ]; do
		echo "ss $(ss -tanH | awk '
			/:7000 / && !seen[$4, $5]++ { n++ } END { print n }')"
		echo "proc $(awk '
			/:1B58 / && !seen[$2, $3]++ { n++ } END { print n }' \
			/proc/net/tcp)"
		echo "sample-proc $(sample proc)"
		echo "sample-netlink $(sample netlink)"
	done >"$tmp/raw"
}

# watch NAME OPTION...: tulpen printing changes to $tmp/NAME
watch()
{
	out=$tmp/$1
	shift
	"$TULPEN" -b --changes --format json -d 0.5 "$@" \
		>"$out" 2>"$out.err" &
	watcher=$!
	started="$started $watcher"
}

about()
{
	grep -E "\"(local|remote)_port\": ?$1[,}]" "$2"
}

ready()
{
	grep -q '^ready' "$tmp/churn"
}

churned()
{
	grep -q '^churned' "$tmp/churn"
}

# A first pass is under the belt when what came after it is reported.
probed()
{
	echo probe >&9
	sleep 0.2
	about 7002 "$tmp/proc" >/dev/null && about 7002 "$tmp/netlink" >/dev/null
}

# steady NAME: no change of a steady socket was reported
steady()
{
	! about 7000 "$tmp/$1"
}

never_closed()
{
	! about 7000 "$tmp/$1" | grep '"closed"'
}

saw_churn()
{
	n=$(about 7001 "$tmp/$1" | wc -l)
	echo "changes of the others: $n; $(cat "$tmp/$1.err")"
	[ "$n" -ge 1000 ]
}

mkfifo "$tmp/hold"
"$tools/churn" 1000 "$seconds" 5000 <"$tmp/hold" >"$tmp/churn" &
started="$started $!"
exec 9>"$tmp/hold"
until_true 20 ready || { echo "Bail out! no sockets"; exit 99; }
steady_count=$(ss -tanH | grep -c ':7000 ')

watch proc --source proc
proc=$watcher
watch netlink --source netlink
netlink=$watcher
until_true 20 probed
ok "both sources report a new connection" probed

echo churn >&9
watch amid-proc --source proc
watch amid-netlink --source netlink
raw_passes &
until_true $((seconds + 30)) churned
: >"$tmp/stop"
wait $!

never_twice()
{
	awk -v what="sample-$1" '
		$1 == what && $2 != $3 { print "rows twice: " $0; bad = 1 }
		$1 == what && $3 > 0 { n++ }
		END { exit bad || n < 10 }' "$tmp/raw"
}

awk -v all="$steady_count" '
	{ passes[$1]++; if ($NF < all) { short[$1]++; rows[$1] += all - $NF } }
	END {
		for (by in passes)
			printf "# %s: %d of %d passes short, %d rows missed\n",
			       by, short[by], passes[by], rows[by]
		exit !(short["ss"] && short["proc"])
	}' "$tmp/raw" >"$tmp/misses"
missed=$?
cat "$tmp/misses"
echo "# $(cat "$tmp/churn" | tail -n 1) connections, $steady_count steady sockets"
ok "raw passes do miss steady sockets" test $missed = 0

for source in proc netlink; do
	ok "$source: the others' changes are reported" saw_churn $source
	ok "$source: nothing is reported of the steady ones" steady $source
	ok "$source: no sample has a row twice" never_twice $source
	ok "$source: started amid the churn, none closes" \
		never_closed amid-$source
	echo "# $source started amid the churn: $(about 7000 \
		"$tmp/amid-$source" | wc -l) changes of steady sockets"
done
ok "still running" kill -0 "$proc" "$netlink"
finish
