#include "cmd/config_first.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "show/config.h"

const char *
config_first_above(struct arena *a, const char *dir)
{
	char real[PATH_MAX], *slash;
	const char *file = fs_join(a, dir, "config.ini");

	if (fs_is_file(file))
		return file;
	if (realpath(dir, real) == NULL)
		return NULL;
	while ((slash = strrchr(real, '/')) != NULL && slash > real) {
		*slash = '\0';
		file = fs_join(a, real, "config.ini");
		if (fs_is_file(file))
			return file;
	}
	return NULL;
}

static const char before[] =
    "# This machine's matters; showmill-config(5) explains every key.\n"
    "\n"
    "# The shows that are made here.\n"
    "shows = ";

static const char behind[] = "\n"
    "\n"
    "# What was learnt of audio files; it may be deleted at any time.\n"
    "cache = cache.db\n"
    "\n"
    "# Friends of the digest, and who got what: back it up.\n"
    "ledger = ledger.db\n"
    "\n"
    "# Where mail goes: a mail server on this machine or beside it.\n"
    "#relay = smtp://localhost:25\n";

void
config_first_text(const char *shows, struct buf *out)
{
	buf_adds(out, before);
	buf_adds(out, shows);
	buf_adds(out, behind);
}

void
config_first_check(const char *config, const char *show)
{
	struct findings muted = { .report = NULL };
	struct config *c = config_load(config, &muted);
	char real[PATH_MAX], one[PATH_MAX];
	bool named = false;
	size_t i;

	for (i = 0; c != NULL && i < c->nshows; i++)
		named = named || (realpath(show, real) != NULL &&
		    realpath(c->shows[i], one) != NULL &&
		    strcmp(real, one) == 0);
	config_free(c);
	if (!named)
		printf("%s does not name %s: write a line `shows = …` that "
		    "does\n", config, show);
}
