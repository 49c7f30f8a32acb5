#include "mail/digest.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "mail/address.h"
#include "mail/digest_data.h"
#include "text/template_file.h"
#include "text/words.h"

#define SUBJECT_MAX ((size_t)998)

static int
check_subject(struct arena *a, struct digest *d, const char *templates,
    struct err *err)
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
	err_at(err, fs_join(a, templates, "digest.subject"), 1);
	return err_rule(err, "template");
}

static int
render_subject(struct arena *a, const struct digest_input *in,
    const struct node *data, struct digest *out, struct err *err)
{
	if (in->editorial == NULL || in->editorial->subject == NULL)
		return template_file_render(a, in->templates,
		    "digest.subject", TEMPLATE_PLAIN, data, &out->subject,
		    err);
	buf_adds(&out->subject, in->editorial->subject);
	return 0;
}

/* Of the same template: there is no friend in it. */
static int
render_page(struct arena *a, const struct digest_input *in,
    struct node *data, struct digest *out, struct err *err)
{
	digest_data_no_friend(data);
	return template_file_render(a, in->templates, "digest.html",
	    TEMPLATE_HTML, data, &out->page, err);
}

int
digest_render(const struct digest_input *in, struct digest *out,
    struct err *err)
{
	struct arena a = ARENA_INIT;
	struct node *data;
	int rc = -1;

	buf_init(&out->subject, SUBJECT_MAX);
	buf_init(&out->html, TEMPLATE_OUTPUT_MAX);
	buf_init(&out->text, TEMPLATE_OUTPUT_MAX);
	buf_init(&out->page, TEMPLATE_OUTPUT_MAX);
	data = digest_data(&a, in, err);
	if (data != NULL &&
	    render_subject(&a, in, data, out, err) == 0 &&
	    check_subject(&a, out, in->templates, err) == 0 &&
	    template_file_render(&a, in->templates, "digest.html",
	    TEMPLATE_HTML, data,
	    &out->html, err) == 0 &&
	    template_file_render(&a, in->templates, "digest.txt",
	    TEMPLATE_PLAIN, data,
	    &out->text, err) == 0)
		rc = render_page(&a, in, data, out, err);
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
	if (address_parse_mailbox(a, show->digest.from, out, err) != 0)
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
	    address_parse_mailbox(a, s->reply_to, &owner, err) != 0)
		return config_error(in->show, "digest_reply_to", err);
	if (s->unsubscribe_mailto != NULL &&
	    address_parse(a, s->unsubscribe_mailto, &other, err) != 0)
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
