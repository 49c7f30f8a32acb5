#include "mail/digest_image.h"

#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "base/hash.h"
#include "mail/digest_place.h"
#include "mail/mime.h"
#include "show/media.h"
#include "text/html_find.h"
#include "text/url.h"

#define BLANKS " \t\r\n\f"
#define CID_BYTES 16

/* An address that was met, and what became of it. */
struct met {
	const char *url;
	const char *cid;	/* NULL: it stays a link */
};

struct images {
	struct arena *arena;
	const struct digest_input *in;
	const struct config *config;
	const char *domain;
	struct mold_image *image;
	size_t n, size;
	struct met *met;
	size_t nmet, cap;
	struct findings *to;
};

/* ---- files ---- */

/* The folder of an address: up to its last slash; 0: it has none. */
static size_t
folder_len(const char *url)
{
	size_t len = strcspn(url, "?#");
	const char *host = strstr(url, "://");

	if (host == NULL)
		return 0;
	while (len > 0 && url[len - 1] != '/')
		len--;
	return url + len > host + 3 ? len : 0;
}

/* The file in dir for what lies below page's folder. */
static const char *
below(struct arena *a, const char *url, const char *page, const char *dir)
{
	size_t len = page == NULL || dir == NULL ? 0 : folder_len(page);
	struct err ignored = ERR_INIT;

	if (len == 0 || strncmp(url, page, len) != 0 || url[len] == '\0')
		return NULL;
	return fs_beneath(a, dir, url_decoded(a, url + len), &ignored);
}

/* Of one show: among its audio, or beside its feeds. */
static const char *
of_show(struct images *im, const struct show *show, const char *url)
{
	const char *file = media_local(im->config, show, im->arena, url);

	return file != NULL ? file : below(im->arena, url, show->feed_url,
	    show->out);
}

static const char *
local_file(struct images *im, const char *url)
{
	const struct digest_input *in = im->in;
	struct err ignored = ERR_INIT;
	const char *file;
	size_t i;

	if (strstr(url, "://") == NULL)
		return *url == '/' || strchr(url, ':') != NULL ? NULL :
		    fs_beneath(im->arena, im->in->templates,
		    url_decoded(im->arena, url), &ignored);
	file = of_show(im, in->show, url);
	for (i = 0; i < in->n && in->shows != NULL && file == NULL; i++)
		if (in->shows[i] != in->show)
			file = of_show(im, in->shows[i], url);
	for (i = 0; i < im->in->n && file == NULL; i++) {
		const struct episode *e = im->in->episodes[i];

		file = below(im->arena, url, e->link,
		    fs_dirname(im->arena, e->file));
	}
	return file;
}

