# shellcheck shell=sh
# terminal.sh - tulpen in a real terminal, for the shell tests of tests/live
#
#	. "$srcdir/tests/live/tap.sh"
#	need tmux
#	. "$live/terminal.sh"
#	start			# tulpen is in the foreground
#	press p
#	ok "p pauses" appears PAUSED
#
# The terminal is tmux, a server of our own.  Nothing here waits a fixed time:
# it looks at the screen until it shows what is expected, or ten seconds pass.

export TMUX_TMPDIR="$tmp"
unset TMUX
status=$tools/status
width=120
height=36

tm()
{
	tmux -u -L tulpen -f "$tmp/tmux.conf" "$@"
}

trap 'tm kill-server 2>/dev/null; cleanup' EXIT
cat >"$tmp/tmux.conf" <<-END
	set -g default-terminal screen-256color
	set -g remain-on-exit on
	set -g status off
	set -s escape-time 0
END

# The pane holds an interactive shell with job control.
tm new-session -d -x $width -y $height -s s \
	"cd '$tmp' && exec env TULPEN='$TULPEN' PS1='\$ ' ENV= sh -i" ||
	skip_all "tmux does not start"

pane=s

screen()
{
	tm capture-pane -p -t "=$pane:"
}

# shows TEXT: fixed text is somewhere on the screen
shows()
{
	screen | grep -qF -- "$1"
}

hides()
{
	! shows "$1"
}

# appears TEXT, disappears TEXT: within ten seconds; for ok
appears()
{
	until_true 10 shows "$1" || { screen; return 1; }
}

disappears()
{
	until_true 10 hides "$1" || { screen; return 1; }
}

# press KEY...: as tmux names them
press()
{
	tm send-keys -t "=$pane:" "$@"
	# what comes right behind it would be one key with it
	[ "$1" != Escape ] || sleep 0.1
}

# The modes of the terminal: alternate screen, cursor, mouse, keypad.
modes()
{
	tm display -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag} #{keypad_flag}'
}

# type_line COMMAND: in the pane's shell; $tmp/done is there when it is over
type_line()
{
	rm -f "$tmp/done"
	tm send-keys -l "$1; : >done"
	press Enter
}

over()
{
	test -e "$tmp/done"
}

await_end()
{
	until_true 10 over || { screen; return 1; }
}

# start [OPTION]...: tulpen in the foreground, with its pid in $pid
start()
{
	rm -f "$tmp/end"
	type_line "clear; stty -a >before; ${TERM_OF-} '$status' end '$TULPEN' $*; stty -a >after"
	until_true 10 shows ' tulpen' || return
	pid=$(sed -n 's/^pid //p' "$tmp/end")
}

# ended "exit 0": how it ended, and nothing of it is left in the terminal
ended()
{
	await_end || return
	if [ "$(sed -n 2p "$tmp/end")" != "$1" ]; then
		echo "ended as: $(sed -n 2p "$tmp/end"), not: $1"
		return 1
	fi
	diff "$tmp/before" "$tmp/after" || return
	if [ "$(modes)" != "0 1 0 0 0" ]; then
		echo "alternate screen, cursor, mouse, keypads: $(modes)"
		return 1
	fi
}

# The frame is whole: header first, keys last, nothing scrolled away.
whole()
{
	screen >"$tmp/frame"
	head -n 1 "$tmp/frame" | grep -q '^ tulpen' &&
		tail -n 1 "$tmp/frame" | grep -q 'F1'
}

draws_whole()
{
	until_true 10 whole || { cat "$tmp/frame"; return 1; }
}

# key_goes NAME KEY TEXT: pressing the key makes the text appear
key_goes()
{
	press "$2"
	ok "key $2: $1" appears "$3"
}
