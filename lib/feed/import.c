#include "feed/import.h"

#include <inttypes.h>
#include <string.h>

#include "base/fs.h"
#include "base/strmap.h"
#include "feed/import_int.h"
#include "show/media_type.h"
#include "show/twins.h"
#include "text/url.h"
#include "text/utf8.h"

#define SLUG_MAX 61
#define NUMBER_MAX 999999999	/* of an episode */

/* What was seen of the items before. */
struct seen {
	struct strmap guids, audio, numbers;	/* values: place of the item */
};

static int
complain(struct import *im, const struct feed_doc_item *d, const char *what)
{
	finding_add(im->to, SEV_ERROR, "import-item", im->doc->file, d->line,
	    "the item \"%s\" %s", d->title != NULL ? d->title :
	    "(no title)", what);
	return -1;
}

/* What may be wrong with many items: told of the first, then counted. */
#define TOLD_MAX 10

enum doubt { NO_TITLE, NO_DATE, NO_AUDIO, NO_SOUND, SOUND_TITLE, NO_NUMBER,
	DOUBTS };

static const char *const doubts[DOUBTS][2] = {
	[NO_TITLE] = { "has no title in the feed; this one is made up",
	    "have no title" },
	[NO_DATE] = { "has no date in the feed that can be read; one that "
	    "keeps the order is made up", "have no date that can be read" },
	[NO_AUDIO] = { "has no audio and becomes a draft",
	    "have no audio and become drafts" },
	[NO_SOUND] = { "has no enclosure that can be played and becomes a "
	    "draft", "have no enclosure that can be played and become "
	    "drafts" },
	[SOUND_TITLE] = { "has an enclosure with a title, which is left out",
	    "have an enclosure with a title" },
	[NO_NUMBER] = { "has a number that another item has too, or that is "
	    "too large; it stays in `xml` alone", "have such a number" }
};

static void
doubt(struct import *im, const struct import_item *it, enum doubt which,
    size_t counts[DOUBTS])
{
	if (++counts[which] <= TOLD_MAX)
		finding_add(im->to, SEV_WARNING, "import-item", im->doc->file,
		    it->doc->line, "the item \"%s\" %s", it->title,
		    doubts[which][0]);
}

static void
count_doubts(struct import *im, const size_t counts[DOUBTS])
{
	size_t i;

	for (i = 0; i < DOUBTS; i++)
		if (counts[i] > TOLD_MAX)
			finding_add(im->to, SEV_WARNING, "import-item",
			    im->doc->file, 0, "%zu items %s; the first %d "
			    "were told", counts[i], doubts[i][1], TOLD_MAX);
}

/* What an enclosure seems to be: its type, or the ending of its name, which is
 * less often wrong; else what was meant by a type such as "x-audio/mp3". */
static enum media_type
seems(const struct feed_doc_enclosure *e)
{
	const char *type = e->type != NULL ? e->type : "";
	enum media_type told = media_type_of(type);

	if (told != MEDIA_TYPE_SOUND && media_type_by_name(e->url) != NULL)
		return MEDIA_TYPE_SOUND;
	if (told == MEDIA_TYPE_WRONG && (strchr(type, '/') == NULL ||
	    strcasestr(type, "audio") != NULL ||
	    strcasestr(type, "video") != NULL))
		told = MEDIA_TYPE_SILENT;
	return told;
}

/* The first one that can be played; else the first of which nothing tells what
 * it is. */
static const struct feed_doc_enclosure *
choose_audio(struct arena *a, const struct feed_doc_item *d)
{
	const struct feed_doc_enclosure *e, *silent = NULL;
	size_t i;

	for (i = 0; i < d->nenclosures; i++) {
		e = &d->enclosures[i];
		if (import_address(a, e->url) == NULL)
			continue;
		if (seems(e) == MEDIA_TYPE_SOUND)
			return e;
		if (silent == NULL && seems(e) == MEDIA_TYPE_SILENT)
			silent = e;
	}
	return silent;
}

