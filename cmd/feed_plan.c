#include "cmd/feed_plan.h"

#include <string.h>

#include "base/strmap.h"
#include "cmd/feed_place.h"
#include "cmd/feed_private.h"
#include "show/feeds.h"
#include "text/url.h"

struct planning {
	struct feed_plan *plan;
	const struct setting *setting;
	struct cmd_args *args;
};

/* The show as the feed tells it. Hubs and Podping would publish a private
 * address, and are not told of feeds that come and go with seasons and tags. */
static const struct show *
as_told(struct arena *a, const struct show *show, const struct show_feed *f)
{
	struct show *told;

	if (f->name == NULL)
		return show;
	told = arena_alloc(a, sizeof(*told));
	*told = *show;
	told->feed_url = f->url;
	told->new_feed_url = NULL;
	told->title = f->title;
	told->description = f->description;
	told->guid = f->guid;
	told->block |= !feeds_is_public(f);
	if (!feeds_is_told(f)) {
		told->nhubs = 0;
		told->podping = false;
	}
	return told;
}

static void
plan_output(struct planning *p, const struct show *show,
    const struct show_feed *f, const struct show *told, const char *name,
    const char *url, size_t document)
{
	const char *out = feed_folder(p->setting, p->args, show);
	struct feed_output *o = &p->plan->output[p->plan->nplanned++];
	struct arena *a = &p->args->arena;

	o->show = show;
	o->feed = f;
	o->document = document;
	o->path = fs_join(a, out, name);
	o->head.show = told;
	o->head.self_url = url;
	o->head.entries = show->guid;
	o->folder = out;
	o->real = feed_place(a, out, name);
}

/* A private feed that nobody has a token for is not. */
static bool
is_made(const struct show_feed *f)
{
	return feeds_is_public(f) || f->ntokens > 0;
}

/* The feed itself, and then what stands beside it. */
static void
plan_feed(struct planning *p, const struct show *show,
    const struct show_feed *f)
{
	size_t n = feed_output_documents(show, f, p->setting->now), i;
	struct arena *a = &p->args->arena;
	const struct show *told = as_told(a, show, f);
	const char *folder = arena_strndup(a, f->url,
	    (size_t)(strrchr(f->url, '/') - f->url)), *one;

	plan_output(p, show, f, told, f->file, f->url, 0);
	for (i = 1; i <= n; i++) {
		one = feed_output_name(a, f, i);
		plan_output(p, show, f, told, one, url_below(a, folder, one),
		    i);
	}
}

static void
plan_show(struct planning *p, const struct show *show)
{
	size_t i;

	for (i = 0; i < show->nfeeds; i++)
		if (is_made(&show->feeds[i]))
			plan_feed(p, show, &show->feeds[i]);
}

/* How many outputs plan_show() makes of it. */
static size_t
outputs_of(const struct planning *p, const struct show *show)
{
	size_t i, n = 0;

	for (i = 0; i < show->nfeeds; i++)
		if (is_made(&show->feeds[i]))
			n += 1 + feed_output_documents(show, &show->feeds[i],
			    p->setting->now);
	return n;
}

/* What a feed is called for people. */
static const char *
name_of(struct arena *a, const struct show_feed *f)
{
	static const char *const keys[] = {
		[FEED_RSS] = "`rss`", [FEED_ATOM] = "`atom`",
		[FEED_JSON] = "`json`"
	};

	return f->name == NULL ? keys[f->format] :
	    arena_printf(a, "[feed %s]", f->name);
}

static int
clash(struct arena *a, const struct feed_output *o,
    const struct feed_output *other, struct err *err)
{
	if (o->show == other->show)
		err_set(err, ERR_CONFIG, "%s and %s are one file, %s; "
		    "give them two names", name_of(a, other->feed),
		    name_of(a, o->feed), feed_private_shown(a, o));
	else
		err_set(err, ERR_CONFIG, "its feed goes to %s, and so does "
		    "that of %s; change `out`, or `rss`, `atom` or `json`, in "
		    "one of them", feed_private_shown(a, o),
		    other->show->file);
	return err_at(err, o->show->file, o->feed->name == NULL ? 0 :
	    o->feed->line);
}

/* A private feed has a file for each token. */
static size_t
files_of(const struct feed_output *o)
{
	return o->feed->ntokens > 0 ? o->feed->ntokens : 1;
}

static const char *
real_of(struct planning *p, const struct feed_output *o, size_t token)
{
	struct arena *a = &p->args->arena;

	return token == 0 ? o->real : feed_place(a, o->folder,
	    feed_private_name(a, o, token));
}

static int
check(struct planning *p, struct err *err)
{
	struct feed_plan *plan = p->plan;
	struct strmap known = STRMAP_INIT;
	size_t i, k, t;
	int rc = 0;

	/* Of two shows that are not asked for it is no concern here: those
	 * that are stand before them. */
	for (i = 0; rc == 0 && i < plan->nplanned; i++)
		for (t = 0; rc == 0 && t < files_of(&plan->output[i]); t++) {
			k = strmap_put(&known, real_of(p, &plan->output[i],
			    t), i);
			if (k != STRMAP_NONE && k < plan->noutputs)
				rc = clash(&p->args->arena, &plan->output[
				    i < plan->noutputs ? i : k], &plan->output[
				    i < plan->noutputs ? k : i], err);
		}
	strmap_release(&known);
	return rc;
}

int
feed_plan(struct feed_plan *plan, const struct setting *s,
    struct cmd_args *args, struct err *err)
{
	struct planning p = { plan, s, args };
	size_t i, n = 0;

	for (i = 0; i < s->nshows; i++)
		n += outputs_of(&p, s->shows[i]);
	for (i = 0; i < s->nothers; i++)
		n += outputs_of(&p, s->others[i]);
	plan->output = arena_array(&args->arena, n, sizeof(*plan->output));
	plan->first = arena_array(&args->arena, s->nshows + 1,
	    sizeof(*plan->first));
	plan->real = arena_array(&args->arena, n, sizeof(*plan->real));
	for (i = 0; i < s->nshows; i++) {
		plan->first[i] = plan->nplanned;
		plan_show(&p, s->shows[i]);
	}
	plan->first[i] = plan->noutputs = plan->nplanned;
	for (i = 0; i < s->nothers; i++)
		plan_show(&p, s->others[i]);
	for (i = 0; i < plan->nplanned; i++)
		plan->real[i] = plan->output[i].real;
	return check(&p, err);
}
