#include "text/html_embed.h"

#include <string.h>
#include <strings.h>

#define ID_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
    "0123456789_-"

/* As shortcodes have them (text/shortcode.h). */
static const struct {
	const char *embed;
	const char *page;
} players[] = {
	{ "www.youtube.com/embed/", "https://www.youtube.com/watch?v=" },
	{ "youtube.com/embed/", "https://www.youtube.com/watch?v=" },
	{ "www.youtube-nocookie.com/embed/",
	  "https://www.youtube.com/watch?v=" },
	{ "player.vimeo.com/video/", "https://vimeo.com/" },
	{ "www.dailymotion.com/embed/video/",
	  "https://www.dailymotion.com/video/" },
	{ "open.spotify.com/embed/episode/",
	  "https://open.spotify.com/episode/" },
	{ "open.spotify.com/embed/show/", "https://open.spotify.com/show/" }
};

/* What chooses what is played must not be lost. */
static bool
says_more(const char *query)
{
	static const char *const keys[] = {
		"list=", "start=", "end=", "t=", "h="
	};
	const char *p = query;
	size_t i;

	if (*p == '\0')
		return false;
	if (*p != '?')
		return true;
	while (p != NULL) {
		p += strspn(p, "?&");
		if (strncmp(p, "amp;", 4) == 0)
			p += 4;
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (strncmp(p, keys[i], strlen(keys[i])) == 0)
				return true;
		if (strchr(p, '#') != NULL)
			return true;
		p = strchr(p, '&');
	}
	return false;
}

bool
markup_embed_page(const char *src, struct buf *out)
{
	size_t i, n, len;

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
		if (strncasecmp(src, players[i].embed, len) != 0)
			continue;
		n = strspn(src + len, ID_CHARS);
		if (n == 0 || strncmp(src + len, "videoseries", n) == 0 ||
		    says_more(src + len + n))
			return false;
		buf_adds(out, players[i].page);
		buf_add(out, src + len, n);
		return true;
	}
	return false;
}
