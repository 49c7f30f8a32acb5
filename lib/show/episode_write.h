/*
 * Writing what is true of an episode's audio to where the episode's facts
 * stand: the front matter of its notes, or its row of the table. Nothing else
 * of these files changes.
 */
#ifndef SHOW_EPISODE_WRITE_H
#define SHOW_EPISODE_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "show/show.h"

struct episode_truth {
	int64_t length;		/* bytes */
	int64_t duration_ms;	/* -1: not known; then what is said stays */
	const char *type;	/* NULL or "": not known */
};

struct episode_writer;

/* told: of each file that changed, or would: `what` is "length 100 → 69285,
 * duration 0:08", line that of a table's row, else 0. dry_run: nothing is
 * written. */
struct episode_writer *episode_writer_new(bool dry_run,
    void (*told)(void *ctx, const char *file, unsigned line,
    const char *what), void *ctx);
void episode_writer_free(struct episode_writer *w);	/* NULL is allowed */

/* A fact that is said already is replaced under its key, in the form it had
 * there: a size as plain digits, a duration as H:MM:SS, M:SS, seconds or
 * PT1M2S; one that says the same stays as it is. A size or duration that is
 * not said comes beside what names the audio, under the first key by which it
 * is understood there (show/fields.h); so does the type, where the name of the
 * file does not tell it. media is one of the files of the episode
 * (show_media()): what is said of one in a list stands in its own map there.
 * Notes are replaced at once; the cells of tables are kept for
 * episode_writer_end(), so the show must live until then. ERR_INPUT with file
 * and line where there is no place to write to, ERR_TEMPORARY where the notes
 * were changed by somebody else since the episode was read; then nothing is
 * written. */
int episode_writer_add(struct episode_writer *w, struct show *show,
    const struct episode *e, const struct media *media,
    const struct episode_truth *truth, struct err *err);

/* Writes the tables: each at once or not at all. What goes wrong with one is a
 * finding. */
void episode_writer_end(struct episode_writer *w, struct findings *to);

#endif
