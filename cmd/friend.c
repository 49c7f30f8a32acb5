/* The friend commands: the list of one show. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "cmd/friend.h"
#include "cmd/print.h"
#include "cmd/setting.h"
#include "mail/address.h"
#include "mail/homograph.h"
#include "text/csv.h"
#include "text/utf8.h"

#define PAGE 1000
#define NAME_MAX_BYTES 200

int
friend_make(struct arena *a, const char *list, const char *mailbox,
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

/* A character that turns the words behind it around, whatever they are, or ends
 * a line. 0: none. */
static int32_t
find_unseen(const char *name)
{
	int32_t c;

	while (*name != '\0') {
		name += utf8_next(name, strlen(name), &c);
		if (c == 0x2028 || c == 0x2029 || c == 0x202d || c == 0x202e)
			return c;
	}
	return 0;
}

size_t
friend_doubts(struct arena *a, const struct ledger_friend *f,
    struct friend_doubt out[FRIEND_DOUBTS_MAX])
{
	const char *what = homograph_find(a, f->key);
	int32_t c = find_unseen(f->name);
	size_t n = 0;

	if (what != NULL)
		out[n++] = (struct friend_doubt){ "friend-domain",
		    arena_printf(a, "in the domain of \"%s\" %s, which look "
		    "alike: is it what the friend has typed?", f->address,
		    what) };
	if (c != 0)
		out[n++] = (struct friend_doubt){ "friend-name",
		    arena_printf(a, "in the name of %s there is an unseen "
		    "character (U+%04X), which %s", f->address, (unsigned)c,
		    c < 0x202d ? "ends a line" : "turns around what is behind "
		    "it") };
	return n;
}

/* What is doubtful of a friend who is on the list now. */
static void
tell_doubts(struct arena *a, const struct ledger_friend *f)
{
	struct friend_doubt doubt[FRIEND_DOUBTS_MAX];
	size_t i, n = friend_doubts(a, f, doubt);

	for (i = 0; i < n; i++)
		log_warning("%s", doubt[i].text);
}

static int
run_add(struct cmd_args *args, struct err *err)
{
	static const char *const words[] = {
		[LEDGER_ADDED] = "is on the list now",
		[LEDGER_RENAMED] = "was on the list; the name is new",
		[LEDGER_KNOWN] = "was on the list already",
		[LEDGER_REJOINED] = "is on the list again",
		[LEDGER_HAS_LEFT] = "has left; --rejoin brings them back",
		[LEDGER_LEFT] = "has left",
		[LEDGER_CHANGED] = "was on the list; what they ask for is new"
	};
	const struct friend_choice choice = {
		cmd_value(args, "--language"), cmd_value(args, "--shows"),
		cmd_value(args, "--zone")
	};
	struct ledger_friend f;
	enum ledger_add what;
	struct setting s;
	struct friend_checks checks = FRIEND_CHECKS_INIT(&s);
	int rc = -1;

	if (setting_open_list(&s, args, err) == 0) {
		const char *list = s.shows[0]->digest.list;

		if (friend_make(&args->arena, list, args->operand[0],
		    cmd_value(args, "--name"), s.now, &f, err) != 0 ||
		    friend_choose(&checks, &args->arena, &choice, &f,
		    err) != 0)
			err->kind = ERR_USAGE;
		else if (ledger_friends_add(s.ledger, list, &f, 1,
		    cmd_flag(args, "--rejoin"), s.now, &what, err) == 0) {
			if (log_get_level() > LOG_LEVEL_ERROR)
				printf("%s %s\n", f.address, words[what]);
			if (what != LEDGER_HAS_LEFT)
				tell_doubts(&args->arena, &f);
			rc = what == LEDGER_HAS_LEFT ?
			    err_exit_code(ERR_REFUSED) : 0;
		}
	}
	friend_checks_release(&checks);
	setting_close(&s);
	return rc;
}

void
friend_stamp(char out[DATE_TEXT_MAX], int64_t t)
{
	struct date d = { t, 0 };

	out[0] = '\0';
	if (t != 0)
		date_rfc3339(&d, out);
}

