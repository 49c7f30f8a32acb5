/* The facts of the show, as the site's configuration tells them. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "show/init_int.h"
#include "show/show.h"
#include "text/url.h"
#include "text/xml.h"

#define DESCRIPTION_PATHS "podcast.description params.feed.itunes_summary " \
	"channel.description podcast_description params.podcast.description " \
	"podcast.summary podcast_summary params.feed.description " \
	"itunes.summary itunes.description site.description " \
	"params.description description site_description summary " \
	"params.feed.itunes_subtitle itunes.subtitle subtitle site_tagline " \
	"tagline"

/* The facts that are a plain text, in the order of show.ini. */
static const struct {
	const char *key;
	bool must;
	const char *help;	/* where it is not said; NULL: no line then */
	const char *paths;
} texts[] = {
	{ "title", true, "the title of the show",
	    "podcast.title params.feed.title channel.title podcast_title "
	    "params.podcast.title itunes.title site.title site.name title "
	    "site_title site_name name" },
	{ "description", true, "what the show is about", DESCRIPTION_PATHS },
	{ "language", false, "the language of the show; en when not given",
	    "podcast.language channel.language params.feed.language "
	    "podcast_language params.podcast.language language_code language "
	    "lang locale site.language default_content_language" },
	{ "author", false, "who makes the show",
	    "podcast.author podcast.owner.name params.feed.itunes_author "
	    "channel.author podcast_author params.podcast.author "
	    "itunes_author itunes.author itunes.owner.name author.name "
	    "author params.author.name params.author site.author site_author "
	    "podcast_owner" },
	{ "email", false, NULL,
	    "podcast.owner.email params.feed.itunes_owner_email "
	    "channel.email podcast_email owner.email params.podcast.email "
	    "itunes_owner_email itunes.owner.email itunes.email email "
	    "author.email params.author.email "
	    "site.email" },
	{ "image", false, "the cover's address: 1400 to 3000 pixels square, "
	    "JPEG or PNG",
	    "podcast.image params.feed.itunes_image channel.artwork "
	    "podcast_image podcast_album_art image_path params.podcast.image "
	    "itunes_image itunes.image podcast.image.href podcast.image.url "
	    "itunes.image.href itunes.image.url podcast.image_path artwork "
	    "cover image site.image podcast.logo podcast_logo "
	    "params.podcast.logo" },
};

const char *
init_url(struct init_work *w, const char *path)
{
	size_t len = strlen(w->link);
	bool slash = w->link[len - 1] == '/';

	path += strspn(path, "/");
	return arena_printf(w->a, "%s%s%s", w->link, slash ? "" : "/", path);
}

/* An address that is somebody's: a generator's template has that of the
 * machine it runs on. */
static bool
is_address(const char *text)
{
	struct err err = ERR_INIT;

	return url_check(text, &err) == 0 && strstr(text, "://localhost") ==
	    NULL && strstr(text, "://127.0.0.1") == NULL;
}

/* Whether the address has the path at its end already, with or without a
 * slash behind it. */
static bool
ends_in_path(const char *url, const char *path)
{
	size_t len = strlen(url), n;

	path += strspn(path, "/");
	n = strlen(path);
	while (len > 0 && url[len - 1] == '/')
		len--;
	while (n > 0 && path[n - 1] == '/')
		n--;
	return n > 0 && len > n && url[len - n - 1] == '/' &&
	    strncmp(url + len - n, path, n) == 0;
}

static void
find_link(struct init_work *w, const char **where)
{
	static const char *const paths[] = {
		"podcast.link", "channel.link", "params.feed.link",
		"base_url", "site_url", "site_base_url", "site.url",
		"site.base_url", "url", "site", "homepage", "podcast_url"
	};
	struct init_said said, base;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		said = init_site_find(w->a, &w->site, paths[i]);
		if (said.text == NULL)
			continue;
		if (strncmp(said.text, "//", 2) == 0)
			said.text = arena_printf(w->a, "https:%s", said.text);
		if (is_address(said.text))
			break;
	}
	if (i == sizeof(paths) / sizeof(paths[0]))
		return;
	*where = said.where;
	w->link = said.text;
	/* Where the path of the site stands by itself. */
	base = init_site_find(w->a, &w->site, w->tree.kind == INIT_ASTRO ?
	    "base" : w->tree.kind == INIT_ELEVENTY ? "path_prefix" :
	    "baseurl");
	if (base.text == NULL || strstr(base.text, "//") != NULL ||
	    (base.text[0] != '/' && w->tree.kind == INIT_JEKYLL) ||
	    base.text[strspn(base.text, "./")] == '\0' ||
	    ends_in_path(said.text, base.text))
		return;
	w->link = init_url(w, base.text);
}

/* Without the word, the sign and the years, as Apple wants it. */
static const char *
bare_copyright(struct arena *a, const char *text)
{
	const char *p = text, *was;

	do {
		was = p;
		p += strspn(p, " ,-0123456789");
		if (strncasecmp(p, "copyright", 9) == 0)
			p += 9;
		else if (strncasecmp(p, "(c)", 3) == 0)
			p += 3;
		else if (strncasecmp(p, "&copy;", 6) == 0)
			p += 6;
		else if (strncmp(p, "\xc2\xa9", 2) == 0 ||
		    strncmp(p, "\xe2\x80\x93", 3) == 0)
			p += (unsigned char)*p == 0xc2 ? 2 : 3;
	} while (p != was);
	return *p == '\0' ? NULL : arena_strdup(a, p);
}

