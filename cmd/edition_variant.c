#include "cmd/edition_variant.h"

#include <stdio.h>
#include <string.h>

#include "cmd/friend.h"
#include "show/language.h"
#include "text/language.h"

#define SLUG_SHOWN 100	/* bytes of a show's slug in a message */

/* The variants of one edition while they are made. */
struct making {
	struct setting *setting;
	struct cmd_args *args;
	struct edition *edition;
	const char *own;	/* the language that the edition is in */
	struct show show;	/* ours, in the language of the last variant */
	bool opened;
};

const char *
edition_variant_label(struct arena *a, const char *language,
    const char *shows)
{
	bool several = strchr(shows, ' ') != NULL;

	return arena_printf(a, "%s%s%s%s%s", language[0] != '\0' ?
	    "language " : "", language, language[0] != '\0' &&
	    shows[0] != '\0' ? " and " : "", shows[0] == '\0' ? "" : several ?
	    "shows " : "show ", shows);
}

/* ---- which variant a choice comes to ---- */

static bool
in_edition(const struct edition *e, const char *slug)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		if (strcmp(e->shows[i]->slug, slug) == 0)
			return true;
	return false;
}

/* Those of the wanted shows that the edition has episodes of, in the order of
 * the digest; "": all, NULL: none. */
static const char *
shows_of(struct making *m, const char *wanted)
{
	const struct show *own = m->setting->shows[0];
	struct arena *a = &m->args->arena;
	size_t had = 0, taken = 0, i;
	const char *out = "";

	if (wanted[0] == '\0')
		return "";
	for (i = 0; i <= own->digest.nshows; i++) {
		const char *slug = i == 0 ? own->slug :
		    own->digest.shows[i - 1];

		if (!in_edition(m->edition, slug))
			continue;
		had++;
		if (!friend_has_show(wanted, slug))
			continue;
		out = taken++ == 0 ? slug : arena_printf(a, "%s %s", out,
		    slug);
	}
	return taken == 0 ? NULL : taken == had ? "" : out;
}

/* Whether the digest has one of the wanted shows at all. */
static bool
has_any(const struct show *own, const char *wanted)
{
	size_t i;

	if (wanted[0] == '\0' || friend_has_show(wanted, own->slug))
		return true;
	for (i = 0; i < own->digest.nshows; i++)
		if (friend_has_show(wanted, own->digest.shows[i]))
			return true;
	return false;
}

/* Appends those of the slugs that are not there yet. */
static void
note_slugs(struct buf *out, const char *slugs)
{
	char slug[SLUG_SHOWN];
	size_t n;

	for (; *slugs != '\0'; slugs += n + (slugs[n] == ' ')) {
		n = strcspn(slugs, " ");
		snprintf(slug, sizeof(slug), "%.*s", (int)n, slugs);
		if (!friend_has_show(out->data, slug))
			buf_addf(out, "%s%s", out->len > 0 ? " " : "", slug);
	}
}

/* Who chose nothing but shows that are no more in the list gets nothing, now
 * and later, and does not know why. */
static void
tell_lost(struct making *m)
{
	const struct edition *e = m->edition;
	const struct show *own = m->setting->shows[0];
	struct buf gone;
	size_t lost = 0, i;

	buf_init(&gone, 0);
	for (i = 0; i < e->nchoices; i++) {
		const struct ledger_choice *c = &e->choices[i];

		if (c->friends == 0 || has_any(own, c->shows))
			continue;
		lost += c->friends;
		note_slugs(&gone, c->shows);
	}
	if (lost > 0)
		finding_add(&m->setting->findings, SEV_WARNING,
		    "friend-shows", own->file, show_line(own, "digest_show"),
		    "%zu friend%s chose only shows that the digest does not "
		    "have any more (%s) and get%s nothing, now and later: "
		    "`friend export` shows who; `friend import` with other "
		    "`shows`, or with - for all of them, mends it, and so "
		    "does naming the show in `digest_show` again", lost,
		    CMD_S(lost), gone.data, lost == 1 ? "s" : "");
	buf_release(&gone);
}

