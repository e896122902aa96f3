#!/bin/sh
# What Y says shows in ss the same sockets as the filter does here.

. "${srcdir:-.}/tests/live/tap.sh"
need ss nft
enter_netns "$@"
. "$live/same-rows.sh"
start_scene

# The command is for a shell; several of them are one list.
by_command()
{
	"$tools/ss-command" "$1" >"$tmp/command" || return
	cat "$tmp/command"
	tr ';' '\n' <"$tmp/command" >"$tmp/commands"
	while read -r ss options; do
		[ "$ss" = ss ] || return
		eval "of_ss $options" || return
	done <"$tmp/commands" | sort >"$tmp/ss"
	of_tulpen -a "$1" >"$tmp/tulpen" || return
	diff "$tmp/ss" "$tmp/tulpen" || return
	[ -s "$tmp/ss" ]
}

# more FILTER: ss shows more, and never less
more()
{
	"$tools/ss-command" "$1" >"$tmp/command"
	[ $? = 1 ] || return
	sed 's/^ss/of_ss/' "$tmp/command" >"$tmp/commands"
	. "$tmp/commands" >"$tmp/ss"
	of_tulpen -a "$1" >"$tmp/tulpen" || return
	[ -z "$(comm -13 "$tmp/ss" "$tmp/tulpen")" ] &&
		[ "$(wc -l <"$tmp/ss")" -gt "$(wc -l <"$tmp/tulpen")" ]
}

while read -r filter; do
	ok "$filter" by_command "$filter"
done <<-'EOF'
	state established
	state listening or dport = :4101
	established or time-wait
	state all exclude listening
	:4101
	4100-4114
	sport >= :5000 and sport < :6000
	not sport >= :5000
	sport != :4101
	src 127.0.0.1
	dst ::1
	src 127.0.0.0/8 and not dst 127.0.0.1:4101
	src [::1]:6101 or dst [::1]:6101
	dst [::ffff:127.0.0.1]
	127.0.0.0/8
	not ( src 127.0.0.1 or dst ::1 )
	( state established and sport = :4101 ) or ( close-wait and src ::1 )
	state syn-recv or ( state listening and sport > :7000 )
	sport = :4101 or sport = :5101 or sport = :6101
	src inet:127.0.0.1
	dev lo
	autobound
EOF
ok "rtt > 0us: more" more "state established rtt > 1h"
ok "process: more" more "sport = :4101 or process = nobody-has-this-name"
finish
