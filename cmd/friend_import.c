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
	struct friend_checks checks;
	int address, joined;		/* columns, -1: none */
	int language, shows, zone;
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

/* `address` is last: where another column is for e-mail, it is of the post. */
static const char *const address_names[] = {
	"email", "e mail", "email address", "e mail address", "mail",
	"subscriber", "e mail 1   value", "e mail adresse", "email adresse",
	"mailadresse", "adresse e mail", "adresse email", "adresse mail",
	"courriel", "correo electrónico", "correo electrÓnico",
	"correo electronico", "correo", "address", NULL
};
static const char *const joined_names[] = { "joined", NULL };
static const char *const language_names[] = { "language", NULL };
static const char *const shows_names[] = { "shows", NULL };
static const char *const zone_names[] = { "zone", NULL };
static const char *const name_names[] = { "name", "full name", NULL };
static const char *const first_names[] = {
	"first name", "firstname", "fname", "given name", "vorname",
	"prénom", "prÉnom", "prenom", "nombre", NULL
};
static const char *const last_names[] = {
	"last name", "lastname", "lname", "family name", "surname",
	"nachname", "nom", "nom de famille", "apellidos", "apellido", NULL
};

/* First and last name. `name` beside only one of them is the other one: beside
 * the last name, and beside the first one in German. */
static void
find_names(struct import *in)
{
	static const char *const german[] = { "vorname", NULL };

	in->name = find_column(in, name_names);
	in->first = find_column(in, first_names);
	in->last = find_column(in, last_names);
	if (in->first < 0 && in->last >= 0) {
		in->first = in->name;
		in->name = -1;
	} else if (in->last < 0 && in->first >= 0 &&
	    standing_is_named(in->table.header[in->first], german)) {
		in->last = in->name;
		in->name = -1;
	}
}

static bool
has_column(const struct import *in, const char *name)
{
	const char *one[2] = { name, NULL };
	size_t i;

	for (i = 0; i < in->table.ncolumns; i++)
		if (standing_is_named(in->table.header[i], one))
			return true;
	return false;
}

/* Two names that do not always mean whether mail is wanted: `state` may be one
 * of a country, and beside `email_disabled` an active subscription is a paid
 * one. */
static bool
means_standing(const struct import *in, size_t i)
{
	static const char *const state[] = { "state", NULL };
	static const char *const paid[] = { "active subscription", NULL };
	const char *header = in->table.header[i];

	if (standing_is_named(header, state))
		return standing_is_told(&in->table, i);
	return !standing_is_named(header, paid) ||
	    !has_column(in, "email disabled");
}

static void
find_columns(struct import *in, struct arena *a)
{
	size_t i;

	in->used = arena_array(a, in->table.ncolumns, sizeof(*in->used));
	in->standing = arena_array(a, in->table.ncolumns,
	    sizeof(*in->standing));
	in->address = find_column(in, address_names);
	in->joined = find_column(in, joined_names);
	in->language = find_column(in, language_names);
	in->shows = find_column(in, shows_names);
	in->zone = find_column(in, zone_names);
	find_names(in);
	for (i = 0; i < in->table.ncolumns; i++) {
		if (in->used[i])
			continue;
		in->standing[i] = standing_column(in->table.header[i]);
		if (in->standing[i] != NULL && !means_standing(in, i))
			in->standing[i] = NULL;
		in->used[i] = in->standing[i] != NULL;
	}
}

