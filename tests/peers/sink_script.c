#include "sink_script.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "peer.h"

struct line {
	struct sink_script *script;
	const char *file;
	unsigned number;
	char *rest;
};

static const char *const step_names[] = { "connect", "ehlo", "mail", "rcpt",
    "data", "end", "rset", "quit" };

static int line_error(const struct line *l, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static int line_error(const struct line *l, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%u: ", l->file, l->number);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return -1;
}

static char *copy(const char *text)
{
	char *p = strdup(text);

	if (p == NULL) {
		fputs("mail_sink: out of memory\n", stderr);
		abort();
	}
	return p;
}

/* The next word, cut out of the line; "" at its end. */
static char *next_word(struct line *l)
{
	char *word = l->rest + strspn(l->rest, " \t");
	char *end = word + strcspn(word, " \t");

	l->rest = end + (*end != '\0');
	*end = '\0';
	l->rest += strspn(l->rest, " \t");
	return word;
}

/* Takes `times=N` when it is what comes next. */
static int take_times(struct line *l, long *left)
{
	unsigned long n;

	*left = -1;
	if (strncmp(l->rest, "times=", 6) != 0)
		return 0;
	if (peer_number(next_word(l) + 6, 1000000000, &n) != 0)
		return line_error(l, "times= needs a number");
	*left = (long)n;
	return 0;
}

/* A new rule with its step and times; NULL after an error. */
static struct sink_rule *add_rule(struct line *l, enum sink_rule_kind kind)
{
	struct sink_rule *r;
	const char *name = next_word(l);
	size_t i = 0;

	while (i < SINK_UNSCRIPTED && strcmp(name, step_names[i]) != 0)
		i++;
	if (i == SINK_UNSCRIPTED) {
		line_error(l, "no step is named '%s'; there are connect ehlo "
		    "mail rcpt data end rset quit", name);
		return NULL;
	}
	if (l->script->rule_count == SINK_RULES_MAX) {
		line_error(l, "more than %d rules", SINK_RULES_MAX);
		return NULL;
	}
	r = &l->script->rules[l->script->rule_count++];
	r->kind = kind;
	r->step = (enum sink_step)i;
	return take_times(l, &r->left) == 0 ? r : NULL;
}

static bool is_code(const char *word)
{
	return strlen(word) == 3 && word[0] >= '2' && word[0] <= '5' &&
	    isdigit((unsigned char)word[1]) && isdigit((unsigned char)word[2]);
}

static int parse_on(struct line *l)
{
	struct sink_rule *r = add_rule(l, SINK_REPLY);
	const char *word;
	unsigned long code;

	if (r == NULL)
		return -1;
	word = next_word(l);
	if (!is_code(word)) {
		r->glob = copy(word);
		word = next_word(l);
	}
	if (!is_code(word) || peer_number(word, 599, &code) != 0)
		return line_error(l, "expected a reply code of three digits, "
		    "not '%s'", word);
	r->code = (int)code;
	r->text = copy(l->rest);
	return 0;
}

static int parse_delay(struct line *l)
{
	struct sink_rule *r = add_rule(l, SINK_DELAY);
	unsigned long ms;

	if (r == NULL)
		return -1;
	if (peer_number(l->rest, 3600000, &ms) != 0)
		return line_error(l, "expected milliseconds, not '%s'",
		    l->rest);
	r->delay_ms = (unsigned)ms;
	return 0;
}

static int parse_hang(struct line *l)
{
	if (add_rule(l, SINK_HANG) == NULL)
		return -1;
	if (*l->rest != '\0')
		return line_error(l, "hang takes a step only");
	return 0;
}

static int parse_garbage(struct line *l)
{
	struct sink_rule *r = add_rule(l, SINK_GARBAGE);

	if (r == NULL)
		return -1;
	r->text = copy(l->rest);
	return 0;
}

static int parse_ehlo(struct line *l)
{
	struct sink_script *s = l->script;

	s->keywords_named = true;
	if (*l->rest == '\0')
		return 0;
	if (s->keyword_count == SINK_KEYWORDS_MAX ||
	    strlen(l->rest) >= SINK_KEYWORD_LEN)
		return line_error(l, "more than %d keywords, or one of %d "
		    "octets", SINK_KEYWORDS_MAX, SINK_KEYWORD_LEN);
	s->keywords[s->keyword_count++] = copy(l->rest);
	return 0;
}

static int add_fault(struct line *l, bool kill)
{
	struct sink_script *s = l->script;
	struct sink_fault *f = &s->faults[s->fault_count];
	const char *when = next_word(l);

	if (s->fault_count == SINK_FAULTS_MAX)
		return line_error(l, "more than %d faults", SINK_FAULTS_MAX);
	f->kill = kill;
	f->after = strcmp(when, "after") == 0;
	if ((!f->after && strcmp(when, "before") != 0) ||
	    peer_number(l->rest, 1000000000, &f->reply) != 0 ||
	    f->reply == 0)
		return line_error(l, "expected before N or after N, N from 1");
	s->fault_count++;
	return 0;
}

static int parse_drop(struct line *l)
{
	return add_fault(l, false);
}

static int parse_kill(struct line *l)
{
	return add_fault(l, true);
}

static int parse_dropdata(struct line *l)
{
	if (peer_number(next_word(l), 1000000000,
	    &l->script->dropdata) != 0 || l->script->dropdata == 0)
		return line_error(l, "expected a number of octets from 1");
	if (take_times(l, &l->script->dropdata_left) != 0)
		return -1;
	if (*l->rest != '\0')
		return line_error(l, "'%s' is too much", l->rest);
	return 0;
}

static int parse_limit(struct line *l, struct sink_limit *to)
{
	const char *word;
	unsigned long code;

	if (to->code != 0)
		return line_error(l, "there is such a line already");
	if (peer_number(next_word(l), 1000000000, &to->n) != 0)
		return line_error(l, "expected a number");
	word = next_word(l);
	if (!is_code(word) || peer_number(word, 599, &code) != 0)
		return line_error(l, "expected a reply code of three digits, "
		    "not '%s'", word);
	to->code = (int)code;
	to->text = copy(l->rest);
	return 0;
}

static int parse_room(struct line *l)
{
	return parse_limit(l, &l->script->room);
}

static int parse_session(struct line *l)
{
	return parse_limit(l, &l->script->session);
}

static int parse_pidfile(struct line *l)
{
	if (*l->rest == '\0' || l->script->pidfile != NULL)
		return line_error(l, "expected one path, once");
	l->script->pidfile = copy(l->rest);
	return 0;
}

static int parse_dialog(struct line *l)
{
	l->script->dialog = true;
	return *l->rest == '\0' ? 0 : line_error(l, "dialog takes nothing");
}

static const struct {
	const char *name;
	int (*parse)(struct line *);
} instructions[] = {
	{ "ehlo", parse_ehlo }, { "on", parse_on }, { "delay", parse_delay },
	{ "hang", parse_hang }, { "garbage", parse_garbage },
	{ "drop", parse_drop }, { "kill", parse_kill },
	{ "dropdata", parse_dropdata }, { "room", parse_room },
	{ "session", parse_session }, { "pidfile", parse_pidfile },
	{ "dialog", parse_dialog }
};

static int parse_line(struct line *l)
{
	size_t len = strlen(l->rest), i;
	const char *name;

	while (len > 0 && isspace((unsigned char)l->rest[len - 1]))
		l->rest[--len] = '\0';
	l->rest += strspn(l->rest, " \t");
	if (*l->rest == '\0' || *l->rest == '#')
		return 0;
	name = next_word(l);
	for (i = 0; i < sizeof instructions / sizeof *instructions; i++)
		if (strcmp(name, instructions[i].name) == 0)
			return instructions[i].parse(l);
	return line_error(l, "unknown instruction '%s'", name);
}

/* A kill without a pidfile would be a test that tests nothing. */
static int check_whole(const struct line *l)
{
	size_t i;

	for (i = 0; i < l->script->fault_count; i++)
		if (l->script->faults[i].kill && l->script->pidfile == NULL)
			return line_error(l, "kill needs a pidfile line");
	return 0;
}

static int load_file(struct sink_script *s, const char *path)
{
	char text[SINK_LINE_MAX];
	struct line l = { s, path, 0, text };
	FILE *in = fopen(path, "r");
	int rc = 0;

	if (in == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	while (rc == 0 && fgets(text, sizeof text, in) != NULL) {
		l.number++;
		l.rest = text;
		if (strlen(text) == sizeof text - 1)
			rc = line_error(&l, "the line is too long");
		else
			rc = parse_line(&l);
	}
	if (rc == 0 && ferror(in))
		rc = line_error(&l, "cannot be read");
	if (rc == 0)
		rc = check_whole(&l);
	fclose(in);
	return rc;
}

int sink_script_load(struct sink_script *s, const char *path)
{
	static const char *const defaults[] = { "PIPELINING", "8BITMIME",
	    "SIZE 35882577", "ENHANCEDSTATUSCODES", "DSN" };
	size_t i;

	memset(s, 0, sizeof *s);
	s->dropdata_left = -1;
	if (path != NULL && load_file(s, path) != 0)
		return -1;
	if (s->keywords_named)
		return 0;
	for (i = 0; i < sizeof defaults / sizeof *defaults; i++)
		s->keywords[s->keyword_count++] = copy(defaults[i]);
	return 0;
}

void sink_script_release(struct sink_script *s)
{
	size_t i;

	for (i = 0; i < s->keyword_count; i++)
		free(s->keywords[i]);
	for (i = 0; i < s->rule_count; i++) {
		free(s->rules[i].glob);
		free(s->rules[i].text);
	}
	free(s->room.text);
	free(s->session.text);
	free(s->pidfile);
	memset(s, 0, sizeof *s);
}

const struct sink_rule *sink_script_match(struct sink_script *s,
    enum sink_rule_kind kind, enum sink_step step, const char *subject)
{
	size_t i;

	for (i = 0; i < s->rule_count; i++) {
		struct sink_rule *r = &s->rules[i];

		if (r->kind != kind || r->step != step || r->left == 0)
			continue;
		if (r->glob != NULL && fnmatch(r->glob, subject, 0) != 0)
			continue;
		if (r->left > 0)
			r->left--;
		return r;
	}
	return NULL;
}

const char *sink_script_offer(const struct sink_script *s, const char *keyword,
    size_t len)
{
	size_t i;

	for (i = 0; i < s->keyword_count; i++) {
		const char *k = s->keywords[i];

		if (strncasecmp(k, keyword, len) != 0)
			continue;
		if (k[len] == '\0')
			return k + len;
		if (k[len] == ' ')
			return k + len + 1;
	}
	return NULL;
}
