/*
 * What is remembered of mail.
 */
#include "store/cache_int.h"

#include <string.h>

#define RULES_MAX ((size_t)65536)

int
cache_link_get(struct cache *c, const char *url, int64_t since,
    struct err *err)
{
	struct db_query *q;
	int r;

	if (c == NULL)
		return 0;
	q = db_query(c->db, "SELECT 1 FROM links WHERE url = ?1 AND"
	    " asked >= ?2");
	db_text(q, 1, url);
	db_int(q, 2, since);
	r = db_step(q, err);
	if (r == 1)
		db_end(q);
	return r;
}

int
cache_link_put(struct cache *c, const char *url, int64_t asked,
    struct err *err)
{
	struct db_query *q;

	if (c == NULL || strlen(url) > CACHE_KEY_MAX)
		return 0;
	q = db_query(c->db, "INSERT OR REPLACE INTO links (url, asked)"
	    " VALUES (?1, ?2)");
	db_text(q, 1, url);
	db_int(q, 2, asked);
	return db_run(q, NULL, err);
}

int
cache_spam_get(struct cache *c, const char *list, const char *edition,
    struct arena *a, const char **other, const char **rules, struct err *err)
{
	struct db_query *q;
	int r;

	if (c == NULL)
		return 0;
	q = db_query(c->db, "SELECT edition, rules FROM spam WHERE list = ?1"
	    " AND edition != ?2 ORDER BY asked DESC, edition DESC LIMIT 1");
	db_text(q, 1, list);
	db_text(q, 2, edition);
	r = db_step(q, err);
	if (r != 1)
		return r;
	*other = db_col_text(q, 0, a);
	*rules = db_col_text(q, 1, a);
	db_end(q);
	return 1;
}

int
cache_spam_put(struct cache *c, const char *list, const char *edition,
    int64_t asked, const char *rules, struct err *err)
{
	struct db_query *q;

	if (c == NULL)
		return 0;
	if (db_bound("the list's name", list, 1, CACHE_KEY_MAX, err) != 0 ||
	    db_bound("the edition's name", edition, 1, CACHE_KEY_MAX,
	    err) != 0 ||
	    db_bound("SpamAssassin's answer", rules, 0, RULES_MAX, err) != 0)
		return -1;
	q = db_query(c->db, "INSERT OR REPLACE INTO spam (list, edition,"
	    " asked, rules) VALUES (?1, ?2, ?3, ?4)");
	db_text(q, 1, list);
	db_text(q, 2, edition);
	db_int(q, 3, asked);
	db_text(q, 4, rules);
	return db_run(q, NULL, err);
}
