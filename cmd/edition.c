#include "cmd/edition.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "cmd/edition_variant.h"
#include "cmd/keys.h"
#include "mail/address.h"
#include "mail/digest_image.h"
#include "show/language.h"

/* The token key: the first of token_key_file, else the ledger's own; where
 * nothing may be made, one of zeros. */
static int
first_key(struct setting *s, struct edition *e, struct err *err)
{
	int r;

	if (s->config->token_key_file != NULL)
		return keys_read(s->config->token_key_file, NULL, e->key_id,
		    e->key, err);
	if (s->ledger != NULL) {
		r = ledger_key(s->ledger, e->key_id, e->key, err);
		if (r <= 0)
			return r;
	}
	memcpy(e->key_id, "preview", sizeof("preview"));
	return 0;
}

const char *
edition_age(struct arena *a, int64_t seconds)
{
	int64_t hours = seconds / 3600;

	return hours < 48 ? arena_printf(a, "%lld hour%s", (long long)hours,
	    CMD_S(hours)) : arena_printf(a, "%lld days",
	    (long long)(hours / 24));
}

const char *
edition_guid(struct arena *a, const struct show *own, const struct show *of,
    const struct episode *e)
{
	return of == own ? e->guid : arena_printf(a, "%s:%s", of->slug,
	    e->guid);
}

/* What the ledger keeps of it. */
static void
fill_row(struct setting *s, struct cmd_args *args, struct edition *e)
{
	size_t i;

	e->row.list = s->shows[0]->digest.list;
	e->row.name = e->name;
	e->row.subject = e->digest.subject.data;
	e->row.html = e->digest.html.data;
	e->row.text = e->digest.text.data;
	e->row.page = e->digest.page.data;
	e->row.mold = e->mold.data;
	e->row.mold_len = e->mold.len;
	e->row.frozen = s->now;
	e->rows = arena_array(&args->arena, e->n, sizeof(*e->rows));
	for (i = 0; i < e->n; i++) {
		e->rows[i].guid = edition_guid(&args->arena, s->shows[0],
		    e->shows[i], e->episodes[i]);
		e->rows[i].number = e->episodes[i]->number;
		e->rows[i].title = e->episodes[i]->title;
		e->rows[i].date = e->episodes[i]->due;
	}
}

void
edition_input(const struct setting *s, const struct edition *e,
    struct digest_input *out)
{
	struct show *show = s->shows[0];

	*out = (struct digest_input){
		.show = show, .episodes = e->episodes, .shows = e->shows,
		.n = e->n, .edition = e->name, .language = show->language,
		.editorial = &e->editorial,
		.templates = s->config->templates,
		.date = { s->now, date_zone_offset(show->zone, s->now) }
	};
}

int
edition_make(struct setting *s, struct arena *a,
    const struct digest_input *in, const char *key_id, struct findings *to,
    struct digest *digest, struct buf *mold, struct err *err)
{
	struct mold_input parts;

	buf_init(mold, 0);
	if (digest_render(in, digest, err) != 0 ||
	    digest_mold_input(a, in, digest, key_id, &parts, err) != 0)
		return -1;
	if (digest->warning.kind != ERR_NONE)
		finding_add(to, SEV_WARNING, err_rule_of(&digest->warning),
		    digest->warning.file, digest->warning.line, "%s",
		    digest->warning.msg);
	digest_images(a, in, s->config, &parts, to);
	return mold_build(&parts, mold, err);
}

int
edition_render(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	struct digest_input in;

	edition_input(s, e, &in);
	if (language_open(s->shows[0], s->config, true, &s->findings,
	    err) != 0 || first_key(s, e, err) != 0 ||
	    edition_make(s, &args->arena, &in, e->key_id, &s->findings,
	    &e->digest, &e->mold, err) != 0)
		return -1;
	fill_row(s, args, e);
	return edition_variants(s, args, e, err);
}

void
edition_release(struct edition *e)
{
	if (e->digest.html.data != NULL)
		digest_release(&e->digest);
	if (e->mold.data != NULL)
		buf_release(&e->mold);
	edition_variants_release(e);
}

int
edition_unfinished(struct setting *s, struct cmd_args *args,
    struct ledger_edition *out, struct err *err)
{
	int r;

