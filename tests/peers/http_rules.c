#include "http_rules.h"

#include <ctype.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

/* The order of what follows a kind's name: a code, a number, a text. */
static const struct {
	const char *name;
	enum http_rule_kind kind;
	bool code;
	bool number;
	bool times;
	bool text;
} kinds[] = {
	{ "status", HTTP_STATUS, true, false, false, true },
	{ "redirect", HTTP_REDIRECT, true, false, false, true },
	{ "head", HTTP_HEAD, true, false, false, false },
	{ "nolength", HTTP_NOLENGTH, false, false, false, false },
	{ "length", HTTP_LENGTH, false, true, false, false },
	{ "delay", HTTP_DELAY, false, true, false, false },
	{ "close", HTTP_CLOSE, false, false, true, false },
	{ "retry", HTTP_RETRY, true, true, true, false },
	{ "retrydate", HTTP_RETRY_DATE, true, true, true, false },
	{ "html", HTTP_HTML, false, false, false, false },
	{ "headers", HTTP_HEADERS, false, true, false, false },
	{ "range", HTTP_RANGE, false, false, false, true },
	{ "field", HTTP_FIELD, false, false, false, true },
	{ "endless", HTTP_ENDLESS, false, false, false, false },
	{ "drip", HTTP_DRIP, false, true, false, false },
	{ "cut", HTTP_CUT, false, true, false, false },
	{ "part", HTTP_PART, false, true, false, false },
	{ "most", HTTP_MOST, false, false, false, false },
	{ "auth", HTTP_AUTH, false, false, false, true }
};

/* The largest number by kind; a length is an off_t. */
static unsigned long limit_of(enum http_rule_kind kind)
{
	if (kind == HTTP_DELAY || kind == HTTP_DRIP)
		return 3600000;
	if (kind == HTTP_HEADERS)
		return 1000000;
	return LONG_MAX;
}

static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	char *end = word + strcspn(word, " \t");

	*rest = end + (*end != '\0');
	*end = '\0';
	*rest += strspn(*rest, " \t");
	return word;
}

static char *copy(const char *text)
{
	char *p = strdup(text);

	if (p == NULL)
		abort();
	return p;
}

static bool is_range(const char *how)
{
	static const char *const known[] = {
		"ignore", "blind", "bare", "nameless", "half", "whole"
	};
	size_t i;

	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (how != NULL && strcmp(how, known[i]) == 0)
			return true;
	return false;
}

static const char *check_text(const struct http_rule *r)
{
	if (r->kind == HTTP_REDIRECT && r->text == NULL)
		return "expected an URL";
	if (r->kind == HTTP_AUTH && r->text == NULL)
		return "expected an Authorization";
	if (r->kind == HTTP_FIELD && r->text == NULL)
		return "expected a header field";
	if (r->kind == HTTP_RANGE && !is_range(r->text))
		return "expected ignore, blind, bare, half or whole";
	return NULL;
}

/* Returns what is wrong with the values behind a kind; NULL: nothing. */
static const char *read_values(struct http_rule *r, size_t kind, char *rest)
{
	unsigned long times;

	if (kinds[kind].code && (peer_number(next_word(&rest), 599,
	    &r->code) != 0 || r->code < 200))
		return "expected a status code from 200 to 599";
	if (kinds[kind].number && peer_number(next_word(&rest),
	    limit_of(r->kind), &r->number) != 0)
		return "expected a number";
	if (kinds[kind].times && strncmp(rest, "times=", 6) == 0) {
		if (peer_number(next_word(&rest) + 6, 1000000000, &times) != 0)
			return "times= needs a number";
		r->left = (long)times;
	}
	if (kinds[kind].text && *rest != '\0')
		r->text = copy(rest);
	else if (*rest != '\0')
		return "there is too much on the line";
	return check_text(r);
}

static const char *read_line(struct http_rules *rules, char *line)
{
	struct http_rule *r;
	size_t len = strlen(line), i;
	const char *glob, *name;

	while (len > 0 && isspace((unsigned char)line[len - 1]))
		line[--len] = '\0';
	glob = next_word(&line);
	if (*glob == '\0' || *glob == '#')
		return NULL;
	if (rules->count == HTTP_RULES_MAX)
		return "there are too many rules";
	name = next_word(&line);
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(name, kinds[i].name) != 0)
			continue;
		r = &rules->rules[rules->count++];
		r->kind = kinds[i].kind;
		r->left = -1;
		r->glob = copy(glob);
		return read_values(r, i, line);
	}
	return "expected GLOB and one of status redirect head nolength length "
	    "delay close retry retrydate html headers range field endless "
	    "drip cut part most auth";
}

int http_rules_load(struct http_rules *r, const char *path)
{
	char line[2048];
	const char *fault = NULL;
	unsigned number = 0;
	FILE *in;

	memset(r, 0, sizeof *r);
	if (path == NULL)
		return 0;
	in = fopen(path, "r");
	if (in == NULL)
		return peer_complain(path);
	while (fault == NULL && fgets(line, sizeof line, in) != NULL) {
		number++;
		if (strlen(line) == sizeof line - 1)
			fault = "the line is too long";
		else
			fault = read_line(r, line);
	}
	if (fault == NULL && ferror(in))
		fault = "cannot be read";
	fclose(in);
	if (fault == NULL)
		return 0;
	fprintf(stderr, "%s:%u: %s\n", path, number, fault);
	return -1;
}

void http_rules_release(struct http_rules *r)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		free(r->rules[i].glob);
		free(r->rules[i].text);
	}
	r->count = 0;
}

/* "HEAD:" and "GET:" in front of a pattern tell the method. */
static bool is_meant(const char *glob, const char *path, bool head)
{
	if (strncmp(glob, "HEAD:", 5) == 0)
		return head && fnmatch(glob + 5, path, 0) == 0;
	if (strncmp(glob, "GET:", 4) == 0)
		return !head && fnmatch(glob + 4, path, 0) == 0;
	return fnmatch(glob, path, 0) == 0;
}

const struct http_rule *http_rules_match(struct http_rules *r,
    const char *path, bool head)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		struct http_rule *rule = &r->rules[i];

		if (rule->left == 0 || (rule->kind == HTTP_HEAD && !head) ||
		    !is_meant(rule->glob, path, head))
			continue;
		if (rule->left > 0)
			rule->left--;
		return rule;
	}
	return NULL;
}
