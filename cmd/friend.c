/* The friend commands: the list of one show. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "cmd/print.h"
#include "cmd/setting.h"
#include "mail/address.h"
#include "text/csv.h"
#include "text/utf8.h"

#define PAGE 1000
#define NAME_MAX_BYTES 200

static int
open_list(struct setting *s, struct cmd_args *args, struct err *err)
{
	if (setting_open_one(s, args, err) != 0)
		return -1;
	return setting_ledger(s, err);
}

/* Fills a row for the ledger; name NULL: the one in the mailbox. */
static int
make_friend(struct arena *a, const char *list, const char *mailbox,
    const char *name, int64_t now, struct ledger_friend *out, struct err *err)
{
	char ref[ADDRESS_REF_SIZE];
	struct address address;

	if (address_parse_mailbox(a, mailbox, &address, err) != 0)
		return -1;
	if (name == NULL)
		name = address.name;
	if (utf8_has_control(name, strlen(name), false))
		return err_set(err, ERR_INPUT, "there is a control character "
		    "or line break in the name");
	if (strlen(name) > NAME_MAX_BYTES)
		return err_set(err, ERR_INPUT, "the name is longer than %d "
		    "bytes", NAME_MAX_BYTES);
	address_ref(list, address.key, ref);
	memset(out, 0, sizeof(*out));
	out->address = address.typed;
	out->key = address.key;
	out->name = arena_strdup(a, name);
	out->ref = arena_strdup(a, ref);
	out->joined = now;
	return 0;
}

static int
run_add(struct cmd_args *args, struct err *err)
{
	static const char *const words[] = {
		[LEDGER_ADDED] = "is on the list now",
		[LEDGER_RENAMED] = "was on the list; the name is new",
		[LEDGER_KNOWN] = "was on the list already",
		[LEDGER_REJOINED] = "is on the list again",
		[LEDGER_HAS_LEFT] = "has left; --rejoin brings them back"
	};
	struct ledger_friend f;
	enum ledger_add what;
	struct setting s;
	int rc = -1;

	if (open_list(&s, args, err) == 0) {
		const char *list = s.shows[0]->digest.list;

		if (make_friend(&args->arena, list, args->operand[0],
		    cmd_value(args, "--name"), s.now, &f, err) != 0)
			err->kind = ERR_USAGE;
		else if (ledger_friends_add(s.ledger, list, &f, 1,
		    cmd_flag(args, "--rejoin"), s.now, &what, err) == 0) {
			if (log_get_level() > LOG_LEVEL_ERROR)
				printf("%s %s\n", f.address, words[what]);
			rc = what == LEDGER_HAS_LEFT ?
			    err_exit_code(ERR_REFUSED) : 0;
		}
	}
	setting_close(&s);
	return rc;
}

static int
run_remove(struct cmd_args *args, struct err *err)
{
	struct address a;
	struct setting s;
	bool found;
	int rc = -1;

	if (open_list(&s, args, err) == 0) {
		const char *list = s.shows[0]->digest.list;

		if (address_parse(&args->arena, args->operand[0], &a,
		    err) != 0)
			err->kind = ERR_USAGE;
		else if (ledger_friend_remove(s.ledger, list, a.key, s.now,
		    &found, err) == 0) {
			rc = found ? 0 : err_set(err, ERR_INPUT,
			    "%s is not on the list `%s`", a.typed, list);
			if (found && log_get_level() > LOG_LEVEL_ERROR)
				printf("%s has left the list `%s`\n", a.typed,
				    list);
		}
	}
	setting_close(&s);
	return rc;
}

static void
stamp(char out[DATE_TEXT_MAX], int64_t t)
{
	struct date d = { t, 0 };

	out[0] = '\0';
	if (t != 0)
		date_rfc3339(&d, out);
}

/* Calls fn for each friend, a page at a time. */
static int
each_friend(struct setting *s, bool with_left,
    void (*fn)(void *ctx, const struct ledger_friend *f), void *ctx,
    struct err *err)
{
	struct arena page = ARENA_INIT;
	struct ledger_friend *f;
	int64_t after = 0;
	size_t n, i;

	do {
		arena_release(&page);
		if (ledger_friends(s->ledger, s->shows[0]->digest.list,
		    with_left, after, PAGE, &page, &f, &n, err) != 0) {
			arena_release(&page);
			return -1;
		}
		for (i = 0; i < n; i++) {
			fn(ctx, &f[i]);
			after = f[i].id;
		}
	} while (n == PAGE);
	arena_release(&page);
	return 0;
}

