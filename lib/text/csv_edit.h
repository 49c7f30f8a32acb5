/*
 * Changing cells of a table, and no other byte of its file.
 */
#ifndef TEXT_CSV_EDIT_H
#define TEXT_CSV_EDIT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/csv.h"

struct csv_cell {
	size_t row;		/* of the table, from 0 */
	const char *column;	/* as in its header; in any case */
	const char *value;	/* without line ends */
};

/* Writes text behind what out holds, with n cells that have new values. The
 * quotes of an old value stay; else a new one has them where it must. A column
 * that the header does not have is added at the end of the header and of every
 * row. was is what was read of text: what comes out is read again, and must be
 * the same but for the cells. ERR_INPUT when it is not, as when text is another
 * one by now, or a row was bad; then nothing comes out. */
int csv_edit(const char *text, size_t len, const struct csv_table *was,
    const struct csv_cell *cell, size_t n, struct buf *out, struct err *err);

#endif
