#include "cmd/feed_depfile.h"

#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/strmap.h"
#include "show/options.h"
#include "show/transcripts_made.h"

struct rule {
	struct buf all, each;	/* behind the targets; and their own rules */
	struct strmap known;
};

/* As make and ninja read names. A line end in one cannot be written. */
static void
add_name(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == ' ' || *name == '#' || *name == '\\' ||
		    *name == ':')
			buf_addc(b, '\\');
		if (*name == '$')
			buf_addc(b, '$');
		buf_addc(b, *name);
	}
}

static void
add(struct rule *r, const char *name)
{
	if (name == NULL || strpbrk(name, "\r\n") != NULL ||
	    strmap_put(&r->known, name, 0) != STRMAP_NONE)
		return;
	buf_adds(&r->all, " \\\n ");
	add_name(&r->all, name);
	add_name(&r->each, name);
	buf_adds(&r->each, ":\n");
}

static void
add_show(struct rule *r, struct arena *a, const struct show *show)
{
	size_t i, k;

	add(r, show->file);
	add(r, show->table);
	add(r, options_text(show->options, "channel_xml"));
	for (i = 0; i < show->options->nsections; i++)
		add(r, options_text(show->options->sections[i], "tokens"));
	/* Its time changes with the files in it. */
	add(r, show->episodes_dir);
	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		add(r, e->file);
		for (k = 0; k < e->ntranscripts; k++)
			if (e->transcripts[k].file != NULL)
				add(r, transcripts_path(a, &e->transcripts[k]));
		for (k = 0; e->media_known && k <= e->nrenditions; k++)
			add(r, show_media(e, k)->file);
	}
	for (i = 0; i < show->nleft_out; i++)
		add(r, show->left_out[i]);
}

int
feed_depfile_write(const struct setting *s, const char *path,
    const char *const *target, size_t n, struct err *err)
{
	struct rule r = { .known = STRMAP_INIT };
	struct arena a = ARENA_INIT;	/* of names */
	struct buf out;
	size_t i;
	int rc;

	buf_init(&r.all, 0);
	buf_init(&r.each, 0);
	buf_init(&out, 0);
	add(&r, s->config->file);
	for (i = 0; i < s->nshows; i++)
		add_show(&r, &a, s->shows[i]);
	for (i = 0; i < n; i++) {
		buf_adds(&out, i > 0 ? " " : "");
		add_name(&out, target[i]);
	}
	buf_addc(&out, ':');
	buf_add(&out, r.all.data, r.all.len);
	buf_addc(&out, '\n');
	buf_add(&out, r.each.data, r.each.len);
	rc = fs_replace(path, out.data, out.len, 0666, NULL, err);
	buf_release(&r.all);
	buf_release(&r.each);
	buf_release(&out);
	strmap_release(&r.known);
	arena_release(&a);
	return rc;
}
