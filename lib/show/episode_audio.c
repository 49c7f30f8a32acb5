/* What is said of an episode's audio. */
#include "show/episode_int.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "show/media_type.h"
#include "show/pattern.h"
#include "text/url.h"
#include "text/xml.h"

/* A duration that is more likely a number of something else. */
#define DOUBTFUL_SECONDS 2

const char *
audio_type(const struct fact_source *s, const struct fact *f)
{
	if (f->text == NULL || media_type_of(f->text) == MEDIA_TYPE_SOUND)
		return f->text;
	fact_doubt(s, f, "episode-value", "`%s: %s` is no type of audio or "
	    "video; write one such as audio/mpeg, or leave it out", f->key,
	    f->text);
	return NULL;
}

/* The address of a file whose name stands behind media_prefix. A name that is
 * percent-encoded already stays as it is. */
static const char *
prefixed(struct arena *a, const char *prefix, const char *name)
{
	const char *out, *p = name;
	struct buf b;

	while ((p = strchr(p, '%')) != NULL && isxdigit((unsigned char)p[1]) &&
	    isxdigit((unsigned char)p[2]))
		p++;
	buf_init(&b, 0);
	buf_adds(&b, prefix);
	if (name[0] == '/' && prefix[strlen(prefix) - 1] == '/')
		name++;
	url_add_encoded(&b, name, p == NULL ? "/%" : "/");
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}

/* `//host/path`: an address that leaves its scheme to the page it stands on;
 * a feed stands on none. */
static const char *
host_url(const struct fact_source *s, const struct fact *f)
{
	struct err err = ERR_INIT;
	const char *url = xw_resolve(&s->show->arena, "https://localhost/",
	    f->text);

	if (f->text[2] != '/' && url_check(url, &err) == 0)
		return url;
	fact_doubt(s, f, "episode-url", "`%s: %s` is no address; write it as "
	    "https://host/path", f->key, f->text);
	return NULL;
}

void
audio_name(const struct fact_source *s, const struct episode_rules *r,
    const struct fact *f, struct media *out)
{
	const struct show *show = s->show;

	if (strncmp(f->text, "//", 2) == 0)
		out->url = host_url(s, f);
	else if (strstr(f->text, "://") != NULL)
		out->url = fact_address(s, f);
	else if (r->media_prefix != NULL)
		out->url = prefixed(&s->show->arena, r->media_prefix,
		    f->text);
	else if (s->fields->site && f->text[0] == '/' &&
	    show->media_url == NULL && show->media_dir == NULL)
		out->url = fact_address(s, f);
	else
		/* A site's paths count from its root. */
		out->file = f->text + (s->fields->site ?
		    strspn(f->text, "/") : 0);
}

/* `29.01`: twenty-nine minutes and one second, or twenty-nine seconds? What
 * measures a file writes more digits, or a longer time. */
static bool
is_two_ways(const char *s)
{
	size_t whole = strspn(s, "0123456789");
	size_t part = s[whole] != '.' ? 0 : strspn(s + whole + 1,
	    "0123456789");

	return whole > 0 && whole < 4 && part > 0 && part < 3 &&
	    s[whole + 1 + part] == '\0' &&
	    s[whole + 1 + strspn(s + whole + 1, "0")] != '\0';
}

void
audio_length(const struct fact_source *s, const struct fact *f,
    struct media *out)
{
	out->length = fact_size(s, f);
	out->length_at = (struct show_place){ f->file, f->line };
}

void
audio_duration(const struct fact_source *s, const struct fact *f,
    struct media *out)
{
	struct err err = ERR_INIT;

	out->duration = -1;
	out->duration_at = (struct show_place){ f->file, f->line };
	if (f->text == NULL)
		return;
	if (is_two_ways(f->text))
		fact_doubt(s, f, "episode-duration", "`%s: %s` may be "
		    "minutes or seconds; write minutes:seconds, as in 29:01, "
		    "or whole seconds", f->key, f->text);
	else if (date_parse_duration(f->text, &out->duration, &err) != 0)
		fact_complain(s, f->file, f->line, "episode-duration", "%s",
		    err.msg);
	else if (out->duration <= DOUBTFUL_SECONDS)
		finding_add(s->to, SEV_WARNING, "episode-duration-short",
		    f->file, f->line, "`%s: %s` is %lld second%s; write "
		    "minutes:seconds, or seconds", f->key, f->text,
		    (long long)out->duration, out->duration == 1 ? "" : "s");
}

/* The list of its files, or the one that is a map; NULL: it stands in one
 * plain value, which f becomes, or is not said. */
static const struct node *
list_of_files(const struct fact_source *s, struct fact *f)
{
	struct fact_source quiet = *s;
	const struct node *n;
	bool several;

	quiet.trace = NULL;
	n = fact_node(&quiet, "audio");
	several = n != NULL && (n->kind == NODE_LIST || n->kind == NODE_MAP);
	/* In a site's own tree another key may have it. */
	if (!several || s->fields->site)
		*f = fact_get(s, "audio");
	return several && f->text == NULL ? fact_node(s, "audio") : NULL;
}

/* Without any word of it. */
static void
take_pattern(const struct fact_source *s, const struct episode_rules *r,
    struct episode *e)
{
	struct err err = ERR_INIT;

	e->audio.url = pattern_fill(&s->show->arena, r->audio_url, e, &err);
	if (e->audio.url == NULL)
		fact_complain(s, s->file, e->line, "episode-audio",
		    "audio: %s", err.msg);
	fact_told(s, "audio", FACT_PATTERN, e->audio.url, 0);
}

/* What is said beside the audio is meant for it where its own entry of a list
 * does not say it. */
static void
take_beside(const struct fact_source *s, struct media *audio)
{
	struct fact f = fact_get(s, "length");

	if (audio->length < 0)
		audio_length(s, &f, audio);
	f = fact_get(s, "type");
	if (audio->type == NULL)
		audio->type = audio_type(s, &f);
	f = fact_get(s, "duration");
	if (audio->duration < 0)
		audio_duration(s, &f, audio);
}

void
episode_audio(const struct fact_source *s, const struct episode_rules *r,
    struct episode *e)
{
	struct fact f = { NULL, s->file, 0, true, FACT_FRONT, "audio" };
	const struct node *files = list_of_files(s, &f);

	e->audio.from = f.text != NULL ? f.file : s->file;
	e->audio.line = f.text != NULL ? f.line : e->line;
	e->audio.length = e->audio.duration = -1;
	if (files != NULL)
		episode_files(s, r, files, e);
	else if (f.text != NULL)
		audio_name(s, r, &f, &e->audio);
	if (files == NULL && f.text == NULL && r->audio_url != NULL &&
	    e->slug != NULL)
		take_pattern(s, r, e);
	take_beside(s, &e->audio);
}
