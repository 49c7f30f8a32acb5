#include "feed/redirect.h"

#include <string.h>

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"0123456789-._~/?=&:+,@"

/* The parts of an address; each may be empty. */
struct parts {
	const char *host;
	int host_len;		/* with the port, for "%.*s" */
	const char *path;	/* begins with a slash, or is empty */
	int path_len;
	const char *query;	/* behind the ?; NULL: none */
};

static struct parts
part(const char *url)
{
	struct parts p = { .host = strstr(url, "://") + 3 };
	const char *mark;

	p.host_len = (int)strcspn(p.host, "/?");
	p.path = p.host + p.host_len;
	mark = strchr(p.path, '?');
	p.query = mark != NULL ? mark + 1 : NULL;
	p.path_len = (int)strcspn(p.path, "?");
	return p;
}

bool
redirect_is_plain(const char *url, bool from)
{
	size_t n = strspn(url, PLAIN);

	while (!from && url[n] == '%')
		n += 1 + strspn(url + n + 1, PLAIN);
	return url[n] == '\0';
}

void
redirect_name(enum redirect_server server, const char *from, struct buf *out)
{
	struct parts p = part(from);

	switch (server) {
	case REDIRECT_NGINX:
		buf_addf(out, "nginx, in the `server` block of %.*s",
		    p.host_len, p.host);
		break;
	case REDIRECT_APACHE:
		buf_addf(out, "Apache, in .htaccess in the top folder of "
		    "%.*s (mod_rewrite)", p.host_len, p.host);
		break;
	case REDIRECT_CADDY:
		buf_addf(out, "Caddy, in the site block of %.*s", p.host_len,
		    p.host);
		break;
	case REDIRECT_NETLIFY:
		buf_addf(out, "Netlify, in _redirects of the site %.*s, above "
		    "other lines", p.host_len, p.host);
		break;
	case REDIRECT_CLOUDFLARE:
		buf_adds(out, p.query != NULL ? "Cloudflare, a single "
		    "redirect with this expression, address and status" :
		    "Cloudflare, a line of the CSV file for a bulk redirect "
		    "list");
		break;
	default:
		break;
	}
}

/* For a regular expression: what stands there is meant as it stands. */
static void
add_quoted(struct buf *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (strchr(".?+", s[i]) != NULL)
			buf_addc(out, '\\');
		buf_addc(out, s[i]);
	}
}

/* A location does not see the query, and = is not for that of `if`. */
static void
nginx(const struct parts *p, const char *to, struct buf *out)
{
	if (p->query != NULL)
		buf_addf(out, "if ($request_uri = \"%s%s\") {\n"
		    "    return 301 \"%s\";\n}\n", p->path_len > 0 ? "" : "/",
		    p->path, to);
	else
		buf_addf(out, "location = \"%s\" {\n    return 301 \"%s\";\n"
		    "}\n", p->path_len > 0 ? p->path : "/", to);
}

/* Rules of a folder see the path without its first slash; a % in the target
 * would begin what a condition has found. */
static void
apache(const struct parts *p, const char *to, struct buf *out)
{
	buf_adds(out, "RewriteEngine On\n");
	if (p->query != NULL) {
		buf_adds(out, "RewriteCond \"%{QUERY_STRING}\" \"^");
		add_quoted(out, p->query, strlen(p->query));
		buf_adds(out, "$\"\n");
	}
	buf_adds(out, "RewriteRule \"^");
	if (p->path_len > 0)
		add_quoted(out, p->path + 1, (size_t)p->path_len - 1);
	buf_adds(out, "$\" \"");
	for (; *to != '\0'; to++) {
		if (*to == '%')
			buf_addc(out, '\\');
		buf_addc(out, *to);
	}
	buf_addf(out, "\" [R=301,L,NE%s]\n", p->query != NULL ? ",QSD" : "");
}

static void
caddy(const struct parts *p, const char *to, struct buf *out)
{
	const char *path = p->path_len > 0 ? p->path : "/";
	int len = p->path_len > 0 ? p->path_len : 1;
	const char *q = p->query;

	buf_addf(out, "@moved {\n    path %.*s\n", len, path);
	if (q != NULL && *q != '\0') {
		buf_adds(out, "    query");
		for (; *q != '\0'; q++) {
			buf_addc(out, ' ');
			buf_add(out, q, strcspn(q, "&"));
			q += strcspn(q, "&");
			if (*q == '\0')
				break;
		}
		buf_addc(out, '\n');
	}
	buf_addf(out, "}\nredir @moved %s permanent\n", to);
}

static void
netlify(const struct parts *p, const char *to, struct buf *out)
{
	const char *q = p->query != NULL ? p->query : "";

	buf_addf(out, "%.*s", p->path_len > 0 ? p->path_len : 1,
	    p->path_len > 0 ? p->path : "/");
	while (*q != '\0') {
		buf_addf(out, "  %.*s", (int)strcspn(q, "&"), q);
		q += strcspn(q, "&");
		q += *q == '&';
	}
	buf_addf(out, "  %s  301!\n", to);
}

/* Lists are of addresses without a query; one without its scheme is both http
 * and https. */
static void
cloudflare(const struct parts *p, const char *to, struct buf *out)
{
	if (p->query == NULL) {
		buf_addf(out, "%.*s%s,%s,301\n", p->host_len, p->host,
		    p->path_len > 0 ? p->path : "/", to);
		return;
	}
	buf_addf(out, "(http.host eq \"%.*s\" and http.request.uri.path eq "
	    "\"%.*s\" and http.request.uri.query eq \"%s\")\n%s\n301\n",
	    p->host_len, p->host, p->path_len > 0 ? p->path_len : 1,
	    p->path_len > 0 ? p->path : "/", p->query, to);
}

void
redirect_rule(enum redirect_server server, const char *from, const char *to,
    struct buf *out)
{
	struct parts p = part(from);

	switch (server) {
	case REDIRECT_NGINX:
		nginx(&p, to, out);
		break;
	case REDIRECT_APACHE:
		apache(&p, to, out);
		break;
	case REDIRECT_CADDY:
		caddy(&p, to, out);
		break;
	case REDIRECT_NETLIFY:
		netlify(&p, to, out);
		break;
	case REDIRECT_CLOUDFLARE:
		cloudflare(&p, to, out);
		break;
	default:
		break;
	}
}
