#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/http.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/help.h"
#include "text/xml.h"

static const struct command *const commands[] = {
	&cmd_feed_build, &cmd_feed_diff, &cmd_feed_import,
	&cmd_feed_move, &cmd_feed_ping,
	&cmd_digest_preview, &cmd_digest_send, &cmd_digest_status,
	&cmd_digest_resend, &cmd_digest_settle, &cmd_digest_reconcile,
	&cmd_digest_report, &cmd_digest_discard,
	&cmd_digest_archive,
	&cmd_friend_add, &cmd_friend_remove, &cmd_friend_list,
	&cmd_friend_import, &cmd_friend_export,
	&cmd_episode_new, &cmd_episode_list, &cmd_episode_show,
	&cmd_episode_next, &cmd_episode_table,
	&cmd_media_probe, &cmd_media_transcript, &cmd_media_doctor,
	&cmd_publish,
	&cmd_init,
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct cmd_option common[] = {
	{ "-c", "FILE", "config.ini; else in this folder or one above" },
	CMD_JSON_OPTION,
	{ "-q", NULL, "say only errors" },
	{ "-v", NULL, "say more, such as what was learnt of each audio" },
	{ "--help", NULL, "this text; also -h" },
	{ NULL, NULL, NULL }
};

static const struct help_table table = { commands, NCOMMANDS, common };

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
cmd_has_json(const struct command *c)
{
	const struct cmd_option *o;

	for (o = c->options; o != NULL && o->name != NULL; o++)
		if (strcmp(o->name, "--json") == 0)
			return true;
	return false;
}

bool
cmd_flag(const struct cmd_args *args, const char *name)
{
	return cmd_value(args, name) != NULL;
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

static int
unknown_option(const struct command *c, const char *arg, size_t len,
    struct err *err)
{
	struct buf more;

	buf_init(&more, 0);
	if (c == NULL)
		buf_adds(&more, "; options follow the command");
	else
		help_meant_option(&table, c, arg, len, &more);
	err_set(err, ERR_USAGE, "unknown option %s%s", arg, more.data);
	buf_release(&more);
	return -1;
}

static int
push_option(struct cmd_args *args, const char *name, const char *value,
    struct err *err)
{
	if (args->ngiven == CMD_VALUES_MAX)
		return err_set(err, ERR_USAGE, "more than %d options",
		    CMD_VALUES_MAX);
	args->given[args->ngiven].name = name;
	args->given[args->ngiven++].value = value;
	return 0;
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

	if (strcmp(arg, "-h") == 0)
		return push_option(args, "--help", "", err);
	if (o == NULL)
		return unknown_option(c, arg, len, err);
	if (o->argument != NULL && o->argument[0] == '[') {
		value = equals != NULL ? equals + 1 : "";
	} else if (o->argument != NULL) {
		value = equals != NULL ? equals + 1 : argv[++*i];
		if (value == NULL)
			return err_set(err, ERR_USAGE, "%s wants %s", o->name,
			    o->argument);
	} else if (equals != NULL) {
		return err_set(err, ERR_USAGE, "%s takes no value", o->name);
	}
	return push_option(args, o->name, value, err);
}

static bool
is_group(const char *word)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		if (strcmp(commands[i]->group, word) == 0)
			return true;
	return false;
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

static int
unknown_word(const char *group, const char *word, struct err *err)
{
	struct buf more;

	buf_init(&more, 0);
	if (group == NULL)
		help_meant_group(&table, word, &more);
	else
		help_meant_command(&table, group, word, &more);
	if (more.len == 0)
		buf_addf(&more, "; `showmill %s%shelp` lists them",
		    group == NULL ? "" : group, group == NULL ? "" : " ");
	err_set(err, ERR_USAGE, "there is no command `%s%s%s`%s",
	    group == NULL ? "" : group, group == NULL ? "" : " ", word,
	    more.data);
	buf_release(&more);
	return -1;
}

/* What a command line is about, as far as it says. */
struct subject {
	const char *group;
	const struct command *command;
};

/* A word before the operands. */
static int
take_word(struct subject *s, const char *word, struct cmd_args *args,
    struct err *err)
{
	if (strcmp(word, "help") == 0)
		return push_option(args, "--help", "", err);
	if (s->group == NULL) {
		if (!is_group(word))
			return unknown_word(NULL, word, err);
		s->group = word;
		s->command = find_command(word, "");
		return 0;
	}
	s->command = find_command(s->group, word);
	return s->command != NULL ? 0 : unknown_word(s->group, word, err);
}

/* Words before the command are found first, so that options may stand
 * anywhere behind it. */
static int
parse(int argc, char **argv, struct subject *s, struct cmd_args *args,
    struct err *err)
{
	bool only_operands = false;
	int i;

	for (i = 1; i < argc; i++) {
		const char *arg = argv[i];

		if (!only_operands && strcmp(arg, "--") == 0) {
			only_operands = true;
		} else if (!only_operands && arg[0] == '-' && arg[1] != '\0') {
			if (take_option(s->command, argv, &i, args, err) != 0)
				return -1;
		} else if (s->command != NULL) {
			args->operand[args->noperands++] = arg;
		} else if (take_word(s, arg, args, err) != 0) {
			return -1;
		}
	}
	return 0;
}

static int
check_operands(const struct command *c, const struct cmd_args *args,
    struct err *err)
{
	if (args->noperands < c->min)
		return err_set(err, ERR_USAGE, "`%s%s%s` wants %s; usage: "
		    "showmill %s%s%s [OPTION ...] %s", CMD_WORDS(c),
		    c->operands, CMD_WORDS(c), c->operands);
	if (args->noperands <= c->max)
		return 0;
	return err_set(err, ERR_USAGE, "`%s` is one word too many; usage: "
	    "showmill %s%s%s [OPTION ...]%s%s", args->operand[c->max],
	    CMD_WORDS(c), c->operands[0] != '\0' ? " " : "", c->operands);
}

/* --json that changed nothing would go unnoticed. */
static int
check_json(const struct command *c, const struct cmd_args *args,
    struct err *err)
{
	struct buf who;

	if (cmd_has_json(c) || !cmd_flag(args, "--json"))
		return 0;
	buf_init(&who, 0);
	help_json_commands(&table, &who);
	err_set(err, ERR_USAGE, "`%s%s%s` prints no JSON; --json is for "
	    "%s", CMD_WORDS(c), who.data);
	buf_release(&who);
	return -1;
}

/* As that of `showmill … | head` does when it has enough: nothing to complain
 * of. */
static bool
reader_left(void)
{
	struct pollfd out = { STDOUT_FILENO, 0, 0 };

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
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
		return reader_left() ? err_exit_code(ERR_IO) :
		    err_sys(err, ERR_IO, "standard output");
	return rc;
}

/* Help was asked for, or there is no command to run. */
static int
print_help(const struct subject *s, struct arena *a, bool asked)
{
	FILE *to = asked ? stdout : stderr;

	if (s->command != NULL)
		help_command(&table, a, s->command);
	else if (s->group != NULL)
		help_group(&table, s->group, to);
	else
		help_overview(&table, to);
	return asked ? 0 : err_exit_code(ERR_USAGE);
}

int
main(int argc, char **argv)
{
	const char *self = argc > 0 ? fs_basename(argv[0]) : "showmill";
	struct subject s = {
		strcmp(self, "digest") == 0 ? "digest" : NULL, NULL
	};
	struct cmd_args args = { .arena = ARENA_INIT };
	struct err err = ERR_INIT;
	int rc = -1;

	/* A relay that hangs up is an answer, not a reason to die. */
	signal(SIGPIPE, SIG_IGN);
	fs_allow_files();
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("showmill " SHOWMILL_VERSION);
		return 0;
	}
	args.operand = xcalloc((size_t)argc + 1, sizeof(*args.operand));
	if (parse(argc, argv, &s, &args, &err) != 0) {
		log_err(&err);
	} else if (s.command == NULL || cmd_flag(&args, "--help")) {
		rc = print_help(&s, &args.arena, cmd_flag(&args, "--help"));
	} else if (check_json(s.command, &args, &err) != 0 ||
	    check_operands(s.command, &args, &err) != 0 ||
	    (rc = run(s.command, &args, &err)) < 0) {
		log_progress_end();
		log_err(&err);
	}
	free(args.operand);
	arena_release(&args.arena);
	return rc < 0 ? err_exit_code(err.kind) : rc;
}
