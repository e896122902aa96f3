#!/bin/sh
# What the installed manual of ss(8) names is taken from its text: each example
# with a filter unchanged, as arguments; each set of states; each operator with
# all its aliases.  The same rows as ss, where such sockets are.

. "${srcdir:-.}/tests/live/tap.sh"
need ss nft nsenter
for manual in "${SS_MANUAL:-}" /usr/share/man/man8/ss.8 \
	      /usr/share/man/man8/ss.8.gz; do
	[ -f "$manual" ] && break
done
[ -f "$manual" ] || skip_all "the manual of ss is not installed"
enter_netns "$@"
. "$live/same-rows.sh"

gzip -cdf "$manual" | sed 's/\\-/-/g; s/\\&//g; s/\\(aq/'"'"'/g' >"$tmp/manual"

# section NAME: its lines
section()
{
	awk -v name="$1" '
	/^\.SH/ { sub(/^\.SH /, ""); gsub(/"/, ""); inside = $0 == name; next }
	inside' "$tmp/manual"
}

# at_least N FILE: so many lines were found in the manual, which may be another
# one than we know
at_least()
{
	cat "$2"
	[ "$(wc -l <"$2")" -ge "$1" ]
}

# ---- its examples, in a host where such sockets are ----

mkfifo "$tmp/hold-lab"
"$tools/lab" manual <"$tmp/hold-lab" >"$tmp/lab" 2>&1 &
lab=$!
started="$started $lab"
exec 8>"$tmp/hold-lab"
lab_ready()
{
	grep -q '^ready' "$tmp/lab"
}
until_true 20 lab_ready || {
	sed 's/^/# /' "$tmp/lab"
	echo "Bail out! no lab"
	exit 99
}

in_lab()
{
	nsenter -t $lab -n "$@"
}

section "USAGE EXAMPLES" | sed -n 's/^\.B ss //p' >"$tmp/examples"

# Of other sockets than TCP's, or of what SELinux says of them.
of_others()
{
	case " $1" in
	*\ -[uxwZ]* | *\ -A*) ;;
	*)	return 1 ;;
	esac
}

ok "examples in the manual" at_least 4 "$tmp/examples"
there=in_lab
in_place()
{
	$there "$@"
}
filters=0
# the file has no globs of ours
set -f
while read -r example; do
	if of_others "$example"; then
		skip "ss $example" "not TCP"
		continue
	fi
	# as a shell would take it
	eval "set -- $example"
	of_ss "$@" >"$tmp/ss"
	ok "ss $example" some_from_both "$@"
	case $example in
	*state*) filters=$((filters + 1)) ;;
	esac
done <"$tmp/examples"
set +f
ok "two of them have a filter" test $filters -ge 2
exec 8>&-
wait $lab

# ---- states, in a host with all of them ----

there=
start_scene

section STATE-FILTER >"$tmp/text"
{
	sed -n '/^All standard/,/^$/p' "$tmp/text" | sed '1d; s/^\.BR//' |
		tr -cs 'a-z0-9-' '\n' | grep -vx -e and -e ''
	awk '/^- / && was { print was }
	     { was = $1 == ".B" && NF == 2 ? $2 : "" }' "$tmp/text"
} >"$tmp/states"
ok "sets of states in the manual" at_least 16 "$tmp/states"
for state in $(cat "$tmp/states"); do
	case $state in
	# no kernel tells of what is closed
	closed)	alike_or_none state closed ;;
	*)	alike state $state ;;
	esac
	# ss takes no states at all for no wish at all
	[ $state = all ] || alike exclude $state
done

# ---- operators ----

section EXPRESSION >"$tmp/text"
awk '/^\.IP \\\(bu/ { getline; print }' "$tmp/text" >"$tmp/operators"
ok "groups of operators in the manual" at_least 9 "$tmp/operators"
set -f
while read -r group; do
	for op in $group; do
		case $group in
		'!'\ *)	 alike "$op" src 127.0.0.1 ;;
		'|'*|'&'*) alike sport gt :5104 "$op" dst 127.0.0.1 ;;
		*)	alike sport "$op" :5105
			alike dport "$op" inet6::5105 ;;
		esac
	done
done <"$tmp/operators"

# ---- predicates: the manual has no other than those tried in filter.sh ----

sed -n '/^The following pred/,/^Most op/s/^\.B //p' "$tmp/text" |
	awk '{ print $1 }' >"$tmp/predicates"
cat >"$tmp/known" <<'END'
{dst|src}
{dport|sport}
dev
fwmark
cgroup
autobound
END
ok "predicates of the manual" same "$tmp/known" "$tmp/predicates"
alike dst 127.0.0.1
alike src = 127.0.0.1
alike dev lo
alike dev != 1
alike autobound
alike dport 4101
alike src 'inet6:[::1]:6101'
alike src '*:4101'
alike src '127.0.0.1:*'
alike src '*'
alike dst 127.0.0/24

finish
