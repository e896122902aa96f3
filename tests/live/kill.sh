#!/bin/sh
# Closing sockets and signalling processes: what the kernel does, and what K
# makes of it on the screen.

. "${srcdir:-.}/tests/live/tap.sh"
need ss nft tmux setpriv
enter_netns "$@"

# ---- what the kernel does, as the dialog and the manual say --------------------

does()
{
	grep -qxF "$1" "$tmp/does" || { cat "$tmp/does"; return 1; }
}

"$tools/abort" ends >"$tmp/does"
ok "ESTABLISHED: ECONNABORTED here, a RST there" \
	does "ESTABLISHED done owner ECONNABORTED peer ECONNRESET"
ok "CLOSE_WAIT: a RST there" \
	does "CLOSE_WAIT done owner end peer ECONNRESET"
ok "FIN_WAIT2: ECONNABORTED here" \
	does "FIN_WAIT2 done owner ECONNABORTED peer end"
ok "LISTEN: refuses, resets its queue, leaves what was accepted" \
	does "LISTEN done owner EINVAL then EINVAL queued ECONNRESET accepted nothing new ECONNREFUSED again listens"
ok "BOUND: cannot be closed" does "BOUND ENOENT"
start_scene
"$tools/abort" "$tmp/scene" >"$tmp/does"
for state in ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 CLOSE_WAIT \
	     LAST_ACK CLOSING TIME_WAIT; do
	ok "$state: closed at once" does "$state done then gone"
done
ok "LISTEN: only bound then" does "LISTEN done then BOUND"

# ---- K on the screen -------------------------------------------------------------

# shellcheck source=tests/live/terminal.sh
. "$live/terminal.sh"

# hold NAME COMMAND...: runs until stop_NAME's turn, and says "ready" first
hold()
{
	mkfifo "$tmp/hold-$1"
	name=$1
	shift
	"$@" <"$tmp/hold-$name" >"$tmp/$name" 2>&1 &
	held=$!
	started="$started $held"
}

held_ready()
{
	grep -q "${2:-^ready}" "$tmp/$1"
}

# count STATE FILTER: what ss has of it
count()
{
	ss -tanH state "$@" | wc -l
}

counts()
{
	n=$1
	shift
	got=$(count "$@")
	[ "$got" = "$n" ] || { echo "$got, not $n"; return 1; }
}

# ask OPTION... FILTER: tulpen with it, the cursor on the first row, and K
ask()
{
	start -d 0.3 "$@" && appears PROCESS && press Down Up || return
	# the titles are there before the first row is
	for _ in 1 2 3 4 5; do
		press K
		until_true 2 shows "Do nothing" && return
	done
	screen
	return 1
}

ended_well()
{
	press q
	await_end
}

# ---- every state that is odd; first, as a TIME_WAIT lasts a minute --------------------

for state in time-wait:5111 syn-recv:5104 listening:4100; do
	word=${state%%:*}
	port=${state##*:}
	was=$(count "$word" "sport = :$port or dport = :$port")
	# the kernel gives up both after a minute
	[ "$was" -gt 0 ] || { skip "$word" "it did not last"; continue; }
	ok "$word: asks" ask "'state $word and :$port'"
	press Down
	case $word in
	listening)	text="It stops listening" ;;
	syn-recv)	text="The request is forgotten" ;;
	*)		text="It is forgotten" ;;
	esac
	ok "$word: told before" appears "$text"
	press Enter
	ok "$word: told after" appears "the kernel closed"
	ok "$word: gone" counts $((was - 1)) "$word" "sport = :$port or dport = :$port"
	ended_well
done
ok "BOUND: asks" ask "'state bound'"
ok "BOUND: cannot" appears "The kernel cannot close it"
press Escape
ended_well

