#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/http.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "text/xml.h"

static const struct command *const commands[] = {
	&cmd_feed_build, &cmd_feed_diff,
	&cmd_digest_preview, &cmd_digest_send, &cmd_digest_status,
	&cmd_digest_resend, &cmd_digest_settle, &cmd_digest_discard,
	&cmd_friend_add, &cmd_friend_remove, &cmd_friend_list,
	&cmd_friend_import, &cmd_friend_export,
	&cmd_episode_new, &cmd_episode_list,
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct cmd_option common[] = {
	{ "-c", "FILE", "config.ini; else in this folder or one above" },
	{ "--json", NULL, "print lists and states as JSON" },
	{ "-q", NULL, "say only errors" },
	{ "-v", NULL, "say also what was learnt of each audio" },
	{ "--help", NULL, "this text" },
	{ NULL, NULL, NULL }
};

const char *
cmd_value_at(const struct cmd_args *args, const char *name, size_t i)
{
	size_t k;

	for (k = 0; k < args->ngiven; k++)
		if (strcmp(args->given[k].name, name) == 0 && i-- == 0)
			return args->given[k].value;
	return NULL;
}

const char *
cmd_value(const struct cmd_args *args, const char *name)
{
	const char *value = NULL;
	size_t k;

	for (k = 0; k < args->ngiven; k++)
		if (strcmp(args->given[k].name, name) == 0)
			value = args->given[k].value;
	return value;
}

bool
cmd_flag(const struct cmd_args *args, const char *name)
{
	return cmd_value(args, name) != NULL;
}

static void
print_overview(FILE *to)
{
	size_t i;

	fputs("usage: showmill [-c FILE] [-q | -v] GROUP COMMAND [OPTION ...]\n\n"
	    "Episodes in a folder become podcast feeds and an e-mail digest "
	    "for the friends\nof the show.\n\n", to);
	for (i = 0; i < NCOMMANDS; i++) {
		const struct command *c = commands[i];

		if (i > 0 && strcmp(c->group, commands[i - 1]->group) != 0)
			fputc('\n', to);
		fprintf(to, "  %-7s %-8s %s\n", c->group, c->name, c->purpose);
	}
	fputs("\n`showmill GROUP COMMAND --help` tells more; showmill(1), "
	    "showmill-config(5) and\nshowmill-episode(5) tell all.\n", to);
}

static void
print_options(const struct cmd_option *o)
{
	char left[64];

	for (; o->name != NULL; o++) {
		snprintf(left, sizeof(left), "%s%s%s", o->name,
		    o->argument != NULL ? " " : "",
		    o->argument != NULL ? o->argument : "");
		printf("  %-22s %s\n", left, o->help);
	}
}

static void
print_help(const struct command *c)
{
	printf("usage: showmill %s %s [OPTION ...]%s%s\n\n%s.\n", c->group,
	    c->name, c->operands[0] != '\0' ? " " : "", c->operands,
	    c->purpose);
	if (c->text != NULL)
		printf("\n%s\n", c->text);
	printf("\nOptions:\n");
	if (c->options != NULL)
		print_options(c->options);
	print_options(common);
}

static const struct cmd_option *
find_option(const struct command *c, const char *arg, size_t len)
{
	const struct cmd_option *tables[] = {
		c != NULL ? c->options : NULL, common
	};
	const struct cmd_option *o;
	size_t i;

	for (i = 0; i < 2; i++)
		for (o = tables[i]; o != NULL && o->name != NULL; o++)
			if (strlen(o->name) == len &&
			    strncmp(o->name, arg, len) == 0)
				return o;
	return NULL;
}

/* Takes one option from argv[*i]; a value may follow "=" or be the next
 * word. */
static int
take_option(const struct command *c, char **argv, int *i,
    struct cmd_args *args, struct err *err)
{
	const char *arg = argv[*i], *equals = strchr(arg, '=');
	size_t len = equals != NULL ? (size_t)(equals - arg) : strlen(arg);
	const struct cmd_option *o = find_option(c, arg, len);
	const char *value = "";

	if (o == NULL)
		return err_set(err, ERR_USAGE, "unknown option %s%s", arg,
		    c == NULL ? "; options follow the command" : "");
	if (o->argument != NULL) {
		value = equals != NULL ? equals + 1 : argv[++*i];
		if (value == NULL)
			return err_set(err, ERR_USAGE, "%s wants %s", o->name,
			    o->argument);
	} else if (equals != NULL) {
		return err_set(err, ERR_USAGE, "%s takes no value", o->name);
	}
	if (args->ngiven == CMD_VALUES_MAX)
		return err_set(err, ERR_USAGE, "more than %d options",
		    CMD_VALUES_MAX);
	args->given[args->ngiven].name = o->name;
	args->given[args->ngiven++].value = value;
	return 0;
}

static const struct command *
find_command(const char *group, const char *name)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i]->group, group) == 0 &&
		    strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* Words before the command are found first, so that options may stand
 * anywhere behind it. */
