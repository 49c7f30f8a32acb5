/*
 * Where an http_peer is to misbehave. A line a rule, blank ones and those
 * that begin with # skipped; the first rule that matches decides. GLOB is an
 * fnmatch(3) pattern for the decoded path without its query; * matches / too.
 * With HEAD: or GET: in front the rule is for that method alone.
 *
 *   GLOB status CODE [TEXT]   this code, TEXT as its body
 *   GLOB redirect CODE URL    Location: URL, each {path} in it replaced by
 *                             the target as it was asked for
 *   GLOB head CODE            HEAD is given CODE; for other methods no match
 *   GLOB nolength             the file without Content-Length, then close
 *   GLOB length N             the file, with a Content-Length of N, then close
 *   GLOB delay MS             the file, later
 *   GLOB close [times=N]      the connection ends without an answer
 *   GLOB retry CODE SECONDS [times=N]
 *                             CODE and Retry-After, for the first N requests;
 *                             afterwards no match
 *   GLOB retrydate CODE SECONDS [times=N]
 *                             as retry, Retry-After as the time it is then
 *   GLOB html                 200 and an error page in text/html
 *   GLOB headers N            the file, with N useless header fields
 *   GLOB range HOW            a Range is answered oddly. ignore: with all;
 *                             blind: whatever If-Range says; bare: blind, and
 *                             without ETag and Last-Modified; nameless: no
 *                             answer at all has them; half: with half
 *                             of what was asked for; whole: with 206 also
 *                             where none was asked for
 *   GLOB field NAME: VALUE    the file, with this header field
 *   GLOB endless              200 and a body that does not end
 *   GLOB drip MS              the file, one octet every MS milliseconds
 *   GLOB cut N                the file, but the connection ends after N octets
 *                             of it
 *   GLOB part N               the file; a Content-Range begins N too high
 *   GLOB auth TEXT            200 where the Authorization is TEXT, 401 where
 *                             it is another or none, 403 where TEXT is "none"
 *                             and there is one
 *   GLOB most                 200 and the largest number of connections that
 *                             were open at once until now
 *
 * nolength and length ignore a Range: its Content-Range would tell the truth.
 */
#ifndef HTTP_RULES_H
#define HTTP_RULES_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_RULES_MAX 256

enum http_rule_kind {
	HTTP_STATUS, HTTP_REDIRECT, HTTP_HEAD, HTTP_NOLENGTH, HTTP_LENGTH,
	HTTP_DELAY, HTTP_CLOSE, HTTP_RETRY, HTTP_RETRY_DATE, HTTP_HTML,
	HTTP_HEADERS, HTTP_RANGE, HTTP_FIELD, HTTP_ENDLESS, HTTP_DRIP,
	HTTP_CUT, HTTP_PART, HTTP_MOST, HTTP_AUTH
};

struct http_rule {
	enum http_rule_kind kind;
	unsigned long code;
	unsigned long number;	/* octets, milliseconds, seconds or fields */
	long left;		/* matches still to come; -1: no limit */
	char *glob;
	char *text;		/* TEXT, URL, HOW or field; NULL: none */
};

struct http_rules {
	struct http_rule rules[HTTP_RULES_MAX];
	size_t count;
};

/* No rules when path is NULL. -1: "file:line: what is wrong" is on stderr.
 * http_rules_release is due in both cases. */
int http_rules_load(struct http_rules *r, const char *path);
void http_rules_release(struct http_rules *r);

/* The rule for a request, and one of its times used up; NULL: none. */
const struct http_rule *http_rules_match(struct http_rules *r,
    const char *path, bool head);

#endif
