#!/bin/sh
# --log: every change goes into a file while the screen is looked at, and what
# the file does not take is said.

. "${srcdir:-.}/tests/live/tap.sh"
need tmux bash
enter_netns "$@"

. "${srcdir:-.}/tests/live/terminal.sh"


# has FILE N PATTERN: so many lines of the file
has()
{
	[ "$(grep -c -- "$3" "$tmp/$1")" = "$2" ]
}

# logs FILE PATTERN: five connections, each line opened or closed once
logs()
{
	type_line "\$TULPEN --log $1"
	appears 'none reported lost' || return 1
	bash -c 'for i in 1 2 3 4 5; do : >/dev/tcp/127.0.0.1/61234; done' \
		2>/dev/null
	until_true 10 has "$1" 5 "opened.*$2" &&
		until_true 10 has "$1" 5 "closed.*$2" || {
		cat "$tmp/$1"
		return 1
	}
	press q
	until_true 10 over
}

ok "CSV" logs log.csv ',127.0.0.1,61234,'
ok "with its titles" has log.csv 1 '^time,after,change'
ok "JSON" logs log.json '"remote_port":61234'
ok "text" logs log.txt '127.0.0.1:61234'
cp "$tmp/log.csv" "$tmp/before"
type_line "\$TULPEN --log log.csv"
appears 'none reported lost' >/dev/null
press q
until_true 10 over
ok "what was there is kept" sh -c \
	"head -n \$(wc -l <$tmp/before) $tmp/log.csv | cmp - $tmp/before"
ok "and has its titles once" has log.csv 1 '^time,after,change'

type_line "\$TULPEN --log /dev/full"
appears 'none reported lost' >/dev/null
bash -c ': >/dev/tcp/127.0.0.1/61234' 2>/dev/null
ok "a full disk is said" appears 'No space left'
press q
until_true 10 over
"$TULPEN" --log "$tmp/none/log" 2>"$tmp/err" </dev/null >"$tmp/out"
ok "not with what prints" grep -q -- '--log: is the screen' "$tmp/err"
type_line "\$TULPEN --log none/log; echo status \$?"
ok "no such directory" appears 'none/log: No such file'
ok "is wrong usage" appears 'status 2'
finish