/* Without what no title may have. */
static const char *
without_control(struct arena *a, const char *text)
{
	size_t len = strlen(text), n;
	struct buf b;

	if (!utf8_has_control(text, len, false))
		return text;
	buf_init(&b, 0);
	while (len > 0) {
		n = utf8_control_at(text, len, false);
		buf_add(&b, text, n);
		text += n;
		len -= n;
		if (len > 0) {
			int32_t c;

			n = utf8_next(text, len, &c);
			buf_addc(&b, ' ');
			text += n;
			len -= n;
		}
	}
	text = arena_strdup(a, b.data);
	buf_release(&b);
	return text;
}

static const char *
title_of(struct arena *a, const struct feed_doc_item *d)
{
	const char *title = d->title, *url;

	if (title == NULL)
		title = d->itunes_title;
	if (title == NULL && d->nenclosures > 0) {
		url = d->enclosures[0].url;
		title = fs_stem(a, arena_strndup(a, url, strcspn(url, "?#")));
	}
	if (title == NULL || title[0] == '\0')
		title = "Untitled";
	return without_control(a, title);
}

static const char *
key_of_number(struct arena *a, const struct feed_doc_item *d)
{
	return arena_printf(a, "%" PRId64 " %" PRId64 " %s", d->season,
	    d->episode, d->type != NULL ? d->type : "full");
}

static void
warn_item(struct import *im, const struct import_item *it,
    size_t counts[DOUBTS])
{
	const struct feed_doc_item *d = it->doc;

	if (d->title == NULL)
		doubt(im, it, NO_TITLE, counts);
	if (!it->dated)
		doubt(im, it, NO_DATE, counts);
	im->ndrafts += it->audio == NULL;
	if (it->audio == NULL)
		doubt(im, it, d->nenclosures == 0 ? NO_AUDIO : NO_SOUND,
		    counts);
	else if (it->audio->title != NULL &&
	    !import_same(it->audio->title, d->title))
		doubt(im, it, SOUND_TITLE, counts);
	if (d->episode > 0 && it->number == 0)
		doubt(im, it, NO_NUMBER, counts);
}

/* -1: it was told why it cannot be imported. */
static int
take_item(struct import *im, const struct feed_doc_item *d, struct seen *seen,
    struct import_item *out)
{
	struct arena *a = &im->arena;
	size_t at = im->nitems, other;

	memset(out, 0, sizeof(*out));
	out->doc = d;
	out->guid = feed_doc_id(d);
	out->audio = choose_audio(a, d);
	out->audio_url = out->audio == NULL ? NULL :
	    import_address(a, out->audio->url);
	out->title = title_of(a, d);
	out->date = d->date.date;
	out->dated = d->date.known;
	if (out->guid == NULL)
		return complain(im, d, d->nenclosures == 0 ? "has neither a "
		    "guid nor a link nor an enclosure; there is nothing to "
		    "know it by" : "has neither a guid nor a link, and several "
		    "enclosures; there is nothing to know it by");
	if (utf8_has_control(out->guid, strlen(out->guid), false))
		return complain(im, d, "has a control character in its guid");
	other = strmap_put(&seen->guids, twins_key(a, out->guid), at);
	if (other != STRMAP_NONE)
		return complain(im, d, arena_printf(a, "has the guid of the "
		    "one on line %u, %s: players take them for one episode",
		    im->items[other].doc->line, out->guid));
	other = out->audio == NULL ? STRMAP_NONE :
	    strmap_put(&seen->audio, out->audio_url, at);
	if (other != STRMAP_NONE)
		return complain(im, d, arena_printf(a, "has the audio of the "
		    "one on line %u, %s: directories show only one of them",
		    im->items[other].doc->line, out->audio_url));
	if (d->episode > 0 && d->episode <= NUMBER_MAX &&
	    strmap_put(&seen->numbers, key_of_number(a, d), at) ==
	    STRMAP_NONE)
		out->number = d->episode;
	return 0;
}

/* Those without a date get one that keeps the order of the feed: a second
 * less than the one before, since a feed begins with the newest. */
static void
make_dates(struct import *im)
{
	const struct feed_doc_channel *c = &im->doc->channel;
	struct import_item *it = im->items;
	size_t n = im->nitems, first, i;

	for (first = 0; first < n && !it[first].dated; first++)
		;
	if (n > 0 && first == n) {
		first = 0;
		it[0].date = c->date.known ? c->date.date :
		    c->last_build.known ? c->last_build.date :
		    (struct date){ (int64_t)n, 0 };
	}
	for (i = first; i > 0; i--) {
		it[i - 1].date = it[i].date;
		it[i - 1].date.t++;
	}
	for (i = first + 1; i < n; i++) {
		if (it[i].dated)
			continue;
		it[i].date = it[i - 1].date;
		if (it[i].date.t > 0)
			it[i].date.t--;
	}
}

