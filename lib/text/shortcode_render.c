#include "text/shortcode_int.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text/markdown.h"

#define URL_MAX 2000

static const char figures[] = "figure|fig|image|img|imgfig|picture";
static const char players[] = "audio|audioplayer|audio-player|audio_player|"
    "podcast|podcast-player|podcast_player|podcastplayer|player|mp3|podlove|"
    "podlove-player|buzzsprout|simplecast|libsyn|transistor|fireside|"
    "megaphone|captivate|blubrry|spreaker|podigee|anchor";

/* Places that one id names. */
static const struct {
	const char *names;
	const char *before;
	const char *after;
	const char *digits;	/* not NULL: the id is a number */
} sites[] = {
	{ "youtube|yt|youtube-lite|youtubelite|lite-youtube|youtube-enhanced",
	  "https://www.youtube.com/watch?v=", "", NULL },
	{ "vimeo|vimeo_simple", "https://vimeo.com/", "", "0" },
	{ "instagram|instagram_simple", "https://www.instagram.com/p/", "/",
	  NULL },
	{ "tweet|twitter|twitter_simple", "https://twitter.com/i/status/", "",
	  "0" },
	{ "x|x_simple", "https://x.com/i/status/", "", "0" },
	{ "soundcloud", "https://w.soundcloud.com/player/?url="
	  "https%3A//api.soundcloud.com/tracks/", "", "0" },
	{ "asciinema|asciicast", "https://asciinema.org/a/", "", NULL },
	{ "dailymotion", "https://www.dailymotion.com/video/", "", NULL }
};

static bool
is_url(const char *s)
{
	const char *p;

	if (strncasecmp(s, "http://", 7) != 0 &&
	    strncasecmp(s, "https://", 8) != 0)
		return false;
	for (p = s; *p != '\0'; p++)
		if ((unsigned char)*p <= 0x20 || strchr("<>\"'`\\{}()", *p) !=
		    NULL)
			return false;
	return p - s < URL_MAX;
}

static bool
is_id(const char *s, bool digits)
{
	size_t n = strspn(s, digits ? "0123456789" :
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "_-");

	return n > 0 && n <= 64 && s[n] == '\0';
}

/* Text of an argument as Markdown's text. */
static void
put_plain(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("\\`*_[]<&{", *s) != NULL)
			buf_addc(out, '\\');
		buf_addc(out, *s == '\n' || *s == '\r' ? ' ' : *s);
	}
}

/* … and as HTML's, in content and attributes. */
static void
put_escaped(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '<': buf_adds(out, "&lt;"); break;
		case '>': buf_adds(out, "&gt;"); break;
		case '"': buf_adds(out, "&quot;"); break;
		case '{': buf_adds(out, "&#123;"); break;
		case '\n': buf_addc(out, ' '); break;
		default: buf_addc(out, *s); break;
		}
	}
}

void
shortcode_path(struct walk *w, const char *path, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)path[i] <= 0x20 ||
		    strchr("()<>\"'\\{}", path[i]) != NULL)
			buf_addf(w->out, "%%%02X", (unsigned char)path[i]);
		else
			buf_addc(w->out, path[i]);
}

static void
put_link(struct walk *w, const char *url, const char *text)
{
	switch (walk_spot(w)) {
	case SPOT_TARGET:
	case SPOT_ATTRIBUTE:
		buf_adds(w->out, url);
		break;
	case SPOT_HTML:
		buf_addf(w->out, "<a href=\"");
		put_escaped(w->out, url);
		buf_adds(w->out, "\">");
		put_escaped(w->out, text != NULL ? text : url);
		buf_adds(w->out, "</a>");
		break;
	default:
		if (text == NULL) {
			buf_addf(w->out, "<%s>", url);
			break;
		}
		buf_addc(w->out, '[');
		put_plain(w->out, text);
		buf_addf(w->out, "](%s)", url);
		break;
	}
}

static const char *
id_of(const struct tag *t)
{
	const char *id = tag_named(t, "id|v|video|videoid|video_id|url|src");

	return id != NULL ? id : tag_at(t, 0);
}

