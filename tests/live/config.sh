#!/bin/sh
# The setup screen in a real terminal: what is saved is there the next time, a
# broken file is told of and harmless, and each theme has its colours.

. "${srcdir:-.}/tests/live/tap.sh"
need tmux nft nsenter
enter_netns "$@"
start_scene
XDG_CONFIG_HOME=$tmp/xdg
export XDG_CONFIG_HOME
config=$tmp/xdg/tulpen/config

. "${srcdir:-.}/tests/live/terminal.sh"

# has PATTERN: the config file has such a line
has()
{
	grep -qx -- "$1" "$config" || { cat "$config"; return 1; }
}

columns='columns = state, recv_q:[0-9]*, send_q, local, remote, owner'

# leave KEY: ends the screen
leave()
{
	press q
	ended 'exit 0'
}

# ---- columns, kept ------------------------------------------------------------

start
appears '[::1]:6100' >/dev/null
key_goes "the setup screen" F2 'COLUMNS'
ok "says where it will be saved" appears 'tulpen/config'
# age out; recv_q to the left, and wider; uid in
press Down
press Space
press Down
press '<'
press + + + + +
press g
press Tab
press Right
press Tab
ok "the list shows what is tried" disappears 'AGE'
press F2
ok "F2 saves, and says where" appears 'saved in'
ok "the columns are in the file" has "$columns"
ok "the theme, too" has "theme = mono"
ok "and every other setting" has "delay = 1"
ok "with what it means" grep -q '^# delay: ' "$config"
ok "only for who owns it, and who may read" \
	test "$(stat -c %a "$config")" = "$(printf %o $((0666 & ~$(umask))))"
ok "nothing is left beside it" test "$(ls -A "$tmp/xdg/tulpen")" = config
ok "q quits" leave

start
appears '[::1]:6100' >/dev/null
ok "started anew: no AGE" hides AGE
ok "and RECV-Q where it was put" sh -c "
	TMUX_TMPDIR='$TMUX_TMPDIR' tmux -L tulpen capture-pane -p |
	grep -q 'STATE▴ .*RECV-Q  *SEND-Q  *LOCAL'"
ok "q quits" leave

start --columns state,uid,local
appears '[::1]:6100' >/dev/null
ok "the command line wins" appears UID
ok "over all columns" hides SEND-Q
press F2
appears COLUMNS >/dev/null
press Down Down Space
press Escape
ok "Esc saves nothing" has "$columns"
ok "q quits" leave

start --no-config
appears '[::1]:6100' >/dev/null
ok "--no-config: as without a file" appears AGE
press F2
appears COLUMNS >/dev/null
press w
ok "and saves none" appears 'not saved'
ok "q quits" leave

# ---- what does not depend on it --------------------------------------------------

"$TULPEN" --once >"$tmp/with"
"$TULPEN" --once --no-config >"$tmp/without"
ok "what is printed has the same columns" test \
	"$(sed -n 1p "$tmp/with" | tr -s ' ')" = \
	"$(sed -n 1p "$tmp/without" | tr -s ' ')"

# ---- broken, and read-only ---------------------------------------------------------

cp "$config" "$tmp/good"
sed -i '1i colums = state' "$config"
"$TULPEN" --once >/dev/null 2>"$tmp/said"
ok "printing, an error is on stderr, with its line" \
	grep -q "config:1: unknown key 'colums', did you mean 'columns'?" \
	"$tmp/said"
"$TULPEN" --once >/dev/null 2>&1
ok "and costs nothing" test $? -le 1
start
ok "on the screen it is a line of the header" \
	appears "unknown key 'colums', did you mean 'columns'?"
ok "the rest of the file holds" hides AGE
ok "q quits" leave

mkfifo "$tmp/fifo"
for thing in "$tmp/fifo" /dev/zero "$tmp" "$tmp/nowhere"; do
	ok "--config $(basename "$thing") is refused at once" sh -c "
		timeout 10 '$TULPEN' --config '$thing' --once >/dev/null 2>'$tmp/said'
		[ \$? -le 1 ] && grep -q '$thing' '$tmp/said'"
