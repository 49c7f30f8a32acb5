/* friend import: a table of friends, of our own or of a mail service. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/kept.h"
#include "base/log.h"
#include "cmd/friend.h"
#include "cmd/friend_standing.h"
#include "cmd/setting.h"
#include "text/csv.h"

/* Names of columns in one warning; more are counted. */
#define PASSED_OVER_MAX 700

struct import {
	struct setting *setting;
	const char *file, *list;
	struct kept kept;	/* what is wrong with the table */
	struct csv_table table;
	int address, joined;		/* columns, -1: none */
	int name, first, last;
	const struct standing_column **standing;	/* by column; NULL */
	bool *used;			/* by column */
	struct ledger_friend *friends;
	size_t n;
	size_t bad;
	size_t left_out[STANDING_LEFT];	/* by standing */
};

/* ---- the columns ---- */

/* names: from the best to the last choice. */
static int
find_column(struct import *in, const char *const *names)
{
	size_t i;

	for (; *names != NULL; names++) {
		const char *one[2] = { *names, NULL };

		for (i = 0; i < in->table.ncolumns; i++)
			if (!in->used[i] &&
			    standing_is_named(in->table.header[i], one)) {
				in->used[i] = true;
				return (int)i;
			}
	}
	return -1;
}

static bool
is_empty(const struct csv_table *t, size_t column)
{
	size_t i;

	for (i = 0; i < t->nrows; i++)
		if (t->row[i].field[column][0] != '\0')
			return false;
	return true;
}

/* What is not taken is said, or it would be lost in silence. */
static void
tell_passed_over(struct import *in)
{
	size_t i, more = 0, n = 0;
	struct buf names;

	buf_init(&names, 0);
	for (i = 0; i < in->table.ncolumns; i++) {
		const char *name = in->table.header[i];

		if (in->used[i] ||
		    (name[0] == '\0' && is_empty(&in->table, i)))
			continue;
		if (names.len + strlen(name) > PASSED_OVER_MAX) {
			more++;
			continue;
		}
		buf_adds(&names, n++ > 0 ? ", " : "");
		if (name[0] != '\0')
			buf_addf(&names, "`%s`", name);
		else
			buf_addf(&names, "number %zu without a name", i + 1);
	}
	if (more > 0)
		buf_addf(&names, " and %zu more", more);
	if (n + more > 0)
		finding_add(&in->kept.findings, SEV_WARNING,
		    "friend-columns", in->file, 1, "passed over: the "
		    "column%s %s", CMD_S(n + more), names.data);
	buf_release(&names);
}

static void
find_columns(struct import *in, struct arena *a)
{
	static const char *const address[] = {
		"address", "email", "e mail", "mail", "email address",
		"subscriber", NULL
	};
	static const char *const joined[] = { "joined", NULL };
	static const char *const name[] = { "name", "full name", NULL };
	static const char *const first[] = {
		"first name", "firstname", "fname", "given name", NULL
	};
	static const char *const last[] = {
		"last name", "lastname", "lname", "family name", "surname",
		NULL
	};
	size_t i;

	in->used = arena_array(a, in->table.ncolumns, sizeof(*in->used));
	in->standing = arena_array(a, in->table.ncolumns,
	    sizeof(*in->standing));
	in->address = find_column(in, address);
	in->joined = find_column(in, joined);
	in->name = find_column(in, name);
	in->first = find_column(in, first);
	in->last = find_column(in, last);
	if (in->first < 0 && in->last >= 0) {
		in->first = in->name;
		in->name = -1;
	}
	for (i = 0; i < in->table.ncolumns; i++) {
		if (in->used[i])
			continue;
		in->standing[i] = standing_column(in->table.header[i]);
		in->used[i] = in->standing[i] != NULL;
	}
}

/* ---- the rows ---- */

