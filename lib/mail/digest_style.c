#include "mail/digest_style.h"

#include <string.h>

#include "base/fs.h"
#include "mail/digest_place.h"
#include "text/html_style.h"

/* The line that is at fault is one of the page; people want that of theirs. */
static void
place(struct arena *a, const char *folder, const struct buf *html,
    struct err *err)
{
	struct digest_place at = { NULL, 0 };
	const char *line = html->data;
	unsigned i;

	for (i = 1; i < err->line && line != NULL; i++) {
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	if (err->line > 0 && line != NULL)
		digest_place_line(a, folder, line, strcspn(line, "\n"), &at);
	err_at(err, at.file != NULL ? at.file : fs_join(a, folder,
	    "digest.html"), at.line);
}

int
digest_style(struct arena *a, const char *folder, const struct buf *html,
    struct buf *out, struct err *dropped, struct err *err)
{
	const struct err none = ERR_INIT;
	struct markup_dropped d;
	int rc = markup_style(html->data, html->len, out, &d, err);

	*dropped = none;
	if (rc == 0 && d.n > 0) {
		err_set(dropped, ERR_CONFIG, "`%s`%s in a style=\"\" is no "
		    "`property: value` and was left out", d.first, d.n == 1 ?
		    "" : arena_printf(a, ", as %zu more,", d.n - 1));
		dropped->line = d.line;
		place(a, folder, html, dropped);
		err_rule(dropped, "template");
	}
	if (rc == 0)
		return 0;
	place(a, folder, html, err);
	return err_rule(err, "template");
}
