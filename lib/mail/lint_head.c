/*
 * The fields of the list, and who the message says it is from.
 */
#include <string.h>
#include <strings.h>

#include "mail/head.h"
#include "mail/lint_int.h"
#include "text/url.h"

#define ONE_CLICK "List-Unsubscribe=One-Click"

static const char *
field(struct lint *l, const char *name, size_t nth)
{
	return head_field(&l->arena, l->in->message, l->in->message_len, name,
	    nth);
}

/* Behind blanks and comments (RFC 5322 §3.2.2). */
static const char *
skip(const char *p)
{
	size_t depth = 0;

	for (; *p != '\0'; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && depth > 0)
			depth--;
		else if (depth == 0 && *p != ' ')
			break;
		else if (*p == '\\' && p[1] != '\0')
			p++;
	}
	return p;
}

/* "<URL>, <URL>" (RFC 2369 §2); has: whether one of them is of that scheme. */
static bool
is_url_list(struct lint *l, const char *value, const char *scheme, bool *has)
{
	const char *p = skip(value), *end, *url;

	for (;;) {
		end = *p == '<' ? strchr(p, '>') : NULL;
		if (end == NULL)
			return false;
		url = arena_strndup(&l->arena, p + 1, (size_t)(end - p - 1));
		if (!url_is_uri(url))
			return false;
		if (has != NULL && lint_has_scheme(url, scheme))
			*has = true;
		p = skip(end + 1);
		if (*p == '\0')
			return true;
		if (*p != ',')
			return false;
		p = skip(p + 1);
	}
}

/* "phrase <label.label>" (RFC 2919 §3), of at most 255 characters. */
static bool
is_list_id(const char *value)
{
	const char *open = strrchr(value, '<');
	const char *close = open == NULL ? NULL : strchr(open, '>');
	const char *p;

	if (close == NULL || close[1] != '\0' || close - open > 256 ||
	    memchr(open, '.', (size_t)(close - open)) == NULL)
		return false;
	for (p = open + 1; p < close; p++)
		if ((*p == '.' && (p == open + 1 || p[1] == '.' ||
		    p + 1 == close)) || strchr(" @,:;()\"\\[]", *p) != NULL)
			return false;
	return true;
}

static void
tell(struct lint *l, const char *name, const char *what)
{
	const char *value = field(l, name, 0);

	if (value == NULL)
		lint_tell(l, SEV_ERROR, NULL, NULL, "%s is missing: %s", name,
		    what);
	else
		lint_tell(l, SEV_ERROR, NULL, NULL, "%s: %.200s: %s", name,
		    value, what);
}

/* Whether each signature covers a field; true where there is none. */
static bool
is_signed(struct lint *l, const char *name)
{
	const char *value, *h;
	size_t i, n = strlen(name);

	for (i = 0; (value = field(l, "DKIM-Signature", i)) != NULL; i++) {
		h = strstr(value, "h=");
		for (; h != NULL && (h = strcasestr(h, name)) != NULL; h += n)
			if (strchr("=: ", h[-1]) != NULL &&
			    strchr(":; ", h[n]) != NULL)
				break;
		if (h == NULL)
			return false;
	}
	return true;
}

static void
way_out(struct lint *l)
{
	const char *out = field(l, "List-Unsubscribe", 0);
	const char *post = field(l, "List-Unsubscribe-Post", 0);
	bool https = false;

	if (out == NULL || !is_url_list(l, out, "https:", &https)) {
		tell(l, "List-Unsubscribe", "it wants addresses in < >, with "
		    "commas between them (RFC 2369)");
		return;
	}
	if (post != NULL && strcmp(post, ONE_CLICK) != 0)
		tell(l, "List-Unsubscribe-Post", "it is " ONE_CLICK
		    " or not there (RFC 8058)");
	else if (post != NULL && !https)
		tell(l, "List-Unsubscribe-Post", "one click wants an https "
		    "address in List-Unsubscribe (RFC 8058)");
	else if (post == NULL && https)
		lint_tell(l, SEV_WARNING, NULL, NULL, "List-Unsubscribe has "
		    "an https address and there is no List-Unsubscribe-Post: "
		    "Gmail and Yahoo want both (RFC 8058)");
	if (post != NULL && (!is_signed(l, "List-Unsubscribe") ||
	    !is_signed(l, "List-Unsubscribe-Post")))
		lint_tell(l, SEV_WARNING, NULL, NULL, "a signature does not "
		    "cover List-Unsubscribe and List-Unsubscribe-Post: no mail "
		    "program offers one click then (RFC 8058)");
}

static void
list(struct lint *l)
{
	static const char *const names[] = {
		"List-Archive", "List-Help", "List-Owner", "List-Post",
		"List-Subscribe"
	};
	const char *value = field(l, "List-Id", 0);
	size_t i;

	lint_rule(l, "digest-list");
	if (value == NULL || !is_list_id(value))
		tell(l, "List-Id", "it wants a name such as "
		    "<friends.example.org> (RFC 2919)");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = field(l, names[i], 0);
		if (value != NULL && strcmp(value, "NO") != 0 &&
		    !is_url_list(l, value, "", NULL))
			tell(l, names[i], "it wants addresses in < >, with "
			    "commas between them (RFC 2369)");
	}
	way_out(l);
}

/* ---- who it is from ---- */

static const char *
domain_of_sender(struct lint *l)
{
	const char *from = field(l, "From", 0);
	const char *at = from == NULL ? NULL : strrchr(from, '@');

	return at == NULL ? NULL : arena_strndup(&l->arena, at + 1,
	    strcspn(at + 1, "> ,"));
}

/* The d= of a signature (RFC 6376 §3.5). */
static const char *
domain_of_signature(struct lint *l, const char *value)
{
	const char *p = value;

	while (p != NULL) {
		p += strspn(p, "; ");
		if (p[0] == 'd' && p[1 + strspn(p + 1, " ")] == '=') {
			p = strchr(p, '=') + 1;
			p += strspn(p, " ");
			return arena_strndup(&l->arena, p, strcspn(p, "; "));
		}
		p = strchr(p, ';');
	}
	return NULL;
}

void
lint_head(struct lint *l)
{
	const char *from = domain_of_sender(l), *value, *by, *other = NULL;
	size_t i;

	list(l);
	lint_rule(l, "digest-domain");
	if (from == NULL) {
		lint_tell(l, SEV_ERROR, NULL, NULL, "From has no address");
		return;
	}
	for (i = 0; (value = field(l, "DKIM-Signature", i)) != NULL; i++) {
		by = domain_of_signature(l, value);
		if (by != NULL && lint_is_aligned(by, from))
			return;
		other = by != NULL ? by : "?";
	}
	if (other == NULL)
		return;
	if (++l->told <= LINT_SHOWN)
		finding_add(l->to, SEV_WARNING, l->rule, l->in->dkim_file,
		    l->in->dkim_line, "the signature is of %s, and the digest "
		    "comes from %s: for DMARC it does not count", other, from);
}
