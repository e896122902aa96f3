#!/bin/sh
# 200,000 sockets: none is missing, none is twice, the owners are right, and
# both ends of the list are where the keys say.  Skipped where memory or
# descriptors do not suffice.

. "${srcdir:-.}/tests/live/tap.sh"
need ss tmux
enter_netns "$@"
many=200000

"$builddir/bench/idle" $many >"$tmp/scene" 2>"$tmp/scene.err" &
idle=$!
started="$started $idle"
there()
{
	grep -q '^ready' "$tmp/scene" || ! kill -0 $idle 2>/dev/null
}
until_true 60 there
grep -q '^ready' "$tmp/scene" || {
	wait $idle
	[ $? != 77 ] || skip_all "$(cat "$tmp/scene.err")"
	echo "Bail out! $(cat "$tmp/scene.err")"
	exit 99
}
listeners=$(sed 's/.* \([0-9]*\) listeners.*/\1/' "$tmp/scene")
all=$((many + listeners))

# tulpen's rows as ss has them: state, local, remote
"$TULPEN" --once -n --format csv --columns state,local,remote >"$tmp/csv"
ss -tanH | awk '{
	state = $1 == "ESTAB" ? "ESTABLISHED" : $1
	n = split($4, l, ":"); m = split($5, r, ":")
	print state, l[n - 1] ":" l[n],
		r[m] == "*" ? "*" : r[m - 1] ":" r[m] }' | sort >"$tmp/ss"
"$TULPEN" --once -n --columns state,local,remote | awk 'NR > 1 {
	print $1, $2, $3 }' | sort >"$tmp/tulpen"
ok "as many as were made" test "$(wc -l <"$tmp/tulpen")" = "$all"
ok "each row of ss, and no other" cmp "$tmp/ss" "$tmp/tulpen"
ok "CSV has all of them" test "$(wc -l <"$tmp/csv")" = $((all + 1))

counted()
{
	"$TULPEN" --once -s >"$tmp/summary"
	awk -v listeners="$listeners" -v many=$many '{ gsub(",", "") }
		$1 == "LISTEN" && $2 == listeners { n++ }
		$1 == "ESTABLISHED" && $2 == many { n++ }
		$1 == "total" && $2 == listeners + many { n++ }
		END { exit n != 3 }' "$tmp/summary" ||
		{ cat "$tmp/summary"; return 1; }
}
ok "the states are counted" counted

# Process i has all that is on 127.1.0.i, and nobody else is there.
owned()
{
	pids=$(pgrep -P $idle | tr '\n' ' ')
	"$TULPEN" --once -p --columns local,remote,pid >"$tmp/owned"
	awk -v pids="$pids" 'NR > 1 {
		split(pids, pid, " ")
		for (i in pid)
			known[pid[i]] = 1
		end = $1 ~ /^127\.1\.0\./ ? $1 : $2
		sub(/:.*/, "", end)
		if (!($3 in known))
			bad++
		if (end in owner && owner[end] != $3)
			bad++
		owner[end] = $3
	}
	END {
		for (end in owner)
			n++
		print n " owners, " bad + 0 " wrong"
		exit bad || n != split(pids, pid, " ")
	}' "$tmp/owned"
}
ok "each process has what is its own" owned

. "$live/terminal.sh"
with_commas()
{
	echo "$1" | sed 's/\([0-9]\)\([0-9]\{3\}\)$/\1,\2/'
}
total=$(with_commas $all)
start -d 1
ok "the screen has all of them" appears " $total sockets"
key_goes "to the last one" End "$total of $total"
last=$(screen | sed -n '/ recent changes /q;p' | tail -n 1)
# by state, then port: the last is one of the clients, of the highest port
highest=$(awk '$2 !~ /:7000$/ { sub(/.*:/, "", $2); print $2 }' "$tmp/ss" |
	sort -n | tail -n 1)
is_highest()
{
	echo "$last" | grep -q "127\.0\.0\.1:$highest " ||
		{ echo "$last, not $highest"; return 1; }
}
ok "which is that of the highest port" is_highest
key_goes "one up" Up "$(with_commas $((all - 1))) of $total"
key_goes "to the top" Home " $total sockets"
top()
{
	screen | sed -n '/STATE/{n;p;q;}' | grep -q 'LISTEN'
}
ok "where a listener is" until_true 5 top
press q
ok "it ends" ended "exit 0"
finish
