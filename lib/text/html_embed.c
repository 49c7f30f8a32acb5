#include "text/html_embed.h"

#include <string.h>
#include <strings.h>

#define ID_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
    "0123456789_-"
#define PATH_CHARS ID_CHARS "/.%~"

/* What stands behind a player's address and makes its page: */
enum kind {
	ID,		/* an id */
	TYPE_AND_ID,	/* a word, "/", and an id */
	CAST,		/* an id, and "/iframe" or "/embed" */
	APPLE,		/* a path, and the episode as "i=1000" */
	SOUND		/* "url=" and the address of the sound */
};

/* As shortcodes have them (text/shortcode.h). */
static const struct {
	const char *embed;
	const char *page;
	enum kind kind;
} players[] = {
	{ "www.youtube.com/embed/", "https://www.youtube.com/watch?v=", ID },
	{ "youtube.com/embed/", "https://www.youtube.com/watch?v=", ID },
	{ "www.youtube-nocookie.com/embed/",
	  "https://www.youtube.com/watch?v=", ID },
	{ "player.vimeo.com/video/", "https://vimeo.com/", ID },
	{ "www.dailymotion.com/embed/video/",
	  "https://www.dailymotion.com/video/", ID },
	{ "open.spotify.com/embed/", "https://open.spotify.com/",
	  TYPE_AND_ID },
	{ "open.spotify.com/embed-podcast/", "https://open.spotify.com/",
	  TYPE_AND_ID },
	{ "asciinema.org/a/", "https://asciinema.org/a/", CAST },
	{ "embed.podcasts.apple.com/", "https://podcasts.apple.com/", APPLE },
	{ "w.soundcloud.com/player/?",
	  "https://w.soundcloud.com/player/?url=", SOUND }
};

/* The value of a key in a query ("a=b&amp;c=d"), and its length; NULL when it
 * is not there. */
static const char *
query_value(const char *query, const char *key, size_t *len)
{
	size_t n = strlen(key);
	const char *p = query;

	while (p != NULL) {
		p += strspn(p, "?&");
		if (strncmp(p, "amp;", 4) == 0)
			p += 4;
		if (strncmp(p, key, n) == 0 && p[n] == '=') {
			p += n + 1;
			*len = strcspn(p, "&#");
			return p;
		}
		p = strchr(p, '&');
	}
	return NULL;
}

/* What chooses what is played must not be lost. */
static bool
says_more(const char *query)
{
	static const char *const keys[] = { "list", "start", "end", "t", "h" };
	size_t i, len;

	if (*query == '\0')
		return false;
	if (*query != '?' || strchr(query, '#') != NULL)
		return true;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (query_value(query, keys[i], &len) != NULL)
			return true;
	return false;
}

static bool
put_id(const char *page, const char *s, struct buf *out)
{
	size_t n = strspn(s, ID_CHARS);

	if (n == 0 || strncmp(s, "videoseries", n) == 0 || says_more(s + n))
		return false;
	buf_addf(out, "%s%.*s", page, (int)n, s);
	return true;
}

static bool
put_type_and_id(const char *page, const char *s, struct buf *out)
{
	static const char *const types[] = {
		"episode/", "show/", "track/", "album/", "playlist/",
		"artist/"
	};
	size_t i, n, len;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		len = strlen(types[i]);
		if (strncmp(s, types[i], len) != 0)
			continue;
		n = strspn(s + len, ID_CHARS);
		/* "/video" shows the same episode as a film. */
		if (n == 0 || says_more(s + len + n + (strncmp(s + len + n,
		    "/video", 6) == 0 ? 6 : 0)))
			return false;
		buf_addf(out, "%s%.*s", page, (int)(len + n), s);
		return true;
	}
	return false;
}

static bool
put_cast(const char *page, const char *s, struct buf *out)
{
	size_t n = strspn(s, ID_CHARS), end;

	if (n == 0 || (strncmp(s + n, "/iframe", 7) != 0 &&
	    strncmp(s + n, "/embed", 6) != 0))
		return false;
	end = n + (s[n + 1] == 'i' ? 7 : 6);
	if (says_more(s + end))
		return false;
	buf_addf(out, "%s%.*s", page, (int)n, s);
	return true;
}

static bool
put_apple(const char *page, const char *s, struct buf *out)
{
	size_t n = strspn(s, PATH_CHARS), len;
	const char *episode;

	if (n == 0 || (s[n] != '\0' && s[n] != '?') ||
	    strchr(s + n, '#') != NULL)
		return false;
	buf_addf(out, "%s%.*s", page, (int)n, s);
	episode = query_value(s + n, "i", &len);
	if (episode != NULL && len > 0 &&
	    strspn(episode, "0123456789") >= len)
		buf_addf(out, "?i=%.*s", (int)len, episode);
	return true;
}

/* The %XX of ":" and "/" resolved; those of others are part of an address. */
static void
add_address(struct buf *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (len - i > 2 && strncasecmp(s + i, "%3a", 3) == 0) {
			buf_addc(out, ':');
			i += 2;
		} else if (len - i > 2 && strncasecmp(s + i, "%2f", 3) == 0) {
			buf_addc(out, '/');
			i += 2;
		} else {
			buf_addc(out, s[i]);
		}
}

/* The page of a sound is not known from its number: then the player's own is
 * linked, without what only says how it looks. */
static bool
put_sound(const char *page, const char *s, struct buf *out)
{
	static const char site[] = "https://soundcloud.com/";
	const char *url;
	size_t len;
	struct buf to;

	url = query_value(s, "url", &len);
	if (url == NULL || len == 0 || strchr(s, '#') != NULL ||
	    strspn(url, PATH_CHARS ":") < len)
		return false;
	buf_init(&to, 0);
	add_address(&to, url, len);
	if (strncmp(to.data, site, strlen(site)) == 0 &&
	    strchr(to.data, '%') == NULL)
		buf_add(out, to.data, to.len);
	else
		buf_addf(out, "%s%.*s", page, (int)len, url);
	buf_release(&to);
	return true;
}

bool
markup_embed_page(const char *src, struct buf *out)
{
	static bool (*const put[])(const char *, const char *, struct buf *) = {
		[ID] = put_id, [TYPE_AND_ID] = put_type_and_id,
		[CAST] = put_cast, [APPLE] = put_apple, [SOUND] = put_sound
	};
	size_t i, len;

	src += strspn(src, " \t\r\n");
	if (strncasecmp(src, "https:", 6) == 0)
		src += 6;
	else if (strncasecmp(src, "http:", 5) == 0)
		src += 5;
	if (strncmp(src, "//", 2) != 0)
		return false;
	src += 2;
	for (i = 0; i < sizeof(players) / sizeof(players[0]); i++) {
		len = strlen(players[i].embed);
		if (strncasecmp(src, players[i].embed, len) == 0)
			return put[players[i].kind](players[i].page, src + len,
			    out);
	}
	return false;
}
