#!/bin/sh
# Hostile names of processes, users, services, devices and of the host, in
# every column of every format and on every page of the screen: what reaches
# the terminal are tulpen's own control sequences and printable characters.

. "${srcdir:-.}/tests/live/tap.sh"
need tmux unshare ip
enter_netns "$@"
# names of its own for the host, its users and its services
if [ "$1" != inside ]; then
	unshare -mu true 2>/dev/null || skip_all "no namespace for the names"
	rm -r "$tmp"
	exec unshare -mu "$0" inside
fi

esc=$(printf '\033')
long=$(printf '%04096d' 0 | tr 0 n)
evil=$(printf '\033[7777m\302\2337777m\2337777m\033]0;x\007')

# stand_in FILE TEXT: TEXT in front of what the file has
stand_in()
{
	{ printf '%s\n' "$2"; cat "$1"; } >"$tmp/stand-in"
	cp "$tmp/stand-in" "$tmp/$(basename "$1")"
	mount --bind "$tmp/$(basename "$1")" "$1"
}

stand_in /etc/passwd "us$evil$long:x:4242:4242::/:/bin/sh" 2>"$tmp/err" &&
	stand_in /etc/services "po$evil 6201/tcp
$long 6202/tcp" 2>"$tmp/err" ||
	skip_all "files cannot be replaced here: $(cat "$tmp/err")"
echo "ho$evil" >/proc/sys/kernel/hostname 2>"$tmp/err" ||
	skip_all "no name for the host"
device="d${esc}[7777m"
ip link add "$device" type veth 2>/dev/null && ip link set "$device" up ||
	device=

ready()
{
	grep -q '^ready' "$tmp/names"
}

mkfifo "$tmp/hold"
"$tools/names" ${device:+"$device"} <"$tmp/hold" >"$tmp/names" &
holders=$!
started="$started $!"
exec 9>"$tmp/hold"
until_true 20 ready || { echo "Bail out! no names"; exit 99; }

all=$("$TULPEN" --columns help | awk 'NR > 1 { printf "%s%s", sep, $1; sep = "," }')

# clean OPTION...: everything that is printed with them is
clean()
{
	"$TULPEN" --once "$@" >"$tmp/out" 2>"$tmp/err"
	[ -s "$tmp/out" ] || return
	cat "$tmp/out" "$tmp/err" | "$tools/wire" text
}

has()
{
	grep -qF -- "$1" "$tmp/out" || { cat "$tmp/out"; return 1; }
}

# ---- printed --------------------------------------------------------------------

for source in proc netlink; do
	for format in text json csv; do
		ok "$source, $format: all columns" \
			clean --source $source --format $format --columns "$all"
		ok "$source, $format: names" \
			clean --source $source --format $format -r --columns \
			"$all"
		ok "$source, $format: summary" \
			clean --source $source --format $format -s
	done
done
LC_ALL=C clean -r --columns "$all"
ok "in the C locale nothing but ASCII" \
	sh -c "! LC_ALL=C grep -q '[^ -~]' '$tmp/out'"
clean --format json -p
ok "OSC is shown as text" has '\\x1b]52;c;YQ==\\x07'
ok "C1 is shown as text" has '\\x9b7777m'
ok "C1 of UTF-8 is shown as text" has '\\u009b7777m'
ok "what turns the line around is shown as text" has '\\u202egnp.exe'
ok "what has no width is shown as text" has '\\u200ba\\u200db'
ok "a newline is shown as text" has 'two\\x0alines'
ok "brackets are a name too" has '"a) b"'
ok "quotes are quoted" has "\"\\\"quo,te\\\\\\\"'\""
ok "wide characters stay" has '中文字中文'
clean --columns user
ok "a user's name" has 'us\x1b[7777m'
ok "is cut" sh -c "! grep -qE 'n{65}' '$tmp/out'"
clean -r --columns local
ok "a service's name" has 'po\x1b[7777m'
clean --format json
ok "the host's name" has '"host":"ho\\x1b[7777m'
if [ "$device" ]; then
	clean --source netlink --columns local,device
	ok "a device's name" has 'd\x1b[7777m'
else
	skip "a device's name" "no device can be made here"
fi

# changes: the names go, at the end
timeout 20 "$TULPEN" --changes -p -d 0.2 --format csv >"$tmp/changes" &
changes=$!
started="$started $changes"
"$tools/status" "$tmp/end" "$TULPEN" --once ":$evil" >"$tmp/out" 2>&1
ok "a filter's complaint" "$tools/wire" text <"$tmp/out"
for wrong in "--columns=$evil" "--sort=$evil" "--source=$evil" \
	     "--format=$evil" "--$evil" "-d$evil" "--samples=$evil" \
	     "--procfs=$evil"; do
	"$TULPEN" --once "$wrong" >"$tmp/out" 2>&1
	ok "a complaint" "$tools/wire" text <"$tmp/out"
done

# ---- on the screen ----------------------------------------------------------------

. "${srcdir:-.}/tests/live/terminal.sh"
tm pipe-pane "cat >>'$tmp/wire'"

# The bytes that came since the last look
own_bytes()
{
	sleep 0.2
	"$tools/wire" screen <"$tmp/wire" || return
	: >"$tmp/wire"
}

# page NAME TEXT: when the text is there, all bytes were tulpen's own
page()
{
	ok "$1: shown" appears "$2"
	ok "$1: only our own sequences" own_bytes
}

tm resize-window -x 200 -y 60
type_line "clear; '$TULPEN' -d 0.3"
page "main screen" '\x1b]52;c;YQ==\x07'
ok "the host's name in the title" appears 'ho\x1b'
press /
tm send-keys -l 6200
press Enter
page "search" ':6200'
press Enter
press Enter
page "the socket" 'Esc goes back'
press Escape
press Escape
press Escape
# ESC and a key at once would be one with Alt
disappears 'all › port' >/dev/null
press r
page "names" 'po\x1b[7777m'
press r
press F4
tm send-keys -l 7777m
page "filter" "7777m"
press Enter
press F1
page "help" 'Esc'
press Escape
disappears 'tulpen: help' >/dev/null
press p
page "paused" 'PAUSED'
press p
press F4
press C-u
press Enter
appears '中文字中文' >/dev/null
# Wide characters and marks at the last column do not break the frame.
for width in 95 94 93 92 91 90 60 45 44 43 42 41 40; do
	tm resize-window -x $width -y 60
	ok "$width columns: a whole frame" draws_whole
done
page "narrow" 'STATE'
tm resize-window -x 200 -y 60
# the processes go: changes with their names
kill $holders
page "changes" '→'
press q
ok "quits" await_end

type_line "clear; '$TULPEN' -d 0.3 --columns $all"
: >"$tmp/wire"
page "all columns" 'STATE'
press q
ok "quits again" await_end
type_line "clear; LC_ALL=C '$TULPEN' -d 0.3"
page "C locale" 'STATE'
press q
ok "and again" await_end
kill $changes
ok "changes, printed" "$tools/wire" text <"$tmp/changes"
ok "with names" grep -q '\\x1b\[7777m' "$tmp/changes"
finish
