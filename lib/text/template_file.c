#include "text/template_file.h"

#include <string.h>

#include "base/fs.h"
#include "text/utf8.h"

struct partials {
	const char *folder;
	const char *ending;
	struct arena *arena;
};

/* Control characters are nothing that a page or a mail may have; and marks of
 * other rooms are made of them. */
static int
read_template(const char *path, struct buf *out, struct err *err)
{
	size_t start = out->len, i, bad;
	unsigned line = 1;

	if (fs_read(path, TEMPLATE_MAX, out, NULL, err) != 0)
		return -1;
	for (i = start; i < out->len; i++) {
		unsigned char c = (unsigned char)out->data[i];

		line += c == '\n';
		if (c >= 0x20 || c == '\t' || c == '\n' || c == '\r')
			continue;
		err_set(err, ERR_CONFIG, "there is a control character "
		    "(U+%04X) in this line; take it out", c);
		return err_at(err, path, line);
	}
	bad = start + utf8_invalid_at(out->data + start, out->len - start);
	if (bad == out->len)
		return 0;
	for (line = 1, i = start; i < bad; i++)
		line += out->data[i] == '\n';
	err_set(err, ERR_CONFIG, "there is a byte that is not UTF-8 (0x%02X) "
	    "in this line; save the file as UTF-8",
	    (unsigned char)out->data[bad]);
	return err_at(err, path, line);
}

static int
load_partial(void *ctx, const char *name, struct buf *out, const char **file,
    struct err *err)
{
	const struct partials *p = ctx;
	char *path;

	/* A name is no path: it must not lead out of the folder. */
	if (name[0] == '\0' || name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] != '\0')
		return 0;
	path = fs_join(p->arena, p->folder,
	    arena_printf(p->arena, "%s%s", name, p->ending));
	if (!fs_is_file(path))
		return 0;
	*file = path;
	return read_template(path, out, err) == 0 ? 1 : -1;
}

int
template_file_render(struct arena *a, const char *folder, const char *name,
    enum template_escape escape, const struct node *data, struct buf *out,
    struct err *err)
{
	struct partials p = { folder, escape == TEMPLATE_HTML ? ".html" :
	    ".txt", a };
	struct template_options o = { escape, true, load_partial, &p };
	char *path = fs_join(a, folder, name);
	struct template *t = NULL;
	struct buf text;
	int rc = -1;

	buf_init(&text, TEMPLATE_MAX);
	if (read_template(path, &text, err) != 0)
		err->kind = ERR_CONFIG;
	else if ((t = template_parse(path, text.data, text.len, err)) != NULL)
		rc = template_render(t, data, &o, out, err);
	template_free(t);
	buf_release(&text);
	if (rc != 0)
		err_rule(err, "template");
	return rc;
}
