#include "show/media_remote.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "show/media_parts.h"
#include "show/media_sparse.h"
#include "show/media_type.h"

/* What is kept of a file that has to be read to its end. */
#define COUNT_KEEP ((size_t)1 << 20)

/* One ask, from media_remote_add() to its done(). */
struct remote {
	struct http_many *many;
	struct media_remote_ask ask;	/* with strings of its own */
	struct media_remote out;
	struct arena texts;		/* of out */
	struct arena facts;		/* of out.facts */
	struct media_sparse *file;	/* NULL: its size is not known yet */
	int64_t from;			/* of the part that is asked for */
	unsigned parts;			/* requests for them */
	/* Why no more parts are asked for; NULL: they are. */
	const char *stuck;
	bool broken;			/* they might be had another time */
};

static void on_first(void *ctx, const struct http_answer *a,
    const struct err *err);
static void on_count(void *ctx, const struct http_answer *a,
    const struct err *err);
static void on_part(void *ctx, const struct http_answer *a,
    const struct err *err);

static void
finish(struct remote *r, const struct err *err)
{
	r->ask.done(r->ask.ctx, &r->out, err);
	media_sparse_free(r->file);
	arena_release(&r->facts);
	arena_release(&r->texts);
	free((char *)(uintptr_t)r->ask.url);
	free((char *)(uintptr_t)r->ask.etag);
	free((char *)(uintptr_t)r->ask.modified);
	free(r);
}

/* What to do about an answer that is of no use, or none. */
static const char *
remedy(const struct media_remote *o, enum err_kind kind)
{
	switch (o->status) {
	case 0:
		if (o->untrusted)
			return "; players refuse it too: let the server have "
			    "a certificate that is valid, or, where it is one "
			    "of your own, name who signed it by http_ca_file "
			    "in config.ini";
		if (o->timed_out)
			return "; look at the address, or raise http_timeout "
			    "in config.ini for a slow server";
		if (kind == ERR_TEMPORARY || kind == ERR_INTERNAL)
			return "";
		if (kind == ERR_HOST || kind == ERR_INPUT)
			return "; look at the address";
		return o->silent ? "; look at the address, and whether the "
		    "server runs" : "; look at the address, or ask who runs "
		    "the server";
	case 200:
		return o->timed_out ? "; raise http_timeout in config.ini for "
		    "a slow server" : "; look at the address";
	case 301: case 302: case 303: case 307: case 308:
		return "; look at the address, and where it leads";
	case 401: case 403:
		return "; podcast players have no password: let everybody "
		    "read it";
	case 404: case 410:
		return "; look at the address, and whether the file is there";
	default:
		return o->timed_out ? "; raise http_timeout in config.ini for "
		    "a slow server" : "; try again later, or ask who runs it";
	}
}

static void
fail(struct remote *r, const struct err *why)
{
	struct err err = ERR_INIT;

	err_set(&err, why->kind, "%s%s", why->msg, remedy(&r->out, why->kind));
	finish(r, &err);
}

/* What a server says that cannot be. */
static void __attribute__((format(printf, 3, 4)))
refuse(struct remote *r, enum err_kind kind, const char *fmt, ...)
{
	struct err err = ERR_INIT;
	char text[ERR_MSG_MAX];
	bool led = strcmp(r->out.url, r->ask.url) != 0;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(&err, kind, "GET %.400s%s%.250s: %s", r->ask.url,
	    led ? ", which led to " : "", led ? r->out.url : "", text);
	finish(r, &err);
}

static void
ask_for(struct remote *r, struct http_ask ask)
{
	ask.url = r->ask.url;
	ask.ctx = r;
	/* What was begun is ended before more is begun: the parts of a file
	 * are held until all are there. */
	ask.first = r->out.requests > 0;
	/* Once the size is known, it is no longer a matter of old or new. */
	if (r->out.how == NULL) {
		ask.etag = r->ask.etag;
		ask.modified = r->ask.modified;
	}
	r->out.requests++;
	http_many_add(r->many, &ask);
}

/* The first byte is enough for the size, but who wants more has it in the
 * same answer. */
