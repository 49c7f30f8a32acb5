/*
 * Links, pictures, and whether the text says what the HTML does.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/strmap.h"
#include "mail/digest.h"
#include "mail/lint_int.h"
#include "text/utf8.h"

#define WORDS_OF_PICTURES 200	/* characters beside a picture, at least */
#define WORDS_TO_COMPARE 400	/* of the HTML: below that the text's length
				 * tells nothing */

static const char *
shortened(struct lint *l, const char *text)
{
	size_t n = strlen(text);

	return n <= 120 ? text : arena_printf(&l->arena, "%.*s...",
	    (int)utf8_prefix(text, n, 117), text);
}

/* ---- links ---- */

/* What runs, or leads into the reader's own machine. */
static bool
is_dangerous(const char *url)
{
	return lint_has_scheme(url, "javascript:") ||
	    lint_has_scheme(url, "vbscript:") ||
	    lint_has_scheme(url, "data:") || lint_has_scheme(url, "file:");
}

static void
schemes(struct lint *l)
{
	const char *file = l->in->html_file, *url;
	size_t i;

	lint_rule(l, "digest-link-scheme");
	for (i = 0; i < l->look.nlinks; i++) {
		url = l->look.links[i].href;
		if (lint_is_web(url) || lint_has_scheme(url, "mailto:") ||
		    lint_has_scheme(url, "tel:"))
			continue;
		lint_tell(l, is_dangerous(url) ? SEV_ERROR : SEV_WARNING, url,
		    file, "the link \"%s\" leads to `%s`: in a mail, that is "
		    "%s", shortened(l, l->look.links[i].says),
		    shortened(l, url), is_dangerous(url) ? "forbidden" :
		    "nowhere; write the whole address, with https://");
	}
}

/* Each address once. */
static void
without_https(struct lint *l)
{
	size_t all = l->look.nlinks + l->look.npictures, i;
	struct strmap seen = STRMAP_INIT;
	const char *url;
	bool link;

	lint_rule(l, "digest-link-http");
	for (i = 0; i < all; i++) {
		link = i < l->look.nlinks;
		url = link ? l->look.links[i].href :
		    l->look.pictures[i - l->look.nlinks].src;
		if (lint_has_scheme(url, "http://") &&
		    strmap_put(&seen, url, 1) == STRMAP_NONE)
			lint_tell(l, SEV_WARNING, url, l->in->html_file,
			    link ? "the link to %s is without https" :
			    "the picture %s is loaded without https",
			    shortened(l, url));
	}
	strmap_release(&seen);
}

/* The host of an address, or of what looks like one, in small letters, without
 * "www."; NULL: it is none. */
