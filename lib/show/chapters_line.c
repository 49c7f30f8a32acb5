/* Chapters as lines of text. */
#include <ctype.h>
#include <string.h>

#include "show/chapters_int.h"
#include "text/captions.h"

/* At most six digits, and how many there were; a number that long is no
 * time. */
static unsigned
digits(const char **p, int64_t *out)
{
	unsigned n = 0;

	for (*out = 0; isdigit((unsigned char)**p) && n < 7; ++*p, n++)
		*out = *out * 10 + (**p - '0');
	return n;
}

/* ".5", ",500": thousandths, more digits are passed over. */
static int64_t
fraction(const char **p)
{
	int64_t ms = 0, worth = 100;

	if ((**p != '.' && **p != ',') || !isdigit((unsigned char)(*p)[1]))
		return 0;
	for (++*p; isdigit((unsigned char)**p); ++*p, worth /= 10)
		ms += worth * (**p - '0');
	return ms;
}

/* Numbers with colons between them, as seconds; how many they are, 0: it is no
 * time. */
static unsigned
numbers(const char **p, int64_t *seconds)
{
	unsigned n = digits(p, seconds);
	int64_t part;

	if (n == 0 || n > 6)
		return 0;
	for (n = 1; n < 3 && **p == ':' && isdigit((unsigned char)(*p)[1]);
	    n++) {
		++*p;
		if (digits(p, &part) != 2 || part > 59)
			return 0;
		*seconds = *seconds * 60 + part;
	}
	return n;
}

bool
chapters_time(const char *text, bool plain, int64_t *ms, const char **end)
{
	int64_t total;
	unsigned n = numbers(&text, &total);

	if (n == 0 || (n == 1 && !plain))
		return false;
	total = total * 1000 + fraction(&text);
	if (isalnum((unsigned char)*text) || total > CAPTIONS_MS_MAX ||
	    (*text == ':' && isdigit((unsigned char)text[1])))
		return false;
	*ms = total;
	*end = text;
	return true;
}

bool
chapters_is_time(const char *text, bool plain, int64_t *ms)
{
	const char *end;

	while (*text == ' ')
		text++;
	return chapters_time(text, plain, ms, &end) &&
	    end[strspn(end, " \t\r\n")] == '\0';
}

static const char *
skip(const char *p, const char *set)
{
	return p + strspn(p, set);
}

/* Behind the blanks and the dash, colon or bar that part time and title. */
static const char *
skip_parting(const char *p)
{
	static const char *const dashes[] = {
		"-", "\xe2\x80\x93", "\xe2\x80\x94", ":", "|",
		"\xc2\xb7", "\xe2\x80\xa2"
	};
	size_t i;

	p = skip(p, " \t");
	for (i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++) {
		size_t n = strlen(dashes[i]);

		if (strncmp(p, dashes[i], n) == 0)
			return skip(p + n, " \t");
	}
	return p;
}

/* What opens before a time: *close is what has to stand behind it. */
static const char *
open_stamp(const char *p, char *close)
{
	p = skip(p, "*_");
	*close = *p == '[' ? ']' : *p == '(' ? ')' : '\0';
	if (*close != '\0')
		p++;
	return *p == '@' ? p + 1 : p;
}

/* And what closes behind it, with the address of a link; NULL: it does not. */
static const char *
close_stamp(const char *p, char close)
{
	const char *end;

	if (close != '\0') {
		if (*p != close)
			return NULL;
		p++;
		if (close == ']' && *p == '(') {
			end = strchr(p, ')');
			if (end == NULL)
				return NULL;
			p = end + 1;
		}
		return skip(p, "*_");
	}
	if (strchr("*_", *p) != NULL && *p != '\0')
		return skip(p, "*_");
	return *p == '\0' || strchr(" \t:|-", *p) != NULL ||
	    (unsigned char)*p >= 0x80 ? p : NULL;
}

/* The address in <> at the end of a title goes into the link. */
static void
take_link(struct arena *a, struct show_chapter *out)
{
	size_t len = strlen(out->title);
	const char *open;

	if (len < 3 || out->title[len - 1] != '>')
		return;
	open = strrchr(out->title, '<');
	if (open == NULL || strstr(open, "://") == NULL ||
	    strpbrk(open, " \t") != NULL)
		return;
	out->url = arena_strndup(a, open + 1, strlen(open) - 2);
	len = (size_t)(open - out->title);
	while (len > 0 && strchr(" \t", out->title[len - 1]) != NULL)
		len--;
	out->title = arena_strndup(a, out->title, len);
}

bool
chapters_line(struct arena *a, const char *text, size_t len,
    struct show_chapter *out)
{
	const char *p, *rest, *behind;
	int64_t end_ms;
	char close;

	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	p = open_stamp(skip(arena_strndup(a, text, len), " \t"), &close);
	memset(out, 0, sizeof(*out));
	out->end_ms = -1;
	if (!chapters_time(p, false, &out->start_ms, &rest))
		return false;
	/* "0:00-1:30" is a time and its end. */
	p = skip_parting(rest);
	if (p > skip(rest, " \t") &&
	    chapters_time(p, false, &end_ms, &behind) &&
	    close_stamp(behind, close) != NULL && end_ms > out->start_ms) {
		out->end_ms = end_ms;
		rest = behind;
	}
	rest = close_stamp(rest, close);
	if (rest == NULL)
		return false;
	out->title = skip_parting(rest);
	take_link(a, out);
	return true;
}

void
chapters_lines(struct chapters *c, const char *text, size_t len,
    unsigned first_line)
{
	const char *end = text + len, *next, *p;
	struct arena a = ARENA_INIT;
	struct show_chapter one;
	unsigned line = first_line;

	for (; text < end; text = next, line++) {
		next = memchr(text, '\n', (size_t)(end - text));
		p = next == NULL ? end : next;
		next = next == NULL ? end : next + 1;
		while (text < p && strchr(" \t\r", *text) != NULL)
			text++;
		if (text == p || *text == '#')
			continue;
		if (chapters_line(&a, text, (size_t)(p - text), &one)) {
			one.line = line;
			chapters_add(c, &one);
		} else {
			chapters_fault(c, line, "this line does not begin "
			    "with a time, as `1:30 Title` does, and is left "
			    "out");
		}
	}
	arena_release(&a);
}