	if (s->ledger == NULL)
		return 0;
	r = ledger_edition_unfinished(s->ledger, s->shows[0]->digest.list, 0,
	    &args->arena, out, err);
	if (r != 1 || (cmd_value(args, "--episode") == NULL &&
	    cmd_value(args, "--since") == NULL &&
	    cmd_value(args, "--until") == NULL && !cmd_flag(args, "--again")))
		return r;
	log_notice("%s is not finished; `digest send%s` sends the rest of it "
	    "before this one", out->name, setting_hint(s));
	return 0;
}

const char *
edition_sender(struct setting *s, struct arena *a, struct err *err)
{
	struct address address;

	return digest_sender(a, s->shows[0], &address, err) == 0 ?
	    address.wire : NULL;
}

void
edition_counts_text(const struct ledger_counts *c, char *out, size_t size)
{
	const struct { size_t n; const char *word; } parts[] = {
		{ c->sent, "sent" }, { c->deferred, "deferred" },
		{ c->failed, "failed" }, { c->unknown, "unknown" },
		{ c->pending + c->claimed + c->sending, "waiting" },
		{ c->skipped, "left the list" }
	};
	size_t i, len = 0;

	out[0] = '\0';
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].n > 0 && len < size)
			len += (size_t)snprintf(out + len, size - len,
			    "%s%zu %s", len > 0 ? ", " : "", parts[i].n,
			    parts[i].word);
}

size_t
edition_waiting(const struct ledger_counts *c)
{
	return c->pending + c->claimed + c->deferred;
}

int
edition_print_counts(struct setting *s, const struct ledger_edition *e,
    struct ledger_counts *out, struct err *err)
{
	struct ledger_counts c;
	char text[200];

	/* What this run could not put back is as the next one will find it; on
	 * a server others may have some in hand. */
	if (edition_counts(s, e->id, ledger_is_shared(s->ledger), &c, err) != 0)
		return -1;
	edition_counts_text(&c, text, sizeof(text));
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s: %s\n", e->name, text);
	if (out != NULL)
		*out = c;
	return 0;
}

/* By which options of `digest status` those are listed who are left:
 * "--failed", "--failed or --unknown"; "" where some have none. How many. */
static unsigned
options_text(const struct ledger_counts *c, char *out, size_t size)
{
	const struct { size_t n; const char *option; } parts[] = {
		{ c->deferred, "--deferred" }, { c->failed, "--failed" },
		{ c->unknown, "--unknown" }
	};
	size_t i, len = 0;
	unsigned n = 0;

	out[0] = '\0';
	if (c->pending + c->claimed + c->sending > 0)
		return 0;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].n > 0)
			len += (size_t)snprintf(out + len, size - len, "%s%s",
			    n++ > 0 ? " or " : "", parts[i].option);
	return n;
}

bool
edition_report_left(const struct setting *s, const char *name,
    const struct ledger_counts *c)
{
	struct ledger_counts left = *c;
	char text[200], options[64];
	unsigned n;

	left.sent = left.skipped = 0;
	edition_counts_text(&left, text, sizeof(text));
	if (text[0] == '\0')
		return false;
	n = options_text(&left, options, sizeof(options));
	log_error("%s: %s; `digest status %s%s%s%s`%s%s tells who", name, text,
	    name, n == 1 ? " " : "", n == 1 ? options : "", setting_hint(s),
	    n > 1 ? " with " : "", n > 1 ? options : "");
	return true;
}

const char *
edition_later(struct arena *a, const struct setting *s, const char *name,
    size_t n, int64_t due)
{
	const struct date d = { due, date_zone_offset(s->shows[0]->zone, due) };
	char text[DATE_TEXT_MAX];

	date_rfc3339(&d, text);
	return arena_printf(a, "%s: %zu friend%s it later, the first at %s",
	    name, n, n == 1 ? " gets" : "s get", text);
}

void
edition_say_later(const struct setting *s, const char *name, size_t n,
    int64_t due)
{
	struct arena a = ARENA_INIT;

	log_notice("%s", edition_later(&a, s, name, n, due));
	arena_release(&a);
}
