/*
 * Analytics prefixes: addresses of services that count a download and send the
 * player on to the address that stands behind them,
 *
 *	https://op3.dev/e/dts.podtrac.com/redirect.mp3/example.org/1.mp3
 *
 * A file is asked for without them, so that asking is not counted and no
 * answer of theirs is taken for the file's; they are put on for publishing.
 * All of this maps text to text.
 *
 * Known are the services of the table in media_prefix.c alone. An address of
 * another host is never taken apart, and neither is that of a known one whose
 * rest does not begin with a host name and a path: such a service also serves
 * pages of its own.
 */
#ifndef SHOW_MEDIA_PREFIX_H
#define SHOW_MEDIA_PREFIX_H

#include "base/mem.h"

/* The address behind all known prefixes at the front of url, or url itself
 * when there is none. It begins with https:// unless what stands behind the
 * last prefix brings its scheme along (`http://`, also with one slash, and
 * with %3A or %2F for the colon and the slashes). Query and all else that
 * follows the host is kept as it is. Owned by the arena or the caller. */
const char *media_prefix_strip(struct arena *a, const char *url);

/* url with prefix before it: https:// of url is dropped, http:// is kept, as
 * OP3 wants it. prefix is an address (`https://op3.dev/e/`; a missing slash at
 * its end is added), or a chain of such as it would stand before a file; ""
 * puts nothing. Nothing is put before what no service can fetch either: an
 * address without a path, or whose host has no dot or is a number.
 *
 * Nothing is counted twice: of the prefix those links are left out that stand
 * before the file already. Links are the same when they are of one service
 * and one account: redirect.mp3 and redirect.m4a of Podtrac are, op3.dev/e/
 * with and without a show are, mgln.ai/e/1/ and mgln.ai/e/2/ are not. A prefix
 * that is not known is taken as a whole, compared as text. */
const char *media_prefix_put(struct arena *a, const char *prefix,
    const char *url);

#endif
