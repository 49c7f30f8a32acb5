#include "show/guid.h"

#include <string.h>

#include "base/buf.h"
#include "text/url.h"

#define GUID_MAX ((size_t)4 << 10)
#define WIDTH_MAX 15

static const char *const names[] = {
	"audio", "link", "slug", "stem", "number", "season", "year", "month",
	"day"
};
enum { AUDIO, LINK, SLUG, STEM, NUMBER, SEASON, YEAR, MONTH, DAY, NONE };

/* What the placeholder at p is; *end is behind its brace. */
static int
placeholder(const char *p, int *width, const char **end)
{
	size_t len = strcspn(++p, ":}");
	int i;

	for (i = 0; i < NONE && (strlen(names[i]) != len ||
	    memcmp(names[i], p, len) != 0); i++)
		;
	*width = 0;
	if (p[len] == ':')
		for (len++; p[len] >= '0' && p[len] <= '9' &&
		    *width <= WIDTH_MAX; len++)
			*width = *width * 10 + (p[len] - '0');
	*end = p + len + 1;
	return p[len] == '}' && *width <= WIDTH_MAX ? i : NONE;
}

int
guid_check(const char *pattern, struct err *err)
{
	const char *p = pattern, *end;
	int width;

	for (; (p = strchr(p, '{')) != NULL; p = end)
		if (placeholder(p, &width, &end) == NONE)
			return err_set(err, ERR_CONFIG, "`%s`: a placeholder "
			    "is written {audio} or {number:03}; known are "
			    "audio, link, number, slug, stem, season, year, "
			    "month and day", pattern);
	if (strchr(pattern, '{') == NULL)
		return err_set(err, ERR_CONFIG, "`%s` gives every episode the "
		    "same guid; put a placeholder such as {audio} into it",
		    pattern);
	return 0;
}

/* The address that a file's name will get; its existence is looked at later,
 * when the size is needed. */
static const char *
audio_address(struct show *show, const struct episode *e)
{
	if (e->audio.url != NULL || e->audio.file == NULL ||
	    show->media_url == NULL)
		return e->audio.url;
	return url_below(&show->arena, show->media_url,
	    e->audio.file + strspn(e->audio.file, "./"));
}

/* The text of a placeholder, NULL: there is none. */
static const char *
text_of(struct show *show, const struct episode *e, int what, int width)
{
	struct arena *a = &show->arena;
	struct date_parts p;

	date_split(&e->date, &p);
	switch (what) {
	case AUDIO:
		return audio_address(show, e);
	case LINK:
		return e->link;
	case SLUG:
		return e->slug;
	case STEM:
		return show_stem(a, e);
	case NUMBER:
		return e->number == 0 ? NULL : arena_printf(a, "%0*lld", width,
		    (long long)e->number);
	case SEASON:
		return e->season == 0 ? NULL : arena_printf(a, "%0*lld", width,
		    (long long)e->season);
	case YEAR:
		return arena_printf(a, "%04d", p.year);
	default:
		return arena_printf(a, "%02d", what == MONTH ? p.month :
		    p.day);
	}
}

const char *
guid_fill(struct show *show, const char *pattern, const struct episode *e,
    struct err *err)
{
	const char *p = pattern, *end, *text, *out = NULL;
	int width, what;
	struct buf b;

	buf_init(&b, GUID_MAX);
	while (*p != '\0') {
		if (*p != '{') {
			buf_addc(&b, *p++);
			continue;
		}
		what = placeholder(p, &width, &end);
		p = end;
		text = text_of(show, e, what, width);
		if (text == NULL) {
			err_set(err, ERR_INPUT, "the episode has no %s, which "
			    "`%s` needs", names[what], pattern);
			goto out;
		}
		buf_adds(&b, text);
	}
	if (buf_check(&b, "the guid", err) == 0)
		out = arena_strdup(&show->arena, b.data);
out:
	buf_release(&b);
	return out;
}
