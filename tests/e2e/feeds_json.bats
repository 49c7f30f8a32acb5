#!/usr/bin/env bats
# The JSON Feed beside RSS and Atom.

load site

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00+01:00 two.mp3
}

at=2026-02-01

json_url() { echo 'json_url = https://mini.example.org/feed.json' >> feeds/mini/show.ini; }
# equal RSS JSON: they say the same, and the schema takes the JSON.
equal() {
	local schema=$SHARED/schemas/schema-v1.1.json
	[ -e "$schema" ] || schema=
	run /usr/bin/python3 "$REPO/tests/e2e/json_equal.py" "$1" "$2" ${schema:+"$schema"}
	echo "$output"
	[ "$status" != 77 ] || skip "python3-jsonschema is not installed"
	[ "$status" = 0 ]
	[ -n "$schema" ] || skip "../shared is not there"
}
# value FILE EXPRESSION: of the feed f
value() { /usr/bin/python3 -c 'import json, sys; f = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"; }

@test "json: made where it has an address; the three say the same" {
	"$SHOWMILL" feed build --at $at --out out
	[ ! -e out/feed.json ]
	json_url
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "out/feed.xml: 2 episodes, unchanged
out/atom.xml: 2 episodes, unchanged
out/feed.json: 2 episodes, written" ]
	[ "$(value out/feed.json 'f["feed_url"]')" = https://mini.example.org/feed.json ]
	[ "$(value out/feed.json 'f["items"][1]["attachments"][0]["size_in_bytes"]')" = "$(stat -c %s feeds/mini/media/one.mp3)" ]
	equal out/feed.xml out/feed.json
}

@test "json: a second build touches nothing, --at chooses, json names the file" {
	json_url
	echo 'json = index.json' >> feeds/mini/show.ini
	"$SHOWMILL" feed build --at $at --out out
	[ ! -e out/feed.json ]
	before=$(stat -c '%i %y' out/index.json; cksum out/index.json)
	rm -f cache.db*
	run "$SHOWMILL" feed build --at $at --out out
	[[ "$output" == *"out/index.json: 2 episodes, unchanged"* ]]
	[ "$(stat -c '%i %y' out/index.json; cksum out/index.json)" = "$before" ]
	"$SHOWMILL" feed build --at 2026-01-06 --out out
	[ "$(value out/index.json 'len(f["items"])')" = 1 ]
}

@test "json: all that an episode can say, and text that is hard to quote" {
	json_url
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	cp feeds/mini/media/two.mp3 feeds/mini/media/small.mp3
	cat > feeds/mini/episodes/003-three.md <<-'MD'
	---
	title: "\"Three\" \\ back ]]> </script> שלום 🎙"
	number: 3
	season: 2
	explicit: true
	date: 2026-01-19T10:00:00Z
	updated: 2026-01-20T10:00:00Z
	tags: [fog, 'two "words"']
	people:
	  - name: Cy
	    role: guest
	    href: https://cy.example/
	    img: https://cy.example/me.png
	image: https://mini.example.org/3.png
	chapters: https://mini.example.org/3.json
	transcripts:
	  - url: https://mini.example.org/3.vtt
	    language: de
	audio:
	  - three.mp3
	  - file: small.mp3
	    title: Data saver
	episode_type: bonus
	xml: |
	  <podcast:license url="https://l.example/">x-licence</podcast:license>
	---

	Notes with `]]>` and "quotes" \\ and 🎙 and שלום.
	MD
	printf -- '- a \xe2\x80\xa8 b\n' >> feeds/mini/episodes/003-three.md
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 0 ]
	[ "$(value out/feed.json 'f["items"][0]["title"]')" = '"Three" \ back ]]> </script> שלום 🎙' ]
	[ "$(value out/feed.json 'f["items"][0]["date_modified"]')" = 2026-01-20T10:00:00Z ]
	[ "$(value out/feed.json 'f["items"][0]["authors"][0]["avatar"]')" = https://cy.example/me.png ]
	[ "$(value out/feed.json 'len(f["items"][0]["attachments"])')" = 2 ]
	[ "$(value out/feed.json 'len(set(a["title"] for a in f["items"][0]["attachments"]))')" = 1 ]
	[ "$(value out/feed.json 'f["items"][0]["attachments"][1]["_podcast"]["title"]')" = "Data saver" ]
	grep -q x-licence out/feed.xml
	no grep -q x-licence out/feed.json
	equal out/feed.xml out/feed.json
}

@test "json: an empty feed is one, and one with episodes does not become empty" {
	json_url
	"$SHOWMILL" feed build --at 2025-01-01 --out new
	[ "$(value new/feed.json 'f["items"]')" = '[]' ]
	equal new/feed.xml new/feed.json
	"$SHOWMILL" feed build --at 2025-01-01 --out new
	"$SHOWMILL" feed build --at $at --out out
	rm out/*.xml
	good=$(cksum out/feed.json)
	run "$SHOWMILL" feed build --at 2025-01-01 --out out
	[ "$status" = 77 ]
	[[ "$output" == *"out/feed.json: error: has episodes"*"[feed-emptied]"* ]]
	[ "$(cksum out/feed.json)" = "$good" ]
	[ ! -e out/feed.xml ]
}

@test "json: all three or none, when one cannot be written" {
	json_url
	"$SHOWMILL" feed build --at $at --out out
	good=$(cksum out/*)
	# A line end is one byte in XML and two in JSON: so much that the JSON
	# alone does not fit.
	printf '\n' >> feeds/mini/episodes/002-the-2.md
	for i in $(seq 6000); do echo ok; done >> feeds/mini/episodes/002-the-2.md
	"$SHOWMILL" feed build --at $at --out big
	most=$(stat -c %s big/*.xml | sort -n | tail -n 1)
	[ "$(stat -c %s big/feed.json)" -gt $((most + 3000)) ]
	# In KiB a file, without the signal that goes with it.
	run bash -c 'trap "" XFSZ; ulimit -f '$((most / 1024 + 1))'; "$0" feed build --at '$at' --out out' "$SHOWMILL"
	echo "$output"
	[ "$status" = 73 ]
	[[ "$output" == *"out/feed.json: "* ]]
	[ "$(cksum out/*)" = "$good" ]
	[ -z "$(find out -name '.*.tmp')" ]
}

@test "json: one file, or one address, for two feeds: 78" {
	json_url
	for line in 'json = feed.xml' 'json = atom.xml'; do
		sed -i '/^json = /d' feeds/mini/show.ini
		echo "$line" >> feeds/mini/show.ini
		run "$SHOWMILL" feed build --at $at --out out
		[ "$status" = 78 ]
		[[ "$output" == *"show.ini: "*' and `json` are one file'* ]]
		[ ! -e out ]
	done
	sed -i '/^json = /d' feeds/mini/show.ini
	cp -r feeds/mini feeds/other
	sed -i 's/^title = .*/title = Other/; s/^guid = ./guid = 8/; s#^\(feed_url\|atom_url\) = .*#\1 = https://o.example/\1#' feeds/other/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 78 ]
	[[ "$output" == *"feeds/other/show.ini:15: error: the json_url "*"[show-twice]"* ]]
	sed -i 's#^json_url = .*#json_url = ftp://o.example/f#' feeds/other/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 78 ]
	[[ "$output" == *"feeds/other/show.ini:15: error: json_url"* ]]
}

@test "json: --keep-going leaves out the same in all three" {
	json_url
	printf -- '---\ntitle: T\ndate: yesterday\naudio: one.mp3\n---\n' > feeds/mini/episodes/011-date.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[ ! -e out/feed.json ]
	run "$SHOWMILL" feed build --at $at --out out --keep-going
	[ "$status" = 65 ]
	equal out/feed.xml out/feed.json
}

@test "json: the golden files say the same" {
	equal "$REPO/tests/golden/feed-minimal.rss.xml" "$REPO/tests/golden/feed-minimal.json"
}
