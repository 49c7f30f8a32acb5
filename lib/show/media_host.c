#include "show/media_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct media_host *
media_host_of(struct media_context *m, const char *url)
{
	const char *name = strstr(url, "://") + 3;
	size_t len = strcspn(name, "/?#");
	struct media_host *h, **end;

	for (end = &m->hosts; (h = *end) != NULL; end = &h->next)
		if (strlen(h->name) == len &&
		    strncasecmp(h->name, name, len) == 0)
			return h;
	h = xcalloc(1, sizeof(*h));
	h->name = xstrndup(name, len);
	*end = h;
	return h;
}

void
media_host_free(struct media_context *m)
{
	struct media_host *h;

	while ((h = m->hosts) != NULL) {
		m->hosts = h->next;
		free(h->name);
		free(h->silent);
		free(h);
	}
}

bool
media_host_keep(struct media_context *m, const struct media *audio,
    const char *url, const struct err *err)
{
	struct media_host *host;

	if (!m->gathers)
		return false;
	host = media_host_of(m, url);
	if (host->nsilent++ == 0) {
		host->silent = xstrdup(err->msg);
		host->file = audio->from;
		host->line = audio->line;
	}
	return true;
}

void
media_tell_silent(struct media_context *m, const struct findings *to)
{
	char text[ERR_MSG_MAX + 80];
	struct media_host *h;

	for (h = m->hosts; h != NULL; h = h->next) {
		struct finding f = {
			SEV_ERROR, "episode-audio", h->file, h->line, text
		};

		if (h->nsilent == 0)
			continue;
		if (h->nsilent == 1)
			snprintf(text, sizeof(text), "%s", h->silent);
		else
			snprintf(text, sizeof(text), "%s; so %zu times: -v "
			    "names each", h->silent, h->nsilent);
		if (to->report != NULL)
			to->report(to->ctx, &f);
		h->nsilent = 0;
		free(h->silent);
		h->silent = NULL;
	}
}
