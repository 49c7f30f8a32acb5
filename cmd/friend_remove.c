/*
 * friend remove: by address, or by the token that stands in the subject of a
 * request to leave, which may come from another address.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "cmd/friend.h"
#include "cmd/setting.h"
#include "mail/address.h"
#include "mail/token.h"

/* "unsubscribe 1.l1.show.REF.MAC", as one operand or as two, or the token
 * alone. NULL: it is an address. */
static const char *
token_in(struct cmd_args *args)
{
	static const char word[] = "unsubscribe";
	const char *text = args->operand[0];
	size_t len = strlen(word);

	if (args->noperands == 2)
		return strcasecmp(text, word) == 0 ? args->operand[1] : NULL;
	text += strspn(text, " \t");
	if (strncasecmp(text, word, len) == 0 &&
	    (text[len] == ' ' || text[len] == '\t')) {
		text += len;
		text += strspn(text, " \t");
		len = strcspn(text, " \t");
		return arena_strndup(&args->arena, text, len);
	}
	/* A version and a dot, and no address. */
	len = strspn(text, "0123456789");
	return len > 0 && text[len] == '.' && strchr(text, '@') == NULL ?
	    text : NULL;
}

static int
by_token(struct setting *s, struct cmd_args *args, const char *text,
    struct ledger_friend *out, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	unsigned char key[LEDGER_KEY_SIZE];
	struct token t;
	int r;

	if (token_read(text, &t, err) != 0)
		return -1;
	if (strcmp(t.list, list) != 0)
		return err_set(err, ERR_REFUSED, "the token is of the list "
		    "`%s`, and the show has the list `%s`; --show names "
		    "another show", t.list, list);
	if (setting_key(s, t.key_id, "the token", key, err) != 0 ||
	    token_check(text, key, sizeof(key), &t, err) != 0)
		return -1;
	r = ledger_friend_find(s->ledger, list, NULL, t.ref, &args->arena, out,
	    err);
	if (r == 0)
		return err_set(err, ERR_INPUT, "the token is right, but of "
		    "nobody on the list `%s`; that of a trial copy is such a "
		    "one", list);
	return r < 0 ? -1 : 0;
}

static int
by_address(struct setting *s, struct cmd_args *args,
    struct ledger_friend *out, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	struct address a;
	int r;

	if (args->noperands != 1)
		return err_set(err, ERR_USAGE, "one address at a time, or "
		    "`unsubscribe TOKEN`");
	if (address_parse(&args->arena, args->operand[0], &a, err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	r = ledger_friend_find(s->ledger, list, a.key, NULL, &args->arena,
	    out, err);
	if (r == 0)
		return err_set(err, ERR_INPUT, "%s is not on the list `%s`",
		    a.typed, list);
	return r < 0 ? -1 : 0;
}

static int
take_off(struct setting *s, struct cmd_args *args, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	const char *token = token_in(args);
	bool loud = log_get_level() > LOG_LEVEL_ERROR, found;
	char when[DATE_TEXT_MAX];
	struct ledger_friend f;

	if ((token != NULL ? by_token(s, args, token, &f, err) :
	    by_address(s, args, &f, err)) != 0 ||
	    ledger_friend_remove(s->ledger, list, f.key, s->now, &found,
	    err) != 0)
		return -1;
	friend_stamp(when, f.left);
	if (loud && f.left != 0)
		printf("%s has left the list `%s` already, %s\n", f.address,
		    list, when);
	else if (loud)
		printf("%s has left the list `%s`\n", f.address, list);
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting s;
	int rc = -1;

	if (setting_open_list(&s, args, err) == 0)
		rc = take_off(&s, args, err);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	FRIEND_SHOW_OPTION, { NULL, NULL, NULL }
};

const struct command cmd_friend_remove = {
	"friend", "remove", "ADDRESS | [unsubscribe] TOKEN", 1, 2,
	"Take a friend off the list",
	"TOKEN is what the subject of a request to leave has; it tells who the "
	"friend is,\nwhoever sent the request. The friend is kept as one who "
	"has left, so that an\nimport does not bring them back.", options, run
};
