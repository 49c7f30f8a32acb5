#include "http_answer.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct {
	int code;
	const char *text;
} reasons[] = {
	{ 200, "OK" }, { 206, "Partial Content" }, { 301, "Moved Permanently" },
	{ 302, "Found" }, { 303, "See Other" }, { 304, "Not Modified" },
	{ 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
	{ 400, "Bad Request" }, { 403, "Forbidden" }, { 404, "Not Found" },
	{ 405, "Method Not Allowed" }, { 410, "Gone" },
	{ 411, "Length Required" }, { 413, "Content Too Large" },
	{ 416, "Range Not Satisfiable" }, { 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" }, { 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" }
};

static const struct {
	const char *ending;
	const char *type;
} types[] = {
	{ "mp3", "audio/mpeg" }, { "xml", "application/rss+xml" },
	{ "html", "text/html" }, { "txt", "text/plain" },
	{ "jpg", "image/jpeg" }, { "png", "image/png" },
	{ "vtt", "text/vtt" }, { "json", "application/json" }
};

/* A file as it is about to be served. */
struct entity {
	struct stat st;
	const char *type;
	char etag[64];
	char modified[64];
};

static const char *type_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	size_t i;

	for (i = 0; dot != NULL && i < sizeof types / sizeof *types; i++)
		if (strcasecmp(dot + 1, types[i].ending) == 0)
			return types[i].type;
	return "application/octet-stream";
}

/* RFC 9110 §5.6.7; English, for no locale is ever set. */
static void format_date(time_t t, char out[64])
{
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, 64, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
		out[0] = '\0';
}

/* Begins the head in memory; the caller adds fields and calls head_end. */
static FILE *head_begin(struct http_answer *a, int status)
{
	const char *reason = "Scripted";
	char date[64];
	size_t i;
	FILE *out = open_memstream(&a->bytes, &a->len);

	if (out == NULL)
		abort();
	for (i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].code == status)
			reason = reasons[i].text;
	a->status = status;
	format_date(time(NULL), date);
	fprintf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\nServer: http_peer\r\n",
	    status, reason, date);
	return out;
}

/* text: what follows the head; NULL: nothing of it is in memory. */
static void head_end(const struct http_answer *a, FILE *out, const char *text)
{
	fprintf(out, "%s\r\n%s", a->close ? "Connection: close\r\n" : "",
	    text != NULL ? text : "");
	if (fclose(out) != 0)
		abort();
}

static void say(struct http_answer *a, FILE *out, bool head, const char *type,
    const char *text)
{
	bool none = a->status == 204 || a->status == 304;

	if (!none)
		fprintf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n",
		    type, strlen(text));
	head_end(a, out, none || head ? NULL : text);
}

static void say_status(struct http_answer *a, const struct http_request *r,
    int status, const char *text)
{
	FILE *out = head_begin(a, status);
	char number[24];

	if (status == 405)
		fputs("Allow: GET, HEAD\r\n", out);
	snprintf(number, sizeof number, "%d\n", status);
	say(a, out, r != NULL && strcmp(r->method, "HEAD") == 0, "text/plain",
	    text != NULL ? text : number);
}

static void say_redirect(struct http_answer *a, const struct http_request *r,
    const struct http_rule *rule)
{
	FILE *out = head_begin(a, (int)rule->code);
	const char *url = rule->text, *mark;

	fputs("Location: ", out);
	while ((mark = strstr(url, "{path}")) != NULL) {
		fprintf(out, "%.*s%s", (int)(mark - url), url, r->target);
		url = mark + 6;
	}
	fprintf(out, "%s\r\n", url);
	say(a, out, strcmp(r->method, "HEAD") == 0, "text/plain", "moved\n");
}

static void say_retry(struct http_answer *a, const struct http_request *r,
    const struct http_rule *rule)
{
	FILE *out = head_begin(a, (int)rule->code);

	char date[64];

	format_date(time(NULL) + (time_t)rule->number, date);
	if (rule->kind == HTTP_RETRY_DATE)
		fprintf(out, "Retry-After: %s\r\n", date);
	else
		fprintf(out, "Retry-After: %lu\r\n", rule->number);
	say(a, out, strcmp(r->method, "HEAD") == 0, "text/plain", "later\n");
}

