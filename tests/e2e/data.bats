#!/usr/bin/env bats
# The facts of shows and episodes for a site's own templates (--data).
load site

at=2026-02-01

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	site_episode 3 2026-03-12T10:00:00Z two.mp3
	note=feeds/mini/episodes/002-the-2.md
	sed -i 's/^number: 2/&\ntags: [bees, "a \\"b\\" <c>"]\nseason: 4\nguests: [Grace]\nchapters:\n  - 0:00 Begin\n  - 0:01 Middle/' $note
	printf '\n# A heading\n\nSmile 😀 & `<b>`\n' >> $note
}

data=data/episodes.json
build() { run "$SHOWMILL" feed build --at $at --out out --data "$data" "$@"; }
# value EXPRESSION: of the data, d; s is the first show, e its newest episode.
value() { /usr/bin/python3 -c '
import json, sys
d = json.load(open("data/episodes.json", encoding="utf-8")); s = d["shows"][0]; e = s["episodes"][0]
print(eval(sys.argv[1]))' "$1"; }
is() { [ "$(value "$1")" = "$2" ] || { echo "$1: $(value "$1")"; return 1; }; }

@test "the facts are those of the feed, numbers as numbers" {
	build
	[ "$status" = 0 ] && [[ "$output" == *'data/episodes.json: written'* ]] || { echo "$output"; return 1; }
	is '[x["number"] for x in s["episodes"]]' '[2, 1]'
	is 's["slug"], s["title"], s["feeds"][0]["url"]' "('mini', 'The Mini Show', 'https://mini.example.org/feed.xml')"
	is 'e["bytes"]' "$(stat -c %s feeds/mini/media/two.mp3)"
	is 'str(e["bytes"]) in open("out/feed.xml").read()' True
	is 'e["guid"] in open("out/feed.xml").read()' True
	is 'e["season"], e["type"], e["explicit"]' "(4, 'full', False)"
	is 'e["tags"]' "['bees', 'a \"b\" <c>']"
	is 'e["date_iso"]' 2026-01-12T10:00:00Z
	is '[c["title"] for c in e["chapters"]]' "['Begin', 'Middle']"
	is '"<h1>A heading</h1>" in e["notes_html"]' True
	is '"😀 &amp; <code>&lt;b&gt;</code>" in e["notes_html"]' True
	is 's["episodes"][1]["season"]' None
	is 'type(e["seconds"]).__name__, e["duration_iso"][:2]' "('int', 'PT')"
}

@test "unchanged it is left alone; several shows are one list; none stays behind a refusal" {
	build
	stamp=$(stat -c '%i %y' data/episodes.json)
	build
	[[ "$output" == *'data/episodes.json: unchanged'* ]]
	[ "$(stat -c '%i %y' data/episodes.json)" = "$stamp" ]
	cp -r feeds/mini feeds/other
	sed -i 's/mini\.example/other.example/; /^guid/d' feeds/other/show.ini
	run "$SHOWMILL" feed build --at $at --data data/episodes.json
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	is '[x["slug"] for x in d["shows"]]' "['mini', 'other']"
	cp data/episodes.json before
	echo 'audio: nothing.mp3' | sed -i '/^audio:/{r /dev/stdin
d}' feeds/mini/episodes/001-*.md
	run "$SHOWMILL" feed build --at $at --data data/episodes.json
	[ "$status" = 65 ]
	cmp before data/episodes.json
}

@test "where it cannot be written: 73, and no feed is replaced" {
	mkdir -p data/episodes.json
	build
	[ "$status" = 73 ] && [[ "$output" == *data/episodes.json* ]] || { echo "$status $output"; return 1; }
	[ ! -e out/feed.xml ]
	mkdir -p out
	data=$PWD/out/../out/feed.xml
	build
	[ "$status" = 64 ] && [[ "$output" == *'--data: '*' is where a feed goes'* ]] || { echo "$status $output"; return 1; }
	[ ! -e out/feed.xml ]
}
