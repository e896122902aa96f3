#!/bin/sh
# Owners told by the kernel: the same as a walk finds, and as ss says.

. "${srcdir:-.}/tests/live/tap.sh"
need ss setpriv
taskfile=$tools/taskfile
[ -x "$taskfile" ] || skip_all "this build has no libbpf"
enter_netns "$@"

"$taskfile" >"$tmp/out" 2>&1
status=$?
sed 's/^/# /' "$tmp/out"
case $(cat "$tmp/out") in
"1..0 # SKIP"*)	skip "as a walk finds" "$(sed 's/.*SKIP //' "$tmp/out")" ;;
*)		ok "as a walk finds" test $status = 0 ;;
esac

says()
{
	expected=$1
	shift
	said_why=$("$@" "$taskfile" why)
	[ "$said_why" = "$expected" ] || { echo "$said_why"; return 1; }
}

without_bpf="setpriv --bounding-set -bpf,-perfmon,-sys_admin
	--inh-caps -bpf,-perfmon,-sys_admin"
nobody="setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all
	--bounding-set=-all"

# ---- so many that tulpen asks the kernel ------------------------------------------

mkfifo "$tmp/hold"
"$taskfile" hold 6000 <"$tmp/hold" >"$tmp/ready" &
started="$started $!"
exec 9>"$tmp/hold"
held()
{
	grep -q ready "$tmp/ready"
}
until_true 60 held || { echo "Bail out! no sockets"; exit 99; }

# LOCAL REMOTE PID of each holder of each socket
from_ss()
{
	ss -tanpOH | awk '{
		ends = $4 " " $5
		sub(/:\*$/, ":0", ends)
		while (match($0, /pid=[0-9]+/)) {
			print ends, substr($0, RSTART + 4, RLENGTH - 4)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}' | sort -u
}

# from_tulpen COMMAND...: the same, run by that
from_tulpen()
{
	"$@" "$TULPEN" --once -a --source netlink --format csv \
		--columns local,local_port,remote,remote_port,state,owner |
	awk -F, 'NR > 1 && $5 != "BOUND" {
		ends = $1 ":" $2 " " $3 ":" $4
		while (match($0, /\[[0-9]+\]/)) {
			print ends, substr($0, RSTART + 1, RLENGTH - 2)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}' | sort -u
}

agree()
{
	from_ss >"$tmp/ss"
	from_tulpen "$@" >"$tmp/tulpen"
	[ "$(wc -l <"$tmp/ss")" -ge 24000 ] || { head "$tmp/ss"; return 1; }
	diff "$tmp/ss" "$tmp/tulpen"
}

ok "12,000 sockets in two processes: the same owners as ss" agree env
if [ "$IN_NETNS" != root ]; then
	skip "without BPF" "not root"
	skip "nobody" "not root"
	finish
fi
# shellcheck disable=SC2086	# lists of words, here and below
ok "without BPF: says why not" \
	says "needs root or CAP_BPF and CAP_PERFMON" $without_bpf
# shellcheck disable=SC2086
ok "without BPF: the same owners as ss" agree $without_bpf

none_as_nobody()
{
	# shellcheck disable=SC2086
	from_tulpen $nobody >"$tmp/tulpen"
	! [ -s "$tmp/tulpen" ] || { head "$tmp/tulpen"; return 1; }
}
if $nobody test -x "$TULPEN" 2>/dev/null; then
	ok "nobody: none of them" none_as_nobody
else
	skip "nobody: none of them" "what was built is not readable for others"
fi
finish