/* "": that of the edition. */
static const char *
language_of(struct making *m, const struct ledger_choice *c)
{
	const char *written;

	if (c->language[0] == '\0')
		return "";
	written = language_written(&m->args->arena, m->setting->config,
	    c->language);
	if (written == NULL) {
		finding_add(&m->setting->findings, SEV_WARNING,
		    "friend-language", NULL, 0, "%zu friend%s asked for the "
		    "language `%s`, of which showmill has no words any more; "
		    "they get the digest in the show's", c->friends,
		    c->friends == 1 ? " has" : "s have", c->language);
		return "";
	}
	return language_same(written, m->own) ? "" : written;
}

/* Its number, of one that is there or is new. */
static int
variant_for(struct making *m, const char *language, const char *shows)
{
	struct edition *e = m->edition;
	struct edition_variant *v;
	size_t i;

	if (language[0] == '\0' && shows[0] == '\0')
		return 0;
	for (i = 0; i < e->nvariants; i++) {
		v = &e->variants[i];
		if (strcmp(v->language, language) == 0 &&
		    strcmp(v->shows, shows) == 0)
			return (int)i + 1;
	}
	v = &e->variants[e->nvariants++];
	v->language = language;
	v->shows = shows;
	v->label = edition_variant_label(&m->args->arena, language, shows);
	return (int)e->nvariants;
}

static void
resolve(struct making *m, struct ledger_choice *c)
{
	struct edition *e = m->edition;
	const char *shows = shows_of(m, c->shows);

	c->variant = shows == NULL ? -1 : variant_for(m, language_of(m, c),
	    shows);
	if (c->variant < 0)
		e->without += c->friends;
	else
		e->friends += c->friends;
	if (c->variant > 0)
		e->variants[c->variant - 1].friends += c->friends;
}

static int
too_many(const struct making *m, struct err *err)
{
	const struct edition *e = m->edition;

	return err_set(err, ERR_INPUT, "the languages and shows that the "
	    "friends of `%s` asked for come to %zu variants of %s, and it may "
	    "have %d; `friend export` shows who asked for what, and `friend "
	    "import` with - in a column takes it back",
	    m->setting->shows[0]->digest.list, e->nvariants, e->name,
	    LEDGER_VARIANTS_MAX);
}

/* That of the command line is one, too: of no friend. */
static int
gather(struct making *m, struct err *err)
{
	struct edition *e = m->edition;
	struct setting *s = m->setting;
	struct arena *a = &m->args->arena;
	struct ledger_choice *had = NULL, asked;
	size_t n = 0, i;
	int r = edition_asked(s, m->args, &asked, err);

	if (r < 0 || (s->ledger != NULL && ledger_choices(s->ledger,
	    s->shows[0]->digest.list, a, &had, &n, err) != 0))
		return -1;
	e->choices = arena_array(a, n + 1, sizeof(*e->choices));
	e->variants = arena_array(a, n + 1, sizeof(*e->variants));
	for (i = 0; i < n; i++)
		e->choices[i] = had[i];
	e->nchoices = n;
	for (i = 0; r == 1 && i < n; i++)
		if (strcmp(had[i].language, asked.language) == 0 &&
		    strcmp(had[i].shows, asked.shows) == 0)
			break;
	if (r == 1 && i == n)
		e->choices[e->nchoices++] = asked;
	for (n = 0; n < e->nchoices; n++)
		resolve(m, &e->choices[n]);
	if (r == 1)
		e->wanted = e->choices[i].variant;
	tell_lost(m);
	return e->nvariants > LEDGER_VARIANTS_MAX ? too_many(m, err) : 0;
}

/* ---- rendering ---- */

