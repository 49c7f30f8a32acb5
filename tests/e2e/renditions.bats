#!/usr/bin/env bats
# Several files of one episode: in the feeds, the digest, and for people.
load site
load peers

setup() {
	site_make
	cp "$REPO/tests/e2e/fixtures/low.opus" feeds/mini/media/low.opus
	one=$(stat -c %s feeds/mini/media/one.mp3)
	low=$(stat -c %s feeds/mini/media/low.opus)
}
teardown() { peers_stop; }

at=2026-02-01

build() { run "$SHOWMILL" feed build --at "$at" --out out "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
silent() { [[ "$output" != *warning:* ]] || { echo "$output"; return 1; }; }
# notes FRONT MATTER LINES: of episode 1, in YAML.
notes() { printf -- '---\ntitle: One\nnumber: 1\ndate: 2026-01-05T10:00:00Z\n%s\n---\n\nNotes\n' "$1" > feeds/mini/episodes/001.md; }
# xml FILE: its alternates and enclosures, a line each.
xml() { /usr/bin/python3 - "$1" <<'PY'
import sys, xml.etree.ElementTree as E
p = '{https://podcastindex.org/namespace/1.0}'
for n in E.parse(sys.argv[1]).iter():
    a = n.attrib
    if n.tag == 'enclosure':
        print('enclosure', a['url'], a['length'], a['type'])
    elif n.tag == p + 'alternateEnclosure':
        print('alternate', n.find(p + 'source').attrib['uri'], *[k + '=' + v for k, v in sorted(a.items())])
    elif n.tag == '{http://www.w3.org/2005/Atom}link' and a['rel'] == 'enclosure':
        print('link', a['href'], a['length'], a['type'], a.get('title'), a.get('hreflang'))
PY
}
m=https://mini.example.org/media

@test "in YAML, TOML and JSON, as maps and as names: sizes, types and bitrates of each" {
	notes 'audio:
  - file: one.mp3
    title: Standard
  - {file: low.opus, title: data saver, language: en}'
	build
	expect 0 ''
	silent
	xml out/feed.xml > yaml
	bits=$(sed -n 's/^alternate .*low.opus bitrate=\([0-9]*\) .*/\1/p' yaml)
	[ "$bits" -gt 4000 ] && [ "$bits" -lt 12000 ]
	[ "$(sed 's/ bitrate=[0-9]*//' yaml)" = "enclosure $m/one.mp3 $one audio/mpeg
alternate $m/one.mp3 default=true length=$one title=Standard type=audio/mpeg
alternate $m/low.opus codecs=opus lang=en length=$low title=data saver type=audio/ogg" ]
	[ "$(grep -c bitrate= yaml)" = 2 ]
	[ "$(xml out/atom.xml)" = "link $m/one.mp3 $one audio/mpeg One None
link $m/low.opus $low audio/ogg data saver en" ]
	printf '+++\ntitle = "One"\nnumber = 1\ndate = 2026-01-05T10:00:00Z\naudio = [{file = "one.mp3", title = "Standard"}, {file = "low.opus", title = "data saver", language = "en"}]\n+++\n\nNotes\n' > feeds/mini/episodes/001.md
	build
	expect 0 ''
	xml out/feed.xml | diff yaml -
	printf '{"title": "One", "number": 1, "date": "2026-01-05T10:00:00Z", "audio": [{"file": "one.mp3", "title": "Standard"}, {"url": "https://mini.example.org/media/low.opus", "title": "data saver", "language": "en"}]}\n\nNotes\n' > feeds/mini/episodes/001.md
	build
	expect 0 ''
	xml out/feed.xml | diff yaml -
	notes 'audio: [one.mp3, low.opus]'
	build
	expect 0 ''
	xml out/feed.xml | diff <(sed 's/ title=[^=]* type/ type/; s/ lang=en//' yaml) -
}

@test "one file has no alternates, also as a list or map of one" {
	for audio in one.mp3 '[one.mp3]' '{file: one.mp3}' '[{file: one.mp3, title: x}]'; do
		notes "audio: $audio"
		build
		expect 0 ''
		[ "$(xml out/feed.xml)" = "enclosure $m/one.mp3 $one audio/mpeg" ]
	done
}

@test "the default is the enclosure, and what is said beside the list is meant for it" {
	notes 'audio: [{file: low.opus}, {file: one.mp3, default: true}]
duration: 59:59'
	build
	expect 0 '001.md:6: warning: duration says 3599 seconds'
	[ "$(grep -c warning: <<< "$output")" = 1 ]
	[ "$(xml out/feed.xml | sed 's/ bitrate=[0-9]*//')" = "enclosure $m/one.mp3 $one audio/mpeg
alternate $m/one.mp3 default=true length=$one type=audio/mpeg
alternate $m/low.opus codecs=opus length=$low type=audio/ogg" ]
}

@test "what is said of each is compared with the file: its own line" {
	notes 'audio:
  - file: one.mp3
    length: 7
  - file: low.opus
    length: 8
    duration: 1:00:00'
	build
	expect 0 "001.md:7: warning: length says 7 bytes, but the file has $one;"
	expect 0 "001.md:9: warning: length says 8 bytes, but the file has $low;"
	expect 0 '001.md:10: warning: duration says 3600 seconds'
	build --strict
	expect 65 '001.md:9: error: length says 8 bytes'
}

@test "a file that is missing, one given twice, and one of two episodes: errors with their lines" {
	notes 'audio:
  - one.mp3
  - gone.opus'
	build
	expect 65 '001.md:7: error: '
	expect 65 'gone.opus'
	notes 'audio:
  - one.mp3
  - ../media/one.mp3'
	build
	expect 65 '001.md:7: error: https://mini.example.org/media/one.mp3 is given twice for this episode'
	notes 'audio: [one.mp3, low.opus]'
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	sed -i 's/^audio: .*/audio: [two.mp3, low.opus]/' feeds/mini/episodes/002-the-2.md
	build
	expect 65 '002-the-2.md:5: error: https://mini.example.org/media/low.opus is the audio of feeds/mini/episodes/001.md too'
}

@test "mistakes in a list are told with what to write" {
	try() { notes "$1"; build; expect 65 "001.md:$2: error: $3"; [ "$(grep -c '^feeds.*error: ' <<< "$output")" = "${4:-1}" ] || { echo "$output"; return 1; }; }
	try 'audio: []' 2 'the episode has no audio'
	try 'audio: {title: x}' 5 'a file of `audio` is not named; write `file: NAME`'
	try 'audio: [one.mp3, [low.opus]]' 5 'one of `audio` is no file; write its name'
	try 'audio: [one.mp3, ""]' 5 'one of `audio` is empty'
	try 'audio: [{title: x}, low.opus]' 5 'a file of `audio` is not named; write `file: NAME`'
	try 'audio: [{file: one.mp3, url: https://x.example.org/1.mp3}]' 5 'a file of `audio` has `audio.file: one.mp3` already'
	try 'audio: [one.mp3, {file: low.opus, bitrate: fast}]' 5 '`audio.bitrate: fast` is no bitrate; write bits a second, as in 64000 or 64k'
	try 'audio: [one.mp3, {file: low.opus, bitrate: 32}]' 5 '`audio.bitrate: 32` is no bitrate'
	try 'audio: [one.mp3, {file: low.opus, language: english language}]' 5 '`audio.language: english language` is no language'
	try 'audio: [one.mp3, {file: low.opus, type: text/html}]' 5 '`audio.type: text/html` is no type of audio or video'
	try 'audio: [one.mp3, {file: low.opus, default: perhaps}]' 5 '`audio.default: perhaps` must be true or false'
	try 'audio: [{file: one.mp3, default: yes}, {file: low.opus, default: yes}]' 5 'another file of `audio` is the default already'
	try 'audio: [one.mp3, {file: low.opus, quality: low}]' 5 '`quality` is no key of an audio file; those are file or url, title'
	try 'audio: [one.mp3, {file: low.opus, src: two.mp3}]' 5 '`src` says the same as `file` above; take one of them out'
	try 'audio: [one.mp3, {file: [low.opus]}]' 5 '`audio.file` wants one plain value'
	try "audio: [$(printf 'low.opus, %.0s' {1..17})]" 5 '`audio` has more than 16 files'
	try 'audio: [one.mp3, {file: "low.opus\nx"}]' 5 'there is a line break in `audio.file`'
	notes "audio: [one.mp3, {file: low.opus, title: $(printf 'é%.0s' {1..33})}]"
	build
	expect 0 '001.md:5: warning: `audio.title` has 33 characters; players may cut off what is more than 32'
	notes "audio: [one.mp3, {file: low.opus, title: $(printf 'é%.0s' {1..32})}]"
	build
	expect 0 ''
	silent
}

@test "on web servers: each is asked once, and the prefix is put on" {
	http_start feeds/mini/media ''
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	echo 'analytics_prefix = https://op3.dev/e/' >> feeds/mini/show.ini
	notes 'audio:
  - {url: https://cdn.example.org/one.mp3, bitrate: 64k, duration: 0:08}
  - {url: https://cdn.example.org/low.opus}'
	build
	expect 0 ''
	xml out/feed.xml > first
	grep -q "^enclosure https://op3.dev/e/cdn.example.org/one.mp3 $one audio/mpeg" first
	grep -q '^alternate https://op3.dev/e/cdn.example.org/one.mp3 bitrate=64000 default' first
	grep -q "^alternate https://op3.dev/e/cdn.example.org/low.opus bitrate=[0-9]* codecs=opus length=$low" first
	build
	expect 0 ''
	xml out/feed.xml | diff first -
	kill "$HTTP_PID"
	build
	expect 0 'warning'
	xml out/feed.xml | diff first -
}

@test "settle and a change while feeds are made look at each file" {
	echo 'settle = 1h' >> feeds/mini/show.ini
	touch -d '2 hours ago' feeds/mini/media/one.mp3
	notes 'audio: [one.mp3, low.opus]'
	build
	expect 75 'low.opus was written less than 3600 seconds ago'
	touch -d '2 hours ago' feeds/mini/media/low.opus
	build
	expect 0 ''
}

@test "the digest and episode show tell the size of each, and what it saves" {
	cat feeds/mini/media/one.mp3 > big.mp3
	for _ in 1 2 3 4 5 6 7; do cat big.mp3 big.mp3 > b && mv b big.mp3; done
	mv big.mp3 feeds/mini/media/one.mp3
	one=$(stat -c %s feeds/mini/media/one.mp3)
	saved=$(/usr/bin/python3 -c "print('%.2f MB' % (($one - $low) / 1e6))")
	notes 'audio: [one.mp3, {file: low.opus, title: Data <saver>}]'
	"$SHOWMILL" -q digest preview --at $at --episode 1 --again --out look
	kb=$(/usr/bin/python3 -c "print('%.0f kB' % ($low / 1e3))")
	grep -qF "Data <saver> ($kb, $saved less)" look/digest.txt
	grep -qF "        $m/low.opus" look/digest.txt
	grep -qF ">Data &lt;saver&gt;</a> ($kb, $saved less)" look/digest.html
	run "$SHOWMILL" episode show 1
	expect 0 "Data <saver>: $kb, $saved less, "
	[[ "$output" == *low.opus* ]]
	[[ "$output" =~ rendition\ +line\ 5\  ]]
	"$SHOWMILL" episode show 1 --json | /usr/bin/python3 -c 'import json, sys
f = [f for f in json.load(sys.stdin)["facts"] if f["fact"] == "rendition"]
assert len(f) == 1 and f[0]["line"] == 5, f
assert f[0]["value"] == sys.argv[1] and f[0]["title"] == "Data <saver>" and f[0]["type"] == "audio/ogg", f
assert f[0]["length"] == int(sys.argv[2]) and 4000 < f[0]["bitrate"] < 12000, f' "$m/low.opus" "$low"
	notes 'audio: [low.opus, one.mp3]'
	"$SHOWMILL" -q digest preview --at $at --episode 1 --again --out look
	grep -qE "^MP3, [0-9]+ kbit/s \(.*, $saved more\)$" look/digest.txt
}

@test "media probe --write puts what is true into each file's own map, and no other byte" {
	d=$("$SHOWMILL" media probe --json feeds/mini/media/low.opus | /usr/bin/python3 -c 'import json, sys
s = (json.load(sys.stdin)[0]["duration_ms"] + 500) // 1000; print("%d:%02d" % (s // 60, s % 60))')
	d1=$("$SHOWMILL" media probe --json feeds/mini/media/one.mp3 | /usr/bin/python3 -c 'import json, sys
s = (json.load(sys.stdin)[0]["duration_ms"] + 500) // 1000; print("%d:%02d" % (s // 60, s % 60))')
	notes 'audio:
  - file: one.mp3
    title: Standard # as ever
    length: 5
  - {file: low.opus, title: data saver}'
	run "$SHOWMILL" media probe --write
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"001.md: length of one.mp3 5 → $one, duration of one.mp3 $d1"* ]]
	[[ "$output" == *"001.md: length of low.opus $low, duration of low.opus $d"* ]]
	diff - feeds/mini/episodes/001.md <<-E
	---
	title: One
	number: 1
	date: 2026-01-05T10:00:00Z
	audio:
	  - file: one.mp3
	    duration: "$d1"
	    title: Standard # as ever
	    length: $one
	  - {file: low.opus, length: $low, duration: "$d", title: data saver}
	---

	Notes
	E
	run "$SHOWMILL" media probe --write
	[ "$status" = 0 ] && [ -z "$output" ]
	build --strict
	expect 0 ''
	notes 'audio: [one.mp3, low.opus]'
	run "$SHOWMILL" media probe --write feeds/mini/media/low.opus
	expect 65 'the file stands in a list by its mere name; write `{file: NAME}` there'
	notes $'audio:\n  - one.mp3\n  - low.opus'
	run "$SHOWMILL" media probe --write feeds/mini/media/low.opus
	expect 65 ".md:$(grep -n low.opus feeds/mini/episodes/*.md | cut -d: -f1): error: the file stands"
}

@test "media doctor looks at each file" {
	http_start feeds/mini/media '/low.opus status 404'
	echo "episode_url = http://127.0.0.1:$HTTP_PORT/{number}" >> feeds/mini/show.ini
	sed -i "s#^media_url.*#media_url = http://127.0.0.1:$HTTP_PORT/#; /^episode_url = https/d; /^image/d" feeds/mini/show.ini
	notes 'audio:
  - one.mp3
  - low.opus'
	run "$SHOWMILL" media doctor --at $at
	[ "$status" != 0 ]
	[[ "$output" == *"001.md:7: error: "*low.opus* ]]
	[[ "$output" != *"001.md:6: error"* ]]
}

@test "further sources, integrity, groups and heights" {
	notes 'audio: {file: one.mp3, source: "ipfs://abc", integrity: sha384-x1}'
	build
	expect 0 ''
	silent
	/usr/bin/python3 - out/feed.xml <<-'PY'
	import sys, xml.etree.ElementTree as E
	p = '{https://podcastindex.org/namespace/1.0}'
	a, = E.parse(sys.argv[1]).iter(p + 'alternateEnclosure')
	assert [s.attrib['uri'] for s in a.iter(p + 'source')] == ['https://mini.example.org/media/one.mp3', 'ipfs://abc']
	assert a.find(p + 'integrity').attrib == {'type': 'sri', 'value': 'sha384-x1'}
	PY
	notes 'audio:
  - one.mp3
  - {file: low.opus, rel: talk, height: 720, source: ["https://a.example.org/x", "magnet:?xt=1"], integrity: {type: pgp-signature, value: abc}}'
	build
	expect 0 ''
	/usr/bin/python3 - out/feed.xml <<-'PY'
	import sys, xml.etree.ElementTree as E
	p = '{https://podcastindex.org/namespace/1.0}'
	a = list(E.parse(sys.argv[1]).iter(p + 'alternateEnclosure'))[1]
	assert a.attrib['rel'] == 'talk' and a.attrib['height'] == '720', a.attrib
	assert [s.attrib['uri'] for s in a.iter(p + 'source')][1:] == ['https://a.example.org/x', 'magnet:?xt=1']
	assert a.find(p + 'integrity').attrib == {'type': 'pgp-signature', 'value': 'abc'}
	PY
	for bad in 'source: nowhere' 'source: ["ipfs://a b"]' 'source: [[x]]' 'height: tall' 'height: 0' 'integrity: {type: x, value: y}' 'integrity: {type: sri}'; do
		notes "audio: [one.mp3, {file: low.opus, $bad}]"
		build
		expect 65 '001.md:5: error: '
		[ "$(grep -c '^feeds.*error: ' <<< "$output")" = 1 ] || { echo "$bad: $output"; return 1; }
	done
}

@test "files that last longer or shorter are told" {
	for _ in 1 2 3 4; do cat "$REPO/tests/e2e/fixtures/cbr.mp3"; done > feeds/mini/media/long.mp3
	notes 'audio:
  - one.mp3
  - long.mp3'
	build
	expect 0 "001.md:7: warning: this file lasts 0:12 and the episode's audio 0:03; files of one episode are offered as the same sound [episode-audio-differs]"
}
