#!/bin/sh
# Closing sockets and signalling processes: what the kernel does, and what K
# makes of it on the screen.

. "${srcdir:-.}/tests/live/tap.sh"
need ss nft tmux setpriv
enter_netns "$@"

# ---- what the kernel does, as the dialog and the manual say --------------------

does()
{
	grep -qxF "$1" "$tmp/does" || { cat "$tmp/does"; return 1; }
}

"$tools/abort" ends >"$tmp/does"
ok "ESTABLISHED: ECONNABORTED here, a RST there" \
	does "ESTABLISHED done owner ECONNABORTED peer ECONNRESET"
ok "CLOSE_WAIT: a RST there" \
	does "CLOSE_WAIT done owner end peer ECONNRESET"
ok "FIN_WAIT2: ECONNABORTED here" \
	does "FIN_WAIT2 done owner ECONNABORTED peer end"
ok "LISTEN: refuses, resets its queue, leaves what was accepted" \
	does "LISTEN done owner EINVAL then EINVAL queued ECONNRESET accepted nothing new ECONNREFUSED again listens"
ok "BOUND: cannot be closed" does "BOUND ENOENT"
start_scene
"$tools/abort" "$tmp/scene" >"$tmp/does"
for state in ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 CLOSE_WAIT \
	     LAST_ACK CLOSING TIME_WAIT; do
	ok "$state: closed at once" does "$state done then gone"
done
ok "LISTEN: only bound then" does "LISTEN done then BOUND"
finish
