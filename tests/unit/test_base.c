#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"

static char dir[256];

static int
make_dir(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(dir, sizeof(dir), "%s/showmill-base-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	return mkdtemp(dir) == NULL;
}

static int
remove_dir(void **state)
{
	struct arena a = ARENA_INIT;
	char **names;
	size_t n, i;
	struct err err;

	(void)state;
	if (fs_list(&a, dir, &names, &n, &err) == 0)
		for (i = 0; i < n; i++)
			unlink(fs_join(&a, dir, names[i]));
	unlink(fs_join(&a, dir, "folder/inside"));
	unlink(fs_join(&a, dir, "folder/link"));
	rmdir(fs_join(&a, dir, "folder"));
	arena_release(&a);
	return rmdir(dir);
}

static void
err_hides_control_characters_and_names_the_place(void **state)
{
	struct err err = ERR_INIT;
	char text[200];

	(void)state;
	assert_int_equal(err_set(&err, ERR_INPUT, "bad \x1b[2J%s", "\r\n"), -1);
	assert_string_equal(err.msg, "bad ?[2J??");
	/* C1 as UTF-8 and as a byte of its own, and what was cut short; a
	 * letter whose second byte is such a byte stays. */
	err_set(&err, ERR_INPUT, "%s", "\xc2\x9b" "2J \x9b \xc3\x9b \xf0\x9f"
	    "\x8e\x99 \xc2\xa0 \xe2\x82");
	assert_string_equal(err.msg, "?2J ? \xc3\x9b \xf0\x9f\x8e\x99 "
	    "\xc2\xa0 ??");
	err_set(&err, ERR_INPUT, "bad \x1b[2J%s", "\r\n");
	err_at(&err, "a.md", 7);
	err_at(&err, "other.md", 9);
	err_format(&err, text, sizeof(text));
	assert_string_equal(text, "a.md:7: bad ?[2J??");
	assert_int_equal(err_exit_code(ERR_INPUT), 65);
	errno = ENOSPC;
	err_sys(&err, ERR_OUTPUT, "cannot be written");
	assert_string_equal(err.msg,
	    "cannot be written: No space left on device");
}

static void
buf_stops_at_its_ceiling(void **state)
{
	struct buf b;
	struct err err = ERR_INIT;

	(void)state;
	buf_init(&b, 10);
	assert_string_equal(b.data, "");
	buf_adds(&b, "12345");
	buf_addf(&b, "%d", 678);
	assert_string_equal(b.data, "12345678");
	assert_int_equal(buf_check(&b, "x", &err), 0);
	buf_adds(&b, "abc");
	assert_int_equal(b.len, 8);
	buf_adds(&b, "a");
	assert_int_equal(b.len, 8);
	assert_int_equal(buf_check(&b, "the title", &err), -1);
	assert_string_equal(err.msg, "the title is larger than 10 bytes");
	buf_release(&b);
	buf_init(&b, 0);
	buf_adds(&b, "x \t\r\n ");
	buf_rtrim(&b);
	assert_string_equal(b.data, "x");
	buf_release(&b);
}

static void
arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena a = ARENA_INIT;
	size_t i, j;
	char *p;

	(void)state;
	for (i = 1; i < 40000; i = i * 3 + 1) {
		p = arena_alloc(&a, i);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (j = 0; j < i; j++)
			assert_int_equal(p[j], 0);
		memset(p, 0xff, i);
	}
	assert_string_equal(arena_printf(&a, "%s-%d", "x", 3), "x-3");
	assert_null(arena_strdup(&a, NULL));
	arena_release(&a);
	assert_int_equal(a.used, 0);
}

