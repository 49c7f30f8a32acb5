#include "show/media_sparse.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Somewhere in the file: the sample of a chapter perhaps, which is small. */
#define ALONE ((int64_t)32 << 10)
#define AT_ONCE ((int64_t)1 << 20)

struct part {
	int64_t begin, end;
	char *data;
};

struct media_sparse {
	int64_t size, max, have;
	struct part *parts;	/* in order, apart from each other */
	size_t n;
	bool closed;
	bool missed;
	int64_t from, len;	/* what was missed first */
};

struct media_sparse *
media_sparse_new(int64_t size, int64_t max)
{
	struct media_sparse *s = xcalloc(1, sizeof(*s));

	s->size = size;
	s->max = max;
	return s;
}

void
media_sparse_free(struct media_sparse *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++)
		free(s->parts[i].data);
	free(s->parts);
	free(s);
}

int64_t
media_sparse_size(const struct media_sparse *s)
{
	return s->size;
}

bool
media_sparse_whole(const struct media_sparse *s)
{
	return s->have == s->size;
}

/* The first part that ends behind an offset; s->n: none. */
static size_t
part_at(const struct media_sparse *s, int64_t offset)
{
	size_t i = 0;

	while (i < s->n && s->parts[i].end <= offset)
		i++;
	return i;
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Where the first byte behind an offset lies that is there, or the end. */
static int64_t
gap_end(const struct media_sparse *s, int64_t offset)
{
	size_t i = part_at(s, offset);

	return i < s->n ? s->parts[i].begin : s->size;
}

static void
append(struct part *p, const void *data, int64_t len)
{
	p->data = xrealloc(p->data, (size_t)(p->end - p->begin + len));
	memcpy(p->data + (p->end - p->begin), data, (size_t)len);
	p->end += len;
}

/* Puts part i and the one behind it together where they touch. */
static void
join(struct media_sparse *s, size_t i)
{
	struct part *p = &s->parts[i], *next = p + 1;

	if (i + 1 >= s->n || p->end != next->begin)
		return;
	append(p, next->data, next->end - next->begin);
	free(next->data);
	s->n--;
	memmove(next, next + 1, (s->n - i - 1) * sizeof(*next));
}

/* offset to offset + len lies in one gap. */
static void
insert(struct media_sparse *s, int64_t offset, const char *data, int64_t len)
{
	size_t i = part_at(s, offset);

	if (i > 0 && s->parts[i - 1].end == offset) {
		append(&s->parts[--i], data, len);
	} else {
		s->parts = xreallocarray(s->parts, s->n + 1,
		    sizeof(*s->parts));
		memmove(s->parts + i + 1, s->parts + i,
		    (s->n - i) * sizeof(*s->parts));
		s->n++;
		s->parts[i] = (struct part){ offset, offset, NULL };
		append(&s->parts[i], data, len);
	}
	s->have += len;
	join(s, i);
}

void
media_sparse_add(struct media_sparse *s, int64_t offset, const void *data,
    size_t len)
{
	int64_t end = offset + smaller((int64_t)len, s->size - offset), n;
	const char *p = data;
	size_t i;

	while (offset < end) {
		i = part_at(s, offset);
		if (i < s->n && s->parts[i].begin <= offset) {
			n = smaller(s->parts[i].end, end) - offset;
		} else {
			n = smaller(gap_end(s, offset), end) - offset;
			insert(s, offset, p, n);
		}
		offset += n;
		p += n;
	}
}

static void
miss(struct media_sparse *s, int64_t offset, int64_t len)
{
	if (s->missed)
		return;
	s->missed = true;
	s->from = offset;
	s->len = len;
}

int64_t
media_sparse_read(void *ctx, int64_t offset, void *buf, size_t len)
{
	struct media_sparse *s = ctx;
	const struct part *p;
	int64_t n = 0, want;
	size_t i;

	if (offset >= s->size)
		return 0;
	if (s->missed && !s->closed)
		return -1;
	want = len < (uint64_t)(s->size - offset) ? (int64_t)len :
	    s->size - offset;
	i = part_at(s, offset);
	p = &s->parts[i];
	if (i < s->n && p->begin <= offset) {
		n = smaller(p->end - offset, want);
		memcpy(buf, p->data + (offset - p->begin), (size_t)n);
	}
	if (n < want && (n == 0 || want <= MEDIA_SPARSE_SMALL)) {
		miss(s, offset + n, want - n);
		return -1;
	}
	return n;
}

bool
media_sparse_has(struct media_sparse *s, int64_t offset, int64_t len)
{
	size_t i = part_at(s, offset);
	int64_t there = offset;

	len = smaller(len, s->size - offset);
	if (i < s->n && s->parts[i].begin <= offset)
		there = s->parts[i].end;
	if (len <= there - offset)
		return true;
	miss(s, there, offset + len - there);
	return false;
}

bool
media_sparse_missed(const struct media_sparse *s)
{
	return s->missed;
}

void
media_sparse_again(struct media_sparse *s)
{
	s->missed = false;
}

bool
media_sparse_next(const struct media_sparse *s, int64_t *from, int64_t *to)
{
	size_t i = part_at(s, s->from);
	int64_t n = ALONE;

	if (!s->missed)
		return false;
	/* As much again as lies in front of it. */
	if (i > 0 && s->parts[i - 1].end == s->from)
		n = smaller(s->parts[i - 1].end - s->parts[i - 1].begin,
		    AT_ONCE);
	if (n < s->len)
		n = s->len;
	n = smaller(n, gap_end(s, s->from) - s->from);
	if (smaller(s->len, n) > s->max - s->have)
		return false;
	*from = s->from;
	*to = s->from + smaller(n, s->max - s->have) - 1;
	return true;
}

void
media_sparse_close(struct media_sparse *s)
{
	s->closed = true;
}
