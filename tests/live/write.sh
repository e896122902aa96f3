#!/bin/sh
# w writes what is shown: the bytes of --once; and nothing where it may not.

. "${srcdir:-.}/tests/live/tap.sh"
need tmux nft
enter_netns "$@"
start_scene
# shellcheck source=tests/live/terminal.sh
. "$live/terminal.sh"
columns='--source netlink --columns state,local,remote,owner'
cd "$tmp" || exit 99

# write FORMAT NAME: of the formats' menu, to that name
write()
{
	press w
	appears "Enter asks for a name" || return
	press Home
	case $1 in
	json)	press Down ;;
	csv)	press End ;;
	esac
	press Enter
	appears "Write to: tulpen-" || return
	press C-u
	tm send-keys -l "$2"
	press Enter
}

# As --once writes it: the columns are such that do not change.
as_once()
{
	"$TULPEN" --once --format "$1" $columns --sort local "$2" \
		>"$tmp/once" 2>"$tmp/err"
	case $1 in
	# the time of day, and what was counted meanwhile
	json)	cut -d '"' -f 9- "$tmp/once" >"$tmp/a"
		cut -d '"' -f 9- "$tmp/$3" >"$tmp/b"
		sed -i 's/"source": *"[a-z]*"//' "$tmp/a" "$tmp/b"
		diff "$tmp/a" "$tmp/b" ;;
	*)	diff "$tmp/once" "$tmp/$3" ;;
	esac
}

filter='src 127.0.0.1 and not time-wait and not fin-wait-2'
ok "starts" start -d 0.3 $columns --sort local "'$filter'"
ok "has its owners" appears "scene["
formats='text csv'
"$TULPEN" --once --format json >/dev/null 2>&1 && formats="$formats json"
for format in $formats; do
	ok "$format: written" write $format out.$format
	ok "$format: said so" appears "out.$format was written"
	ok "$format: what --once prints" as_once $format "$filter" out.$format
done
ok "mode as umask says" test "$(stat -c %a out.csv)" = \
	"$(printf %o $((0666 & ~0$(umask))))"

# ---- what is there already ---------------------------------------------------------

echo precious >there
ok "exists: asks" write csv there
appears "Replace it"
press Enter
ok "exists: kept at first" test "$(cat there)" = precious
write csv there
appears "Replace it"
press End Enter
ok "exists: replaced" appears "there was written"
ok "exists: by that" same out.csv there
echo precious >target
ln -s target link
ok "a link: asks" write csv link
ok "a link: said to be one" appears "It is a link to target"
press End Enter
appears "link was written"
ok "a link: what it led to is as it was" test "$(cat target)" = precious
ok "a link: it is a file now" test ! -L link

# ---- where it cannot be -----------------------------------------------------------------

ok "/dev/full: asks" write text /dev/full
appears "device or a pipe"
press End Enter
ok "/dev/full: said so" appears "No space left on device"
ok "/dev/full: still a device" test -c /dev/full
ok "no directory" write text nowhere/x
ok "no directory: said so" appears "No such file or directory"
mkdir directory
ok "a directory" write text directory
ok "a directory: said so" appears "is a directory"
mkdir small
if mount -t tmpfs -o size=4k none small 2>/dev/null; then
	ok "a full disk" write text small/x
	ok "a full disk: said so" appears "No space left on device"
	ok "a full disk: nothing is left" test -z "$(ls small)"
	umount small
else
	skip "a full disk" "mount is not permitted"
fi
ok "no half file is left" sh -c '! ls | grep -q "\.......$"'

# ---- frozen, in groups, the changes ---------------------------------------------------------

press p
ok "pauses" appears PAUSED
ok "paused: written" write csv frozen
appears "frozen was written"
ok "paused: what was shown" same out.csv frozen
press p
press o
appears "Group by"
press Home Enter
appears PORT
ok "groups: written" write csv groups
appears "groups was written"
grouped()
{
	"$TULPEN" --once --source netlink --format csv --group port -p "$filter" >once
	cut -d, -f 1 once | sort >a
	cut -d, -f 1 groups | sort >b
	diff a b && [ "$(wc -l <a)" -gt 5 ]
}
ok "groups: those of --group" grouped
press Tab w
ok "changes: asks" appears "Write the changes"
press Escape
press Tab
press q
ok "quits" await_end
finish
