#include "mail/reconcile.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/strmap.h"

#define KEY_MAX 320
#define REF_SIZE 64
#define TEXT_MAX 300
#define NAMES_MAX 16		/* queue ids of one Message-ID that are
				 * heeded */
#define TEXTS_MAX 8

struct mail {
	int64_t id, again, begun, changed;
	const char *queue_id, *text;
	unsigned copies;
	bool unknown;
	unsigned char found, further, names, texts;
};

/* What a queue id stands for at this place of the log. */
struct queued {
	size_t mail;		/* STRMAP_NONE: another message */
	bool named;		/* by its Message-ID, and in time */
};

struct reconcile {
	struct arena arena;
	const char *before;	/* "2025-W23.list." */
	const char *sender, *domain;
	struct mail *mail;
	size_t n, cap;
	struct queued *queued;
	size_t nqueued, queued_cap;
	struct strmap by_ref, by_address, by_queue;
};

struct reconcile *
reconcile_new(const struct reconcile_head *head)
{
	struct reconcile *r = xcalloc(1, sizeof(*r));
	const char *at = strrchr(head->sender, '@');

	arena_init(&r->arena);
	r->before = arena_printf(&r->arena, "%s.%s.", head->edition,
	    head->list);
	r->sender = arena_strdup(&r->arena, head->sender);
	r->domain = arena_strdup(&r->arena, at == NULL ? "" : at + 1);
	return r;
}

void
reconcile_free(struct reconcile *r)
{
	if (r == NULL)
		return;
	strmap_release(&r->by_ref);
	strmap_release(&r->by_address);
	strmap_release(&r->by_queue);
	arena_release(&r->arena);
	free(r->mail);
	free(r->queued);
	free(r);
}

/* ---- deliveries ---- */

/* From here on the queue id stands for that mail (STRMAP_NONE: for another). */
static void
bind(struct reconcile *r, const char *queue_id, size_t mail, bool named)
{
	size_t at = strmap_get(&r->by_queue, queue_id);

	if (at == STRMAP_NONE) {
		if (r->nqueued == r->queued_cap) {
			r->queued_cap = r->queued_cap == 0 ? 64 :
			    r->queued_cap * 2;
			r->queued = xreallocarray(r->queued, r->queued_cap,
			    sizeof(*r->queued));
		}
		at = r->nqueued++;
		strmap_put(&r->by_queue, arena_strdup(&r->arena, queue_id),
		    at);
	}
	r->queued[at] = (struct queued){ mail, named };
}

void
reconcile_add(struct reconcile *r, const struct reconcile_delivery *d)
{
	size_t at = r->n;
	struct mail *m;

	if (r->n == r->cap) {
		r->cap = r->cap == 0 ? 64 : r->cap * 2;
		r->mail = xreallocarray(r->mail, r->cap, sizeof(*r->mail));
	}
	m = &r->mail[r->n++];
	*m = (struct mail){ .id = d->id, .unknown = d->unknown,
	    .again = d->again, .begun = d->begun, .changed = d->changed,
	    .queue_id = "", .text = "" };
	strmap_put(&r->by_ref, arena_strdup(&r->arena, d->ref), at);
	if (d->unknown)
		strmap_put(&r->by_address, arena_strdup(&r->arena,
		    d->address), at);
	else if (d->queue_id[0] != '\0')
		bind(r, d->queue_id, at, true);
}

/* ---- lines ---- */

static bool
is_same(const struct maillog_text *t, const char *word)
{
	return t->len == strlen(word) && strncasecmp(t->at, word, t->len) == 0;
}

/* As a key; false: too long to be one, or with a NUL. */
static bool
copy(const struct maillog_text *t, char *out, size_t size)
{
	if (t->len >= size || memchr(t->at, '\0', t->len) != NULL)
		return false;
	if (t->len > 0)
		memcpy(out, t->at, t->len);
	out[t->len] = '\0';
	return true;
}

static struct queued *
find_queued(const struct reconcile *r, const struct maillog_text *queue_id)
{
	char key[KEY_MAX];
	size_t at;

	if (!copy(queue_id, key, sizeof(key)))
		return NULL;
	at = strmap_get(&r->by_queue, key);
	return at == STRMAP_NONE ? NULL : &r->queued[at];
}

/* The mail of a Message-ID `EDITION.LIST.REF@DOMAIN`. */
static size_t
find_named(const struct reconcile *r, const struct maillog_text *id)
{
	size_t before = strlen(r->before);
	struct maillog_text ref, domain;
	char key[REF_SIZE];
	const char *at;

	if (id->len <= before || memcmp(id->at, r->before, before) != 0)
		return STRMAP_NONE;
	ref.at = id->at + before;
	at = memchr(ref.at, '@', id->len - before);
	if (at == NULL)
		return STRMAP_NONE;
	ref.len = (size_t)(at - ref.at);
	domain = (struct maillog_text){ at + 1,
	    id->len - before - ref.len - 1 };
	if (!is_same(&domain, r->domain) || !copy(&ref, key, sizeof(key)))
		return STRMAP_NONE;
	return strmap_get(&r->by_ref, key);
}

static size_t
find_addressed(const struct reconcile *r, const struct maillog_line *l)
{
	char key[KEY_MAX];
	size_t i;

	if (!is_same(&l->from, r->sender) || !copy(&l->to, key, sizeof(key)))
		return STRMAP_NONE;
	for (i = 0; key[i] != '\0'; i++)
		if (key[i] >= 'A' && key[i] <= 'Z')
			key[i] = (char)(key[i] + 32);
	return strmap_get(&r->by_address, key);
}

