/*
 * The files of one episode where `audio` is a list.
 */
#ifndef SHOW_EPISODE_FILES_H
#define SHOW_EPISODE_FILES_H

#include "base/mem.h"
#include "show/fields.h"
#include "text/node.h"

#define EPISODE_FILES_MAX 16
#define EPISODE_FILES_TITLE_MAX 32	/* characters (podcast-namespace,
					 * tags/alternate-enclosure.md) */

/* The nth file, from 1 on, in a front matter: a map or a plain value; NULL: it
 * has no such list, or not so many. */
const struct node *episode_files_entry(const struct fields *f,
    const struct node *front, struct arena *a, unsigned nth);
/* What a map says of the fact: file (or url), title, type, length, duration,
 * bitrate, language or default; NULL: nothing. */
const struct node *episode_files_find(const struct node *map,
    const char *fact);

#endif