static const char *
host_of(struct lint *l, const char *url)
{
	const char *p = strstr(url, "://"), *at;
	char *host, *c;
	size_t n;

	p = p == NULL ? url : p + 3;
	n = strcspn(p, "/?#");
	at = memchr(p, '@', n);
	if (at != NULL) {
		n -= (size_t)(at + 1 - p);
		p = at + 1;
	}
	n = strcspn(p, ":") < n ? strcspn(p, ":") : n;
	if (n > 4 && strncasecmp(p, "www.", 4) == 0) {
		p += 4;
		n -= 4;
	}
	host = arena_strndup(&l->arena, p, n);
	for (c = host; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return n == 0 ? NULL : host;
}

/* "example.org": a name that people take for an address, and no file's, or a
 * library's (`Node.js`). */
static bool
is_domain(const char *text)
{
	static const char *const tops[] = {
		"com", "org", "net", "info", "biz", "edu", "gov", "io", "dev",
		"app", "fm", "tv", "eu", "uk", "de", "fr", "es", "ch", "at",
		"nl", "se", "pl", "it", "jp", "br", "us", "ca", "au"
	};
	size_t n = strcspn(text, "/?#:"), i, len;
	const char *dot = memrchr(text, '.', n);

	if (dot == NULL || dot == text || memchr(text, '@', n) != NULL)
		return false;
	len = n - (size_t)(dot + 1 - text);
	for (i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
		if (strlen(tops[i]) == len &&
		    strncmp(dot + 1, tops[i], len) == 0)
			return true;
	return false;
}

static bool
shows_address(const char *text)
{
	return strpbrk(text, " \t\n") == NULL && (lint_is_web(text) ||
	    lint_has_scheme(text, "www.") || is_domain(text));
}

/* The last character of a sentence is none of the address in it. */
static const char *
trimmed(struct arena *a, const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && strchr(".,;:!?)>\"'/", text[n - 1]) != NULL)
		n--;
	return arena_strndup(a, text, n);
}

static void
words(struct lint *l)
{
	const struct markup_link_seen *k;
	const char *shown, *real, *text;
	size_t i;

	lint_rule(l, "digest-link-empty");
	for (i = 0; i < l->look.nlinks; i++) {
		k = &l->look.links[i];
		if (*k->says == '\0' && !k->hidden)
			lint_tell(l, SEV_WARNING, k->href, l->in->html_file,
			    "the link to %s has no words: nobody sees it",
			    shortened(l, k->href));
	}
	lint_rule(l, "digest-link-shown");
	for (i = 0; i < l->look.nlinks; i++) {
		k = &l->look.links[i];
		text = trimmed(&l->arena, k->text);
		if (!lint_is_web(k->href) || !shows_address(text))
			continue;
		shown = host_of(l, text);
		real = host_of(l, k->href);
		if (shown != NULL && real != NULL &&
		    !lint_is_aligned(shown, real))
			lint_tell(l, SEV_WARNING, k->href, l->in->html_file,
			    "a link shows %s and leads to %s: mail programs "
			    "warn of that as fraud", shortened(l, text),
			    shortened(l, k->href));
	}
}

void
lint_links(struct lint *l)
{
	schemes(l);
	without_https(l);
	words(l);
}

/* ---- pictures ---- */

void
lint_pictures(struct lint *l)
{
	const char *file = l->in->html_file, *what;
	const struct markup_picture *p;
	size_t i, n = 0;

	lint_rule(l, "digest-image-alt");
	for (i = 0; i < l->look.npictures; i++) {
		p = &l->look.pictures[i];
		n += !p->tiny;
		what = *p->src == '\0' ? "a picture" : shortened(l, p->src);
		if (*p->src == '\0')
			lint_tell(l, SEV_WARNING, "<img", file, "a picture has "
			    "no address");
		else if (p->alt == NULL && !p->tiny)
			lint_tell(l, SEV_WARNING, p->src, file, "%s has no "
			    "alt=\"\", which is what most people see until "
			    "they load pictures", what);
	}
	lint_rule(l, "digest-image-size");
	for (i = 0; i < l->look.npictures; i++) {
		p = &l->look.pictures[i];
		if (!p->sized && *p->src != '\0')
			lint_tell(l, SEV_INFO, p->src, file, "%s has no "
			    "width=\"\": Outlook shows it as large as its file "
			    "is", shortened(l, p->src));
	}
	lint_rule(l, "digest-image-share");
	if (n > 0 && utf8_count(l->look.text) < WORDS_OF_PICTURES)
		lint_tell(l, SEV_WARNING, NULL, file, "there %s %zu picture%s "
		    "and only %zu characters of text; spam looks like that",
		    n == 1 ? "is" : "are", n, n == 1 ? "" : "s",
		    utf8_count(l->look.text));
}

/* ---- both parts ---- */

/* The addresses of the text, each once. */
struct found {
	struct strmap map;
	const char **list;
	size_t n;
};

static void
find_addresses(struct lint *l, struct found *f)
{
	const char *p = l->in->text, *url;
	size_t n, room = 0;

	for (; (p = strcasestr(p, "http")) != NULL; p += n) {
		n = lint_is_web(p) ? strcspn(p, " \t\n<>\"") : 4;
		if (n == 4)
			continue;
		url = trimmed(&l->arena, arena_strndup(&l->arena, p, n));
		if (strmap_put(&f->map, url, 1) != STRMAP_NONE)
			continue;
		if (f->n == room) {
			f->list = room == 0 ? arena_array(&l->arena, 64,
			    sizeof(*f->list)) : arena_grow(&l->arena, f->list,
			    room * sizeof(*f->list), (room + 64) *
			    sizeof(*f->list));
			room += 64;
		}
		f->list[f->n++] = url;
	}
}

/* Notes that are too long are cut, in each part for itself. */
static bool
is_cut(const struct lint *l)
{
	size_t most = DIGEST_PART_MAX / 10 * 9;

	return strlen(l->in->html) > most || strlen(l->in->text) > most;
}

/* A place in audio that the text leads to (#t=75). */
static const char *
without_time(struct lint *l, const char *url)
{
	const char *time = strstr(url, "#t=");

	return time == NULL ? url : arena_strndup(&l->arena, url,
	    (size_t)(time - url));
}

static void
compare_links(struct lint *l)
{
	struct found in_text = { STRMAP_INIT, NULL, 0 };
	struct strmap in_html = STRMAP_INIT;
	const struct markup_link_seen *k;
	enum severity severity = is_cut(l) ? SEV_INFO : SEV_WARNING;
	const char *url;
	size_t i;

	find_addresses(l, &in_text);
	for (i = 0; i < l->look.nlinks; i++) {
		k = &l->look.links[i];
		url = trimmed(&l->arena, k->href);
		if (strmap_put(&in_html, url, 1) == STRMAP_NONE &&
		    lint_is_web(url) && !k->hidden &&
		    strmap_get(&in_text.map, url) == STRMAP_NONE &&
		    strmap_get(&in_text.map, without_time(l, url)) ==
		    STRMAP_NONE)
			lint_tell(l, severity, k->href, l->in->html_file,
			    "the link to %s is in the HTML and not in the "
			    "text", shortened(l, k->href));
	}
	/* Pictures are no links, but the text may give their address. */
	for (i = 0; i < l->look.npictures; i++)
		(void)strmap_put(&in_html, trimmed(&l->arena,
		    l->look.pictures[i].src), 1);
	/* An address that the HTML shows as words. */
	for (i = 0; i < in_text.n; i++) {
		url = in_text.list[i];
		if (strmap_get(&in_html, url) == STRMAP_NONE &&
		    strstr(l->look.text, url) == NULL)
			lint_tell(l, severity, url, l->in->text_file,
			    "%s is in the text and not in the HTML",
			    shortened(l, url));
	}
	strmap_release(&in_html);
	strmap_release(&in_text.map);
}

void
lint_parts(struct lint *l)
{
	size_t html = utf8_count(l->look.text);
	size_t text = utf8_count(l->in->text);

	lint_rule(l, "digest-parts");
	if (html >= WORDS_TO_COMPARE && text < html / 2)
		lint_tell(l, SEV_WARNING, NULL, l->in->text_file, "the text "
		    "part has %zu characters and the HTML %zu: who reads text "
		    "misses half of it, and spam filters compare them", text,
		    html);
	compare_links(l);
}