/* A column `address` without any e-mail address in it is of the post. */
static int
check_address(const struct import *in, struct err *err)
{
	static const char *const post[] = { "address", NULL };
	bool given = false;
	size_t i;

	if (in->address < 0) {
		err_set(err, ERR_INPUT, "no column is named `email` or "
		    "`address`; give the one with the e-mail addresses that "
		    "name");
		err_at(err, in->file, 1);
		return err_rule(err, "friend-columns");
	}
	if (!standing_is_named(in->table.header[in->address], post))
		return 0;
	for (i = 0; i < in->table.nrows; i++) {
		const struct csv_row *row = &in->table.row[i];

		if (row->bad || row->field[in->address][0] == '\0')
			continue;
		if (strchr(row->field[in->address], '@') != NULL)
			return 0;
		given = true;
	}
	if (!given)
		return 0;
	err_set(err, ERR_INPUT, "the column `%s` has no e-mail address in any "
	    "row; name the one that has them `email`",
	    in->table.header[in->address]);
	err_at(err, in->file, 1);
	return err_rule(err, "friend-columns");
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

/* *left 0: no column says when. by_word: one says that they have left, and
 * not only when. */
static int
standing_of(const struct import *in, const struct csv_row *row,
    enum standing *out, int64_t *left, bool *by_word, struct err *err)
{
	size_t i;

	*out = STANDING_ON;
	*left = 0;
	*by_word = false;
	for (i = 0; i < in->table.ncolumns; i++) {
		enum standing one = STANDING_ON;
		int64_t when = 0;

		if (in->standing[i] == NULL)
			continue;
		if (standing_take(in->standing[i], in->table.header[i],
		    row->field[i], &one, &when, err) != 0)
			return -1;
		*by_word |= one == STANDING_LEFT && when == 0;
		*left = *left == 0 ? when : *left;
		*out = one > *out ? one : *out;
	}
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
	const struct friend_choice choice = { field(row, in->language),
		field(row, in->shows), field(row, in->zone) };
	struct date d;

	if (address == NULL)
		return err_set(err, ERR_INPUT, "there is no address");
	if (has_address_elsewhere(in, row))
		return err_set(err, ERR_INPUT, "`%s` is no address, but there "
		    "is one in another column; a name with a delimiter in it "
		    "stands in quotes", address);
	if (friend_make(a, in->list, address, name_of(in, row, a),
	    in->setting->now, out, err) != 0 ||
	    friend_choose(&in->checks, a, &choice, out, err) != 0)
		return -1;
	out->joined = 0;
	if (field(row, in->joined) == NULL)
		return 0;
	if (date_parse(field(row, in->joined), NULL, 0, &d, err) != 0)
		return -1;
	out->joined = d.t;
	return 0;
}

/* Nobody is mailed because a column was not understood. */
static int
check_passed_over(const struct import *in, const struct csv_row *row,
    struct arena *a, struct err *err)
{
	const char *word;
	size_t i;

	for (i = 0; i < in->table.ncolumns; i++)
		if (!in->used[i] && standing_has_left(row->field[i], a, &word))
			return err_set(err, ERR_INPUT, "`%s` in the column "
			    "`%s`, which is passed over, may mean that no mail "
			    "is wanted; name that column `status` if it tells "
			    "so of everybody, or else take it out", word,
			    in->table.header[i]);
	return 0;
}

/* One row; taken: it is the next of the friends. */
static int
take_row(struct import *in, const struct csv_row *row, struct arena *a,
    bool *taken, struct err *err)
{
	struct ledger_friend *f = &in->friends[in->n];
	enum standing standing;
	bool by_word;
	int64_t left;

	*taken = false;
	if (standing_of(in, row, &standing, &left, &by_word, err) != 0)
		return -1;
	if (standing != STANDING_ON && standing != STANDING_LEFT) {
		in->left_out[standing]++;
		return 0;
	}
	if (take_friend(in, row, a, f, err) != 0 || (standing == STANDING_ON &&
	    check_passed_over(in, row, a, err) != 0))
		return -1;
	/* The word is of today, so no earlier `joined` outweighs it. */
	if (standing == STANDING_LEFT)
		f->left = left == 0 || (by_word && f->joined > left) ?
		    LEDGER_LEFT_UNDATED : left;
	*taken = true;
	return 0;
}

static void
tell_doubts(struct import *in, const struct csv_row *row, struct arena *a,
    const struct ledger_friend *f)
{
	struct friend_doubt doubt[FRIEND_DOUBTS_MAX];
	size_t i, n = f->left == 0 ? friend_doubts(a, f, doubt) : 0;

	for (i = 0; i < n; i++)
		finding_add(&in->kept.findings, SEV_WARNING, doubt[i].rule,
		    in->file, row->line, "%s", doubt[i].text);
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
			if (taken)
				tell_doubts(in, row, a, &in->friends[in->n]);
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
	if (check_address(in, err) != 0)
		return -1;
	tell_passed_over(in);
	if (in->table.nrows == 0)
		finding_add(&in->kept.findings, SEV_WARNING, "friend",
		    in->file, 0, "there are no rows below the names of the "
		    "columns; nobody is added");
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
	size_t count[LEDGER_CHANGED + 1] = { 0 }, i;

	if (log_get_level() == LOG_LEVEL_ERROR)
		return;
	for (i = 0; i < in->n; i++)
		count[what[i]]++;
	printf("%zu added, %zu renamed, %zu known, %zu rejoined, %zu have "
	    "left\n", count[LEDGER_ADDED], count[LEDGER_RENAMED],
	    count[LEDGER_KNOWN] + count[LEDGER_STAYS] + count[LEDGER_CHANGED],
	    count[LEDGER_REJOINED],
	    count[LEDGER_HAS_LEFT] + count[LEDGER_LEFT]);
	if (count[LEDGER_LEFT] > 0)
		printf("%zu newly recorded as having left; no later import "
		    "brings them back\n", count[LEDGER_LEFT]);
	if (count[LEDGER_STAYS] > 0)
		printf("%zu of the known left by the table and joined after "
		    "that; still on the list\n", count[LEDGER_STAYS]);
	if (count[LEDGER_CHANGED] > 0)
		printf("%zu of the known with another language, other shows or "
		    "another zone than before\n", count[LEDGER_CHANGED]);
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
	if (in->bad == 0)
		return 0;
	return err_set(err, ERR_INPUT, "%zu wrong row%s left out", in->bad,
	    in->bad == 1 ? " was" : "s were");
}

static int
run_import(struct cmd_args *args, struct err *err)
{
	struct setting s;
	struct import in = { .setting = &s,
		.checks = FRIEND_CHECKS_INIT(&s) };
	int rc = -1;

	if (setting_open_list(&s, args, err) == 0)
		rc = import(&in, args, err);
	friend_checks_release(&in.checks);
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
	"Columns: email (or address), name (or first and last name), what "
	"`friend export`\nwrites, and what says who has unsubscribed or "
	"cannot be reached: status,\nsubscribed, unsubscribed, bounced and "
	"their like. In language, shows and zone a\nlone - is the show's own "
	"again. FILE - is standard input. Rows that are wrong are\ntold with "
	"their lines, and nobody is added.", options, run_import
};
