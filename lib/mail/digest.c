#include "mail/digest.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "mail/address.h"
#include "mail/digest_data.h"
#include "mail/digest_style.h"
#include "text/template_file.h"
#include "text/words.h"

#define SUBJECT_MAX ((size_t)998)

/* What is put in for a mark, counted generously. */
#define FRIEND_BYTES 250

/* All notes together, as they are tried first. */
#define NOTES_MAX ((size_t)8 << 20)
#define NOTES_STEP 256	/* bytes that their limit is found to */

/* The templates of one edition. */
struct look {
	struct arena *arena;
	const struct digest_input *in;
	const struct digest_notes *notes;
	const char *folder;	/* of the chosen ones */
	struct err *warning;
};

static int
check_subject(struct digest *d, const char *file, struct err *err)
{
	buf_rtrim(&d->subject);
	if (strpbrk(d->subject.data, "\r\n") != NULL)
		err_set(err, ERR_CONFIG, "this gives more than one line; a "
		    "subject is one");
	else if (d->subject.len == 0)
		err_set(err, ERR_CONFIG, "this gives an empty subject");
	else if (strpbrk(d->subject.data, "\001\002") != NULL)
		err_set(err, ERR_CONFIG, "there is a value of one friend in "
		    "this; the subject is the same for all");
	else if (buf_check(&d->subject, "the subject", err) == 0)
		return 0;
	err_at(err, file, 1);
	return err_rule(err, "template");
}

/* A file that the chosen folder does not have is that of the main one. */
static const char *
folder_of(const struct look *l, const char *name)
{
	return fs_is_file(fs_join(l->arena, l->folder, name)) ? l->folder :
	    l->in->templates;
}

static int
choose_folder(struct look *l, struct err *err)
{
	const struct show *show = l->in->show;
	const char *chosen = show->digest.template;

	l->folder = chosen == NULL ? l->in->templates :
	    fs_join(l->arena, l->in->templates, chosen);
	if (!fs_is_dir(l->in->templates)) {
		err_set(err, ERR_CONFIG, "there is no such folder; copy "
		    "showmill's own templates there, or name their folder by "
		    "`templates` in config.ini");
		err_at(err, l->in->templates, 0);
		return err_rule(err, "template");
	}
	if (chosen == NULL || fs_is_dir(l->folder))
		return 0;
	err_set(err, ERR_CONFIG, "digest_template: there is no folder `%s`; "
	    "showmill comes with `compact`", l->folder);
	err_at(err, show->file, show_line(show, "digest_template"));
	return err_rule(err, "option-value");
}

const char *
digest_file(struct arena *a, const struct digest_input *in, const char *name)
{
	struct look l = { .arena = a, .in = in };
	struct err ignored = ERR_INIT;

	(void)choose_folder(&l, &ignored);
	return fs_join(a, folder_of(&l, name), name);
}

static int
render_subject(const struct look *l, struct digest *d, struct err *err)
{
	static const char name[] = "digest.subject";
	const char *folder = folder_of(l, name);
	const struct editorial *by_hand = l->in->editorial;
	const struct digest_room room = { .base = DIGEST_PART_MAX };
	struct node *data;

	if (by_hand != NULL && by_hand->subject != NULL) {
		buf_adds(&d->subject, by_hand->subject);
		return check_subject(d, by_hand->file, err);
	}
	data = digest_data(l->arena, l->in, l->notes, DIGEST_TEXT, &room,
	    err);
	if (data == NULL || template_file_render(l->arena, folder, name,
	    TEMPLATE_PLAIN, data, &d->subject, err) != 0)
		return -1;
	return check_subject(d, fs_join(l->arena, folder, name), err);
}

static const char *
file_of(enum digest_part part)
{
	return part == DIGEST_HTML ? "digest.html" : "digest.txt";
}

static int
render_part(const struct look *l, enum digest_part part,
    const struct digest_room *room, struct buf *out, struct err *err)
{
	const char *folder = folder_of(l, file_of(part));
	struct arena a = ARENA_INIT;
	struct node *data;
	struct buf plain;
	int rc = -1;

	buf_init(&plain, TEMPLATE_OUTPUT_MAX);
	buf_clear(out);
	data = digest_data(&a, l->in, l->notes, part, room, err);
	if (data == NULL)
		;
	else if (part == DIGEST_TEXT)
		rc = template_file_render(&a, folder, file_of(part),
		    TEMPLATE_PLAIN, data, out, err);
	else if (template_file_render(&a, folder, file_of(part),
	    TEMPLATE_HTML, data, &plain, err) == 0)
		rc = digest_style(&a, folder, &plain, out, l->warning, err);
	buf_release(&plain);
	arena_release(&a);
	return rc;
}