static void say_endless(struct http_answer *a, const struct http_request *r)
{
	FILE *out = head_begin(a, 200);

	a->close = true;
	a->endless = strcmp(r->method, "HEAD") != 0;
	fputs("Content-Type: audio/mpeg\r\n", out);
	head_end(a, out, NULL);
}

/* RFC 9110 §13.2.2: If-Modified-Since counts without If-None-Match only. */
static bool is_unchanged(const struct http_request *r, const struct entity *e)
{
	struct tm tm = { .tm_sec = 0 };

	if (r->if_none_match != NULL)
		return strcmp(r->if_none_match, "*") == 0 ||
		    strstr(r->if_none_match, e->etag) != NULL;
	if (r->if_modified_since == NULL || strptime(r->if_modified_since,
	    "%a, %d %b %Y %H:%M:%S GMT", &tm) == NULL)
		return false;
	return e->st.st_mtime <= timegm(&tm);
}

/* Narrows the answer to the range asked for; the status it makes. */
static int apply_range(struct http_answer *a, const struct http_request *r,
    const struct entity *e, const char *how)
{
	const char *range = r->range;
	off_t first, last;
	int found;

	if (range == NULL && strcmp(how, "whole") == 0)
		range = "bytes=0-";
	if (range == NULL || strcmp(r->method, "GET") != 0 ||
	    strcmp(how, "ignore") == 0)
		return 200;
	if (r->if_range != NULL && *how != 'b' &&
	    strcmp(r->if_range, e->etag) != 0 &&
	    strcmp(r->if_range, e->modified) != 0)
		return 200;
	found = http_request_range(range, e->st.st_size, &first, &last);
	if (found <= 0)
		return found == 0 ? 200 : 416;
	if (strcmp(how, "half") == 0)
		last = first + (last - first) / 2;
	a->offset = first;
	a->left = last - first + 1;
	return 206;
}

static void add_junk(FILE *out, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		fprintf(out, "X-Junk-%06lu: nobody has a use for this\r\n", i);
}

static bool is(const struct http_rule *rule, enum http_rule_kind kind)
{
	return rule != NULL && rule->kind == kind;
}

/* What a rule does to a file once its head is said. */
static void spoil(struct http_answer *a, const struct http_rule *rule)
{
	if (is(rule, HTTP_DRIP))
		a->drip = rule->number;
	if (is(rule, HTTP_CUT)) {
		a->left = a->left < (off_t)rule->number ? a->left :
		    (off_t)rule->number;
		a->close = true;
	}
}

/* How long the answer claims to be. */
static void add_length(const struct http_answer *a, FILE *out,
    const struct http_rule *rule)
{
	if (is(rule, HTTP_NOLENGTH))
		return;
	if (is(rule, HTTP_LENGTH))
		fprintf(out, "Content-Length: %lu\r\n", rule->number);
	else
		fprintf(out, "Content-Length: %jd\r\n", (intmax_t)a->left);
}

static void add_range(struct http_answer *a, FILE *out, int status,
    const struct http_rule *rule, const struct entity *e)
{
	off_t shift = is(rule, HTTP_PART) ? (off_t)rule->number : 0;

	if (status == 206)
		fprintf(out, "Content-Range: bytes %jd-%jd/%jd\r\n",
		    (intmax_t)(a->offset + shift),
		    (intmax_t)(a->offset + a->left - 1 + shift),
		    (intmax_t)e->st.st_size);
	if (status == 416) {
		fprintf(out, "Content-Range: bytes */%jd\r\n",
		    (intmax_t)e->st.st_size);
		a->left = 0;
	}
}