static void
arena_grows_its_last_piece_in_place(void **state)
{
	struct arena a = ARENA_INIT;
	char *p, *q;
	size_t i;

	(void)state;
	p = arena_alloc(&a, 100);
	memset(p, 'p', 100);
	assert_ptr_equal(arena_grow(&a, p, 100, 50), p);
	assert_ptr_equal(arena_grow(&a, p, 100, 5000), p);
	q = arena_alloc(&a, 10);
	memcpy(q, "123456789", 10);
	assert_true(q >= p + 5000);
	/* No longer the last: it moves, and what is behind it stays. */
	p = arena_grow(&a, p, 5000, 6000);
	assert_ptr_not_equal(p, NULL);
	memset(p + 100, 'q', 5900);
	assert_string_equal(q, "123456789");
	/* Beyond its block, and then in one of its own. */
	for (i = 6000; i < 1000000; i += i / 2) {
		p = arena_grow(&a, p, i, i + i / 2);
		memset(p + i, 'r', i / 2);
	}
	for (i = 0; i < 100; i++)
		assert_int_equal(p[i], 'p');
	assert_int_equal(p[5999], 'q');
	assert_int_equal(p[6000], 'r');
	assert_string_equal(q, "123456789");
	/* What grows in place is not counted twice. */
	assert_true(a.used < 1500000 + 3 * 16384);
	memset(arena_alloc(&a, 100), 's', 100);
	assert_int_equal(p[6000], 'r');
	arena_release(&a);
}

static const char *
mail_date(const char *text, const struct date_zone *z)
{
	static char out[DATE_TEXT_MAX];
	struct err err = ERR_INIT;
	struct date d;

	if (date_parse(text, z, 6 * 3600, &d, &err) != 0)
		return "bad";
	date_rfc5322(&d, out);
	return out;
}

