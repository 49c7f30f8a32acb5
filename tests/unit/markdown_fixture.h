/*
 * For tests of notes: what Markdown becomes, in a buffer that the next call
 * writes anew.
 */
#ifndef TESTS_UNIT_MARKDOWN_FIXTURE_H
#define TESTS_UNIT_MARKDOWN_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "text/markdown.h"

static struct buf out;

static int
setup(void **state)
{
	(void)state;
	buf_init(&out, 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_release(&out);
	return 0;
}

static inline const char *
html_of(const char *text, const char *base)
{
	struct err err = ERR_INIT;
	struct markdown *m = markdown_parse(text, strlen(text),
	    &(struct markup_base){ base, NULL }, &err);

	buf_clear(&out);
	assert_non_null(m);
	assert_int_equal(markdown_html(m, &out, &err), 0);
	markdown_free(m);
	return out.data;
}

static inline const char *
text_from(const char *text, const char *base, size_t width)
{
	struct err err = ERR_INIT;
	struct markdown *m = markdown_parse(text, strlen(text),
	    &(struct markup_base){ base, NULL }, &err);

	buf_clear(&out);
	assert_non_null(m);
	assert_int_equal(markdown_text(m, width, &out, &err), 0);
	markdown_free(m);
	return out.data;
}

static inline const char *
text_of(const char *text, size_t width)
{
	return text_from(text, NULL, width);
}

#endif
