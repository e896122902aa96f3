#!/bin/sh
# Whoever starts tulpen, its header says what it has and why not more; and when
# it has ended, the kernel keeps nothing of it.

. "${srcdir:-.}/tests/live/tap.sh"
need tmux setpriv
enter_netns "$@"
[ "$IN_NETNS" = root ] || skip_all "who is not root cannot become others"
. "$live/terminal.sh"
# room for the whole reason
# shellcheck disable=SC2154	# set by terminal.sh
tm resize-window -x 200 -y $height

real=$TULPEN
nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
$nobody test -x "$real" ||
	skip_all "what was built is not readable for others"
disabled=$(cat /proc/sys/kernel/unprivileged_bpf_disabled 2>/dev/null)
echo "# kernel.unprivileged_bpf_disabled is ${disabled:-not known}"

# as COMMAND...: from here on tulpen is started by it
as()
{
	TULPEN=$tmp/as
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$*" "$real" >"$TULPEN"
	chmod +x "$TULPEN"
}

# What it holds in the kernel: "prog 7 map 8 link 9"
held()
{
	cat /proc/"$pid"/fdinfo/* 2>/dev/null |
		sed -n 's/^\(prog\|map\|link\)_id:[[:space:]]*/\1 /p' |
		sort -u | tr '\n' ' '
}

# Sockets of sock_diag (protocol 4) with groups, in this namespace.
groups()
{
	awk '$2 == 4 && $4 != "00000000"' /proc/net/netlink
}

no_groups()
{
	[ -z "$(groups)" ]
}

# shellcheck disable=SC2086	# a list of words
nothing_loaded()
{
	"$tools/bpf-left" $ids
}

# found WHAT NOT...: the header has that, and none of the others
found()
{
	appears "$1" || return
	shift
	for one; do
		hides "$one" || { screen; return 1; }
	done
}

# shown WHO TEXT OPTION...: tulpen says TEXT, and leaves nothing behind
shown()
{
	who=$1
	text=$2
	shift 2
	ok "$who: starts" start -d 0.5 "$@"
	case $text in
	trace)	ok "$who: has the trace" found ' trace' 'no trace' ;;
	*)	ok "$who: says \"$text\"" appears "$text" ;;
	esac
	pid=$(sed -n 's/^pid //p' "$tmp/end")
	ids=$(held)
	listens=$(groups)
	press q
	ok "$who: ends" ended "exit 0"
	echo "# held: ${ids:-no BPF}; groups: $(echo "$listens" | grep -c .)"
	case $text in
	trace)
		ok "$who: held a program" test "${ids#*prog}" != "$ids"
		ok "$who: nothing stays loaded" until_true 10 nothing_loaded
		;;
	destroy*)
		ok "$who: was in the groups" test -n "$listens"
		;;
	esac
	ok "$who: no group is left" until_true 5 no_groups
}

missing='needs root or CAP_BPF and CAP_PERFMON'
has_trace=trace
if [ ! -x "$tools/trace" ]; then
	has_trace='destroy (no trace: '
	missing=
elif [ "$("$tools/trace" why)" != works ]; then
	has_trace="destroy (no trace: $("$tools/trace" why))"
fi

no_caps="destroy (no trace: $missing"

as env
shown "root" "$has_trace"
shown "root, asked for destroy" 'destroy' --events destroy
as $nobody --inh-caps=-all --bounding-set=-all
shown "nobody" "$no_caps"
shown "nobody, asked for the trace" "no events: $missing" --events trace
as $nobody --inh-caps=-all,+bpf,+perfmon --ambient-caps=-all,+bpf,+perfmon
shown "CAP_BPF and CAP_PERFMON alone" "$has_trace"
for one in bpf perfmon; do
	as $nobody --inh-caps=-all,+$one --ambient-caps=-all,+$one
	shown "cap_$one alone" "$no_caps"
done
if unshare -Ur true 2>/dev/null; then
	as unshare -Ur
	shown "root of a user namespace" 'no trace: '
else
	skip "root of a user namespace" "no user namespaces here"
fi

# It is not ours to set: the whole machine would have it, until it restarts.
[ "${disabled:-0}" != 0 ] ||
	skip "with kernel.unprivileged_bpf_disabled" "it is not set here"
finish
