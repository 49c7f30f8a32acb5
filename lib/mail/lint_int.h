/* Private to the files of lint.h. */
#ifndef MAIL_LINT_INT_H
#define MAIL_LINT_INT_H

#include "mail/lint.h"

struct lint {
	const struct lint_input *in;
	struct findings *to;
	struct arena arena;
	struct markup_look look;	/* the HTML */
	const char *rule;		/* that is being told, and how often */
	size_t told;
	enum severity worst;		/* of what is only counted */
};

/* A rule begins; what the one before has only counted is told. NULL: the
 * end. */
void lint_rule(struct lint *l, const char *rule);
/* Tells one finding of it. needle: what it is about, looked for in the sources;
 * NULL or not there: it is told of file (may be NULL). */
void lint_tell(struct lint *l, enum severity severity, const char *needle,
    const char *file, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

void lint_links(struct lint *l);
void lint_pictures(struct lint *l);
void lint_parts(struct lint *l);	/* what both of them say */
void lint_head(struct lint *l);

/* Whether an address begins with a scheme, such as "http:". */
bool lint_has_scheme(const char *url, const char *scheme);
bool lint_is_web(const char *url);

#endif
