#include "cmd/feed_chapters.h"

#include "feed/chapters.h"
#include "show/chapters.h"

#define JSON_MAX ((size_t)16 << 20)

void
feed_chapters_plan(struct feed_made *m, struct arena *a,
    const struct show *show, const char *out)
{
	m->what = "chapters";
	m->key = "chapters_url";
	if (show->chapters_url != NULL)
		feed_made_plan(m, a, show, out, CHAPTERS_DIR);
}

static int
write_one(struct feed_made *m, struct arena *a, const struct episode *e,
    struct err *err)
{
	struct buf text;
	int rc;

	buf_init(&text, JSON_MAX);
	rc = feed_chapters_json(m->show, e, &text, err);
	if (rc != 0)
		err_at(err, e->file, 0);
	else
		rc = feed_made_put(m, a, e, chapters_name(a, m->show, e),
		    &text, err);
	buf_release(&text);
	return rc;
}

static void
check_lines(struct setting *s, const struct show *show,
    const struct episode *e)
{
	struct buf lines;

	buf_init(&lines, 0);
	if (feed_chapters_lines(show, e, &lines) == FEED_LINES_LONG)
		finding_add(&s->findings, SEV_WARNING, "chapters-description",
		    e->chapters_file, e->chapter[0].line, "the list of the "
		    "chapters takes more than %d bytes, and does not stand in "
		    "the description", FEED_LINES_MAX);
	buf_release(&lines);
}

int
feed_chapters_write(struct feed_made *m, struct setting *s, struct arena *a,
    const struct show *show, struct err *err)
{
	size_t i;

	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		if (!e->media_known || !show_is_due(e, s->now))
			continue;
		check_lines(s, show, e);
		if (e->chapters_made && m->folder != NULL &&
		    write_one(m, a, e, err) != 0)
			return -1;
	}
	return 0;
}