/* NULL: there is no such column, or it is empty. */
static const char *
field(const struct csv_row *row, int column)
{
	return column >= 0 && row->field[column][0] != '\0' ?
	    row->field[column] : NULL;
}

static const char *
name_of(const struct import *in, const struct csv_row *row, struct arena *a)
{
	const char *first = field(row, in->first), *last = field(row, in->last);

	if (field(row, in->name) != NULL)
		return field(row, in->name);
	if (first == NULL || last == NULL)
		return first != NULL ? first : last;
	return arena_printf(a, "%s %s", first, last);
}

static int
standing_of(const struct import *in, const struct csv_row *row,
    enum standing *out, int64_t *left, struct err *err)
{
	size_t i;

	*out = STANDING_ON;
	*left = 0;
	for (i = 0; i < in->table.ncolumns; i++)
		if (in->standing[i] != NULL && standing_take(in->standing[i],
		    in->table.header[i], row->field[i], out, left, err) != 0)
			return -1;
	return 0;
}

/* `Lee, Bob <bob@example.org>` without quotes is two fields. */
static bool
has_address_elsewhere(const struct import *in, const struct csv_row *row)
{
	size_t i;

	if (strchr(row->field[in->address], '@') != NULL)
		return false;
	for (i = 0; i < in->table.ncolumns; i++)
		if (strchr(row->field[i], '<') != NULL &&
		    strchr(row->field[i], '@') != NULL)
			return true;
	return false;
}

static int
take_friend(struct import *in, const struct csv_row *row, struct arena *a,
    struct ledger_friend *out, struct err *err)
{
	const char *address = field(row, in->address);
	struct date d;

	if (address == NULL)
		return err_set(err, ERR_INPUT, "there is no address");
	if (has_address_elsewhere(in, row))
		return err_set(err, ERR_INPUT, "`%s` is no address, but there "
		    "is one in another column; a name with a delimiter in it "
		    "stands in quotes", address);
	if (friend_make(a, in->list, address, name_of(in, row, a),
	    in->setting->now, out, err) != 0)
		return -1;
	if (field(row, in->joined) == NULL)
		return 0;
	if (date_parse(field(row, in->joined), NULL, 0, &d, err) != 0)
		return -1;
	out->joined = d.t;
	return 0;
}

/* One row; taken: it is the next of the friends. */
static int
take_row(struct import *in, const struct csv_row *row, struct arena *a,
    bool *taken, struct err *err)
{
	struct ledger_friend *f = &in->friends[in->n];
	enum standing standing;
	int64_t left;

	*taken = false;
	if (standing_of(in, row, &standing, &left, err) != 0)
		return -1;
	if (standing != STANDING_ON && standing != STANDING_LEFT) {
		in->left_out[standing]++;
		return 0;
	}
	if (take_friend(in, row, a, f, err) != 0)
		return -1;
	if (standing == STANDING_LEFT)
		f->left = left != 0 ? left : in->setting->now;
	*taken = true;
	return 0;
}

/* Every row that cannot be taken is told with its line. */
static void
take_rows(struct import *in, struct arena *a)
{
	struct err err = ERR_INIT;
	bool taken;
	size_t i;

	for (i = 0; i < in->table.nrows; i++) {
		const struct csv_row *row = &in->table.row[i];

		if (row->bad) {
			in->bad++;
		} else if (take_row(in, row, a, &taken, &err) == 0) {
			in->n += taken;
		} else {
			in->bad++;
			finding_add(&in->kept.findings, SEV_ERROR,
			    "friend", in->file, row->line, "%s", err.msg);
		}
	}
}

/* ---- all of it ---- */

