#!/bin/sh
# While every change is traced passes are rare, and the table is true all the
# same: what no event tells is looked at.  tests/live/rare.c asks the sampler.

. "${srcdir:-.}/tests/live/tap.sh"
need nft
enter_netns "$@"

said()
{
	grep -q "$1" "$tmp/rare"
}

# asks WORD: for ok; rare's answer to the newest question
asks()
{
	asked=$((asked + 1))
	echo "$1" >&8
	until_true 90 answered || { cat "$tmp/rare.err"; return 1; }
	tail -n 1 "$tmp/rare"
	tail -n 1 "$tmp/rare" | grep -q "^$1 yes"
}

answered()
{
	[ "$(wc -l <"$tmp/rare")" -gt $asked ]
}

# ask NAME WORD: a test; the count must survive ok's subshell
ask()
{
	ok "$1" asks "$2"
	asked=$((asked + 1))
}

asked=0
mkfifo "$tmp/ask"
"$tools/rare" 0.0001 <"$tmp/ask" >"$tmp/rare" 2>"$tmp/rare.err" &
rare=$!
started="$started $rare"
exec 8>"$tmp/ask"
until_true 20 said '^ready' || {
	wait $rare
	[ $? = 77 ] && skip_all "no state trace: $(cat "$tmp/rare.err")"
}
ok "events keep the table" said '^ready'
start_scene
ask "every state, as the kernel has it" same
ask "a FIN to an orphan" fin
ask "a queue on the screen" queues
ask "tcp_info of what is on the screen alone" details
"$builddir/bench/load" --rate 300 --seconds 3 --family all >"$tmp/load" 2>&1
ask "after many connections" same
exec 9>&-
ask "without the scene" same
ask "no TIME_WAIT is left too long" ended
ask "all that without a pass" passes
exec 8>&-
finish
