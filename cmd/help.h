/*
 * What the program says of itself: its commands, one group of them, one
 * command, and what a mistyped word may have meant.
 */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "cmd/cmd.h"

/* All commands, those of a group together. */
struct help_table {
	const struct command *const *commands;
	size_t n;
	const struct cmd_option *common;	/* options of every command */
};

#define HELP_WIDTH 79	/* no line is longer */

void help_overview(const struct help_table *t, FILE *to);
/* The group must be in the table. */
void help_group(const struct help_table *t, const char *group, FILE *to);
void help_command(const struct help_table *t, struct arena *a,
    const struct command *c);

/* Adds "; did you mean `digest send`?" for a word that is no group, or no
 * command of the group; nothing where no word is near. */
void help_meant_group(const struct help_table *t, const char *word,
    struct buf *out);
void help_meant_command(const struct help_table *t, const char *group,
    const char *word, struct buf *out);
/* "; did you mean --episode?" for a word that is no option of c (NULL: of
 * none). */
void help_meant_option(const struct help_table *t, const struct command *c,
    const char *word, size_t len, struct buf *out);

/* "feed diff, digest status and friend list": the commands with --json. */
void help_json_commands(const struct help_table *t, struct buf *out);

#endif
