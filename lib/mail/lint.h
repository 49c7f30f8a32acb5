/*
 * The digest as its friends and their mail programs will take it: what is wrong
 * with a message, told before it is sent.
 *
 * An error is what nobody can mean: a value that was not filled in, a script,
 * a header field that breaks the list's way out. Warnings are what spam filters
 * and mail programs punish, and infos what looks worse in some of them. Values
 * in, findings out: nothing is read and nobody is asked.
 *
 * Rules, of which showmill(1) has a list: digest-size, digest-line,
 * digest-html, digest-active, digest-left-over, digest-link-scheme,
 * digest-link-http, digest-link-empty, digest-link-shown, digest-image-alt,
 * digest-image-size, digest-image-share, digest-subject, digest-preheader,
 * digest-parts, digest-list, digest-domain.
 */
#ifndef MAIL_LINT_H
#define MAIL_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "text/html_look.h"

/* Gmail shows so much of the HTML and hides the rest, as far as is known. */
#define LINT_CLIP ((size_t)102 * 1024)
#define LINT_SUBJECT_MAX 70	/* characters */
#define LINT_SHOWN 5		/* findings of one rule, before the rest is
				 * counted */

/* A file that went into the message. What a finding speaks of (an address, the
 * words of a link) is looked for in each, in their order, and the place where
 * it stands is the finding's. */
struct lint_source {
	const char *file;
	const char *text;
};

struct lint_input {
	const char *subject;
	const char *html, *text;	/* as one friend gets them */
	const char *message;		/* the whole of it, as it is sent */
	size_t message_len;
	const struct lint_source *sources;
	size_t nsources;
	/* Where what has no place of its own is told: templates, or what is
	 * written for the edition by hand. NULL: nowhere. */
	const char *subject_file, *html_file, *text_file;
	const char *unsaid_file;	/* what has no summary for a
					 * preheader */
	const char *dkim_file;		/* that says who signs */
	unsigned dkim_line;
};

void lint_message(const struct lint_input *in, struct findings *to);

/* One domain within the other, without case: what DMARC calls aligned, as far
 * as that can be told without the list of public suffixes (RFC 7489 §3.1.1). */
bool lint_is_aligned(const char *a, const char *b);

/* The http and https addresses that the HTML leads to and loads pictures from,
 * each once, in their order; in the arena. */
const char **lint_addresses(struct arena *a, const char *html, size_t *n);

/* Where text stands in the sources; NULL: in none. */
const char *lint_place(const struct lint_source *sources, size_t n,
    const char *text, unsigned *line);

#endif