static bool
is_tied(const struct import_item *x, const struct import_item *y)
{
	return x->number == 0 && y->number == 0 && x->date.t == y->date.t;
}

/* By the number, else by the date. */
static void
name_item(struct import *im, struct import_item *it, size_t at, unsigned tie,
    int width)
{
	struct arena *a = &im->arena;
	struct date_parts day;
	char slug[SLUG_MAX];
	const char *stem;
	unsigned n;

	if (utf8_slug(it->title, slug, sizeof(slug)) == 0)
		memcpy(slug, "episode", sizeof("episode"));
	date_split(&it->date, &day);
	stem = arena_printf(a, "%04d-%02d-%02d-%s", day.year, day.month,
	    day.day, slug);
	if (it->number > 0)
		stem = arena_printf(a, "%03" PRId64 "-%s", it->number, slug);
	else if (tie > 0)
		stem = arena_printf(a, "%04d-%02d-%02d-%0*u-%s", day.year,
		    day.month, day.day, width, tie, slug);
	it->stem = stem;
	it->name = arena_printf(a, "%s.md", stem);
	for (n = 2; strmap_put(&im->names, it->name, at) != STRMAP_NONE;
	    n++) {
		it->stem = arena_printf(a, "%s-%u", stem, n);
		it->name = arena_printf(a, "%s.md", it->stem);
	}
}

/* Of episodes with one date and no number the feed that is built has that
 * with the later name first. Where several stand together, their names have a
 * number that keeps their order: how many of them are left from there on. */
static void
name_items(struct import *im)
{
	size_t i, end, n;
	int width;

	for (i = 0; i < im->nitems; i = end) {
		end = i + 1;
		while (end < im->nitems &&
		    is_tied(&im->items[i], &im->items[end]))
			end++;
		width = 1;
		for (n = end - i; n >= 10; n /= 10)
			width++;
		if (end - i == 1)
			name_item(im, &im->items[i], i, 0, width);
		for (n = i; n < end && end - i > 1; n++)
			name_item(im, &im->items[n], n, (unsigned)(end - n),
			    width);
	}
}

static const char *
slug_of(struct import *im, const char *slug)
{
	const char *title = im->doc->channel.title;
	char made[SLUG_MAX];

	if (slug != NULL)
		return slug;
	if (title == NULL || utf8_slug(title, made, sizeof(made)) == 0)
		return "show";
	return arena_strdup(&im->arena, made);
}

void
import_plan(struct import *im, const struct feed_doc *doc, const char *slug,
    const char *from, bool with_media, struct findings *to)
{
	struct seen seen = { STRMAP_INIT, STRMAP_INIT, STRMAP_INIT };
	size_t counts[DOUBTS] = { 0 }, i;

	memset(im, 0, sizeof(*im));
	im->doc = doc;
	im->from = from;
	im->with_media = with_media;
	im->to = to;
	im->slug = slug_of(im, slug);
	im->items = arena_array(&im->arena, doc->nitems + 1,
	    sizeof(*im->items));
	for (i = 0; i < doc->nitems; i++) {
		if (take_item(im, &doc->items[i], &seen,
		    &im->items[im->nitems]) == 0)
			im->nitems++;
		else
			im->nleft_out++;
	}
	make_dates(im);
	name_items(im);
	for (i = 0; i < im->nitems; i++)
		warn_item(im, &im->items[i], counts);
	count_doubts(im, counts);
	if (doc->nitems == 0)
		finding_add(to, SEV_WARNING, "import-item", doc->file, 0,
		    "there is no item in this feed");
	import_media_plan(im);
	strmap_release(&seen.guids);
	strmap_release(&seen.audio);
	strmap_release(&seen.numbers);
}

void
import_release(struct import *im)
{
	strmap_release(&im->names);
	strmap_release(&im->media_at);
	arena_release(&im->arena);
}

const char *
import_name(const struct import *im, size_t i)
{
	return im->items[i].name;
}