static int
parse(int argc, char **argv, const char *group, const struct command **out,
    struct cmd_args *args, struct err *err)
{
	const struct command *c = NULL;
	bool only_operands = false;
	int i;

	for (i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (!only_operands && strcmp(arg, "--") == 0) {
			only_operands = true;
		} else if (!only_operands && arg[0] == '-' && arg[1] != '\0') {
			if (take_option(c, argv, &i, args, err) != 0)
				return -1;
		} else if (group == NULL) {
			group = arg;
		} else if (c == NULL) {
			c = find_command(group, arg);
			if (c == NULL)
				return err_set(err, ERR_USAGE, "there is no "
				    "command `%s %s`; `showmill --help` lists "
				    "them", group, arg);
		} else {
			args->operand[args->noperands++] = arg;
		}
	}
	*out = c;
	if (c == NULL && group != NULL && !cmd_flag(args, "--help"))
		return err_set(err, ERR_USAGE, "`%s` wants a command behind "
		    "it; `showmill --help` lists them", group);
	return 0;
}

static int
check_operands(const struct command *c, const struct cmd_args *args,
    struct err *err)
{
	if (args->noperands >= c->min && args->noperands <= c->max)
		return 0;
	return err_set(err, ERR_USAGE, "usage: showmill %s %s [OPTION ...] %s",
	    c->group, c->name, c->operands);
}

static int
run(const struct command *c, struct cmd_args *args, struct err *err)
{
	int rc;

	if (cmd_flag(args, "-q"))
		log_set_level(LOG_LEVEL_ERROR);
	if (cmd_flag(args, "-v"))
		log_set_level(LOG_LEVEL_DEBUG);
	args->config = cmd_value(args, "-c");
	args->json = cmd_flag(args, "--json");
	if (http_global_init(err) != 0)
		return -1;
	xw_global_init();
	rc = c->run(args, err);
	xw_global_release();
	http_global_release();
	/* What was printed must have arrived: a full disk or a closed pipe is
	 * no success. */
	if (rc == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		return err_sys(err, ERR_IO, "standard output");
	return rc;
}

int
main(int argc, char **argv)
{
	const char *self = argc > 0 ? fs_basename(argv[0]) : "showmill";
	const struct command *c = NULL;
	struct cmd_args args = { .arena = ARENA_INIT };
	struct err err = ERR_INIT;
	int rc = -1;

	/* A relay that hangs up is an answer, not a reason to die. */
	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("showmill " SHOWMILL_VERSION);
		return 0;
	}
	args.operand = xcalloc((size_t)argc + 1, sizeof(*args.operand));
	if (parse(argc, argv, strcmp(self, "digest") == 0 ? "digest" : NULL,
	    &c, &args, &err) != 0) {
		log_err(&err);
	} else if (c == NULL) {
		print_overview(cmd_flag(&args, "--help") ? stdout : stderr);
		rc = cmd_flag(&args, "--help") ? 0 : err_exit_code(ERR_USAGE);
	} else if (cmd_flag(&args, "--help")) {
		print_help(c);
		rc = 0;
	} else if (check_operands(c, &args, &err) != 0 ||
	    (rc = run(c, &args, &err)) < 0) {
		log_progress_end();
		log_err(&err);
	}
	free(args.operand);
	arena_release(&args.arena);
	return rc < 0 ? err_exit_code(err.kind) : rc;
}