struct listing {
	struct arena *arena;
	struct node *rows;
};

static void
list_one(void *ctx, const struct ledger_friend *f)
{
	struct listing *l = ctx;
	struct node *row = node_push(l->rows, node_map(l->arena));
	char joined[DATE_TEXT_MAX], left[DATE_TEXT_MAX];

	stamp(joined, f->joined);
	stamp(left, f->left);
	node_set_text(l->arena, row, "address", f->address);
	node_set_text(l->arena, row, "name", f->name);
	node_set_text(l->arena, row, "joined", joined);
	node_set_text(l->arena, row, "left", left[0] != '\0' ? left : NULL);
}

static int
run_list(struct cmd_args *args, struct err *err)
{
	struct listing l = { &args->arena, node_list(&args->arena) };
	struct setting s;
	int rc = -1;

	if (open_list(&s, args, err) == 0 &&
	    each_friend(&s, cmd_flag(args, "--all"), list_one, &l, err) == 0) {
		rc = 0;
		if (args->json)
			rc = print_json(l.rows, err);
		else
			print_table(l.rows);
	}
	setting_close(&s);
	return rc;
}

static void
export_one(void *ctx, const struct ledger_friend *f)
{
	char joined[DATE_TEXT_MAX], left[DATE_TEXT_MAX];
	struct buf line;

	(void)ctx;
	stamp(joined, f->joined);
	stamp(left, f->left);
	buf_init(&line, 0);
	csv_add(&line, f->address);
	buf_addc(&line, ',');
	csv_add(&line, f->name);
	buf_addf(&line, ",%s,%s\n", joined, left);
	fwrite(line.data, 1, line.len, stdout);
	buf_release(&line);
}

static int
run_export(struct cmd_args *args, struct err *err)
{
	struct setting s;
	int rc = -1;

	if (open_list(&s, args, err) == 0) {
		puts("address,name,joined,left");
		rc = each_friend(&s, true, export_one, NULL, err);
	}
	setting_close(&s);
	return rc;
}

struct import {
	struct setting *setting;
	const char *file;
	struct csv_table table;
	int address, name, joined, left;
	struct ledger_friend *friends;
	size_t n;
};

static int
first_column(const struct csv_table *t, const char *const *names)
{
	int at = -1;

	for (; *names != NULL && at < 0; names++)
		at = csv_column(t, *names);
	return at;
}

static const char *
field(const struct csv_row *row, int column)
{
	return column >= 0 && row->field[column][0] != '\0' ?
	    row->field[column] : NULL;
}

static int
take_time(const char *text, int64_t *out, struct err *err)
{
	struct date d;

	if (text == NULL)
		return 0;
	if (date_parse(text, NULL, 0, &d, err) != 0)
		return -1;
	*out = d.t;
	return 0;
}

/* Every row that cannot be taken is told with its line. */
static void
take_rows(struct import *in, struct arena *a)
{
	struct setting *s = in->setting;
	struct err err = ERR_INIT;
	size_t i;

	for (i = 0; i < in->table.nrows; i++) {
		const struct csv_row *row = &in->table.row[i];
		struct ledger_friend *f = &in->friends[in->n];

		if (field(row, in->address) == NULL)
			err_set(&err, ERR_INPUT, "there is no address");
		else if (make_friend(a, s->shows[0]->digest.list,
		    row->field[in->address], field(row, in->name), s->now, f,
		    &err) == 0 &&
		    take_time(field(row, in->joined), &f->joined, &err) == 0 &&
		    take_time(field(row, in->left), &f->left, &err) == 0) {
			in->n++;
			continue;
		}
		finding_add(&s->findings, SEV_ERROR, "friend", in->file,
		    row->line, "%s", err.msg);
	}
}