/* A video, a post …: by its address or its id. */
static bool
render_site(struct walk *w, const struct tag *t, const char *name)
{
	const char *id = id_of(t), *user = tag_named(t, "user");
	char url[URL_MAX];
	size_t i;

	if (id == NULL)
		return false;
	for (i = 0; i < sizeof(sites) / sizeof(sites[0]); i++)
		if (shortcode_among(sites[i].names, name))
			break;
	if (i == sizeof(sites) / sizeof(sites[0]))
		return false;
	if (user == NULL && tag_at(t, 1) != NULL && is_id(tag_at(t, 1), true)) {
		user = id;	/* tweet USER ID */
		id = tag_at(t, 1);
	}
	if (is_url(id)) {
		put_link(w, id, tag_named(t, "title"));
		return true;
	}
	if (!is_id(id, sites[i].digits != NULL))
		return false;
	if (user != NULL && is_id(user, false) && strstr(sites[i].before,
	    "/i/status/") != NULL)
		snprintf(url, sizeof(url), "%.*s%s/status/%s",
		    (int)(strstr(sites[i].before, "i/status/") -
		    sites[i].before), sites[i].before, user, id);
	else
		snprintf(url, sizeof(url), "%s%s%s", sites[i].before, id,
		    sites[i].after);
	put_link(w, url, tag_named(t, "title"));
	return true;
}

/* gist USER ID, gist USER/ID, gist ID. */
static bool
render_gist(struct walk *w, const struct tag *t)
{
	const char *a = tag_at(t, 0), *b = tag_at(t, 1);
	char url[URL_MAX], user[80];
	size_t n;

	if (a == NULL)
		return false;
	if (is_url(a)) {
		put_link(w, a, NULL);
		return true;
	}
	n = strcspn(a, "/");
	if (a[n] == '/') {
		snprintf(user, sizeof(user), "%.*s", (int)n, a);
		b = a + n + 1;
		a = user;
	}
	if (!is_id(a, false))
		return false;
	if (b != NULL && is_id(b, false))
		snprintf(url, sizeof(url), "https://gist.github.com/%s/%s", a,
		    b);
	else
		snprintf(url, sizeof(url), "https://gist.github.com/%s", a);
	put_link(w, url, NULL);
	return true;
}

/* spotify TYPE ID, spotify TYPE/ID, spotify type="…" id="…". */
static bool
render_spotify(struct walk *w, const struct tag *t)
{
	static const char types[] =
	    "episode|show|track|album|playlist|artist";
	const char *type = tag_named(t, "type|kind"), *id = id_of(t);
	char url[URL_MAX], first[32];
	size_t n;

	if (id != NULL && is_url(id)) {
		put_link(w, id, tag_named(t, "title"));
		return true;
	}
	if (type == NULL && id != NULL && tag_at(t, 1) != NULL) {
		type = id;
		id = tag_at(t, 1);
	} else if (type == NULL && id != NULL) {
		n = strcspn(id, "/:");
		snprintf(first, sizeof(first), "%.*s", (int)n, id);
		type = first;
		id += n + (id[n] != '\0');
	}
	if (id == NULL || !shortcode_among(types, type) || !is_id(id, false))
		return false;
	snprintf(url, sizeof(url), "https://open.spotify.com/%s/%s", type, id);
	put_link(w, url, tag_named(t, "title"));
	return true;
}

/* Markdown that begins no block. */
static void
put_inline(struct buf *out, const char *s)
{
	s += strspn(s, " \t\r\n");
	if (*s != '\0' && strchr("#>+-=~", *s) != NULL)
		buf_addc(out, '\\');
	for (; *s != '\0'; s++)
		buf_addc(out, *s == '\n' ? ' ' : *s);
}

/* A picture's caption may hold Markdown. */
static void
put_caption(struct walk *w, const char *caption, bool html)
{
	if (caption == NULL)
		return;
	buf_adds(w->out, html ? "<br />" : "\\\n");
	if (html)
		put_escaped(w->out, caption);
	else
		put_inline(w->out, caption);
}

