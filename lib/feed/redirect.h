/*
 * What a web server is told so that an address leads to another one for good,
 * ready to be pasted. Players follow a feed that was moved only where its old
 * address answers 301 or 308.
 */
#ifndef FEED_REDIRECT_H
#define FEED_REDIRECT_H

#include <stdbool.h>

#include "base/buf.h"

enum redirect_server {
	REDIRECT_NGINX,
	REDIRECT_APACHE,	/* .htaccess in the top folder */
	REDIRECT_CADDY,
	REDIRECT_NETLIFY,	/* _redirects */
	REDIRECT_CLOUDFLARE,	/* a line of a bulk redirect list; with a
				 * query, a rule */
	REDIRECT_SERVERS
};

/* Whether an address has only characters that mean themselves to all of these
 * servers. As a source (from) it is compared with what a server has decoded,
 * and so has no percent sign. */
bool redirect_is_plain(const char *url, bool from);

/* "nginx, in the server block of old.example.org" */
void redirect_name(enum redirect_server server, const char *from,
    struct buf *out);
/* The lines, each with its line feed. Both addresses are plain, http or
 * https. */
void redirect_rule(enum redirect_server server, const char *from,
    const char *to, struct buf *out);

#endif