static void
ask_first(struct remote *r)
{
	size_t n = r->ask.want_facts ? (size_t)MEDIA_SPARSE_FIRST : 1;

	r->parts++;
	ask_for(r, (struct http_ask){ .from = 0, .to = (int64_t)n - 1,
	    .keep = n, .done = on_first });
}

static void
ask_count(struct remote *r)
{
	ask_for(r, (struct http_ask){ .to = -1,
	    .count = MEDIA_REMOTE_COUNT_MAX,
	    .keep = r->ask.want_facts ? COUNT_KEEP : 0, .done = on_count });
}

/* What every answer tells. Where it breaks the row of those that are of one
 * file, that is for the caller to have seen before. */
static void
note(struct remote *r, const struct http_answer *a)
{
	struct media_remote *o = &r->out;

	o->status = a->head.status;
	o->silent = a->head.silent;
	o->timed_out = a->head.timed_out;
	o->untrusted = a->head.untrusted;
	o->received += a->counted;
	if (strcmp(o->url, a->url) != 0)
		o->url = arena_strdup(&r->texts, a->url);
}

static void
note_file(struct remote *r, const struct http_answer *a)
{
	struct media_remote *o = &r->out;
	size_t i;

	memcpy(o->type, a->head.type, sizeof(o->type));
	memcpy(o->etag, a->head.etag, sizeof(o->etag));
	memcpy(o->modified, a->head.modified, sizeof(o->modified));
	(void)snprintf(o->facts.type, sizeof(o->facts.type), "%.63s",
	    a->head.type);
	for (i = 0; o->facts.type[i] != '\0'; i++)
		o->facts.type[i] = (char)tolower(
		    (unsigned char)o->facts.type[i]);
	err_clean(o->facts.type);
}

/* What GET says is what players see. */
static void
set_length(struct remote *r, int64_t length, const char *how)
{
	struct media_remote *o = &r->out;

	if (o->how != NULL && o->facts.length == length)
		return;
	if (o->how != NULL)
		o->doubt = arena_printf(&r->texts, "HEAD says that the file "
		    "has %lld bytes, GET %lld", (long long)o->facts.length,
		    (long long)length);
	o->facts.length = length;
	o->how = how;
}

static bool
is_page(const struct remote *r)
{
	return media_type_of(r->out.type) == MEDIA_TYPE_WRONG;
}

static void
refuse_page(struct remote *r)
{
	const char *type = media_type_by_name(r->ask.url);

	/* nginx sends it for all endings that it was not told of. */
	if (strcasecmp(r->out.type, "text/plain") == 0) {
		refuse(r, ERR_NETWORK, "the server sends text/plain, which is "
		    "no audio; look at the address, and where it is right let "
		    "the server send %s for such files", type != NULL ? type :
		    "a type of audio");
		return;
	}
	refuse(r, ERR_NETWORK, "the server sends %s, which is no audio; look "
	    "at the address, and what a browser shows there", r->out.type);
}

static void
refuse_empty(struct remote *r)
{
	refuse(r, ERR_NETWORK, "the server says that the file has 0 bytes; "
	    "look whether it is there whole");
}

static void
refuse_size(struct remote *r, int64_t told)
{
	refuse(r, ERR_NETWORK, "the server says that the file has %lld bytes, "
	    "which cannot be; look at the address, or ask who runs the "
	    "server", (long long)told);
}

/* Facts that cannot be had. */
static void
end_without(struct remote *r, const char *doubt)
{
	r->out.facts.doubt = arena_strdup(&r->facts, doubt);
	finish(r, NULL);
}

/* No more parts will come: what is there must do. */
static void
stop_parts(struct remote *r, const char *why)
{
	r->stuck = arena_strdup(&r->texts, why);
	media_sparse_close(r->file);
}

/* Reads the parts that are there. false: the bytes are no media, and all is
 * over. */
static bool
read_parts(struct remote *r)
{
	struct media_facts *f = &r->out.facts;
	int64_t length = f->length;
	char type[sizeof(f->type)];
	struct err err = ERR_INIT;

	memcpy(type, f->type, sizeof(type));
	arena_release(&r->facts);
	*f = (struct media_facts)MEDIA_FACTS_INIT;
	f->length = length;
	memcpy(f->type, type, sizeof(type));
	media_sparse_again(r->file);
	if (media_parts_facts(r->file, &r->facts, f, &err) == 0)
		return true;
	refuse(r, err.kind, "what the server sends %s; look at the address, "
	    "and what a browser shows there", err.msg);
	return false;
}

