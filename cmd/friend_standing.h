/*
 * What a table of friends that another mail service has exported says of
 * each: whether mail is wanted and arrives.
 */
#ifndef CMD_FRIEND_STANDING_H
#define CMD_FRIEND_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "text/csv.h"

/* From good to bad: where columns differ, the last one counts. */
enum standing {
	STANDING_ON, STANDING_PENDING, STANDING_DISABLED, STANDING_BOUNCED,
	STANDING_LEFT
};

/* Whether a column's name is one of names (ended by NULL): without regard to
 * case, and "_", "-" and " " are the same. */
bool standing_is_named(const char *column, const char *const *names);

struct standing_column;

/* What a column tells about the standing; NULL: nothing. */
const struct standing_column *standing_column(const char *header);

/* Whether every field of the column i that is not empty is a word of standing:
 * of columns whose name may mean another thing (`state`: of a country). */
bool standing_is_told(const struct csv_table *t, size_t i);

/* Whether a field of a column that is not understood holds, by itself or among
 * others behind , ; or |, a word for not being mailed; that word goes to the
 * arena. */
bool standing_has_left(const char *value, struct arena *a, const char **word);

/* Raises *standing by what the column's field says; *left is set where it says
 * when a friend left, if that was not known. An empty field says nothing.
 * ERR_INPUT: a value that is not known. */
int standing_take(const struct standing_column *c, const char *header,
    const char *value, enum standing *standing, int64_t *left,
    struct err *err);

#endif
