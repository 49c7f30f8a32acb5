#include "show/options_mail.h"

#include <stdbool.h>
#include <string.h>

#include "text/url.h"

/* What the mold takes (mail/mold.h): here the line can be named. */
#define HEADER_URL_MAX 700
#define LIST_ID_MAX 255
#define FEEDBACK_MIN 5
#define FEEDBACK_MAX 15

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool
is_header_url(const char *s, bool https)
{
	struct err ignored = ERR_INIT;

	return url_check(s, &ignored) == 0 && strlen(s) <= HEADER_URL_MAX &&
	    (!https || strncmp(s, "https://", 8) == 0);
}

static bool
is_list_id(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len <= LIST_ID_MAX && strchr(s, '.') != NULL &&
	    s[0] != '.' && s[len - 1] != '.' && strstr(s, "..") == NULL &&
	    s[strspn(s, LETTERS "0123456789-_.")] == '\0';
}

/* Labels of the DNS. */
static bool
is_selector(const char *s)
{
	size_t len;

	for (;; s += len + 1) {
		len = strspn(s, LETTERS "0123456789-_");
		if (len == 0 || len > 63 || s[0] == '-' || s[len - 1] == '-')
			return false;
		if (s[len] != '.')
			return s[len] == '\0';
	}
}

static bool
is_feedback_id(const char *s)
{
	size_t len = strlen(s);

	return len >= FEEDBACK_MIN && len <= FEEDBACK_MAX &&
	    s[strspn(s, LETTERS "0123456789-._")] == '\0';
}

/* mailto: and an address (RFC 6068), whose @ and dots are all that is looked
 * at here, and perhaps header fields behind it. */
static bool
is_mailto(const char *s)
{
	const char *at;

	if (strncmp(s, "mailto:", 7) != 0 || strlen(s) > HEADER_URL_MAX ||
	    s[strspn(s, LETTERS "0123456789-._~!$&'*+=:@?%")] != '\0')
		return false;
	at = strchr(s, '@');
	return at != NULL && at > s + 7 &&
	    strcspn(at + 1, ".") > 0 && at[1 + strcspn(at + 1, ".?")] == '.';
}

const char *
options_mail_wanted(const struct option *o, const char *s)
{
	if (o->type == OPTION_LIST_ID)
		return is_list_id(s) ? NULL : "letters, digits, - and _ in "
		    "parts with dots between, such as friends.example.org";
	if (o->type == OPTION_SELECTOR)
		return is_selector(s) ? NULL : "letters, digits, - and _, in "
		    "parts with dots between where there are several, such as "
		    "digest2026";
	if (o->type == OPTION_FEEDBACK_ID)
		return is_feedback_id(s) ? NULL : "5 to 15 letters, digits, "
		    "- . and _";
	if (is_header_url(s, o->type == OPTION_HTTPS))
		return NULL;
	if (o->type == OPTION_HEADER_LINK)
		return is_mailto(s) ? NULL : "an address that begins with "
		    "https://, http:// or mailto:, ASCII only, of at most 700 "
		    "characters";
	return o->type == OPTION_HTTPS ? "an address that begins with "
	    "https://, ASCII only, of at most 700 characters" :
	    "an address that begins with https:// or http://, ASCII only, of "
	    "at most 700 characters";
}
