#include "show/show.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/hash.h"
#include "show/episode.h"
#include "show/episode_more.h"
#include "show/feeds.h"
#include "show/fields.h"
#include "show/guid.h"
#include "show/layout.h"
#include "show/mailing.h"
#include "show/options.h"
#include "show/outlets.h"
#include "show/people.h"
#include "show/pattern.h"
#include "show/table.h"
#include "show/transcripts.h"
#include "show/transcripts_made.h"
#include "show/twins.h"
#include "text/front.h"
#include "text/ini.h"
#include "text/markdown.h"
#include "text/url.h"

/* podcast:guid's namespace (podcast-namespace, tags/guid.md). */
#define GUID_NAMESPACE "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"

static const char *
trimmed(struct arena *a, const char *s, size_t len)
{
	while (len > 0 && s[0] == ' ') {
		s++;
		len--;
	}
	while (len > 0 && s[len - 1] == ' ')
		len--;
	return arena_strndup(a, s, len);
}

static void
take_categories(struct show *s, const struct options *o,
    struct findings *to)
{
	size_t n = options_number_of(o, "category"), i, len;
	struct show_category *c;
	const char *text;

	s->categories = arena_array(&s->arena, n, sizeof(*s->categories));
	for (i = 0; i < n; i++) {
		c = &s->categories[i];
		text = options_at(o, "category", i);
		len = strcspn(text, ">");
		c->name = trimmed(&s->arena, text, len);
		c->sub = text[len] == '\0' ? NULL : trimmed(&s->arena,
		    text + len + 1, strlen(text + len + 1));
		c->line = options_line_at(o, "category", i);
		if (c->name[0] == '\0' || (c->sub != NULL &&
		    c->sub[0] == '\0'))
			finding_add(to, SEV_ERROR, "option-value", s->file,
			    c->line, "category = `%s`: write a category, or "
			    "`Category > Subcategory`", text);
	}
	s->ncategories = n;
}

static void
take_hosts(struct show *s, const struct options *o, struct findings *to)
{
	size_t n = options_number_of(o, "host"), i;
	struct err err = ERR_INIT;

	s->hosts = arena_array(&s->arena, n, sizeof(*s->hosts));
	for (i = 0; i < n; i++) {
		people_read_name(&s->arena, options_at(o, "host", i),
		    &s->hosts[i]);
		s->hosts[i].role = "host";
		people_check_name(s->hosts[i].name, o->file,
		    options_line_at(o, "host", i), to);
		if (s->hosts[i].url != NULL && url_check(s->hosts[i].url,
		    &err) != 0)
			finding_add(to, SEV_ERROR, "option-value", o->file,
			    options_line_at(o, "host", i), "host = `%s`: its "
			    "address is none: %s", options_at(o, "host", i),
			    err.msg);
	}
	s->nhosts = n;
}

/* UUIDv5 over the feed's address without scheme and trailing slashes. */
const char *
show_guid_of_feed(struct arena *a, const char *url)
{
	struct err err = ERR_INIT;
	char id[HASH_UUID_TEXT], *name;
	size_t len;

	name = arena_strdup(a, strstr(url, "://") + 3);
	for (len = strlen(name); len > 0 && name[len - 1] == '/'; len--)
		name[len - 1] = '\0';
	if (hash_uuid5(GUID_NAMESPACE, name, id, &err) != 0)
		abort();	/* the namespace is a UUID */
	return arena_strdup(a, id);
}

const char *
show_file_of_feed(struct arena *a, const char *url, const char *usual)
{
	const char *name = strrchr(strstr(url, "://") + 2, '/') + 1;

	if (name == strstr(url, "://") + 3 || name[0] == '.' ||
	    strcmp(name, usual) == 0 || strpbrk(name, "?#%") != NULL ||
	    (strstr(name, ".xml") == NULL && strstr(name, ".rss") == NULL &&
	    strstr(name, ".atom") == NULL))
		return NULL;
	return arena_strdup(a, name);
}

static void
take_guid(struct show *s, const struct options *o, struct findings *to)
{
	const char *url = options_text(o, "feed_url");

	s->guid = options_text(o, "guid");
	if (s->guid != NULL || url == NULL)
		return;
	s->guid = show_guid_of_feed(&s->arena, url);
	finding_add(to, SEV_WARNING, "show-guid", s->file, 0, "`guid` is "
	    "missing and made from feed_url; write `guid = %s` here, or every "
	    "episode becomes new when feed_url changes", s->guid);
}

/* The slug as written, else the folder's name. */
static const char *
slug_of(struct arena *a, const struct options *o)
{
	const char *slug = options_text(o, "slug");
	char *real;

	if (slug != NULL)
		return slug;
	real = realpath(o->dir, NULL);
	slug = arena_strdup(a, fs_basename(real != NULL ? real : o->dir));
	free(real);
	return slug;
}