/* Calls fn for each friend, a page at a time; without a ledger are none. */
static int
each_friend(struct setting *s, bool with_left,
    void (*fn)(void *ctx, const struct ledger_friend *f), void *ctx,
    struct err *err)
{
	struct arena page = ARENA_INIT;
	struct ledger_friend *f;
	int64_t after = 0;
	size_t n, i;

	if (s->ledger == NULL)
		return 0;
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
	bool chosen;		/* with what friends ask for */
};

static void
find_chosen(void *ctx, const struct ledger_friend *f)
{
	struct listing *l = ctx;

	l->chosen |= f->language[0] != '\0' || f->shows[0] != '\0' ||
	    f->zone[0] != '\0';
}

static void
list_one(void *ctx, const struct ledger_friend *f)
{
	struct listing *l = ctx;
	struct node *row = node_push(l->rows, node_map(l->arena));
	char joined[DATE_TEXT_MAX], left[DATE_TEXT_MAX];

	friend_stamp(joined, f->joined);
	friend_stamp(left, f->left);
	node_set_text(l->arena, row, "address", f->address);
	node_set_text(l->arena, row, "name", f->name);
	if (l->chosen) {
		node_set_text(l->arena, row, "language", f->language);
		node_set_text(l->arena, row, "shows", f->shows);
		node_set_text(l->arena, row, "zone", f->zone);
	}
	node_set_text(l->arena, row, "joined", joined);
	node_set_text(l->arena, row, "left", left[0] != '\0' ? left : NULL);
}

static int
run_list(struct cmd_args *args, struct err *err)
{
	struct listing l = { &args->arena, node_list(&args->arena),
		args->json };
	bool all = cmd_flag(args, "--all");
	struct setting s;
	int rc = -1;

	if (setting_open_list_read(&s, args, err) == 0 && (l.chosen ||
	    each_friend(&s, all, find_chosen, &l, err) == 0) &&
	    each_friend(&s, all, list_one, &l, err) == 0) {
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
	friend_stamp(joined, f->joined);
	friend_stamp(left, f->left);
	buf_init(&line, 0);
	csv_add(&line, f->address);
	buf_addc(&line, ',');
	csv_add(&line, f->name);
	buf_addc(&line, ',');
	csv_add(&line, f->language);
	buf_addc(&line, ',');
	csv_add(&line, f->shows);
	buf_addc(&line, ',');
	csv_add(&line, f->zone);
	buf_addf(&line, ",%s,%s\n", joined, left);
	fwrite(line.data, 1, line.len, stdout);
	buf_release(&line);
}

static int
run_export(struct cmd_args *args, struct err *err)
{
	struct setting s;
	int rc = -1;

	if (setting_open_list_read(&s, args, err) == 0) {
		puts("address,name,language,shows,zone,joined,left");
		rc = each_friend(&s, true, export_one, NULL, err);
	}
	setting_close(&s);
	return rc;
}

static const struct cmd_option add_options[] = {
	FRIEND_SHOW_OPTION,
	{ "--name", "NAME", "the friend's name" },
	FRIEND_CHOICE_OPTIONS,
	{ "--zone", "ZONE", "their time zone, such as Europe/Berlin; -: the "
	    "show's" },
	FRIEND_REJOIN_OPTION,
	{ NULL, NULL, NULL }
};
static const struct cmd_option show_options[] = {
	FRIEND_SHOW_OPTION, { NULL, NULL, NULL }
};
static const struct cmd_option list_options[] = {
	FRIEND_SHOW_OPTION,
	{ "--all", NULL, "also those who have left" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};
const struct command cmd_friend_add = {
	"friend", "add", "ADDRESS", 1, 1, "Put a friend on the list",
	"ADDRESS is `local@domain` or `Name <local@domain>`.",
	add_options, run_add
};
const struct command cmd_friend_list = {
	"friend", "list", "", 0, 0, "List the friends", NULL, list_options,
	run_list
};
const struct command cmd_friend_export = {
	"friend", "export", "", 0, 0, "Print all friends as CSV",
	"Those who have left too, with the time when they did.",
	show_options, run_export
};
