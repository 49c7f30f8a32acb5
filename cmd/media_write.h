/*
 * media probe --write: from the audio to the episodes that have it.
 */
#ifndef CMD_MEDIA_WRITE_H
#define CMD_MEDIA_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cmd/cmd.h"
#include "show/media_facts.h"

struct media_write;

/* The shows that --show names, or all; NULL when they cannot be read. */
struct media_write *media_write_open(struct cmd_args *args, struct err *err);

/* The local file that an address of an episode is mapped to, or the name as it
 * is: what is at hand needs no server. */
const char *media_write_place(struct media_write *w, const char *name);

/* The files and addresses of all episodes that are due, each once, in the
 * command's arena; analytics prefixes are taken off. */
const char **media_write_names(struct media_write *w, size_t *n);

/* Writes what is known of a file or address to all episodes that have it, and
 * prints a line for each file of notes that changes. What goes wrong, and that
 * no episode has it, is a finding. */
void media_write_facts(struct media_write *w, const char *name,
    const struct media_facts *facts, struct findings *to);

/* Writes the tables too, and frees w. */
void media_write_close(struct media_write *w, struct findings *to);

#endif
