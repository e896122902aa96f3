#!/bin/sh
# Owners where there are very many, and where they may not be seen: all of
# them, or a count of what is hidden, and never a guess.

. "${srcdir:-.}/tests/live/tap.sh"
need ss setpriv unshare mount
enter_netns "$@"

ready()
{
	grep -q '^ready' "$tmp/ready"
}

# hold COMMAND...: in the background, until drop; says "ready" to $tmp/ready
hold()
{
	rm -f "$tmp/hold" "$tmp/ready"
	mkfifo "$tmp/hold"
	"$@" <"$tmp/hold" >"$tmp/ready" &
	holder=$!
	started="$started $holder"
	exec 9>"$tmp/hold"
	until_true 30 ready || { echo "Bail out! no sockets"; exit 99; }
}

drop()
{
	exec 9>&-
	wait $holder
}

json()
{
	"$@" --once --format json --columns local_port,owner \
		>"$tmp/json" 2>"$tmp/err"
	code=$?
}

pids()
{
	grep -o '"pid": \{0,1\}[0-9]*' "$tmp/json" | wc -l
}

# ---- many -------------------------------------------------------------------------

hold "$tools/holders" 1000 0
json "$TULPEN"
ok "a thousand processes hold both ends: all are told" \
	test "$(pids)" = 2000
"$TULPEN" --once -p >"$tmp/out"
ok "as text: the first, and how many more" \
	test "$(grep -c 'holders\[[0-9]*\] +999' "$tmp/out")" = 2
drop

hold "$tools/holders" 6 19000
echo "# $(cat "$tmp/ready") descriptors"
json "$TULPEN"
ok "each is told once, however many descriptors it has" \
	test "$(pids)" = 12
ok "all of them" test $code = 0
if [ -x "$tools/pty" ]; then
	ok "keys are answered while they are looked through" \
		"$tools/pty" keys_are_answered
fi
drop

# ---- hidden -----------------------------------------------------------------------

[ "$IN_NETNS" = root ] && unshare -m true 2>/dev/null || {
	skip "hidepid" "not root"
	finish
}
printf '#!/bin/sh\nexec setpriv --reuid=%s --regid=%s %s "$@"\n' \
	65534 65534 "--clear-groups --" >"$tmp/nobody"
chmod +x "$tmp/nobody"
chmod 755 "$tmp"
as_nobody()
{
	"$tmp/nobody" "$@"
}
as_nobody test -x "$TULPEN" 2>/dev/null || {
	skip "hidepid" "what was built is not readable for others"
	finish
}
# with_hidepid N COMMAND...: with such a /proc
with_hidepid()
{
	n=$1
	shift
	unshare -m sh -c 'mount -t proc -o hidepid='"$n"' proc /proc &&
		exec "$@"' sh "$@"
}

nothing_guessed()
{
	cat "$tmp/err"
	[ $code = 1 ] || { echo "exit status $code"; return 1; }
	[ "$(pids)" = 0 ] || { cat "$tmp/json"; return 1; }
	grep -q '"partial": \{0,1\}"owners of 2 sockets hidden' "$tmp/json" &&
		grep -q 'owners of 2 sockets hidden, root sees them' "$tmp/err"
}

hold "$tools/holders" 3 0
for n in 0 1 2 4; do
	json with_hidepid $n "$TULPEN"
	ok "hidepid=$n: root sees all" test $code = 0 -a "$(pids)" = 6
	json with_hidepid $n "$tmp/nobody" "$TULPEN"
	ok "hidepid=$n: nobody is told what is hidden" nothing_guessed
done
drop

# What is one's own one sees, even so.
hold "$tmp/nobody" "$tools/holders" 3 0
for n in 0 1 2 4; do
	json with_hidepid $n "$tmp/nobody" "$TULPEN"
	ok "hidepid=$n: nobody's own" test "$(pids)" = 6
done
drop

# A root without the capability.
hold "$tools/holders" 3 0
json setpriv --bounding-set -sys_ptrace --inh-caps -sys_ptrace "$TULPEN"
ok "root that may not look is told so" \
	grep -q 'owners of 2 sockets hidden, not even root' "$tmp/err"
ok "and is told none" test $code = 1 -a "$(pids)" = 0
drop
finish