/* Of the two the one that says more. */
static void
learn(struct mail *m, enum reconcile_found found)
{
	if ((unsigned char)found > m->found)
		m->found = (unsigned char)found;
}

static void
queue_id_of(struct reconcile *r, struct mail *m,
    const struct maillog_text *queue_id)
{
	if (m->unknown)
		m->queue_id = arena_strndup(&r->arena, queue_id->at,
		    queue_id->len);
}

static void
take_name(struct reconcile *r, const struct maillog_line *l, int64_t t)
{
	size_t at = find_named(r, &l->message_id);
	char key[KEY_MAX];
	struct mail *m;
	bool in_time;

	if (!copy(&l->queue_id, key, sizeof(key)))
		return;
	if (at == STRMAP_NONE) {
		/* Also an id of ours that the relay has used again. */
		if (find_queued(r, &l->queue_id) != NULL)
			bind(r, key, STRMAP_NONE, false);
		return;
	}
	m = &r->mail[at];
	in_time = m->again == 0 || t >= m->again;
	learn(m, in_time ? RECONCILE_STARTED : RECONCILE_EARLIER);
	if (m->names < NAMES_MAX) {
		m->names++;
		bind(r, key, in_time ? at : STRMAP_NONE, true);
	}
}

static void
take_queued(struct reconcile *r, const struct maillog_line *l)
{
	const struct queued *q = find_queued(r, &l->queue_id);
	struct mail *m;

	if (q == NULL || q->mail == STRMAP_NONE || !q->named)
		return;
	m = &r->mail[q->mail];
	if (is_same(&l->from, r->sender)) {
		if (m->found != RECONCILE_ACCEPTED)
			queue_id_of(r, m, &l->queue_id);
		learn(m, RECONCILE_ACCEPTED);
		return;
	}
	/* Nothing that is said of it is said of ours. */
	learn(m, RECONCILE_FOREIGN);
	r->queued[q - r->queued].mail = STRMAP_NONE;
}

static void
take_envelope(struct reconcile *r, const struct maillog_line *l, int64_t t)
{
	size_t at = find_addressed(r, l);
	char key[KEY_MAX];
	struct mail *m;

	if (at == STRMAP_NONE || !copy(&l->queue_id, key, sizeof(key)))
		return;
	m = &r->mail[at];
	if (t < m->begun || t > m->changed)
		return;
	learn(m, RECONCILE_ADDRESSED);
	m->copies++;
	if (m->copies == 1)
		queue_id_of(r, m, &l->queue_id);
	if (m->copies <= NAMES_MAX)
		bind(r, key, at, false);
}

static void
take_verdict(struct reconcile *r, const struct maillog_line *l)
{
	static const unsigned char further[] = {
		[MAILLOG_DELIVERED] = RECONCILE_DELIVERED,
		[MAILLOG_DEFERRED] = RECONCILE_DEFERRED,
		[MAILLOG_BOUNCED] = RECONCILE_BOUNCED
	};
	const struct queued *q = find_queued(r, &l->queue_id);
	size_t n = l->text.len < TEXT_MAX ? l->text.len : TEXT_MAX;
	struct mail *m;

	if (q == NULL || q->mail == STRMAP_NONE)
		return;
	m = &r->mail[q->mail];
	if (m->further == RECONCILE_BOUNCED)
		return;
	/* Delays come by the dozen; the first one says why. */
	if ((m->unknown || l->verdict == MAILLOG_BOUNCED) &&
	    further[l->verdict] != m->further && n > 0 &&
	    m->texts < TEXTS_MAX) {
		m->texts++;
		m->text = arena_strndup(&r->arena, l->text.at, n);
	}
	m->further = further[l->verdict];
}

void
reconcile_line(struct reconcile *r, const struct maillog_line *l, int64_t t)
{
	char key[KEY_MAX];

	switch (l->what) {
	case MAILLOG_NAMED:
		take_name(r, l, t);
		break;
	case MAILLOG_TAKEN:
		take_name(r, l, t);
		take_queued(r, l);
		break;
	case MAILLOG_QUEUED:
		take_queued(r, l);
		break;
	case MAILLOG_ENVELOPE:
		take_envelope(r, l, t);
		break;
	case MAILLOG_VERDICT:
		take_verdict(r, l);
		break;
	case MAILLOG_GONE:
		if (find_queued(r, &l->queue_id) != NULL &&
		    copy(&l->queue_id, key, sizeof(key)))
			bind(r, key, STRMAP_NONE, false);
		break;
	case MAILLOG_OTHER:
		break;
	}
}

bool
reconcile_concerns(const struct reconcile *r, const struct maillog_line *l)
{
	if (l->what == MAILLOG_NAMED || l->what == MAILLOG_TAKEN)
		return find_named(r, &l->message_id) != STRMAP_NONE;
	return l->what == MAILLOG_ENVELOPE &&
	    find_addressed(r, l) != STRMAP_NONE;
}

/* ---- results ---- */

size_t
reconcile_count(const struct reconcile *r)
{
	return r->n;
}

void
reconcile_result(const struct reconcile *r, size_t i,
    struct reconcile_result *out)
{
	const struct mail *m = &r->mail[i];

	*out = (struct reconcile_result){
		.id = m->id, .unknown = m->unknown,
		.found = (enum reconcile_found)m->found,
		.further = (enum reconcile_further)m->further,
		.copies = m->copies, .begun = m->begun, .changed = m->changed,
		.queue_id = m->queue_id, .text = m->text
	};
}
