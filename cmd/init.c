/* The command init: a show.ini for a tree that is there already. */
#include "show/init.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/config_first.h"
#include "feed/category.h"

#define ZONEINFO "/zoneinfo/"

/* This machine's zone by its name: TZ, else where /etc/localtime leads. */
static const char *
system_zone(struct arena *a)
{
	const char *tz = getenv("TZ"), *name;
	char path[PATH_MAX];
	ssize_t len;

	if (tz != NULL && tz[0] != '\0' && strchr(tz, ',') == NULL)
		return tz[0] == ':' ? tz + 1 : tz;
	len = readlink("/etc/localtime", path, sizeof(path) - 1);
	if (len <= 0)
		return NULL;
	path[len] = '\0';
	name = strstr(path, ZONEINFO);
	return name == NULL ? NULL : arena_strdup(a, name + strlen(ZONEINFO));
}

struct output {
	const char *file;
	const char *text;
	size_t len;
};

static int
write_one(const struct output *o, struct arena *a, struct err *err)
{
	if (fs_mkdirs(fs_dirname(a, o->file), err) != 0 ||
	    fs_replace(o->file, o->text, o->len, 0666, NULL, err) != 0)
		return -1;
	printf("%s: written\n", o->file);
	return 0;
}

static void
print_found(const struct init_plan *p)
{
	size_t i;

	printf("%s: %s\n", p->dir, p->kind);
	printf("notes: %zu in %s\n", p->nnotes,
	    p->folder[0] == '\0' ? "the folder itself" : p->folder);
	if (p->others != NULL)
		printf("not taken, though there may be episodes: %s\n",
		    p->others);
	if (p->aside != NULL)
		printf("left aside: %s\n", p->aside);
	if (p->passed != NULL)
		printf("table passed over: %s\n", p->passed);
	for (i = 0; i < p->nbroken; i++)
		printf("not read: %s\n", p->broken[i]);
}

static void
print_missing(const struct init_plan *p)
{
	size_t i, n = 0, look = 0;

	for (i = 0; i < p->nlines; i++) {
		n += p->line[i].must;
		look += !p->line[i].must && p->line[i].look != NULL;
	}
	if (n > 0)
		printf("to be filled in:\n");
	for (i = 0; i < p->nlines; i++)
		if (p->line[i].must)
			printf("  %s:%u: %s: %s\n", p->show, p->line[i].line,
			    p->line[i].key, p->line[i].why);
	if (look > 0)
		printf("look these over before a feed is made:\n");
	for (i = 0; i < p->nlines; i++)
		if (!p->line[i].must && p->line[i].look != NULL)
			printf("  %s:%u: %s: %s\n", p->show, p->line[i].line,
			    p->line[i].key, p->line[i].look);
	if (n + look == 0)
		printf("nothing must be filled in; look the proposals over\n");
}

static void
print_outlook(struct arena *a, const struct init_plan *p)
{
	struct init_outlook o;
	size_t i;

	init_outlook(a, p, &o);
	printf("episode list finds: %zu episode%s read, %zu with problems\n",
	    o.nread, CMD_S(o.nread), o.nbad);
	if (o.nsilent > 0 && o.nread > 0)
		printf("  %zu note%s without audio: keep such out by `filter`, "
		    "or write `draft: true` in them\n", o.nsilent,
		    CMD_S(o.nsilent));
	for (i = 0; i < o.nproblems; i++)
		printf("  %s\n", o.problem[i]);
}

static int
run(struct cmd_args *args, struct err *err)
{
	const char *dir = args->noperands > 0 ? args->operand[0] : ".";
	bool dry = cmd_flag(args, "--dry-run");
	struct arena *a = &args->arena;
	struct init_env env = {
		.zone = system_zone(a), .is_category = category_is_known,
		.episodes = cmd_value(args, "--episodes"),
		.slug = cmd_value(args, "--slug")
	};
	const char *config;
	struct init_plan plan;
	struct output out[2];
	struct buf text, first;
	size_t i, n = 0;
	int rc = 0;

	if (init_look(a, dir, &env, &plan, err) != 0)
		return -1;
	buf_init(&text, 0);
	buf_init(&first, 0);
	init_text(a, &plan, &text);
	config = config_first_above(a, plan.dir);
	config_first_text("show.ini", &first);
	out[n++] = (struct output){ plan.show, text.data, text.len };
	if (config == NULL)
		out[n++] = (struct output){ fs_join(a, plan.dir, "config.ini"),
		    first.data, first.len };
	print_found(&plan);
	for (i = 0; i < n && rc == 0; i++)
		if (dry)
			printf("\n==> %s <==\n%s\n", out[i].file, out[i].text);
		else
			rc = write_one(&out[i], a, err);
	if (rc == 0) {
		if (config != NULL && !dry)
			config_first_check(config, plan.show);
		print_missing(&plan);
		print_outlook(a, &plan);
	}
	buf_release(&first);
	buf_release(&text);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--episodes", "DIR", "the notes are in this folder of the tree" },
	{ "--slug", "SLUG", "the show's; made of its title when not given" },
	{ "--dry-run", NULL, "print what would be written, write nothing" },
	{ NULL, NULL, NULL }
};

const struct command cmd_init = {
	"init", "", "[DIR]", 0, 1, "Make a show.ini for notes that are there",
	"Looks at the tree in DIR, or here: a site of Hugo, Jekyll (octopod), "
	"Eleventy,\nAstro, Zola, podbard or StaticForge, or bare notes. Writes "
	"a show.ini that reads it,\nwith what was found and where, and a "
	"config.ini where there is none. Nothing is\noverwritten. What a "
	"person must fill in is listed. A DIR inside a site is the folder\nof "
	"its notes: another show of a tree is made by its folder, as by "
	"--episodes.", options, run
};
