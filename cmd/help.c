#include "cmd/help.h"

#include <string.h>

#include "base/near.h"
#include "text/wrap.h"

#define WORD_MAX 32
#define OPTION_INDENT "                         "

/* ---- help texts ---- */

static void
print_wrapped(const char *text, size_t len, const char *first,
    const char *rest, FILE *to)
{
	struct buf b;

	buf_init(&b, 0);
	wrap_words(&b, text, len, HELP_WIDTH, first, rest);
	fputs(b.data, to);
	buf_release(&b);
}

static void
print_row(const struct command *c, FILE *to)
{
	fprintf(to, "  %-7s %-8s %s\n", c->group, c->name, c->purpose);
}

void
help_overview(const struct help_table *t, FILE *to)
{
	size_t i;

	fputs("usage: showmill [-c FILE] [-q | -v] GROUP COMMAND "
	    "[OPTION ...]\n\n"
	    "Episodes in a folder become podcast feeds and an e-mail digest "
	    "for the friends\nof the show.\n\n", to);
	for (i = 0; i < t->n; i++) {
		if (i > 0 && strcmp(t->commands[i]->group,
		    t->commands[i - 1]->group) != 0)
			fputc('\n', to);
		print_row(t->commands[i], to);
	}
	fputs("\n`showmill GROUP COMMAND --help` tells more; showmill(1), "
	    "showmill-config(5) and\nshowmill-episode(5) tell all.\n", to);
}

void
help_group(const struct help_table *t, const char *group, FILE *to)
{
	size_t i;

	fprintf(to, "usage: showmill %s COMMAND [OPTION ...]\n\n", group);
	for (i = 0; i < t->n; i++)
		if (strcmp(t->commands[i]->group, group) == 0)
			print_row(t->commands[i], to);
	fprintf(to, "\n`showmill %s COMMAND --help` tells more.\n", group);
}

static void
print_option(const struct cmd_option *o)
{
	char left[sizeof(OPTION_INDENT) + WORD_MAX];

	snprintf(left, sizeof(left), "  %s%s%s", o->name,
	    o->argument != NULL && o->argument[0] != '[' ? " " : "",
	    o->argument != NULL ? o->argument : "");
	snprintf(left + strlen(left), sizeof(left) - strlen(left), "%*s",
	    strlen(left) < sizeof(OPTION_INDENT) - 2 ?
	    (int)(sizeof(OPTION_INDENT) - 1 - strlen(left)) : 1, "");
	print_wrapped(o->help, strlen(o->help), left, OPTION_INDENT, stdout);
}

/* Paragraphs, with an empty line between two; other line ends are blanks. */
static void
print_text(struct arena *a, const char *text)
{
	char *p = arena_strdup(a, text != NULL ? text : ""), *end, *nl;

	while (*p != '\0') {
		end = strstr(p, "\n\n");
		if (end != NULL)
			*end++ = '\0';
		while ((nl = strchr(p, '\n')) != NULL)
			*nl = ' ';
		putchar('\n');
		print_wrapped(p, strlen(p), "", "", stdout);
		p = end != NULL ? end + 1 : p + strlen(p);
	}
}

void
help_command(const struct help_table *t, struct arena *a,
    const struct command *c)
{
	const struct cmd_option *o;

	printf("usage: showmill %s%s%s [OPTION ...]%s%s\n\n%s.\n",
	    CMD_WORDS(c), c->operands[0] != '\0' ? " " : "", c->operands,
	    c->purpose);
	print_text(a, c->text);
	printf("\nOptions:\n");
	for (o = c->options; o != NULL && o->name != NULL; o++)
		print_option(o);
	for (o = t->common; o->name != NULL; o++)
		if (strcmp(o->name, "--json") != 0)
			print_option(o);
}

void
help_json_commands(const struct help_table *t, struct buf *out)
{
	size_t total = 0, n = 0, i;

	for (i = 0; i < t->n; i++)
		total += cmd_has_json(t->commands[i]);
	for (i = 0; i < t->n; i++) {
		const struct command *c = t->commands[i];

		if (!cmd_has_json(c))
			continue;
		buf_addf(out, "%s%s %s", n == 0 ? "" : n + 1 == total ?
		    " and " : ", ", c->group, c->name);
		n++;
	}
}

/* ---- mistyped words ---- */

static void
add_meant(struct buf *out, size_t n, const char *group, const char *name)
{
	buf_addf(out, "%s`%s%s%s`", n == 0 ? "; did you mean " : " or ",
	    group, name[0] != '\0' ? " " : "", name);
}

void
help_meant_command(const struct help_table *t, const char *group,
    const char *word, struct buf *out)
{
	size_t n = 0, i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->commands[i]->group, group) == 0 &&
		    near_is(word, strlen(word), t->commands[i]->name))
			add_meant(out, n++, group, t->commands[i]->name);
	if (n > 0)
		buf_addc(out, '?');
}

/* A command whose group was left out, or a group mistyped. */
void
help_meant_group(const struct help_table *t, const char *word,
    struct buf *out)
{
	size_t n = 0, i;

	for (i = 0; i < t->n; i++)
		if (strcmp(t->commands[i]->name, word) == 0)
			add_meant(out, n++, t->commands[i]->group, word);
	for (i = 0; i < t->n && n == 0; i++)
		if (near_is(word, strlen(word), t->commands[i]->group))
			add_meant(out, n++, t->commands[i]->group, "");
	for (i = 0; i < t->n && n == 0; i++)
		if (t->commands[i]->name[0] != '\0' && near_is(word,
		    strlen(word), t->commands[i]->name))
			add_meant(out, n++, t->commands[i]->group,
			    t->commands[i]->name);
	if (n > 0)
		buf_addc(out, '?');
}

void
help_meant_option(const struct help_table *t, const struct command *c,
    const char *word, size_t len, struct buf *out)
{
	const struct cmd_option *tables[] = {
		c != NULL ? c->options : NULL, t->common
	};
	const struct cmd_option *o;
	size_t i;

	for (i = 0; i < 2; i++)
		for (o = tables[i]; o != NULL && o->name != NULL; o++)
			if (len > 3 && near_is(word, len, o->name)) {
				buf_addf(out, "; did you mean %s?", o->name);
				return;
			}
}
