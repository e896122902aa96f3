#include "life.h"

#include <stdio.h>
#include <string.h>

#define OPEN	"l.listen c.connect s.accept "
#define BOUND	"l.listen c.bind c.connect s.accept "
/* both send before either receives */
#define SLOW(x)	"c.slow +" x ".slow c.hold "
#define ARRIVE	"+c.settle +c.fast "
#define CROSS	"c.bind d.bind " SLOW("d") "+c.cross +d.cross " ARRIVE

static const struct kind kinds[] = {
	/* one end, x, is the first to do something; both ways round */
	{ "closed by x, then y", OPEN "x.close y.close", false },
	{ "shut down by x, then y", OPEN "x.shut y.shut x.close y.close",
	  false },
	{ "shut both ways by x, then y",
	  OPEN "x.shut_rdwr y.shut_rdwr x.close y.close", false },
	{ "half-closed by x while data flows",
	  OPEN "x.shut y.send x.recv y.send x.recv y.close x.close", false },
	{ "shut down, then closed by x", OPEN "x.shut x.close y.close", false },
	{ "reset by x", OPEN "x.reset y.close", false },
	{ "closed by x with data unread", OPEN "y.send x.close y.close",
	  false },
	{ "shut down by x, reset by y", OPEN "x.shut y.reset x.close", false },
	{ "shut down, then reset by x", OPEN "x.shut x.reset y.close", false },
	{ "closed by x, then y sends data", OPEN "x.close y.send y.close",
	  false },
	{ "closed by x, reset by y", OPEN "x.close y.reset", false },
	{ "reading shut by y, closed by x",
	  OPEN "y.shut_rd x.close y.close", false },
	{ "closed by x, lingering", OPEN "x.linger x.close y.close", false },
	{ "dissolved by x", OPEN "x.unconnect y.close x.close", false },
	{ "data both ways, closed by x",
	  OPEN "x.send y.recv y.send x.recv x.close y.close", false },
	{ "bound before connecting, closed by x", BOUND "x.close y.close",
	  false },
	{ "its listener gone first, closed by x",
	  OPEN "l.close x.send y.recv x.close y.close", false },
	{ "closed by x and y at once", OPEN "x.close +y.close", false },

	/* not accepted, or late */
	{ "closed before it was accepted",
	  "l.listen c.connect c.close s.accept s.close", false },
	{ "shut down before it was accepted",
	  "l.listen c.connect c.shut s.accept s.close c.close", false },
	{ "reset before it was accepted",
	  "l.listen c.connect c.reset s.accept s.close", false },
	{ "listener closed while it waited",
	  "l.listen c.connect l.close c.close", false },
	{ "listener closed while it waited with data",
	  "l.listen c.connect c.send l.close c.close", false },
	{ "listener closed while it waited, closed",
	  "l.listen c.connect c.close l.close", false },
	{ "accept queue full",
	  "l.listen0 c.connect d.bind d.stuck d.close s.accept s.close "
	  "c.close", false },
	{ "accepted only with data",
	  "l.defer c.connect c.send s.accept s.recv c.close s.close", false },

	/* never established */
	{ "refused", "c.refused c.close", false },
	{ "refused twice", "c.refused c.refused c.close", false },
	{ "bound, then refused", "c.bind c.refused c.close", false },
	{ "no answer, given up by closing", "c.drop c.close", false },
	{ "no answer, given up by shutting down", "c.drop c.shut c.close",
	  false },
	{ "no answer, timed out", "c.drop c.timeout c.close", false },
	{ "only bound", "c.bind c.close", false },
	{ "only listening", "l.listen l.close", false },
	{ "listening twice", "l.listen l.shut_rd l.listen l.close", false },

	/* the same ends again */
	{ "four-tuple used again",
	  BOUND "c.reset s.close d.bind_c d.connect t.accept d.close t.close",
	  false },
	{ "one socket, two connections",
	  BOUND "c.unconnect s.close c.connect t.accept c.close t.close",
	  false },

	/* both sides connect */
	{ "connected to itself, closed", "c.bind c.self c.close", false },
	{ "connected to itself, shut down", "c.bind c.self c.shut c.close",
	  false },
	{ "connected to itself, reset", "c.bind c.self c.reset", false },
	{ "opened by both, closed", CROSS "c.close d.close", true },
	{ "opened by both, reset", CROSS "d.reset c.close", true },
	{ "shut down by both at once",
	  OPEN SLOW("s") "+c.shut +s.shut " ARRIVE "c.close s.close",
	  true },
	{ "opened and shut down by both at once",
	  CROSS SLOW("d") "+c.shut +d.shut " ARRIVE "d.close c.close",
	  true },
};

static bool both_ways(const struct kind *k)
{
	return strstr(k->script, "x.");
}

unsigned kinds_count(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		n += 1 + both_ways(&kinds[i]);
	return n;
}

/* x and y become c and s, or s and c; in the name, words. */
static void write_out(char *dst, size_t size, const char *text, bool words,
		      bool swap)
{
	size_t n = 0;

	for (const char *s = text; *s && n + 8 < size; s++) {
		const bool alone = (s == text || s[-1] == ' ' ||
				    s[-1] == '+') &&
			(words ? !s[1] || strchr(" ,", s[1]) : s[1] == '.');
		const bool client = (*s == 'x') != swap;

		if ((*s != 'x' && *s != 'y') || !alone) {
			dst[n++] = *s;
			continue;
		}
		if (words)
			n += sprintf(dst + n, "%s",
				     client ? "client" : "server");
		else
			dst[n++] = client ? 'c' : 's';
	}
	dst[n] = '\0';
}

const struct kind *kind_at(unsigned n, char *name, char *script,
			   size_t name_size, size_t script_size)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const unsigned ways = 1 + both_ways(&kinds[i]);

		if (n >= ways) {
			n -= ways;
			continue;
		}
		write_out(name, name_size, kinds[i].name, true, n);
		write_out(script, script_size, kinds[i].script, false, n);
		return &kinds[i];
	}
	return NULL;
}
