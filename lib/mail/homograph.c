#include "mail/homograph.h"

#include <stdint.h>
#include <string.h>

#include <idn2.h>

#include "text/utf8.h"

enum { LATIN = 1, GREEK = 2, CYRILLIC = 4 };

/* Where their letters are in Unicode. */
static const struct {
	int32_t first, last;
	unsigned script;
} ranges[] = {
	{ 'A', 'Z', LATIN }, { 'a', 'z', LATIN }, { 0xaa, 0xaa, LATIN },
	{ 0xba, 0xba, LATIN }, { 0xc0, 0xd6, LATIN }, { 0xd8, 0xf6, LATIN },
	{ 0xf8, 0x24f, LATIN }, { 0x250, 0x2af, LATIN }, { 0x370, 0x3e1, GREEK },
	{ 0x3f0, 0x3ff, GREEK }, { 0x400, 0x52f, CYRILLIC },
	{ 0x1c80, 0x1c8f, CYRILLIC }, { 0x1d00, 0x1d25, LATIN },
	{ 0x1e00, 0x1eff, LATIN }, { 0x1f00, 0x1fff, GREEK },
	{ 0x2c60, 0x2c7f, LATIN }, { 0x2de0, 0x2dff, CYRILLIC },
	{ 0xa640, 0xa69f, CYRILLIC }, { 0xa722, 0xa7ff, LATIN },
	{ 0xab30, 0xab64, LATIN }, { 0xff21, 0xff5a, LATIN }
};

static unsigned
script_of(int32_t cp)
{
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return ranges[i].script;
	return 0;
}

static const char *
names_of(unsigned scripts)
{
	switch (scripts) {
	case LATIN | GREEK:
		return "Latin and Greek";
	case LATIN | CYRILLIC:
		return "Latin and Cyrillic";
	case GREEK | CYRILLIC:
		return "Greek and Cyrillic";
	case LATIN | GREEK | CYRILLIC:
		return "Latin, Greek and Cyrillic";
	default:
		return NULL;
	}
}

/* With U-labels. */
static const char *
as_written(struct arena *a, const char *domain)
{
	char *made = NULL;
	const char *out = domain;

	if (idn2_to_unicode_8z8z(domain, &made, 0) == IDN2_OK)
		out = arena_strdup(a, made);
	idn2_free(made);
	return out;
}

const char *
homograph_find(struct arena *a, const char *address)
{
	const char *at = strrchr(address, '@'), *p, *label;
	unsigned scripts = 0;
	int32_t cp;

	if (at == NULL)
		return NULL;
	for (p = label = as_written(a, at + 1);; p += utf8_next(p, strlen(p),
	    &cp)) {
		if (*p != '.' && *p != '\0') {
			(void)utf8_next(p, strlen(p), &cp);
			scripts |= script_of(cp);
			continue;
		}
		if (names_of(scripts) != NULL)
			return arena_printf(a, "`%.*s` has %s letters",
			    (int)(p - label), label, names_of(scripts));
		if (*p == '\0')
			return NULL;
		label = p + 1;
		scripts = 0;
	}
}