static int
read_table(struct import *in, struct cmd_args *args, struct err *err)
{
	static const char *const address[] = {
		"address", "email", "e-mail", "mail", "email address",
		"subscriber", NULL
	};
	static const char *const name[] = {
		"name", "full name", "first name", NULL
	};
	struct buf text;
	int rc = -1;

	in->file = args->operand[0];
	buf_init(&text, CSV_MAX);
	if (fs_read(in->file, CSV_MAX, &text, NULL, err) == 0) {
		rc = csv_read(&args->arena, text.data, text.len, &in->table,
		    err);
		if (rc != 0)
			err_at(err, in->file, err->line);
	}
	buf_release(&text);
	if (rc != 0)
		return -1;
	in->address = first_column(&in->table, address);
	in->name = first_column(&in->table, name);
	in->joined = csv_column(&in->table, "joined");
	in->left = csv_column(&in->table, "left");
	in->friends = arena_array(&args->arena, in->table.nrows + 1,
	    sizeof(*in->friends));
	if (in->address >= 0)
		return 0;
	err_set(err, ERR_INPUT, "no column is named `address` or `email`");
	return err_at(err, in->file, 1);
}

static int
import(struct import *in, struct cmd_args *args, struct err *err)
{
	size_t count[LEDGER_HAS_LEFT + 1] = { 0 }, i;
	struct setting *s = in->setting;
	enum ledger_add *what;

	if (read_table(in, args, err) != 0)
		return -1;
	take_rows(in, &args->arena);
	if (s->findings.errors > 0 && !cmd_flag(args, "--keep-going"))
		return err_set(err, ERR_INPUT, "%zu error%s; nobody was added "
		    "(--keep-going leaves bad rows out)",
		    s->findings.errors, CMD_S(s->findings.errors));
	what = arena_array(&args->arena, in->n + 1, sizeof(*what));
	if (ledger_friends_add(s->ledger, s->shows[0]->digest.list,
	    in->friends, in->n, cmd_flag(args, "--rejoin"), s->now, what,
	    err) != 0)
		return -1;
	for (i = 0; i < in->n; i++)
		count[what[i]]++;
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%zu added, %zu renamed, %zu known, %zu rejoined, %zu "
		    "have left\n", count[LEDGER_ADDED],
		    count[LEDGER_RENAMED], count[LEDGER_KNOWN],
		    count[LEDGER_REJOINED], count[LEDGER_HAS_LEFT]);
	return 0;
}

static int
run_import(struct cmd_args *args, struct err *err)
{
	struct setting s;
	struct import in = { .setting = &s };
	int rc = -1;

	if (open_list(&s, args, err) == 0) {
		/* Problems of episodes are no concern of the list. */
		s.findings.errors = 0;
		rc = import(&in, args, err);
	}
	setting_close(&s);
	return rc;
}

#define SHOW_OPTION \
	{ "--show", "SLUG", "of this show, where config.ini has several" }
#define REJOIN_OPTION \
	{ "--rejoin", NULL, "also those who have left, if they want it so" }

static const struct cmd_option add_options[] = {
	SHOW_OPTION,
	{ "--name", "NAME", "the friend's name" },
	REJOIN_OPTION,
	{ NULL, NULL, NULL }
};
static const struct cmd_option show_options[] = {
	SHOW_OPTION, { NULL, NULL, NULL }
};
static const struct cmd_option list_options[] = {
	SHOW_OPTION,
	{ "--all", NULL, "also those who have left" },
	{ NULL, NULL, NULL }
};
static const struct cmd_option import_options[] = {
	SHOW_OPTION, REJOIN_OPTION,
	{ "--keep-going", NULL, "leave out bad rows, take the others" },
	{ NULL, NULL, NULL }
};

const struct command cmd_friend_add = {
	"friend", "add", "ADDRESS", 1, 1, "Put a friend on the list",
	"ADDRESS is `local@domain` or `Name <local@domain>`.",
	add_options, run_add
};
const struct command cmd_friend_remove = {
	"friend", "remove", "ADDRESS", 1, 1, "Take a friend off the list",
	"The friend is kept as one who has left, so that an import does not "
	"bring them back.", show_options, run_remove
};
const struct command cmd_friend_list = {
	"friend", "list", "", 0, 0, "List the friends", NULL, list_options,
	run_list
};
const struct command cmd_friend_import = {
	"friend", "import", "FILE", 1, 1, "Add friends from a CSV table",
	"Columns: address (or email), name, and what `friend export` writes. "
	"FILE - is\nstandard input. A row that is wrong is told with its line, "
	"and nobody is added.", import_options, run_import
};
const struct command cmd_friend_export = {
	"friend", "export", "", 0, 0, "Print all friends as CSV",
	"Those who have left too, with the time when they did.",
	show_options, run_export
};
