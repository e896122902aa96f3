# shellcheck shell=sh
# tap.sh - for the shell tests of tests/live: TAP, and a scene to look at
#
#	. "$srcdir/tests/live/tap.sh"
#	need ss nft
#	enter_netns "$@"	# from here on in a fresh network namespace
#	start_scene
#	ok "what holds" test 1 = 1
#	finish
#
# The environment says srcdir and builddir (default: the current directory)
# and TULPEN (default: $builddir/tulpen).

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
TULPEN=$(realpath "${TULPEN:-$builddir/tulpen}")
live=$srcdir/tests/live
tools=$builddir/tests/live
# nobody's own settings
XDG_CONFIG_HOME=$builddir/no-config
export srcdir builddir TULPEN XDG_CONFIG_HOME

tests=0
failures=0

# A test without a plan is not over: an early exit is seen as a failure.
finish()
{
	echo "1..$tests"
	exit $((failures > 0))
}

skip_all()
{
	echo "1..0 # SKIP $*"
	exit 0
}

# need PROGRAM...: skips all without one of them
need()
{
	for program; do
		command -v "$program" >/dev/null ||
			skip_all "$program is not installed"
	done
}

# ok NAME COMMAND...: one test; what the command prints is shown when it fails
ok()
{
	name=$1
	shift
	tests=$((tests + 1))
	if said=$("$@" 2>&1); then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		echo "$said" | head -n 40 | sed 's/^/# /'
		failures=$((failures + 1))
	fi
}

skip()
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# same FILE FILE: for ok
same()
{
	diff "$1" "$2"
}

# until_true SECONDS COMMAND...: polls; false when the time is over
until_true()
{
	deadline=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt "$deadline" ] || return 1
		sleep 0.05
	done
}

# Starts this script again inside a namespace, unless it already is in one.
enter_netns()
{
	[ -n "$IN_NETNS" ] && return
	"$live/in-netns.sh" "$0" "$@"
	status=$?
	[ $status = 77 ] && exit 0
	exit $status
}

# A directory that goes away with the script, and with it what it started.
started=
tmp=$(mktemp -d "${TMPDIR:-/tmp}/tulpen-live.XXXXXX") || exit 99
cleanup()
{
	for pid in $started; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 99' HUP INT TERM

scene_ready()
{
	grep -q '^ready' "$tmp/scene"
}

# Makes every state; $tmp/scene lists them, as scene.c says.
start_scene()
{
	# it ends with its stdin, that is with us, however we end
	mkfifo "$tmp/hold"
	"$tools/scene" <"$tmp/hold" >"$tmp/scene" 2>"$tmp/scene.err" &
	started="$started $!"
	exec 9>"$tmp/hold"
	until_true 20 scene_ready || {
		echo "# $(cat "$tmp/scene.err")"
		case $(cat "$tmp/scene.err") in
		*nft*)	skip_all "nftables rules are not permitted here" ;;
		esac
		echo "Bail out! no scene"
		exit 99
	}
}
