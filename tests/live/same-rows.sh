# shellcheck shell=sh
# same-rows.sh - a filter's rows as ss and as tulpen give them
#
#	. "$live/same-rows.sh"
#	alike state listening sport = :443
#
# For each: the same rows, from /proc and from sock_diag, with the filter's
# words as arguments and as one; and not nothing.

# Where the sockets are: here, unless told otherwise.
in_place()
{
	"$@"
}

# LOCAL:PORT REMOTE:PORT, sorted
of_ss()
{
	in_place ss -tanOH "$@" | awk '
	function address(s)
	{
		sub(/%[^:\]]*/, "", s)
		gsub(/[][]/, "", s)
		sub(/^\*:/, "::@", s)
		sub(/^0\.0\.0\.0:\*$/, "*", s)
		sub(/^:::\*$|^::@\*$/, "*", s)
		sub(/@/, ":", s)
		return s
	}
	# ss(8) does not print the state when it can be one only
	$1 !~ /^[A-Z]/ { $0 = "? " $0 }
	{ print address($4), address($5) }' | sort
}

# of_tulpen OPTION... FILTER...: fails when it fails
of_tulpen()
{
	in_place "$TULPEN" --once -n --format csv --columns \
		state,local,local_port,remote,remote_port "$@" >"$tmp/csv" ||
		return
	awk -F, 'NR > 1 && $1 != "BOUND" {
		print $2 ":" $3, $5 ? $4 ":" $5 : "*" }' "$tmp/csv" | sort
}

# from_both OPTION... FILTER...: both sources have the rows of $tmp/ss
from_both()
{
	for source in proc netlink; do
		of_tulpen --source $source "$@" >"$tmp/tulpen" || return
		diff "$tmp/ss" "$tmp/tulpen" || return
	done
}

# The same, and there are some.
some_from_both()
{
	[ -s "$tmp/ss" ] && from_both "$@"
}

# settled words|one CHECK WORD...: it holds of the rows in $tmp/ss; or, when the
# host is not as it was (a TIME_WAIT ends after a minute), of those it has now
settled()
{
	as=$1 check=$2
	shift 2
	while :; do
		case $as in
		words)	"$check" -a "$@" && return ;;
		one)	"$check" -a "$*" && return ;;
		esac
		of_ss -a "$@" >"$tmp/now"
		cmp -s "$tmp/ss" "$tmp/now" && return 1
		mv "$tmp/now" "$tmp/ss"
	done
}

# both CHECK WORD...: as arguments, and as one argument
both()
{
	check=$1
	shift
	of_ss -a "$@" >"$tmp/ss"
	ok "ss $*" settled words "$check" "$@"
	ok "'$*'" settled one "$check" "$@"
}

alike()
{
	both some_from_both "$@"
}

# Where there are none, or nobody knows.
alike_or_none()
{
	both from_both "$@"
}