/* NULL: of no kind that all mail programs show. */
static const char *
type_of(const struct buf *b)
{
	static const struct { const char *head; size_t len; const char *type; }
	kinds[] = {
		{ "\xff\xd8\xff", 3, "image/jpeg" },
		{ "\x89PNG\r\n\x1a\n", 8, "image/png" },
		{ "GIF87a", 6, "image/gif" },
		{ "GIF89a", 6, "image/gif" }
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (b->len >= kinds[i].len &&
		    memcmp(b->data, kinds[i].head, kinds[i].len) == 0)
			return kinds[i].type;
	return NULL;
}

/* The name that a reader may save it by; one that no header can carry is left
 * out. */
static const char *
name_of(const char *file, const char *type)
{
	const char *name = fs_basename(file);
	struct err ignored = ERR_INIT;

	if (*name != '\0' && strlen(name) <= 255 && mime_check(name,
	    strlen(name), false, "", &ignored) == 0)
		return name;
	return strcmp(type, "image/jpeg") == 0 ? "picture.jpg" :
	    strcmp(type, "image/png") == 0 ? "picture.png" : "picture.gif";
}

/* ---- one picture ---- */

static const char *
stays(struct images *im, const char *url, const char *why)
{
	struct digest_place at;

	digest_place_picture(im->arena, im->in, url, &at);
	finding_add(im->to, SEV_WARNING, "digest-image", at.file, at.line,
	    "the picture %s stays a link: %s", url, why);
	return NULL;
}

/* Why it cannot go along; NULL: it can. */
static const char *
objection(struct images *im, const struct buf *b, const char *file)
{
	if (b->len > DIGEST_IMAGE_MAX)
		return arena_printf(im->arena, "`%s` has more than %zu KB",
		    file, DIGEST_IMAGE_MAX >> 10);
	if (type_of(b) == NULL)
		return arena_printf(im->arena, "`%s` is no JPEG, PNG or GIF, "
		    "and other kinds are not shown by all mail programs", file);
	if (b->len > DIGEST_IMAGES_MAX - im->size ||
	    im->n == MOLD_IMAGES_COUNT)
		return arena_printf(im->arena, "with `%s` all of them would "
		    "be more than %zu KB, or than %zu pictures", file,
		    DIGEST_IMAGES_MAX >> 10, MOLD_IMAGES_COUNT);
	return NULL;
}

/* The id is that of the bytes: the same picture under two addresses goes along
 * once. */
static const char *
take(struct images *im, const struct buf *b, const char *file)
{
	unsigned char digest[HASH_SHA256_SIZE];
	char hex[2 * CID_BYTES + 1];
	struct mold_image *image;
	const char *cid;
	void *data;
	size_t i;

	hash_sha256(b->data, b->len, digest);
	hash_hex(digest, CID_BYTES, hex);
	cid = arena_printf(im->arena, "%s@%s", hex, im->domain);
	for (i = 0; i < im->n; i++)
		if (strcmp(im->image[i].cid, cid) == 0)
			return im->image[i].cid;
	data = arena_alloc(im->arena, b->len);
	memcpy(data, b->data, b->len);
	image = &im->image[im->n++];
	image->cid = cid;
	image->type = type_of(b);
	image->name = name_of(arena_strdup(im->arena, file), image->type);
	image->data = data;
	image->len = b->len;
	im->size += b->len;
	return cid;
}

static const char *
find(struct images *im, const char *url)
{
	const char *file = local_file(im, url), *why, *cid;
	struct err err = ERR_INIT;
	struct buf b;

	if (file == NULL)
		return stays(im, url, "no local file is known for it; "
		    "`probe_map` in config.ini can name its folder");
	buf_init(&b, 0);
	if (fs_read(file, 2 * DIGEST_IMAGES_MAX, &b, NULL, &err) != 0)
		why = arena_printf(im->arena, "`%s`: %s", file, err.msg);
	else
		why = objection(im, &b, file);
	cid = why != NULL ? stays(im, url, why) : take(im, &b, file);
	buf_release(&b);
	return cid;
}

/* A picture that is in the message already, or one without an address. */
static bool
is_no_address(const char *url)
{
	return *url == '\0' || strncasecmp(url, "cid:", 4) == 0 ||
	    strncasecmp(url, "data:", 5) == 0 ||
	    strpbrk(url, "\001\002") != NULL;
}

static const char *
cid_of(struct images *im, const char *url)
{
	size_t i;

	if (is_no_address(url))
		return NULL;
	for (i = 0; i < im->nmet; i++)
		if (strcmp(im->met[i].url, url) == 0)
			return im->met[i].cid;
	if (im->nmet == im->cap) {
		struct met *grown;

		im->cap = im->cap == 0 ? 16 : 2 * im->cap;
		grown = arena_array(im->arena, im->cap, sizeof(*grown));
		if (im->nmet > 0)
			memcpy(grown, im->met, im->nmet * sizeof(*grown));
		im->met = grown;
	}
	im->met[im->nmet].url = url;
	im->met[im->nmet].cid = find(im, url);
	return im->met[im->nmet++].cid;
}

/* ---- the HTML ---- */

/* One attribute at p; behind it. */
struct attribute {
	const char *name, *value;
	size_t name_len, value_len;
};

static const char *
read_attribute(const char *p, struct attribute *out)
{
	char quote;

	out->name = p;
	out->name_len = strcspn(p, BLANKS "=>/");
	p += out->name_len;
	out->value = p;
	out->value_len = 0;
	if (p[strspn(p, BLANKS)] != '=')
		return out->name_len > 0 ? p : p + 1;
	p += strspn(p, BLANKS) + 1;
	p += strspn(p, BLANKS);
	quote = *p == '"' || *p == '\'' ? *p : '\0';
	if (quote == '\0') {
		out->value = p;
		out->value_len = strcspn(p, BLANKS ">");
		return p + out->value_len;
	}
	out->value = p + 1;
	out->value_len = strcspn(p + 1, quote == '"' ? "\"" : "'");
	p = out->value + out->value_len;
	return *p == '\0' ? p : p + 1;
}

/* The src of the tag whose attributes begin at p; NULL: it has none. */
static const char *
find_src(const char *p, size_t *len)
{
	struct attribute at;

	for (;;) {
		p += strspn(p, BLANKS "/");
		if (*p == '\0' || *p == '>')
			return NULL;
		p = read_attribute(p, &at);
		if (at.name_len == 3 && strncasecmp(at.name, "src", 3) == 0) {
			*len = at.value_len;
			return at.value;
		}
	}
}

static void
rewrite(struct images *im, const char *html, struct buf *out)
{
	const char *p = html, *src, *cid;
	size_t len = 0;

	while ((p = strcasestr(p, "<img")) != NULL) {
		p += 4;
		if (*p == '\0' || strchr(BLANKS "/", *p) == NULL)
			continue;
		src = find_src(p, &len);
		if (src == NULL || len == 0)
			continue;
		cid = cid_of(im, markup_unescaped(im->arena, src, len));
		if (cid == NULL)
			continue;
		buf_add(out, html, (size_t)(src - html));
		buf_addf(out, "cid:%s", cid);
		html = p = src + len;
	}
	buf_adds(out, html);
}

void
digest_images(struct arena *a, const struct digest_input *in,
    const struct config *config, struct mold_input *mold, struct findings *to)
{
	struct images im = {
		.arena = a, .in = in, .config = config, .to = to
	};
	struct err ignored = ERR_INIT;
	struct address from;
	struct buf html;

	if (!in->show->digest.inline_images ||
	    address_parse_mailbox(a, mold->from, &from, &ignored) != 0)
		return;
	im.domain = strrchr(from.wire, '@') + 1;
	im.image = arena_array(a, MOLD_IMAGES_COUNT, sizeof(*im.image));
	buf_init(&html, 0);
	rewrite(&im, mold->html, &html);
	mold->html = arena_strndup(a, html.data, html.len);
	mold->images = im.image;
	mold->nimages = im.n;
	buf_release(&html);
}
