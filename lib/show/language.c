#include "show/language.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/fs.h"
#include "text/ini.h"
#include "text/words.h"

const char *
language_wider(struct arena *a, const char *language)
{
	const char *dash = strrchr(language, '-');
	size_t len;

	if (dash == NULL)
		return NULL;
	len = (size_t)(dash - language);
	/* A letter alone begins what was cut off. */
	if (len > 2 && language[len - 2] == '-')
		len -= 2;
	return arena_strndup(a, language, len);
}

/* The file of a language, however its name is written; NULL: none. */
static const char *
find(struct arena *a, const char *folder, const char *language)
{
	const char *wanted = arena_printf(a, "%s.ini", language);
	const char *dir = fs_join(a, folder, "words");
	struct err none = ERR_INIT;
	char **names;
	size_t n, i;

	if (!fs_is_dir(dir) || fs_list(a, dir, &names, &n, &none) != 0)
		return NULL;
	for (i = 0; i < n; i++)
		if (strcasecmp(names[i], wanted) == 0)
			return fs_join(a, dir, names[i]);
	return NULL;
}

const char *
language_written(struct arena *a, const struct config *c,
    const char *language)
{
	const char *file;

	for (; language != NULL; language = language_wider(a, language)) {
		file = find(a, c->templates, language);
		if (file == NULL)
			file = find(a, c->installed, language);
		if (file != NULL)
			return fs_stem(a, file);
		if (strcasecmp(language, "en") == 0)
			return "en";
	}
	return NULL;
}

static void
add_file(struct show *s, struct words *w, const char *language,
    const char *file, struct findings *to)
{
	struct err err = ERR_INIT;
	struct buf text;

	buf_init(&text, INI_MAX);
	if (fs_read(file, INI_MAX, &text, NULL, &err) != 0)
		finding_err(to, "words-value", &err);
	else
		words_add(w, language, file, arena_strndup(&s->arena,
		    text.data, text.len), text.len, to);
	buf_release(&text);
}

static void
add_language(struct show *s, const struct config *c, struct words *w,
    const char *language, struct findings *to)
{
	const char *own = find(&s->arena, c->templates, language);
	const char *installed = find(&s->arena, c->installed, language);

	if (own != NULL)
		add_file(s, w, language, own, to);
	if (installed != NULL && (own == NULL || strcmp(own, installed) != 0))
		add_file(s, w, language, installed, to);
}

static int
no_words(const struct show *s, const struct config *c, bool must,
    struct findings *to, struct err *err)
{
	const int code = (int)strcspn(s->language, "-");

	if (!must) {
		finding_add(to, SEV_WARNING, "words-language", s->file,
		    show_line(s, "language"), "language = `%s`: showmill has "
		    "no words of it, so that dates and pages are English; "
		    "%s/words/%.*s.ini can give them", s->language,
		    c->templates, code, s->language);
		return 0;
	}
	err_set(err, ERR_CONFIG, "language = `%s`: showmill has no words of "
	    "it for the digest; write them into %s/words/%.*s.ini, after "
	    "the en.ini that comes with it", s->language, c->templates,
	    code, s->language);
	err_at(err, s->file, show_line(s, "language"));
	return err_rule(err, "words-language");
}

static int
read_words(struct show *s, const struct config *c, struct findings *to,
    struct err *err)
{
	struct words *w = words_new(&s->arena, s->language);
	struct findings own = { .report = to->report, .ctx = to->ctx };
	const char *language = s->language;

	for (; language != NULL; language = language_wider(&s->arena,
	    language))
		add_language(s, c, w, language, &own);
	if (strncasecmp(s->language, "en", strcspn(s->language, "-")) != 0)
		add_language(s, c, w, "en", &own);
	if (own.errors == 0)
		words_finish(w, &own);
	to->warnings += own.warnings;
	to->errors += own.errors;
	if (own.errors > 0)
		return err_set(err, ERR_CONFIG, "the words of `%s` cannot be "
		    "used", s->slug);
	s->words = w;
	return 0;
}

int
language_open(struct show *s, const struct config *c, bool must,
    struct findings *to, struct err *err)
{
	bool first = s->words == NULL;

	if (first && read_words(s, c, to, err) != 0)
		return -1;
	if (words_known(s->words) || (!first && !must))
		return 0;
	return no_words(s, c, must, to, err);
}
