#include "mail/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/strmap.h"
#include "mail/lint_int.h"
#include "mail/mime.h"
#include "text/html.h"
#include "text/utf8.h"

#define TEXT_MAX 700	/* bytes of a finding */

/* ---- telling ---- */

void
lint_rule(struct lint *l, const char *rule)
{
	size_t more = l->told > LINT_SHOWN ? l->told - LINT_SHOWN : 0;

	if (more > 0)
		finding_add(l->to, l->worst, l->rule, NULL, 0, "there %s %zu "
		    "more like that", more == 1 ? "is" : "are", more);
	l->rule = rule;
	l->told = 0;
	l->worst = SEV_INFO;
}

static const char *
stands_at(const char *text, const char *needle)
{
	struct buf escaped;
	const char *at = strstr(text, needle);

	if (at != NULL || strpbrk(needle, "&<>\"'") == NULL)
		return at;
	buf_init(&escaped, 0);
	markup_escape(&escaped, needle, strlen(needle));
	at = strstr(text, escaped.data);
	buf_release(&escaped);
	return at;
}

const char *
lint_place(const struct lint_source *sources, size_t n, const char *text,
    unsigned *line)
{
	const char *at, *p;
	size_t i;

	for (i = 0; i < n && *text != '\0'; i++) {
		at = stands_at(sources[i].text, text);
		if (at == NULL)
			continue;
		*line = 1;
		for (p = sources[i].text; p < at; p++)
			*line += *p == '\n';
		return sources[i].file;
	}
	*line = 0;
	return NULL;
}

void
lint_tell(struct lint *l, enum severity severity, const char *needle,
    const char *file, const char *fmt, ...)
{
	const char *place = NULL;
	char text[TEXT_MAX];
	unsigned line = 0;
	va_list ap;

	if (++l->told > LINT_SHOWN) {
		if (severity > l->worst)
			l->worst = severity;
		return;
	}
	if (needle != NULL)
		place = lint_place(l->in->sources, l->in->nsources, needle,
		    &line);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding_add(l->to, severity, l->rule, place != NULL ? place : file,
	    line, "%s", text);
}

/* ---- what several rules ask ---- */

bool
lint_has_scheme(const char *url, const char *scheme)
{
	return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

bool
lint_is_web(const char *url)
{
	return lint_has_scheme(url, "http://") ||
	    lint_has_scheme(url, "https://");
}

bool
lint_is_aligned(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	const char *tail;

	if (la < lb)
		return lint_is_aligned(b, a);
	tail = a + la - lb;
	return lb > 0 && strcasecmp(tail, b) == 0 &&
	    (tail == a || tail[-1] == '.');
}

const char **
lint_addresses(struct arena *a, const char *html, size_t *n)
{
	struct err ignored = ERR_INIT;
	struct strmap seen = STRMAP_INIT;
	struct markup_look look;
	const char **list, *url;
	size_t i;

	*n = 0;
	(void)markup_look(a, html, strlen(html), &look, &ignored);
	list = arena_array(a, look.nlinks + look.npictures + 1,
	    sizeof(*list));
	for (i = 0; i < look.nlinks + look.npictures; i++) {
		url = i < look.nlinks ? look.links[i].href :
		    look.pictures[i - look.nlinks].src;
		if (lint_is_web(url) &&
		    strmap_put(&seen, url, 1) == STRMAP_NONE)
			list[(*n)++] = url;
	}
	strmap_release(&seen);
	return list;
}

/* ---- the message ---- */

static void
sizes(struct lint *l)
{
	size_t html = strlen(l->in->html), line, longest = 0;
	const char *p = l->in->message, *end = p + l->in->message_len, *next;

	lint_rule(l, "digest-size");
	if (html > LINT_CLIP)
		lint_tell(l, SEV_WARNING, NULL, l->in->html_file, "the HTML "
		    "has %zu bytes; Gmail shows %zu and hides the rest, with "
		    "the link to leave the list", html, LINT_CLIP);
	else if (html > LINT_CLIP / 100 * 95)
		lint_tell(l, SEV_INFO, NULL, l->in->html_file, "the HTML has "
		    "%zu bytes, which is near the %zu that Gmail shows", html,
		    LINT_CLIP);
	for (; p < end; p = next) {
		next = memchr(p, '\n', (size_t)(end - p));
		next = next == NULL ? end : next + 1;
		line = (size_t)(next - p);
		while (line > 0 && (p[line - 1] == '\n' || p[line - 1] == '\r'))
			line--;
		longest = line > longest ? line : longest;
	}
	lint_rule(l, "digest-line");
	if (longest > MIME_LINE_MAX)
		lint_tell(l, SEV_ERROR, NULL, NULL, "a line of the message "
		    "has %zu bytes; mail servers take %d (RFC 5322 §2.1.1)",
		    longest, MIME_LINE_MAX);
}

/* ---- the subject ---- */

static size_t
count(const char *text, const char *from, const char *to)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text >= *from && *text <= *to;
	return n;
}

