#include "sink_syntax.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_high(char c)
{
	return (unsigned char)c >= 0x80;
}

static bool is_atext(char c)
{
	return c != '\0' && (isalnum((unsigned char)c) || is_high(c) ||
	    strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* The length of the dot-string or quoted-string at p; 0: there is none. */
static size_t local_part(const char *p)
{
	size_t n = 0;

	if (*p == '"') {
		for (n = 1; p[n] != '"'; n++) {
			if (p[n] == '\\')
				n++;
			if (p[n] == '\0')
				return 0;
		}
		return n + 1;
	}
	for (;;) {
		if (!is_atext(p[n]))
			return 0;
		while (is_atext(p[n]))
			n++;
		if (p[n] != '.')
			return n;
		n++;
	}
}

static bool is_literal(const char *p, size_t len)
{
	size_t i;

	if (len < 4 || p[0] != '[' || p[len - 1] != ']')
		return false;
	for (i = 1; i < len - 1; i++)
		if (!isxdigit((unsigned char)p[i]) &&
		    strchr("IPv:.", p[i]) == NULL)
			return false;
	return true;
}

static bool is_label(const char *p, size_t len)
{
	size_t i;

	if (len == 0 || len > 63 || p[0] == '-' || p[len - 1] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)p[i]) && p[i] != '-' &&
		    !is_high(p[i]))
			return false;
	return true;
}

bool sink_syntax_host(const char *p, size_t len)
{
	const char *dot;

	if (len == 0 || len > 255)
		return false;
	if (*p == '[')
		return is_literal(p, len);
	while ((dot = memchr(p, '.', len)) != NULL) {
		size_t n = (size_t)(dot - p);

		if (!is_label(p, n))
			return false;
		p += n + 1;
		len -= n + 1;
	}
	return is_label(p, len);
}

static bool is_mailbox(const char *p, size_t len)
{
	size_t local = local_part(p);

	return local > 0 && local <= 64 && local < len && p[local] == '@' &&
	    sink_syntax_host(p + local + 1, len - local - 1);
}

/* Behind a source route, which is to be taken and forgotten (§4.1.2). */
static const char *skip_route(const char *p)
{
	const char *colon;

	if (*p != '@')
		return p;
	colon = strchr(p, ':');
	return colon == NULL ? p : colon + 1;
}

/* The closing bracket, looked for outside quotes; NULL: none. */
static const char *closing(const char *p)
{
	size_t quoted = *p == '"' ? local_part(p) : 0;

	if (*p == '"' && quoted == 0)
		return NULL;
	return strchr(p + quoted, '>');
}

const char *sink_syntax_path(const char *p, bool null_ok,
    char out[SINK_PATH_MAX], bool *high)
{
	const char *end;
	size_t len, i;

	if (*p != '<')
		return NULL;
	p = skip_route(p + 1);
	end = closing(p);
	if (end == NULL)
		return NULL;
	len = (size_t)(end - p);
	if (len > SINK_PATH_MAX - 2)
		return NULL;
	if (len == 0 && !null_ok)
		return NULL;
	if (len > 0 && !is_mailbox(p, len) &&
	    (null_ok || len != 10 || strncasecmp(p, "postmaster", 10) != 0))
		return NULL;
	*high = false;
	for (i = 0; i < len; i++)
		*high = *high || is_high(p[i]);
	memcpy(out, p, len);
	out[len] = '\0';
	return end + 1;
}

const char *sink_syntax_param(const char *p, struct sink_param *out)
{
	out->name = p;
	out->value = NULL;
	out->value_len = 0;
	while (isalnum((unsigned char)*p) || (p > out->name && *p == '-'))
		p++;
	out->name_len = (size_t)(p - out->name);
	if (out->name_len == 0 || out->name_len >= SINK_PATH_MAX)
		return NULL;
	if (*p == '=') {
		out->value = ++p;
		while ((*p > ' ' && *p != '=' && *p != 0x7f) || is_high(*p))
			p++;
		out->value_len = (size_t)(p - out->value);
		if (out->value_len == 0)
			return NULL;
	}
	return *p == ' ' || *p == '\0' ? p : NULL;
}

/* xtext of RFC 3461 §4: '+' only before two capital hex digits. */
static bool is_xtext(const char *p, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < len; i++) {
		if (p[i] < '!' || p[i] > '~' || p[i] == '=')
			return false;
		if (p[i] != '+')
			continue;
		if (len - i < 3 || memchr(hex, p[i + 1], 16) == NULL ||
		    memchr(hex, p[i + 2], 16) == NULL)
			return false;
		i += 2;
	}
	return true;
}

static bool is_word(const char *p, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(p, word, len) == 0;
}

static bool check_size(const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!isdigit((unsigned char)p[i]))
			return false;
	return len <= 20;
}

static bool check_body(const char *p, size_t len)
{
	return is_word(p, len, "7BIT") || is_word(p, len, "8BITMIME") ||
	    is_word(p, len, "BINARYMIME");
}

static bool check_ret(const char *p, size_t len)
{
	return is_word(p, len, "FULL") || is_word(p, len, "HDRS");
}

static bool check_envid(const char *p, size_t len)
{
	return len <= 100 && is_xtext(p, len);
}

/* NEVER stands alone (RFC 3461 §4.1). */
static bool check_notify(const char *p, size_t len)
{
	const char *end = p + len;

	if (is_word(p, len, "NEVER"))
		return true;
	for (;;) {
		const char *comma = memchr(p, ',', (size_t)(end - p));
		size_t n = (size_t)((comma != NULL ? comma : end) - p);

		if (!is_word(p, n, "SUCCESS") && !is_word(p, n, "FAILURE") &&
		    !is_word(p, n, "DELAY"))
			return false;
		if (comma == NULL)
			return true;
		p = comma + 1;
	}
}

static bool check_orcpt(const char *p, size_t len)
{
	const char *semi = memchr(p, ';', len);
	size_t type;

	if (semi == NULL || semi == p || len > 500)
		return false;
	type = (size_t)(semi - p);
	return is_xtext(semi + 1, len - type - 1);
}

static const struct {
	const char *name;
	const char *keyword;
	bool rcpt;
	bool (*check)(const char *p, size_t len); /* NULL: takes no value */
} known[] = {
	{ "SIZE", "SIZE", false, check_size },
	{ "BODY", "8BITMIME", false, check_body },
	{ "SMTPUTF8", "SMTPUTF8", false, NULL },
	{ "RET", "DSN", false, check_ret },
	{ "ENVID", "DSN", false, check_envid },
	{ "NOTIFY", "DSN", true, check_notify },
	{ "ORCPT", "DSN", true, check_orcpt }
};

bool sink_syntax_known(const struct sink_param *param, bool rcpt,
    char keyword[SINK_PATH_MAX])
{
	size_t i;

	memcpy(keyword, param->name, param->name_len);
	keyword[param->name_len] = '\0';
	for (i = 0; i < sizeof known / sizeof *known; i++) {
		if (!is_word(param->name, param->name_len, known[i].name))
			continue;
		if (known[i].rcpt != rcpt)
			return false;
		memcpy(keyword, known[i].keyword, strlen(known[i].keyword) + 1);
		if (known[i].check == NULL || param->value == NULL)
			return (known[i].check == NULL) ==
			    (param->value == NULL);
		if (is_word(param->value, param->value_len, "BINARYMIME"))
			memcpy(keyword, "BINARYMIME", 11);
		return known[i].check(param->value, param->value_len);
	}
	return true;
}
