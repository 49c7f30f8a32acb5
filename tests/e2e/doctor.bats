#!/usr/bin/env bats
# media doctor: what is published, on a web server that has its faults.

load site
load peers

setup() {
	site_make
	mkdir web
	cp "$REPO/tests/e2e/fixtures/cbr.mp3" web/one.mp3
	picture web/cover.png 1400 1400 2
	printf 'WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n' > web/one.vtt
	echo '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "a"}, {"startTime": 0.5}]}' > web/one.json
}
teardown() { peers_stop; }

at=2026-02-01
notes=feeds/mini/episodes/001-the-1.md

# picture FILE WIDTH HEIGHT COLOURS: a black PNG; 0 grey, 2 RGB.
picture() {
	/usr/bin/python3 -c '
import struct, sys, zlib
name, w, h, c = sys.argv[1], *map(int, sys.argv[2:])
def chunk(t, d): return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
row = bytes(1 + w * (3 if c == 2 else 1))
open(name, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, c, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(row * h)) + chunk(b"IEND", b""))' "$@"
}
# serve [RULES]: everything of the show and its episode lies on this server.
cors='/*.vtt field Access-Control-Allow-Origin: *
/*.json field Access-Control-Allow-Origin: *'
png='/cover.png field Content-Type: image/png'
serve() {
	http_start "$PWD/web" "${1:-}
$cors"
	base=http://127.0.0.1:$HTTP_PORT
	sed -i "s#^image = .*#image = $base/cover.png#; /^media_dir/d; /^media_url/d" feeds/mini/show.ini
	one
}
# one [AUDIO] [EXTRA]
one() {
	site_episode 1 2026-01-05T10:00:00Z "$base/${1:-one.mp3}" "${2:-duration: 0:30
transcripts: $base/one.vtt
chapters: $base/one.json}"
}
doctor() { run "$SHOWMILL" media doctor --at $at "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
# only CODE WORDS: and nothing else.
only() { expect "$@" && [ "${#lines[@]}" = 1 ] || { echo "$output"; return 1; }; }

@test "all is well: nothing is said, and -v tells what was looked at" {
	serve
	doctor
	[ "$status" = 0 ] && [ -z "$output" ] || { echo "$status: $output"; false; }
	"$SHOWMILL" feed build --at $at -q
	grep -q "<podcast:transcript url=\"$base/one.vtt\"" feeds/mini/public/feed.xml
	doctor -v
	expect 0 'looked at: audio 1, pictures 1, transcripts 1, chapters 1; errors 0, warnings 0'
	grep -q "^HEAD	/one.mp3" "$HTTP_LOG"
	grep -q "^GET	/one.mp3	206	bytes=0-65535" "$HTTP_LOG"
}

@test "audio that is gone, and servers that know no HEAD or no byte ranges" {
	serve '/head.mp3 head 405
/ranges.mp3 range ignore
/busy.mp3 status 503'
	for f in head ranges busy; do cp web/one.mp3 web/$f.mp3; done
	one gone.mp3 'duration: 0:30'
	doctor
	only 65 "$notes:5: error: audio of episode 1: GET $base/gone.mp3: the server answered 404; upload it again, or change the address [media-gone]"
	one head.mp3 'duration: 0:30'
	doctor
	only 69 'the server answered 405, but GET is answered; Apple demands both'
	[[ "$output" == *'[media-head]' ]]
	one ranges.mp3 'duration: 0:30'
	doctor
	only 69 'the server sends all; Apple demands byte ranges'
	[[ "$output" == *'[media-ranges]' ]]
}

@test "sizes: the feed, the server and the file here" {
	serve
	"$SHOWMILL" feed build --at $at -q
	head -c 1000 web/one.mp3 > web/short && mv web/short web/one.mp3
	doctor
	only 65 'the server has 1000 bytes, but feeds/mini/public/feed.xml says '
	[[ "$output" == *'[media-length]' ]]
	# The file here is another one.
	sed -i "\$a media_dir = media\nmedia_url = $base/" feeds/mini/show.ini
	rm feeds/mini/public/feed.xml
	doctor
	expect 65 "the server has 1000 bytes, the file here $(stat -c %s feeds/mini/media/one.mp3); upload it again [media-length]"
}

@test "a feed that cannot be read is told; a show that was never built is well" {
	serve "$png"
	run "$SHOWMILL" media doctor --at $at
	[ "$status" = 0 ]
	"$SHOWMILL" -q feed build --at $at
	run "$SHOWMILL" media doctor --at $at
	[ "$status" = 0 ]
	echo junk > "$(find . -name feed.xml)"
	run "$SHOWMILL" media doctor --at $at
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *'feed.xml:'*'[media-feed]'* ]]
}

@test "types: pages, and bytes of another kind" {
	serve '/page.mp3 html
/named.mp3 field Content-Type: audio/ogg'
	cp web/one.mp3 web/named.mp3; cp web/one.mp3 web/page.mp3
	one page.mp3 'duration: 0:30'
	doctor
	[ "$(grep -c 'media-type' <<<"$output")" = 1 ]
	expect 65 'the server sends text/html, which is no audio'
	cp web/one.mp3 web/plain.txt
	one plain.txt 'duration: 0:30'
	doctor
	only 65 'the server says it is text/plain, its bytes are audio/mpeg; let it send that [media-type]'
	cp web/one.mp3 web/some.bin
	one some.bin 'duration: 0:30'
	doctor
	only 0 'warning: audio of episode 1, '
	[[ "$output" == *'application/octet-stream, its bytes say audio/mpeg; let it send its media type [media-type]' ]]
	head -c 100000 /dev/zero > web/one.mp3
	one one.mp3 'duration: 0:30'
	doctor
	only 0 'one.mp3: the server says it is audio/mpeg, but it does not begin so; listen to it, and upload it again [media-type]'
}

@test "types: an archive and a page that are called audio" {
	serve
	(cd web && /usr/bin/python3 -c 'import zipfile
zipfile.ZipFile("zip.mp3", "w").write("one.mp3")')
	printf '\n<!DOCTYPE html>\n<p>Sorry.' > web/page.mp3
	one zip.mp3 'duration: 0:30'
	doctor
	only 65 'its bytes are application/zip, which is no audio; upload it again, or change the address [media-type]'
	one page.mp3 'duration: 0:30'
	doctor
	only 65 'its bytes are text/html, which is no audio; upload it again, or change the address [media-type]'
}

@test "pictures: pixels, colours, ending, and no picture at all" {
	serve
	picture web/cover.png 1000 1400 2
	doctor
	only 65 'it has 1000 x 1400 pixels; Apple takes squares of 1400 to 3000 [media-image]'
	[[ "$output" == feeds/mini/show.ini:*'error: picture of the show mini, '* ]]
	picture web/cover.png 3001 3001 2
	doctor
	only 65 'it has 3001 x 3001 pixels'
	picture web/cover.png 3000 3000 0
	doctor
	only 65 'its colours are shades of grey; save it in RGB [media-image]'
	picture web/cover.png 1400 1400 2
	mv web/cover.png web/cover.jpg
	sed -i 's#/cover.png#/cover.jpg#' feeds/mini/show.ini
	doctor
	expect 0 'it is image/png, and its address does not end so; let it end in .png [media-image]'
	echo nothing > web/cover.jpg
	doctor
	expect 65 'it is neither JPEG nor PNG; directories take JPEG and PNG [media-image]'
}

@test "transcripts: what does not parse, and what web players may not read" {
	cors=${cors#*$'\n'}
	serve
	doctor
	only 0 'web players may not read it; let the server send Access-Control-Allow-Origin: * [media-cors]'
	printf 'WEBVTT\n\n00:02.000 --> 00:01.000\nHello\n' > web/one.vtt
	doctor
	expect 65 'transcript of episode 1, '
	[[ "$output" == *': line 3: '*'[media-transcript]'* ]]
	rm web/one.vtt
	doctor
	only 65 '404; upload it again, or change the address [media-gone]'
}

@test "chapters: JSON, a version, times that increase within the audio" {
	serve
	is() {
		echo "$1" > web/one.json
		doctor
		only 65 "$2"
		[[ "$output" == *'[media-chapters]' ]]
	}
	is 'chapters' "one.json: it is no JSON file of chapters: line 1: '[' or '{' expected near 'chapters'"
	is '[]' 'it is no JSON file of chapters: line 1: an object is wanted: { "key": value }'
	is '{"chapters": [{"startTime": 0}]}' 'it does not say its `version`'
	is '{"version": "1.2.0"}' 'it has no list of `chapters`'
	is '{"version": "1.2.0", "chapters": [{"startTime": "0"}]}' 'chapter 1 has no `startTime` in seconds'
	is '{"version": "1.2.0", "chapters": [{"startTime": 2.5}, {"startTime": 2.5}]}' 'chapter 2 begins at 2.5 s, and the one before it at 2.5 s'
	is '{"version": "1.2.0", "chapters": [{"startTime": 0}, {"startTime": 31}]}' 'chapter 2 begins at 31 s, but the audio ends after 30 s'
	is '{"version": "1.2.0", "chapters": [{"startTime": 0}]} more' 'more follows behind its JSON object'
}

@test "chapters and transcripts: for one page alone, compressed, of another type" {
	serve '/two.json field Access-Control-Allow-Origin: https://example.org
/three.json field Content-Encoding: gzip
/two.txt field Access-Control-Allow-Origin: https://player.example'
	cp web/one.json web/two.json; cp web/one.json web/three.json
	cp web/one.vtt web/two.txt
	one one.mp3 "chapters: $base/two.json"
	doctor
	only 0 "chapters of episode 1, $base/two.json: web players may not read it, but for https://example.org; let the server send Access-Control-Allow-Origin: * [media-cors]"
	one one.mp3 "chapters: $base/three.json"
	doctor
	expect 65 "chapters of episode 1, $base/three.json: the server sends it compressed, though that was not asked for"
	[[ "$output" == *'[media-chapters]'* ]]
	one one.mp3 "transcripts: [{url: $base/two.txt, type: text/vtt}]"
	doctor
	only 0 "transcript of episode 1, $base/two.txt: the server says it is text/plain, the feed text/vtt; let it send that [media-type]"
	mv web/one.json web/plain.txt
	one one.mp3 "chapters: $base/plain.txt"
	doctor
	expect 0 'the server says it is text/plain; let it send application/json+chapters [media-type]'
}

@test "a file that HEAD tells of, but GET does not give, is gone" {
	serve 'GET:/cover.png status 403
GET:/lost.mp3 status 404'
	cp web/one.mp3 web/lost.mp3
	doctor
	only 65 'picture of the show mini: GET '"$base"'/cover.png: the server answered 403; let anybody read it [media-gone]'
	sed -i "s#/cover.png#/other.png#" feeds/mini/show.ini
	cp web/cover.png web/other.png
	one lost.mp3 'duration: 0:30'
	doctor
	only 65 'the server answered 404; upload it again, or change the address [media-gone]'
}

@test "a server that is silent is told once, and what it does for many files too" {
	serve '/*.mp3 head 405'
	for n in 2 3 4; do
		cp web/one.mp3 web/$n.mp3
		site_episode $n 2026-01-0${n}T10:00:00Z "$base/$n.mp3" 'duration: 0:30'
	done
	doctor
	only 69 "(and so for 3 more addresses of 127.0.0.1:$HTTP_PORT) [media-head]"
	http_stop
	doctor
	only 69 "(and so for 6 more addresses of 127.0.0.1:$HTTP_PORT) [media-silent]"
}

@test "loudness of the newest three files here, of all with --all" {
	serve
	sed -i "\$a media_dir = media\nmedia_url = $base/" feeds/mini/show.ini
	for n in 1 2 3 4; do
		cp "$REPO/tests/e2e/fixtures/cbr.mp3" feeds/mini/media/$n.mp3
		cp feeds/mini/media/$n.mp3 web/
		site_episode $n 2026-01-0${n}T10:00:00Z $n.mp3
	done
	doctor
	expect 0 '[media-loudness]'
	[ "$(grep -c 'media-loudness' <<<"$output")" = 3 ]
	[[ "$output" != *'audio of episode 1,'* ]]
	doctor --all
	[ "$(grep -c 'media-loudness' <<<"$output")" = 4 ]
}

# tone FILE CHANNELS DECIBELS: two seconds of 997 Hz, which is as loud in LUFS
# in two channels as its level, and 3 LU less in one (ITU-R BS.1770).
tone() {
	/usr/bin/python3 -c '
import math, struct, sys, wave
name, n, db = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
w = wave.open(name, "wb"); w.setnchannels(n); w.setsampwidth(2); w.setframerate(48000)
a = 32767 * 10 ** (db / 20)
w.writeframes(b"".join(struct.pack("<h", round(a * math.sin(2 * math.pi * 997 * i / 48000))) * n for i in range(96000)))' "$@"
}

@test "loudness: -16 LUFS, -19 in one channel, and true peaks under -1 dB" {
	serve '/*.wav field Content-Type: audio/wav'
	sed -i "\$a media_dir = media\nmedia_url = $base/" feeds/mini/show.ini
	try() { # CHANNELS DECIBELS
		tone feeds/mini/media/t.wav "$1" "$2"
		cp feeds/mini/media/t.wav web/
		site_episode 1 2026-01-05T10:00:00Z t.wav
		doctor
		grep -v media-type <<<"$output" > said || true
		[ "$status" = 0 ]
	}
	for level in -16.9 -16 -15.1; do
		try 2 $level
		[ ! -s said ] || { cat said; false; }
		try 1 $level
		[ ! -s said ] || { cat said; false; }
	done
	try 2 -17.3
	grep -q 'its loudness is -17.3 LUFS; make it -16, 1 more or less \[media-loudness\]' said
	try 1 -13
	grep -q "its loudness is -16.[01] LUFS in one channel; make it -19, 1 more" said || { cat said; false; }
	[ "$(wc -l < said)" = 1 ]
	try 2 -0.3
	grep -q 'its true peak is -0.3 dB; keep it under -1 dB, .* \[media-peak\]' said
}

@test "servers that lie: each ends in a line of its own, and the others go on" {
	serve '/endless.vtt endless
/loop.vtt redirect 302 /loop.vtt
/cut.json cut 10
/page.json html
/endless.png endless
/close.vtt close'
	echo http_retries = 0 >> config.ini
	cp web/one.json web/cut.json; cp web/one.json web/page.json
	cp web/one.vtt web/close.vtt
	site_episode 1 2026-01-05T10:00:00Z "$base/one.mp3" "duration: 0:30
image: $base/endless.png
transcripts: [$base/endless.vtt, $base/loop.vtt, $base/close.vtt, $base/one.vtt]
chapters: $base/cut.json"
	site_episode 2 2026-01-05T10:00:00Z "$base/one.mp3?2" "chapters: $base/page.json"
	doctor
	[ "$status" = 65 ] || { echo "$status: $output"; false; }
	says() { [ "$(grep -c "episode $1.*$2" <<<"$output")" = 1 ] || { echo "$2: $output"; false; }; }
	says 1 'endless.png.* it is neither JPEG nor PNG'
	says 1 'endless.vtt: the answer is larger than 16777216 bytes'
	says 1 'loop.vtt: more than 10 redirects'
	says 1 'close.vtt: .*\[media-silent\]'
	says 1 'cut.json: .*\[media-gone\]'
	says 2 'page.json: it is no JSON file of chapters: '
}
