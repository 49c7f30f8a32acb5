/* Which episodes the feeds of a show have. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "show/feeds_int.h"
#include "show/show.h"
#include "text/utf8.h"

#define SLUG_SIZE 200

/* C++ and C# are not C. */
static const char *
spelled(struct arena *a, const char *tag)
{
	struct buf b;

	if (strpbrk(tag, "+#") == NULL)
		return tag;
	buf_init(&b, 0);
	for (; *tag != '\0'; tag++)
		if (*tag == '+')
			buf_adds(&b, "plus");
		else if (*tag == '#')
			buf_adds(&b, "sharp");
		else
			buf_addc(&b, *tag);
	tag = arena_strdup(a, b.data);
	buf_release(&b);
	return tag;
}

/* As it is in names of files. */
const char *
feeds_slug(struct arena *a, const char *tag)
{
	char slug[SLUG_SIZE], *own, *p;

	if (utf8_slug(spelled(a, tag), slug, sizeof(slug)) > 0)
		return arena_strdup(a, slug);
	/* Of a script that has no ASCII form. */
	own = arena_strdup(a, tag);
	for (p = own; *p != '\0'; p++)
		if (*p == '/' || *p == ' ' || *p == '.')
			*p = '-';
	return own;
}

/* The slug of each tag of each episode, in one row. */
static const char **
all_slugs(struct arena *a, const struct show *s)
{
	const char **list;
	size_t i, k, n = 0;

	for (i = 0; i < s->nepisodes; i++)
		n += s->episodes[i].ntags;
	list = arena_array(a, n, sizeof(*list));
	for (i = n = 0; i < s->nepisodes; i++)
		for (k = 0; k < s->episodes[i].ntags; k++)
			list[n++] = feeds_slug(a, s->episodes[i].tags[k]);
	return list;
}

/* slugs: of the show. Whether there is any. */
static bool
find_mine(struct show *s, struct show_feed *f, const char **slugs)
{
	const char *wanted = f->tag == NULL ? NULL :
	    feeds_slug(&s->arena, f->tag);
	bool any = false, tagged;
	size_t i, k;

	f->first = s->episodes;
	f->mine = arena_array(&s->arena, s->nepisodes, sizeof(*f->mine));
	for (i = 0; i < s->nepisodes; i++) {
		const struct episode *e = &s->episodes[i];

		tagged = f->tag == NULL;
		for (k = 0; k < e->ntags; k++, slugs++)
			tagged |= f->tag != NULL && strcmp(wanted, *slugs) ==
			    0;
		f->mine[i] = tagged && (f->season == 0 ||
		    f->season == e->season);
		any |= f->mine[i];
	}
	return any;
}

void
feeds_find(struct show *s, struct findings *to)
{
	struct arena scratch = ARENA_INIT;
	const char **slugs = all_slugs(&scratch, s);
	size_t i;

	for (i = 0; i < s->nfeeds; i++) {
		struct show_feed *f = &s->feeds[i];

		if ((f->season > 0 || f->tag != NULL) &&
		    !find_mine(s, f, slugs))
			finding_add(to, SEV_WARNING, "feed-empty", s->file,
			    f->line, "[feed %s]: no episode has that %s",
			    f->name, f->tag != NULL ? "tag" : "season");
	}
	arena_release(&scratch);
}

bool
feeds_is_token(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	return text[len] == '\0' && len >= 16 && len <= 128;
}

bool
feeds_is_public(const struct show_feed *f)
{
	return f->files == NULL;
}

bool
feeds_is_told(const struct show_feed *f)
{
	return feeds_is_public(f) && !f->each;
}

bool
feeds_takes(const struct show_feed *f, const struct episode *e)
{
	return f->mine == NULL || f->mine[e - f->first];
}

static bool
is_said(const char *said, const char *wanted)
{
	return said != NULL && strcasecmp(said, wanted) == 0;
}

int
feeds_media(const struct show_feed *f, const struct episode *e)
{
	const struct media *m;
	size_t i;

	if (f->audio == NULL)
		return 0;
	for (i = 0; i <= e->nrenditions; i++) {
		m = show_media(e, i);
		if (is_said(m->title, f->audio) ||
		    is_said(m->codec, f->audio) ||
		    is_said(m->type, f->audio) ||
		    is_said(m->language, f->audio))
			return (int)i;
	}
	return -1;
}

bool
feeds_has_any(const struct show *s, const struct show_feed *f)
{
	size_t i;

	for (i = 0; i < s->nepisodes; i++)
		if (s->episodes[i].media_known &&
		    feeds_takes(f, &s->episodes[i]) &&
		    feeds_media(f, &s->episodes[i]) >= 0)
			return true;
	return false;
}

void
feeds_warn_audio(const struct show *s, struct findings *to)
{
	size_t i;

	for (i = 0; i < s->nfeeds; i++)
		if (s->feeds[i].audio != NULL && s->nepisodes > 0 &&
		    !feeds_has_any(s, &s->feeds[i]))
			finding_add(to, SEV_WARNING, "feed-empty", s->file,
			    s->feeds[i].line, "[feed %s]: no episode that is "
			    "out has a file `%s`: a title, format, type or "
			    "language", s->feeds[i].name, s->feeds[i].audio);
}
