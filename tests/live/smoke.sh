#!/bin/sh
# The screen in a real terminal: it draws, answers keys, and gives the
# terminal back whole, however it ends.

. "${srcdir:-.}/tests/live/tap.sh"
need tmux nft nsenter
enter_netns "$@"
start_scene

. "${srcdir:-.}/tests/live/terminal.sh"

# Ports looked for begin with 61: no ephemeral port does.

# ---- what it shows ----------------------------------------------------------

modes >"$tmp/modes"
ok "a plain terminal before" test "$(modes)" = "0 1 0 0 0"
ok "the header" start
for state in LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 \
	     CLOSE_WAIT LAST_ACK CLOSING TIME_WAIT BOUND; do
	ok "the counter of $state" appears "$state"
done
ok "rows" appears '[::1]:6100'
ok "an owner" appears 'scene['
ok "the alternate screen, without cursor" \
	test "$(tm display -p '#{alternate_on} #{cursor_flag}')" = "1 0"
ok "the frame is whole" draws_whole

# ---- keys -------------------------------------------------------------------

key_goes "help" F1 Esc
press Escape
ok "Esc leaves help" appears '[::1]:6100'
press p
ok "p pauses" appears PAUSED
press p
ok "p goes on" disappears PAUSED
key_goes "the menu of columns to sort by" F6 'Sort by'
press Escape
ok "Esc leaves the menu" disappears 'Sort by'
key_goes "the other way round" S 'STATE▾'
key_goes "and back" S 'STATE▴'
key_goes "a state hidden, and said so" 1 'LISTEN off'
press a
ok "a shows it again" disappears 'LISTEN off'
key_goes "into a port" Enter 'all › port'
key_goes "into a socket" Enter 'Esc goes back'
press Escape
ok "Esc leaves the socket" disappears 'Esc goes back'
press Escape
press Escape
ok "Esc leaves the port" disappears 'all › port'
press /
tm send-keys -l :6106
press Enter
ok "/ goes to what is looked for" appears '[::1]:6106'
press Escape
# ESC and a key at once would be one with Alt
until_true 10 hides Search:
press C-l
press F4
tm send-keys -l :6106
press Enter
ok "F4 filters" disappears '[::1]:6100'
ok "what the filter lets through" appears '[::1]:6106'
ok "the header names the filter" appears ':6106'
press F4
press C-u
press Enter
press C-l
press q
ok "q quits" ended 'exit 0'

# ---- what is no key of ours ----------------------------------------------------

# raw BYTES...: in hexadecimal, as if the terminal sent them at once
raw()
{
	tm send-keys -H "$@"
}

# After each, p pauses: whatever it was is over, and nothing came of it.
ignores()
{
	name=$1
	shift
	raw "$@"
	press p
	ok "$TERM_NAME: $name is no key" quiet_then_paused
	press p
	disappears PAUSED >/dev/null
}

quiet_then_paused()
{
	appears PAUSED || return
	# no state is off, no prompt or page is open, it still runs
	hides ' off:' && shows '[::1]:6100' && draws_whole ||
		{ screen; return 1; }
}

for TERM_NAME in xterm-256color screen-256color linux vt100; do
	# not libgpm, which ncurses loads for linux: it leaks
	TERM_OF="TERM=$TERM_NAME NCURSES_GPM_TERMS=none" start
	appears '[::1]:6100' >/dev/null
	ignores "Ctrl-Right" 1b 5b 31 3b 35 43
	ignores "Shift-F1" 1b 5b 31 3b 32 50
	ignores "Ctrl-F12" 1b 5b 32 34 3b 35 7e
	ignores "Ctrl-c as CSI u" 1b 5b 39 39 3b 35 75
	ignores "Alt-q" 1b 71
	ignores "F11" 1b 5b 32 33 7e
	ignores "an answer to OSC 11" 1b 5d 31 31 3b 71 31 07
	ignores "a DCS" 1b 50 31 71 71 1b 5c
	ignores "a mouse report" 1b 5b 3c 33 35 3b 32 3b 32 4d
	press '?'
	appears 'tulpen: help' >/dev/null
	raw 1b
	ok "$TERM_NAME: a lone Esc is one" disappears 'tulpen: help'
	press q
	ok "$TERM_NAME: q quits" ended 'exit 0'
done
unset TERM_OF

start
appears '[::1]:6100' >/dev/null
tm set-buffer 'q1'
tm paste-buffer -p
press p
ok "a paste outside a prompt is ignored" quiet_then_paused
press p
disappears PAUSED >/dev/null
press F4
tm set-buffer ':6106'
tm paste-buffer -p
press Enter
ok "a paste into a prompt is typed" appears 'FILTER: :6106'
press q
ok "and it ends" ended 'exit 0'
type_line "cat >pasted"
tm paste-buffer -p
press Enter
press C-d
ok "pastes are plain again" await_end
ok "without marks" test "$(cat "$tmp/pasted")" = :6106

# ---- sizes --------------------------------------------------------------------

start
for size in 80x24 200x60 40x8; do
	tm resize-window -x ${size%x*} -y ${size#*x}
	ok "$size: a whole frame" draws_whole
done
tm resize-window -x 20 -y 3
ok "20x3 says what it takes" appears '40x8'
tm resize-window -x $width -y $height
ok "large again draws rows" appears '[::1]:6100'
press F10
ok "F10 quits" ended 'exit 0'

# ---- the ways it can end -----------------------------------------------------

start
press C-c
ok "Ctrl-C is SIGINT" ended 'signal 2'

for sig in TERM HUP INT QUIT SEGV ABRT BUS; do
	start
	kill -s $sig "$pid"
	ok "SIG$sig: the terminal is whole, and it dies by that signal" \
		ended "signal $(kill -l $sig 2>/dev/null ||
			env kill -l $sig)"
done

start
tm respawn-pane -k "cd '$tmp' && exec env TULPEN='$TULPEN' PS1='\$ ' ENV= sh -i"
gone()
{
	! kill -0 "$pid" 2>/dev/null
}
ok "it goes away with its terminal" until_true 10 gone

# ---- stopped and back ---------------------------------------------------------

stopped()
{
	case $(ps -o stat= -p "$1") in
	T*)	;;
	*)	return 1 ;;
	esac
}

pid_of_job()
{
	pid=$(pgrep -n -P "$(tm display -p '#{pane_pid}')")
}

type_line "clear; stty -a >before; '$TULPEN'"
appears '[::1]:6100' >/dev/null
until_true 10 pid_of_job
press C-z
ok "Ctrl-Z stops it" until_true 10 stopped "$pid"
ok "the terminal is whole while it is stopped" \
	test "$(modes)" = "0 1 0 0 0"
type_line "stty -a >after"
await_end
ok "with the modes it had before" same "$tmp/before" "$tmp/after"
tm resize-window -x 100 -y 30
type_line "fg"
ok "fg draws again" appears '[::1]:6100'
ok "in the size the terminal has now" draws_whole
press q
ok "and it still quits" await_end
ok "with a whole terminal" test "$(modes)" = "0 1 0 0 0"

finish
