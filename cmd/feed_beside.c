#include "cmd/feed_beside.h"

#include "cmd/feed_chapters.h"
#include "cmd/feed_transcripts.h"

void
feed_beside_plan(struct feed_beside *b, struct arena *a,
    const struct show *show, const char *out, bool dry)
{
	feed_chapters_plan(&b->chapters, a, show, out);
	feed_transcripts_plan(&b->transcripts, a, show, out);
	b->chapters.dry = b->transcripts.dry = dry;
}

int
feed_beside_apart(struct feed_beside *b, size_t n, struct arena *a,
    const char *const *feeds, size_t nfeeds, struct err *err)
{
	struct feed_made **all = arena_array(a, 2 * n,
	    sizeof(struct feed_made *));
	size_t i;

	for (i = 0; i < n; i++) {
		all[2 * i] = &b[i].chapters;
		all[2 * i + 1] = &b[i].transcripts;
		if (feed_transcripts_apart(&b[i].transcripts, a, err) != 0)
			return -1;
	}
	return feed_made_apart(all, 2 * n, feeds, nfeeds, err);
}

int
feed_beside_commit(struct feed_beside *b, const struct setting *s,
    bool *changed, struct err *err)
{
	return feed_made_commit(&b->chapters, s, changed, err) != 0 ? -1 :
	    feed_made_commit(&b->transcripts, s, changed, err);
}

void
feed_beside_abandon(struct feed_beside *b)
{
	feed_made_abandon(&b->chapters);
	feed_made_abandon(&b->transcripts);
}
