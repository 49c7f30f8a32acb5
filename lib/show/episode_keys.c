/* Keys of the front matter that are no fact's. */
#include "show/episode_int.h"

#include "base/log.h"

static const char *const known_sponsor_keys[] = {
	"name", "url", "code", "text"
};

/* In a site's own tree other keys are other people's matter. */
static void
pass_over_keys(const struct fact_source *s)
{
	const struct node *k;

	if (log_get_level() < LOG_LEVEL_DEBUG)
		return;
	for (k = s->front->first; k != NULL; k = k->next)
		if (!fields_is_known(s->fields, k->key))
			log_debug("%s:%u: `%s` is passed over", s->file,
			    k->line, k->key);
}

static void
complain_key(const struct fact_source *s, const struct node *k)
{
	const char *meant = fields_meant(k->key);

	if (meant != NULL && fields_is_known(s->fields, meant))
		fact_complain(s, s->file, k->line, "episode-key",
		    "`%s` is no key of an episode; did you mean `%s`? "
		    "(unknown_keys = ignore in show.ini takes the names of "
		    "other trees)", k->key, meant);
	else
		fact_complain(s, s->file, k->line, "episode-key",
		    "`%s` is no key of an episode; showmill-episode(5) lists "
		    "them (unknown_keys = ignore passes them over)", k->key);
}

static void
check_keys(const struct fact_source *s)
{
	size_t i, k;

	for (i = 0; i < s->index.n; i++) {
		const struct node *key = s->index.node[i];

		if (!fields_is_known(s->fields, key->key))
			complain_key(s, key);
		for (k = 0; k < i; k++)
			if (s->index.hash[k] == s->index.hash[i] &&
			    fields_same(s->index.node[k]->key, key->key))
				fact_complain(s, s->file, key->line,
				    "episode-key", "the key `%s` is given on "
				    "line %u already, as `%s`", key->key,
				    s->index.node[k]->line,
				    s->index.node[k]->key);
	}
}

void
episode_sponsor_keys(const struct fact_source *s, const struct node *map)
{
	const struct node *k;
	size_t i;

	if (s->fields->site)
		return;
	for (k = map->first; k != NULL; k = k->next) {
		for (i = 0; i < 4 && !fields_same(known_sponsor_keys[i],
		    k->key); i++)
			;
		if (i == 4)
			fact_complain(s, s->file, k->line, "episode-key",
			    "`sponsor.%s` is no key of an episode; "
			    "showmill-episode(5) lists them (unknown_keys = "
			    "ignore passes them over)", k->key);
	}
}

/* Whether a key, or one in the map of that key, is of a text that people
 * read. */
static bool
is_prose(const struct fields *f, const char *key, const char *inner)
{
	static const char *const facts[] = {
		"title", "itunes_title", "subtitle", "summary"
	};
	const struct fields_fact *fact;
	const struct fields_path *p;
	size_t i;

	for (i = 0; i < 4; i++) {
		fact = fields_get(f, facts[i]);
		for (p = fact->path; p < fact->path + fact->npaths; p++)
			if (p->nsteps == (inner == NULL ? 1u : 2u) &&
			    fields_same(p->step[0].name, key) &&
			    (inner == NULL || (p->step[1].name != NULL &&
			    fields_same(p->step[1].name, inner))))
				return true;
	}
	return false;
}

static void
tell_cut(const struct fact_source *s, const struct node *n)
{
	finding_add(s->to, SEV_WARNING, "episode-comment", s->file, n->line,
	    "`%s` ends before the #: YAML takes the rest of its line for a "
	    "comment; write the value in \"double quotes\", or a blank behind "
	    "the # where it is one", n->key);
}

/* `title: Part #12`: the number was hardly meant as a comment. */
static void
check_cut(const struct fact_source *s)
{
	const struct node *k, *inner;

	for (k = s->front->first; k != NULL; k = k->next) {
		if (k->cut && is_prose(s->fields, k->key, NULL))
			tell_cut(s, k);
		inner = k->kind == NODE_MAP ? k->first : NULL;
		for (; inner != NULL; inner = inner->next)
			if (inner->cut && is_prose(s->fields, k->key,
			    inner->key))
				tell_cut(s, inner);
	}
}

/* Site builders take the last of two, so that their trees have such keys. */
static void
tell_again(const struct fact_source *s, const struct node *map)
{
	const struct node *k;

	for (k = map->first; k != NULL; k = k->next) {
		if (k->again != 0)
			finding_add(s->to, s->fields->site ? SEV_WARNING :
			    SEV_ERROR, "episode-key-twice", s->file, k->line,
			    "the key `%s` is given twice, on line %u too; "
			    "%s", k->key, k->again, s->fields->site ?
			    "the last one counts" : "take one of them out");
		/* Front matter is FRONT_DEPTH_MAX deep at most. */
		if (k->kind == NODE_MAP || k->kind == NODE_LIST)
			tell_again(s, k);
	}
}

void
episode_keys(const struct fact_source *s)
{
	tell_again(s, s->front);
	if (s->fields->site)
		pass_over_keys(s);
	else
		check_keys(s);
	check_cut(s);
}
