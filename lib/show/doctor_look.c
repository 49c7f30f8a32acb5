/* What the bytes of a file tell, and what its server's answers do. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "show/doctor_int.h"
#include "show/media_image.h"
#include "show/media_kind.h"
#include "show/media_mp3.h"
#include "show/media_type.h"
#include "text/captions.h"
#include "text/json.h"

#define DAY ((int64_t)86400)
#define AUDIO_HEAD ((size_t)64 << 10)
#define IMAGE_HEAD ((size_t)256 << 10)
#define CHAPTERS_MAX ((size_t)1 << 20)
#define IMAGE_MIN 1400		/* pixels, as Apple Podcasts takes them */
#define IMAGE_MAX 3000

bool
doctor_wants_head(enum doctor_kind kind)
{
	return kind == DOCTOR_AUDIO || kind == DOCTOR_IMAGE;
}

bool
doctor_wants_all(enum doctor_kind kind)
{
	return !doctor_wants_head(kind);
}

size_t
doctor_wants(enum doctor_kind kind)
{
	switch (kind) {
	case DOCTOR_AUDIO:
		return AUDIO_HEAD;
	case DOCTOR_IMAGE:
		return IMAGE_HEAD;
	case DOCTOR_TRANSCRIPT:
		return CAPTIONS_MAX;
	default:
		return CHAPTERS_MAX;
	}
}

/* An error page perhaps, whatever the server calls it. */
static bool
is_page(const char *data, size_t len)
{
	static const char *const begins[] = { "<!doctype html", "<html" };
	size_t i, n;

	while (len > 0 && strchr(" \t\r\n", *data) != NULL && *data != '\0') {
		data++;
		len--;
	}
	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		n = strlen(begins[i]);
		if (len >= n && strncasecmp(data, begins[i], n) == 0)
			return true;
	}
	return false;
}

/* NULL: what is behind a tag is not at hand, or (*strange) of no known kind. */
static const char *
type_of_bytes(const char *data, size_t len, bool *strange)
{
	int64_t tag = media_mp3_tag(data, len);
	struct media_mp3_head mp3;
	struct media_kind kind;
	size_t skip = (size_t)tag;

	if (tag < 0 || (uint64_t)tag >= len)
		return NULL;
	if (media_kind_of(data + skip, len - skip, &kind))
		return kind.type;
	/* An MP3 file within a ZIP is found as behind junk. */
	if (len > 4 && memcmp(data, "PK\3\4", 4) == 0)
		return "application/zip";
	if (is_page(data, len))
		return "text/html";
	*strange = !media_mp3_head(data + skip, len - skip, len - skip, &mp3);
	return *strange ? NULL : "audio/mpeg";
}

/* Whether a file of this type would have been told by its bytes: nothing is
 * of one format with both but a type that nobody has heard of. */
static bool
is_told_by_bytes(const char *type)
{
	return media_type_of(type) == MEDIA_TYPE_SOUND &&
	    strcasecmp(type, "application/pdf") != 0 &&
	    !(media_type_agrees(type, "audio/mpeg") &&
	    media_type_agrees(type, "audio/ogg"));
}

static bool
fits_ending(const char *url, const char *type)
{
	size_t len = strcspn(url, "?#");
	const char *end;

	for (end = url + len; end > url && *end != '.' && *end != '/'; end--)
		;
	len -= (size_t)(end - url);
	if (strcmp(type, "image/png") == 0)
		return len == 4 && strncasecmp(end, ".png", 4) == 0;
	return (len == 4 && strncasecmp(end, ".jpg", 4) == 0) ||
	    (len == 5 && strncasecmp(end, ".jpeg", 5) == 0);
}

static void
look_image(struct doctor_case *c, const char *data, size_t len)
{
	struct err err = ERR_INIT;
	struct media_art art;

	if (media_image_head(data, len, &art, &err) != 0) {
		doctor_tell(c, SEV_ERROR, "media-image", "it %s; directories "
		    "take JPEG and PNG", err.msg);
		return;
	}
	c->bytes = arena_strdup(c->arena, art.type);
	if (art.width != art.height || art.width < IMAGE_MIN ||
	    art.width > IMAGE_MAX)
		doctor_tell(c, SEV_ERROR, "media-image", "it has %u x %u "
		    "pixels; Apple takes squares of %d to %d", art.width,
		    art.height, IMAGE_MIN, IMAGE_MAX);
	if (art.cmyk || art.grey)
		doctor_tell(c, SEV_ERROR, "media-image", "its colours are %s; "
		    "save it in RGB", art.cmyk ? "CMYK" : "shades of grey");
	if (!fits_ending(c->f.url, art.type))
		doctor_tell(c, SEV_WARNING, "media-image", "it is %s, and its "
		    "address does not end so; let it end in %s", art.type,
		    strcmp(art.type, "image/png") == 0 ? ".png" : ".jpg");
}