static void say_file(struct http_answer *a, const struct http_request *r,
    const struct http_rule *rule, const struct entity *e)
{
	bool odd = is(rule, HTTP_NOLENGTH) || is(rule, HTTP_LENGTH);
	const char *how = is(rule, HTTP_RANGE) ? rule->text : "";
	bool nameless;
	int status;
	FILE *out;

	a->offset = 0;
	a->left = e->st.st_size;
	a->close |= odd;
	nameless = strcmp(how, "nameless") == 0;
	status = !nameless && is_unchanged(r, e) ? 304 : 200;
	if (status == 200 && !odd)
		status = apply_range(a, r, e, how);
	out = head_begin(a, status);
	if (!nameless && (status != 206 || strcmp(how, "bare") != 0))
		fprintf(out, "Last-Modified: %s\r\nETag: %s\r\n", e->modified,
		    e->etag);
	if (!odd)
		fputs("Accept-Ranges: bytes\r\n", out);
	if (is(rule, HTTP_HEADERS))
		add_junk(out, rule->number);
	if (is(rule, HTTP_FIELD))
		fprintf(out, "%s\r\n", rule->text);
	add_range(a, out, status, rule, e);
	if (status != 304) {
		fprintf(out, "Content-Type: %s\r\n", e->type);
		add_length(a, out, rule);
	}
	if (status == 304 || strcmp(r->method, "HEAD") == 0)
		a->left = 0;
	head_end(a, out, NULL);
	spoil(a, rule);
}

/* O_NONBLOCK, so that a FIFO below the root cannot stop the server. */
static int open_file(const char *root, const char *path, struct entity *e)
{
	char full[8192];
	int n = snprintf(full, sizeof full, "%s%s", root, path);
	int fd;

	if (n < 0 || (size_t)n >= sizeof full)
		return -1;
	fd = open(full, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &e->st) != 0 || !S_ISREG(e->st.st_mode)) {
		close(fd);
		return -1;
	}
	e->type = type_of(path);
	format_date(e->st.st_mtime, e->modified);
	snprintf(e->etag, sizeof e->etag, "\"%jx-%jx.%lx\"",
	    (uintmax_t)e->st.st_size, (uintmax_t)e->st.st_mtime,
	    (unsigned long)e->st.st_mtim.tv_nsec);
	return fd;
}

static void answer_file(struct http_answer *a, const char *root,
    const struct http_request *r, const struct http_rule *rule)
{
	struct entity e;

	if (strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0) {
		say_status(a, r, 405, NULL);
		return;
	}
	a->fd = open_file(root, r->path, &e);
	if (a->fd < 0)
		say_status(a, r, 404, NULL);
	else
		say_file(a, r, rule, &e);
}

static int authorized(const struct http_request *r, const char *wanted)
{
	if (strcmp(wanted, "none") == 0)
		return r->authorization == NULL ? 200 : 403;
	return r->authorization != NULL &&
	    strcmp(r->authorization, wanted) == 0 ? 200 : 401;
}

void http_answer_make(struct http_answer *a, const char *root,
    const struct http_request *r, const struct http_rule *rule)
{
	enum http_rule_kind kind = rule == NULL ? HTTP_DELAY : rule->kind;

	memset(a, 0, sizeof *a);
	a->fd = -1;
	a->close = !r->keep;
	if (kind == HTTP_CLOSE)
		a->close = true;
	else if (kind == HTTP_STATUS || kind == HTTP_HEAD)
		say_status(a, r, (int)rule->code, rule->text);
	else if (kind == HTTP_AUTH)
		say_status(a, r, authorized(r, rule->text), NULL);
	else if (kind == HTTP_REDIRECT)
		say_redirect(a, r, rule);
	else if (kind == HTTP_RETRY || kind == HTTP_RETRY_DATE)
		say_retry(a, r, rule);
	else if (kind == HTTP_ENDLESS)
		say_endless(a, r);
	else if (kind == HTTP_HTML)
		say(a, head_begin(a, 200), strcmp(r->method, "HEAD") == 0,
		    "text/html", "<!doctype html><title>Sorry</title>"
		    "<h1>Something went wrong</h1>\n");
	else
		answer_file(a, root, r, rule);
}

void http_answer_text(struct http_answer *a, const struct http_request *r,
    const char *text)
{
	memset(a, 0, sizeof *a);
	a->fd = -1;
	a->close = !r->keep;
	say(a, head_begin(a, 200), strcmp(r->method, "HEAD") == 0,
	    "text/plain", text);
}

void http_answer_refuse(struct http_answer *a, int status)
{
	memset(a, 0, sizeof *a);
	a->fd = -1;
	a->close = true;
	say_status(a, NULL, status, NULL);
}

void http_answer_release(struct http_answer *a)
{
	free(a->bytes);
	a->bytes = NULL;
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
}