static void
take_slug(struct show *s, const struct options *o, struct findings *to)
{
	s->slug = slug_of(&s->arena, o);
	if (options_text(o, "slug") != NULL)
		return;
	if (s->slug[0] == '\0' || s->slug[strspn(s->slug,
	    "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		finding_add(to, SEV_ERROR, "option-missing", s->file, 0,
		    "the folder's name `%s` is no slug; write `slug = …` with "
		    "the letters a-z, digits and dashes", s->slug);
}

static void
take_options(struct show *s, const struct options *o, struct findings *to)
{
	struct err err = ERR_INIT;

	s->title = options_text(o, "title");
	s->link = options_text(o, "link");
	s->feed_url = options_text(o, "feed_url");
	s->atom_url = options_text(o, "atom_url");
	s->json_url = options_text(o, "json_url");
	s->out = options_text(o, "out");
	s->items = (size_t)options_number(o, "items");
	s->pages = options_bool(o, "pages");
	s->published = options_text(o, "published");
	s->rss = options_text(o, "rss");
	s->atom = options_text(o, "atom");
	s->json = options_text(o, "json");
	s->language = options_text(o, "language");
	s->description = options_text(o, "description");
	s->author = options_text(o, "author");
	s->email = options_text(o, "email");
	s->image = options_text(o, "image");
	s->copyright = options_text(o, "copyright");
	s->type = options_text(o, "type");
	s->live_url = options_text(o, "live_url");
	s->live_time = options_text(o, "live_time");
	s->friends_url = options_text(o, "friends_url");
	s->accent = options_text(o, "accent");
	s->font = options_text(o, "font");
	s->logo = options_text(o, "logo");
	s->is_explicit = options_bool(o, "explicit");
	s->block = options_bool(o, "block");
	s->complete = options_bool(o, "complete");
	s->whole_notes = strcmp(options_text(o, "descriptions"),
	    "notes") == 0;
	s->brief_notes = strcmp(options_text(o, "descriptions"),
	    "brief") == 0;
	s->no_chapters = strcmp(options_text(o, "chapters"), "none") == 0;
	s->note_chapters = strcmp(options_text(o, "chapters"), "notes") == 0;
	s->describe_chapters = options_bool(o, "chapters_in_description");
	s->chapters_url = options_text(o, "chapters_url");
	s->media_dir = options_text(o, "media_dir");
	s->media_url = options_text(o, "media_url");
	s->analytics_prefix = options_text(o, "analytics_prefix");
	s->settle = options_span(o, "settle");
	s->episodes_dir = options_text(o, "episodes");
	s->zone = date_zone_open(options_text(o, "timezone"), &err);
	if (s->zone == NULL)
		finding_add(to, SEV_ERROR, "option-value", s->file,
		    options_line(o, "timezone"), "timezone: %s", err.msg);
	take_slug(s, o, to);
	take_guid(s, o, to);
	take_categories(s, o, to);
	take_hosts(s, o, to);
	outlets_options(s, o);
	feeds_options(s, o, to);
	mailing_options(s, o, to);
}

static void
check_pattern(const struct options *o, const char *name, struct findings *to)
{
	const char *pattern = options_text(o, name);
	struct err err = ERR_INIT;

	if (pattern != NULL && pattern_check(pattern, true, &err) != 0)
		finding_add(to, SEV_ERROR, "option-value", o->file,
		    options_line(o, name), "%s: %s", name, err.msg);
}

static void
take_guid_pattern(struct episode_rules *r, const struct options *o,
    struct findings *to)
{
	struct err err = ERR_INIT;

	r->guid = options_text(o, "episode_guid");
	if (r->guid != NULL && guid_check(r->guid, &err) != 0)
		finding_add(to, SEV_ERROR, "option-value", o->file,
		    options_line(o, "episode_guid"), "episode_guid: %s",
		    err.msg);
}

static void
take_fields(struct show *s, struct episode_rules *r, const struct options *o,
    struct findings *to)
{
	struct err err = ERR_INIT;
	size_t i;

	r->fields = fields_new(&s->arena, strcmp(options_text(o,
	    "unknown_keys"), "ignore") == 0);
	for (i = 0; i < o->nfields; i++)
		if (fields_map(&s->arena, r->fields, o->fields[i]->key,
		    o->fields[i]->value, &err) != 0)
			finding_add(to, SEV_ERROR, "option-value", o->file,
			    o->fields[i]->line, "[fields]: %s", err.msg);
}

static void
take_rules(struct show *s, const struct options *o, struct findings *to)
{
	struct episode_rules *r = arena_alloc(&s->arena, sizeof(*r));

	s->rules = r;
	s->table = options_text(o, "table");
	check_pattern(o, "audio_url", to);
	check_pattern(o, "episode_url", to);
	r->audio_url = options_text(o, "audio_url");
	r->episode_url = options_text(o, "episode_url");
	r->publish_seconds = options_clock(o, "publish_time");
	r->media_prefix = options_text(o, "media_prefix");
	take_guid_pattern(r, o, to);
	take_fields(s, r, o, to);
	s->own_tree = r->fields->site;
	s->layout = arena_alloc(&s->arena, sizeof(*s->layout));
	layout_options(&s->arena, o, s->layout, to);
	s->people = people_options(&s->arena, o, to);
	s->transcripts = transcripts_options(&s->arena, o, to);
	transcripts_made_options(s, o, to);
	episode_more_channel(s, o, to);
}

/* Newest first; the number and then the name decide between equal dates. */
static int
by_date(const void *a, const void *b)
{
	const struct episode *ea = a, *eb = b;

	if (ea->date.t != eb->date.t)
		return ea->date.t > eb->date.t ? -1 : 1;
	if (ea->number != eb->number)
		return ea->number > eb->number ? -1 : 1;
	return -strcmp(ea->file, eb->file);
}

/* Reads them one by one. */
static void
load_all(struct show *s, const struct layout_file *files, size_t n,
    struct findings *to)
{
	const char *file;
	size_t i;

	s->episodes = arena_array(&s->arena, n, sizeof(*s->episodes));
	s->left_out = arena_array(&s->arena, n, sizeof(*s->left_out));
	for (i = 0; i < n; i++) {
		file = fs_join(&s->arena, s->episodes_dir, files[i].name);
		switch (episode_load(s, s->rules, file, &files[i],
		    &s->episodes[s->nepisodes], to)) {
		case EPISODE_SOUND:
			s->nepisodes++;
			break;
		case EPISODE_BAD:
			show_leave_out(s, file);
			break;
		case EPISODE_OTHER:
			break;
		}
	}
}

static bool
load_table(struct show *s, struct findings *to)
{
	struct episode_rules *r = s->rules;

	if (s->table == NULL)
		return true;
	r->table = arena_alloc(&s->arena, sizeof(*r->table));
	return table_load(&s->arena, s->table, r->fields, r->table, to);
}

bool
show_walk(struct show *s, void (*each)(void *ctx, struct episode *e),
    void *ctx, struct findings *to)
{
	struct arena scratch = ARENA_INIT;
	struct err err = ERR_INIT;
	struct layout_file *files;
	struct episode e;
	size_t n = 0, i;
	bool ok = load_table(s, to);

	if (ok && layout_list(&scratch, s, s->rules->table, &files, &n, to,
	    &err) != 0) {
		finding_err(to, "show-episodes", &err);
		ok = false;
	}
	for (i = 0; ok && i < n; i++)
		if (episode_load(s, s->rules, fs_join(&s->arena,
		    s->episodes_dir, files[i].name), &files[i], &e, to) !=
		    EPISODE_OTHER)
			each(ctx, &e);
	if (ok)
		layout_report(s, to);
	arena_release(&scratch);
	return ok;
}

bool
show_read_episodes(struct show *s, struct findings *to)
{
	struct episode_rules *r = s->rules;
	struct arena scratch = ARENA_INIT;
	struct err err = ERR_INIT;
	struct layout_file *files;
	size_t n, i, kept = 0;
	bool *bad;

	if (!load_table(s, to))
		return false;
	if (layout_list(&scratch, s, r->table, &files, &n, to, &err) != 0) {
		finding_err(to, "show-episodes", &err);
		arena_release(&scratch);
		return true;
	}
	load_all(s, files, n, to);
	layout_report(s, to);
	bad = arena_array(&scratch, s->nepisodes, sizeof(*bad));
	twins_check(s, bad, to);
	for (i = 0; i < s->nepisodes; i++) {
		if (bad[i])
			show_leave_out(s, s->episodes[i].file);
		else
			s->episodes[kept++] = s->episodes[i];
	}
	arena_release(&scratch);
	s->nepisodes = kept;
	if (kept > 1)
		qsort(s->episodes, kept, sizeof(*s->episodes), by_date);
	transcripts_find(s, to);
	if (r->table == NULL)
		return true;
	/* In a site's own tree other columns are as other keys are, until what
	 * is lacked may stand in one. */
	table_report_columns(r->table, r->fields, !r->fields->site ||
	    s->nleft_out > 0, to);
	table_report_unused(r->table, r->fields, to);
	return true;
}

struct show *
show_from_text(const char *file, const char *text, size_t len,
    struct findings *to)
{
	struct show *s = xcalloc(1, sizeof(*s));
	size_t before = to->errors;
	struct options *o;

	arena_init(&s->arena);
	o = arena_alloc(&s->arena, sizeof(*o));
	options_read(&s->arena, OPTION_SHOW, file, text, len, o, to);
	s->options = o;
	s->file = o->file;
	s->dir = o->dir;
	take_options(s, o, to);
	take_rules(s, o, to);
	if (to->errors != before) {
		show_free(s);
		return NULL;
	}
	return s;
}

struct show *
show_open(const char *file, struct findings *to)
{
	struct err err = ERR_INIT;
	struct show *s = NULL;
	struct buf text;

	buf_init(&text, INI_MAX);
	if (fs_read(file, INI_MAX, &text, NULL, &err) != 0)
		finding_err(to, "show-missing", &err);
	else
		s = show_from_text(file, text.data, text.len, to);
	buf_release(&text);
	return s;
}

unsigned
show_line(const struct show *s, const char *key)
{
	return s->options == NULL ? 0 : options_line(s->options, key);
}

/* The lines of a show.ini, whatever is wrong with it; false: it cannot be
 * read. */
static bool
read_lines(struct arena *a, const char *file, struct options *out)
{
	struct findings muted = { .report = NULL };
	struct err err = ERR_INIT;
	struct buf text;
	bool there;

	buf_init(&text, INI_MAX);
	there = fs_read(file, INI_MAX, &text, NULL, &err) == 0;
	if (there)
		options_read(a, OPTION_SHOW, file, text.data, text.len, out,
		    &muted);
	buf_release(&text);
	return there;
}

const char *
show_slug(struct arena *a, const char *file)
{
	struct options o;

	return read_lines(a, file, &o) ? slug_of(a, &o) : NULL;
}

const char *
show_notes_folder(struct arena *a, const char *file)
{
	struct options o;

	return read_lines(a, file, &o) ? options_text(&o, "episodes") : NULL;
}

void
show_leave_out(struct show *s, const char *file)
{
	s->left_out[s->nleft_out++] = file;
}

const char *
show_guid(struct show *s, const char *name)
{
	char id[HASH_UUID_TEXT];
	struct err err = ERR_INIT;

	/* The show's guid is a UUID: its option was checked. */
	if (hash_uuid5(s->guid, name, id, &err) != 0)
		abort();
	return arena_strdup(&s->arena, id);
}

void
show_free(struct show *s)
{
	if (s == NULL)
		return;
	date_zone_close(s->zone);
	arena_release(&s->arena);
	free(s);
}

const char *
show_stem(struct arena *a, const struct episode *e)
{
	return e->bundle ? fs_basename(fs_dirname(a, e->file)) :
	    fs_stem(a, e->file);
}

const char *
show_path(struct arena *a, const struct show *s, const struct episode *e)
{
	/* The file's path was joined from the two. */
	return e->file + strlen(fs_join(a, s->episodes_dir, ""));
}

const char *
show_folder(struct arena *a, const struct show *s, const struct episode *e)
{
	const char *path = show_path(a, s, e);

	return arena_strndup(a, path, (size_t)(fs_basename(path) - path));
}

const struct media *
show_media(const struct episode *e, size_t i)
{
	return i == 0 ? &e->audio : &e->renditions[i - 1];
}

size_t
show_media_count(const struct show *s)
{
	size_t i, n = s->nepisodes;

	for (i = 0; i < s->nepisodes; i++)
		n += s->episodes[i].nrenditions;
	return n;
}

bool
show_is_due(const struct episode *e, int64_t at)
{
	return !e->draft && e->due <= at &&
	    (e->expires == 0 || at < e->expires);
}

int
show_read_notes(const struct episode *e, struct buf *out, struct err *err)
{
	size_t begin = out->len;
	struct fs_stamp stamp;

	if (fs_read(e->file, MARKDOWN_MAX + FRONT_MAX, out, &stamp, err) != 0)
		return -1;
	if (stamp.size != e->stamp.size || stamp.inode != e->stamp.inode ||
	    stamp.mtime_ns != e->stamp.mtime_ns ||
	    out->len - begin < e->body_offset) {
		err_set(err, ERR_TEMPORARY, "was changed while it was read; "
		    "run showmill again");
		return err_at(err, e->file, 0);
	}
	/* Only the notes stay. */
	memmove(out->data + begin, out->data + begin + e->body_offset,
	    out->len - begin - e->body_offset);
	buf_truncate(out, out->len - e->body_offset);
	return 0;
}