static void
look_transcript(struct doctor_case *c, const char *data, size_t len)
{
	enum captions_format want = c->f.type == NULL ? CAPTIONS_NONE :
	    captions_format_of(c->f.type);
	struct arena scratch = ARENA_INIT;
	struct err err = ERR_INIT;
	struct captions out;

	if (captions_read(&scratch, data, len, want, &out, &err) != 0) {
		if (err.line > 0)
			doctor_tell(c, SEV_ERROR, "media-transcript",
			    "line %u: %s", err.line, err.msg);
		else
			doctor_tell(c, SEV_ERROR, "media-transcript", "%s",
			    err.msg);
	}
	arena_release(&scratch);
}

/* Seconds of a number; -1: it is none. */
static double
seconds_of(const struct node *n)
{
	double s;
	char *end;

	if (n == NULL || n->kind != NODE_TEXT || n->quoted)
		return -1;
	s = strtod(n->text, &end);
	return *end == '\0' && s >= 0 ? s : -1;
}

static const char *
wrong_chapters(struct arena *a, const struct node *map, int64_t duration)
{
	const struct node *list = node_get(map, "chapters"), *n;
	double at, before = -1;
	unsigned i = 1;

	if (node_get_text(map, "version") == NULL)
		return "it does not say its `version`";
	if (list == NULL || list->kind != NODE_LIST || list->first == NULL)
		return "it has no list of `chapters`";
	for (n = list->first; n != NULL; n = n->next, i++) {
		at = seconds_of(node_get(n, "startTime"));
		if (at < 0)
			return arena_printf(a, "chapter %u has no `startTime` "
			    "in seconds", i);
		if (at <= before)
			return arena_printf(a, "chapter %u begins at %g s, "
			    "and the one before it at %g s", i, at, before);
		if (duration >= 0 && at > (double)duration)
			return arena_printf(a, "chapter %u begins at %g s, "
			    "but the audio ends after %" PRId64 " s", i, at,
			    duration);
		before = at;
	}
	return NULL;
}

static void
look_chapters(struct doctor_case *c, const char *data, size_t len)
{
	struct err err = ERR_INIT;
	struct node *map = NULL;
	const char *why = NULL;
	size_t used = 0;

	if (node_read_json(c->arena, data, len, &map, &used, &err) != 0)
		why = arena_printf(c->arena, "it is no JSON file of chapters: "
		    "line %u: %s", err.line, err.msg);
	else if (strspn(data + used, " \t\r\n") < len - used)
		why = "more follows behind its JSON object";
	else
		why = wrong_chapters(c->arena, map, c->f.duration);
	if (why != NULL)
		doctor_tell(c, SEV_ERROR, "media-chapters", "%s", why);
}

/* Whether a page from anywhere may read it. */
static void
look_origin(struct doctor_case *c, const char *origin)
{
	if (strcmp(origin, "*") == 0 || strcmp(origin, HTTP_MANY_ORIGIN) == 0)
		return;
	doctor_tell(c, SEV_WARNING, "media-cors", "web players may not read "
	    "it%s%s; let the server send Access-Control-Allow-Origin: *",
	    origin[0] == '\0' ? "" : ", but for ", origin)->host = c->host;
}

void
doctor_look(struct doctor_case *c, const char *data, size_t len,
    const char *origin)
{
	if (doctor_wants_all(c->f.kind))
		look_origin(c, origin);
	/* A compressed body is not what it is of. */
	if (c->get.encoded)
		return;
	switch (c->f.kind) {
	case DOCTOR_AUDIO:
		c->bytes = type_of_bytes(data, len, &c->strange);
		break;
	case DOCTOR_IMAGE:
		look_image(c, data, len);
		break;
	case DOCTOR_TRANSCRIPT:
		look_transcript(c, data, len);
		break;
	case DOCTOR_CHAPTERS:
		look_chapters(c, data, len);
		break;
	}
}

/* Whether GET may have failed only because a part of the file was asked for,
 * which is done of pictures too, but demanded of audio alone. */
static bool
is_about_parts(const struct doctor_case *c)
{
	switch (c->get.status) {
	case 0: case 401: case 404: case 410:
		return false;
	default:
		return c->f.kind == DOCTOR_AUDIO;
	}
}

