#include <string.h>

#include "mail/mime.h"
#include "mail/mime_part.h"
#include "mail/mold_int.h"

#define ID_BYTES MOLD_ALNUM "-._"
#define NAME_MAX_BYTES 255
#define CID_MAX 200
#define TYPE_MAX 60

/* RFC 2392: such an id needs no escaping in its cid: URL. */
static bool
is_cid(const char *s)
{
	size_t local = strspn(s, ID_BYTES);

	return local > 0 && s[local] == '@' && s[local + 1] != '\0' &&
	    s[local + 1 + strspn(s + local + 1, ID_BYTES)] == '\0' &&
	    strlen(s) <= CID_MAX;
}

static bool
is_type(const char *s)
{
	static const char head[] = "image/";
	size_t len = sizeof(head) - 1;

	return strncmp(s, head, len) == 0 && s[len] != '\0' &&
	    s[len + strspn(s + len, MOLD_ALNUM "-.+")] == '\0' &&
	    strlen(s) <= TYPE_MAX;
}

static int
check_image(const struct mold_image *image, struct err *err)
{
	size_t len = strlen(image->name);

	if (!is_cid(image->cid))
		return err_set(err, ERR_INPUT, "the picture's id \"%s\" is not "
		    "letters, digits, - . and _ with an @ between",
		    image->cid);
	if (!is_type(image->type))
		return err_set(err, ERR_INPUT, "the type \"%s\" is none of a "
		    "picture", image->type);
	if (len == 0 || len > NAME_MAX_BYTES ||
	    strchr(image->name, '/') != NULL)
		return err_set(err, ERR_INPUT, "the picture's name \"%s\" is "
		    "no name of a file", image->name);
	return mime_check(image->name, len, false, "the picture's name", err);
}

int
mold_images_check(const struct mold_input *in, struct err *err)
{
	size_t i, size = 0;

	if (in->nimages > MOLD_IMAGES_COUNT)
		return err_set(err, ERR_INPUT, "%zu pictures are too many for "
		    "a message; at most %zu can go along", in->nimages,
		    MOLD_IMAGES_COUNT);
	for (i = 0; i < in->nimages; i++) {
		if (check_image(&in->images[i], err) < 0)
			return -1;
		size += in->images[i].len;
		if (in->images[i].len > MOLD_IMAGES_SIZE ||
		    size > MOLD_IMAGES_SIZE)
			return err_set(err, ERR_INPUT, "the pictures have more "
			    "than %zu bytes together", MOLD_IMAGES_SIZE);
	}
	return 0;
}

/* Without `name=` in Content-Type, which RFC 2183 §2.3 took the place of. */
void
mold_images_add(struct buf *out, const struct mold_input *in,
    const char *boundary)
{
	size_t i;

	for (i = 0; i < in->nimages; i++) {
		const struct mold_image *image = &in->images[i];

		buf_addf(out, "--%s\r\nContent-Type: %s\r\n"
		    "Content-Transfer-Encoding: base64\r\n"
		    "Content-ID: <%s>\r\nContent-Disposition: inline", boundary,
		    image->type, image->cid);
		mime_parameter(out, "filename", image->name);
		buf_adds(out, "\r\n\r\n");
		mime_base64_lines(out, image->data, image->len);
	}
}
