#!/usr/bin/env bats
# feed import, end to end: an old feed becomes a show whose feed says the same.

load site
load peers

bats_require_minimum_version 1.5.0

FEED=$REPO/tests/e2e/fixtures/import/lantern.xml

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }
teardown() { peers_stop; }

# value FILE KEY: of a line "KEY: VALUE" of front matter, without quotes.
value() { sed -n "s/^$2: \"\{0,1\}\(.*[^\"]\)\"\{0,1\}\$/\1/p" "$1"; }

# serve: web/ with a file for the audio of every episode in feeds/x, of the
# length that the feed says, and a config.ini that asks there.
serve() {
	local file url host n=0 length
	declare -A hosts=()
	mkdir -p web
	echo 'shows = feeds/*/show.ini' > config.ini
	for file in feeds/x/episodes/*.md; do
		url=$(value "$file" audio)
		[ -n "$url" ] || continue
		host=$(cut -d / -f 1-3 <<< "$url")
		if [ -z "${hosts[$host]:-}" ]; then
			hosts[$host]=h$((n += 1))
			echo "probe_map = $host http://127.0.0.1:$HTTP_PORT/h$n" >> config.ini
		fi
		# A path that ends with a slash: all behind ? is no name of a file.
		if [[ $url == */ ]]; then
			sed -i "\$s#/*\$#/index.mp3?#" config.ini
			url=$host/index.mp3
		fi
		url=web/${hosts[$host]}/$(cut -d / -f 4- <<< "${url%%[?#]*}")
		url=$(printf '%b' "${url//%/\\x}")
		mkdir -p "${url%/*}"
		length=$(value "$file" length)
		truncate -s "${length:-4711}" "$url"
	done
}

# rss: the name of x's feed.
rss() {
	local name
	name=$(sed -n 's/^rss = //p' feeds/x/show.ini)
	echo "${name:-feed.xml}"
}

# atom: the name of x's Atom feed.
atom() {
	local name
	name=$(sed -n 's/^atom = //p' feeds/x/show.ini)
	echo "${name:-atom.xml}"
}

# server: the one that round needs. `run` would start it in a shell of its own,
# of which teardown knows nothing.
server() { [ -n "$HTTP_PID" ] || http_start "$PWD/web"; }

# round FEED: imports it as x, builds that, and tells the differences. Where an
# Atom feed was, the RSS feed beside it says the same too, but for its address.
round() {
	rm -rf feeds out web
	"$SHOWMILL" -q feed import --show x "$1" || return 9
	serve
	"$SHOWMILL" -q feed build --at 2035-01-01 --out out || return 9
	if ! grep -q '^# The same as RSS' feeds/x/show.ini; then
		"$SHOWMILL" feed diff "$1" "out/$(rss)"
		return
	fi
	"$SHOWMILL" feed diff "$1" "out/$(atom)" || return 2
	"$SHOWMILL" feed diff --ignore self-link "$1" "out/$(rss)"
}

