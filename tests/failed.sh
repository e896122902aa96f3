#!/bin/sh
# failed.sh DIR|LOG...: names the tests whose results under DIR are failures, and
# what each said of it; of a LOG, where all of them are in one, what is said
# there.  So a record that keeps no more than its end tells what went wrong.

# said LOG: from each failure on some lines, if it is one of TAP only its own
said()
{
	awk -v most=15 '
	/^not ok/ && !/# (TODO|SKIP)/	{ left = most; own = 1; print; next }
	/^Bail out!|Sanitizer: |runtime error: |^==[0-9]+== *(Invalid|Cond)/ {
		if (left <= 0)
			left = most
		own = 0
	}
	own && /^FAIL: /	{ next }	# of the same line
	own && !/^#/		{ left = 0 }
	left-- > 0' "$1" | head -n 60 | cut -c 1-600
}

# failed TEST: its .trs says so; one that ended early said nothing, or little
failed()
{
	echo "FAILED: ${1#"$dir"/}"
	if grep -q '^not ok\|^Bail out!' "$1.log"; then
		said "$1.log"
	else
		tail -n 15 "$1.log" | cut -c 1-600
	fi
}

for dir; do
	if [ -f "$dir" ]; then
		said "$dir"
		continue
	fi
	find "$dir" -name '*.trs' -exec \
		grep -l '^:test-result: \(FAIL\|ERROR\|XPASS\)' {} + |
	sort | while read -r trs; do
		failed "${trs%.trs}"
	done
done
