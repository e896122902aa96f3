#!/bin/sh
# On a host with 20 sockets: the first frame, and --once.
# shellcheck source=bench/lib.sh
. "${bench:?}/lib.sh"

"$tools/first-frame" "$TULPEN" | while read -r text; do
	echo "      $text"
done