hold victims "$tools/victims" 9100 5 9200 3
exec 7>"$tmp/hold-victims"
until_true 10 held_ready victims || { echo "Bail out! no victims"; exit 99; }
ends=$(ss -tanH state established 'sport = :9100' | head -n 1)
port=${ends##*:}
port=$(echo "$port" | tr -d ' ')

for source in netlink proc; do
	was=$(count established 'sport = :9100 or dport = :9100')
	ends=$(ss -tanH state established 'sport = :9100' | head -n 1)
	port=$(echo "${ends##*:}" | tr -d ' ')
	ok "$source: asks" ask --source $source "'sport = :9100 and dport = :$port'"
	ok "$source: does nothing at first" sh -c '
		printf %s "$1" | grep -q "stays as it is"' sh "$(screen)"
	press Down
	ok "$source: says what will happen" appears ECONNABORTED
	press Enter
	ok "$source: says what did" appears "the kernel closed 127.0.0.1:9100"
	ok "$source: it is closed" counts 0 established \
		"( sport = :9100 and dport = :$port ) or ( dport = :9100 and sport = :$port )"
	ok "$source: those beside it live" counts $((was - 2)) established \
		'sport = :9100 or dport = :9100'
	ended_well
done

ok "--read-only" start -d 0.3 --read-only "'sport = :9200 and state established'"
appears PROCESS
press Down Up K
ok "--read-only: K says so" appears "read-only: nothing is closed"
ok "--read-only: all live" counts 3 established 'sport = :9200'
ended_well

# ---- a four-tuple that is used again while the question is on the screen --------------

# reused OPTION...: the question was about the first, the yes comes after
reused()
{
	until_true 10 held_ready reuse ^first || return
	ask "$@" "'sport = :20990 and dport = :20991'" || return
	echo >&6
	until_true 10 held_ready reuse ^second || return
	press Down Enter
	appears "What came of it" || return
}

second_lives()
{
	counts 1 established 'sport = :20990 and dport = :20991' || return
	want=$(sed -n 's/^second [0-9]* //p' "$tmp/reuse")
	got=$(ss -taneH state established 'sport = :20990 and dport = :20991' |
	      sed -n 's/.* sk:\([0-9a-f]*\).*/\1/p')
	[ "$(printf %x "$want")" = "$got" ] || { echo "$got, not $want"; return 1; }
}

# The table does not learn of it, so the kernel says it; and it does.
for how in "-d 60 --events off --source netlink" "-d 60 --events off --source proc" "-d 0.3"; do
	# not in ok's subshell: it ends with its stdin
	rm -f "$tmp/hold-reuse"
	hold reuse "$tools/reuse"
	exec 6>"$tmp/hold-reuse"
	# shellcheck disable=SC2086	# a list of words
	ok "reused, $how: refused" reused $how
	ok "reused, $how: told" sh -c '
		printf %s "$1" | grep -q "gone already\|Another socket"' sh "$(screen)"
	ok "reused, $how: the new one lives" second_lives
	press Enter
	ended_well
	exec 6>&-
	wait "$held"
done

# ---- two hundred -----------------------------------------------------------------------

hold many "$tools/victims" 9300 200 9301 2
exec 5>"$tmp/hold-many"
until_true 10 held_ready many
ok "200: ready" ask "'state established and sport = :9300'"
press End
ok "200: offered" appears "Close all 200 that are shown"
press Enter
ok "200: counted" appears "200 sockets are to be closed"
ok "200: with their owner" appears "Whose       victims["
tm send-keys -l 199
press Enter
ok "200: not without the number" appears "that is not 200"
ok "200: all live" counts 200 established 'sport = :9300'
press C-u
tm send-keys -l 200
press Enter
ok "200: done" appears "closed      200"
ok "200: closed" counts 0 established 'sport = :9300'
ok "200: those beside them live" counts 2 established 'sport = :9301'
press Enter
ended_well

# ---- a process ----------------------------------------------------------------------------

ok "signal: asks" ask "'state established and sport = :9301'"
appears "Signal victims"
press Down Down Enter
ok "signal: which" appears "Send SIGTERM"
press Down Enter
ok "signal: sent" appears "SIGTERM was sent to victims[$held]"
wait "$held"
ok "signal: it ended by it" test $? = 143
ended_well

# ---- as nobody ---------------------------------------------------------------------------------

nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
if [ "$IN_NETNS" != root ] || ! $nobody test -x "$TULPEN"; then
	skip "as nobody" "who is not root cannot become others"
else
	real=$TULPEN
	TULPEN=$tmp/as
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$nobody" "$real" >"$TULPEN"
	chmod +x "$TULPEN"
	chmod 755 "$tmp"
	ok "nobody: asks" ask "'state established and sport = :9200'"
	press Down Enter
	ok "nobody: refused, with the remedy" appears "needs CAP_NET_ADMIN"
	ok "nobody: all live" counts 3 established 'sport = :9200'
	press Enter
	ended_well
fi
finish
