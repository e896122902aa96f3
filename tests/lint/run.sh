#!/bin/sh
# The analysers over the whole tree; prints only what they find.
#
#	tests/lint/run.sh BUILD-DIR	(for its config.h; see ./dev lint)
#
# Which checks, and each exception: .clang-tidy and .cppcheck.

cd "$(dirname "$0")/../.." || exit 1
build=${1:?a configured build directory is needed}
jobs=$(nproc)
status=0

echo "# cppcheck"
cppcheck -q --std=c11 --language=c --error-exitcode=1 -j "$jobs" \
	--enable=warning,performance,portability --inline-suppr \
	--suppressions-list=.cppcheck --template=gcc \
	--include="$build/config.h" -Isrc src tests || status=1

echo "# clang-tidy"
# shellcheck disable=SC2046	# one flag a line
printf '%s\n' -std=gnu17 -include "$PWD/$build/config.h" "-I$PWD/src" \
	$(pkg-config --cflags ncursesw libmnl json-c) \
	>"$build/compile_flags.txt"
# one file a process: with more, clang 14's va_list check reports the later ones
find src -name '*.c' ! -name '*.bpf.c' -print0 |
xargs -0 -n 1 -P "$jobs" clang-tidy --quiet -p "$build" 2>/dev/null ||
	status=1

echo "# shellcheck"
for script in $(git grep -lE '^#! ?/(usr/)?bin/(env )?(ba)?sh'); do
	shellcheck -x -S warning "$script" || status=1
done
exit $status
