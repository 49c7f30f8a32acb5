#include "show/media_prefix.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* In a path stand for more than themselves:
 *	*	an account: letters, digits, - and _, at least one
 *	%	a file ending: letters and digits, at least one
 *	~	options that are no account: nothing, or a comma and more
 * The service tells which rows are one: an episode that is counted by both is
 * counted twice. */
static const struct known {
	const char *service, *host, *path;
} known[] = {
	{ "op3", "op3.dev", "/e~/" },
	{ "podtrac", "dts.podtrac.com", "/redirect.%/" },
	{ "podtrac", "dts.podtrac.com", "/pts/redirect.%/" },
	{ "podtrac", "www.podtrac.com", "/pts/redirect.%/" },
	{ "podtrac", "podtrac.com", "/pts/redirect.%/" },
	{ "podtrac play", "play.podtrac.com", "/*/" },
	{ "chartable", "chtbl.com", "/track/*/" },
	{ "chartable", "chrt.fm", "/track/*/" },
	{ "podsights", "pdst.fm", "/e/" },
	{ "spotify", "prfx.byspotify.com", "/e/" },
	{ "podscribe", "pscrb.fm", "/rss/p/" },
	{ "podscribe", "verifi.podscribe.com", "/rss/p/" },
	{ "magellan", "mgln.ai", "/e/*/" },
	{ "magellan track", "mgln.ai", "/track/" },
	{ "artsai", "arttrk.com", "/p/*/" },
	{ "claritas", "claritaspod.com", "/measure/" },
	{ "claritas", "clrtpod.com", "/m/" },
	{ "swap", "tracking.swap.fm", "/track/*/" },
	{ "swap", "swap.fm", "/track/*/" },
	{ "blubrry", "media.blubrry.com", "/*/" },
	{ "blubrry", "media.blubrry.com", "/*/p/" },
	{ "gumball", "2.gum.fm", "/" },
	{ "gumball show", "s.gum.fm", "/s-*/" },
	{ "gumball show", "s.gum.fm", "/r1/*/" },
	{ "podroll", "pdrl.fm", "/*/" },
	{ "podroll r", "pdrl.fm", "/r/*/*/" },
	{ "podcorn", "pdcn.co", "/e/" },
	{ "podder", "p.podderapp.com", "/*/" },
	{ "veritonic", "pfx.veritonicmetrics.com", "/*/" },
	{ "vpixl", "pfx.vpixl.com", "/*/" },
	{ "podkite", "growx.podkite.com", "/https/*/" },
	{ "up", "prefix.up.audio", "/s/" },
	{ "zencastr", "r.zen.ai", "/r/" },
	{ "glystn", "t.glystn.com", "/v2/track/*/" },
	{ "adbarker", "adbarker.com", "/stream/*/" },
	{ "backtracks", "bktrks.co", "/t/*/" },
	{ "voxalyze", "a.pdcst.to", "/*/" },
	{ "cohost", "cohst.app", "/pdcst/*/" },
	{ "podcards", "pdcds.co", "/*/" },
	{ "pfxes", "m.pfxes.com", "/*/" },
	{ "letscast", "letscast.fm", "/track/" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One prefix in an address: at points to its host, and len goes to its last
 * slash. */
struct link {
	const struct known *known;
	const char *at;
	size_t len;
	const char *account;	/* where the pattern has its first account */
	size_t account_len;
};

static bool
is_account(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static size_t
colon(const char *s)
{
	return *s == ':' ? 1 : strncasecmp(s, "%3a", 3) == 0 ? 3 : 0;
}

static size_t
slash(const char *s)
{
	return *s == '/' ? 1 : strncasecmp(s, "%2f", 3) == 0 ? 3 : 0;
}

/* Bytes of the scheme at s with colon and slashes; 0: there is none. */
static size_t
scheme_len(const char *s, bool *secure)
{
	size_t n = 0, step;

	if (strncasecmp(s, "http", 4) != 0)
		return 0;
	*secure = s[4] == 's' || s[4] == 'S';
	n = *secure ? 5 : 4;
	step = colon(s + n);
	if (step == 0 || slash(s + n + step) == 0)
		return 0;
	n += step;
	n += slash(s + n);
	return n + slash(s + n);
}

/* Whether s begins with a host name with a dot in it, perhaps a port, and a
 * slash. The last label of a name has letters, so that "1.5/" is none. */
static bool
is_host(const char *s)
{
	const char *label = s;
	bool dot = false;

	for (; *s == '-' || *s == '.' || isalnum((unsigned char)*s); s++) {
		if (*s != '.')
			continue;
		if (s == label)
			return false;
		dot = true;
		label = s + 1;
	}
	if (!dot || !isalpha((unsigned char)label[0]) ||
	    !isalpha((unsigned char)label[1]))
		return false;
	if (*s == ':')
		for (s++; isdigit((unsigned char)*s); s++)
			;
	return *s == '/';
}

/* Whether a rest that begins here has an address of its own. */
static bool
is_rest(const char *s)
{
	bool secure;

	return is_host(s + scheme_len(s, &secure));
}

/* The end of the prefix at s (behind its host) as the pattern has it; NULL: it
 * does not fit. */
static const char *
fit(const char *path, const char *s, struct link *out)
{
	const char *begin;

	for (; *path != '\0'; path++) {
		begin = s;
		if (*path == '*') {
			while (is_account(*s))
				s++;
			if (out->account_len == 0) {
				out->account = begin;
				out->account_len = (size_t)(s - begin);
			}
		} else if (*path == '%') {
			while (isalnum((unsigned char)*s))
				s++;
		} else if (*path == '~') {
			if (*s == ',')
				s += strcspn(s, "/?#");
			continue;
		} else if (*s == *path) {
			s++;
		}
		if (s == begin)
			return NULL;
	}
	return s;
}

/* The known prefix at s, which has no scheme. open: nothing need follow it,
 * as in a prefix that stands alone. */
static bool
link_at(const char *s, bool open, struct link *out)
{
	const char *end;
	size_t i, n;

	for (i = 0; i < COUNT(known); i++) {
		n = strlen(known[i].host);
		if (strncasecmp(s, known[i].host, n) != 0)
			continue;
		*out = (struct link){ .known = &known[i], .at = s };
		end = fit(known[i].path, s + n, out);
		if (end == NULL || !(is_rest(end) || (open && *end == '\0')))
			continue;
		out->len = (size_t)(end - s);
		return true;
	}
	return false;
}

const char *
media_prefix_strip(struct arena *a, const char *url)
{
	bool secure = true;
	const char *rest = url + scheme_len(url, &secure);
	struct link link;
	bool found = false;

	if (rest == url)
		return url;
	while (link_at(rest, false, &link)) {
		found = true;
		secure = true;
		rest += link.len;
		rest += scheme_len(rest, &secure);
	}
	return !found ? url : arena_printf(a, "%s://%s",
	    secure ? "https" : "http", rest);
}

static bool
same(const struct link *x, const struct link *y)
{
	return strcmp(x->known->service, y->known->service) == 0 &&
	    x->account_len == y->account_len && (x->account_len == 0 ||
	    memcmp(x->account, y->account, x->account_len) == 0);
}

/* Whether the link stands in the chain at the front of rest (which has no
 * scheme); one that is not known is compared as text. */
static bool
stands(const struct link *link, const char *rest)
{
	struct link other;
	bool secure;

	for (;;) {
		if (link->known == NULL &&
		    strncasecmp(rest, link->at, link->len) == 0)
			return true;
		if (!link_at(rest, false, &other))
			return false;
		if (link->known != NULL && same(link, &other))
			return true;
		rest += other.len;
		rest += scheme_len(rest, &secure);
	}
}

const char *
media_prefix_put(struct arena *a, const char *prefix, const char *url)
{
	size_t n = strlen(prefix);
	bool secure = true;
	const char *rest = url + scheme_len(url, &secure), *p;
	const char *out = secure ? rest : url;
	struct link links[16];
	size_t count = 0;

	if (n == 0 || rest == url || !is_host(rest))
		return url;
	if (prefix[n - 1] != '/')
		prefix = arena_printf(a, "%s/", prefix);
	p = prefix + scheme_len(prefix, &secure);
	/* What is no known link, or too much, is the last one. */
	while (*p != '\0') {
		if (count == COUNT(links) - 1 ||
		    !link_at(p, true, &links[count]))
			links[count] = (struct link){ .at = p,
				.len = strlen(p) };
		p += links[count++].len;
		p += scheme_len(p, &secure);
	}
	for (n = count; n > 0; n--)
		if (!stands(&links[n - 1], rest))
			out = arena_printf(a, "%.*s%s", (int)links[n - 1].len,
			    links[n - 1].at, out);
	return out == url || out == rest ? url :
	    arena_printf(a, "https://%s", out);
}