/* Reads, asks for what is missing, and reads again. */
static void
go_on(struct remote *r)
{
	char type[sizeof(r->out.facts.type)];
	int64_t to;

	memcpy(type, r->out.facts.type, sizeof(type));
	if (!read_parts(r))
		return;
	if (r->stuck == NULL && media_sparse_missed(r->file)) {
		/* What only some of the bytes tell may not be so. */
		memcpy(r->out.facts.type, type, sizeof(type));
		if (r->parts < MEDIA_REMOTE_PARTS_MAX &&
		    media_sparse_next(r->file, &r->from, &to)) {
			r->parts++;
			ask_for(r, (struct http_ask){ .from = r->from,
			    .to = to, .keep = (size_t)(to - r->from) + 1,
			    .done = on_part });
			return;
		}
		stop_parts(r, "more of it would have to be read than is worth "
		    "while");
		if (!read_parts(r))
			return;
	}
	if (r->stuck != NULL && media_sparse_missed(r->file))
		r->out.facts.doubt = arena_strdup(&r->facts, r->stuck);
	r->out.has_facts = !r->broken;
	finish(r, NULL);
}

static void
begin_facts(struct remote *r, const struct http_answer *a)
{
	r->file = media_sparse_new(r->out.facts.length,
	    MEDIA_REMOTE_BYTES_MAX);
	media_sparse_add(r->file, 0, a->body, a->body_len);
	if (!media_sparse_whole(r->file) && a->head.status != 206)
		stop_parts(r, "the server sends no parts of it, and its "
		    "beginning does not tell all");
	go_on(r);
}

/* Whether a server may have something against HEAD alone. */
static bool
is_against_head(const struct http_answer *a, const struct err *err)
{
	switch (a->head.status) {
	case 0:	/* it spoke, or hung up */
		return err->kind == ERR_NETWORK && !a->head.silent &&
		    !a->head.timed_out && !a->head.untrusted && a->tries > 0;
	case 400: case 403: case 405: case 501:
		return true;
	default:
		return false;
	}
}

static void
on_head(void *ctx, const struct http_answer *a, const struct err *err)
{
	struct remote *r = ctx;

	note(r, a);
	if (err != NULL && !is_against_head(a, err)) {
		fail(r, err);
		return;
	}
	if (err == NULL) {
		note_file(r, a);
		r->out.not_modified = a->head.not_modified;
		if (r->out.not_modified) {
			finish(r, NULL);
			return;
		}
		if (!a->encoded && a->head.length > 0 &&
		    a->head.length <= MEDIA_REMOTE_SIZE_MAX && !is_page(r))
			set_length(r, a->head.length, "head");
	}
	if (r->out.how != NULL && !r->ask.want_facts)
		finish(r, NULL);
	else
		ask_first(r);
}

static const char *
why_no_part(struct remote *r, const struct err *err)
{
	return arena_printf(&r->texts, "a part of it cannot be had: %s",
	    err->msg);
}

/* The first GET failed: -1 where that is the end, 1 where all must be
 * counted. A server that sends another part than it was asked for may still
 * send the whole file to those who ask for that. */
static int
first_failed(struct remote *r, const struct http_answer *a,
    const struct err *err)
{
	bool known = r->out.how != NULL;

	if (a->head.status == 416 && a->total == 0)
		refuse_empty(r);
	else if (a->head.status == 416 && !known)
		return 1;
	else if (known && (a->head.status == 416 || (a->head.status == 206 &&
	    a->begins != 0)))
		end_without(r, why_no_part(r, err));
	else
		fail(r, err);
	return -1;
}

static int64_t
told_by(const struct http_answer *a)
{
	if (a->encoded)
		return -1;
	return a->head.status == 206 ? a->total : a->head.length;
}

