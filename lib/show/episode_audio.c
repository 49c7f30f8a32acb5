/* What is said of an episode's audio. */
#include "show/episode_int.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "show/media_type.h"
#include "show/pattern.h"
#include "text/url.h"
#include "text/utf8.h"
#include "text/xml.h"

/* A duration that is more likely a number of something else. */
#define DOUBTFUL_SECONDS 2

static void
take_media_type(const struct fact_source *s, struct episode *e)
{
	struct fact f = fact_get(s, "type");

	if (f.text != NULL && media_type_of(f.text) != MEDIA_TYPE_SOUND)
		fact_doubt(s, &f, "episode-value", "`%s: %s` is no type of "
		    "audio or video; write one such as audio/mpeg, or leave "
		    "it out", f.key, f.text);
	else
		e->audio.type = f.text;
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

/* What is said of the audio: an address, or a name that becomes one, or a
 * file. */
static void
take_audio_fact(const struct fact_source *s, const struct episode_rules *r,
    const struct fact *f, struct episode *e)
{
	const struct show *show = s->show;

	if (strncmp(f->text, "//", 2) == 0)
		e->audio.url = host_url(s, f);
	else if (strstr(f->text, "://") != NULL)
		e->audio.url = fact_url(s, "audio");
	else if (r->media_prefix != NULL)
		e->audio.url = prefixed(&s->show->arena, r->media_prefix,
		    f->text);
	else if (s->fields->site && f->text[0] == '/' &&
	    show->media_url == NULL && show->media_dir == NULL)
		e->audio.url = fact_url(s, "audio");
	else
		/* A site's paths count from its root. */
		e->audio.file = f->text + (s->fields->site ?
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

static void
take_duration(const struct fact_source *s, struct episode *e)
{
	struct fact f = fact_get(s, "duration");
	struct err err = ERR_INIT;

	e->audio.duration = -1;
	if (f.text == NULL)
		return;
	if (is_two_ways(f.text))
		fact_doubt(s, &f, "episode-duration", "`%s: %s` may be "
		    "minutes or seconds; write minutes:seconds, as in 29:01, "
		    "or whole seconds", f.key, f.text);
	else if (date_parse_duration(f.text, &e->audio.duration, &err) != 0)
		fact_complain(s, f.file, f.line, "episode-duration", "%s",
		    err.msg);
	else if (e->audio.duration <= DOUBTFUL_SECONDS)
		finding_add(s->to, SEV_WARNING, "episode-duration-short",
		    f.file, f.line, "`%s: %s` is %lld second%s; write "
		    "minutes:seconds, or seconds", f.key, f.text,
		    (long long)e->audio.duration,
		    e->audio.duration == 1 ? "" : "s");
}

/* Which file a list or map of them may have meant, for a message. */
static const char *
first_file(const struct node *n)
{
	const char *text;

	if (n->kind == NODE_LIST)
		n = n->first;
	if (n->kind == NODE_MAP) {
		text = node_get_text(n, "file");
		return text != NULL ? text : node_get_text(n, "url");
	}
	return n->kind == NODE_TEXT ? n->text : NULL;
}

/* An episode has one audio: of several none is taken, as nobody knows which
 * was meant. */
static void
tell_several(const struct fact_source *s, const struct node *n)
{
	const char *key = n->key != NULL ? n->key : "audio";
	const char *file = first_file(n);
	struct fact f = { NULL, s->file, n->line, true, FACT_FRONT, key };

	if (file == NULL || strlen(file) > 200 ||
	    utf8_has_control(file, strlen(file), false))
		file = "FILE or address";
	if (n->kind == NODE_LIST)
		fact_doubt(s, &f, "episode-value", "`%s` is a list, and an "
		    "episode has one audio; write it alone, as in `audio: "
		    "%s`", key, file);
	else
		fact_doubt(s, &f, "episode-value", "`%s` is a map in which "
		    "no audio is found; write the audio alone, as in `audio: "
		    "%s`", key, file);
}

static struct fact
audio_fact(const struct fact_source *s)
{
	struct fact f = { NULL, s->file, 0, true, FACT_FRONT, "audio" };
	struct fact_source quiet = *s;
	const struct node *n;
	bool several;

	quiet.trace = NULL;
	n = fact_node(&quiet, "audio");
	several = n != NULL && (n->kind == NODE_LIST || n->kind == NODE_MAP);
	if (!several || s->fields->site)
		f = fact_get(s, "audio");
	if (several && f.text == NULL)
		tell_several(s, n);
	return f;
}

void
episode_audio(const struct fact_source *s, const struct episode_rules *r,
    struct episode *e)
{
	struct fact f = audio_fact(s);
	struct err err = ERR_INIT;

	e->audio_from = f.text != NULL ? f.file : s->file;
	e->audio_line = f.text != NULL ? f.line : e->line;
	if (f.text != NULL) {
		take_audio_fact(s, r, &f, e);
	} else if (r->audio_url != NULL && e->slug != NULL) {
		e->audio.url = pattern_fill(&s->show->arena, r->audio_url, e,
		    &err);
		if (e->audio.url == NULL)
			fact_complain(s, s->file, e->line, "episode-audio",
			    "audio: %s", err.msg);
		fact_told(s, "audio", FACT_PATTERN, e->audio.url, 0);
	}
	e->audio.length = fact_size(s, "length");
	take_media_type(s, e);
	take_duration(s, e);
}
