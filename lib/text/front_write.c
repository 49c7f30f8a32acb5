#include "text/front_write.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "text/utf8.h"

/* What YAML 1.1 §5.1 does not print, and what it takes for a line's end. */
static bool
is_unwritable(int32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') ||
	    (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
	    c == 0xfeff || c >= 0x10ffff || (c & 0xfffe) == 0xfffe ||
	    (c >= 0xd800 && c < 0xe000);
}

static bool
is_all_writable(const char *s)
{
	size_t left = strlen(s), n;
	int32_t c;

	for (; left > 0; s += n, left -= n) {
		n = utf8_next(s, left, &c);
		if (c == '\n' || c == '\t' || is_unwritable(c))
			return false;
	}
	return true;
}

/* Words that YAML, or another reader of it, takes for something else. */
static bool
is_word_of_yaml(const char *s)
{
	static const char *const words[] = {
		"null", "true", "false", "yes", "no", "on", "off", "y", "n"
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(s, words[i]) == 0)
			return true;
	return false;
}

/* Digits and the like alone: text for us, a number or time for others. */
static bool
is_like_number(const char *s)
{
	return isdigit((unsigned char)s[0]) &&
	    s[strspn(s, "0123456789.:_-+eExX")] == '\0';
}

static bool
is_plain(const char *s)
{
	unsigned char c = (unsigned char)s[0];
	size_t len = strlen(s);

	return len > 0 && (isalnum(c) || c >= 0x80) && s[len - 1] != ' ' &&
	    s[len - 1] != ':' && strstr(s, ": ") == NULL &&
	    strstr(s, " #") == NULL && !is_word_of_yaml(s) &&
	    !is_like_number(s) && is_all_writable(s);
}

void
front_write_text(struct buf *out, const char *text)
{
	size_t left = strlen(text), n;
	int32_t c;

	if (is_plain(text)) {
		buf_adds(out, text);
		return;
	}
	buf_addc(out, '"');
	for (; left > 0; text += n, left -= n) {
		n = utf8_next(text, left, &c);
		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", (int)c);
		else if (c == '\n')
			buf_adds(out, "\\n");
		else if (c == '\t')
			buf_adds(out, "\\t");
		else if (is_unwritable(c))
			buf_addf(out, "\\U%08X", (unsigned)c);
		else
			buf_add(out, text, n);
	}
	buf_addc(out, '"');
}

void
front_write_xml(struct buf *out, const char *xml)
{
	size_t left, n;
	bool begin = true;
	int32_t c;

	xml += strspn(xml, " \t\r\n");
	for (left = strlen(xml); left > 0 &&
	    strchr(" \t\r\n", xml[left - 1]) != NULL; left--)
		;
	buf_adds(out, "|\n");
	for (; left > 0; xml += n, left -= n) {
		n = utf8_next(xml, left, &c);
		if (begin && c != '\n')
			buf_adds(out, "  ");
		begin = c == '\n';
		if (is_unwritable(c))
			buf_addf(out, "&#%u;", (unsigned)c);
		else
			buf_add(out, xml, n);
	}
	buf_addc(out, '\n');
}
