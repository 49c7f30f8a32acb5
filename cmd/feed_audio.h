/*
 * The audio of the episodes that go into feeds.
 */
#ifndef CMD_FEED_AUDIO_H
#define CMD_FEED_AUDIO_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "cmd/setting.h"
#include "show/show.h"

/* Learns of all due audio of all shows at once; tells nothing. */
void feed_audio_prepare(struct setting *s, struct arena *a);

/* Makes the audio of a show's due episodes complete. What is wrong goes to the
 * setting's findings; those episodes are left out, and one of two that have the
 * same audio. */
void feed_audio(struct setting *s, struct arena *a, struct show *show);

/* Leaves out, with a warning, what is younger than the show's `settle` and not
 * in the feed that is there; waiting grows by their number. */
int feed_audio_young(struct setting *s, struct arena *a, struct show *show,
    const char *feed, size_t *waiting, struct err *err);

/* Just before the feeds appear: ERR_TEMPORARY with the file when one has
 * changed since it was looked into. */
int feed_audio_still(struct setting *s, struct err *err);

/* An error of its own keeps it out of the feed. */
void feed_leave_out(struct show *show, struct episode *e);

#endif
