#!/bin/sh
# The manual page lists what the program has: the options of --help, the
# columns of --columns help, the keys of src/ui/keys.c and the settings of
# --config help, no more and no less.

srcdir=${srcdir:-.}
TULPEN=${TULPEN:-${builddir:-.}/tulpen}
page=$srcdir/doc/tulpen.1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0

# same TITLE: is $work/page what $work/program is?
same()
{
	n=$((n + 1))
	sort -o "$work/page" "$work/page"
	sort -o "$work/program" "$work/program"
	if [ ! -s "$work/program" ]; then
		echo "not ok $n - $1"
		echo "# the program lists none"
	elif difference=$(diff "$work/page" "$work/program"); then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "# < only in the manual page, > only in the program:"
		echo "$difference" | sed -n 's/^[<>]/# &/p'
	fi
}

# section NAME: the text of the manual page under that heading
section()
{
	awk -v name=".Sh $1" '/^\.Sh / { inside = $0 == name; next } inside' \
		"$page"
}

echo "1..5"

# ".It Fl d , Fl -delay Ar SECS" against "  -d, --delay SECS     help"
section OPTIONS |
sed -n 's/^\.It \(Fl .*\)/\1/p' |
sed 's/Fl /-/g; s/ ,/,/; s/Oo +- Oc Ns Ar /[+-]/; s/Ar //' >"$work/page"
"$TULPEN" --help |
sed -n 's/^ *\(-.*\)/\1/p' | sed 's/  .*//' >"$work/program"
same "options"

section COLUMNS | sed -n 's/^\.It Cm //p' >"$work/page"
"$TULPEN" --columns help | awk '/^[a-z]/ { print $1 }' >"$work/program"
same "columns"

section KEYS | sed -n 's/^\.It Ic //p' >"$work/page"
sed -n 's/.*\.keys_text = "\([^"]*\)".*/\1/p' "$srcdir/src/ui/keys.c" |
sed 's/\\\\/\\e/; s/↑/\\(ua/; s/↓/\\(da/; s/…/.../; s/^-$/\\-/' |
sort -u >"$work/program"
same "keys"

# "age          age_ms": those that JSON has another key for
section JSON | sed -n 's/^\.It Cm \([a-z_]*\) Ta Cm \([a-z_]*\)$/\1 \2/p' \
	>"$work/page"
"$TULPEN" --columns help | awk '/^[a-z]/ && $1 != $2 { print $1, $2 }' \
	>"$work/program"
same "keys of JSON"

section CONFIGURATION | sed -n 's/^\.It Cm //p' >"$work/page"
"$TULPEN" --config help | sed -n 's/^\([a-z-]*\) =.*/\1/p' >"$work/program"
same "settings"