static void
put_image(struct walk *w, const char *src, const char *alt, const char *link)
{
	if (link != NULL)
		buf_addc(w->out, '[');
	buf_adds(w->out, "![");
	put_plain(w->out, alt != NULL ? alt : "");
	buf_adds(w->out, "](");
	shortcode_path(w, src, strlen(src));
	buf_addc(w->out, ')');
	if (link != NULL) {
		buf_adds(w->out, "](");
		shortcode_path(w, link, strlen(link));
		buf_addc(w->out, ')');
	}
}

static void
put_html_image(struct walk *w, const char *src, const char *alt,
    const char *link)
{
	if (link != NULL) {
		buf_adds(w->out, "<a href=\"");
		put_escaped(w->out, link);
		buf_adds(w->out, "\">");
	}
	buf_adds(w->out, "<img src=\"");
	put_escaped(w->out, src);
	buf_adds(w->out, "\" alt=\"");
	put_escaped(w->out, alt != NULL ? alt : "");
	buf_adds(w->out, "\" />");
	if (link != NULL)
		buf_adds(w->out, "</a>");
}

/* An output at the head of an address is the site's root. */
static const char *
without_output(const char *s)
{
	const char *close = s != NULL && strncmp(s, "{{", 2) == 0 ?
	    strstr(s, "}}") : NULL;

	return close != NULL ? close + 2 : s;
}

static const char *
source_of(const struct tag *t)
{
	const char *src = tag_named(t, "src|image|image_path|url|path|file");
	const char *s;
	unsigned i;

	for (i = 0; src == NULL && (s = tag_at(t, i)) != NULL; i++)
		if (strpbrk(s, "./") != NULL)
			src = s;
	return without_output(src);
}

/* A caption is Markdown, an alternative text is not. */
static const char *
without_marks(struct walk *w, const char *caption)
{
	struct err ignored = ERR_INIT;
	struct markdown *m = NULL;
	const char *alt = caption;
	struct buf text, words;

	if (caption == NULL || caption[strcspn(caption, "*_`[<&\\")] == '\0')
		return caption;
	buf_init(&text, 0);
	buf_init(&words, 0);
	put_inline(&text, caption);
	m = markdown_parse(text.data, text.len, NULL, &ignored);
	if (m != NULL && markdown_summary(m, MARKDOWN_MAX, &words,
	    &ignored) == 0 && words.len > 0)
		alt = arena_strdup(&w->arena, words.data);
	markdown_free(m);
	buf_release(&text);
	buf_release(&words);
	return alt;
}

static bool
render_figure(struct walk *w, const struct tag *t)
{
	const char *src = source_of(t), *alt = tag_named(t, "alt");
	const char *title = tag_named(t, "title");
	const char *caption = tag_named(t, "caption|description");
	const char *link = without_output(tag_named(t, "link|href"));
	enum spot spot = walk_spot(w);

	if (src == NULL || *src == '\0')
		return false;
	if (alt == NULL && tag_at(t, 1) != NULL &&
	    without_output(tag_at(t, 0)) == src)
		alt = tag_at(t, 1);
	if (alt == NULL)
		alt = without_marks(w, caption != NULL ? caption : title);
	if (spot == SPOT_TARGET || spot == SPOT_ATTRIBUTE) {
		shortcode_path(w, src, strlen(src));
		return true;
	}
	if (spot == SPOT_HTML)
		put_html_image(w, src, alt, link);
	else
		put_image(w, src, alt, link);
	put_caption(w, title, spot == SPOT_HTML);
	put_caption(w, caption, spot == SPOT_HTML);
	return true;
}

/* The length of a page's path without its file's name where that says
 * nothing: a/b.md is a/b, a/index.md is a. */
static size_t
page_length(const char *path, size_t len, const char *slash)
{
	const char *dot = memrchr(slash, '.', len - (size_t)(slash - path));

	if (strncmp(slash, "/index.", 7) == 0 ||
	    strncmp(slash, "/_index.", 8) == 0)
		return (size_t)(slash - path);
	return dot != NULL && (strncmp(dot, ".md", 3) == 0 ||
	    strncmp(dot, ".html", 5) == 0) ? (size_t)(dot - path) : len;
}

