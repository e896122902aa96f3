# shellcheck shell=sh
# owners.sh - tulpen --once -p by both ways

# Without what BPF takes, but with what the walk over other users' processes
# takes.
no_bpf="-bpf,-perfmon,-sys_admin"

# owners RUNS: medians in ms, by the walk and with BPF, run in turns
owners()
{
	medians "$1" setpriv --bounding-set "$no_bpf" --inh-caps "$no_bpf" \
		"$TULPEN" --once -p -- "$TULPEN" --once -p
}
