#include "cmd/feed_published.h"

#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "cmd/feed_load.h"

int
feed_published_allow(const struct cmd_args *args, unsigned *allow,
    struct err *err)
{
	const char *word;
	unsigned bit;
	size_t i;

	*allow = 0;
	for (i = 0; (word = cmd_value_at(args, "--allow", i)) != NULL; i++) {
		bit = history_allowed(word);
		if (bit == 0)
			return err_set(err, ERR_USAGE, "--allow `%s`: it "
			    "takes one of %s", word, HISTORY_WORDS);
		*allow |= bit;
	}
	return 0;
}

/* Whether a feed that lies where this one will is one of the show. */
static bool
is_of(const struct feed_doc *d, const struct show *show)
{
	const struct feed_doc_channel *c = &d->channel;

	if (c->guid != NULL)
		return strcasecmp(c->guid, show->guid) == 0;
	return (c->self != NULL && strcmp(c->self, show->feed_url) == 0) ||
	    (c->title != NULL && strcmp(c->title, show->title) == 0);
}

/* show NULL: whichever the feed is of. */
static int
of_feed(struct arena *a, const char *from, const struct show *show,
    struct history *out, struct err *err)
{
	struct feed_doc *d = feed_load(a, from, "no feed was written", NULL,
	    err);

	if (d == NULL)
		return -1;
	if (show == NULL || is_of(d, show))
		history_of_feed(a, d, from, out);
	feed_doc_free(d);
	return 0;
}

/* A show that was built before there was a table. */
static int
of_old_feed(struct feed_published *p, struct arena *a,
    const struct show *show, const char *old_feed, struct err *err)
{
	struct err why = ERR_INIT;

	if (of_feed(a, old_feed, show, &p->was, &why) == 0)
		return 0;
	err_set(err, why.kind, "%s (there is no %s yet, so the feed that is "
	    "there is compared: mend it, or take it away)", why.msg, p->path);
	return err_at(err, why.file, why.line);
}

static bool
is_rehearsal(const struct cmd_args *args)
{
	return cmd_value(args, "--at") != NULL &&
	    cmd_value(args, "--out") != NULL;
}

static int
recall(struct feed_published *p, struct cmd_args *args,
    const struct show *show, const char *old_feed, struct err *err)
{
	const char *against = cmd_value(args, "--against");
	struct arena *a = &args->arena;

	if (against != NULL)
		return of_feed(a, against, NULL, &p->was, err);
	/* What an earlier rehearsal left nobody has seen. */
	if (is_rehearsal(args))
		old_feed = fs_join(a, show->out, show->rss);
	if (fs_is_file(p->path) || fs_is_dir(p->path) ||
	    !fs_is_file(old_feed))
		return history_read(a, p->path, &p->was, err);
	return of_old_feed(p, a, show, old_feed, err);
}

static int
make(struct feed_published *p, struct arena *a, struct err *err)
{
	struct buf text;
	int rc = -1;

	buf_init(&text, 0);
	history_write(a, &p->check, &text);
	p->file = fs_out_open(p->path, 0666, err);
	if (p->file != NULL) {
		fs_out_write(p->file, text.data, text.len);
		rc = fs_out_finish(p->file, err);
	}
	buf_release(&text);
	return rc;
}

int
feed_published_compare(struct feed_published *p, struct setting *s,
    struct cmd_args *args, struct show *show, unsigned allow,
    const char *old_feed, struct err *err)
{
	size_t before = s->findings.errors;

	p->path = show->published;
	if (recall(p, args, show, old_feed, err) != 0)
		return -1;
	p->check = (struct history_check){ &p->was, show, s->now, allow };
	history_check(&args->arena, &p->check, &s->findings);
	/* What a feed elsewhere tells is no memory of this one's. */
	if (s->findings.errors > before || is_rehearsal(args) ||
	    (cmd_value(args, "--against") != NULL && fs_is_file(p->path)))
		return 0;
	return make(p, &args->arena, err);
}

int
feed_published_commit(struct feed_published *p, struct err *err)
{
	struct fs_out *file = p->file;
	bool changed;

	if (file == NULL)
		return 0;
	p->file = NULL;
	if (fs_out_commit(file, &changed, err) != 0)
		return -1;
	if (changed)
		log_debug("%s: written", p->path);
	return 0;
}

void
feed_published_abandon(struct feed_published *p)
{
	fs_out_abandon(p->file);
	p->file = NULL;
}