static void
tell_category(struct init_work *w)
{
	struct init_said top = init_site_find(w->a, &w->site,
	    "podcast.category params.feed.itunes_top_category "
	    "channel.category channel.categories podcast_category "
	    "itunes_categories params.podcast.category itunes_category "
	    "itunes.category itunes.category.name itunes.category.text "
	    "itunes.categories podcast.categories podcast.category.name "
	    "category");
	struct init_said sub = init_site_find(w->a, &w->site,
	    "podcast.subcategory params.feed.itunes_first_sub_category "
	    "podcast_subcategory_one podcast_subcategory itunes.subcategory "
	    "itunes.category.subcategory itunes.category.sub subcategory");
	const char *why, *more = "";

	if (top.text != NULL && sub.text != NULL &&
	    w->env->is_category(top.text, sub.text, &why)) {
		init_found(w->plan, "category", arena_printf(w->a, "%s > %s",
		    top.text, sub.text), top.where);
		return;
	}
	if (sub.text != NULL && top.text != NULL)
		more = arena_printf(w->a, "; `%s` %s", sub.text, why);
	if (top.text != NULL && w->env->is_category(top.text, NULL, &why))
		init_found(w->plan, "category", top.text, arena_printf(w->a,
		    "%s%s", top.where, more));
	else
		init_off(w->plan, "category", "News > Tech News",
		    top.text == NULL ? "one or two of Apple Podcasts' "
		    "categories; showmill-config(5) lists them" :
		    arena_printf(w->a, "%s: `%s` %s; showmill-config(5) lists "
		    "them", top.where, top.text, why));
}

static void
tell_explicit(struct init_work *w)
{
	struct init_said said = init_site_find(w->a, &w->site,
	    "podcast.explicit params.feed.itunes_explicit channel.explicit "
	    "podcast_explicit params.podcast.explicit itunes_explicit "
	    "itunes.explicit "
	    "explicit");

	if (said.text == NULL)
		return;
	if (strcasecmp(said.text, "yes") == 0 || strcasecmp(said.text,
	    "true") == 0 || strcasecmp(said.text, "explicit") == 0)
		init_found(w->plan, "explicit", "true", said.where);
	else
		init_found(w->plan, "explicit", "false", said.where);
}

/* A picture counts from the site, and a language has a dash. */
static const char *
settled(struct init_work *w, const char *key, const char *text)
{
	char *out, *p;

	if (strcmp(key, "image") == 0)
		return w->link != NULL ? xw_resolve(w->a, init_url(w, ""),
		    text) : strstr(text, "://") != NULL ? text : NULL;
	if (strcmp(key, "language") != 0)
		return text;
	out = arena_strdup(w->a, text);
	for (p = out; *p != '\0'; p++)
		if (*p == '_')
			*p = '-';
	return out;
}

static void
tell_texts(struct init_work *w)
{
	struct init_said said;
	const char *text;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		said = init_site_find(w->a, &w->site, texts[i].paths);
		text = said.text == NULL ? NULL : settled(w, texts[i].key,
		    said.text);
		if (text != NULL)
			init_found(w->plan, texts[i].key, text, said.where);
		else if (texts[i].must)
			init_must(w->plan, texts[i].key, NULL, texts[i].help);
		else if (texts[i].help != NULL)
			init_off(w->plan, texts[i].key, NULL, texts[i].help);
	}
}

static void
tell_rest(struct init_work *w)
{
	struct init_said said = init_site_find(w->a, &w->site,
	    "podcast.copyright params.feed.copyright channel.copyright "
	    "params.podcast.copyright copyright");
	const char *text = said.text == NULL ? NULL :
	    bare_copyright(w->a, said.text);

	if (text != NULL && strchr(text, '{') == NULL)
		init_found(w->plan, "copyright", text, said.where);
	said = init_site_find(w->a, &w->site,
	    "podcast.type channel.type params.feed.itunes_type itunes_type "
	    "itunes.type "
	    "type");
	if (said.text != NULL && strcasecmp(said.text, "serial") == 0)
		init_found(w->plan, "type", "serial", said.where);
}

static void
tell_feed(struct init_work *w)
{
	bool sure;
	const char *why = NULL, *url = init_feed_url(w, &why, &sure), *name;
	struct init_said guid = init_site_find(w->a, &w->site,
	    "podcast.guid podcast_guid params.feed.podcast_guid channel.guid");

	if (url == NULL) {
		init_must(w->plan, "feed_url", NULL,
		    "the address that players know the feed by");
		init_off(w->plan, "guid", NULL, "the show's podcast:guid: "
		    "when feed_url is set, showmill prints this line");
		return;
	}
	init_found(w->plan, "feed_url", url, why);
	if (!sure)
		init_look_at(w->plan, "feed_url", arena_printf(w->a, "%s is a "
		    "proposal: write the address that players know", url));
	if (guid.text != NULL)
		init_found(w->plan, "guid", guid.text, guid.where);
	else
		init_found(w->plan, "guid", show_guid_of_feed(w->a, url),
		    "made from feed_url by the rule for podcast:guid; a feed "
		    "that has one already keeps that");
	name = show_file_of_feed(w->a, url, "feed.xml");
	if (name != NULL)
		init_found(w->plan, "rss", name, "the name in feed_url");
}

void
init_show_facts(struct init_work *w)
{
	const char *where = NULL;

	init_heading(w->plan, "the show");
	find_link(w, &where);
	tell_texts(w);
	if (w->link != NULL)
		init_found(w->plan, "link", w->link, where);
	else
		init_must(w->plan, "link", NULL, "the show's web page");
	tell_category(w);
	tell_explicit(w);
	tell_rest(w);
	tell_feed(w);
}