static bool
is_there(struct doctor_case *c)
{
	const struct doctor_answer *g = &c->get, *h = &c->head;
	struct doctor_trouble *t;

	if (g->came || (h->came && is_about_parts(c)))
		return true;
	if (g->status == 0) {
		t = doctor_tell(c, SEV_ERROR, "media-silent", "%s",
		    g->asked || h->why == NULL ? g->why : h->why);
		t->weak = !g->asked && !h->asked;
		t->host = c->host;
	} else {
		t = doctor_tell(c, SEV_ERROR, "media-gone", "%s; %s", g->why,
		    g->status == 401 || g->status == 403 ? "let anybody read "
		    "it" : g->kind == ERR_INPUT ? "upload it again, or change "
		    "the address" : "look after the server, or try again "
		    "later");
	}
	t->kind = g->kind;
	return false;
}

static void
judge_methods(struct doctor_case *c)
{
	struct doctor_trouble *t = NULL;

	if (!c->head.came)
		t = doctor_tell(c, SEV_ERROR, "media-head", "%s, but GET is "
		    "answered; Apple demands both, so let the server answer "
		    "HEAD", c->head.why);
	if (t != NULL) {
		t->kind = c->head.kind == ERR_TEMPORARY ? ERR_TEMPORARY :
		    ERR_NETWORK;
		t->host = c->host;
	}
	if (c->f.kind != DOCTOR_AUDIO || (c->get.came && c->get.status == 206))
		return;
	t = c->get.came ? doctor_tell(c, SEV_ERROR, "media-ranges", "asked "
	    "for a part, the server sends all; Apple demands byte ranges, so "
	    "let it answer them") : doctor_tell(c, SEV_ERROR, "media-ranges",
	    "%s, where a part of the file was asked for; Apple demands byte "
	    "ranges", c->get.why);
	t->kind = ERR_NETWORK;
	t->host = c->host;
}

/* What the server says of the size, to one and the other question. */
static void
judge_said(struct doctor_case *c, int64_t head, int64_t get)
{
	if (c->get.encoded || c->head.encoded)
		doctor_tell(c, SEV_ERROR, "media-length", "the server sends "
		    "it compressed, so that its size is not that of the file; "
		    "turn that off for it")->host = c->host;
	else if (c->head.came && head < 0)
		doctor_tell(c, SEV_ERROR, "media-length", "HEAD tells no "
		    "Content-Length; let the server send it")->host = c->host;
	if (get >= 0 && head >= 0 && get != head)
		doctor_tell(c, SEV_ERROR, "media-length", "HEAD says %" PRId64
		    " bytes, GET %" PRId64 "; let the server tell the size of "
		    "the file", head, get);
}

static void
judge_size(struct doctor_case *c)
{
	int64_t get = c->get.came ? c->get.size : -1;
	int64_t head = c->head.came ? c->head.size : -1;
	int64_t size = get >= 0 ? get : head;

	judge_said(c, head, get);
	if (size < 0)
		return;
	if (c->f.local >= 0 && c->f.local != size)
		doctor_tell(c, SEV_ERROR, "media-length", "the server has %"
		    PRId64 " bytes, the file here %" PRId64 "; upload it "
		    "again", size, c->f.local);
	if (c->f.length >= 0 && c->f.length != size)
		doctor_tell(c, SEV_ERROR, "media-length", "the server has %"
		    PRId64 " bytes, but %s says %" PRId64 "; %s", size,
		    c->f.length_of, c->f.length, c->f.local == c->f.length ?
		    "upload the file again" : "run `feed build --refresh`, or "
		    "upload the right file");
}

static const char *
type_sent(const struct doctor_case *c)
{
	return c->get.came ? c->get.type : c->head.type;
}

static void
tell_type(struct doctor_case *c, const char *sent)
{
	doctor_tell(c, SEV_WARNING, "media-type", "the server says it is %s"
	    "%s%s; let it send its media type", sent[0] == '\0' ? "nothing" :
	    sent, c->bytes != NULL ? ", its bytes say " : "",
	    c->bytes != NULL ? c->bytes : "")->host = c->host;
}

static void
judge_image_type(struct doctor_case *c)
{
	if (c->bytes != NULL && strcasecmp(type_sent(c), c->bytes) != 0)
		tell_type(c, type_sent(c));
}

