/*
 * The encoding of an XML document (XML 1.0 appendix F): a byte order mark,
 * the look of its first bytes, its declaration, in this order. Converting is
 * iconv's, for the encodings that feeds come in; other names are not handed
 * to it.
 */
#include <iconv.h>

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "text/xml_mend.h"

#define NAME_MAX_LEN 32
#define HEAD 1024

/* ISO-8859-1 and ASCII mean windows-1252 where they are meant at all: the
 * bytes in which they differ are control characters in ISO-8859-1. */
static const struct { const char *prefix; const char *iconv; } known[] = {
	{ "utf-8", NULL }, { "utf8", NULL },
	{ "utf-16le", "UTF-16LE" }, { "utf-16be", "UTF-16BE" },
	{ "iso-8859-1", "CP1252" }, { "iso8859-1", "CP1252" },
	{ "iso_8859-1", "CP1252" }, { "latin1", "CP1252" },
	{ "latin-1", "CP1252" }, { "us-ascii", "CP1252" },
	{ "ascii", "CP1252" }, { "windows-1252", "CP1252" },
	{ "cp1252", "CP1252" }, { "iso-8859-2", "ISO-8859-2" },
	{ "iso-8859-3", "ISO-8859-3" }, { "iso-8859-4", "ISO-8859-4" },
	{ "iso-8859-5", "ISO-8859-5" }, { "iso-8859-6", "ISO-8859-6" },
	{ "iso-8859-7", "ISO-8859-7" }, { "iso-8859-8", "ISO-8859-8" },
	{ "iso-8859-9", "CP1254" }, { "iso-8859-10", "ISO-8859-10" },
	{ "iso-8859-13", "ISO-8859-13" }, { "iso-8859-14", "ISO-8859-14" },
	{ "iso-8859-15", "ISO-8859-15" }, { "iso-8859-16", "ISO-8859-16" },
	{ "windows-1250", "CP1250" }, { "windows-1251", "CP1251" },
	{ "windows-1253", "CP1253" }, { "windows-1254", "CP1254" },
	{ "windows-1255", "CP1255" }, { "windows-1256", "CP1256" },
	{ "windows-1257", "CP1257" }, { "windows-1258", "CP1258" },
	{ "windows-874", "CP874" }, { "koi8-r", "KOI8-R" },
	{ "koi8-u", "KOI8-U" }, { "macintosh", "MACINTOSH" },
	{ "shift_jis", "CP932" }, { "shift-jis", "CP932" },
	{ "euc-jp", "EUC-JP" }, { "iso-2022-jp", "ISO-2022-JP" },
	{ "gb2312", "GB18030" }, { "gbk", "GB18030" },
	{ "gb18030", "GB18030" }, { "big5", "BIG5-HKSCS" },
	{ "euc-kr", "CP949" }
};

static bool
begins(const char *data, size_t len, const char *with, size_t n)
{
	return len >= n && memcmp(data, with, n) == 0;
}

/* The value of encoding= in the declaration, "" when there is none. */
static void
declared(const char *data, size_t len, char out[NAME_MAX_LEN])
{
	const char *start, *end, *p;
	size_t n = 0;

	out[0] = '\0';
	if (len > HEAD)
		len = HEAD;
	start = memmem(data, len, "<?xml", 5);
	if (start == NULL)
		return;
	end = memmem(start, len - (size_t)(start - data), "?>", 2);
	if (end == NULL)
		return;
	p = memmem(start, (size_t)(end - start), "encoding", 8);
	if (p == NULL)
		return;
	for (p += 8; p < end && strchr(" \t\r\n=\"'", *p) != NULL; p++)
		;
	while (p < end && n < NAME_MAX_LEN - 1 &&
	    strchr(" \t\r\n\"'?", *p) == NULL)
		out[n++] = *p++;
	out[n] = '\0';
}

static int
convert(iconv_t cd, const char *data, size_t len, size_t unit,
    struct buf *out, struct xm_told *t)
{
	char piece[4096], *to, *from = (char *)(uintptr_t)data;
	size_t room, bad = 0, rc;

	while (len > 0) {
		to = piece;
		room = sizeof(piece);
		rc = iconv(cd, &from, &len, &to, &room);
		buf_add(out, piece, sizeof(piece) - room);
		if (rc == (size_t)-1 && room == sizeof(piece)) {
			/* No progress: a byte that this encoding lacks. */
			buf_adds(out, "\xef\xbf\xbd");
			bad++;
			from += len < unit ? len : unit;
			len -= len < unit ? len : unit;
		}
		if (out->full)
			return -1;
	}
	if (bad > 0)
		xm_tell(t, XM_ENCODING, SEV_WARNING, 0, "%zu characters that "
		    "the encoding of the document does not have are shown "
		    "as U+FFFD", bad);
	return 0;
}

static void
decode_as(const char *name, const char *data, size_t len, struct buf *out,
    struct xm_told *t)
{
	iconv_t cd = iconv_open("UTF-8", name);
	size_t unit = strncmp(name, "UTF-16", 6) == 0 ? 2 : 1;

	if (cd == (iconv_t)-1) {
		xm_tell(t, XM_ENCODING, SEV_WARNING, 1, "this system cannot "
		    "convert from %s: the document is read as UTF-8", name);
		buf_add(out, data, len);
		return;
	}
	convert(cd, data, len, unit, out, t);
	iconv_close(cd);
}

static void
decode_declared(const char *data, size_t len, struct buf *out,
    struct xm_told *t)
{
	char name[NAME_MAX_LEN];
	size_t i;

	declared(data, len, name);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(name, known[i].prefix) == 0)
			break;
	if (i == sizeof(known) / sizeof(known[0]) ||
	    strncasecmp(name, "utf-16", 6) == 0) {
		/* UTF-16 would have been seen from its first bytes. */
		if (name[0] != '\0')
			xm_tell(t, XM_ENCODING, SEV_WARNING, 1, "the document "
			    "says that its encoding is %s, which it is not or "
			    "which is not known: it is read as UTF-8", name);
		buf_add(out, data, len);
	} else if (known[i].iconv == NULL) {
		buf_add(out, data, len);
	} else {
		decode_as(known[i].iconv, data, len, out, t);
	}
}

int
xm_decode(const char *data, size_t len, struct buf *out, struct xm_told *t,
    struct err *err)
{
	if (begins(data, len, "\xef\xbb\xbf", 3))
		buf_add(out, data + 3, len - 3);
	else if (begins(data, len, "\xff\xfe", 2))
		decode_as("UTF-16LE", data + 2, len - 2, out, t);
	else if (begins(data, len, "\xfe\xff", 2))
		decode_as("UTF-16BE", data + 2, len - 2, out, t);
	else if (begins(data, len, "<\0", 2))
		decode_as("UTF-16LE", data, len, out, t);
	else if (begins(data, len, "\0<", 2))
		decode_as("UTF-16BE", data, len, out, t);
	else
		decode_declared(data, len, out, t);
	return buf_check(out, "the document in UTF-8", err);
}

int32_t
xm_cp1252(unsigned char byte)
{
	static const unsigned short high[32] = {
		0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
		0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
		0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178
	};

	return byte >= 0x80 && byte <= 0x9f ? high[byte - 0x80] : byte;
}
