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

# alike WORD...: as arguments, and as one argument
alike()
{
	of_ss -a "$@" >"$tmp/ss"
	ok "ss $*" some_from_both -a "$@"
	ok "'$*'" some_from_both -a "$*"
}

# Where there are none, or nobody knows.
alike_or_none()
{
	of_ss -a "$@" >"$tmp/ss"
	ok "ss $*" from_both -a "$@"
	ok "'$*'" from_both -a "$*"
}
