/*
 * Between the two files that choose an edition's episodes.
 */
#ifndef CMD_EDITION_CHOOSE_H
#define CMD_EDITION_CHOOSE_H

#include "cmd/edition.h"

struct choice {
	struct setting *setting;
	struct cmd_args *args;
	struct edition *out;
	const struct show **shows;	/* the list's first */
	size_t nshows;
	bool first;			/* edition of the list, by the rule */
};

/* The edition that has the episode already; NULL: none. */
int choice_in_edition(struct choice *c, const struct show *show,
    const struct episode *e, const char **name, struct err *err);
void choice_omit(struct choice *c, const struct episode *e, const char *why,
    const char *many);

/* Those of --episode. */
int choice_named(struct choice *c, struct err *err);
/* Those that the edition's file picks. */
int choice_picked(struct choice *c, struct err *err);
/* Takes out those that the edition's file leaves out. */
int choice_leave_out(struct choice *c, struct err *err);

#endif
