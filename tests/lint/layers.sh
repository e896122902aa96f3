#!/bin/sh
# The layers: base <- model <- {source, view} <- {out, ui} <- main.
#
# Reads every #include "…" under src/ and fails on one that points upwards or
# sideways, on one that is not written from src/ ("model/table.h"), and on
# ncurses anywhere but in src/ui/term_curses.h, which is for src/ui/term*.c
# alone.  Prints TAP.

cd "${srcdir:-.}" || exit 1
n=0

# verdict TITLE BREACHES
verdict()
{
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | sed 's/^/# /'
	fi
}

echo "1..3"

# What each layer may include beside itself; main.c and its like, which
# stand in src/ itself, may include all.
verdict "includes point only downwards" "$(
	find src -name '*.[ch]' -exec \
		grep -n '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' {} + |
	awk -F: '
	BEGIN {
		below["base"]	= " "
		below["model"]	= " base "
		below["source"]	= " base model "
		below["view"]	= " base model "
		below["out"]	= " base model view "
		below["ui"]	= " base model view "
	}
	{
		split($1, path, "/")
		if (!(path[2] in below))	# src/main.c
			next
		match($0, /"[^"]*"/)
		name = substr($0, RSTART + 1, RLENGTH - 2)
		layer = name
		sub(/\/.*/, "", layer)
		if (layer != path[2] && !index(below[path[2]], " " layer " "))
			print $1 ":" $2 ": " path[2] " includes \"" name "\""
	}')"

verdict "every header is named from src/" "$(
	find src -name '*.[ch]' -exec \
		grep -n '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' {} + |
	while IFS=: read -r file line text; do
		name=$(expr "$text" : '[^"]*"\([^"]*\)"')
		[ -f "src/$name" ] || echo "$file:$line: no src/$name"
	done)"

verdict "only src/ui/term_curses.h includes ncurses, only term*.c that" "$(
	find src -name '*.[ch]' ! -path src/ui/term_curses.h -exec \
		grep -nE '#[[:space:]]*include.*(curses\.h>|term\.h>|termcap)' {} +
	find src -name '*.[ch]' ! -path 'src/ui/term*.c' -exec \
		grep -nE '#[[:space:]]*include.*term_curses' {} +)"
