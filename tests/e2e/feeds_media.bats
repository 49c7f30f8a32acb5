#!/usr/bin/env bats
# What a feed says of its audio is true, or it is not published.
load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	mkdir web && head -c 123456 /dev/zero > web/far.mp3
}
teardown() { peers_stop; }

at=2026-02-01

build() { run "$SHOWMILL" feed build --at "$at" --out out "$@"; }
show() { echo "$1" >> feeds/mini/show.ini; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
# remote N NAME [EXTRA]: an episode on a web server that follows RULES.
remote() { site_episode "$1" "2026-01-1${1}T12:00:00Z" "$2" "duration: 1:00${3:+$'\n'$3}"; }
serve() {
	http_start "$PWD/web" "$1"
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
}
url() { sed -n 's/.*<enclosure url="\([^"]*\)".*/\1/p' "${1:-out/feed.xml}"; }

@test "--strict: a length that the file does not have is an error" {
	sed -i '/^audio:/a length: 5' feeds/mini/episodes/001-*.md
	build
	expect 0 'length says 5 bytes'
	cp out/feed.xml before.xml
	build --strict
	expect 65 'error: length says 5 bytes, but the file has'
	cmp out/feed.xml before.xml
	sed -i "s/^length: 5/length: $(stat -c %s feeds/mini/media/one.mp3)/" feeds/mini/episodes/001-*.md
	build --strict
	expect 0 ''
}

@test "a file that changes while feeds are made: no feed, 75" {
	serve '* delay 1500'
	remote 2 https://cdn.example.org/far.mp3
	build
	[ "$status" = 0 ]
	cp out/feed.xml before.xml
	remote 3 https://cdn.example.org/far.mp3?3
	(sleep 0.6; head -c 100 /dev/zero >> feeds/mini/media/one.mp3) 3>&- &
	writer=$!
	build
	wait "$writer"
	expect 75 'one.mp3: error: has changed while the feeds were made'
	cmp out/feed.xml before.xml
	build
	expect 0 ''
}

@test "settle: a new file waits, and one that is published does not" {
	show 'settle = 1h'
	build
	expect 75 '1 episode waits for the audio to be complete'
	[[ "$output" == *'one.mp3 was written less than 3600 seconds ago'*'[media-young]'* ]]
	[ -z "$(url)" ]
	touch -d '2 hours ago' feeds/mini/media/one.mp3
	build
	expect 0 ''
	[ -n "$(url)" ]
	rm out/*.xml
	touch -d 2099-01-01 feeds/mini/media/one.mp3
	build
	expect 0 ''
	# Mended later: subscribers have it.
	touch feeds/mini/media/one.mp3
	build
	expect 0 ''
	[ -n "$(url)" ]
}

@test "analytics_prefix: put on for publishing, taken off for asking; guids stay" {
	serve ''
	remote 2 https://cdn.example.org/far.mp3
	remote 3 https://dts.podtrac.com/redirect.mp3/cdn.example.org/far.mp3?3
	build
	expect 0 ''
	grep -o '<guid.*guid>' out/feed.xml > before
	grep -q 'HEAD.*far.mp3' "$HTTP_LOG"
	show 'analytics_prefix = https://op3.dev/e/'
	build
	expect 0 ''
	grep -o '<guid.*guid>' out/feed.xml | cmp - before
	url | grep -Fx 'https://op3.dev/e/cdn.example.org/far.mp3'
	url | grep -Fx 'https://op3.dev/e/dts.podtrac.com/redirect.mp3/cdn.example.org/far.mp3?3'
	[ "$(url | grep -c op3.dev)" = 3 ]
	# Put once.
	sed -i 's#https://cdn#https://op3.dev/e/cdn#' feeds/mini/episodes/002-*.md
	build
	url | grep -Fx 'https://op3.dev/e/cdn.example.org/far.mp3'
}

@test "an address of two episodes is asked once, and many are asked at once" {
	serve '* delay 2000'
	echo 'recheck = 1h' >> config.ini
	for n in 2 3 4 5 6 7 8 9; do
		cp web/far.mp3 "web/$n.mp3"
		remote $n "https://cdn.example.org/$n.mp3"
	done
	SECONDS=0
	build
	expect 0 ''
	# One after the other it would be 16.
	[ "$SECONDS" -lt 12 ]
	[ "$(grep -c HEAD "$HTTP_LOG")" = 8 ]
	build
	[ "$(grep -c HEAD "$HTTP_LOG")" = 8 ]
	sed -i 's/^recheck.*/recheck = 0s/' config.ini
	build
	[ "$(grep -c HEAD "$HTTP_LOG")" = 16 ]
	[ "$(grep -c 304 "$HTTP_LOG")" = 8 ]
}

@test "the duration of a remote file is looked for where the notes do not say it, once" {
	cp feeds/mini/media/one.mp3 web/one.mp3
	serve ''
	echo 'recheck = 1h' >> config.ini
	site_episode 2 2026-01-12T12:00:00Z https://cdn.example.org/one.mp3 ''
	build
	expect 0 ''
	[ "$(grep -o '<itunes:duration>[^<]*' out/feed.xml | sort -u | wc -l)" = 1 ]
	n=$(wc -l < "$HTTP_LOG")
	build
	expect 0 ''
	[ "$(wc -l < "$HTTP_LOG")" = "$n" ]
	cp out/feed.xml before.xml
	rm cache.db
	build
	cmp out/feed.xml before.xml
}

@test "a cache of version 1: its files are looked into again, answers of servers stay" {
	serve ''
	remote 2 https://cdn.example.org/far.mp3
	build
	expect 0 ''
	cp out/feed.xml before.xml
	/usr/bin/python3 - cache.db <<-'PY'
	import sqlite3, sys
	c = sqlite3.connect(sys.argv[1])
	has = 'length duration_ms learnt type etag modified key size mtime_ns inode'.split()
	for _, column, *_ in c.execute('PRAGMA table_info(media)').fetchall():
	    if column not in has:
	        c.execute(f'ALTER TABLE media DROP COLUMN {column}')
	c.execute('DROP TABLE chapters')
	for t in 'pings', 'links', 'spam':
	    c.execute('DROP TABLE ' + t)
	c.execute("UPDATE media SET length = 7, duration_ms = -1 WHERE key LIKE '/%'")
	c.execute('PRAGMA user_version = 1')
	c.commit()
	PY
	: > "$HTTP_LOG"
	build
	expect 0 unchanged
	[[ "$output" != *'the cache is not used'* ]]
	cmp out/feed.xml before.xml
	[ "$(grep -c 304 "$HTTP_LOG")" = 1 ]
	# And without any cache the bytes are the same.
	rm cache.db
	build
	cmp out/feed.xml before.xml
}

# with_chapters FILE: MP3 with three chapters and a picture of 3 by 2.
with_chapters() {
	/usr/bin/python3 - "$1" <<-'PY'
	import struct, sys, zlib
	def frame(name, body): return name + struct.pack('>I', len(body)) + bytes(2) + body
	def piece(name, body): return struct.pack('>I', len(body)) + name + body + struct.pack('>I', zlib.crc32(name + body))
	png = (b'\x89PNG\r\n\x1a\n' + piece(b'IHDR', struct.pack('>IIBBBBB', 3, 2, 8, 2, 0, 0, 0))
	    + piece(b'IDAT', zlib.compress((bytes(1) + bytes(9)) * 2)) + piece(b'IEND', b''))
	tag = frame(b'APIC', b'\0image/png\0\3\0' + png)
	for i, title in enumerate(['One', 'A "second" \\', 'Three']):
	    tag += frame(b'CHAP', b'c%d\0' % i + struct.pack('>4I', i * 1000, i * 1000 + 1000, 2**32 - 1, 2**32 - 1)
	        + frame(b'TIT2', b'\0' + title.encode()))
	n = len(tag)
	open(sys.argv[1], 'wb').write(b'ID3\3\0\0' + bytes([n >> 21 & 127, n >> 14 & 127, n >> 7 & 127, n & 127])
	    + tag + (b'\xff\xfb\x90\x04' + bytes(413)) * 200)
	PY
}
# Chapters are read by libavformat, where it is installed.
needs_chapters() { [ "$("$SHOWMILL" media probe "$1" | grep -c ^chapter)" = 3 ] || skip 'libavformat is not installed'; }
# inside N: what episode show tells of what is in the audio, and whence.
inside() {
	"$SHOWMILL" episode show "$1" --json | /usr/bin/python3 -c '
import json, sys
for f in json.load(sys.stdin)["facts"]:
    if f["fact"] in ("sample_rate", "channels", "audio_chapters", "art"):
        more = [str(f[k]) for k in ("type", "width", "height", "channels", "length") if k in f]
        print(f["fact"], f["value"], *more, "by", f["origin"])'
}
facts() { printf 'sample_rate 44100 by %s\nchannels 2 by %s\naudio_chapters 3 by %s\nart 3x2 image/png 3 2 3 %s by %s' "$1" "$1" "$1" "$2" "$1"; }

@test "what is in a file is known by the cache: sample rate, channels, chapters, art" {
	with_chapters web/c.mp3
	needs_chapters web/c.mp3
	art=$("$SHOWMILL" media probe --json web/c.mp3 | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["art"]["length"])')
	cp web/c.mp3 feeds/mini/media/c.mp3
	serve ''
	echo 'recheck = 1h' >> config.ini
	site_episode 2 2026-01-12T12:00:00Z https://cdn.example.org/c.mp3 ''
	site_episode 3 2026-01-13T12:00:00Z c.mp3 ''
	# Without a cache, and what was learnt in this run.
	[ "$(inside 2)" = "$(facts 'web server' "$art")" ]
	[ "$(inside 3)" = "$(facts file "$art")" ]
	[ "$(inside 2)" = "$(facts cache "$art")" ]
	[ "$(inside 3)" = "$(facts cache "$art")" ]
	build
	expect 0 ''
	cp out/feed.xml before.xml
	# The server is gone; then what it said is no longer young.
	peers_stop
	[ "$(inside 2)" = "$(facts cache "$art")" ]
	sed -i 's/^recheck.*/recheck = 0s/' config.ini
	[ "$(inside 2 2>/dev/null)" = "$(facts cache "$art")" ]
	run "$SHOWMILL" episode show 2
	expect 0 'media-from-cache'
	grep -Eq '^audio_chapters +cache +3$' <<< "$output"
	grep -Eq "^art +cache +3x2, image/png, $art bytes\$" <<< "$output"
	build
	expect 0 'media-from-cache'
	cmp out/feed.xml before.xml
}

@test "what is in a file that was replaced, or that nobody looked into, is not told" {
	with_chapters web/c.mp3
	needs_chapters web/c.mp3
	serve ''
	site_episode 2 2026-01-12T12:00:00Z https://cdn.example.org/c.mp3 'duration: 0:05'
	[ -z "$(inside 2)" ]
	site_episode 2 2026-01-12T12:00:00Z https://cdn.example.org/c.mp3 ''
	[[ "$(inside 2)" == *'audio_chapters 3 by web server'* ]]
	# A new one, of which only the size was asked; then it cannot be had.
	head -c 70000 feeds/mini/media/one.mp3 > web/c.mp3
	site_episode 2 2026-01-12T12:00:00Z https://cdn.example.org/c.mp3 'duration: 0:05'
	[ -z "$(inside 2)" ]
	peers_stop
	site_episode 2 2026-01-12T12:00:00Z https://cdn.example.org/c.mp3 ''
	run "$SHOWMILL" episode show 2
	expect 0 'media-from-cache'
	[[ "$output" != *audio_chapters* ]]
}

@test "a cache whose chapters are damaged or somebody else's: they are not known" {
	with_chapters feeds/mini/media/one.mp3
	in_cache() { /usr/bin/python3 -c 'import sqlite3, sys; c = sqlite3.connect("cache.db"); c.execute(sys.argv[1]); c.commit()' "$1"; }
	needs_chapters feeds/mini/media/one.mp3
	[[ "$(inside 1)" == *'audio_chapters 3 by file'* ]]
	[[ "$(inside 1)" == *'audio_chapters 3 by cache'* ]]
	for text in "substr(text, 1, 50)" "''" "'[7]'" "'{\"a\": 1}'" "CAST(x'5bff5d' AS TEXT)" "replace(hex(zeroblob(5000)), '0', '[')"; do
		in_cache "UPDATE chapters SET text = $text"
		run inside 1
		[ "$status" = 0 ]
		[[ "$output" == *'sample_rate 44100 by cache'* ]]
		[[ "$output" != *audio_chapters* ]]
	done
	# Another file is looked into again.
	touch feeds/mini/media/one.mp3
	[[ "$(inside 1)" == *'audio_chapters 3 by file'* ]]
	[[ "$(inside 1)" == *'audio_chapters 3 by cache'* ]]
}

@test "an address of two shows is asked once, though one says the duration" {
	cp feeds/mini/media/one.mp3 web/one.mp3
	serve ''
	mkdir -p feeds/other/episodes
	sed 's/mini\.example/other.example/; s/7d9e2b6e/7d9e2b6f/; s#^media_dir.*#media_dir = ../mini/media#' feeds/mini/show.ini > feeds/other/show.ini
	remote 2 https://cdn.example.org/one.mp3
	site_episode 3 2026-01-13T12:00:00Z https://cdn.example.org/one.mp3
	mv feeds/mini/episodes/003-* feeds/other/episodes/
	build
	expect 0 ''
	[ "$(grep -c HEAD "$HTTP_LOG")" = 1 ]
	[ "$(grep -c GET "$HTTP_LOG")" = 1 ]
}

# other: a second show, with the audio folder of the first.
other() {
	mkdir -p feeds/other/episodes
	sed 's/mini\.example/other.example/; s/7d9e2b6e/7d9e2b6f/; s#^media_dir.*#media_dir = ../mini/media#' feeds/mini/show.ini > feeds/other/show.ini
}

@test "what one show, or an earlier note, wanted to know changes nothing for another" {
	cp feeds/mini/media/one.mp3 web/one.mp3
	serve '/one.mp3 field Content-Type: application/octet-stream'
	echo 'recheck = 1h' >> config.ini
	other
	site_episode 2 2026-01-12T12:00:00Z https://cdn.example.org/one.mp3 'duration: 0:01'
	site_episode 3 2026-01-13T12:00:00Z https://cdn.example.org/one.mp3
	mv feeds/mini/episodes/003-* feeds/other/episodes/
	build --show mini
	expect 0 ''
	cp out/mini/feed.xml alone.xml
	rm -r out cache.db
	build
	expect 0 ''
	cmp out/mini/feed.xml alone.xml
	# The other one looked into the file.
	grep -q '<itunes:duration>[2-9]' out/other/feed.xml
	# The notes say it later: as if they always had.
	sed -i '/^audio:/a duration: 0:01' feeds/other/episodes/003-*
	build
	cp out/other/feed.xml with.xml
	rm cache.db
	build
	cmp out/other/feed.xml with.xml
}

@test "settle: an episode that waits holds up its own show alone" {
	other
	site_episode 3 2026-01-13T12:00:00Z one.mp3
	mv feeds/mini/episodes/003-* feeds/other/episodes/
	echo 'settle = 1h' >> feeds/other/show.ini
	build
	expect 75 '1 episode waits'
	[[ "$output" == *'out/other/feed.xml: no episode yet, not written'* ]]
	[ -n "$(url out/mini/feed.xml)" ]
	[ ! -e out/other/feed.xml ]
}

@test "one file, plain and behind a prefix, is the audio of two episodes" {
	serve ''
	remote 2 https://cdn.example.org/far.mp3
	remote 3 https://dts.podtrac.com/redirect.mp3/cdn.example.org/far.mp3
	build
	expect 65 '[episode-audio-twice]'
	rm feeds/mini/episodes/002-*
	run "$SHOWMILL" episode show 3
	[[ "$output" =~ asked\ +made\ +http://127.0.0.1:[0-9]+/far.mp3 ]]
}

@test "bytes that are no audio, a document without a duration, and what is not known" {
	head -c 5000 /dev/zero > feeds/mini/media/zero.mp3
	printf '%%PDF-1.4\n%%%%EOF\n' > feeds/mini/media/paper.pdf
	site_episode 2 2026-01-12T10:00:00Z zero.mp3
	build
	expect 65 '/zero.mp3 is not known to be audio; when it plays, write its type, as in `type: audio/mpeg`'
	site_episode 2 2026-01-12T10:00:00Z zero.mp3 'type: audio/mpeg'
	build
	expect 0 '002-the-2.md:2: warning: how long the audio is cannot be known'
	run "$SHOWMILL" episode show 2
	expect 0 '002-the-2.md:2: warning: how long the audio is cannot be known'
	site_episode 2 2026-01-12T10:00:00Z paper.pdf
	build
	expect 0 ''
	[[ "$output" != *warning* ]]
	run "$SHOWMILL" episode show 2
	[[ "$output" != *warning* ]]
}