static void
dates_are_read_as_people_write_them(void **state)
{
	struct err err = ERR_INIT;
	struct date_zone *z = date_zone_open("America/Los_Angeles", &err);
	static const char *const rows[][2] = {
		{ "2025-06-02T10:00:00-07:00", "Mon, 02 Jun 2025 10:00:00 -0700" },
		{ "2025-06-02T17:00:00Z", "Mon, 02 Jun 2025 17:00:00 +0000" },
		{ "2025-06-02T17:00:00.75Z", "Mon, 02 Jun 2025 17:00:00 +0000" },
		{ "Mon, 02 Jun 2025 10:00:00 -0700", "Mon, 02 Jun 2025 10:00:00 -0700" },
		{ "2 Jun 25 10:00 PDT", "Mon, 02 Jun 2025 10:00:00 -0700" },
		{ "2025-06-02", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "2025-12-02 10:00", "Tue, 02 Dec 2025 10:00:00 -0800" },
		{ "2025-06-02 10:00 -0700", "Mon, 02 Jun 2025 10:00:00 -0700" },
		{ "1655726400782", "Mon, 20 Jun 2022 05:00:00 -0700" },
		{ "1655726400", "Mon, 20 Jun 2022 05:00:00 -0700" },
		/* not there: later by the gap; there twice: the earlier */
		{ "2025-03-09 02:30", "Sun, 09 Mar 2025 03:30:00 -0700" },
		{ "2025-11-02 01:30", "Sun, 02 Nov 2025 01:30:00 -0700" },
		{ "2024-02-29", "Thu, 29 Feb 2024 06:00:00 -0800" },
		/* as YAML has timestamps */
		{ "2001-12-14t21:59:43.10-05:00",
		    "Fri, 14 Dec 2001 21:59:43 -0500" },
		{ "2001-12-14 21:59:43.10 -5",
		    "Fri, 14 Dec 2001 21:59:43 -0500" },
		{ "2001-12-15 2:59:43.10", "Sat, 15 Dec 2001 02:59:43 -0800" },
		{ "2025-06-02T10:00:00+02", "Mon, 02 Jun 2025 10:00:00 +0200" },
		/* as America and JavaScript write them */
		{ "Jun 02 2025", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "June 2, 2025 10:00 PDT", "Mon, 02 Jun 2025 10:00:00 -0700" },
		{ "Mon Jun 02 2025 10:00:00 GMT-0700 (Pacific Daylight Time)",
		    "Mon, 02 Jun 2025 10:00:00 -0700" },
		{ "2025/06/02 10:00", "Mon, 02 Jun 2025 10:00:00 -0700" },
		{ "Sept. 2, 2025", "Tue, 02 Sep 2025 06:00:00 -0700" },
		{ "Thurs., 2 JANUARY 2025", "Thu, 02 Jan 2025 06:00:00 -0800" },
		{ "Tuesday, 2 sept 2025", "Tue, 02 Sep 2025 06:00:00 -0700" },
		{ "May 2, 2025", "Fri, 02 May 2025 06:00:00 -0700" },
		/* in other languages */
		{ "02.06.2025 10:00", "Mon, 02 Jun 2025 10:00:00 -0700" },
		{ "2.6.2025", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "2. Juni 2025", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "1er juin 2025", "Sun, 01 Jun 2025 06:00:00 -0700" },
		{ "2 de junio de 2025", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "2 czerwca 2025", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "2. März 2025", "Sun, 02 Mar 2025 06:00:00 -0800" },
		{ "2 Mars 2025", "Sun, 02 Mar 2025 06:00:00 -0800" },
		{ "2025年6月2日", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "20250602", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "20251302", "bad" }, { "18900602", "bad" },
		{ "June 2nd, 2025", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "2nd of June 2025", "Mon, 02 Jun 2025 06:00:00 -0700" },
		{ "2025-06-02T17:00:00Z[GMT]",
		    "Mon, 02 Jun 2025 17:00:00 +0000" },
		{ "2025-06-02T17:00:00Z[]", "bad" },
		{ "31.02.2025", "bad" }, { "2.6.25", "bad" },
		{ "13/07/2015", "bad" }, { "2025-06-02,", "bad" },
		/* other words that begin so */
		{ "Marzipan 2, 2025", "bad" }, { "2 Marsch 2025", "bad" },
		{ "Junk 2, 2025", "bad" }, { "Octopus 2 2025", "bad" },
		{ "Sep.t 2, 2025", "bad" }, { "June. 2, 2025", "bad" },
		{ "Ma 2, 2025", "bad" }, { "Sunny, 2 Mar 2025", "bad" },
		{ "2025/06-02", "bad" }, { "06/02/2025", "bad" },
		{ "Jun 2025", "bad" }, { "Jun 2, 25", "bad" },
		{ "2025-06-02T10:00:00+020", "bad" },
		{ "2025-06-02T10:00:00+02:", "bad" },
		{ "2025-06-02T10:00:00+", "bad" },
		{ "2 Jun 2025 10:00 PDT+0200", "bad" },
		{ "2025-02-29", "bad" },
		{ "Tue, 02 Jun 2025 10:00:00 -0700", "bad" },
		{ "2025-13-01", "bad" }, { "2025-06-02T25:00:00Z", "bad" },
		{ "next Monday", "bad" }, { "", "bad" }, { "1969-12-31", "bad" },
		{ "2025-06-02T10:00:00+25:00", "bad" },
	};
	size_t i;

	(void)state;
	assert_non_null(z);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(mail_date(rows[i][0], z), rows[i][1]);
	date_zone_close(z);
	assert_null(date_zone_open("Mars/Olympus", &err));
	assert_null(date_zone_open("../../etc/passwd", &err));
}

static void
dates_are_written_without_the_locale(void **state)
{
	static const struct { int64_t t; const char *week, *stamp; } rows[] = {
		{ 1104537600, "2004-W53", "2005-01-01T00:00:00Z" },
		{ 1735516800, "2025-W01", "2024-12-30T00:00:00Z" },
		{ 1798675200, "2026-W53", "2026-12-31T00:00:00Z" },
		{ 1748822400, "2025-W23", "2025-06-02T00:00:00Z" },
		{ 0, "1970-W01", "1970-01-01T00:00:00Z" },
	};
	char out[DATE_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct date d = { rows[i].t, 0 };

		date_iso_week(&d, out);
		assert_string_equal(out, rows[i].week);
		date_rfc3339(&d, out);
		assert_string_equal(out, rows[i].stamp);
	}
	{
		struct date d = { 1748822400, -12600 };

		date_rfc3339(&d, out);
		assert_string_equal(out, "2025-06-01T20:30:00-03:30");
		date_long(&d, out);
		assert_string_equal(out, "1 June 2025");
	}
}

