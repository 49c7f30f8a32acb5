#include "mail/homograph.h"

#include <stdint.h>
#include <string.h>

#include <idn2.h>

#include "base/script.h"
#include "text/utf8.h"

#define BIT(script) (1U << (script))

/* Those in a label, a bit for each. */
static unsigned
scripts_of(const char *label, size_t len)
{
	unsigned scripts = 0;
	size_t i = 0;
	int32_t cp;

	while (i < len) {
		i += utf8_next(label + i, len - i, &cp);
		scripts |= BIT(script_of(cp));
	}
	return scripts & ~BIT(SCRIPT_OTHER);
}

static const char *
names_of(unsigned scripts)
{
	switch (scripts) {
	case BIT(SCRIPT_LATIN) | BIT(SCRIPT_GREEK):
		return "Latin and Greek";
	case BIT(SCRIPT_LATIN) | BIT(SCRIPT_CYRILLIC):
		return "Latin and Cyrillic";
	case BIT(SCRIPT_GREEK) | BIT(SCRIPT_CYRILLIC):
		return "Greek and Cyrillic";
	case BIT(SCRIPT_LATIN) | BIT(SCRIPT_GREEK) | BIT(SCRIPT_CYRILLIC):
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
homograph_find(struct arena *a, const char *wire)
{
	const char *at = strrchr(wire, '@'), *label, *names;
	size_t len;

	if (at == NULL)
		return NULL;
	for (label = as_written(a, at + 1);; label += len + 1) {
		len = strcspn(label, ".");
		names = names_of(scripts_of(label, len));
		if (names != NULL)
			return arena_printf(a, "`%.*s` has %s letters",
			    (int)len, label, names);
		if (label[len] == '\0')
			return NULL;
	}
}
