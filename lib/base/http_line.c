#include "base/http_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
http_line_release(struct http_line *l)
{
	struct http_job *j;
	size_t i;

	for (i = 0; i < l->nhosts; i++) {
		while ((j = http_line_take(l->hosts[i])) != NULL)
			http_job_free(j);
		free(l->hosts[i]->name);
		free(l->hosts[i]);
	}
	free(l->hosts);
	strmap_release(&l->names);
}

/* Scheme, host and port, without a password and without case. */
static char *
name_of(const char *url)
{
	const char *host = strstr(url, "://"), *at;
	size_t scheme, len, i;
	char *name;

	host = host != NULL ? host + 3 : url;
	scheme = (size_t)(host - url);
	len = strcspn(host, "/?#");
	at = memrchr(host, '@', len);
	if (at != NULL) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	name = xmalloc(scheme + len + 1);
	memcpy(name, url, scheme);
	memcpy(name + scheme, host, len);
	name[scheme + len] = '\0';
	for (i = 0; i < scheme + len; i++)
		name[i] = (char)tolower((unsigned char)name[i]);
	return name;
}

struct http_host *
http_line_host(struct http_line *l, const char *url)
{
	char *name = name_of(url);
	size_t i = strmap_get(&l->names, name);
	struct http_host *h;

	if (i != STRMAP_NONE) {
		free(name);
		return l->hosts[i];
	}
	h = xcalloc(1, sizeof(*h));
	h->name = name;
	/* Grown by powers of two. */
	if ((l->nhosts & (l->nhosts + 1)) == 0)
		l->hosts = xreallocarray(l->hosts, 2 * (l->nhosts + 1),
		    sizeof(struct http_host *));
	l->hosts[l->nhosts] = h;
	strmap_put(&l->names, h->name, l->nhosts++);
	return h;
}

void
http_line_up(struct http_line *l, struct http_host *h)
{
	if (h->in_line || h->first == NULL)
		return;
	h->in_line = true;
	h->next = NULL;
	if (l->first == NULL)
		l->first = h;
	else
		l->last->next = h;
	l->last = h;
	l->count++;
}

struct http_host *
http_line_next(struct http_line *l)
{
	struct http_host *h = l->first;

	l->first = h->next;
	l->count--;
	h->in_line = false;
	return h;
}

void
http_line_add(struct http_line *l, struct http_job *j, bool in_front)
{
	struct http_host *h = j->host = http_line_host(l, j->url);

	j->next = NULL;
	if (h->first == NULL) {
		h->first = h->last = j;
	} else if (in_front) {
		j->next = h->first;
		h->first = j;
	} else {
		h->last->next = j;
		h->last = j;
	}
	http_line_up(l, h);
}

struct http_job *
http_line_take(struct http_host *h)
{
	struct http_job *j = h->first;

	if (j != NULL)
		h->first = j->next;
	return j;
}

/* HTTP/2 has one connection for all, as far as we know. */
static unsigned
connections_of(const struct http_host *h, unsigned flying)
{
	return h->streams ? (flying > 0) : flying;
}

void
http_line_count(struct http_line *l, struct http_host *h, int change)
{
	h->flying += (unsigned)change;
	l->connections -= h->connections;
	h->connections = connections_of(h, h->flying);
	l->connections += h->connections;
}

bool
http_line_has_room(const struct http_line *l, const struct http_host *h,
    unsigned per_host, unsigned connections)
{
	unsigned most = h->streams ? HTTP_MANY_STREAMS : per_host;

	/* One to see whether it has come back. */
	if (h->silent > 0)
		most = 1;
	return h->flying < most && l->connections - h->connections +
	    connections_of(h, h->flying + 1) <= connections;
}
