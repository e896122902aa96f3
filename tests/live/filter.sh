#!/bin/sh
# The filter language: the same rows as ss in a host with every state, from
# /proc, from sock_diag and from a file of ss -D's.

. "${srcdir:-.}/tests/live/tap.sh"
need ss nft
enter_netns "$@"
ip link set lo up 2>/dev/null
start_scene

. "$live/same-rows.sh"

# ---- the examples of the manual ss(8), and all it names --------------------------

of_ss >"$tmp/ss"
ok "no filter" some_from_both -a
alike_or_none state established '( dport = :ssh or sport = :ssh )'
alike_or_none state fin-wait-1 '( sport = :http or sport = :https )' dst 193.233.7/24
alike_or_none fwmark = 0x01/0x03
# the same with what is there
alike state established '( dport = :4101 or sport = :4101 )'
alike state fin-wait-1 '( sport = :6105 or dport = :6105 )' dst ::1/120
alike state fin-wait-1 dst 127.0.0/24

for state in established syn-sent syn-recv fin-wait-1 fin-wait-2 time-wait \
	     close-wait last-ack listening closing all connected synchronized \
	     bucket big; do
	alike state $state
	# ss takes no states at all for no wish at all
	[ $state = all ] || alike exclude $state
done
alike state listening state syn-sent exclude listening
alike state all exclude listening excl established

for op in = == eq '!=' ne neq '<' lt '>' gt '<=' le leq '>=' ge geq; do
	alike sport $op :5105
	alike dport $op 5105
	alike dport $op inet6::5105
done
alike dport 4101
alike dport :4101
alike src 127.0.0.1
alike src = 127.0.0.1:4101
alike src 127.0.0.0/8
alike src 127/8
alike src 0.0.0.0/0
alike src 0.0.0.0
alike src ::/0
alike src '[::1]'
alike src '[::1]:6101'
alike dst '[::1]'
alike dst '[::ffff:127.0.0.1]:5101'
alike dst '[::ffff:127.0.0.0/104]'
alike dst '*:4101'
alike src ':4101'
alike dst localhost
alike dst inet:127.0.0.1
alike dst 'inet6:[::1]'
alike dev lo
alike dev = 1
alike dev != lo
alike autobound
alike state established autobound
alike fwmark != 1
alike not src 127.0.0.1
alike ! src 127.0.0.1
alike '! ( src 127.0.0.1 or dst [::1] )'
alike sport = :4101 '||' sport = :5101 '|' dport = :6101
alike src 127.0.0.1 '&&' dport gt :4104 '&' sport gt :1
alike src 127.0.0.1 dport gt :4104 not sport = :4108
alike '( ( ( sport = :4101 ) ) )'

# ---- a control group --------------------------------------------------------------

group=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
own=$(awk -F: '$1 == 0 { print $3 }' /proc/self/cgroup)
in_group()
{
	of_ss >"$tmp/ss"
	of_tulpen -a cgroup = "$own" >"$tmp/tulpen"
	of_tulpen -a not cgroup = "$own" >>"$tmp/tulpen"
	sort "$tmp/tulpen" | diff "$tmp/ss" -
	of_tulpen -a cgroup "$own" state listening | grep -q :4100
}
if [ "$group" ] && [ -d "$group$own" ]; then
	ok "cgroup" in_group
else
	skip "cgroup" "no cgroup2 here"
fi

# ---- what the kernel says to random filters -----------------------------------------

ok "random filters: the kernel loses nothing" \
	"$tools/filter-kernel" 1000 "${SEED:-$$}" "$own"

# ---- saved by ss -D ------------------------------------------------------------------

saved_alike()
{
	ss -D "$tmp/dump" -tan && of_ss >"$tmp/ss" || return
	of_tulpen --read "$tmp/dump" >"$tmp/tulpen" || return
	diff "$tmp/ss" "$tmp/tulpen" || return
	of_ss "dst [::1]" >"$tmp/ss"
	of_tulpen --read "$tmp/dump" dst ::1 >"$tmp/tulpen" || return
	[ -s "$tmp/tulpen" ] && diff "$tmp/ss" "$tmp/tulpen"
}

# from a pipe, with all that ss asks for
piped()
{
	ss -D - -taneim | "$TULPEN" --read - --format json rtt '>=' 0 \
		>"$tmp/json" && grep -q '"source": \{0,1\}"file"' "$tmp/json" &&
		grep -q '"partial": \{0,1\}null' "$tmp/json" &&
		grep -q '"state": \{0,1\}"ESTABLISHED"' "$tmp/json"
}

# status N REASON: of reading $tmp/bad
status()
{
	"$TULPEN" --read "$tmp/bad" >"$tmp/out" 2>"$tmp/err"
	code=$?
	cat "$tmp/err"
	echo "exit status $code"
	[ $code = "$1" ] && grep -q "$2" "$tmp/err"
}

ok "--read: what ss -D wrote" saved_alike
ok "--read -: from a pipe" piped
head -c 1000 "$tmp/dump" >"$tmp/bad"
ok "--read: cut off" status 1 "cut off at byte 1000"
head -c 10 "$tmp/dump" >"$tmp/bad"
ok "--read: ten bytes" status 3 "not what ss -D writes"
{ head -c 248 "$tmp/dump"; head -c 3000 /dev/zero; } >"$tmp/bad"
ok "--read: garbage behind it" status 1 "no message can be 0 bytes long"
ss -tan >"$tmp/bad"
ok "--read: text" status 3 "not what ss -D writes"
: >"$tmp/bad"
ok "--read: nothing" status 3 empty
rm "$tmp/bad"
ok "--read: no file" status 3 "No such file"

# ---- told on the command line --------------------------------------------------------

caret()
{
	"$TULPEN" --once state listening 'rtt > 5' 2>"$tmp/err"
	[ $? = 2 ] || return
	cat >"$tmp/wanted" <<-'EOF'
	tulpen: filter: a unit is wanted here: us ms s m h d
	  state listening rtt > 5
	                         ^
	EOF
	diff "$tmp/wanted" "$tmp/err"
}
ok "an error has its caret" caret

deep()
{
	printf '%050000d' 0 | tr 0 '(' >"$tmp/deep"
	"$TULPEN" --once "$(cat "$tmp/deep")" 2>"$tmp/err"
	[ $? = 2 ] && grep -q "a condition is missing here" "$tmp/err"
}
ok "50,000 parentheses" deep

finish