static bool
fits(const struct buf *part)
{
	size_t size = part->len;
	const char *p;

	for (p = part->data; (p = strchr(p, '\001')) != NULL; p++)
		size += FRIEND_BYTES;
	return size <= DIGEST_PART_MAX;
}

static int
too_long(const struct look *l, enum digest_part part, const struct buf *out,
    struct err *err)
{
	const char *folder = folder_of(l, file_of(part));

	err_set(err, ERR_CONFIG, "this part of the digest has %zu bytes "
	    "without any notes, and mail programs show %zu at the most; send "
	    "fewer episodes at once, or take something out", out->len,
	    DIGEST_PART_MAX);
	err_at(err, fs_join(l->arena, folder, file_of(part)), 0);
	return err_rule(err, "digest-size");
}

/* A part that is tried with more and less room. */
struct attempt {
	const struct look *look;
	enum digest_part part;
	struct digest_room room;
	struct buf *out;
};

/* Finds the most that fits for *at, which is in the room, to within `step`:
 * from 0 to less than `misfit`, which then becomes the least that is known not
 * to fit. */
static int
approach(struct attempt *t, size_t *at, size_t *misfit, size_t step,
    struct err *err)
{
	size_t fit = 0;

	while (*misfit - fit > step) {
		*at = fit + (*misfit - fit) / 2;
		if (render_part(t->look, t->part, &t->room, t->out, err) != 0)
			return -1;
		if (fits(t->out))
			fit = *at;
		else
			*misfit = *at;
	}
	*at = fit;
	return 0;
}

/* A part that is not too long: all episodes have the same room for notes, as
 * much of it as there can be, and what is left goes to the first of them, a
 * block each. */
static int
fit_part(const struct look *l, enum digest_part part, struct buf *out,
    struct err *err)
{
	struct attempt t = { .look = l, .part = part, .out = out };
	size_t all = l->in->n;

	t.room.base = NOTES_MAX / (all + 1);
	if (t.room.base > DIGEST_PART_MAX)
		t.room.base = DIGEST_PART_MAX;
	if (render_part(l, part, &t.room, out, err) != 0)
		return -1;
	if (fits(out))
		return 0;
	t.room.more = t.room.base;
	if (approach(&t, &t.room.base, &t.room.more, NOTES_STEP, err) != 0 ||
	    approach(&t, &t.room.n, &all, 1, err) != 0 ||
	    render_part(l, part, &t.room, out, err) != 0)
		return -1;
	return fits(out) ? 0 : too_long(l, part, out, err);
}

/* A template that lost what is in it. */
static int
check_empty(const struct look *l, enum digest_part part,
    const struct buf *out, struct err *err)
{
	if (out->data[strspn(out->data, " \t\n")] != '\0')
		return 0;
	err_set(err, ERR_CONFIG, "this gives an empty mail");
	err_at(err, fs_join(l->arena, folder_of(l, file_of(part)),
	    file_of(part)), 1);
	return err_rule(err, "template");
}

/* By the same template, with all notes: there is no friend in it, and nobody
 * who clips it. */
static int
render_page(const struct look *l, struct buf *out, struct err *err)
{
	const struct digest_room room = { .base = NOTES_MAX };
	const char *folder = folder_of(l, file_of(DIGEST_HTML));
	struct arena a = ARENA_INIT;
	struct node *data = digest_data(&a, l->in, l->notes, DIGEST_HTML,
	    &room, err);
	int rc = -1;

	if (data != NULL) {
		digest_data_no_friend(data);
		rc = template_file_render(&a, folder, file_of(DIGEST_HTML),
		    TEMPLATE_HTML, data, out, err);
	}
	arena_release(&a);
	return rc;
}

/* As digest_data() has the preheader. */
static const char *
unsaid(const struct digest_input *in, const struct digest_notes *notes)
{
	return in->n > 0 && notes->entry[0].summary == NULL &&
	    (in->editorial == NULL || in->editorial->preheader == NULL) ?
	    in->episodes[0]->file : NULL;
}

