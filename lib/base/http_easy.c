#include "base/http_easy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

CURL *
http_easy_open(char reason[CURL_ERROR_SIZE], struct err *err)
{
	CURL *c = curl_easy_init();

	if (c == NULL) {
		err_set(err, ERR_INTERNAL, "libcurl does not start");
		return NULL;
	}
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, HTTP_REDIRECTS_MAX);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, reason);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "showmill");
	return c;
}

/* Takes the value of a header line into a field, without blanks around it. */
static void
take_field(char out[HTTP_FIELD_MAX], const char *value, size_t len,
    const char *stop_at)
{
	size_t i;

	while (len > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		len--;
	}
	for (i = 0; i < len && i < HTTP_FIELD_MAX - 1; i++) {
		if (strchr(stop_at, value[i]) != NULL)
			break;
		out[i] = (unsigned char)value[i] < 0x20 ? '?' : value[i];
	}
	while (i > 0 && out[i - 1] == ' ')
		i--;
	out[i] = '\0';
}

/* A number of digits alone, as far as *at goes; -1: none. */
static int64_t
take_number(const char **at)
{
	const char *s = *at;
	int64_t n = 0;

	if (*s < '0' || *s > '9')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++) {
		if (n > (INT64_MAX - 9) / 10)
			return -1;
		n = n * 10 + (*s - '0');
	}
	*at = s;
	return n;
}

/* "bytes 100-199/200", or with a star for what is not known. What is not
 * well-formed says nothing. */
static void
take_range(struct http_lines *l, const char *field)
{
	int64_t begins = -1, ends = -1, total;

	if (strncasecmp(field, "bytes ", 6) != 0)
		return;
	field += 6;
	if (*field == '*') {
		field++;
	} else {
		begins = take_number(&field);
		if (begins < 0 || *field++ != '-')
			return;
		ends = take_number(&field);
		if (ends < begins)
			return;
	}
	if (*field++ != '/')
		return;
	total = take_number(&field);
	if (total < 0 && strcmp(field, "*") != 0)
		return;
	l->begins = begins;
	l->ends = ends;
	l->total = total;
}

static void
take_value(struct http_lines *l, int which, const char *field)
{
	const char *end = field;

	switch (which) {
	case 'l':
		l->length = take_number(&end);
		if (*end != '\0')
			l->length = -1;
		break;
	case 'r':
		take_range(l, field);
		break;
	case 'e':
		l->encoded |= field[0] != '\0' &&
		    strcasecmp(field, "identity") != 0;
		break;
	case 'a':
		l->ranges = strcasecmp(field, "bytes") == 0;
		break;
	default:
		break;
	}
}

static void
begin_head(struct http_lines *l)
{
	l->head->type[0] = l->head->etag[0] = l->head->modified[0] = '\0';
	l->length = l->begins = l->ends = l->total = -1;
	l->encoded = l->ranges = false;
	l->origin[0] = l->retry[0] = l->date[0] = '\0';
}

bool
http_lines_take(struct http_lines *l, const char *line, size_t len)
{
	const struct {
		const char *name;
		const char *stop_at;
		char *to;	/* NULL: by take_value */
		int which;
	} known[] = {
		{ "Content-Type:", ";\r\n", l->head->type, 0 },
		{ "ETag:", "\r\n", l->head->etag, 0 },
		{ "Last-Modified:", "\r\n", l->head->modified, 0 },
		{ "Content-Length:", "\r\n", NULL, 'l' },
		{ "Content-Range:", "\r\n", NULL, 'r' },
		{ "Content-Encoding:", "\r\n", NULL, 'e' },
		{ "Accept-Ranges:", "\r\n", NULL, 'a' },
		{ "Access-Control-Allow-Origin:", "\r\n", l->origin, 0 },
		{ "Retry-After:", "\r\n", l->retry, 0 },
		{ "Date:", "\r\n", l->date, 0 }
	};
	char field[HTTP_FIELD_MAX];
	size_t i, n;

	l->flooded = ++l->count > HTTP_LINES_MAX;
	if (l->flooded)
		return false;
	if (len >= 5 && strncmp(line, "HTTP/", 5) == 0) {
		begin_head(l);
		return true;
	}
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		n = strlen(known[i].name);
		if (len <= n || strncasecmp(line, known[i].name, n) != 0)
			continue;
		take_field(known[i].to != NULL ? known[i].to : field,
		    line + n, len - n, known[i].stop_at);
		if (known[i].to == NULL)
			take_value(l, known[i].which, field);
		break;
	}
	return true;
}

struct curl_slist *
http_easy_conditions(struct curl_slist *list, const char *etag,
    const char *modified)
{
	char line[HTTP_FIELD_MAX + 32];

	if (etag != NULL && etag[0] != '\0')
		(void)snprintf(line, sizeof(line), "If-None-Match: %s", etag);
	else if (modified != NULL && modified[0] != '\0')
		(void)snprintf(line, sizeof(line), "If-Modified-Since: %s",
		    modified);
	else
		return list;
	return curl_slist_append(list, line);
}

enum err_kind
http_status_kind(long status)
{
	switch (status) {
	case 408: case 425: case 429: case 503:
		return ERR_TEMPORARY;
	case 405:	/* of the server's making, not of the address's */
		return ERR_NETWORK;
	default:
		return status >= 400 && status < 500 ? ERR_INPUT :
		    ERR_NETWORK;
	}
}

enum err_kind
http_code_kind(CURLcode code, struct http_head *head)
{
	head->silent = code == CURLE_COULDNT_RESOLVE_HOST ||
	    code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT;
	head->timed_out = code == CURLE_OPERATION_TIMEDOUT;
	head->untrusted = code == CURLE_PEER_FAILED_VERIFICATION;
	if (code == CURLE_COULDNT_RESOLVE_HOST)
		return ERR_HOST;
	return code == CURLE_URL_MALFORMAT ? ERR_INPUT : ERR_NETWORK;
}
