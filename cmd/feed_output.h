/*
 * The documents of a show's feeds on their way into their files: the feed
 * itself and, where it has only the newest episodes, its archive (RFC 5005,
 * 4), in each format.
 */
#ifndef CMD_FEED_OUTPUT_H
#define CMD_FEED_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/fs.h"
#include "cmd/setting.h"
#include "feed/feed.h"

struct feed_output {
	enum feed_format format;
	const char *folder;
	const char *path;	/* as told to the user */
	const char *real;	/* with links resolved, to be compared */
	struct feed_head head;
	size_t archive;		/* which document of the archive, from 1 for
				 * the oldest episodes on; 0: the feed */
	struct fs_out *file;	/* NULL: it is not made */
	struct feed_writer *writer;
	size_t items;
};

/* How many documents the archive has when all due episodes are in the feed;
 * each is full, and stays as it is. */
size_t feed_output_archives(const struct show *show, int64_t now);
/* The name of one of them: "feed.archive-3.xml" for feed.xml. */
const char *feed_output_archive_name(struct arena *a, const char *name,
    size_t archive);

/* Writes all n of a show beside the old ones. Notes that turn out to be bad
 * when they are rendered are told and left out. */
int feed_outputs_write(struct setting *s, struct show *show,
    struct feed_output *o, size_t n, struct err *err);
void feed_output_abandon(struct feed_output *o);

/* A first feed that would be empty because all was left out, or waits. */
bool feed_output_is_void(const struct feed_output *o);

#endif
