/*
 * A command is a row of one table: its words, its help, its options and its
 * function. Only this room reads argv, the environment and the clock, prints
 * to standard output and decides the exit code.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

#define CMD_VALUES_MAX 64

/* An option of one command, beside those that all know (-c -q -v --json). */
struct cmd_option {
	const char *name;	/* "--episode" */
	const char *argument;	/* "N"; "[=N]": it may be left out, and stands
				 * behind "="; NULL: a flag */
	const char *help;
};

/* Of the commands that know --json; it may stand before them too. */
#define CMD_JSON_OPTION { "--json", NULL, "print JSON, for programs" }

struct cmd_given {
	const char *name;
	const char *value;	/* "" for flags */
};

/* A command line that was understood. */
struct cmd_args {
	struct arena arena;	/* for what lives as long as the command */
	const char *config;	/* -c FILE; NULL: looked for */
	bool json;
	struct cmd_given given[CMD_VALUES_MAX];
	size_t ngiven;
	const char **operand;
	size_t noperands;
};

struct command {
	const char *group;	/* "digest" */
	const char *name;	/* "send"; "": the group is the command */
	const char *operands;	/* "[EDITION]" */
	size_t min, max;	/* how many of them */
	const char *purpose;	/* one line */
	const char *text;	/* for --help; NULL: nothing more to say */
	const struct cmd_option *options;	/* ended by a NULL name */
	/* The exit code; or -1 with err, whose kind decides it. */
	int (*run)(struct cmd_args *args, struct err *err);
};

bool cmd_has_json(const struct command *c);

/* The words of a command, for "%s%s%s". */
#define CMD_WORDS(c) \
	(c)->group, (c)->name[0] != '\0' ? " " : "", (c)->name

/* "1 error", "2 errors": what stands behind a word that is counted. */
#define CMD_S(n) ((n) == 1 ? "" : "s")

/* The last value given for an option, or NULL. */
const char *cmd_value(const struct cmd_args *args, const char *name);
bool cmd_flag(const struct cmd_args *args, const char *name);
/* The i-th value given for an option that may stand several times, or NULL. */
const char *cmd_value_at(const struct cmd_args *args, const char *name,
    size_t i);

/* The commands; each stands in the file of its name. */
extern const struct command cmd_feed_build;
extern const struct command cmd_feed_diff;
extern const struct command cmd_feed_import;
extern const struct command cmd_feed_move;
extern const struct command cmd_feed_ping;
extern const struct command cmd_digest_preview;
extern const struct command cmd_digest_send;
extern const struct command cmd_digest_status;
extern const struct command cmd_digest_resend;
extern const struct command cmd_digest_settle;
extern const struct command cmd_digest_reconcile;
extern const struct command cmd_digest_report;
extern const struct command cmd_digest_archive;
extern const struct command cmd_digest_discard;
extern const struct command cmd_friend_add;
extern const struct command cmd_friend_remove;
extern const struct command cmd_friend_list;
extern const struct command cmd_friend_import;
extern const struct command cmd_friend_export;
extern const struct command cmd_episode_new;
extern const struct command cmd_episode_list;
extern const struct command cmd_episode_show;
extern const struct command cmd_episode_next;
extern const struct command cmd_episode_table;
extern const struct command cmd_media_probe;
extern const struct command cmd_media_doctor;
extern const struct command cmd_media_transcript;
extern const struct command cmd_init;
extern const struct command cmd_publish;

#endif
