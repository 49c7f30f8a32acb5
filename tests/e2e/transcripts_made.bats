#!/usr/bin/env bats
# Transcripts that the build makes of those at hand, and that pages show.
load site

at=2026-02-01
cues='00:00:01.000 --> 00:00:02.500
<v Ann Lee>Hello &lt;you&gt;

00:00:03.000 --> 00:00:04.000
<v Bo>Bye'

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	mkdir feeds/mini/transcripts
	ini 'transcripts_url = https://mini.example.org/t/'
}
ini() { printf '%s\n' "$@" >> feeds/mini/show.ini; }
formats() {
	ini 'transcripts_made_url = https://mini.example.org/made'
	for f; do ini "transcripts_made = $f"; done
}
front() { printf '%s\n' "$@" | sed -i '/^audio:/r /dev/stdin' feeds/mini/episodes/001-*.md; }
# vtt NAME [CUES]
vtt() { printf 'WEBVTT\n\n%s\n' "${2:-$cues}" > "feeds/mini/transcripts/$1"; }
build() { run "$SHOWMILL" feed build --at $at --out out "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
# listed: the transcripts of the RSS feed, a line each.
listed() { /usr/bin/python3 - <<'PY'
import xml.etree.ElementTree as E
for t in E.parse('out/feed.xml').iter('{https://podcastindex.org/namespace/1.0}transcript'):
    print(t.get('url').replace('https://mini.example.org/', ''), t.get('type'), t.get('language'), t.get('rel'))
PY
}
# is EXPECTED ACTUAL
is() { [ "$1" = "$2" ] || { printf 'wanted:\n%s\ngot:\n%s\n' "$1" "$2"; return 1; }; }

@test "all formats are made of one, are in the feeds, and stay untouched" {
	vtt 001.vtt
	formats vtt srt json html txt
	build
	expect 0 'out/transcripts: 4 transcript files, 4 written'
	is 't/001.vtt text/vtt None None
made/001-the-1.srt application/x-subrip None captions
made/001-the-1.json application/json None None
made/001-the-1.html text/html None None
made/001-the-1.txt text/plain None None' "$(listed)"
	is "$(ls out/transcripts)" '001-the-1.html
001-the-1.json
001-the-1.srt
001-the-1.txt'
	"$SHOWMILL" media transcript --to vtt out/transcripts/001-the-1.json | cmp - feeds/mini/transcripts/001.vtt
	is '1
00:00:01,000 --> 00:00:02,500
Ann Lee: Hello <you>

2
00:00:03,000 --> 00:00:04,000
Bo: Bye' "$(cat out/transcripts/001-the-1.srt)"
	is 'Ann Lee: Hello <you>

Bo: Bye' "$(cat out/transcripts/001-the-1.txt)"
	grep -A2 -F '<cite>Ann Lee:</cite>' out/transcripts/001-the-1.html | grep -qF '<p>Hello &lt;you&gt;</p>'
	grep -q 'transcripts' out/atom.xml || grep -q 'podcast:transcript' out/atom.xml
	find out -type f -exec touch -d 2020-01-01 {} +
	build
	expect 0 'out/transcripts: 4 transcript files, 0 written'
	expect 0 'out/feed.xml: 1 episode, unchanged'
	[ -z "$(find out -type f -newermt 2020-01-02)" ]
	sed -i 's/Bye/Bye now/' feeds/mini/transcripts/001.vtt
	build
	expect 0 'out/transcripts: 4 transcript files, 4 written'
	grep -q 'Bye now' out/transcripts/001-the-1.json
}

@test "each language by itself; what is there is not made; the best source is taken" {
	vtt 001.vtt
	vtt 001.de.vtt
	echo 'https://elsewhere.example.org' > feeds/mini/transcripts/001.de.txt
	formats srt txt
	build
	expect 0 'out/transcripts: 3 transcript files, 3 written'
	is 't/001.de.txt text/plain de None
t/001.de.vtt text/vtt de None
t/001.vtt text/vtt None None
made/001-the-1.de.srt application/x-subrip de captions
made/001-the-1.srt application/x-subrip None captions
made/001-the-1.txt text/plain None None' "$(listed)"
	# JSON has all; of WebVTT SubRip is lossy, of JSON it is not.
	vtt 001.vtt '00:00:01.000 --> 00:00:02.000
<v ann>Hello'
	build
	expect 0 'feeds/mini/transcripts/001.vtt: warning: no SubRip is made of it, which cannot hold all: who speaks'
	printf '{"version": "1.0.0", "segments": [{"startTime": 1, "endTime": 2, "speaker": "Ann", "body": "From JSON"}]}' > feeds/mini/transcripts/001.json
	build
	[[ "$output" != *warning* ]]
	grep -q 'Ann: From JSON' out/transcripts/001-the-1.srt
}

@test "one that the notes name, by file and by address; one elsewhere is not fetched" {
	formats srt
	vtt mine.vtt
	front 'transcripts: mine.vtt'
	build
	expect 0 'out/transcripts: 1 transcript file, 1 written'
	sed -i '/^transcripts/d' feeds/mini/episodes/001-*.md
	front 'transcripts: {url: "https://mini.example.org/t/mine.vtt", language: pt-BR}'
	build
	is 't/mine.vtt text/vtt pt-BR None
made/001-the-1.pt-BR.srt application/x-subrip pt-BR captions' "$(listed)"
	sed -i '/^transcripts/d' feeds/mini/episodes/001-*.md
	cp feeds/mini/transcripts/mine.vtt feeds/mini/media/m.vtt
	front 'transcripts: [https://mini.example.org/media/m.vtt]'
	build
	is 'media/m.vtt text/vtt None None
made/001-the-1.srt application/x-subrip None captions' "$(listed)"
	for url in https://elsewhere.example.org/mine.vtt https://mini.example.org/t/../media/m.vtt https://mini.example.org/t/mine.vtt?x; do
		sed -i '/^transcripts/d' feeds/mini/episodes/001-*.md
		front "transcripts: [\"$url\"]"
		build
		[ "$status" = 0 ]
		is 1 "$(listed | grep -c .)"
	done
}

@test "lossy: a warning, nothing made, the rest goes on" {
	printf '{"version": "1.0.0", "segments": [{"startTime": 1, "body": "a", "speaker": "lower"}, {"startTime": 2, "endTime": 3, "body": "b"}]}' > feeds/mini/transcripts/001.json
	formats vtt srt txt
	build
	expect 0 'feeds/mini/transcripts/001.json: warning: no WebVTT is made of it, which cannot hold all: that some cues have no end [transcript-lossy]'
	expect 0 'no SubRip is made of it, which cannot hold all: who speaks; that some cues have no end [transcript-lossy]'
	is '001-the-1.txt' "$(ls out/transcripts)"
	is 't/001.json application/json None None
made/001-the-1.txt text/plain None None' "$(listed)"
}

@test "a broken file: a warning with its line, and nothing is made or shown of it" {
	formats srt txt
	ini 'pages = true'
	vtt 001.vtt '00:00:05.000 --> 00:00:02.000
<v Bo>Bad'
	build
	expect 0 'feeds/mini/transcripts/001.vtt:3: warning: the cue ends before it begins; nothing is made of it [transcript-file]'
	is 1 "$(grep -c 'transcript-file' <<< "$output")"
	is 't/001.vtt text/vtt None None' "$(listed)"
	[ "$(grep -c '<details' out/001/the-1/index.html)" = 0 ]
	grep -q 'href="https://mini.example.org/t/001.vtt"' out/001/the-1/index.html
	sed -i '/^transcripts_made/d' feeds/mini/show.ini
	build
	expect 0 '001.vtt:3: warning: the cue ends before it begins; the page does not show it [transcript-file]'
	# A link that leads out of its folder.
	ln -sf /etc/hostname feeds/mini/transcripts/001.vtt
	build
	expect 0 'a symbolic link leads out of it; the page does not show it [transcript-file]'
}

@test "two files that would be one, and folders of others: told, and nothing is written" {
	formats srt
	mkdir -p feeds/mini/episodes/a
	ini 'names = **/{slug}.md'
	cp feeds/mini/media/two.mp3 feeds/mini/media/three.mp3
	site_episode 2 2026-01-06T10:00:00Z two.mp3 'transcripts: b.vtt'
	site_episode 3 2026-01-07T10:00:00Z three.mp3 'transcripts: c.vtt'
	mv feeds/mini/episodes/002-the-2.md feeds/mini/episodes/a/002-x.md
	mv feeds/mini/episodes/003-the-3.md feeds/mini/episodes/a-002-x.md
	vtt b.vtt
	vtt c.vtt
	build
	expect 65 'its transcript would be the file a-002-x.srt, and so would those of '
	[ ! -e out ] || [ -z "$(find out -type f -name '*.srt' -o -type f -name feed.xml)" ]
	rm -r feeds/mini/episodes/a feeds/mini/episodes/a-002-x.md
	vtt 001.vtt
	# Where they are looked for, also when that is not there yet.
	run "$SHOWMILL" feed build --at $at --out feeds/mini
	expect 78 "feeds/mini/show.ini:$(grep -n ^transcripts_made\ = feeds/mini/show.ini | cut -d: -f1): error: transcripts are made in feeds/mini/transcripts, and also looked for there"
	mkdir -p out/transcripts
	ini 'media_dir = ../../out/transcripts'
	sed -i '/^media_dir = media$/d' feeds/mini/show.ini
	cp feeds/mini/media/one.mp3 out/transcripts
	mv feeds/mini/transcripts/001.vtt out/transcripts/m.vtt
	front 'transcripts: [https://mini.example.org/media/m.vtt]'
	build
	expect 78 'out/transcripts/m.vtt: error: lies in the folder that transcripts are made in'
	[ ! -e out/feed.xml ]
}

@test "one key without the other, and a format that is none" {
	ini 'transcripts_made = srt'
	build
	expect 78 '`transcripts_made` wants `transcripts_made_url`'
	sed -i '/^transcripts_made/d' feeds/mini/show.ini
	ini 'transcripts_made_url = https://mini.example.org/made'
	build
	expect 78 '`transcripts_made_url` wants `transcripts_made`'
	ini 'transcripts_made = ass'
	build
	expect 78 ''
	[[ "$output" == *vtt* && "$output" == *txt* ]]
}

@test "compressed beside; the feed comes last; a dry run writes nothing" {
	vtt 001.vtt
	formats srt
	echo 'compress = gz' >> config.ini
	ini 'deploy = true'
	run "$SHOWMILL" publish --dry-run
	[[ "$output" == *'feed.xml: 1 episode, would be written'* ]]
	[ ! -e feeds/mini/public/transcripts ]
	build
	zcat out/transcripts/001-the-1.srt.gz | cmp - out/transcripts/001-the-1.srt
	# A file that cannot be put in place keeps the feed as it was.
	sed -i 's/Bye/Later/' feeds/mini/transcripts/001.vtt
	rm out/transcripts/001-the-1.srt
	mkdir out/transcripts/001-the-1.srt
	cp out/feed.xml old.xml
	build
	expect 73 'out/transcripts/001-the-1.srt: error: cannot be written: it is a folder'
	cmp out/feed.xml old.xml
}

@test "lines of Apple's length" {
	long='one two three four five six seven eight nine ten eleven twelve thirteen'
	vtt 001.vtt "00:00:01.000 --> 00:00:02.000
one two three four five six seven eight nine"
	printf '{"version": "1.0.0", "segments": [{"startTime": 1, "endTime": 2, "body": "%s"}]}' "$long" > feeds/mini/transcripts/001.de.json
	formats vtt srt
	build
	[ "$status" = 0 ]
	is 'one two three four five six
seven eight nine' "$(tail -n +3 out/transcripts/001-the-1.srt)"
	is 'one two three four five six seven eight nine ten eleven twelve
thirteen' "$(tail -n +4 out/transcripts/001-the-1.de.vtt)"
	is "$long" "$(tail -n +3 out/transcripts/001-the-1.de.srt)"
}

# shown: what the page has in its transcript, tags and all.
shown() { sed -n '/<details class="transcript">/,/<\/details>/p' out/001/the-1/index.html; }

@test "the page shows it: speakers, time stamps, languages, direction" {
	ini 'pages = true'
	vtt 001.vtt
	vtt 001.ar.vtt '00:01:02.000 --> 00:01:03.000
X'
	build
	expect 0 'out: 2 pages, 2 written'
	is '<details class="transcript">
<summary>Read it here (en)</summary>
<div lang="en" dir="ltr">
<p class="said"><a href="#t=0:01">0:01</a> <strong>Ann Lee:</strong> Hello &lt;you&gt;</p>
<p class="said"><a href="#t=0:03">0:03</a> <strong>Bo:</strong> Bye</p>
</div>
</details>
<details class="transcript">
<summary>Read it here (ar)</summary>
<div lang="ar" dir="rtl">
<p class="said"><a href="#t=1:02">1:02</a> X</p>
</div>
</details>' "$(shown)"
	grep -q '<li><a href="https://mini.example.org/t/001.ar.vtt">WebVTT (ar)</a></li>' out/001/the-1/index.html
	build
	expect 0 'out: 2 pages, 0 written'
	sed -i 's/Bye/Ciao/' feeds/mini/transcripts/001.vtt
	build
	shown | grep -q Ciao
}

@test "the page: SubRip, JSON, HTML without scripts, plain text, and the best of them" {
	ini 'pages = true'
	t=feeds/mini/transcripts
	printf '\xef\xbb\xbfAnn: plain <b>\nsecond line\r\n \nNext\n\n\n' > $t/001.txt
	build
	is '<p class="said">Ann: plain &lt;b&gt;
second line</p>
<p class="said">Next</p>' "$(shown | grep -v '^</\?[ds]')"
	printf '<!DOCTYPE html><html><head><title>No</title><script>alert(1)</script></head><body onload="x()"><h1>Words</h1><p><a href="a.html">From</a> HTML<script>alert(2)</script></p></body></html>' > $t/001.html
	build
	shown | grep -qF '<h3>Words</h3><p><a href="https://mini.example.org/t/a.html">From</a> HTML</p>'
	[ "$(shown | grep -c 'alert\|onload\|No<')" = 0 ]
	# A part of a page.
	printf '<strong>Ann</strong> &amp; <em>Bo' > $t/001.html
	build
	shown | grep -q '<strong>Ann</strong> &amp; <em>Bo</em>'
	printf '1\n00:00:01,000 --> 00:00:02,000\nFrom SubRip\n' > $t/001.srt
	build
	shown | grep -qF '0:01</a> From SubRip</p>'
	printf '{"version": "1.0.0", "segments": [{"startTime": 1.9, "body": "From JSON", "speaker": "Z"}]}' > $t/001.json
	build
	shown | grep -qF '0:01</a> <strong>Z:</strong> From JSON</p>'
	# The first that can be read.
	printf 'WEBVTT\n\nno times\n' > $t/001.vtt
	build
	expect 0 '001.vtt:3: warning: '
	shown | grep -qF 'From JSON'
	# The data of a site have the addresses, not the words.
	build --data data.json
	[ "$(grep -c 'From JSON' data.json)" = 0 ]
}

@test "chromium: a time stamp of the transcript seeks" {
	command -v chromium >/dev/null || skip "chromium is not installed"
	ini 'pages = true'
	vtt 001.vtt
	build
	cp feeds/mini/media/one.mp3 out/001/the-1/one.mp3
	sed -i 's#https://mini.example.org/media/one.mp3"></audio>#one.mp3"></audio>#' out/001/the-1/index.html
	cat >> out/001/the-1/index.html <<-'H'
	<script>
	var p = document.getElementById('player');
	p.play = function () {};
	p.addEventListener('loadedmetadata', function () { setTimeout(function () {
	  document.title = 'AT ' + p.currentTime + ' WIDE ' + (document.documentElement.scrollWidth > innerWidth);
	}, 300); });
	document.querySelector('details').open = true;
	document.querySelector('details a[href="#t=0:01"]').click();
	</script>
	H
	timeout 60 chromium --headless --no-sandbox --disable-gpu --window-size=500,800 --virtual-time-budget=5000 --dump-dom "file://$PWD/out/001/the-1/index.html" > dom 2>/dev/null || skip "chromium does not start here"
	grep -o '<title>[^<]*' dom
	grep -q '<title>AT 1 WIDE false' dom
}

@test "a video has its captions with their languages" {
	ini 'pages = true'
	formats vtt
	printf '1\n00:00:01,000 --> 00:00:02,000\nX\n' > feeds/mini/transcripts/001.srt
	vtt 001.de.vtt
	printf '\0\0\0\030ftypisom\0\0\0\0isomiso2\0\0\0\020mdat12345678' > feeds/mini/media/one.mp4
	sed -i 's/^audio: .*/audio: one.mp4\nduration: 0:03/' feeds/mini/episodes/001-*.md
	build
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	grep -q '<video' out/001/the-1/index.html
	grep -qF '<track kind="captions" src="https://mini.example.org/t/001.de.vtt" srclang="de" label="de">' out/001/the-1/index.html
	grep -qF '<track kind="captions" src="https://mini.example.org/made/001-the-1.vtt" srclang="en">' out/001/the-1/index.html
}

@test "a transcript that a page cannot hold is left out, with a warning" {
	ini 'pages = true'
	/usr/bin/python3 -c '
print("WEBVTT\n")
for i in range(60000):
    print("%02d:%02d:%02d.000 --> %02d:%02d:%02d.500\n<v %s>%s\n" % (i // 3600, i // 60 % 60, i % 60, i // 3600, i // 60 % 60, i % 60, "AB"[i % 2], "&quot;" * 40))' > feeds/mini/transcripts/001.vtt
	build
	expect 0 'warning: its page would be larger than 16 MiB with the transcript, and does not show it [transcript-large]'
	[ "$(wc -c < out/001/the-1/index.html)" -lt 100000 ]
	grep -q 'href="https://mini.example.org/t/001.vtt"' out/001/the-1/index.html
}

@test "--depfile has the files" {
	vtt 001.vtt
	formats srt
	build --depfile d.mk
	grep -q 'feeds/mini/transcripts/001.vtt:' d.mk
	[ "$(grep -c 'out/transcripts' d.mk)" = 0 ]
}

@test "a transcript that the notes name and that is not there is told" {
	front 'transcripts: gone.vtt'
	build
	expect 0 '001-the-1.md:6: warning: the transcript `gone.vtt` is in no folder of `transcripts`; its address https://mini.example.org/t/gone.vtt will lead nowhere'
	vtt gone.vtt
	build
	[[ "$output" != *"leads nowhere"* && "$output" != *"will lead nowhere"* ]]
}