/* Every day of 130 years there and back. */
static void
dates_survive_the_round_trip(void **state)
{
	struct date_parts p;
	struct date d, back;
	int64_t day;

	(void)state;
	for (day = 0; day < 47500; day++) {
		d.t = day * 86400 + 4711;
		d.offset = 0;
		date_split(&d, &p);
		back = date_from_wall(NULL, p.year, p.month, p.day, p.hour,
		    p.minute, p.second);
		assert_int_equal(back.t, d.t);
		assert_int_equal(p.weekday, (day + 3) % 7 + 1);
	}
}

static void
durations_and_spans(void **state)
{
	static const struct { const char *text; int64_t seconds; } rows[] = {
		{ "29:01", 1741 }, { "1:02:03", 3723 }, { "71:31", 4291 },
		{ "01:02:03.500", 3724 }, { "1741", 1741 }, { "0:00", 0 },
		{ "00:50:95", -1 }, { "1:60:00", -1 }, { "", -1 },
		{ "an hour", -1 }, { "-3", -1 }, { "1:2:3:4", -1 },
		{ "29:01 ", -1 }, { "39800000", -1 }, { "86400", 86400 },
		{ "86401", -1 }, { "39851000123", -1 }, { "29\t01", -1 },
		{ "1h 2m", 3720 }, { "45 min", 2700 }, { "PT1H2M3S", 3723 },
		{ "1 hour, 2 minutes 3.5 seconds", 3724 }, { "3s 1m", -1 },
		{ "pt29m", 1740 }, { "1.5 h", -1 }, { "PT", -1 }, { "h", -1 },
		{ "5 apples", -1 }, { "1:2m", -1 }, { "2m 3", -1 },
		{ "24:00:00", 86400 }, { "1001:00:00", -1 },
	};
	struct err err = ERR_INIT;
	char out[DATE_TEXT_MAX];
	int64_t s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s = -1;
		date_parse_duration(rows[i].text, &s, &err);
		assert_int_equal(s, rows[i].seconds);
	}
	date_parse_duration("00:50:95", &s, &err);
	assert_non_null(strstr(err.msg, "no 95 seconds in a minute"));
	date_parse_duration("1:60:00", &s, &err);
	assert_non_null(strstr(err.msg, "no 60 minutes in an hour"));
	date_parse_duration("39800000", &s, &err);
	assert_non_null(strstr(err.msg, "a size in bytes"));
	date_parse_duration("90000", &s, &err);
	assert_non_null(strstr(err.msg, "longer than a day"));
	date_parse_duration("29\t01", &s, &err);
	assert_non_null(strstr(err.msg, "a tab"));
	date_duration(3723, out);
	assert_string_equal(out, "1:02:03");
	date_duration(61, out);
	assert_string_equal(out, "1:01");
	assert_int_equal(date_parse_span("14d", &s, &err), 0);
	assert_int_equal(s, 14 * 86400);
	assert_int_equal(date_parse_span("14", &s, &err), -1);
}

