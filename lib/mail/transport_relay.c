#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "mail/transport_int.h"

#define PER_CONNECTION 500
#define NAME_MAX_LEN 255
#define TIMEOUT_DEFAULT 300	/* RFC 5321 §4.5.3.2 */
#define TIMEOUT_MAX 86400	/* its milliseconds are an int in libesmtp */

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyz"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";

/* Host names and, for EHLO, address literals: nothing that could end a
 * command or begin a parameter. */
static bool good_helo(const char *s)
{
	size_t n = strspn(s, name_chars);

	if (*s == '[' && s[strlen(s) - 1] == ']')
		n = 2 + strspn(s + 1, "0123456789abcdefABCDEF.:IPv");
	return n > 0 && n <= NAME_MAX_LEN && s[n] == '\0';
}

static char *own_name(void)
{
	char name[NAME_MAX_LEN + 1];

	if (gethostname(name, sizeof name) == -1)
		name[0] = '\0';
	name[sizeof name - 1] = '\0';
	return xstrdup(good_helo(name) ? name : "localhost");
}

static bool good_port(const char *s, size_t len)
{
	char digits[6];

	if (len == 0 || len > 5 || strspn(s, "0123456789") < len)
		return false;
	memcpy(digits, s, len);
	digits[len] = '\0';
	return strtol(digits, NULL, 10) >= 1 &&
	    strtol(digits, NULL, 10) <= 65535;
}

/* The host of rest into *host, and where it ends; NULL when it is none. */
static const char *read_host(const char *rest, char **host)
{
	struct in6_addr v6;
	size_t n;

	if (strncmp(rest, "//", 2) != 0)
		return NULL;
	rest += 2;
	if (*rest == '[') {
		n = strcspn(++rest, "]");
		*host = xstrndup(rest, n);
		if (rest[n] != ']' || inet_pton(AF_INET6, *host, &v6) != 1)
			return NULL;
		return rest + n + 1;
	}
	n = strspn(rest, name_chars);
	*host = xstrndup(rest, n);
	return n > 0 && n <= NAME_MAX_LEN ? rest + n : NULL;
}

static bool read_url(struct transport_relay *r, const char *rest,
    const char *default_port)
{
	const char *p = read_host(rest, &r->host);
	size_t n;

	if (p == NULL)
		return false;
	if (*p == ':') {
		n = strcspn(++p, "/");
		if (!good_port(p, n))
			return false;
		r->port = xstrndup(p, n);
		p += n;
	} else
		r->port = xstrdup(default_port);
	return strcmp(p, "") == 0 || strcmp(p, "/") == 0;
}

struct transport_relay *transport_relay_open(const char *url,
    const char *rest, const char *default_port,
    const struct transport_options *options, struct err *err)
{
	struct transport_relay *r = xcalloc(1, sizeof *r);
	long timeout = options->timeout;
	size_t scheme = strlen(url) - strlen(rest);

	if (!read_url(r, rest, default_port)) {
		err_set(err, ERR_CONFIG, "`relay` is \"%s\", which names no "
		    "mail server; write %.*s//HOST or %.*s//HOST:PORT, with "
		    "a PORT from 1 to 65535 and an IPv6 address in brackets, "
		    "or maildir:DIR", url, (int)scheme, url, (int)scheme, url);
		transport_relay_close(r);
		return NULL;
	}
	if (options->helo != NULL && !good_helo(options->helo)) {
		err_set(err, ERR_CONFIG, "`helo` is \"%s\", which is no "
		    "host name to greet a relay with", options->helo);
		transport_relay_close(r);
		return NULL;
	}
	r->url = xstrdup(url);
	r->helo = options->helo != NULL ? xstrdup(options->helo) : own_name();
	if (timeout <= 0)
		timeout = TIMEOUT_DEFAULT;
	r->timeout = (timeout < TIMEOUT_MAX ? timeout : TIMEOUT_MAX) * 1000;
	r->per_connection = options->per_connection != 0 ?
	    options->per_connection : PER_CONNECTION;
	r->dsn = options->dsn;
	return r;
}

void transport_relay_close(struct transport_relay *r)
{
	free(r->url);
	free(r->host);
	free(r->port);
	free(r->helo);
	free(r);
}

static void reply_add(struct transport_reply *r, char c)
{
	unsigned char u = (unsigned char)c;

	if (r->len < sizeof r->line - 1 && u >= ' ' && u != 0x7f)
		r->line[r->len++] = c;
	r->line[r->len] = '\0';
}

static bool end_line(struct transport_reply *r)
{
	r->whole = !r->more;
	r->further = true;
	r->more = false;
	r->column = 0;
	if (!r->whole)
		reply_add(r, ' ');
	return r->whole;
}

bool transport_reply_read(struct transport_reply *r, char c)
{
	bool digit = c >= '0' && c <= '9';

	if (r->whole)
		memset(r, 0, sizeof *r);
	if (c == '\n')
		return end_line(r);
	if (!r->further && r->column < 3)
		r->code = digit && (r->column == 0 || r->code > 0) ?
		    r->code * 10 + (c - '0') : 0;
	if (r->column == 3)
		r->more = c == '-';
	/* The code once, in front. */
	if (!r->further || r->column > 3)
		reply_add(r, r->column == 3 && c == '-' ? ' ' : c);
	r->column++;
	return false;
}
