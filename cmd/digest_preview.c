#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "mail/address.h"

/* Whom the preview is made out to unless --to says. */
#define EXAMPLE_FRIEND "Robin Example <robin@example.org>"

static int
write_file(struct cmd_args *args, const char *dir, const char *name,
    const struct buf *bytes, struct err *err)
{
	char *path = fs_join(&args->arena, dir, name);

	if (fs_replace(path, bytes->data, bytes->len, 0666, NULL, err) != 0)
		return -1;
	printf("%s\n", path);
	return 0;
}

/* An edition with all that its files need. */
struct look {
	struct setting *setting;
	struct cmd_args *args;
	struct edition chosen;		/* where nothing is unfinished */
	struct ledger_edition row;
	unsigned char key[LEDGER_KEY_SIZE];
	const char *friend;		/* a mailbox; NULL: an example */
	struct address to;
};

/* ---- which edition ---- */

/* With nothing new the newest episode shows what the digest looks like. */
static int
choose(struct look *k, struct err *err)
{
	struct setting *s = k->setting;
	struct edition *e = &k->chosen;
	struct show *show = s->shows[0];
	size_t i;

	if (edition_choose(s, k->args, e, err) != 0)
		return -1;
	for (i = 0; i < show->nepisodes && e->n == 0; i++)
		if (show_is_due(&show->episodes[i], s->now)) {
			log_notice("%s; the newest episode again", e->none !=
			    NULL ? e->none : "nothing new");
			if (edition_resolve(s, show, &show->episodes[i],
			    err) != 0)
				return -1;
			e->shows[e->n] = show;
			e->episodes[e->n++] = &show->episodes[i];
		}
	if (e->n == 0)
		return err_set(err, ERR_INPUT, "`%s` has no episode that is "
		    "due", show->slug);
	return 0;
}

static int
make_new(struct look *k, struct err *err)
{
	if (choose(k, err) != 0 ||
	    edition_render(k->setting, k->args, &k->chosen, err) != 0)
		return -1;
	k->row = k->chosen.row;
	memcpy(k->key, k->chosen.key, sizeof(k->key));
	return 0;
}

/* An unfinished edition goes out as it was frozen, whatever the notes say
 * now. */
static int
find(struct look *k, struct err *err)
{
	int r = edition_unfinished(k->setting, k->args, &k->row, err);

	if (r < 0)
		return -1;
	if (r == 0)
		return make_new(k, err);
	log_notice("%s is not finished and goes out as it was frozen; changes "
	    "since then are not in it (`digest discard` drops it, where nobody "
	    "has got it)", k->row.name);
	return edition_key(k->setting, &k->row, k->key, err);
}

/* ---- for whom ---- */

/* One who is on the list is met by the name that the list has. */
static int
find_friend(struct look *k, struct err *err)
{
	const char *list = k->setting->shows[0]->digest.list;
	struct ledger_friend f;
	int r = 0;

	if (k->friend == NULL)
		return 0;
	if (k->setting->ledger != NULL)
		r = ledger_friend_find(k->setting->ledger, list, k->to.key,
		    NULL, &k->args->arena, &f, err);
	if (r < 0)
		return -1;
	if (r == 0)
		log_notice("%s is not on the list `%s`; the preview shows what "
		    "a friend of that address would get", k->to.typed, list);
	else if (f.left != 0)
		log_notice("%s has left the list `%s` and gets nothing",
		    f.address, list);
	if (r == 1 && k->to.name[0] == '\0')
		k->to.name = f.name;
	if (r == 1)
		k->to.typed = f.address;
	return 0;
}

/* ---- the files ---- */

static int
write_part(struct look *k, struct mold *m, const struct mold_friend *f,
    const char *dir, bool is_html, struct err *err)
{
	struct buf out;
	int rc = -1;

	buf_init(&out, 0);
	if (mold_fill_text(m, f, is_html ? k->row.html : k->row.text, is_html,
	    &out, err) == 0)
		rc = write_file(k->args, dir, is_html ? "digest.html" :
		    "digest.txt", &out, err);
	buf_release(&out);
	return rc;
}

static int
write_message(struct look *k, struct mold *m, const struct mold_friend *f,
    const char *dir, struct err *err)
{
	const struct iovec *part;
	struct buf out;
	size_t n, i;
	int rc = -1;

	buf_init(&out, 0);
	if (mold_fill(m, f, &part, &n, err) == 0) {
		for (i = 0; i < n; i++)
			buf_add(&out, part[i].iov_base, part[i].iov_len);
		if (buf_check(&out, "the message", err) == 0)
			rc = write_file(k->args, dir, "digest.eml", &out, err);
	}
	buf_release(&out);
	return rc;
}

static int
write_all(struct look *k, struct err *err)
{
	const char *dir = cmd_value(k->args, "--out");
	const struct show *show = k->setting->shows[0];
	char ref[ADDRESS_REF_SIZE];
	const struct mold_friend f = {
		k->to.typed, k->to.wire, k->to.name, ref
	};
	struct signer *signer = NULL;
	struct mold *m;
	int rc = -1;

	if (dir == NULL)
		dir = "digest-preview";
	address_ref(show->digest.list, k->to.key, ref);
	if (edition_signer(k->setting, k->row.frozen, &signer, err) != 0)
		return -1;
	m = mold_open(k->row.mold, k->row.mold_len, k->key, sizeof(k->key),
	    err);
	if (m != NULL)
		mold_sign_with(m, signer);
	if (m != NULL && fs_mkdirs(dir, err) == 0 &&
	    write_part(k, m, &f, dir, true, err) == 0 &&
	    write_part(k, m, &f, dir, false, err) == 0 &&
	    write_message(k, m, &f, dir, err) == 0)
		rc = 0;
	mold_close(m);
	signer_close(signer);
	return rc;
}

static int
tell(struct look *k, struct err *err)
{
	const struct edition_view *v;
	struct edition_view frozen, fresh;

	if (log_get_level() == LOG_LEVEL_ERROR)
		return 0;
	if (k->chosen.n > 0) {
		edition_view_new(&k->chosen, 0, &fresh);
		v = &fresh;
	} else {
		if (edition_view_of(k->setting, k->args, &k->row, 0, &frozen,
		    err) != 0)
			return -1;
		v = &frozen;
	}
	printf("%s: \"%s\", %zu episode%s of %s\n", v->name, v->subject, v->n,
	    CMD_S(v->n), k->setting->shows[0]->title);
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting s;
	struct look k = {
		.setting = &s, .args = args, .friend = cmd_value(args, "--to")
	};
	int rc = -1;

	if (address_parse_mailbox(&args->arena, k.friend != NULL ? k.friend :
	    EXAMPLE_FRIEND, &k.to, err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	if (setting_open_one(&s, args, err) == 0 &&
	    setting_peek(&s, err) == 0 && find(&k, err) == 0 &&
	    find_friend(&k, err) == 0 && write_all(&k, err) == 0)
		rc = tell(&k, err);
	edition_release(&k.chosen);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	EDITION_OPTIONS,
	{ "--out", "DIR", "where to put it; digest-preview when not given" },
	{ "--to", "ADDRESS", "as that friend would get it: `Name <address>`" },
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_preview = {
	"digest", "preview", "", 0, 0,
	"Write the digest as it would be sent, to look at",
	"Writes digest.html, digest.txt and the whole message, digest.eml, "
	"and prints\ntheir paths. An unfinished edition is shown as it was "
	"frozen. Nothing is sent or\nrecorded.",
	options, run
};
