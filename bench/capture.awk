# capture.awk - one row of the table: what an observer saw of a load
#
# Reads the truth (load's JSON), the cost, what was said on stderr, and what
# was seen.  A connection is seen when one of its ends is.  Sockets are told
# apart by cookie, or by their ends where there is none.

function number(s, key,		i)
{
	i = index(s, "\"" key "\":")
	return i ? substr(s, i + length(key) + 3) + 0 : 0
}

# One end of a connection: how often each end was met counts, so that the same
# ports used again are another connection.
function met(a, b)
{
	ends[a " " b]++
}

function connections(		e, n, p, other)
{
	for (e in ends) {
		p = index(e, " ")
		other = substr(e, p + 1) " " substr(e, 1, p - 1)
		# the end that was met more often
		if (!(other in ends) || ends[e] > ends[other] ||
		    (ends[e] == ends[other] && e > other))
			n += ends[e]
	}
	return n + alone
}

function percent(n, all)
{
	return all ? sprintf("%.2f", 100 * n / all) : "-"
}

# never rounded up to 100
function share(n, all,		s)
{
	s = percent(n, all)
	return s == "100.00" && n < all ? "99.99" : s
}

function row(a, b, c, d, e, f, g)
{
	printf "%-23s %11s %15s %15s %9s %9s %6s\n", a, b, c, d, e, f, g
}

BEGIN {
	if (head) {
		row("observer", "connections", "opened/", "closed/",
		    "changes", "reported", "CPU %")
		row("", "seen %", "truth", "truth", "seen %", "lost", "")
	}
	ours = format == "tulpen"
}

FNR == 1 { file++ }

file == 1 {
	started = number($0, "started")
	sockets = number($0, "total")
	servers = number($0, "server")
	changes = number($0, "changes_total")
	i = index($0, "\"changes\":{")
	n = split(substr($0, i + 11, index(substr($0, i), "}") - 12), part, ",")
	for (i = 1; i <= n; i++) {
		split(part[i], kv, ":")
		gsub(/"/, "", kv[1])
		truth[kv[1]] = kv[2]
	}
	next
}

file == 2 {
	cpu = 100 * $1 / $3 / ($2 / 1e9)
	next
}

# the last word of tulpen; each of libbpf-tools' counts a few more
file == 3 && NF && FILENAME ~ /said$/ {
	if (ours && /unknown events lost/)
		blind = 1
	else if (ours && match($0, /[0-9]+ events lost/))
		events_lost = substr($0, RSTART) + 0
	else if (ours && match($0, /[0-9]+ changes were too many/))
		unkept += substr($0, RSTART) + 0
	else if (match($0, /[0-9]+ (events|samples)/) && /ost/)
		lost += substr($0, RSTART) + 0
	next
}
FILENAME ~ /said$/ { next }

# time,after,change,from,to,local,local_port,remote,remote_port,direction,
# cookie,...
ours && FNR > 1 {
	split($0, f, ",")
	from = f[4]
	to = f[5]
	if (from == "TIME_WAIT" && to == "")
		next			# a minute later: not in the truth
	l = f[6] ":" f[7]
	r = f[8] ":" f[9]
	id = f[11] ? f[11] : l " " r
	if (from == "") {
		opened++
		if (to != "LISTEN") {
			waits[id] = to
			if (!(id in ours_seen)) {
				ours_seen[id] = 1
				seen_sockets++
			}
		}
	}
	if (to == "" || to == "TIME_WAIT")
		closed++
	if (f[7] && f[9] && id in waits) {
		met(l, r)
		delete waits[id]
	}
	# as the tracepoint has it
	if (from == "")
		from = to == "SYN_RECV" ? "LISTEN" : "CLOSE"
	if (to == "" || to == "TIME_WAIT")
		to = "CLOSE"
	edge[from ">" to]++
	next
}

format == "tcplife" && $3 ~ /^127\.91\./ || $5 ~ /^127\.91\./ {
	if (format == "tcplife") {
		met($3 ":" $4, $5 ":" $6)
		closed++
		next
	}
}

format == "tcpstates" && / -> / && /127\.91\./ {
	for (i = 1; i < NF && $i != "->"; i++)
		;
	edge[$(i - 1) ">" $(i + 1)]++
	if ($(i - 1) == "CLOSE" || $(i - 1) == "LISTEN" && $(i + 1) != "CLOSE")
		opened++
	if ($(i + 1) == "CLOSE") {
		closed++
		if ($(i - 1) != "LISTEN")
			met($(i - 5) ":" $(i - 4), $(i - 3) ":" $(i - 2))
	}
}

format == "sse" && /127\.91\./ {
	closed++
	if ($4 !~ /:\*$/ && $5 !~ /:\*$/)
		met($4, $5)
}

format == "ss" && /127\.91\./ && $1 != "LISTEN" {
	if (!(($4, $5) in ss)) {
		ss[$4, $5] = 1
		met($4, $5)
	}
}

END {
	if (head)
		exit 0
	if (ours)
		lost = events_lost + unkept
	for (e in edge)
		if (e in truth) {
			got = edge[e] < truth[e] ? edge[e] : truth[e]
			seen += got
			wrong += edge[e] - got
		} else
			wrong += edge[e]
	# closed without a name: the other end has one, unless none was reached
	for (id in waits)
		alone += waits[id] == "SYN_SENT"
	conns = connections()
	# ends do not tell two that used the same ports apart; but of so many
	# sockets no more than all the servers' are not a connection's client
	surplus = opened > sockets ? opened - sockets : 0
	if (seen_sockets - surplus - servers > conns)
		conns = seen_sockets - surplus - servers
	row(name, share(conns, started), opened ? opened "/" sockets : "-",
	    closed ? closed "/" sockets : "-",
	    seen ? share(seen, changes) : "-",
	    ours || format ~ /^tcp/ ? lost + 0 : "-",
	    sprintf("%.0f", cpu))
	if (unkept)
		printf "    lost: %d by the kernel, %d kept too shortly\n",
		       events_lost, unkept
	if (ours) {
		trace = name ~ /trace/
		destroy = name ~ /destroy/
		# a lost event is one change, or one socket
		all = trace ? seen + lost >= changes : closed + lost >= sockets
		printf "    seen + lost >= truth: %s", \
		       name ~ /passes/ ? "no events" : all ? "ok" : "MISSED"
		printf "; changes not in the truth: %d\n", wrong
		bad = (trace || destroy) && !all
		bad = bad || (trace && (conns < started || seen < changes || \
				lost || blind))
		bad = bad || (destroy && conns < started)
		if (trace || destroy)
			printf "    wanted: %s\n", bad ? "MISSED" : "ok"
	}
	exit bad
}
