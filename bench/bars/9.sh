#!/bin/sh
# What is written to a quiet screen.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

seconds=$((full ? 60 : 20))
scene 1000
# shellcheck disable=SC2046
set -- $("$tools/stay" 5 $seconds "$TULPEN" -d 1 2>/dev/null)
row 9 "bytes/s to a quiet 120x36 screen, 1 k" "<= 500" "$2" "over $seconds s"
