#!/bin/sh
# Where there is no screen to draw on, or nowhere to print: one clear line and
# the right exit status.

. "${srcdir:-.}/tests/live/tap.sh"
need script timeout nft
# no sockets of others there, whose owners could be hidden from us
enter_netns "$@"
start_scene

# on_terminal ENVIRONMENT...: tulpen on a terminal of this kind, what it says
# to $tmp/said, its exit status to $tmp/code
on_terminal()
{
	timeout 20 script -qec "env $* '$TULPEN'; echo \$? >'$tmp/code'" \
		/dev/null </dev/null >"$tmp/said" 2>&1
	tr -d '\r' <"$tmp/said" >"$tmp/text"
	cat "$tmp/text"
}

refused()
{
	on_terminal "$@" || return
	[ "$(cat "$tmp/code")" = 2 ] || { cat "$tmp/code"; return 1; }
	[ "$(wc -l <"$tmp/text")" = 1 ] || return
	grep -q '^tulpen: ' "$tmp/text" || return
	! grep -q "$(printf '\033')" "$tmp/text"
}

# ends CODE COMMAND: for sh; stderr to $tmp/err
ends()
{
	timeout 20 sh -c "$2" 2>"$tmp/err"
	code=$?
	[ $code = "$1" ] || { echo "exit status $code, not $1"; cat "$tmp/err"
		return 1; }
}

fails_clearly()
{
	timeout 20 sh -c "$1" 2>"$tmp/err"
	code=$?
	cat "$tmp/err"
	[ $code != 0 ] && [ $code -lt 124 ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
		grep -q '^tulpen: ' "$tmp/err"
}

quiet()
{
	sh -c "$1" >"$tmp/out" 2>"$tmp/err"
	cat "$tmp/err"
	[ ! -s "$tmp/err" ] && [ "$(wc -l <"$tmp/out")" = 1 ]
}

ok "TERM=dumb" refused TERM=dumb
ok "TERM unset" refused -u TERM
ok "TERM empty" refused TERM=
ok "TERM unknown" refused TERM=no-such-terminal
ok "TERM that is no name" refused "TERM=../../etc/passwd"

ok "no terminal on stdout: one sample" ends 0 "TERM=dumb '$TULPEN' | grep -q STATE"
ok "stdin /dev/null" ends 0 "'$TULPEN' </dev/null | grep -q STATE"
ok "stdin closed" ends 0 "'$TULPEN' <&- | grep -q STATE"
for format in text json csv; do
	ok "$format to a full disk" \
		fails_clearly "'$TULPEN' --once --format $format >/dev/full"
	ok "$format to a closed stdout" \
		fails_clearly "'$TULPEN' --once --format $format >&-"
	ok "$format to a reader that leaves: quiet" \
		quiet "'$TULPEN' -b -d 0.1 --format $format | head -n 1"
done
finish