static bool
is_shouting(const char *subject)
{
	size_t capitals = count(subject, "A", "Z");

	return capitals >= 8 && capitals * 2 >= strlen(subject) &&
	    count(subject, "a", "z") == 0;
}

static bool
is_answer(const char *subject)
{
	static const char *const words[] = {
		"re:", "fw:", "fwd:", "aw:", "wg:", "antw:", "tr:", "rv:"
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (lint_has_scheme(subject, words[i]))
			return true;
	return false;
}

static void
subject(struct lint *l)
{
	const char *s = l->in->subject, *file = l->in->subject_file;
	size_t n = utf8_count(s);

	lint_rule(l, "digest-subject");
	if (s[strspn(s, " \t")] == '\0')
		lint_tell(l, SEV_ERROR, NULL, file, "the subject is empty");
	if (n > LINT_SUBJECT_MAX)
		lint_tell(l, SEV_WARNING, s, file, "the subject has %zu "
		    "characters; lists of mails show %d at the most, those of "
		    "phones 40", n, LINT_SUBJECT_MAX);
	if (is_shouting(s))
		lint_tell(l, SEV_WARNING, s, file, "the subject is in capitals "
		    "alone, as spam is");
	if (strstr(s, "!!") != NULL || strstr(s, "$$") != NULL ||
	    strstr(s, "???") != NULL)
		lint_tell(l, SEV_WARNING, s, file, "the subject has !!, $$ or "
		    "\?\?\?, as spam has");
	if (is_answer(s))
		lint_tell(l, SEV_WARNING, s, file, "the subject begins as an "
		    "answer or a forwarded mail does, and it is none: spam "
		    "filters count that as a lie");
	lint_rule(l, "digest-preheader");
	if (*l->look.preheader == '\0' && l->in->unsaid_file != NULL)
		lint_tell(l, SEV_WARNING, NULL, l->in->unsaid_file, "there is "
		    "no preheader for the lists of mails to show behind the "
		    "subject, as the notes begin with no paragraph: give the "
		    "episode a `summary`, or write a sentence before them");
	else if (*l->look.preheader == '\0')
		lint_tell(l, SEV_WARNING, NULL, l->in->html_file, "there is no "
		    "preheader: behind the subject, lists of mails show "
		    "\"%.*s\"",
		    (int)utf8_prefix(l->look.row, strlen(l->look.row), 80),
		    l->look.row);
}

/* ---- what was to be filled in ---- */

/* The names that templates have for values. */
static bool
is_ours(const char *p)
{
	static const char *const names[] = {
		"friend.", "show.", "edition.", "words.", "unsubscribe_",
		"episodes", "postal_address", "preheader"
	};
	size_t i;

	p += strspn(p, "{&#^/ ");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(p, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* It stands in the notes, or in what is written by hand: no template has failed
 * to fill it in. */
static bool
is_written(const struct lint *l, const char *name)
{
	const struct lint_input *in = l->in;
	unsigned line;
	const char *file = lint_place(in->sources, in->nsources, name, &line);

	return file != NULL && (in->html_file == NULL ||
	    strcmp(file, in->html_file) != 0) && (in->text_file == NULL ||
	    strcmp(file, in->text_file) != 0) && (in->subject_file == NULL ||
	    strcmp(file, in->subject_file) != 0);
}

static void
braces(struct lint *l, const char *where, const char *text, const char *file)
{
	const char *p = text, *end;
	char name[80];

	for (; (p = strstr(p, "{{")) != NULL; p += 2) {
		end = memmem(p, strnlen(p, sizeof(name) - 1), "}}", 2);
		if (end == NULL ||
		    memchr(p, '\n', (size_t)(end - p)) != NULL)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(end + 2 - p), p);
		lint_tell(l, is_ours(p + 2) && !is_written(l, name) ?
		    SEV_ERROR : SEV_WARNING, name,
		    file, "`%s` stands in the %s: was a value to be filled in "
		    "there?", name, where);
		p = end;
	}
}

/* "Hi ," */
static void
greeting(struct lint *l)
{
	const char *p = l->in->text, *end;
	size_t i, n;

	for (i = 0; i < 12 && *p != '\0'; i++, p = end + (*end == '\n')) {
		end = strchrnul(p, '\n');
		n = (size_t)(end - p);
		if (n >= 3 && n < 40 && p[n - 1] == ',' && p[n - 2] == ' ')
			lint_tell(l, SEV_WARNING, NULL, l->in->text_file,
			    "there is no name in the greeting \"%.*s\"",
			    (int)n, p);
	}
}

static void
left_over(struct lint *l)
{
	const struct lint_input *in = l->in;

	lint_rule(l, "digest-left-over");
	if (strpbrk(in->html, "\001\002") != NULL)
		lint_tell(l, SEV_ERROR, NULL, in->html_file, "the HTML has a "
		    "mark for a friend's value that was not filled in");
	if (strpbrk(in->text, "\001\002") != NULL)
		lint_tell(l, SEV_ERROR, NULL, in->text_file, "the text has a "
		    "mark for a friend's value that was not filled in");
	braces(l, "subject", in->subject, in->subject_file);
	braces(l, "HTML", in->html, in->html_file);
	braces(l, "text", in->text, in->text_file);
	greeting(l);
}

/* ---- what no mail has ---- */

static void
active(struct lint *l)
{
	static const char *const odd[] = {
		"<audio>", "<video>", "<base>", "<link rel=stylesheet>",
		"@import"
	};
	const struct markup_active *x;
	enum severity severity;
	size_t i, k;

	lint_rule(l, "digest-active");
	for (i = 0; i < l->look.nactive; i++) {
		x = &l->look.active[i];
		severity = SEV_ERROR;
		for (k = 0; k < sizeof(odd) / sizeof(odd[0]); k++)
			if (strcmp(x->what, odd[k]) == 0)
				severity = SEV_WARNING;
		lint_tell(l, severity, arena_strndup(&l->arena, x->what,
		    strcspn(x->what, " >")), l->in->html_file, "the HTML has "
		    "%s: %s", x->what, x->remote_style ? "mail programs load "
		    "no style sheets; write the rules into a <style>" :
		    severity == SEV_ERROR ? "mail programs take it out, and "
		    "spam filters take the mail for an attack" :
		    "most mail programs take it out");
	}
}

void
lint_message(const struct lint_input *in, struct findings *to)
{
	struct lint l = { .in = in, .to = to, .arena = ARENA_INIT };
	struct err err = ERR_INIT;

	sizes(&l);
	lint_rule(&l, "digest-html");
	if (markup_look(&l.arena, in->html, strlen(in->html), &l.look,
	    &err) != 0)
		lint_tell(&l, SEV_ERROR, NULL, in->html_file, "the HTML cannot "
		    "be read: %s", err.msg);
	subject(&l);
	left_over(&l);
	active(&l);
	lint_links(&l);
	lint_pictures(&l);
	lint_parts(&l);
	lint_head(&l);
	lint_rule(&l, NULL);
	arena_release(&l.arena);
}