static void
on_first(void *ctx, const struct http_answer *a, const struct err *err)
{
	struct remote *r = ctx;
	int64_t told = told_by(a);

	note(r, a);
	if (err != NULL) {
		if (first_failed(r, a, err) > 0)
			ask_count(r);
		return;
	}
	note_file(r, a);
	r->out.not_modified = a->head.not_modified;
	if (r->out.not_modified) {
		finish(r, NULL);
	} else if (is_page(r)) {
		refuse_page(r);
	} else if (told == 0) {
		refuse_empty(r);
	} else if (told > MEDIA_REMOTE_SIZE_MAX) {
		refuse_size(r, told);
	} else if (told < 0 && r->out.how == NULL) {
		ask_count(r);
	} else {
		if (told > 0)
			set_length(r, told, "range");
		if (!r->ask.want_facts)
			finish(r, NULL);
		else if (a->encoded)
			end_without(r, "the server sends it compressed");
		else
			begin_facts(r, a);
	}
}

static void
on_count(void *ctx, const struct http_answer *a, const struct err *err)
{
	struct remote *r = ctx;

	note(r, a);
	if (err != NULL) {
		fail(r, err);
		return;
	}
	note_file(r, a);
	r->out.not_modified = a->head.not_modified;
	if (r->out.not_modified) {
		finish(r, NULL);
	} else if (is_page(r)) {
		refuse_page(r);
	} else if (a->encoded) {
		refuse(r, ERR_NETWORK, "the server sends it compressed, though "
		    "nobody asked for that, and so does not tell its size; "
		    "let it send audio as it is");
	} else if (a->counted == 0) {
		refuse_empty(r);
	} else {
		set_length(r, a->counted, "count");
		if (r->ask.want_facts)
			begin_facts(r, a);
		else
			finish(r, NULL);
	}
}

/* Whether a part is of the file that the others are of. */
static bool
is_same_file(const struct remote *r, const struct http_answer *a)
{
	const struct media_remote *o = &r->out;

	if (a->total >= 0 && a->total != o->facts.length)
		return false;
	if (a->head.etag[0] != '\0' && o->etag[0] != '\0')
		return strcmp(a->head.etag, o->etag) == 0;
	return a->head.modified[0] == '\0' || o->modified[0] == '\0' ||
	    strcmp(a->head.modified, o->modified) == 0;
}

/* The file was replaced while it was read. */
static void
refuse_replaced(struct remote *r, const struct http_answer *a)
{
	struct err err = ERR_INIT;

	note_file(r, a);
	err_set(&err, ERR_TEMPORARY, "GET %.700s: the file was replaced while "
	    "it was read; try again when that is done", r->ask.url);
	finish(r, &err);
}

static void
on_part(void *ctx, const struct http_answer *a, const struct err *err)
{
	struct remote *r = ctx;

	note(r, a);
	if (err != NULL && a->head.status == 0 &&
	    (err->kind == ERR_TEMPORARY || err->kind == ERR_INTERNAL)) {
		fail(r, err);
	} else if (err != NULL) {
		r->broken = true;
		stop_parts(r, why_no_part(r, err));
		go_on(r);
	} else if (!is_same_file(r, a)) {
		refuse_replaced(r, a);
	} else if (a->head.status != 206 || a->encoded) {
		r->broken = true;
		stop_parts(r, "the server sends parts of it, but not always");
		go_on(r);
	} else {
		media_sparse_add(r->file, r->from, a->body, a->body_len);
		go_on(r);
	}
}

void
media_remote_add(struct http_many *m, const struct media_remote_ask *ask)
{
	struct remote *r = xcalloc(1, sizeof(*r));

	r->many = m;
	r->ask = *ask;
	r->ask.url = xstrdup(ask->url);
	r->ask.etag = ask->etag != NULL ? xstrdup(ask->etag) : NULL;
	r->ask.modified = ask->modified != NULL ? xstrdup(ask->modified) :
	    NULL;
	r->out.facts = (struct media_facts)MEDIA_FACTS_INIT;
	r->out.url = r->ask.url;
	arena_init(&r->texts);
	arena_init(&r->facts);
	if (ask->length > 0) {
		set_length(r, ask->length, "head");
		ask_first(r);
	} else {
		ask_for(r, (struct http_ask){ .head = true, .to = -1,
		    .done = on_head });
	}
}