static int
read_table(struct import *in, struct cmd_args *args, struct err *err)
{
	struct buf text;
	bool ok = false;

	buf_init(&text, CSV_MAX);
	if (fs_read(in->file, CSV_MAX, &text, NULL, err) == 0) {
		ok = csv_read(&args->arena, in->file, text.data, text.len,
		    &in->table, &in->kept.findings);
		if (!ok)
			err_set(err, ERR_INPUT, "the table cannot be used; "
			    "nobody was added");
	}
	buf_release(&text);
	if (!ok)
		return -1;
	find_columns(in, &args->arena);
	if (in->address < 0) {
		err_set(err, ERR_INPUT,
		    "no column is named `address` or `email`");
		err_at(err, in->file, 1);
		return err_rule(err, "friend-columns");
	}
	tell_passed_over(in);
	in->friends = arena_array(&args->arena, in->table.nrows + 1,
	    sizeof(*in->friends));
	return 0;
}

static void
print_counts(const struct import *in, const enum ledger_add *what)
{
	static const char *const why[] = {
		[STANDING_PENDING] = "not confirmed",
		[STANDING_DISABLED] = "disabled or not subscribed",
		[STANDING_BOUNCED] = "bounced"
	};
	size_t count[LEDGER_LEFT + 1] = { 0 }, i;

	if (log_get_level() == LOG_LEVEL_ERROR)
		return;
	for (i = 0; i < in->n; i++)
		count[what[i]]++;
	printf("%zu added, %zu renamed, %zu known, %zu rejoined, %zu have "
	    "left\n", count[LEDGER_ADDED], count[LEDGER_RENAMED],
	    count[LEDGER_KNOWN], count[LEDGER_REJOINED],
	    count[LEDGER_HAS_LEFT] + count[LEDGER_LEFT]);
	if (count[LEDGER_LEFT] > 0)
		printf("%zu newly recorded as having left; no later import "
		    "brings them back\n", count[LEDGER_LEFT]);
	for (i = STANDING_PENDING; i < STANDING_LEFT; i++)
		if (in->left_out[i] > 0)
			printf("%zu not added: %s\n", in->left_out[i], why[i]);
	if (in->bad > 0)
		printf("%zu not added: wrong row%s\n", in->bad,
		    CMD_S(in->bad));
}

static int
import(struct import *in, struct cmd_args *args, struct err *err)
{
	struct setting *s = in->setting;
	enum ledger_add *what;

	in->file = args->operand[0];
	in->list = s->shows[0]->digest.list;
	kept_init(&in->kept, &args->arena);
	if (read_table(in, args, err) != 0) {
		kept_tell(&in->kept, &s->findings);
		return -1;
	}
	take_rows(in, &args->arena);
	kept_tell(&in->kept, &s->findings);
	if (in->bad > 0 && !cmd_flag(args, "--keep-going"))
		return err_set(err, ERR_INPUT, "%zu wrong row%s; nobody was "
		    "added (--keep-going leaves wrong rows out)", in->bad,
		    CMD_S(in->bad));
	what = arena_array(&args->arena, in->n + 1, sizeof(*what));
	if (ledger_friends_add(s->ledger, in->list, in->friends, in->n,
	    cmd_flag(args, "--rejoin"), s->now, what, err) != 0)
		return -1;
	print_counts(in, what);
	return 0;
}

static int
run_import(struct cmd_args *args, struct err *err)
{
	struct setting s;
	struct import in = { .setting = &s };
	int rc = -1;

	if (setting_open_list(&s, args, err) == 0)
		rc = import(&in, args, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	FRIEND_SHOW_OPTION, FRIEND_REJOIN_OPTION,
	{ "--keep-going", NULL, "leave out wrong rows, take the others" },
	{ NULL, NULL, NULL }
};

const struct command cmd_friend_import = {
	"friend", "import", "FILE", 1, 1, "Add friends from a CSV table",
	"Columns: address (or email), name (or first and last name), what "
	"`friend export`\nwrites, and what says who has unsubscribed or "
	"cannot be reached: status,\nsubscribed, unsubscribed, bounced and "
	"their like. FILE - is standard input. Rows\nthat are wrong are told "
	"with their lines, and nobody is added.", options, run_import
};
