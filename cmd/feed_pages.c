#include "cmd/feed_pages.h"

#include <stdio.h>
#include <string.h>

#include "base/compress.h"
#include "base/fs.h"
#include "base/log.h"
#include "feed/page.h"
#include "show/language.h"

#define PAGE_MAX ((size_t)16 << 20)

struct writing {
	struct setting *setting;
	struct show *show;
	const char *folder;
	struct arena arena;	/* of one page */
	struct page_entry *entry;
	size_t n;
	size_t written;
	bool changed;		/* a page, or what lies beside one */
};

bool
feed_pages_wanted(const struct cmd_args *args, const struct show *show)
{
	return show->pages || cmd_flag(args, "--pages");
}

static int
no_place(const struct show *show, const struct episode *e, struct err *err)
{
	if (e->link == NULL)
		(void)err_set(err, ERR_CONFIG, "pages: %s has no address; "
		    "write `episode_url = %s%s{slug}/`, or another pattern "
		    "below `link`", e->file, show->link,
		    show->link[strlen(show->link) - 1] == '/' ? "" : "/");
	else
		(void)err_set(err, ERR_CONFIG, "pages: the page of %s is %s, "
		    "which is no place below `link`; its page must be made by "
		    "whoever serves that", e->file, e->link);
	return err_at(err, show->file, show_line(show, e->link == NULL ?
	    "pages" : "episode_url"));
}

/* Replaces what is not the same already. */
static int
put(struct writing *w, const char *name, const struct buf *page,
    struct err *err)
{
	const char *path = fs_join(&w->arena, w->folder, name);
	bool same = fs_holds(path, page->data, page->len);

	w->written += !same;
	w->changed |= !same;
	if (!same && (fs_mkdirs(fs_dirname(&w->arena, path), err) != 0 ||
	    fs_replace(path, page->data, page->len, 0666, NULL, err) != 0))
		return -1;
	return compress_beside(path, w->setting->config->compress,
	    &w->changed, err);
}

static int
put_episode(struct writing *w, size_t i, struct arena *kept, struct err *err)
{
	const struct episode *e = w->entry[i].episode;
	const char *name = e->link == NULL ? NULL :
	    page_path(&w->arena, w->show, e->link);
	struct buf page;
	int rc;

	if (name == NULL)
		return no_place(w->show, e, err);
	buf_init(&page, PAGE_MAX);
	rc = page_episode(&w->arena, w->show, w->setting->config->templates,
	    w->entry, w->n, i, &w->setting->findings, &page, err);
	if (rc == 0)
		rc = put(w, name, &page, err);
	/* The show's page wants it when this one's arena is gone. */
	w->entry[i].summary = arena_strdup(kept, w->entry[i].summary);
	buf_release(&page);
	arena_release(&w->arena);
	return rc;
}

static int
put_show(struct writing *w, struct err *err)
{
	struct buf page;
	int rc;

	buf_init(&page, PAGE_MAX);
	rc = page_show(&w->arena, w->show, w->setting->config->templates,
	    w->entry, w->n, &page, err);
	if (rc == 0)
		rc = put(w, "index.html", &page, err);
	buf_release(&page);
	arena_release(&w->arena);
	return rc;
}

int
feed_pages_write(struct setting *s, struct show *show, const char *folder,
    bool *changed, struct err *err)
{
	struct writing w = { .setting = s, .show = show, .folder = folder };
	struct arena kept = ARENA_INIT;
	size_t i;
	int rc = 0;

	if (language_open(show, s->config, false, &s->findings, err) != 0)
		return -1;
	w.entry = arena_array(&kept, show->nepisodes, sizeof(*w.entry));
	for (i = 0; i < show->nepisodes; i++)
		if (show->episodes[i].media_known && show_is_due(
		    &show->episodes[i], s->now))
			w.entry[w.n++].episode = &show->episodes[i];
	for (i = 0; rc == 0 && i < w.n; i++) {
		log_progress("pages", i + 1, w.n);
		rc = put_episode(&w, i, &kept, err);
	}
	log_progress_end();
	if (rc == 0)
		rc = put_show(&w, err);
	if (rc == 0 && log_get_level() != LOG_LEVEL_ERROR)
		printf("%s: %zu page%s, %zu written\n", folder, w.n + 1,
		    CMD_S(w.n + 1), w.written);
	*changed = w.changed;
	arena_release(&kept);
	return rc;
}
