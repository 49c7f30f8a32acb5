#include "show/options_mail.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/near.h"
#include "base/rate.h"
#include "store/ledger.h"
#include "text/ini.h"
#include "text/url.h"

/* A name may be a key of both files. */
static size_t
index_of(const struct options *o, const char *name)
{
	size_t i;

	for (i = 0; i < options_count; i++)
		if (options_table[i].scope == o->scope &&
		    strcmp(options_table[i].name, name) == 0)
			return i;
	abort();	/* a mistake in the program */
}

static bool
is_bool(const char *s)
{
	return strcasecmp(s, "true") == 0 || strcasecmp(s, "false") == 0 ||
	    strcasecmp(s, "yes") == 0 || strcasecmp(s, "no") == 0;
}

static bool
is_colour(const char *s)
{
	return s[0] == '#' && strlen(s) == 7 &&
	    strspn(s + 1, "0123456789abcdefABCDEF") == 6;
}

/* The length of a family's name at s: words, or anything of that in '…'. */
static size_t
family(const char *s)
{
	bool quoted = *s == '\'';
	size_t n = quoted;

	while (isalnum((unsigned char)s[n]) || (unsigned char)s[n] >= 0x80 ||
	    (s[n] != '\0' && strchr(" -_", s[n]) != NULL))
		n++;
	return !quoted ? n : s[n] == '\'' && n > 1 ? n + 1 : 0;
}

/* It is put into a style sheet as it stands. */
static bool
is_font(const char *s)
{
	size_t n;

	for (;; s++) {
		s += strspn(s, " ");
		n = family(s);
		s += n;
		s += strspn(s, " ");
		if (n == 0 || *s != ',')
			return n > 0 && *s == '\0';
	}
}

static bool
is_clock(const char *s)
{
	return options_clock_at(s) >= 0 && s[5] == '\0';
}

static bool
is_choice(const char *choices, const char *s)
{
	size_t len = strlen(s), part;

	for (;; choices += part + 1) {
		part = strcspn(choices, "|");
		if (part == len && strncmp(choices, s, len) == 0)
			return true;
		if (choices[part] == '\0')
			return false;
	}
}

static bool
is_number(const struct option *o, const char *s)
{
	char *end;
	long v = strtol(s, &end, 10);

	return *s != '\0' && *end == '\0' && v >= o->min && v <= o->max;
}

static const char *
url_wanted(struct arena *a, const char *s)
{
	struct err err = ERR_INIT;

	if (url_check(s, &err) == 0)
		return NULL;
	return arena_printf(a, "an address that begins with https:// or "
	    "http:// (%s)", err.msg);
}

/* Parts of up to eight letters and digits, the first without digits. */
static bool
is_language(const char *s)
{
	const char *p;
	size_t len;

	for (p = s;; p += len + 1) {
		for (len = 0; isalnum((unsigned char)p[len]) && (p != s ||
		    isalpha((unsigned char)p[len])); len++)
			;
		if (len < (p == s ? 2 : 1) || len > 8)
			return false;
		if (p[len] == '\0')
			return true;
		if (p[len] != '-')
			return false;
	}
}

/* The languages of two letters in the IANA registry, RFC 5646 §3; what is
 * deprecated there included. */
static const char two_letters[] =
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce "
    "ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr "
    "fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io "
    "is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la "
    "lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng "
    "nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc "
    "sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl "
    "tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

/* The first part: no registered language has more than three letters, and of
 * those with two letters each is known. */
static bool
is_known_language(const char *s)
{
	size_t len = strcspn(s, "-"), i;

	if (len != 2)
		return len == 3;
	for (i = 0; i < sizeof(two_letters) - 1; i += 3)
		if (strncasecmp(two_letters + i, s, 2) == 0)
			return true;
	return false;
}

bool
options_is_language(const char *s)
{
	return is_language(s) && is_known_language(s);
}

/* The mark between the parts is a dash, not what locales have. */
static const char *
language_wanted(struct arena *a, const char *s)
{
	char *fixed = arena_strdup(a, s), *p;

	if (options_is_language(s))
		return NULL;
	if (is_language(s))
		return "a language tag (RFC 5646), which begins with a "
		    "language's code: de, en, en-US";
	while ((p = strchr(fixed, '_')) != NULL)
		*p = '-';
	fixed[strcspn(fixed, ".@")] = '\0';
	return arena_printf(a, "a language tag (RFC 5646) such as %s",
	    options_is_language(fixed) ? fixed : "en or en-US");
}