done

# A capability of the file makes AT_SECURE; needs a user beside root.
cp "$TULPEN" "$tmp/secure"
chmod 755 "$tmp"
if command -v setcap >/dev/null && setcap cap_net_admin+ep "$tmp/secure" \
		2>/dev/null &&
	setpriv --reuid=65534 --clear-groups "$tmp/secure" --version >/dev/null 2>&1
then
	setpriv --reuid=65534 --clear-groups "$tmp/secure" --once \
		>/dev/null 2>"$tmp/said"
	ok "with privileges of its own it reads no file of its caller's" sh -c "
		! grep -q config: '$tmp/said'"
	setpriv --reuid=65534 --clear-groups "$tmp/secure" --once \
		--config "$config" >/dev/null 2>"$tmp/said"
	ok "not even when asked" grep -q 'raised privileges' "$tmp/said"
else
	echo "# no setcap here: AT_SECURE is not tested"
fi

if mount -t tmpfs -o size=4k tmpfs "$tmp/xdg" 2>/dev/null; then
	mkdir "$tmp/xdg/tulpen"
	printf 'theme = light\n' >"$config"
	dd if=/dev/zero of="$tmp/xdg/full" bs=4k count=9 2>/dev/null
	start
	appears '[::1]:6100' >/dev/null
	press F2 Down Space F2
	ok "a full disk: told" appears 'No space left'
	ok "and the old file is there" test "$(cat "$config")" = "theme = light"
	ok "and nothing beside it" test "$(ls -A "$tmp/xdg/tulpen")" = config
	ok "q quits" leave
	rm "$tmp/xdg/full"
	mount -o remount,ro "$tmp/xdg"
	start
	appears '[::1]:6100' >/dev/null
	press F2 Down Space F2
	ok "a read-only file system: told" appears 'Read-only file system'
	ok "it holds for this run" hides 'AGE '
	ok "q quits" leave
	umount "$tmp/xdg"
else
	echo "# no mount here: ENOSPC and EROFS are tested in test_config_save"
fi

# ---- themes ------------------------------------------------------------------------

# colors: of the word ESTABLISHED in the list, as the terminal got them
colors()
{
	tm capture-pane -p -e | grep -a 'ESTABLISHED.*\[::1\]' | tail -n 1 |
	grep -o '\[[0-9;]*mESTABLISHED' | sed 's/\[//; s/m.*//'
}

colored()
{
	until_true 10 is_colored "$1" || { echo "is: $(colors)"; return 1; }
}

is_colored()
{
	case ";$(colors);" in
	*";$1;"*)	;;
	*)		return 1 ;;
	esac
}

# 'theme color' as of TERM=screen-256color
while read -r theme color; do
	start --no-config --theme "$theme" state established
	appears '[::1]:61' >/dev/null
	ok "theme $theme: its colour of ESTABLISHED" colored "$color"
	press q
	ok "q quits" ended 'exit 0'
done <<-END
	default 38;5;28
	light 38;5;22
	high-contrast 38;5;120
	colour-blind 38;5;33
END

plain()
{
	! tm capture-pane -p -e |
		grep -aE "$(printf '\033')\[([0-9]+;)*[34][0-8](;[0-9]+)*m"
}

for how in "--theme mono" "--no-config"; do
	[ "$how" = "--no-config" ] && TERM_OF=NO_COLOR=1
	start $how
	appears '[::1]:61' >/dev/null
	ok "${TERM_OF:-$how}: no colour at all" plain
	press F2
	appears COLUMNS >/dev/null
	ok "${TERM_OF:-$how}: nor in the setup" plain
	press Escape
	ok "q quits" leave
done
start --no-config --theme light state established
appears '[::1]:61' >/dev/null
ok "NO_COLOR and --theme light: its colour" colored '38;5;22'
ok "q quits" leave
unset TERM_OF

finish
