#!/bin/sh
# 200,000 sockets: none is missing, none is twice, the owners are right; on the
# screen both ends of each order are those of ss, a search finds, and groups add
# up.  Skipped where memory or descriptors do not suffice.

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

# PORT SOCKETS OPEN; for the names of the fields see the first line
by_remote_port()
{
	awk '{	port = $3 == "*" ? "" : $3
		sub(/.*:/, "", port)
		all[port]++
		open[port] += $1 == "ESTABLISHED" }
		END { for (port in all) print port, all[port], open[port] }' \
		"$tmp/ss" | sort >"$tmp/ss.ports"
	"$TULPEN" --once -p --group remote-port --format csv | awk -F, '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ print $at["remote_port"], $at["total"],
			$at["ESTABLISHED"] }' | sort >"$tmp/ports"
	diff "$tmp/ss.ports" "$tmp/ports"
}
ok "by remote port: as many in each as ss has" by_remote_port

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

# first_row, last_row: of the list
first_row()
{
	screen | sed -n '/ STATE.*REMOTE/{n;p;q;}'
}
last_row()
{
	screen | sed -n '/ recent changes /q;p' | tail -n 1
}
is_there()
{
	[ "$("$1" | awk '{ print $1, $5, $6 }')" = "$2" ]
}
# row_is WHICH "STATE LOCAL REMOTE": for ok
row_is()
{
	until_true 10 is_there "$@" || { echo "not $*"; screen; return 1; }
}

# The same by ss: local address, then port, the state, the other end; sort(1)
# by number, as 127.1.0.10 is behind 127.1.0.9.
awk '{
	split($2, l, "[.:]"); split($3, r, "[.:]")
	printf "%d %d %d %d %05d %d %d %d %d %d %05d %s\n", l[1], l[2], l[3],
		l[4], l[5], $1 != "LISTEN", r[1], r[2], r[3], r[4], r[5], $0
}' "$tmp/ss" | sort -k1,1n -k2,2n -k3,3n -k4,4n -k5,5n -k6,6n -k7,7n -k8,8n \
	-k9,9n -k10,10n -k11,11n | cut -d' ' -f12- >"$tmp/by-local"
press '>' '>' '>' '>'
ok "four columns on: by the local end" appears 'LOCAL▴'
ok "the first is that of ss" row_is first_row "$(head -n 1 "$tmp/by-local")"
press End
ok "End: the last is that of ss" row_is last_row "$(tail -n 1 "$tmp/by-local")"
press Home S
ok "the other way round" appears 'LOCAL▾'
# those with the same local end stand as before: its listener is the first
same_end()
{
	awk -v end="$1" '$2 == end' "$tmp/by-local"
}
top=$(same_end "$(tail -n 1 "$tmp/by-local" | cut -d' ' -f2)" | head -n 1)
low=$(same_end "$(head -n 1 "$tmp/by-local" | cut -d' ' -f2)" | tail -n 1)
ok "the first is of the last local end" row_is first_row "$top"
press End
ok "End: the last is of the first local end" row_is last_row "$low"
press Home S '<' '<' '<' '<'
ok "back to the order of states" appears 'STATE▴'
before=$(first_row | awk '{ print $1, $5, $6 }')

# One from the middle, which no page at either end has.
middle=$(awk '$2 !~ /:7000$/ { print $2 }' "$tmp/ss" | sort -t: -k2,2n |
	sed -n $((many / 4))p)
found()
{
	screen | grep -q "^.*ESTABLISHED .* $middle "
}
ok "the middle is not in sight" hides " $middle "
press /
ok "/ asks" appears ' Search: '
press -l "$middle"
ok "a search goes there" until_true 10 found
press Escape
ok "Esc: back where it was" row_is first_row "$before"
press /
press -l 'nobody has that'
ok "what nobody has is not found" appears 'not found'
press Escape
ok "and nothing has moved" row_is first_row "$before"

# Each socket is in one group: those of a port here, and of it there.
here=$(awk '$2 ~ /:7000$/' "$tmp/ss" | wc -l)
far=$(awk '$3 ~ /:7000$/' "$tmp/ss" | wc -l)
# group_has LABEL SOCKETS: below the titles, in that column
group_has()
{
	screen | grep -q "^ *$1 .* $(with_commas "$2") "
}
groups_add_up()
{
	[ $((here + far)) = $all ] || { echo "$here + $far: ss?"; return 1; }
	until_true 10 group_has 7000 "$here" &&
		until_true 10 group_has '→ 7000' "$far" ||
		{ echo "not $here and $far"; screen; return 1; }
}
press o
ok "o asks for groups" appears 'service port'
press p
ok "groups by port: as many in each as ss has" groups_add_up
press Enter
ok "Enter: into the larger one" appears ' all › port 7000'
inside=$(with_commas "$here")
key_goes "to its last one" End "$inside of $inside"
press Escape
ok "Esc: out again" groups_add_up
press q
ok "it ends" ended "exit 0"
finish