static void
tell_wrong_type(struct doctor_case *c, const char *sent)
{
	if (c->bytes != NULL && media_type_of(c->bytes) != MEDIA_TYPE_WRONG)
		doctor_tell(c, SEV_ERROR, "media-type", "the server says it "
		    "is %s, its bytes are %s; let it send that", sent,
		    c->bytes);
	else
		doctor_tell(c, SEV_ERROR, "media-type", "the server sends %s, "
		    "which is no audio; upload it again, or change the "
		    "address", sent);
}

/* What the bytes are, beside what the server and the feed say of them. */
static void
judge_bytes(struct doctor_case *c, const char *sent, enum media_type of)
{
	if (media_type_of(c->bytes) == MEDIA_TYPE_WRONG) {
		if (of != MEDIA_TYPE_WRONG)
			doctor_tell(c, SEV_ERROR, "media-type", "its bytes "
			    "are %s, which is no audio; upload it again, or "
			    "change the address", c->bytes);
		return;
	}
	if (of == MEDIA_TYPE_SOUND && !media_type_agrees(sent, c->bytes))
		doctor_tell(c, SEV_ERROR, "media-type", "the server says it "
		    "is %s, its bytes are %s; let it send that", sent,
		    c->bytes);
	if (c->f.type != NULL && !media_type_agrees(c->f.type, c->bytes))
		doctor_tell(c, SEV_ERROR, "media-type", "%s says it is %s, "
		    "its bytes are %s; run `feed build --refresh`",
		    c->f.length_of != NULL ? c->f.length_of :
		    "the feed", c->f.type, c->bytes);
}

static void
judge_audio_type(struct doctor_case *c)
{
	const char *sent = type_sent(c);
	enum media_type of = media_type_of(sent);

	/* What says no more than that it is Ogg or MP4 is right for either. */
	if (of == MEDIA_TYPE_SILENT && (c->bytes == NULL ||
	    (strcasecmp(sent, "application/ogg") != 0 &&
	    strcasecmp(sent, "application/mp4") != 0)))
		tell_type(c, sent);
	if (of == MEDIA_TYPE_WRONG)
		tell_wrong_type(c, sent);
	if (c->strange && is_told_by_bytes(sent))
		doctor_tell(c, SEV_WARNING, "media-type", "the server says it "
		    "is %s, but it does not begin so; listen to it, and upload "
		    "it again", sent);
	if (c->bytes != NULL)
		judge_bytes(c, sent, of);
}

/* What is read whole. */
static void
judge_text(struct doctor_case *c)
{
	bool captions = c->f.kind == DOCTOR_TRANSCRIPT;
	const char *sent = c->get.type;

	if (c->get.encoded)
		doctor_tell(c, SEV_ERROR, captions ? "media-transcript" :
		    "media-chapters", "the server sends it compressed, though "
		    "that was not asked for, so that not everybody can read "
		    "it; turn that off for it")->host = c->host;
	if (captions && c->f.type != NULL && captions_format_of(sent) !=
	    captions_format_of(c->f.type))
		doctor_tell(c, SEV_WARNING, "media-type", "the server says it "
		    "is %s, the feed %s; let it send that", sent[0] == '\0' ?
		    "nothing" : sent, c->f.type)->host = c->host;
	if (!captions && strcasecmp(sent, "application/json") != 0 &&
	    strcasecmp(sent, "application/json+chapters") != 0)
		doctor_tell(c, SEV_WARNING, "media-type", "the server says it "
		    "is %s; let it send application/json+chapters",
		    sent[0] == '\0' ? "nothing" : sent)->host = c->host;
}

static void
judge_certificate(struct doctor_case *c, int64_t now)
{
	struct date until = { c->cert_until, 0 };
	char day[DATE_TEXT_MAX];

	if (c->cert_until == 0 ||
	    c->cert_until - now >= DOCTOR_CERT_DAYS * DAY)
		return;
	date_rfc3339(&until, day);
	day[strcspn(day, "T")] = '\0';
	doctor_tell(c, SEV_WARNING, "media-certificate", "the certificate of "
	    "%s is good until %s only, for %" PRId64 " more days; renew it",
	    c->host, day, (c->cert_until - now) / DAY)->host = c->host;
}

void
doctor_judge(struct doctor_case *c, int64_t now)
{
	if (!is_there(c))
		return;
	if (doctor_wants_head(c->f.kind)) {
		judge_methods(c);
		judge_size(c);
	}
	if (doctor_wants_all(c->f.kind))
		judge_text(c);
	if (c->f.kind == DOCTOR_AUDIO)
		judge_audio_type(c);
	else if (c->f.kind == DOCTOR_IMAGE)
		judge_image_type(c);
	judge_certificate(c, now);
}
