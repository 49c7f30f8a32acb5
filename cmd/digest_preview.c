#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "mail/address.h"
#include "mail/trial.h"

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

static int
write_part(struct cmd_args *args, const struct edition *e, const char *dir,
    const char *name, const struct address *to, bool is_html,
    struct err *err)
{
	char ref[ADDRESS_REF_SIZE];
	struct mold_friend f = { to->wire, to->wire, to->name, ref };
	struct buf out;
	int rc = -1;

	buf_init(&out, 0);
	address_ref(e->mold.list, to->key, ref);
	if (mold_fill_text(&e->mold, e->key, sizeof(e->key), &f,
	    is_html ? e->digest.html.data : e->digest.text.data, is_html,
	    &out, err) == 0)
		rc = write_file(args, dir, name, &out, err);
	buf_release(&out);
	return rc;
}

static int
write_all(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	const char *dir = cmd_value(args, "--out");
	struct trial t = {
		.mold = &e->mold, .key = e->key, .keylen = sizeof(e->key),
		.to = cmd_value(args, "--to")
	};
	struct address to;
	struct buf message;
	int rc = -1;

	if (dir == NULL)
		dir = "digest-preview";
	if (t.to == NULL)
		t.to = EXAMPLE_FRIEND;
	if (address_parse_mailbox(&args->arena, t.to, &to, err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	buf_init(&message, 0);
	if (fs_mkdirs(dir, err) == 0 &&
	    write_part(args, e, dir, "digest.html", &to, true, err) == 0 &&
	    write_part(args, e, dir, "digest.txt", &to, false, err) == 0 &&
	    trial_message(&t, &message, err) == 0 &&
	    write_file(args, dir, "digest.eml", &message, err) == 0)
		rc = 0;
	buf_release(&message);
	if (rc == 0 && log_get_level() > LOG_LEVEL_ERROR)
		printf("%s: \"%s\", %zu episode%s of %s\n", e->name,
		    e->digest.subject.data, e->n, CMD_S(e->n),
		    s->shows[0]->title);
	return rc;
}

/* With nothing new the newest episode shows what the digest looks like. */
static int
choose(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	struct show *show = s->shows[0];
	size_t i;

	if (edition_choose(s, args, e, err) != 0)
		return -1;
	for (i = 0; i < show->nepisodes && e->n == 0; i++)
		if (show_is_due(&show->episodes[i], s->now)) {
			log_notice("nothing new; the newest episode again");
			if (!media_resolve(&s->media, show,
			    &show->episodes[i], &s->findings))
				break;
			e->episodes[e->n++] = &show->episodes[i];
		}
	if (e->n == 0)
		return err_set(err, ERR_INPUT, "`%s` has no episode that is "
		    "due", show->slug);
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct edition e = { .n = 0 };
	struct setting s;
	int rc = -1;

	if (setting_open_one(&s, args, err) != 0)
		goto out;
	if (setting_peek(&s, err) != 0)
		goto out;
	if (choose(&s, args, &e, err) == 0 &&
	    edition_render(&s, args, &e, err) == 0)
		rc = write_all(&s, args, &e, err);
	edition_release(&e);
out:
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
	"and prints their\npaths. Nothing is sent or recorded.",
	options, run
};
