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

/* As in "Latin, Greek and Cyrillic". */
static const char *
names_of(struct arena *a, unsigned scripts)
{
	static const char *const names[SCRIPT_COUNT] = {
		[SCRIPT_LATIN] = "Latin", [SCRIPT_GREEK] = "Greek",
		[SCRIPT_CYRILLIC] = "Cyrillic",
		[SCRIPT_ARMENIAN] = "Armenian", [SCRIPT_COPTIC] = "Coptic",
		[SCRIPT_CHEROKEE] = "Cherokee", [SCRIPT_LISU] = "Lisu"
	};
	const char *out = NULL;
	unsigned i;

	for (i = SCRIPT_LATIN; i < SCRIPT_COUNT; i++) {
		if ((scripts & BIT(i)) == 0)
			continue;
		scripts &= ~BIT(i);
		if (out == NULL)
			out = names[i];
		else
			out = arena_printf(a, scripts == 0 ? "%s and %s" :
			    "%s, %s", out, names[i]);
	}
	return out;
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
	const char *at = strrchr(wire, '@'), *label;
	unsigned scripts;
	size_t len;

	if (at == NULL)
		return NULL;
	for (label = as_written(a, at + 1);; label += len + 1) {
		len = strcspn(label, ".");
		scripts = scripts_of(label, len);
		if ((scripts & (scripts - 1)) != 0)
			return arena_printf(a, "`%.*s` has %s letters",
			    (int)len, label, names_of(a, scripts));
		if (label[len] == '\0')
			return NULL;
	}
}
