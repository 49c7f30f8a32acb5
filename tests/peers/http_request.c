#include "http_request.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "peer.h"

size_t http_request_head(const char *in, size_t len)
{
	const char *end = memmem(in, len, "\r\n\r\n", 4);

	return end == NULL ? 0 : (size_t)(end - in) + 4;
}

/* A path stays below the root: no segment of it is "..". */
static bool climbs(const char *path)
{
	const char *p = path;

	while ((p = strstr(p, "..")) != NULL) {
		if ((p == path || p[-1] == '/') &&
		    (p[2] == '/' || p[2] == '\0'))
			return true;
		p += 2;
	}
	return false;
}

/* Decodes up to the query. -1: not a path, too long, or one that climbs. */
static int decode(const char *target, char *out, size_t size)
{
	size_t n = 0;

	for (; *target != '\0' && *target != '?'; target++) {
		char hex[3] = "";
		char c = *target;

		if (c == '%') {
			if (!isxdigit((unsigned char)target[1]) ||
			    !isxdigit((unsigned char)target[2]))
				return -1;
			hex[0] = target[1];
			hex[1] = target[2];
			c = (char)strtoul(hex, NULL, 16);
			target += 2;
		}
		if (c == '\0' || n == size - 1)
			return -1;
		out[n++] = c;
	}
	out[n] = '\0';
	return out[0] != '/' || climbs(out) ? -1 : 0;
}

static int take_field(struct http_request *r, const char *name,
    const char *value)
{
	struct { const char *name; const char **to; } texts[] = {
		{ "Range", &r->range }, { "If-Range", &r->if_range },
		{ "If-None-Match", &r->if_none_match },
		{ "If-Modified-Since", &r->if_modified_since },
		{ "Content-Type", &r->type },
		{ "Authorization", &r->authorization }
	};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcasecmp(name, texts[i].name) == 0)
			*texts[i].to = value;
	if (strcasecmp(name, "Host") == 0)
		r->host = true;
	else if (strcasecmp(name, "Connection") == 0)
		r->keep = r->keep && strcasestr(value, "close") == NULL;
	else if (strcasecmp(name, "Transfer-Encoding") == 0)
		return 411;
	else if (strcasecmp(name, "Content-Length") == 0 &&
	    peer_number(value, HTTP_BODY_MAX, &r->body) != 0)
		return 413;
	return 0;
}

/* One field; the status that refuses the request, or 0. */
static int read_field(struct http_request *r, char *name)
{
	char *value = strchr(name, ':');
	size_t len;

	if (value == NULL || value == name || value[-1] == ' ')
		return 400;
	*value++ = '\0';
	value += strspn(value, " \t");
	len = strlen(value);
	while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		value[--len] = '\0';
	return take_field(r, name, value);
}

/* "GET /target HTTP/1.1" */
static int read_first(struct http_request *r, char *line)
{
	char *target = strchr(line, ' ');
	char *version = target == NULL ? NULL : strchr(target + 1, ' ');

	if (version == NULL || target == line)
		return 400;
	*target++ = '\0';
	*version++ = '\0';
	r->method = line;
	r->target = target;
	if (strcmp(version, "HTTP/1.1") != 0 &&
	    strcmp(version, "HTTP/1.0") != 0)
		return 505;
	r->keep = version[7] == '1';
	if (decode(target, r->path, sizeof r->path) == 0)
		return 0;
	r->path[0] = '\0';
	return 400;
}

int http_request_read(struct http_request *r, char *head, size_t len)
{
	char *line = head, *end = head + len - 2;
	int status = 0;

	memset(r, 0, sizeof *r);
	r->method = r->target = "-";
	while (line < end) {
		char *eol = memmem(line, (size_t)(end - line), "\r\n", 2);
		char *p;
		int code;

		for (p = line; p < eol; p++)
			if (iscntrl((unsigned char)*p) && *p != '\t')
				return 400;
		*eol = '\0';
		code = line == head ? read_first(r, line) :
		    read_field(r, line);
		/* The rest is read all the same: the body has to be known. */
		status = status == 0 ? code : status;
		line = eol + 2;
	}
	if (status == 0 && r->keep && !r->host)
		status = 400;
	return status;
}

static int read_off(const char *p, size_t len, off_t *out)
{
	char text[20];
	unsigned long n;

	if (len == 0 || len >= sizeof text)
		return -1;
	memcpy(text, p, len);
	text[len] = '\0';
	if (peer_number(text, LONG_MAX, &n) != 0)
		return -1;
	*out = (off_t)n;
	return 0;
}

int http_request_range(const char *range, off_t size, off_t *first,
    off_t *last)
{
	const char *dash;
	off_t n;

	if (strncasecmp(range, "bytes=", 6) != 0)
		return 0;
	range += 6;
	dash = strchr(range, '-');
	if (dash == NULL)
		return 0;
	if (dash == range) {
		if (read_off(dash + 1, strlen(dash + 1), &n) != 0)
			return 0;
		*first = n < size ? size - n : 0;
		*last = size - 1;
		return n > 0 && size > 0 ? 1 : -1;
	}
	if (read_off(range, (size_t)(dash - range), first) != 0)
		return 0;
	*last = size - 1;
	if (dash[1] != '\0') {
		if (read_off(dash + 1, strlen(dash + 1), &n) != 0 || n < *first)
			return 0;
		*last = n < size ? n : size - 1;
	}
	return *first < size ? 1 : -1;
}
