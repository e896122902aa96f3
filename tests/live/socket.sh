#!/bin/sh
# One socket in full, in a real terminal: its page names the owners of both ends,
# and says what ss says.

. "${srcdir:-.}/tests/live/tap.sh"
need tmux ss
enter_netns "$@"
. "$live/terminal.sh"

# one column, and all of the page
tm resize-window -x 100 -y 110

# A service of its own, where a hierarchy of control groups takes one.
group=
for dir in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
	[ -f "$dir/cgroup.procs" ] || continue
	mkdir -p "$dir/tulpen.slice" 2>/dev/null &&
		mkdir "$dir/tulpen.slice/tulpen-$$.service" 2>/dev/null &&
		group=$dir/tulpen.slice/tulpen-$$.service
	[ -z "$group" ] || break
done

stop_talk()
{
	exec 9>&-
	wait "$talk" 2>/dev/null
	[ -z "$group" ] || {
		rmdir "$group"
		rmdir "${group%/*}"
	} 2>/dev/null
	tm kill-server 2>/dev/null
	cleanup
}
trap stop_talk EXIT

mkfifo "$tmp/stdin"
(
	[ -z "$group" ] || sh -c "echo \$PPID >'$group/cgroup.procs'" \
		2>/dev/null
	exec "$tools/talk" <"$tmp/stdin" >"$tmp/talk" 9>&-
) &
talk=$!
exec 9>"$tmp/stdin"
until_true 10 grep -q ready "$tmp/talk" || {
	echo "Bail out! talk does not start"
	exit 99
}
read -r _ server client <"$tmp/talk"

# ---- who ---------------------------------------------------------------------

# both LEFT RIGHT: these processes stand side by side, in the rows of the ends
both()
{
	screen >"$tmp/frame"
	left=$(sed -n 's/^ process  *\([^ ]*\).*/\1/p' "$tmp/frame")
	right=$(sed -n 's/.*  process  *\([^ ]*\).*/\1/p' "$tmp/frame")
	[ "$left" = "$1" ] && [ "$right" = "$2" ]
}

are_both()
{
	until_true 10 both "$@" || { cat "$tmp/frame"; return 1; }
}

# open_page [OPTION]...: of the server's end
open_page()
{
	start "$* 'sport = 6500 and state established and process ~ talk'" &&
		appears "talk-server[$server]" && press Enter &&
		appears "port 6500" && press Enter
}

ok "the page opens" open_page
ok "it names the owners of both ends" \
	are_both "talk-server[$server]" "talk-client[$client]"
press x
ok "x: to the other end" \
	are_both "talk-client[$client]" "talk-server[$server]"
press Enter
ok "Enter: and back" are_both "talk-server[$server]" "talk-client[$client]"

# ---- the same as ss -------------------------------------------------------------

# What ss says of that socket: a line "name value" for each.
ss_says()
{
	ss -tinmoeOH state established 'sport = 6500' |
		grep "ino:[1-9]" >"$tmp/ss"
	sed 's/.*<->//; s/skmem:(\([^)]*\))/\1/; s/,/ /g' "$tmp/ss" |
		tr ' ' '\n' |
		sed -n 's/^\([a-z_]*\):\(.*\)/\1 \2/p
			s/^\(rb\|tb\|f\|w\|r\)\([0-9]*\)$/mem_\1 \2/p'
	sed -n 's/.*ino:\([0-9]*\) sk:\([0-9a-f]*\).*/ino \1\nsk \2/p' \
		"$tmp/ss"
}

# What the page says, beside ss's name for it.
page_says()
{
	while read -r ss_name page_name; do
		sed -n "s/^  *$page_name   *\\([^ ]*\\).*/$ss_name \\1/p" \
			"$tmp/frame" | head -n 1
	done <<-END
		rto resend after
		mss segment
		pmtu path MTU
		rcvmss they send
		advmss we offered
		minrtt shortest
		cwnd window
		bytes_sent sent
		bytes_acked acknowledged
		bytes_received received
		segs_out segments out
		segs_in segments in
		delivered delivered
		rcv_ssthresh may grow
		rcv_space space
		snd_wnd their window
		mem_f in reserve
		ino inode
		sk cookie
	END
	sed -n 's/^ round trip  *\([^ ]*\)ms.*/rtt \1/p
		s/^ varies by  *\([^ ]*\)ms.*/rttvar \1/p
		s/^ receive buffer  *[0-9,]* of \([0-9,]*\) .*/mem_rb \1/p
		s/^ send buffer  *[0-9,]* of \([0-9,]*\) .*/mem_tb \1/p' \
		"$tmp/frame"
}

# numbers: "1,448" and "0.034ms" as ss prints them, rtt as two
numbers()
{
	sed 's/,//g; s/ms$//; s/^rtt \(.*\)\/\(.*\)/rtt \1\nrttvar \2/' |
		awk '$1 ~ /rtt/ { $2 = sprintf("%.4g", $2) }
			{ print $1, $2 }' | sort
}

# Each value of the page is that of ss, and these are many.
same_as_ss()
{
	screen >"$tmp/frame"
	page_says | numbers >"$tmp/page-numbers"
	ss_says | numbers >"$tmp/ss-numbers"
	[ "$(wc -l <"$tmp/page-numbers")" -ge 17 ] || {
		cat "$tmp/page-numbers"
		return 1
	}
	comm -23 "$tmp/page-numbers" "$tmp/ss-numbers" >"$tmp/other"
	[ ! -s "$tmp/other" ]
}

is_same_as_ss()
{
	until_true 5 same_as_ss && return
	echo "only on the page:"
	cat "$tmp/other"
	echo "ss:"
	cat "$tmp/ss-numbers"
	return 1
}

ok "it says what ss says" is_same_as_ss
press q
ok "quits" ended "exit 0"

ok "with the text of /proc as the source, too: the page opens" \
	open_page --source proc --events off
ok "both owners" are_both "talk-server[$server]" "talk-client[$client]"
ok "what ss says" is_same_as_ss
press q
ok "quits" ended "exit 0"

# ---- a listener, and who waits there --------------------------------------------

ok "the listener" start "'sport = 6500 and state listening'"
ok "is listed" appears "talk-server[$server]"
press Enter
ok "its port" appears "port 6500"
press Enter
ok "one waits" appears "accept queue    1/5"
ok "who it is" appears "5 B came, from talk-client[$client]"
press q
ok "quits" ended "exit 0"

# ---- as columns --------------------------------------------------------------

column()
{
	[ "$("$TULPEN" --once --columns "$1" --format csv "$2" |
		sed 1d | sort | tr '\n' ' ')" = "$3 " ]
}

ok "column other_end" column other_end \
	"dport = 6500 and process ~ talk-client" \
	"(in accept queue) talk-server[$server]"
ok "column command" column command "sport = 6500 and state listening" \
	"$tools/talk"
if [ -n "$group" ] && grep -q "tulpen-$$" "/proc/$server/cgroup"; then
	ok "column service" column service \
		"sport = 6500 and state listening" "tulpen-$$.service"
	ok "a filter by it" column local_port "service = tulpen-$$.service \
		and state listening" 6500
else
	skip "column service" "no control group can be made"
	skip "a filter by it" "no control group can be made"
fi
finish