/* A page's path as Hugo's own rules make it: content/a/b.md is /a/b/. A bare
 * name is looked for in all of the site, so it cannot be known. */
static bool
render_ref(struct walk *w, const struct tag *t)
{
	const char *path = tag_named(t, "path"), *slash;
	enum spot spot = walk_spot(w);
	size_t len;

	if (path == NULL)
		path = tag_at(t, 0);
	if (path == NULL || (spot != SPOT_TARGET && spot != SPOT_ATTRIBUTE))
		return false;
	len = strcspn(path, "#");
	slash = memrchr(path, '/', len);
	if (len > 0 && slash == NULL)
		return false;
	if (len > 0) {
		if (path[0] != '/')
			buf_addc(w->out, '/');
		shortcode_path(w, path, page_length(path, len, slash));
		if (w->out->data[w->out->len - 1] != '/')
			buf_addc(w->out, '/');
	}
	shortcode_path(w, path + len, strlen(path + len));
	return true;
}

/* Jekyll's: a file that is copied as it is has its own path, a page may have
 * any. */
static bool
render_file(struct walk *w, const struct tag *t)
{
	const char *path = tag_at(t, 0);
	const char *dot = path != NULL ? strrchr(path, '.') : NULL;
	enum spot spot = walk_spot(w);

	if (dot == NULL || path[0] == '_' || strstr(path, "/_") != NULL ||
	    shortcode_among(".md|.markdown|.html", dot) ||
	    (spot != SPOT_TARGET && spot != SPOT_ATTRIBUTE))
		return false;
	if (path[0] != '/')
		buf_addc(w->out, '/');
	shortcode_path(w, path, strlen(path));
	return true;
}

static bool
render_known(struct walk *w, const struct tag *t, const char *name)
{
	if (shortcode_among(players, name))
		return true;
	if (shortcode_among(figures, name))
		return render_figure(w, t);
	if (strcmp(name, "gist") == 0)
		return render_gist(w, t);
	if (strcmp(name, "spotify") == 0)
		return render_spotify(w, t);
	if (shortcode_among("ref|relref", name))
		return render_ref(w, t);
	if (strcmp(name, "link") == 0)
		return render_file(w, t);
	return render_site(w, t, name);
}

/* {% include youtube.html id="…" %}: the file's name is the tag's. */
static void
include_name(const struct tag *t, char name[TAG_NAME_MAX])
{
	const char *file = tag_at(t, 0), *slash, *provider;

	slash = file != NULL ? strrchr(file, '/') : NULL;
	if (slash != NULL)
		file = slash + 1;
	snprintf(name, TAG_NAME_MAX, "%.*s", file != NULL ?
	    (int)strcspn(file, ".") : 0, file != NULL ? file : "");
	provider = tag_named(t, "provider");
	if (strcmp(name, "video") == 0 && provider != NULL)
		snprintf(name, TAG_NAME_MAX, "%s", provider);
}

void
shortcode_render(struct walk *w, const struct tag *t, const char *as_written)
{
	struct tag inner = *t;
	char name[TAG_NAME_MAX];
	enum spot spot;
	unsigned i;

	snprintf(name, sizeof(name), "%s", t->name);
	if (shortcode_among("include|include_relative|render|partial",
	    t->name) && t->nargs > 0) {
		include_name(t, name);
		for (i = 1; i < t->nargs; i++)
			inner.args[i - 1] = t->args[i];
		inner.nargs--;
		if (as_written[1] == '%' && t->args[0].name == NULL)
			as_written = arena_printf(&w->arena, "{%% %s %.*s %%}",
			    t->name, TAG_NAME_MAX, t->args[0].value);
	}
	if (render_known(w, &inner, name))
		return;
	spot = walk_spot(w);
	if (spot == SPOT_TARGET)
		walk_unlink(w, as_written);
	else
		walk_tell(w, "`%s` is left out: it is not known, or not with "
		    "these arguments (what stands between it and an end of "
		    "it is kept)", as_written);
}