int
digest_render(const struct digest_input *in, struct digest *out,
    struct err *err)
{
	struct arena a = ARENA_INIT;
	struct digest_notes notes;
	struct look l = { &a, in, &notes, NULL, &out->warning };
	const struct err none = ERR_INIT;
	int rc = -1;

	out->warning = none;
	out->unsaid = NULL;
	buf_init(&out->subject, SUBJECT_MAX);
	buf_init(&out->html, TEMPLATE_OUTPUT_MAX);
	buf_init(&out->text, TEMPLATE_OUTPUT_MAX);
	buf_init(&out->page, TEMPLATE_OUTPUT_MAX);
	if (choose_folder(&l, err) == 0 &&
	    digest_notes_open(in, &notes, err) == 0) {
		out->unsaid = unsaid(in, &notes);
		if (render_subject(&l, out, err) == 0 &&
		    fit_part(&l, DIGEST_HTML, &out->html, err) == 0 &&
		    fit_part(&l, DIGEST_TEXT, &out->text, err) == 0 &&
		    check_empty(&l, DIGEST_HTML, &out->html, err) == 0 &&
		    check_empty(&l, DIGEST_TEXT, &out->text, err) == 0 &&
		    (in->mail_only || render_page(&l, &out->page, err) == 0))
			rc = 0;
		digest_notes_release(&notes);
	}
	arena_release(&a);
	if (rc != 0)
		digest_release(out);
	return rc;
}

void
digest_release(struct digest *d)
{
	buf_release(&d->subject);
	buf_release(&d->html);
	buf_release(&d->text);
	buf_release(&d->page);
}

static int
config_error(const struct show *show, const char *key, struct err *err)
{
	char text[ERR_MSG_MAX];

	memcpy(text, err->msg, sizeof(text));
	err_set(err, ERR_CONFIG, "%s: %.900s", key, text);
	err_at(err, show->file, show_line(show, key));
	return err_rule(err, "option-value");
}

int
digest_sender(struct arena *a, const struct show *show, struct address *out,
    struct err *err)
{
	if (show->digest.from == NULL) {
		err_set(err, ERR_CONFIG, "`digest_from` is missing: who sends "
		    "the digest, as `Name <address>`");
		err_at(err, show->file, 0);
		return err_rule(err, "option-missing");
	}
	if (address_parse_mailbox(a, show->digest.from, out, err) != 0 ||
	    address_need_ascii(out, err) != 0)
		return config_error(show, "digest_from", err);
	return 0;
}

int
digest_mold_input(struct arena *a, const struct digest_input *in,
    const struct digest *d, const char *key_id, struct mold_input *out,
    struct err *err)
{
	const struct show_digest *s = &in->show->digest;
	struct address from, other, owner;

	memset(out, 0, sizeof(*out));
	if (digest_sender(a, in->show, &from, err) != 0)
		return -1;
	owner = from;
	if (s->reply_to != NULL &&
	    (address_parse_mailbox(a, s->reply_to, &owner, err) != 0 ||
	    address_need_ascii(&owner, err) != 0))
		return config_error(in->show, "digest_reply_to", err);
	if (s->unsubscribe_mailto != NULL &&
	    (address_parse(a, s->unsubscribe_mailto, &other, err) != 0 ||
	    address_need_ascii(&other, err) != 0))
		return config_error(in->show, "unsubscribe_mailto", err);
	out->from = s->from;
	out->reply_to = s->reply_to;
	out->subject = d->subject.data;
	out->html = d->html.data;
	out->text = d->text.data;
	out->list = s->list;
	out->list_name = in->show->title;
	out->list_id = s->list_id != NULL ? s->list_id :
	    arena_printf(a, "%s.%s", s->list, strrchr(from.wire, '@') + 1);
	out->list_archive = s->archive_url;
	out->list_help = s->help_url;
	out->list_owner = owner.wire;
	out->feedback_id = s->feedback_id;
	out->edition = in->edition;
	out->unsubscribe_mailto = s->unsubscribe_mailto != NULL ?
	    other.wire : from.wire;
	out->unsubscribe_url = s->unsubscribe_url;
	out->friend_fallback = s->friend_fallback != NULL ?
	    s->friend_fallback : words_text(a, in->show->words, "friend");
	out->key_id = key_id;
	out->date = in->date;
	return 0;
}