/* The show in another language. Those of one language follow each other. */
static int
speak(struct making *m, const char *language, struct err *err)
{
	if (m->opened && strcmp(m->show.language, language) == 0)
		return 0;
	if (m->opened)
		arena_release(&m->show.arena);
	m->show = *m->setting->shows[0];
	arena_init(&m->show.arena);
	m->opened = true;
	m->show.language = language;
	m->show.words = NULL;
	return language_open(&m->show, m->setting->config, true,
	    &m->setting->findings, err);
}

static void
take_episodes(struct making *m, struct edition_variant *v)
{
	const struct edition *e = m->edition;
	struct arena *a = &m->args->arena;
	size_t i;

	v->episodes = arena_array(a, e->n, sizeof(*v->episodes));
	v->shows_of = arena_array(a, e->n, sizeof(*v->shows_of));
	for (i = 0; i < e->n; i++) {
		if (v->shows[0] != '\0' && !friend_has_show(v->shows,
		    e->shows[i]->slug))
			continue;
		v->episodes[v->n] = e->episodes[i];
		v->shows_of[v->n++] = e->shows[i];
	}
}

static int
render(struct making *m, struct edition_variant *v, struct err *err)
{
	struct findings told = { .report = NULL };
	struct arena scratch = ARENA_INIT;
	struct digest_input in;
	char text[ERR_MSG_MAX];
	int rc = 0;

	take_episodes(m, v);
	edition_input(m->setting, m->edition, &in);
	in.episodes = v->episodes;
	in.shows = v->shows_of;
	in.n = v->n;
	in.mail_only = true;
	if (v->language[0] != '\0') {
		rc = speak(m, v->language, err);
		in.show = &m->show;
	}
	/* Of its pictures all was told with the edition itself. */
	if (rc == 0)
		rc = edition_make(m->setting, &scratch, &in,
		    m->edition->key_id, &told, &v->digest, &v->mold, err);
	arena_release(&scratch);
	if (rc == 0)
		return 0;
	memcpy(text, err->msg, sizeof(text));
	snprintf(err->msg, sizeof(err->msg), "the variant for %.200s: %.800s",
	    v->label, text);
	return -1;
}

static void
fill_rows(struct making *m)
{
	struct edition *e = m->edition;
	struct ledger_variant *rows = arena_array(&m->args->arena,
	    e->nvariants + 1, sizeof(*rows));
	size_t i;

	for (i = 0; i < e->nvariants; i++) {
		const struct edition_variant *v = &e->variants[i];

		rows[i] = (struct ledger_variant){ v->language, v->shows,
		    v->digest.subject.data, v->digest.html.data,
		    v->digest.text.data, v->mold.data, v->mold.len, false };
	}
	e->row.variants = rows;
	e->row.nvariants = e->nvariants;
	e->row.choices = e->choices;
	e->row.nchoices = e->nchoices;
}

int
edition_variants(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	const char *language = s->shows[0]->language;
	struct making m = { .setting = s, .args = args, .edition = e };
	size_t i;
	int rc;

	m.own = language_written(&args->arena, s->config, language);
	if (m.own == NULL)
		m.own = language;
	rc = gather(&m, err);
	for (i = 0; rc == 0 && i < e->nvariants; i++)
		rc = render(&m, &e->variants[i], err);
	if (m.opened)
		arena_release(&m.show.arena);
	if (rc == 0)
		fill_rows(&m);
	return rc;
}

void
edition_variants_release(struct edition *e)
{
	size_t i;

	for (i = 0; i < e->nvariants; i++) {
		if (e->variants[i].digest.html.data != NULL)
			digest_release(&e->variants[i].digest);
		if (e->variants[i].mold.data != NULL)
			buf_release(&e->variants[i].mold);
	}
	e->nvariants = 0;
}

void
edition_variant_row(const struct edition *e, int variant,
    struct ledger_edition *out)
{
	const struct ledger_variant *v;

	*out = e->row;
	if (variant <= 0)
		return;
	v = &e->row.variants[variant - 1];
	out->subject = v->subject;
	out->html = v->html;
	out->text = v->text;
	out->mold = v->mold;
	out->mold_len = v->mold_len;
}
