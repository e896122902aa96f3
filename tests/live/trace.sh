#!/bin/sh
# The state trace: every change is told, and to whom it is refused.
#
# tests/live/trace.c makes the connections and checks what is told of them;
# here it runs as root and with the two capabilities alone, and all others get
# one line that says what is missing.

. "${srcdir:-.}/tests/live/tap.sh"
trace=$tools/trace
[ -x "$trace" ] || skip_all "this build has no libbpf"
enter_netns "$@"

# check NAME COMMAND...: one test out of all of trace's
check()
{
	name=$1
	shift
	"$@" "$trace" >"$tmp/out" 2>&1
	status=$?
	sed 's/^/# /' "$tmp/out"
	case $(cat "$tmp/out") in
	"1..0 # SKIP"*)	skip "$name" "$(sed 's/.*SKIP //' "$tmp/out")" ;;
	*)		ok "$name" test $status = 0 ;;
	esac
}

# says TEXT COMMAND...: for ok
says()
{
	expected=$1
	shift
	said_why=$("$@" "$trace" why)
	[ "$said_why" = "$expected" ] || { echo "$said_why"; return 1; }
}

nobody="setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all
	--bounding-set=-all"
both=+bpf,+perfmon
only_caps="setpriv --reuid 65534 --regid 65534 --clear-groups
	--inh-caps=-all,$both --ambient-caps=-all,$both"
no_caps="needs root or CAP_BPF and CAP_PERFMON"

check "every change is told" env
if [ "$IN_NETNS" = user ]; then
	ok "in a user namespace: says why not" \
		says "needs root outside of this user namespace" env
elif ! command -v setpriv >/dev/null ||
     ! setpriv --reuid 65534 --clear-groups "$trace" why >/dev/null 2>&1; then
	skip "as nobody" "no setpriv, or nobody may not come here"
else
	# shellcheck disable=SC2086	# lists of words
	ok "nobody: says why not" says "$no_caps" $nobody
	# shellcheck disable=SC2086
	if [ "$("$trace" why)" = works ]; then
		check "with CAP_BPF and CAP_PERFMON alone" $only_caps
	else
		skip "with CAP_BPF and CAP_PERFMON alone" "$("$trace" why)"
	fi
	for one in bpf perfmon; do
		ok "with cap_$one alone: says why not" says "$no_caps" \
			setpriv --reuid 65534 --regid 65534 --clear-groups \
			--inh-caps="-all,+$one" --ambient-caps="-all,+$one"
	done
fi
finish