static bool
is_file_name(const char *s)
{
	return *s != '\0' && strchr(s, '/') == NULL && strcmp(s, ".") != 0 &&
	    strcmp(s, "..") != 0;
}

/* As wanted(), for what goes into a mail's style. */
static const char *
wanted_look(const struct option *o, const char *s)
{
	if (o->type == OPTION_COLOUR)
		return is_colour(s) ? NULL : "a colour such as #1f5fa8";
	return is_font(s) ? NULL : "families of fonts such as Georgia, "
	    "'Times New Roman', serif";
}

/* What a sound value looks like, for the message; NULL when it is sound. */
static const char *
wanted(struct arena *a, const struct option *o, const char *s)
{
	struct err err = ERR_INIT;
	int64_t span;

	switch (o->type) {
	case OPTION_URL:
		return url_wanted(a, s);
	case OPTION_HEADER_URL:
	case OPTION_HEADER_LINK:
	case OPTION_HTTPS:
	case OPTION_LIST_ID:
	case OPTION_FEEDBACK_ID:
	case OPTION_SELECTOR:
		return options_mail_wanted(o, s);
	case OPTION_BOOL:
		return is_bool(s) ? NULL : "true or false";
	case OPTION_NUMBER:
		return is_number(o, s) ? NULL : arena_printf(a,
		    "a number from %ld to %ld", o->min, o->max);
	case OPTION_SPAN:
		return date_parse_span(s, &span, &err) == 0 ? NULL :
		    "a span of time such as 14d, 36h or 30m";
	case OPTION_RATE:
		return rate_parse(s, &span) == 0 ? NULL : RATE_WANTED;
	case OPTION_CHOICE:
		return is_choice(o->choices, s) ? NULL : arena_printf(a,
		    "one of %s", o->choices);
	case OPTION_COLOUR:
	case OPTION_FONT:
		return wanted_look(o, s);
	case OPTION_UUID:
		return hash_is_uuid(s) ? NULL : "a UUID such as "
		    "917393e3-1b1e-5cef-ace4-edaa54e1f810";
	case OPTION_CLOCK:
		return is_clock(s) ? NULL : "a time of day such as 06:00";
	case OPTION_NAME:
		return *s != '\0' && strlen(s) <= 64 && s[strspn(s,
		    "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0' ? NULL :
		    "a name of the letters a-z, digits and dashes";
	case OPTION_FILE:
		return is_file_name(s) ? NULL : "a file's name without a "
		    "folder; `out` says where it goes";
	case OPTION_LANGUAGE:
		return language_wanted(a, s);
	case OPTION_TEXT:
	case OPTION_PATH:
	case OPTION_STORE:
	case OPTION_PATTERN:
		break;
	}
	return *s != '\0' ? NULL : "a value";
}

static const struct option *
find(enum option_scope scope, const char *name)
{
	size_t i;

	for (i = 0; i < options_count; i++)
		if (options_table[i].scope == scope &&
		    strcasecmp(options_table[i].name, name) == 0)
			return &options_table[i];
	return NULL;
}

static const char *
meant(enum option_scope scope, const char *key)
{
	size_t i;

	for (i = 0; i < options_count; i++)
		if (options_table[i].scope == scope &&
		    near_is(key, strlen(key), options_table[i].name))
			return options_table[i].name;
	return NULL;
}

/* The scope that has such a key, that of the same file's sections first, whose
 * line may be wrong; one behind the last: none. */
static enum option_scope
scope_of(enum option_scope scope, const char *key)
{
	enum option_scope other = OPTION_CONFIG;
	enum option_scope own = scope == other ? OPTION_RELAY : OPTION_FEED;

	if (own != scope && find(own, key) != NULL)
		return own;
	while (other <= OPTION_RELAY && (other == scope ||
	    find(other, key) == NULL))
		other++;
	return other;
}

static void
unknown(enum option_scope scope, const struct ini_entry *e, const char *file,
    struct findings *to)
{
	static const char *const places[] = {
		[OPTION_CONFIG] = "belongs into config.ini, before its sections",
		[OPTION_SHOW] = "belongs into show.ini, before its sections",
		[OPTION_FEED] = "belongs into a section [feed NAME]",
		[OPTION_RELAY] = "belongs into a section [relay NAME]"
	};
	enum option_scope other = scope_of(scope, e->key);
	const char *near = meant(scope, e->key);

	if (other <= OPTION_RELAY)
		finding_add(to, SEV_ERROR, "option-unknown", file, e->line,
		    "`%s` %s", e->key, places[other]);
	else if (near != NULL)
		finding_add(to, SEV_ERROR, "option-unknown", file, e->line,
		    "`%s` is no key; did you mean `%s`?", e->key, near);
	else
		finding_add(to, SEV_ERROR, "option-unknown", file, e->line,
		    "`%s` is no key; showmill-config(5) lists them", e->key);
}

/* Elsewhere quotes are no part of a value; here they are. */
static void
warn_quotes(const struct option *o, const struct ini_entry *e,
    const char *file, struct findings *to)
{
	size_t len = strlen(e->value);

	if (len >= 2 && (e->value[0] == '"' || e->value[0] == '\'') &&
	    e->value[len - 1] == e->value[0])
		finding_add(to, SEV_WARNING, "option-quotes", file, e->line,
		    "%s: the quotes are part of the value; take them out "
		    "unless they are meant", o->name);
}

static const char *
placed(struct arena *a, const struct options *out, const struct option *o,
    const char *value)
{
	return o->type == OPTION_PATH || (o->type == OPTION_STORE &&
	    !ledger_is_url(value) && ledger_scheme(value) == 0) ?
	    fs_join(a, out->dir, value) : value;
}

static void
take(struct arena *a, struct options *out, const struct option *o,
    const struct ini_entry *e, struct findings *to)
{
	size_t i = (size_t)(o - options_table), n = out->n[i];
	const char *want = wanted(a, o, e->value);
	struct options_value *list;

	out->told[i] |= e->bad || want != NULL;
	if (e->bad)
		return;
	if (o->type != OPTION_FONT)
		warn_quotes(o, e, out->file, to);
	if (want != NULL) {
		finding_add(to, SEV_ERROR, "option-value", out->file, e->line,
		    "%s = `%s`: it wants %s", o->name, e->value, want);
		return;
	}
	if (n > 0 && !o->repeat) {
		finding_add(to, SEV_ERROR, "option-twice", out->file, e->line,
		    "`%s` is given on line %u already", o->name,
		    out->value[i][0].line);
		return;
	}
	list = arena_array(a, n + 1, sizeof(*list));
	if (n > 0)
		memcpy(list, out->value[i], n * sizeof(*list));
	list[n].text = placed(a, out, o, e->value);
	list[n].line = e->line;
	out->value[i] = list;
	out->n[i] = n + 1;
}

/* A default stands where no value does; a missing one is told. */
static void
complete(struct arena *a, struct options *out, struct findings *to)
{
	const struct option *o;
	size_t i;

	for (i = 0; i < options_count; i++) {
		o = &options_table[i];
		if (o->scope != out->scope || out->n[i] > 0)
			continue;
		if (o->required && !out->told[i])
			finding_add(to, SEV_ERROR, "option-missing",
			    out->file, out->line, "`%s` is missing%s%s%s: %s",
			    o->name, *out->section == '\0' ? "" :
			    out->scope == OPTION_FEED ? " in [feed " :
			    " in [relay ", out->section,
			    *out->section == '\0' ? "" : "]", o->help);
		if (o->fallback == NULL)
			continue;
		out->value[i] = arena_alloc(a, sizeof(*out->value[i]));
		out->value[i]->text = placed(a, out, o, o->fallback);
		out->n[i] = 1;
	}
}

/* What is being read, and the sections in it. */
struct reading {
	struct arena *a;
	struct options *out;
	struct findings *to;
	size_t most;		/* entries that are left */
	unsigned told;		/* the line of a section that is none */
	struct options *section;	/* the last one with a name */
};

static void
take_any(struct arena *a, struct options *out, const struct ini_entry *e,
    struct findings *to)
{
	const struct option *o = find(out->scope, e->key);

	if (o != NULL)
		take(a, out, o, e, to);
	else if (!e->bad)
		unknown(out->scope, e, out->file, to);
}

/* What a file's sections with a name are called. */
static const char *
kind_of(const struct options *out)
{
	return out->scope == OPTION_SHOW ? "feed" : "relay";
}

/* NAME of [feed NAME] or [relay NAME]; NULL: it is none. */
static const char *
name_of(const struct options *out, const char *section)
{
	const char *kind = kind_of(out);
	size_t len = strlen(kind);

	if (strncasecmp(section, kind, len) != 0 ||
	    strchr(" \t", section[len]) == NULL)
		return NULL;
	return section + len + strspn(section + len, " \t");
}

static void
check_section(struct reading *r, const char *name, unsigned line)
{
	const struct options *out = r->out;
	const char *kind = kind_of(out);
	size_t i;

	if (*name == '\0' || name[strspn(name,
	    "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		finding_add(r->to, SEV_ERROR, "option-value", out->file, line,
		    "[%s %s]: it wants a name of the letters a-z, digits "
		    "and dashes", kind, name);
	for (i = 0; i + 1 < out->nsections; i++)
		if (strcmp(out->sections[i]->section, name) == 0)
			finding_add(r->to, SEV_ERROR, "option-twice",
			    out->file, line, "[%s %s] is on line %u already",
			    kind, name, out->sections[i]->line);
	if (out->nsections == OPTIONS_SECTIONS_MAX + 1)
		finding_add(r->to, SEV_ERROR, "option-value", out->file, line,
		    "these are more than %d sections [%s NAME]",
		    OPTIONS_SECTIONS_MAX, kind);
}

/* The section's options, begun at its first line. */
static struct options *
named_section(struct reading *r, const struct ini_entry *e, const char *name)
{
	struct options *out = r->out, *f = r->section;
	struct options **list;

	if (f != NULL && f->line == e->section_line)
		return f;
	f = arena_alloc(r->a, sizeof(*f));
	memset(f, 0, sizeof(*f));
	f->scope = out->scope == OPTION_SHOW ? OPTION_FEED : OPTION_RELAY;
	f->file = out->file;
	f->dir = out->dir;
	f->section = name;
	f->line = e->section_line;
	r->section = f;
	/* One more is told, and that is enough. */
	if (out->nsections > OPTIONS_SECTIONS_MAX)
		return f;
	list = arena_array(r->a, out->nsections + 1, sizeof(*list));
	if (out->nsections > 0)
		memcpy(list, out->sections, out->nsections * sizeof(*list));
	list[out->nsections++] = f;
	out->sections = list;
	check_section(r, name, f->line);
	return f;
}

static const char *
section_hint(const struct reading *r, const char *section)
{
	return near_is(section, strcspn(section, " \t"), kind_of(r->out)) ?
	    arena_printf(r->a, "did you mean [%s NAME]?", kind_of(r->out)) :
	    "take the line out";
}

/* A section of its own. False: it is none, which is told once, and what stands
 * in it are keys like any. */
static bool
take_section(struct reading *r, const struct ini_entry *e)
{
	struct options *out = r->out;
	const char *name = name_of(out, e->section);

	if (e->section[0] == '\0')
		return false;
	if (name != NULL) {
		take_any(r->a, named_section(r, e, name), e, r->to);
		return true;
	}
	if (out->scope != OPTION_SHOW ||
	    strcasecmp(e->section, "fields") != 0) {
		if (r->told != e->section_line)
			finding_add(r->to, SEV_ERROR, "option-unknown",
			    out->file, e->section_line, "[%s] is no section "
			    "of this file; %s", e->section,
			    section_hint(r, e->section));
		r->told = e->section_line;
		return false;
	}
	if (out->fields == NULL)
		out->fields = arena_array(r->a, r->most, sizeof(*out->fields));
	if (!e->bad)
		out->fields[out->nfields++] = e;
	return true;
}

void
options_read(struct arena *a, enum option_scope scope, const char *file,
    const char *text, size_t len, struct options *out, struct findings *to)
{
	struct reading r = { .a = a, .out = out, .to = to };
	struct ini_entry *entries;
	size_t n, i;

	memset(out, 0, sizeof(*out));
	out->scope = scope;
	out->section = "";
	out->file = arena_strdup(a, file);
	out->dir = fs_dirname(a, file);
	ini_read(a, out->file, text, len, &entries, &n, to);
	for (i = 0; i < n; i++) {
		r.most = n - i;
		if (!take_section(&r, &entries[i]))
			take_any(a, out, &entries[i], to);
	}
	complete(a, out, to);
	for (i = 0; i < out->nsections; i++)
		complete(a, out->sections[i], to);
}

const char *
options_at(const struct options *o, const char *name, size_t i)
{
	size_t at = index_of(o, name);

	return i < o->n[at] ? o->value[at][i].text : NULL;
}

const char *
options_text(const struct options *o, const char *name)
{
	return options_at(o, name, 0);
}

unsigned
options_line_at(const struct options *o, const char *name, size_t i)
{
	size_t at = index_of(o, name);

	return i < o->n[at] ? o->value[at][i].line : 0;
}

unsigned
options_line(const struct options *o, const char *name)
{
	return options_line_at(o, name, 0);
}

size_t
options_number_of(const struct options *o, const char *name)
{
	return o->n[index_of(o, name)];
}

bool
options_told(const struct options *o, const char *name)
{
	return o->told[index_of(o, name)];
}
