#include "mail/spam.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/utf8.h"

/* -L: no network; -x and -p: no preferences of whoever runs it; and nothing is
 * learnt. */
const char *const spam_command[] = {
	"spamassassin", "-L", "-t", "-x", "-p", "/dev/null",
	"--cf=use_bayes 0", NULL
};

const char *const spam_environment[] = { "LC_ALL=C", "LANGUAGE=C", NULL };

const char *const spam_offline[] = {
	"NO_RELAYS", "NO_RECEIVED", "ALL_TRUSTED", "HTML_MESSAGE", NULL
};

static bool
is_offline(const char *name)
{
	size_t i;

	for (i = 0; spam_offline[i] != NULL; i++)
		if (strcmp(name, spam_offline[i]) == 0)
			return true;
	return false;
}

/* "Content analysis details:   (-0.0 points, 5.0 required)" */
static const char *
totals(const char *text, struct spam_report *out)
{
	static const char words[] = "Content analysis details:";
	const char *p = text, *found = NULL;
	char *end;

	/* The message itself may speak of it: the last one is the report's. */
	while ((p = strstr(p, words)) != NULL) {
		found = p;
		p++;
	}
	if (found == NULL || (p = strchr(found, '(')) == NULL)
		return NULL;
	out->points = strtod(p + 1, &end);
	p = strchr(end, ',');
	if (end == p || p == NULL)
		return NULL;
	out->required = strtod(p + 1, &end);
	p = strstr(end, "\n----");
	return p == NULL ? NULL : strchr(p + 1, '\n');
}

/* A line of the table: " 1.5 RULE    BODY: its description", or one that goes
 * on with the description before it. false: the table has ended. */
static bool
take_line(struct arena *a, const char *p, size_t n, struct spam_report *out)
{
	const char *line = arena_strndup(a, p, n), *name;
	struct spam_rule *r;
	char *end;
	double points = strtod(line, &end);

	line += strspn(line, " \t\r");
	if (*line == '\0')
		return false;
	name = end + strspn(end, " ");
	n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	if (end == line || *end != ' ' || n == 0 ||
	    strchr(" \r", name[n]) == NULL) {
		if (out->n == 0)
			return false;
		r = &out->rules[out->n - 1];
		r->description = arena_printf(a, "%s %s", r->description,
		    line);
		return true;
	}
	if (out->n == SPAM_RULES_MAX)
		return false;
	r = &out->rules[out->n++];
	r->points = points;
	r->name = arena_strndup(a, name, n);
	r->description = name + n + strspn(name + n, " ");
	r->offline = is_offline(r->name);
	return true;
}

int
spam_read(struct arena *a, const char *text, size_t len,
    struct spam_report *out, struct err *err)
{
	const char *p, *next, *copy = arena_strndup(a, text, len);

	memset(out, 0, sizeof(*out));
	out->rules = arena_array(a, SPAM_RULES_MAX, sizeof(*out->rules));
	p = totals(copy, out);
	if (p == NULL)
		return err_set(err, ERR_INPUT, "SpamAssassin's answer has no "
		    "\"Content analysis details\"");
	for (p++; *p != '\0'; p = *next == '\n' ? next + 1 : next) {
		next = strchrnul(p, '\n');
		if (!take_line(a, p, (size_t)(next - p), out))
			break;
	}
	return 0;
}

const char *
spam_names(struct arena *a, const struct spam_report *r)
{
	struct buf out;
	const char *names;
	size_t i;

	buf_init(&out, 0);
	for (i = 0; i < r->n; i++)
		if (!r->rules[i].offline)
			buf_addf(&out, "%s%s", out.len > 0 ? " " : "",
			    r->rules[i].name);
	names = arena_strdup(a, out.data);
	buf_release(&out);
	return names;
}

static bool
has_word(const char *list, const char *word)
{
	size_t n = strlen(word);
	const char *p;

	for (p = list; p != NULL && (p = strstr(p, word)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' ||
		    p[n] == '\0'))
			return true;
	return false;
}

void
spam_tell(const struct spam_report *r, const char *before,
    const char *edition, struct findings *to)
{
	const struct spam_rule *x;
	size_t i;
	bool old;

	for (i = 0; i < r->n; i++) {
		x = &r->rules[i];
		if (x->offline)
			continue;
		old = before != NULL && has_word(before, x->name);
		finding_add(to, !old && x->points > 0 ? SEV_WARNING : SEV_INFO,
		    "digest-spam", NULL, 0, "SpamAssassin gives %.1f points "
		    "for %s: %.300s%s%s%s", x->points, x->name, x->description,
		    before == NULL ? "" : old ? " (so it did for " :
		    " (not for ", before == NULL ? "" : edition,
		    before == NULL ? "" : ")");
	}
	if (r->points >= r->required)
		finding_add(to, SEV_ERROR, "digest-spam", NULL, 0,
		    "SpamAssassin gives %.1f points, and %.1f make it spam",
		    r->points, r->required);
}
