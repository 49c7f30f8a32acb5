#!/usr/bin/env bats
# Chapters: from front matter, files, notes and audio into the feeds, the
# descriptions and JSON files.
load site

at=2026-02-01

setup() { site_make; site_episode 1 2026-01-05T10:00:00Z one.mp3; }

build() { run "$SHOWMILL" feed build --at $at --out out "$@"; echo "$output"; }
ini() { printf '%s\n' "$@" >> feeds/mini/show.ini; }
# front LINE…: into the front matter of episode 1.
front() { printf '%s\n' "$@" | sed -i '/^audio:/r /dev/stdin' feeds/mini/episodes/001-*.md; }
# psc [FEED]: the Podlove Simple Chapters in it.
psc() { /usr/bin/python3 - "${1:-out/feed.xml}" <<'PY'
import sys, xml.etree.ElementTree as E
for c in E.parse(sys.argv[1]).iter('{http://podlove.org/simple-chapters}chapter'):
    print(*[c.get(k) for k in ('start', 'title', 'href', 'image') if c.get(k) is not None], sep='|')
PY
}
address() { sed -n 's/.*<podcast:chapters url="\([^"]*\)".*/\1/p' out/feed.xml; }
description() { /usr/bin/python3 -c '
import xml.etree.ElementTree as E
print(E.parse("out/feed.xml").find("channel/item/description").text)'; }
# read_from: how many episode show tells, and from where.
read_from() { "$SHOWMILL" episode show 1 --json | /usr/bin/python3 -c '
import json, sys
for f in json.load(sys.stdin)["facts"]:
    if f["fact"] == "chapters_read": print(f["value"], f["origin"], f["file"], f["line"])'; }

hello='00:00:00.000|Hello
00:00:01.500|The bees|https://bees.example.org/'

@test "chapters as a list, as lines and in each kind of file are the same in the feeds" {
	ini 'chapters_url = https://mini.example.org/chapters/'
	note=feeds/mini/episodes/001-the-1.md
	cp $note plain.md
	form() { # WHAT FROM: what is in the front matter or in media/c
		build
		[ "$status" = 0 ] || return 1
		[ "$(psc)" = "$hello" ] || { psc; return 1; }
		[ "$(psc out/atom.xml)" = "$hello" ] || return 1
		[ "$(read_from)" = "$1" ] || { read_from; return 1; }
		[ "$(address)" = https://mini.example.org/chapters/001-the-1.json ] || return 1
		[ -z "$first" ] || cmp "$first" out/chapters/001-the-1.json
		first=first.json
		cp out/chapters/001-the-1.json first.json
		xmllint --noout out/feed.xml out/atom.xml
		cp plain.md $note
	}
	first=
	front 'chapters:' '  - {start: 0:00, title: Hello}' '  - {start: 1.5, title: The bees, url: "https://bees.example.org/"}'
	form "2 front matter $note 7"
	front 'chapters:' '  - 0:00 Hello' '  - "0:01.5 - The bees <https://bees.example.org/>"'
	form "2 front matter $note 7"
	front 'chapters: |' '  0:00 Hello' '  (00:00:01.500) The bees <https://bees.example.org/>'
	form "2 front matter $note 7"
	front 'chapters: c'
	printf '0:00 Hello\n0:01.5 The bees <https://bees.example.org/>\n' > feeds/mini/media/c
	form '2 file feeds/mini/media/c 1'
	front 'chapters: c'
	printf '<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">\n<psc:chapter start="0" title="Hello"/>\n<psc:chapter start="00:00:01.5" title="The bees" href="https://bees.example.org/"/></psc:chapters>\n' > feeds/mini/media/c
	form '2 file feeds/mini/media/c 2'
	# Beside the notes JSON has no address of its own.
	front 'chapters: c.json'
	printf '{"version": "1.2.0", "chapters": [\n{"startTime": 0, "title": "Hello"},\n{"startTime": 1.5, "title": "The bees", "url": "https://bees.example.org/"}]}' > feeds/mini/episodes/c.json
	form '2 file feeds/mini/episodes/c.json 2'
	/usr/bin/python3 - <<-'PY'
	import json
	j = json.load(open('first.json'))
	assert j == {'version': '1.2.0', 'title': 'Episode number 1', 'podcastName': 'The Mini Show', 'chapters': [
	    {'startTime': 0, 'title': 'Hello'}, {'startTime': 1.5, 'title': 'The bees', 'url': 'https://bees.example.org/'}]}, j
	PY
	front 'chapters: c.vtt'
	printf 'WEBVTT\n\n00:00.000 --> 00:01.500\nHello\n\n00:01.500 --> 00:03.000\nThe bees\n' > feeds/mini/media/c.vtt
	build
	[ "$(psc)" = "$(cut -d'|' -f1,2 <<< "$hello")" ]
}

@test "JSON in media_dir keeps its address, by its name or as an address, and is read" {
	ini 'chapters_url = https://mini.example.org/chapters/'
	printf '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Hello"}]}' > feeds/mini/media/c.json
	for said in c.json https://mini.example.org/media/c.json '{url: "https://mini.example.org/media/c.json"}'; do
		front "chapters: $said"
		build
		[ "$status" = 0 ]
		[ "$(address)" = https://mini.example.org/media/c.json ]
		[ "$(psc)" = '00:00:00.000|Hello' ]
		[ ! -e out/chapters ]
		sed -i '/^chapters:/d' feeds/mini/episodes/001-*.md
	done
	# One that is elsewhere has its address, and nothing is read.
	front 'chapters: https://cdn.example.org/c.json'
	build
	[ "$(address)" = https://cdn.example.org/c.json ]
	[ -z "$(psc)" ]
	[ -z "$(read_from)" ]
}

@test "time stamps in the notes, where show.ini says so" {
	printf '%s\n' '' 'Notes.' '' '- **[00:00](#t=00:00)** Welcome to *the* show' '- **[00:01](#t=00:01)** [Bees](https://b.example.org/) &amp; wax' \
	    '- **[00:02](#t=00:02)** Bye' >> feeds/mini/episodes/001-*.md
	build
	[ "$status" = 0 ]
	[ -z "$(psc)" ]
	ini 'chapters = notes'
	build
	[ "$(psc)" = '00:00:00.000|Welcome to the show
00:00:01.000|Bees & wax
00:00:02.000|Bye' ]
	line=$(grep -n 'Welcome' feeds/mini/episodes/001-the-1.md | cut -d: -f1)
	[ "$(read_from)" = "3 notes feeds/mini/episodes/001-the-1.md $line" ]
	[ -z "$(address)" ]
	sed -i 's/\[00:02\]/[00:00]/' feeds/mini/episodes/001-*.md
	build
	[[ "$output" == *"001-the-1.md:$((line + 2)): warning: chapters: the time stamps of the notes do not rise here"* ]]
	[ -z "$(psc)" ]
	# What the front matter says goes before.
	sed -i 's/\[00:00\](#t=00:02/[00:02](#t=00:02/' feeds/mini/episodes/001-*.md
	front 'chapters: [0:00 Mine]'
	build
	[ "$(psc)" = '00:00:00.000|Mine' ]
}

# tagged FILE: MP3 with three chapters.
tagged() {
	/usr/bin/python3 - "$1" <<-'PY'
	import struct, sys
	def frame(name, body): return name + struct.pack('>I', len(body)) + bytes(2) + body
	tag = b''
	for i, title in enumerate(['One', 'A "second" & <b>', 'Three']):
	    tag += frame(b'CHAP', b'c%d\0' % i + struct.pack('>4I', i * 1000, i * 1000 + 1000, 2**32 - 1, 2**32 - 1)
	        + frame(b'TIT2', b'\0' + title.encode()))
	n = len(tag)
	open(sys.argv[1], 'wb').write(b'ID3\3\0\0' + bytes([n >> 21 & 127, n >> 14 & 127, n >> 7 & 127, n & 127])
	    + tag + (b'\xff\xfb\x90\x04' + bytes(413)) * 200)
	PY
	[ "$("$SHOWMILL" media probe "$1" | grep -c ^chapter)" = 3 ] || skip 'libavformat is not installed'
}

@test "the chapters of the audio, read from it and from the cache; none of them with chapters = none" {
	tagged feeds/mini/media/one.mp3
	ini 'chapters_url = https://mini.example.org/c'
	build
	[ "$status" = 0 ]
	[ "$(psc)" = '00:00:00.000|One
00:00:01.000|A "second" & <b>
00:00:02.000|Three' ]
	[ "$(address)" = https://mini.example.org/c/001-the-1.json ]
	cp out/feed.xml before.xml; cp out/chapters/001-the-1.json before.json
	/usr/bin/python3 -c 'import json; assert json.load(open("before.json"))["chapters"][1] == {"startTime": 1, "endTime": 2, "title": "A \"second\" & <b>"}'
	build
	cmp out/feed.xml before.xml
	[ "$(read_from)" = '3 audio '"$(realpath feeds/mini/media/one.mp3)"' None' ]
	rm cache.db
	build
	cmp out/feed.xml before.xml
	cmp out/chapters/001-the-1.json before.json
	front 'chapters: [0:00 Mine]'
	build
	[ "$(psc)" = '00:00:00.000|Mine' ]
	ini 'chapters = none'
	build
	[ "$status" = 0 ]
	[ -z "$(psc)$(address)" ]
	[ -z "$(read_from)" ]
}

@test "chapters of remote audio, and of the cache when the server is gone" {
	load peers
	mkdir web; tagged web/one.mp3
	http_start "$PWD/web" ''
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	site_episode 1 2026-01-05T10:00:00Z https://cdn.example.org/one.mp3
	build
	[ "$status" = 0 ]
	peers_stop
	[ "$(psc | wc -l)" = 3 ]
	cp out/feed.xml before.xml
	build
	[[ "$output" == *media-from-cache* ]]
	cmp out/feed.xml before.xml
}

@test "JSON files: unchanged ones stay as they are, old ones too, all or none" {
	ini 'chapters_url = https://mini.example.org/chapters'
	site_episode 2 2026-01-06T10:00:00Z two.mp3 'chapters: [0:00 Two]'
	front 'chapters: [0:00 One]'
	mkdir -p out/chapters; echo old > out/chapters/old.json
	build
	[[ "$output" == *'out/chapters: 2 chapters files, 2 written'* ]]
	touch -d 2020-01-01 out/chapters/*
	cp out/chapters/001-the-1.json one.json
	build
	[[ "$output" == *'out/chapters: 2 chapters files, 0 written'* ]]
	sed -i 's/0:00 Two/0:00 Zwei/' feeds/mini/episodes/002-*.md
	build
	[[ "$output" == *'out/chapters: 2 chapters files, 1 written'* ]]
	[ "$(find out/chapters -newermt 2021-01-01 -type f)" = out/chapters/002-the-2.json ]
	[ "$(cat out/chapters/old.json)" = old ]
	cmp out/chapters/001-the-1.json one.json
	[ -z "$(find out -name '.showmill*')" ]
	# An error elsewhere, and none is written.
	cp out/feed.xml before.xml
	sed -i 's/0:00 One/0:00 Uno/' feeds/mini/episodes/001-*.md
	site_episode 3 2026-01-07T10:00:00Z missing.mp3
	build
	[ "$status" = 65 ]
	cmp out/chapters/001-the-1.json one.json
	rm feeds/mini/episodes/003-*.md
	rm out/chapters/002-the-2.json; mkdir out/chapters/002-the-2.json
	build
	[ "$status" = 73 ]
	[[ "$output" == *'002-the-2.json: error: cannot be written: it is a folder'* ]]
	cmp out/chapters/001-the-1.json one.json
	cmp out/feed.xml before.xml
	rmdir out/chapters/002-the-2.json
	# Without chapters: its file stays, and the feed does not lead to it.
	sed -i '/^chapters/d' feeds/mini/episodes/001-*.md
	build
	[ "$(address)" = https://mini.example.org/chapters/002-the-2.json ]
	cmp out/chapters/001-the-1.json one.json
}

@test "two episodes, shows or a feed that would be one file or folder are told" {
	ini 'chapters_url = https://mini.example.org/chapters' 'names = {slug}.md' 'names = {slug}/{number}.md'
	sed -i '/^episode_url/d' feeds/mini/show.ini
	rm feeds/mini/episodes/*; mkdir feeds/mini/episodes/a
	printf -- '---\ntitle: A\nnumber: 1\nslug: x\ndate: 2026-01-01\naudio: one.mp3\nchapters: [0:00 A]\n---\nA\n' > feeds/mini/episodes/a/1.md
	build
	[ "$status" = 0 ]
	[ "$(address)" = https://mini.example.org/chapters/a-1.json ]
	printf -- '---\ntitle: B\nnumber: 2\ndate: 2026-01-02\naudio: two.mp3\nchapters: [0:00 B]\n---\nB\n' > feeds/mini/episodes/a-1.md
	build
	[ "$status" = 65 ]
	[[ "$output" == *"its chapters would be the file a-1.json, and so would those of "* ]]
	rm feeds/mini/episodes/a-1.md
	cp -r feeds/mini feeds/other
	sed -i -e 's/^feed_url.*/feed_url = https:\/\/mini.example.org\/other.xml/' -e '/^guid/d' -e '/^atom_url/d' feeds/other/show.ini
	printf 'rss = other.xml\nout = ../mini/public\n' >> feeds/other/show.ini
	run "$SHOWMILL" feed build --at $at
	[ "$status" = 78 ]
	[[ "$output" == *'other/show.ini:'*'its chapters go to '*', and so does what belongs to feeds/mini/show.ini; change `out` in one of them'* ]]
	sed -i -e '/^chapters_url/d' -e 's/^out.*/out = ..\/mini\/public\/chapters/' feeds/other/show.ini
	run "$SHOWMILL" feed build --at $at
	[ "$status" = 78 ]
	[[ "$output" == *'mini/show.ini:'*'its chapters go to '*'public/chapters/other.xml; change `out`'* ]]
}

@test "chapters in descriptions: three or more, from 0:00, and with room for them" {
	ini 'chapters_in_description = true'
	front 'chapters: [0:00 One & only, 0:01 Two]'
	build
	[[ "$(description)" != *0:00* ]]
	sed -i 's/^chapters.*/chapters: [0:00 One \& only, 0:01 Two, 0:02 Three]/' feeds/mini/episodes/001-*.md
	build
	[[ "$(description)" == *'A topic'*'<p>0:00 One &amp; only</p><p>0:01 Two</p><p>0:02 Three</p>' ]]
	sed -i 's/0:00 One/0:01 One/' feeds/mini/episodes/001-*.md
	build
	[[ "$output" == *'001-the-1.md:6: warning: the chapter at 1.0 s (One & only) is the first; some players want one at 0:00 [chapters-start]'* ]]
	[[ "$(description)" != *'<p>0:0'* ]]
	sed -i "s/^chapters.*/chapters: [0:00 One, 0:01 Two, 0:02 $(printf 'x%.0s' {1..990}), 0:02.5 $(printf 'y%.0s' {1..990})]/" feeds/mini/episodes/001-*.md
	build
	[ "$status" = 0 ]
	[[ "$output" == *'001-the-1.md:6: warning: the list of the chapters takes more than 2000 bytes'*'[chapters-description]'* ]]
	[[ "$(description)" != *'<p>0:0'* ]]
}

@test "a whole archive whose chapters do not begin at 0:00 is told in a few words" {
	for n in $(seq 2 14); do
		site_episode "$n" "2026-01-05T10:$((n + 10)):00Z" one.mp3 'chapters: [0:01 One]'
	done
	run "$SHOWMILL" episode list --at $at
	[ "$(grep -c 'chapters-start' <<< "$output")" = 10 ]
	[ "$(grep -c 'Further episodes of the show like it are not told' <<< "$output")" = 1 ]
}

@test "what is wrong with chapters is told with file and line" {
	front 'chapters:' '  - 0:00 One' '  - Two' '  - 0:10 Far' '  - 0:01 Back'
	build
	[ "$status" = 65 ]
	[[ "$output" == *'001-the-1.md:8: error: chapters: `Two` does not begin with a time, as `1:30 Title` does, and is left out [episode-chapters]'* ]]
	sed -i '/- Two/d' feeds/mini/episodes/001-*.md
	build
	[ "$status" = 0 ]
	[[ "$output" == *'001-the-1.md:9: warning: the chapter at 1.0 s (Back) begins before the one above it; they are put in the order of their times [chapters-order]'* ]]
	[[ "$output" == *'001-the-1.md:8: warning: the chapter at 10.0 s (Far) is behind the end of the audio, which is '*' long [chapters-end]'* ]]
	[ "$(psc | cut -d'|' -f2 | xargs)" = 'One Back Far' ]
	sed -i '/^chapters:/,/Back/d' feeds/mini/episodes/001-*.md
	front 'chapters: c.json'
	printf '{"chapters": [\n{"startTime": 0,, }]}' > feeds/mini/media/c.json
	build
	[ "$status" = 0 ]
	[[ "$output" == *'feeds/mini/media/c.json:2: warning: chapters: it is no JSON chapters file: '*'; no chapters are taken from it'* ]]
	echo Words > feeds/mini/media/c.json
	build
	[[ "$output" == *'c.json: warning: chapters: it is no file of chapters'* ]]
	# Nothing leads out of the folders.
	echo '0:00 Secret' > feeds/mini/secret
	sed -i 's/^chapters:.*/chapters: ..\/secret/' feeds/mini/episodes/001-*.md
	build
	[ "$status" = 65 ]
	[[ "$output" == *'001-the-1.md:6: error: chapters: `../secret`'* ]]
	sed -i 's/^chapters:.*/chapters: {title: x}/' feeds/mini/episodes/001-*.md
	build
	[[ "$output" == *'001-the-1.md:6: error: these are no chapters; write a list of `- 1:30 Title`'* ]]
}

@test "psc:chapters of the episode's own XML stand instead" {
	front 'chapters: [0:00 One]' 'xml: |' '  <psc:chapters version="1.2"><psc:chapter start="0" title="Own"/></psc:chapters>'
	build
	[ "$status" = 0 ]
	[ "$(psc)" = '0|Own' ]
	[ "$(psc out/atom.xml)" = '0|Own' ]
}
