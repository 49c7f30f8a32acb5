/*
 * The facts of shows and episodes as templates have them: showmill-config(5)
 * names each.
 */
#ifndef SHOW_VIEW_H
#define SHOW_VIEW_H

#include "base/mem.h"
#include "show/show.h"
#include "text/node.h"

/* All in the arena, or the show's. */
struct node *view_show(struct arena *a, const struct show *s);
/* A language, into a map: its `language`, `dir` ("ltr"), and `start` and `end`
 * of its lines ("left", "right"). */
void view_language(struct arena *a, const char *language, struct node *map);
/* Of a resolved episode, into a map; dates and sizes as the show's words have
 * them. */
void view_episode(struct arena *a, const struct show *s,
    const struct episode *e, struct node *map);

/* Those chapters that lists show, at most max of them: each with `time` and
 * `title`, `url`, and `listen_url`, where it begins in the audio. */
struct node *view_chapters(struct arena *a, const struct episode *e,
    size_t max);
/* The transcript that is read best: HTML, else plain text, else the first;
 * NULL: there is none. */
const char *view_transcript(const struct episode *e);

#endif