@test "a feed becomes show.ini, channel.xml and a file for each episode" {
	run --separate-stderr "$SHOWMILL" feed import "$FEED"
	[ "$status" = 0 ]
	[ "$output" = "feeds/the-lantern-hour: 3 episodes" ]
	cd feeds/the-lantern-hour
	[ "$(find . -type f | sort | tr '\n' ' ')" = "./channel.xml ./episodes/002-rain-again.md ./episodes/003-bees-and-boxes-3.md ./episodes/2026-11-02-what-this-will-be.md ./show.ini " ]
	for line in 'title = The Lantern Hour' 'link = https://lantern.example.org/' \
	    'feed_url = https://lantern.example.org/feed.xml' 'guid = 0c2a7f2e-6a43-5b0c-9a55-0f6f3f0c7c11' \
	    'description = Two neighbours & what they read.' 'language = de-AT' 'author = Ada & Ben' \
	    'email = ada@example.org' 'copyright = Ada and Ben' 'image = https://lantern.example.org/cover.png' \
	    'category = News > Tech News' 'explicit = false' 'type = serial' 'host = Ada <https://ada.example.org/>' \
	    'host = Ben' 'timezone = +01:00'; do
		grep -Fx "$line" show.ini || { echo "missing: $line"; return 1; }
	done
	[ "$(cat channel.xml)" = '<itunes:owner><itunes:name>Ada</itunes:name><itunes:email>ada@example.org</itunes:email></itunes:owner>
<podcast:funding url="https://lantern.example.org/give">Give something</podcast:funding>
<own:mood xmlns:own="urn:example:own" light="low">calm</own:mood>' ]
	[ "$(cat episodes/003*)" = '---
title: "Bees: and \"boxes\" #3"
date: 2026-11-16T18:00:00+01:00
number: 3
season: 1
guid: https://lantern.example.org/3
guid_is_link: true
audio: https://media.example.org/3.mp3
length: 300300
duration: 1:02:03
type: audio/mpeg
image: https://lantern.example.org/3.png
link: https://lantern.example.org/3
summary: Why a hive is six-sided.
explicit: true
people:
  - name: Cy
    role: guest
    href: https://cy.example.org/
    img: https://cy.example.org/cy.png
tags:
  - bees
  - wood
transcripts:
  - url: https://media.example.org/3.vtt
    type: text/vtt
    language: de
    rel: captions
chapters: https://media.example.org/3.json
xml: |
  <itunes:title>Bees</itunes:title>
  <itunes:subtitle>A short one</itunes:subtitle>
  <psc:chapters version="1.2"><psc:chapter start="0" title="Hello"/></psc:chapters>
  <own:depth xmlns:own="urn:example:own"><own:inner n="1"/>deep</own:depth>
---

## Ada #1: A wall for *two*

Each cell [shares](https://bees.example.org/?a=1\&b=2) its walls, in 2 \* 3 steps.

- one
- two' ]
	grep -x 'guid: "1741"' episodes/2026*
}

@test "what is built says the same, and the guids say what they are" {
	server
	run round "$FEED"
	echo "$output"
	[ "$status" = 0 ]
	grep -F '<guid isPermaLink="true">https://lantern.example.org/3</guid>' out/feed.xml
	grep -F '<guid isPermaLink="false">two words</guid>' out/feed.xml
	# Each thing once.
	[ "$(grep -c '<description>' out/feed.xml)" = 4 ]
	[ "$(grep -c '<content:encoded>' out/feed.xml)" = 1 ]
}

@test "an Atom feed becomes an Atom feed that says the same, and RSS beside it" {
	local old=$REPO/tests/e2e/fixtures/import/letters.atom
	server
	run round "$old"
	echo "$output"
	[ "$status" = 0 ]
	grep -x 'date: 2026-02-01T10:00:00+02:00' feeds/x/episodes/*
	grep -x 'updated: 2026-02-03T10:00:00Z' feeds/x/episodes/*
	grep -x 'atom_url = https://letters.example.org/feeds/letters.atom' feeds/x/show.ini
	grep -x 'atom = letters.atom' feeds/x/show.ini
	grep -x 'feed_url = https://letters.example.org/feeds/feed.xml' feeds/x/show.ini
	cd out
	for line in '<id>tag:letters.example.org,2020:feed</id>' '<id>1225c695-cfb8-4ebb-aaaa-80da344efa6b</id>' \
	    '<id>words of no kind</id>' '<email>cy@example.org</email>' '<own:inner n="1"/>' \
	    '<category term="post" scheme="https://letters.example.org/tags" label="A post"/>' \
	    '<category term="second"/>' '<link rel="hub" href="https://hub.example.org/"/>' \
	    'rel="enclosure" type="audio/ogg" href="https://letters.example.org/2.ogg" length="3333"'; do
		grep -qF "$line" letters.atom || { echo "missing: $line"; return 1; }
		[ "$(grep -oF "$line" letters.atom | wc -l)" = 1 ]
	done
	# Each thing once, and all of Atom without a prefix.
	[ "$(grep -c '<id>' letters.atom)" = 5 ]
	[ "$(grep -c '<contributor>' letters.atom)" = 3 ]
	[ "$(grep -c '<itunes:duration>3723</' letters.atom)" = 1 ]
	[ "$(grep -c '<logo>' letters.atom)" = 1 ]
	run ! grep -E 'atom:|<(description|enclosure)|content:' letters.atom
	if command -v xmllint > /dev/null; then xmllint --noout letters.atom; fi
}

@test "texts that YAML or Markdown would take for something else come back as they were" {
	cat > odd.xml <<-'XML'
	<rss version="2.0"><channel><title>#1 = ; odd</title><link>https://o.example/</link>
	<description><![CDATA[<p>Hi <b>you</b></p>]]></description><language>none of these</language>
	<item><title>- yes: no # ü</title><guid> a: "b" \d &#x2028; e</guid>
	<pubDate>Mon, 02 Jun 2025 10:00:00 EST</pubDate>
	<enclosure url="https://o.example/a b ü.mp3" length="10" type="audio/mpeg"/>
	<description>one&#x2028;two {{&lt; youtube x &gt;}} {% raw %} *a* _b_ ---
	# no heading
	&amp;lt;b&amp;gt; &lt;scriptname&gt;</description>
	<author>a@o.example&#13;&#x2029;(A)</author></item>
	<item><title>true</title><guid>2</guid><pubDate>Mon, 02 Jun 2025 10:00:00 EST</pubDate>
	<enclosure url="https://o.example/b.mp3" length="10" type="audio/mpeg"/>
	<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/"><![CDATA[<h1>true</h1><p><a href="/rel">rel</a></p>]]></content:encoded></item>
	<item><title>null</title><guid>3</guid><pubDate>Mon, 02 Jun 2025 10:00:00 EST</pubDate>
	<enclosure url="https://o.example/c.mp3" length="10" type="audio/mpeg"/></item>
	</channel></rss>
	XML
	server
	run round odd.xml
	echo "$output"
	[ "$status" = 0 ]
}

@test "what a feed does not say is not said afterwards either" {
	cat > bare.xml <<-'XML'
	<rss><channel><item><enclosure url="http://b.example/2.ogg"/></item>
	<item><enclosure url="http://b.example/1.ogg"/></item></channel></rss>
	XML
	server
	run round bare.xml
	echo "$output"
	[ "$status" = 0 ]
	run ! grep -E '<(language|pubDate|link|title)>' out/feed.xml
	run "$SHOWMILL" feed import --show y bare.xml
	[[ $output == *"has no title in the feed; this one is made up"* ]]
	[[ $output == *"names neither its address nor a page; https://example.org/feed.xml stands for it: put the right \`feed_url\` into show.ini"* ]]
}

@test "items that cannot be imported are all told with their line; nothing is written" {
	cat > bad.xml <<-'XML'
	<rss version="2.0"><channel><title>Bad</title>
	<item><title>One</title><guid>1</guid><pubDate>Mon, 02 Jun 2025 10:00:00 GMT</pubDate><description>Words.</description>
	<enclosure url="https://b.example/1.mp3" length="1" type="audio/mpeg"/></item>
	<item><title>Nameless</title></item>
	<item><title>Again</title><guid>1</guid><enclosure url="https://b.example/2.mp3"/></item>
	<item><title>Same sound</title><guid>3</guid><enclosure url="https://b.example/1.mp3"/></item>
	<item><title>Words only</title><guid>4</guid></item>
	</channel></rss>
	XML
	run --separate-stderr "$SHOWMILL" feed import bad.xml
	[ "$status" = 65 ]
	[[ $stderr == *'bad.xml:4: error: the item "Nameless" has neither a guid nor a link nor an enclosure'* ]]
	[[ $stderr == *'bad.xml:5: error: the item "Again" has the guid of the one on line 2'* ]]
	[[ $stderr == *'bad.xml:6: error: the item "Same sound" has the audio of the one on line 2'* ]]
	[[ $stderr == *'bad.xml:7: warning: the item "Words only" has no audio and becomes a draft'* ]]
	[[ $stderr == *"3 errors; nothing was written (--keep-going"* ]]
	[ ! -e feeds ]
	run --separate-stderr "$SHOWMILL" feed import --keep-going bad.xml
	[ "$status" = 65 ]
	[[ $stderr == *"3 items were left out"* ]]
	[ "$(ls feeds/bad/episodes | wc -l)" = 2 ]
	grep -x 'draft: true' feeds/bad/episodes/*words-only.md
}

@test "a damaged feed is refused, and taken as far as it goes with --keep-going" {
	head -n 50 "$FEED" > cut.xml
	run "$SHOWMILL" feed import --show x cut.xml
	[ "$status" = 65 ]
	[ ! -e feeds ]
	run "$SHOWMILL" feed import --show x --keep-going cut.xml
	[ "$status" = 65 ]
	[ -e feeds/x/show.ini ]
}

@test "no file is replaced; a run that was broken off can be repeated" {
	"$SHOWMILL" -q feed import --show x "$FEED"
	rm feeds/x/show.ini feeds/x/episodes/002-rain-again.md
	touch -d 2020-01-01 feeds/x/channel.xml
	run "$SHOWMILL" -q feed import --show x "$FEED"
	[ "$status" = 0 ]
	[ -e feeds/x/show.ini ]
	[ "$(stat -c %y feeds/x/channel.xml | cut -c 1-4)" = 2020 ]
	echo mine >> feeds/x/episodes/003-bees-and-boxes-3.md
	rm feeds/x/show.ini
	run "$SHOWMILL" feed import --show x "$FEED"
	[ "$status" = 73 ]
	[[ $output == *"feeds/x/episodes/003-bees-and-boxes-3.md: error: is there already"* ]]
	[ ! -e feeds/x/show.ini ]
	[ "$(tail -n 1 feeds/x/episodes/003*)" = mine ]
	ln -s nowhere feeds/x/show.ini
	rm feeds/x/episodes/003*
	run "$SHOWMILL" feed import --show x "$FEED"
	[ "$status" = 73 ]
	[ ! -e feeds/x/nowhere ]
}

@test "where there is no config.ini one is made, and what is told to do next works" {
	sed 's#lantern.example.org/feed.xml#lantern.example.org/the%20lantern.rss#' "$FEED" > plain.xml
	sed 's#lantern.example.org/feed.xml#lantern.example.org/lantern.rss#' "$FEED" > old.xml
	run --separate-stderr "$SHOWMILL" feed import old.xml
	[ "$status" = 0 ]
	[[ $stderr == *'`showmill feed build --show the-lantern-hour`'* ]]
	grep -x 'shows = feeds/\*/show.ini' config.ini
	grep -x 'rss = lantern.rss' feeds/the-lantern-hour/show.ini
	run "$SHOWMILL" episode list --show the-lantern-hour
	[ "$status" = 0 ]
	# One that is there stays, and is named when it leads elsewhere.
	echo 'shows = other/*/show.ini' > config.ini
	cp config.ini mine.ini
	run --separate-stderr "$SHOWMILL" feed import --dir more old.xml
	[ "$status" = 0 ]
	cmp config.ini mine.ini
	[[ $output == *"config.ini does not name more/the-lantern-hour/show.ini"* ]]
	run --separate-stderr "$SHOWMILL" feed import --dir encoded plain.xml
	[ "$status" = 0 ]
	run ! grep '^rss' encoded/the-lantern-hour/show.ini
}

# embedding HTML...: embeds.xml, a feed with an item for each.
embedding() {
	local n=0 html
	{
		echo '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>E</title>'
		echo '<link>https://e.example.org/</link><description>d</description><language>en</language>'
		for html in "$@"; do
			n=$((n + 1))
			echo "<item><title>T$n</title><guid>g$n</guid><pubDate>Mon, 02 Nov 2026 0$((9 - n)):00:00 GMT</pubDate>"
			echo "<enclosure url=\"https://e.example.org/$n.mp3\" length=\"4711\" type=\"audio/mpeg\"/>"
			echo "<description><![CDATA[$html]]></description></item>"
		done
		echo '</channel></rss>'
	} > embeds.xml
}

@test "a player of a known site becomes a link; nothing else that is embedded is lost" {
	embedding '<p>a</p><iframe width="5" src="https://www.youtube.com/embed/a_B-1?rel=0"></iframe><p>b</p>' \
	    '<p>a <iframe src="//player.vimeo.com/video/42"></iframe> b</p>'
	server
	run round embeds.xml
	echo "$output"
	[ "$status" = 0 ]
	run "$SHOWMILL" feed import --dir told --show x embeds.xml
	[[ $output != *import-notes* ]]
	grep -x '<*https://www.youtube.com/watch?v=a\\*_B-1>*' feeds/x/episodes/*t1.md
	grep -F 'https://vimeo.com/42' feeds/x/episodes/*t2.md
	run ! grep '^xml:' feeds/x/episodes/*
	embedding '<p>a</p><iframe src="https://other.example.org/e/1"></iframe>' \
	    '<p>a</p><video controls><source src="https://e.example.org/v.mp4">no video</video>' \
	    '<p>a</p><audio src="https://e.example.org/a.mp3"></audio>' \
	    '<p>a</p><embed src="https://e.example.org/x.swf"><p>b</p>' \
	    '<p>a</p><object data="https://e.example.org/o.pdf"></object>' \
	    '<p>a</p><iframe src="https://www.youtube.com/embed/videoseries?list=PL1"></iframe>'
	server
	run round embeds.xml
	echo "$output"
	[ "$status" = 0 ]
	run --separate-stderr "$SHOWMILL" feed import --dir again --show x embeds.xml
	echo "$stderr"
	[ "$(grep -c 'import-notes' <<< "$stderr")" = 6 ]
	[[ $stderr == *"embeds.xml:3: warning: 2026-11-02-t1.md: the notes have <iframe> of https://other.example.org/e/1, which"* ]]
	[[ $stderr == *"<video> of https://e.example.org/v.mp4,"* ]]
	for url in other.example.org/e/1 e.example.org/v.mp4 e.example.org/a.mp3 e.example.org/x.swf \
	    e.example.org/o.pdf 'embed/videoseries?list=PL1'; do
		grep -F "$url" out/feed.xml
	done
	# What is lost is seen.
	for url in e/1 v.mp4 a.mp3 x.swf o.pdf list=PL1; do
		sed "s#${url//./[.]}#gone#" out/feed.xml > lost.xml
		run cmp -s out/feed.xml lost.xml
		[ "$status" = 1 ]
		run "$SHOWMILL" feed diff out/feed.xml lost.xml
		[ "$status" = 1 ]
	done
}

@test "lists that Markdown cannot number keep their numbers; sounds and casts become links" {
	embedding '<ol start="-3"><li>a</li></ol>' '<ol><li>a</li><li value="5">b</li></ol><p>c</p>' \
	    '<p>a</p><iframe src="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/3&amp;color=red"></iframe>' \
	    '<p>a</p><iframe src="https://asciinema.org/a/17/iframe"></iframe>'
	server
	run round embeds.xml
	echo "$output"
	[ "$status" = 0 ]
	[[ $output != *import-notes* ]]
	run ! grep '^xml:' feeds/x/episodes/*
	grep -F '<ol start="-3">' out/feed.xml
	grep -F '<li value="5">' out/feed.xml
	grep -F '<a href="https://asciinema.org/a/17">' out/feed.xml
	grep -F '<a href="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/3">' out/feed.xml
}

@test "show.ini says what the feed does not tell" {
	grep -vE '<atom:link|itunes:author|itunes:image|itunes:category' "$FEED" > less.xml
	run --separate-stderr "$SHOWMILL" feed import --show x less.xml
	[ "$status" = 0 ]
	[[ $stderr == *"feed.xml below the show's page is taken: put the right"* ]]
	grep -x 'feed_url = https://lantern.example.org/feed.xml' feeds/x/show.ini
	for key in author image category; do grep -x "#$key =" feeds/x/show.ini; done
}

@test "--dry-run names the files and writes none; --dir and --show say where" {
	run --separate-stderr "$SHOWMILL" feed import --dry-run --dir shows --show lamp "$FEED"
	[ "$status" = 0 ]
	[ "${lines[0]}" = shows/lamp/episodes/003-bees-and-boxes-3.md ]
	[ "${lines[4]}" = config.ini ]
	[ "${lines[5]}" = shows/lamp/show.ini ]
	[ ! -e shows ]
	run "$SHOWMILL" feed import --show 'No slug' "$FEED"
	[ "$status" = 64 ]
	run "$SHOWMILL" feed import nowhere.xml
	[ "$status" = 66 ]
	echo '<html><p>No feed' > page.html
	run "$SHOWMILL" feed import page.html
	[ "$status" = 65 ]
}

# some_mp3 FILE: 300300 bytes that begin as an MP3 file does, and go on in
# another way each time.
some_mp3() {
	{ head -c 20000 "$REPO/tests/e2e/fixtures/cbr.mp3"; head -c 400000 /dev/urandom; } | head -c 300300 > "$1"
}

# A feed of the small web server, with all that it names there.
local_feed() {
	mkdir -p web
	sed "s#https://media.example.org#http://127.0.0.1:$1#; s#https://lantern.example.org/\(cover\|3\).png#http://127.0.0.1:$1/\1.png#" \
	    "$FEED" > web/feed.xml
	some_mp3 web/3.mp3
	cp "$REPO/tests/e2e/fixtures/cbr.mp3" web/trailer.mp3
	head -c 200200 /dev/zero > web/2.m4a
	for n in cover.png 3.png 3.vtt 3.json; do echo "$n" > "web/$n"; done
}

@test "--media: what was downloaded is named when nothing else is written" {
	mkdir -p web feeds/x
	http_start "$PWD/web"
	local_feed "$HTTP_PORT"
	echo mine > feeds/x/show.ini
	run "$SHOWMILL" feed import --media --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	[ "$status" = 73 ]
	[[ $output == *"feeds/x/show.ini: error: is there already and is not what the feed gives; nothing was written but what was downloaded. Choose"* ]]
	[ "$(cat feeds/x/show.ini)" = mine ]
	[ ! -e feeds/x/episodes ]
	cmp web/3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3
}

# remember FILE NAME: as a download of web/FILE that was broken off leaves it.
remember() {
	python3 - "http://127.0.0.1:$HTTP_PORT/$1" > "feeds/x/media/$2.part.version" <<-'EOF'
	import sys, urllib.request
	print(urllib.request.urlopen(sys.argv[1]).headers["ETag"])
	print(sys.argv[1])
	EOF
}

@test "--media takes no rest of a file that another one has become, or that nobody knows" {
	mkdir -p web feeds/x/media
	http_start "$PWD/web"
	local_feed "$HTTP_PORT"
	head -c 100000 /dev/urandom > feeds/x/media/003-bees-and-boxes-3.mp3.part
	remember 3.mp3 003-bees-and-boxes-3.mp3
	# Changed at the host, with as many bytes.
	some_mp3 web/3.mp3
	touch -d '2026-01-02 03:04:05' web/3.mp3
	# Nothing tells what this is the beginning of.
	head -c 100000 /dev/urandom > feeds/x/media/002-rain-again.m4a.part
	# This is of another address.
	echo wrong > feeds/x/media/cover.png.part
	remember 3.png cover.png
	: > "$HTTP_LOG"
	run "$SHOWMILL" feed import --media --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	echo "$output"
	[ "$status" = 0 ]
	cmp web/3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3
	cmp web/2.m4a feeds/x/media/002-rain-again.m4a
	cmp web/cover.png feeds/x/media/cover.png
	grep 'bytes=100000-' "$HTTP_LOG" | grep -F 3.mp3
	run ! grep -E '2.m4a.*bytes=|cover.png.*bytes=' "$HTTP_LOG"
	run ! ls feeds/x/media/*.part*
}

@test "--media downloads all that belongs to the episodes, and goes on where it was broken off" {
	mkdir web
	http_start "$PWD/web" '/2.m4a length 400000'
	local_feed "$HTTP_PORT"
	run "$SHOWMILL" feed import --media --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	[ "$status" = 69 ]
	[[ $output == *"2.m4a"* ]]
	[ ! -e feeds/x/show.ini ]
	[ -s feeds/x/media/002-rain-again.m4a.part ]
	[ "$(tail -n 1 feeds/x/media/002-rain-again.m4a.part.version)" = "http://127.0.0.1:$HTTP_PORT/2.m4a" ]
	cmp web/3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3
	# Half of one is there, and one that cannot be what it was.
	http_stop
	mv feeds/x/media/003-bees-and-boxes-3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3.part
	truncate -s 100000 feeds/x/media/003-bees-and-boxes-3.mp3.part
	mv feeds/x/media/003-bees-and-boxes-3.vtt feeds/x/media/003-bees-and-boxes-3.vtt.part
	truncate -s 9999 feeds/x/media/003-bees-and-boxes-3.vtt.part
	http_start "$PWD/web"
	sed -i "s#127.0.0.1:[0-9]*#127.0.0.1:$HTTP_PORT#" web/feed.xml
	remember 3.mp3 003-bees-and-boxes-3.mp3
	remember 3.vtt 003-bees-and-boxes-3.vtt
	: > "$HTTP_LOG"
	run --separate-stderr "$SHOWMILL" feed import --media --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	echo "$stderr"
	[ "$status" = 0 ]
	cmp web/3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3
	cmp web/3.vtt feeds/x/media/003-bees-and-boxes-3.vtt
	cmp web/2.m4a feeds/x/media/002-rain-again.m4a
	cmp web/cover.png feeds/x/media/cover.png
	run ! ls feeds/x/media/*.part*
	grep 'bytes=100000-' "$HTTP_LOG"
	# What was complete is not asked for again.
	run ! grep -F '/cover.png' "$HTTP_LOG"
	[[ $stderr == *"trailer.mp3 has "*" bytes, and the feed says 100100"* ]]
	grep -x 'audio: 003-bees-and-boxes-3.mp3' feeds/x/episodes/003*
	grep -x '  - file: 003-bees-and-boxes-3.vtt' feeds/x/episodes/003*
	grep -x 'chapters: 003-bees-and-boxes-3.chapters.json' feeds/x/episodes/003*
	grep -x 'media_url = https://lantern.example.org/media/' feeds/x/show.ini
	grep -x 'image = https://lantern.example.org/media/cover.png' feeds/x/show.ini
	# The show can be built, but for what is no audio at all.
	echo 'shows = feeds/*/show.ini' > config.ini
	rm feeds/x/episodes/003* feeds/x/episodes/002*
	run "$SHOWMILL" feed build --at 2035-01-01 --out out
	echo "$output"
	[ "$status" = 0 ]
	grep -F 'url="https://lantern.example.org/media/2026-11-02-what-this-will-be.mp3"' out/feed.xml
}

@test "with --keep-going what cannot be downloaded stays where it is" {
	mkdir web
	http_start "$PWD/web" '/3.mp3 status 404 gone'
	local_feed "$HTTP_PORT"
	run "$SHOWMILL" feed import --media --keep-going --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	[ "$status" = 65 ]
	[[ $output == *"feed.xml:33: error: GET http://127.0.0.1:$HTTP_PORT/3.mp3: the server answered 404"* ]]
	[[ $output == *"showmill: error: 1 file was not downloaded"* ]]
	grep -x "audio: http://127.0.0.1:$HTTP_PORT/3.mp3" feeds/x/episodes/003*
	grep -x 'audio: 002-rain-again.m4a' feeds/x/episodes/002*
}

@test "--media keeps no page, no empty file and nothing compressed for audio" {
	local n=0
	mkdir web
	http_start "$PWD/web" '/login redirect 302 /page.html
/squeezed.mp3 field Content-Encoding: gzip'
	cp "$REPO/tests/e2e/fixtures/cbr.mp3" web/good.mp3
	gzip -c web/good.mp3 > web/squeezed.mp3
	echo '<!DOCTYPE html><html><body>Log in</body></html>' | tee web/page.html > web/page.mp3
	: > web/empty.mp3
	echo '<p>Hello' > web/words.html
	{
		echo '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>X</title><link>https://x.example.org/</link><description>x</description><language>en</language>'
		for name in good.mp3 page.mp3 empty.mp3 squeezed.mp3 login; do
			n=$((n + 1))
			echo "<item><title>$n</title><guid>g$n</guid><pubDate>0$n Nov 2026 00:00:00 GMT</pubDate>"
			echo "<enclosure url=\"http://127.0.0.1:$HTTP_PORT/$name\" type=\"audio/mpeg\"/>"
			[ $n != 1 ] || echo "<podcast:transcript url=\"http://127.0.0.1:$HTTP_PORT/words.html\" type=\"text/html\"/>"
			echo "</item>"
		done
		echo '</channel></rss>'
	} > old.xml
	run "$SHOWMILL" feed import --media --keep-going --show x old.xml
	echo "$output"
	[ "$status" = 65 ]
	[[ $output == *"error: GET http://127.0.0.1:$HTTP_PORT/page.mp3: what the server sends is no audio or video file but text/html; look at the address, and what a browser shows there [import-media]"* ]]
	[[ $output == *"error: GET http://127.0.0.1:$HTTP_PORT/login: what the server sends is no audio or video file but text/html; "* ]]
	[[ $output == *"error: GET http://127.0.0.1:$HTTP_PORT/empty.mp3: what the server sends is empty; "* ]]
	[[ $output == *"error: GET http://127.0.0.1:$HTTP_PORT/squeezed.mp3: the server sends it compressed, though nobody asked for that; "* ]]
	[[ $output == *"4 files were not downloaded"* ]]
	[ "$(cd feeds/x/media && echo *)" = "2026-11-01-1.html 2026-11-01-1.mp3" ]
	cmp web/good.mp3 feeds/x/media/2026-11-01-1.mp3
	grep -x "audio: http://127.0.0.1:$HTTP_PORT/page.mp3" feeds/x/episodes/*
	# What lies there from elsewhere is no better, but not this run's to remove.
	rm -r feeds/x/episodes feeds/x/show.ini
	cp web/page.html feeds/x/media/2026-11-02-2.mp3
	run "$SHOWMILL" feed import --media --keep-going --show x old.xml
	[ "$status" = 65 ]
	[[ $output == *"error: feeds/x/media/2026-11-02-2.mp3, which is there already, is no audio or video file but text/html; delete it, "* ]]
	[ -s feeds/x/media/2026-11-02-2.mp3 ]
}

# Feeds with enclosures of which what is built says something else, and why.
differing=(
	podcastparser/data/no_enclosure		# items without an address, and relative ones
	podcastparser/data/no_url		# an enclosure without an address
	podcastparser/data/relative		# relative addresses, and nothing they count from
	feedvalidator/atom/2/iri		# a host name that is not ASCII; entries without audio
	feedvalidator/rss20/introduction/rss-2.0-sample-noerror		# items without audio
	feedvalidator/rss20/introduction/rss-2.0-namespace-noerr	# the same
	feedvalidator/rss20/namespace-elements-atom-link/noself	# the same
	feedvalidator/rss20/element-channel-item-enclosure/invalid_item_enclosure_invalid_length	# no number
	feedvalidator/rss20/element-channel-item-enclosure/invalid_item_enclosure_negative_length
	feedvalidator/rss20/element-channel-item-enclosure/invalid_item_enclosure_decimal_length
	feedvalidator/rss20/element-channel-item-enclosure/invalid_item_enclosure_no_url
)

@test "other people's feeds with enclosures: what is built says the same" {
	[ -d "$SHARED/suites/podcastparser" ] || skip 'no suites'
	local feed name same=0 other=0
	for feed in "$SHARED"/suites/podcastparser/data/*.rss \
	    $(grep -rlE '<enclosure|rel=.enclosure' "$SHARED/suites/feedvalidator" --include=*.xml) \
	    "$SHARED/corpora/arresteddevops/ado-episode.xml" "$SHARED/suites/podcast-namespace/example.xml"; do
		grep -qE '<enclosure|rel=.enclosure|media:content' "$feed" || continue
		name=${feed#"$SHARED"/suites/}
		server
		if round "$feed" > told 2>&1; then
			same=$((same + 1))
		elif [[ " ${differing[*]} " == *" ${name%.*} "* ]]; then
			other=$((other + 1))
		else
			echo "$feed"
			cat told
			return 1
		fi
	done
	echo "# $same say the same, $other differ as listed" >&3
	[ "$other" = "${#differing[@]}" ]
	[ "$same" -ge 80 ]
}

@test "what many items lack is told ten times, and then how many they are" {
	{
		echo '<rss version="2.0"><channel><title>Many</title><link>https://m.example.org/</link>'
		for n in $(seq 30); do echo "<item><title>T$n</title><guid>g$n</guid></item>"; done
		echo '</channel></rss>'
	} > many.xml
	run --separate-stderr "$SHOWMILL" feed import many.xml
	[ "$status" = 0 ]
	[ "$output" = "feeds/many: 30 episodes, 30 without audio: drafts" ]
	[ "$(grep -c 'has no audio and becomes a draft' <<< "$stderr")" = 10 ]
	[ "$(grep -c 'has no date' <<< "$stderr")" = 10 ]
	[[ $stderr == *"many.xml: warning: 30 items have no audio and become drafts; the first 10 were told"* ]]
	run --separate-stderr "$SHOWMILL" feed import many.xml
	[ "$output" = "feeds/many: 30 episodes, 30 without audio: drafts, all there already" ]
	echo '<rss version="2.0"><channel><title>None</title></channel></rss>' > none.xml
	run --separate-stderr "$SHOWMILL" feed import none.xml
	[[ $stderr == *"none.xml: warning: there is no item in this feed"* ]]
}

@test "what is no feed is told as what it is, in one line" {
	echo '<!DOCTYPE html><html><p>Not <b>found<br></html>' > page.xml
	gzip -c "$FEED" > packed.xml
	echo '{"version": "https://jsonfeed.org/version/1.1"}' > json.xml
	iconv -t UTF-32 "$FEED" > wide.xml
	for case in 'page web page' 'packed gunzip' 'json JSON' 'wide UTF-32'; do
		run "$SHOWMILL" feed import "${case%% *}.xml"
		[ "$status" = 65 ]
		[ "${#lines[@]}" = 1 ]
		[[ $output == "${case%% *}.xml:1: error: this is "*"${case#* }"* ]]
	done
	[ ! -e feeds ]
}

@test "relative addresses are absolute in all that is kept" {
	cat > base.atom <<-'XML'
	<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://x.example.org/sub/"><title>Base</title><id>tag:x,1:f</id>
	<updated>2025-06-02T10:00:00Z</updated><author><name>A</name><uri>me</uri></author><link rel="self" href="feed.atom"/>
	<link href="./"/><link rel="related" href="rel"/><logo>logo.png</logo>
	<entry xml:base="e/"><title>E</title><id>tag:x,1:1</id><updated>2025-06-02T10:00:00Z</updated><link href="1.html"/>
	<link rel="related" href="more"/><link rel="enclosure" href="1.mp3" length="1111" type="audio/mpeg"/>
	<link rel="enclosure" href="1.ogg" length="1112" type="audio/ogg"/>
	<content type="html">&lt;p&gt;&lt;a href="x"&gt;x&lt;/a&gt;&lt;img src="/i.png"&gt;&lt;/p&gt;</content></entry></feed>
	XML
	server
	run round base.atom
	echo "$output"
	[ "$status" = 0 ]
	for url in sub/rel sub/logo.png sub/me sub/e/more sub/e/1.ogg sub/e/x i.png; do
		grep -F "https://x.example.org/$url" out/feed.atom
	done
}

@test "an entry by itself is a show of one, and its elements are not the show's" {
	cat > one.atom <<-'XML'
	<entry xmlns="http://www.w3.org/2005/Atom"><title>E</title><id>tag:x,1:1</id><updated>2025-06-02T10:00:00Z</updated>
	<link rel="enclosure" href="https://x.example.org/1.mp3" length="1111" type="audio/mpeg"/></entry>
	XML
	run "$SHOWMILL" feed import --show x one.atom
	[ "$status" = 0 ]
	run ! grep -E 'enclosure|>E<' feeds/x/channel.xml
}

@test "zones by name keep day and clock; a wrong type does not hide what the name says" {
	cat > z.xml <<-'XML'
	<rss version="2.0"><channel><title>Z</title><link>https://z.example.org/</link><description>d</description>
	<item><title>A</title><guid>a</guid><pubDate>Mon, 02 Jun 2025 10:00:00 CET</pubDate><enclosure url="https://z.example.org/a.mp3" length="100" type="application/mp3"/></item>
	<item><title>B</title><guid>b</guid><pubDate>Sun, 01 Jun 2025 10:00:00 XYZ</pubDate><enclosure url="https://z.example.org/b.mp3" length="100" type="text/html"/></item>
	<item><title>C</title><guid>c</guid><pubDate>Tue, 01 Jun 2025 09:00:00 AEST</pubDate><enclosure url="https://z.example.org/c.mp3" length="100" type="Audio/MPEG; x=y"/></item>
	</channel></rss>
	XML
	run "$SHOWMILL" feed import z.xml
	echo "$output"
	[ "$status" = 0 ]
	[ "$(grep -h '^date' feeds/z/episodes/*.md)" = "date: 2025-06-01T10:00:00Z
date: 2025-06-01T09:00:00+10:00
date: 2025-06-02T10:00:00+01:00" ]
	[ "$(grep -c '^audio: https' feeds/z/episodes/*.md | grep -c ':1$')" = 3 ]
	if grep -q '^draft' feeds/z/episodes/*.md; then return 1; fi
}

# resumed HOW: 3.mp3 of which the first 100000 bytes of another file are here,
# from a server that answers a Range as http_peer's rule `range HOW` says.
resumed() {
	rm -rf feeds web config.ini
	mkdir -p web feeds/x/media
	http_start "$PWD/web" "/3.mp3 range $1"
	local_feed "$HTTP_PORT"
	head -c 100000 web/3.mp3 > feeds/x/media/003-bees-and-boxes-3.mp3.part
	remember 3.mp3 003-bees-and-boxes-3.mp3
	if [ "${2:-}" != same ]; then
		some_mp3 web/3.mp3
		touch -d '2026-01-02 03:04:05' web/3.mp3
	fi
	: > "$HTTP_LOG"
	run "$SHOWMILL" feed import --media --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	echo "$output"
	http_stop
}

@test "--media: servers that do not know of If-Range make no file of two" {
	local how
	for how in ignore blind bare; do
		resumed "$how"
		[ "$status" = 0 ]
		cmp web/3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3
		grep -F 'bytes=100000-' "$HTTP_LOG" | grep -F 3.mp3
		run ! ls feeds/x/media/*.part*
	done
	# And of a file that did not change.
	for how in ignore blind; do
		resumed "$how" same
		[ "$status" = 0 ]
		cmp web/3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3
	done
}

@test "--media: a part of the rest is not taken for all of it" {
	resumed half same
	[ "$status" = 69 ]
	[[ $output == *"200150 bytes came of 300300"* ]]
	[ ! -e feeds/x/media/003-bees-and-boxes-3.mp3 ]
	[ "$(stat -c %s feeds/x/media/003-bees-and-boxes-3.mp3.part)" = 200150 ]
	http_start "$PWD/web"
	sed -i "s#127.0.0.1:[0-9]*#127.0.0.1:$HTTP_PORT#" web/feed.xml
	remember 3.mp3 003-bees-and-boxes-3.mp3
	run "$SHOWMILL" feed import --media --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	[ "$status" = 0 ]
	cmp web/3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3
}

@test "--media: nothing of an older file stays behind an answer that calls itself a part" {
	mkdir -p web feeds/x/media
	http_start "$PWD/web" '/3.mp3 range whole'
	local_feed "$HTTP_PORT"
	head -c 400000 /dev/urandom > feeds/x/media/003-bees-and-boxes-3.mp3.part
	run "$SHOWMILL" feed import --media --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	echo "$output"
	[ "$status" = 0 ]
	cmp web/3.mp3 feeds/x/media/003-bees-and-boxes-3.mp3
	run ! ls feeds/x/media/*.part*
}

@test "a feed with a head of too many lines: the server is to blame, and told" {
	mkdir -p web
	http_start "$PWD/web" '/feed.xml headers 10000'
	local_feed "$HTTP_PORT"
	run "$SHOWMILL" feed import --show x "http://127.0.0.1:$HTTP_PORT/feed.xml"
	[ "$status" = 69 ]
	[[ $output == *"/feed.xml: the head of the answer has more than 1000 lines" ]]
}

@test "an empty title beside one of iTunes is kept once" {
	cat > t.xml <<-'X'
	<?xml version="1.0"?>
	<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>T</title>
	<link>https://x.example.org/</link><description>D</description><item><title></title><itunes:title>Real</itunes:title>
	<guid isPermaLink="false">g1</guid><pubDate>Mon, 02 Jun 2025 10:00:00 GMT</pubDate>
	<enclosure url="https://x.example.org/1.mp3" length="5" type="audio/mpeg"/></item></channel></rss>
	X
	"$SHOWMILL" feed import --show x t.xml
	[ "$(grep -c '<title/>' feeds/x/episodes/*.md)" = 1 ]
}

@test "the example of the podcast namespace loses no element and no attribute" {
	example=$SHARED/suites/podcast-namespace/example.xml
	[ -e "$example" ] || skip "../shared is not there"
	"$SHOWMILL" feed import "$example" 2>/dev/null
	mkdir media
	echo 'probe_map = https://example.com/ media' >> config.ini
	for file in $(sed -n 's#^audio: "\{0,1\}https://example.com/\([^"]*\).*#\1#p' feeds/*/episodes/*.md); do
		{ cat "$REPO/tests/e2e/fixtures/cbr.mp3"; echo "$file"; } > "media/$file"
	done
	"$SHOWMILL" -q feed build --out out
	/usr/bin/python3 - "$example" out/feed.xml <<-'PY'
	import sys, xml.etree.ElementTree as E
	from collections import Counter
	def tags(file):
	    out, root = Counter(), E.parse(file).getroot()
	    above = {c: p for p in root.iter() for c in p}
	    for n in root.iter():
	        if not n.tag.startswith('{https://podcastindex.org/'):
	            continue
	        path, m = [], n
	        while m is not None and m.tag != 'channel':
	            path.append(m.tag)
	            m = above.get(m)
	        out['/'.join(reversed(path)), tuple(sorted(n.attrib.items())), (n.text or '').strip()] += 1
	    return out
	a, b = tags(sys.argv[1]), tags(sys.argv[2])
	assert sum(a.values()) > 100
	assert not a - b, a - b
	PY
}

@test "Podlove Simple Chapters become chapters: they come out everywhere, and say the same" {
	cat > psc.xml <<-'XML'
	<rss version="2.0" xmlns:psc="http://podlove.org/simple-chapters"><channel><title>P</title><link>https://o.example/</link>
	<description>D</description><language>en</language>
	<item><title>One</title><guid>1</guid><pubDate>Mon, 02 Jun 2025 10:00:00 GMT</pubDate><description>Words.</description>
	<enclosure url="https://o.example/a.mp3" length="10" type="audio/mpeg"/>
	<psc:chapters version="1.2"><psc:chapter start="0" title="Hello: you"/>
	<psc:chapter start="00:01:30.5" title="- &quot;B&quot; #2" href="/b?x=1&amp;y=2" image="https://o.example/b.png"/>
	<psc:chapter start="1:02:03" title="Ümlaut &lt;https://c.example/&gt;"/></psc:chapters></item>
	<item><title>Two</title><guid>2</guid><pubDate>Sun, 01 Jun 2025 10:00:00 GMT</pubDate>
	<enclosure url="https://o.example/b.mp3" length="10" type="audio/mpeg"/>
	<psc:chapters><psc:chapter start="0" title="Own" mood="blue"/></psc:chapters></item>
	</channel></rss>
	XML
	server
	run round psc.xml
	echo "$output"
	[ "$status" = 0 ]
	[ "$(grep -l psc: feeds/x/episodes/* | wc -l)" = 1 ]
	grep -q 'mood="blue"' out/feed.xml
	# Again, of what was built: nothing is there twice, or lost.
	cp out/feed.xml again.xml
	run round again.xml
	[ "$status" = 0 ]
	cmp again.xml out/feed.xml
	[ "$(grep -o '<psc:chapters' out/feed.xml | wc -l)" = 2 ]
	printf '%s\n' 'chapters_url = https://o.example/chapters/' 'chapters_in_description = true' >> feeds/x/show.ini
	"$SHOWMILL" -q feed build --at 2035-01-01 --out out
	grep -q '"startTime": *90.5' out/chapters/*.json
	grep -q 'https://o.example/b?x=1&y=2' out/chapters/*.json
	grep -q '<p>0:00 Hello: you</p><p>1:30 - ' out/feed.xml
}