static void
hashes_have_known_values(void **state)
{
	struct err err = ERR_INIT;
	unsigned char sum[HASH_SHA256_SIZE], raw[2];
	char hex[2 * HASH_SHA256_SIZE + 1], id[HASH_UUID_TEXT], b64[16];
	struct hash_hmac *h = hash_hmac_open("Jefe", 4);
	int i;

	(void)state;
	hash_sha256("abc", 3, sum);
	hash_hex(sum, sizeof(sum), hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	for (i = 0; i < 3; i++) {	/* RFC 4231 §4.3 */
		hash_hmac_make(h, "what do ya want for nothing?", 28, sum);
		hash_hex(sum, sizeof(sum), hex);
		assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843");
	}
	hash_hmac_close(h);
	hash_hmac_close(NULL);
	assert_int_equal(hash_uuid5("ead4c236-bf58-58c6-a2c6-a6b28d128cb6",
	    "podnews.net/rss", id, &err), 0);
	assert_string_equal(id, "9b024349-ccf0-5f69-a609-6b82873eab3c");
	assert_int_equal(hash_uuid5("no", "x", id, &err), -1);
	hash_base64url("\xff\xef\xfe", 3, b64);
	assert_string_equal(b64, "_-_-");
	hash_base64url("f", 1, b64);
	assert_string_equal(b64, "Zg");
	assert_int_equal(hash_unhex("0fA0", raw, 2), 0);
	assert_int_equal(raw[1], 0xa0);
	assert_int_equal(hash_unhex("0f", raw, 2), -1);
}

static void
replacing_leaves_an_unchanged_file_alone(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "feed.xml");
	struct fs_stamp before, after;
	bool changed;
	struct buf b;
	struct stat st;

	(void)state;
	assert_int_equal(fs_replace(path, "one", 3, 0640, &changed, &err), 0);
	assert_true(changed);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(fs_stamp(path, &before, &err), 0);
	assert_int_equal(fs_replace(path, "one", 3, 0644, &changed, &err), 0);
	assert_false(changed);
	assert_int_equal(fs_stamp(path, &after, &err), 0);
	assert_int_equal(before.inode, after.inode);
	assert_int_equal(fs_replace(path, "two", 3, 0644, &changed, &err), 0);
	assert_true(changed);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	buf_init(&b, 0);
	assert_int_equal(fs_read(path, 3, &b, NULL, &err), 0);
	assert_string_equal(b.data, "two");
	assert_int_equal(fs_read(path, 2, &b, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(fs_read(dir, 2, &b, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_NOINPUT);
	assert_int_equal(fs_replace(fs_join(&a, dir, "no/x"), "x", 1, 0644,
	    NULL, &err), -1);
	assert_int_equal(err.kind, ERR_OUTPUT);
	buf_release(&b);
	arena_release(&a);
}

/* The temporary files in the test's folder. */
static size_t
count_temps(void)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	size_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += strncmp(e->d_name, ".showmill.", 10) == 0;
	closedir(d);
	return n;
}

static void
file_is(const char *path, const char *want)
{
	struct err err = ERR_INIT;
	struct buf b;

	buf_init(&b, 0);
	assert_int_equal(fs_read(path, 100, &b, NULL, &err), 0);
	assert_string_equal(b.data, want);
	buf_release(&b);
}

static void
two_outputs_of_one_path_are_whole(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "both");
	struct fs_out *one = fs_out_open(path, 0644, &err);
	struct fs_out *two = fs_out_open(path, 0644, &err);
	bool changed = false;

	(void)state;
	assert_non_null(one);
	assert_non_null(two);
	fs_out_write(one, "the first", 9);
	fs_out_write(two, "another", 7);
	assert_int_equal(fs_out_commit(one, &changed, &err), 0);
	assert_true(changed);
	file_is(path, "the first");
	assert_int_equal(fs_out_commit(two, &changed, &err), 0);
	assert_true(changed);
	file_is(path, "another");
	assert_int_equal(count_temps(), 0);
	arena_release(&a);
}

static void
a_link_that_leads_nowhere_is_followed(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *link = fs_join(&a, dir, "link"), *loop = fs_join(&a, dir, "loop");
	struct stat st;

	(void)state;
	assert_int_equal(symlink("link2", link), 0);
	assert_int_equal(symlink(fs_join(&a, dir, "goal"),
	    fs_join(&a, dir, "link2")), 0);
	assert_int_equal(fs_replace(link, "x", 1, 0644, NULL, &err), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	file_is(fs_join(&a, dir, "goal"), "x");
	assert_int_equal(fs_replace(link, "y", 1, 0644, NULL, &err), 0);
	file_is(fs_join(&a, dir, "goal"), "y");
	assert_int_equal(symlink("loop", loop), 0);
	assert_int_equal(fs_replace(loop, "x", 1, 0644, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_OUTPUT);
	assert_string_equal(err.file, loop);
	unlink(loop);
	unlink(link);
	unlink(fs_join(&a, dir, "link2"));
	arena_release(&a);
}

/* What is no regular file stays what it is, and gets what is written. */
static void
a_fifo_is_written_into(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "fifo"), *link = fs_join(&a, dir, "lk");
	char got[8] = "";
	bool changed = false;
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(symlink("fifo", link), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(fs_replace(link, "whole", 5, 0666, &changed, &err), 0);
	assert_true(changed);
	assert_int_equal(read(fd, got, sizeof(got)), 5);
	assert_string_equal(got, "whole");
	close(fd);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(count_temps(), 0);
	unlink(link);
	unlink(path);
	arena_release(&a);
}

/* Not the system's own: a node that a wrong program would replace. */
static void
a_device_is_written_into(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "full");
	struct stat st;
	int fd;

	(void)state;
	if (mknod(path, S_IFCHR | 0666, makedev(1, 7)) != 0)
		skip();
	fd = open(path, O_WRONLY);
	if (fd < 0) {
		unlink(path);
		skip();
	}
	close(fd);
	assert_int_equal(fs_replace(path, "x", 1, 0666, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	assert_string_equal(err.file, path);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	unlink(path);
	arena_release(&a);
}

static void
an_output_for_its_owner_takes_rights_of_others(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "own");
	struct stat st;

	(void)state;
	assert_int_equal(fs_replace(path, "x", 1, 0666, NULL, &err), 0);
	assert_int_equal(chmod(path, 0754), 0);
	assert_int_equal(fs_replace(path, "y", 1, 0666, NULL, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0754);
	/* Also where the bytes are the same. */
	assert_int_equal(fs_replace(path, "y", 1, 0600, NULL, &err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	unlink(path);
	arena_release(&a);
}

/* A child that opens an output and dies of it, or waits for the pipe's end. */
static pid_t
child_with_output(const char *path, bool dies, int *hold)
{
	struct err err = ERR_INIT;
	int pipes[2], told[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(pipe(told), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(pipes[1]);
		if (fs_out_open(path, 0644, &err) == NULL)
			_exit(1);
		if (!dies) {
			(void)!write(told[1], "x", 1);
			(void)!read(pipes[0], &c, 1);
		}
		_exit(0);
	}
	close(pipes[0]);
	close(told[1]);
	(void)!read(told[0], &c, 1);
	close(told[0]);
	*hold = pipes[1];
	if (dies)
		waitpid(pid, NULL, 0);
	return pid;
}

/* Whoever made it: what counts is whether somebody holds it. */
static void
what_the_killed_left_is_removed(void **state)
{
	static const char *const foreign[] = {
		".showmill.x.tmp", ".x.1.tmp",
		".showmill.0123456789abcdef.tmp.bak"
	};
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "killed");
	char *folder = fs_join(&a, dir, ".showmill.00112233445566ff.tmp");
	struct stat st;
	pid_t living;
	int hold, dead;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		close(creat(fs_join(&a, dir, foreign[i]), 0644));
	assert_int_equal(mkdir(folder, 0755), 0);
	living = child_with_output(path, false, &hold);
	child_with_output(path, true, &dead);
	close(dead);
	close(creat(fs_join(&a, dir, ".showmill.0123456789abcdef.tmp"), 0444));
	assert_int_equal(count_temps(), 3 + 3);
	assert_int_equal(fs_replace(path, "x", 1, 0644, NULL, &err), 0);
	assert_int_equal(count_temps(), 3 + 1);
	close(hold);
	waitpid(living, NULL, 0);
	assert_int_equal(fs_replace(path, "y", 1, 0644, NULL, &err), 0);
	assert_int_equal(count_temps(), 3);
	assert_int_equal(rmdir(folder), 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(stat(fs_join(&a, dir, foreign[i]), &st), 0);
		unlink(fs_join(&a, dir, foreign[i]));
	}
	arena_release(&a);
}

/* Several feeds are made ready before the first is replaced; until then they
 * are held, or another run would take them for left. */
static void
what_is_ready_is_held_until_it_is_committed(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "ready");
	struct fs_out *o = fs_out_open(path, 0644, &err);

	(void)state;
	assert_non_null(o);
	fs_out_write(o, "x", 1);
	assert_int_equal(fs_out_finish(o, &err), 0);
	assert_int_equal(fs_replace(path, "y", 1, 0644, NULL, &err), 0);
	assert_int_equal(count_temps(), 1);
	assert_int_equal(fs_out_commit(o, NULL, &err), 0);
	file_is(path, "x");
	assert_int_equal(count_temps(), 0);
	arena_release(&a);
}

static bool no_stream;

/* In libc's place, to fail when told. */
FILE *
fdopen(int fd, const char *mode)
{
	FILE *(*libc)(int, const char *);
	void *symbol = dlsym(RTLD_NEXT, "fdopen");

	if (no_stream || symbol == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	memcpy(&libc, &symbol, sizeof(libc));
	return libc(fd, mode);
}

static void
an_output_that_fails_to_open_leaves_nothing(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	int before = dup(0), after;

	(void)state;
	close(before);
	no_stream = true;
	assert_null(fs_out_open(fs_join(&a, dir, "none"), 0644, &err));
	no_stream = false;
	assert_int_equal(err.kind, ERR_OUTPUT);
	assert_non_null(strstr(err.msg, "memory"));
	after = dup(0);
	close(after);
	assert_int_equal(before, after);
	assert_int_equal(count_temps(), 0);
	arena_release(&a);
}

static void
a_pattern_s_folder_is_a_name(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *odd = fs_join(&a, dir, "a[b]*?\\c"), **paths;
	size_t n;

	(void)state;
	assert_int_equal(fs_mkdirs(fs_join(&a, odd, "x"), &err), 0);
	assert_int_equal(fs_replace(fs_join(&a, odd, "x/show.ini"), "", 0,
	    0644, NULL, &err), 0);
	assert_int_equal(fs_glob(&a, odd, "*/show.ini", &paths, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_string_equal(paths[0], fs_join(&a, odd, "x/show.ini"));
	assert_int_equal(fs_glob(&a, odd, "x/show.ini", &paths, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_string_equal(paths[0], fs_join(&a, odd, "x/show.ini"));
	assert_int_equal(fs_glob(&a, ".", fs_join(&a, dir, "a*"), &paths, &n,
	    &err), 0);
	assert_int_equal(n, 1);
	unlink(fs_join(&a, odd, "x/show.ini"));
	rmdir(fs_join(&a, odd, "x"));
	rmdir(odd);
	arena_release(&a);
}

static void
a_lock_is_that_of_the_file_itself(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *link = fs_join(&a, dir, "store-link");
	struct fs_lock *l;

	(void)state;
	/* Not there yet, as a ledger before its first use. */
	assert_int_equal(symlink("store", link), 0);
	l = fs_lock_beside(fs_join(&a, dir, "store"), &err);
	assert_non_null(l);
	assert_null(fs_lock_beside(link, &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_non_null(strstr(err.file, "store.lock"));
	fs_lock_drop(l);
	l = fs_lock_beside(link, &err);
	assert_non_null(l);
	fs_lock_drop(l);
	unlink(link);
	arena_release(&a);
}

static void
a_lock_tells_its_owner(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "owned"), owner[FS_OWNER_MAX];
	const char *lock = fs_join(&a, dir, "owned.lock");
	const char *dead = "process 999999999 on ";
	char host[256];
	struct fs_lock *l;
	bool alive;

	(void)state;
	assert_false(fs_lock_owner(path, owner, &alive));
	l = fs_lock_beside(path, &err);
	assert_non_null(l);
	assert_true(fs_lock_owner(path, owner, &alive));
	assert_true(alive);
	assert_non_null(strstr(owner, arena_printf(&a, "process %ld on ",
	    (long)getpid())));
	fs_lock_drop(l);
	/* Of this host, and no more; of another one, of which nobody knows. */
	assert_int_equal(gethostname(host, sizeof(host)), 0);
	path = arena_printf(&a, "%s%s since x\n", dead, host);
	assert_int_equal(fs_replace(lock, path, strlen(path), 0600, NULL,
	    &err), 0);
	assert_true(fs_lock_owner(fs_join(&a, dir, "owned"), owner, &alive));
	assert_false(alive);
	path = arena_printf(&a, "%sx%s since x\n", dead, host);
	assert_int_equal(fs_replace(lock, path, strlen(path), 0600, NULL,
	    &err), 0);
	assert_true(fs_lock_owner(fs_join(&a, dir, "owned"), owner, &alive));
	assert_true(alive);
	unlink(lock);
	arena_release(&a);
}

static void
paths_do_not_leave_their_folder(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *sub = fs_join(&a, dir, "folder");

	(void)state;
	assert_int_equal(fs_mkdirs(sub, &err), 0);
	assert_int_equal(fs_replace(fs_join(&a, sub, "inside"), "x", 1, 0644,
	    NULL, &err), 0);
	assert_int_equal(fs_replace(fs_join(&a, dir, "outside"), "x", 1, 0644,
	    NULL, &err), 0);
	assert_int_equal(symlink("../outside", fs_join(&a, sub, "link")), 0);
	assert_non_null(fs_beneath(&a, sub, "inside", &err));
	assert_null(fs_beneath(&a, sub, "../outside", &err));
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_null(strstr(err.msg, "symbolic link"));
	assert_null(fs_beneath(&a, sub, "link", &err));
	assert_non_null(strstr(err.msg, "a symbolic link leads out"));
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_null(fs_beneath(&a, sub, "/etc/passwd", &err));
	assert_null(fs_beneath(&a, sub, "nothing", &err));
	assert_int_equal(err.kind, ERR_NOINPUT);
	assert_string_equal(fs_stem(&a, "/x/434-a.b.md"), "434-a.b");
	assert_string_equal(fs_dirname(&a, "/x"), "/");
	arena_release(&a);
}

static void
a_lock_is_held_by_one(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	char *path = fs_join(&a, dir, "lock");
	struct fs_lock *l = fs_lock_take(path, &err);

	(void)state;
	assert_non_null(l);
	assert_null(fs_lock_take(path, &err));
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_non_null(strstr(err.msg, "since 20"));
	fs_lock_drop(l);
	l = fs_lock_take(path, &err);
	assert_non_null(l);
	fs_lock_drop(l);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(err_hides_control_characters_and_names_the_place),
		cmocka_unit_test(buf_stops_at_its_ceiling),
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(arena_grows_its_last_piece_in_place),
		cmocka_unit_test(dates_are_read_as_people_write_them),
		cmocka_unit_test(dates_are_written_without_the_locale),
		cmocka_unit_test(dates_survive_the_round_trip),
		cmocka_unit_test(durations_and_spans),
		cmocka_unit_test(hashes_have_known_values),
		cmocka_unit_test(replacing_leaves_an_unchanged_file_alone),
		cmocka_unit_test(two_outputs_of_one_path_are_whole),
		cmocka_unit_test(a_fifo_is_written_into),
		cmocka_unit_test(a_device_is_written_into),
		cmocka_unit_test(an_output_for_its_owner_takes_rights_of_others),
		cmocka_unit_test(a_link_that_leads_nowhere_is_followed),
		cmocka_unit_test(what_the_killed_left_is_removed),
		cmocka_unit_test(what_is_ready_is_held_until_it_is_committed),
		cmocka_unit_test(an_output_that_fails_to_open_leaves_nothing),
		cmocka_unit_test(a_pattern_s_folder_is_a_name),
		cmocka_unit_test(a_lock_is_that_of_the_file_itself),
		cmocka_unit_test(a_lock_tells_its_owner),
		cmocka_unit_test(paths_do_not_leave_their_folder),
		cmocka_unit_test(a_lock_is_held_by_one),
	};

	return cmocka_run_group_tests_name("base", tests, make_dir, remove_dir);
}
