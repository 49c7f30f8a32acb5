#!/usr/bin/env bats
# init: a show.ini for trees of other programs.

load init

@test "Hugo with bundles, castanet's keys, hosts as files and a section of its own" {
	put hugo.toml <<-'T'
	baseURL = "https://hive.example.org/"
	title = "The Hive"
	languageCode = "en_GB"
	[permalinks.page]
	  episodes = "/:year/:slug/"
	[params]
	  media_prefix = "https://cdn.example.org/hive"
	  [params.feed]
	    itunes_author = "Ada Keeper"
	    itunes_summary = "Bees,\nweekly"
	    itunes_top_category = "Science"
	    itunes_first_sub_category = "Nature"
	    copyright = "Copyright © 2019-2026 Ada Keeper"
	T
	for n in 1 2 3; do
		put content/episodes/hive-$n/index.md <<-M
		+++
		title = "Hive $n"
		PublishDate = 2026-01-0${n}T10:00:00+01:00
		podcast_file = "hive-$n.mp3"
		episode = "$n"
		hosts = ["ada"]
		+++
		Notes
		M
	done
	put content/episodes/_index.md <<< '# All'
	put content/about.md <<< '# About'
	put content/host/ada.md <<-M
	+++
	name = "Ada Keeper"
	website = "https://ada.example.org/"
	+++
	M
	run "$SHOWMILL" init
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"a Hugo site (hugo.toml)"* ]]
	[[ "$output" != *"to be filled in"* ]]
	[[ "$output" == *"look these over"*"feed_url: https://hive.example.org/episodes/index.xml is a proposal"*"episode_guid: the guids of a feed"* ]]
	[[ "$output" == *"episode list finds: 3 episodes read, 0 with problems"* ]]
	[ "$(says title)" = "The Hive" ]
	[ "$(says description)" = "Bees, weekly" ]
	[ "$(says language)" = en-GB ]
	[ "$(says category)" = "Science > Nature" ]
	[ "$(says copyright)" = "Ada Keeper" ]
	[ "$(says episodes)" = content/episodes ]
	[ "$(says names)" = "{slug}/index.md" ]
	[ "$(says media_prefix)" = https://cdn.example.org/hive/ ]
	[ "$(says episode_url)" = "https://hive.example.org/{year}/{title:hugo}/" ]
	[ "$(says people)" = "hosts = content/host/{id}.md" ]
	[ "$(says feed_url)" = https://hive.example.org/episodes/index.xml ]
	[ "$(says timezone)" = Europe/Berlin ]
	[ "$(says episode_guid)" = "{audio}" ]
	[ "$(says guid)" = "$(/usr/bin/python3 -c 'import uuid
print(uuid.uuid5(uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"), "hive.example.org/episodes/index.xml"))')" ]
	grep -qx '# hugo.toml:2' show.ini
	serve https://cdn.example.org/hive/ hive-1.mp3 hive-2.mp3 hive-3.mp3
	run built
	[[ "$output" == *"2|Hive 2|https://cdn.example.org/hive/hive-2.mp3|Fri, 02 Jan 2026 10:00:00 +0100|https://hive.example.org/2026/hive-2/"* ]]
	[ "$(grep -c '<podcast:person .*href="https://ada.example.org/"' out/index.xml)" = 3 ]
}

@test "octopod: dates in the names, audio by format, its default place" {
	put _config.yml <<-'Y'
	title: Kettle Radio
	url: https://kettle.example.org
	description: All about kettles.
	author: Bo
	language: de
	explicit: no
	itunes_categories: [Technology]
	episodes_per_feed_page: 100
	timezone: Europe/Vienna
	Y
	for n in 1 2 3; do
		put _posts/2026-02-0$n-kr00$n-steam.md <<-M
		---
		title: KR00$n Steam
		audio:
		  mp3: kr00$n.mp3
		  ogg: kr00$n.ogg
		filesize: {mp3: 54321}
		duration: "1:0$n"
		---
		M
	done
	"$SHOWMILL" init
	[ "$(says timezone)" = Europe/Vienna ]
	[ "$(says names)" = "{year}-{month}-{day}-{slug}.md" ]
	[ "$(says feed_url)" = https://kettle.example.org/episodes.mp3.rss ]
	[ "$(says explicit)" = false ]
	serve https://kettle.example.org/episodes/ kr001.mp3 kr002.mp3 kr003.mp3
	"$SHOWMILL" feed build --at $at --out out
	items out/episodes.mp3.rss > got
	grep -q '|KR001 Steam|https://kettle.example.org/episodes/kr001.mp3|Sun, 01 Feb 2026 00:00:00 +0100' got
	[ "$(wc -l < got)" = 3 ]
}

@test "Jekyll: posts without audio are filtered, a key nobody knows goes to [fields]" {
	put _config.yml <<-'Y'
	podcast_title: Two Lamps
	title: My blog
	url: https://blog.example.org
	baseurl: /lamps
	podcast_description: Lamps.
	podcast_category: "Nonsense"
	permalink: /:year/:title/
	Y
	for n in 1 2 3 4; do
		put _posts/2026-03-0$n-lamp-$n.md <<-M
		---
		title: "Lamp $n"
		categories: podcast
		sound_of_it: https://cdn.example.org/l$n.mp3
		---
		M
		put _posts/2026-04-0$n-post-$n.md <<-M
		---
		title: "Post $n"
		categories: blog
		---
		M
	done
	run "$SHOWMILL" init
	[[ "$output" == *"episode list finds: 4 episodes read, 0 with problems"* ]]
	[ "$(says title)" = "Two Lamps" ]
	[ "$(says link)" = https://blog.example.org/lamps ]
	[ "$(says filter)" = "categories = podcast" ]
	[ "$(says audio)" = sound_of_it ]
	[ "$(says episode_url)" = "https://blog.example.org/lamps/{year}/{slug}/" ]
	grep -q '^#category = ' show.ini
	grep -q 'Nonsense' show.ini
	serve https://cdn.example.org/ l1.mp3 l2.mp3 l3.mp3 l4.mp3
	[ "$(built | wc -l)" = 4 ]
}

@test "Eleventy with the podcaster plugin" {
	put eleventy.config.js <<< "export default function (c) { c.addPlugin(podcaster) }"
	put src/_data/podcast.json <<-'J'
	{
	  "title": "Flight 9",
	  "description": "Planes.",
	  "siteUrl": "https://flight.example.org",
	  "author": "Cy",
	  "owner": {"name": "Cy", "email": "cy@example.org"},
	  "category": "TV & Film",
	  "language": "en-AU",
	  "imagePath": "/img/cover.jpg",
	  "type": "serial",
	  "episodeUrlBase": "https://cdn.example.org/flight"
	}
	J
	for n in 1 2; do
		put src/posts/2026-05-0$n-plane.md <<-M
		---
		title: Plane $n
		date: 2026-05-0$n
		tags: [podcastEpisode]
		episode:
		  filename: Flight 9 S1E$n, Plane.mp3
		  seasonNumber: 1
		  episodeNumber: $n
		  size: 54321
		  duration: 3778.482
		---
		M
	done
	mkdir -p node_modules/x && cp src/posts/*.md node_modules/x/
	"$SHOWMILL" init
	[ "$(says image)" = https://flight.example.org/img/cover.jpg ]
	[ "$(says type)" = serial ]
	[ "$(says email)" = cy@example.org ]
	[ "$(says category)" = "TV & Film" ]
	[ "$(says media_prefix)" = https://cdn.example.org/flight/ ]
	[ "$(says feed_url)" = https://flight.example.org/feed/podcast.xml ]
	[ "$(says rss)" = podcast.xml ]
	serve https://cdn.example.org/flight/ 'Flight 9 S1E1, Plane.mp3' 'Flight 9 S1E2, Plane.mp3'
	run built
	[[ "$output" == *"1|Plane 1|https://cdn.example.org/flight/Flight%209%20S1E1%2C%20Plane.mp3|"* ]]
}

@test "Astro: a collection by seasons, the audio in public, facts in a program" {
	put astro.config.mjs <<< "export default defineConfig({
  site: 'https://astro.example.org',
})"
	put src/consts.ts <<< "export const SITE_TITLE = 'Orbit Talk';
export const SITE_DESCRIPTION = \"What goes round\";"
	put src/pages/podcast.xml.ts <<< "export async function GET() {}"
	for s in 1 2; do for n in 1 2; do
		put src/content/episodes/season-$s/0$n-orbit.mdx <<-M
		---
		title: Orbit $s.$n
		pubDate: 2026-0$s-0$n
		audioFile: /audio/s$s-$n.mp3
		---
		M
		mkdir -p public/audio
		cp "$REPO/tests/e2e/fixtures/cbr.mp3" public/audio/s$s-$n.mp3
		printf x >> public/audio/s$s-$n.mp3
	done; done
	put src/content/blog/hello.md <<< '# Hello'
	run "$SHOWMILL" init
	echo "$output"; cat show.ini
	[ "$(says title)" = "Orbit Talk" ]
	[ "$(says description)" = "What goes round" ]
	[ "$(says names)" = "season-{season}/{number}-{slug}.mdx" ]
	[ "$(says media_dir)" = public ]
	[ "$(says media_url)" = https://astro.example.org/ ]
	[ "$(says feed_url)" = https://astro.example.org/podcast.xml ]
	run built
	echo "$output"
	[ "$(says episode_guid)" = "orbit-talk-s{season}e{number}" ]
	[[ "$output" == *"1|Orbit 2.1|https://astro.example.org/audio/s2-1.mp3|"* ]]
	[ "$(grep -c '<item>' out/podcast.xml)" = 4 ]
	[ "$(grep -c '<itunes:season>2' out/podcast.xml)" = 2 ]
}

@test "the site's own template tells where its feed is and what guids it has" {
	put _config.yml <<< $'title: T\nurl: https://t.example.org\ndescription: D'
	put pages/podcast.rss <<-'T'
	---
	permalink: "/podcast.rss"
	---
	<rss><channel><itunes:author>A</itunes:author>
	<item><enclosure/>{% if post.guid %}<guid>{{ post.guid }}</guid>{% endif %}
	<guid isPermaLink="false">tea{{ post.url }}</guid></item></channel></rss>
	T
	put blog/feed.xml <<< '<rss><guid>no</guid></rss>'
	for n in 1 2 3; do
		put _episodes/$n-tea.md <<< $'---\ntitle: '$n$'\ndate: 2026-01-0'$n$'\naudio: https://x.example.org/'$n$'.mp3\n---'
	done
	run "$SHOWMILL" init
	echo "$output"
	[ "$status" = 0 ]
	[ "$(says feed_url)" = https://t.example.org/podcast.rss ]
	[ "$(says rss)" = podcast.rss ]
	grep -qx '# pages/podcast.rss: permalink' show.ini
	[[ "$output" != *"nothing must"* ]]
	[[ "$output" != *": feed_url: "* ]]
	[[ "$output" == *"look these over"*": episode_guid: the guids of a feed"*'pages/podcast.rss has `{{ post.guid }}` or `tea{{ post.url }}`'*"feed diff OLD-FEED FEED"* ]]
}

@test "the folder is that whose notes name audio, under whatever key" {
	local keys
	for keys in 'params: {audio: U}' 'params: {podcast: {mp3: U}}' 'recording: U' 'podcast: {mp3: U}'; do
		rm -rf ./*
		put hugo.toml <<< $'baseURL = "https://t.example.org/"\ntitle = "T"'
		for n in 1 2 3 4 5 6; do
			put content/blog/post-$n.md <<< $'---\ntitle: '$n$'\ndate: 2026-01-0'$n$'\n---'
		done
		for n in 1 2 3; do
			put content/podcast/ep-$n.md <<< $'---\ntitle: '$n$'\ndate: 2026-01-0'$n$'\n'"${keys/U/https://x.example.org/$n.mp3}"$'\n---'
		done
		run "$SHOWMILL" init
		echo "$keys: $output"
		[ "$(says episodes)" = content/podcast ]
		[[ "$output" == *"3 episodes read, 0 with problems"* ]]
	done
}

# dated FOLDER MONTH [KEY]: three notes with a date in their names.
dated() {
	local n
	for n in 1 2 3; do
		put "$1/2026-$2-0$n-tea-$n.md" <<< $'---\ntitle: '$n$'\ndate: 2026-'$2$'-0'$n$'\nfile: https://x.example.org/'$2$n$'.mp3\n'"${3-}"$'\n---'
	done
}

@test "folders of one make become the one above; others are told" {
	put _config.yml <<< $'title: T\nurl: https://t.example.org'
	dated _episodes/talks 01
	dated _episodes/news 02
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says episodes)" = _episodes ]
	[ "$(says names)" = '**/{year}-{month}-{day}-{slug}.md' ]
	[[ "$output" == *"6 episodes read, 0 with problems"* ]]
	[[ "$output" != *"not taken"* ]]
	[[ "$output" == *"look these over"*": episodes: the folders in it are taken as one show"* ]]
	# Other keys: another show.
	rm show.ini config.ini
	dated _episodes/talks 01 'show: x'
	dated _episodes/talks2 03 'show: x'
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says episodes)" = _episodes/news ]
	[[ "$output" == *"not taken, though there may be episodes: _episodes/talks (3 notes), _episodes/talks2 (3 notes)"* ]]
}

@test "notes and .html files that are left aside are counted" {
	put 001-a.md <<< $'---\ntitle: a\naudio: https://x.example.org/1.mp3\n---'
	put 002-b.md <<< $'---\ntitle: b\naudio: https://x.example.org/2.mp3\n---'
	put 003-c.html <<< $'---\ntitle: c\n---'
	put sub/my.md <<< 'Notes'
	run "$SHOWMILL" init
	echo "$output"
	[[ "$output" == *"left aside: 1 note of other folders, 1 file in .html"* ]]
}

@test "several shows in one folder: a filter, and it is said" {
	local n
	for n in 1 2; do
		put notes/alpha-$n.md <<< $'---\ntitle: a'$n$'\nepisode: '$n$'\ndate: 2026-01-01\nshow: alpha\naudio: https://x.example.org/a.mp3\n---'
	done
	put notes/beta-1.md <<< $'---\ntitle: b\nepisode: 1\ndate: 2026-01-01\nshow: beta\naudio: https://x.example.org/b.mp3\n---'
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says filter)" = 'show = alpha' ]
	[[ "$output" == *"look these over"*'filter: `show` tells shows apart: alpha (2), beta (1); this is the show.ini of alpha'* ]]
	[[ "$output" == *"2 episodes read, 0 with problems"* ]]
	# Series of one show go on counting: they are no shows.
	rm show.ini config.ini
	sed -i 's/^show:/series:/; s/^episode: 1$/episode: 7/' notes/*.md
	sed -i 's/^episode: 7$/episode: 3/' notes/beta-1.md
	run "$SHOWMILL" init
	[ "$(says filter)" = '' ]
	[[ "$output" == *"3 episodes read, 0 with problems"* ]]
	# A note without audio that nothing tells apart.
	rm show.ini config.ini
	put notes/text.md <<< $'---\ntitle: t\ndate: 2026-01-01\n---'
	run "$SHOWMILL" init
	echo "$output"
	[[ "$output" == *"  1 note without audio: keep such out by \`filter\`, or write \`draft: true\`"* ]]
}

@test "a table that is passed over is told, with the reason" {
	put 1.md <<< 'Eins'
	put 2.md <<< 'Zwei'
	put episodes.tsv <<< $'nummer\ttitel\tdatum\n1\tEins\t2026-01-01\n2\tZwei\t2026-01-02'
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says table)" = '' ]
	[[ "$output" == *"table passed over: episodes.tsv: "*"column"* ]]
	rm show.ini config.ini
	echo number,date > episodes.tsv
	run "$SHOWMILL" init
	[[ "$output" == *"table passed over: episodes.tsv: it has no rows"* ]]
	rm show.ini config.ini
	printf 'number,name\n1,Eins\n2,Zwei\n' > episodes.tsv
	run "$SHOWMILL" init
	[[ "$output" == *"table passed over: episodes.tsv: no column tells"* ]]
}

@test "a table with the names of other trees is taken as the reading of episodes takes it" {
	local n
	for n in 1 2 3; do
		put notes/00$n.md <<< "Night $n"
	done
	printf 'number,headline,pub_date,mp3_url\n' > episodes.csv
	for n in 1 2 3; do
		printf '%s,Night %s,2026-08-0%s,https://n.example.org/%s.mp3\n' $n $n $n $n >> episodes.csv
	done
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says table)" = episodes.csv ]
	[[ "$output" != *": audio_url: "* && "$output" == *"3 episodes read, 0 with problems"* ]]
}

@test "a name of the show before the number is a part of the pattern" {
	local n
	for n in 1 2 3 4 5 6 7 8 9; do
		put my-show-$n.md <<< $'---\ntitle: T'$n$'\ndate: 2026-01-01\naudio: https://x.example.org/1.mp3\n---'
	done
	put special.md <<< $'---\ntitle: S\ndate: 2026-01-01\naudio: https://x.example.org/s.mp3\n---'
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says names)" = $'my-show-{number}.md\n{slug}.md' ]
	[[ "$output" == *"10 episodes read, 0 with problems"* ]]
	# A number in a title is none of the show's.
	rm -f ./*.ini ./*.md
	put n/top-10-tips.md <<< Tips
	put n/the-7-sins.md <<< Sins
	put n/plain.md <<< Plain
	run "$SHOWMILL" init --episodes n
	[ "$(says names)" = '{slug}.md' ]
}

@test "podbard: its channel, its audio folder" {
	put podbard.yaml <<-'Y'
	channel:
	  link: https://bard.example.org
	  title: Bard
	  description: Songs
	  language: ja-JP
	  category: "Music"
	  author: Di
	  email: di@example.org
	  artwork: "images/artwork.jpg"
	timezone: Asia/Tokyo
	Y
	mkdir audio
	for n in 1 2; do
		put episode/$n.md <<-M
		---
		audio: $n.mp3
		title: Song $n
		date: 2026-06-0$n
		---
		M
		cp "$REPO/tests/e2e/fixtures/cbr.mp3" audio/$n.mp3
	done
	"$SHOWMILL" init
	[ "$(says image)" = https://bard.example.org/images/artwork.jpg ]
	[ "$(says media_dir)" = audio ]
	[ "$(says media_url)" = https://bard.example.org/audio/ ]
	[ "$(says timezone)" = Asia/Tokyo ]
	[ "$(says names)" = "{number}.md" ]
	run built
	[[ "$output" == *"1|Song 1|https://bard.example.org/audio/1.mp3|Mon, 01 Jun 2026 00:00:00 +0900|https://bard.example.org/episode/1/"* ]]
}

@test "StaticForge: its .env, episodes among pages" {
	put siteconfig.yaml <<< 'menu: {top: {home: /}}'
	put .env <<< 'SITE_NAME="Forge Cast"
SITE_BASE_URL=https://forge.example.org/'
	for n in 1 2; do
		put content/cast/ep-$n.md <<-M
		---
		title: Forge $n
		date: 2026-07-0$n
		category: podcast
		audio_file: /assets/audio/ep-$n.mp3
		itunes_episode: $n
		---
		M
	done
	run "$SHOWMILL" init
	[ "$(says title)" = "Forge Cast" ]
	[ "$(says link)" = https://forge.example.org/ ]
	[ "$(says names)" = "ep-{number}.md" ]
	[[ "$output" == *"to be filled in:"*"show.ini:"*": description: "* ]]
	sed -i 's/^#description =$/description = Metal/' show.ini
	serve https://forge.example.org/ assets/audio/ep-1.mp3 assets/audio/ep-2.mp3
	run built
	[[ "$output" == *"2|Forge 2|https://forge.example.org/assets/audio/ep-2.mp3|"* ]]
}

@test "bare notes with a table in tabs, and with audio beside" {
	for n in 1 2 3; do
		put notes/00$n.md <<< "# Night $n"
		put README.md <<< '# Read me'
	done
	printf 'number\tdate\taudio\n' > notes.tsv
	for n in 1 2 3; do
		printf '%s\t2026-08-0%s\thttps://n.example.org/%s.mp3\n' $n $n $n >> notes.tsv
	done
	run "$SHOWMILL" init
	[ "$(says episodes)" = notes ]
	[ "$(says table)" = notes.tsv ]
	[ "$(says names)" = "{number}.md" ]
	[[ "$output" == *": title: "*": description: "*": link: "*": feed_url: "* ]]
	[[ "$output" == *"3 episodes read, 0 with problems"* ]]
	[ "$(grep -c '^#feed_url =$' show.ini)" = 1 ]
	rm show.ini config.ini notes.tsv
	for n in 1 2 3; do
		cp "$REPO/tests/e2e/fixtures/cbr.mp3" notes/00$n.mp3
	done
	run "$SHOWMILL" init
	[ "$(says media_dir)" = notes ]
	[[ "$output" == *": media_url: "*": audio_url: "* ]]
	grep -q '^#audio_url = .*{stem}.mp3$' show.ini
	# What the messages ask for is enough.
	sed -i -e 's|^#media_url =.*|media_url = https://n.example.org/a/|' \
	    -e 's|^#audio_url =.*|audio_url = https://n.example.org/a/{stem}.mp3|' \
	    -e 's|^#title =|title = Nights|' -e 's|^#description =|description = x|' \
	    -e 's|^#link =|link = https://n.example.org/|' \
	    -e 's|^#feed_url =|feed_url = https://n.example.org/f.xml|' show.ini
	"$SHOWMILL" episode table --out dates.csv 2>said
	[ "$(grep -c 'to be filled in: neither the notes' said)" = 3 ]
	sed -i 's|^#table =.*|table = dates.csv|' show.ini
	/usr/bin/python3 - <<'PY'
import csv
rows = list(csv.DictReader(open('dates.csv')))
for r in rows:
    assert r['date'] == '' and r['length'] and r['title'].startswith('Night'), r
    r['date'] = '2026-08-0' + r['number']
w = csv.DictWriter(open('dates.csv', 'w'), rows[0].keys())
w.writeheader()
w.writerows(rows)
PY
	run built
	[ "${lines[-1]}" = "3|Night 3|https://n.example.org/a/003.mp3|Mon, 03 Aug 2026 00:00:00 +0200|" ]
}

@test "the zone of the dates' offsets, in summer and winter" {
	for n in 1 7; do
		put a/$n.md <<< "---
title: T
date: 2026-0$n-15T10:00:00-0$((n == 1 ? 8 : 7)):00
audio: https://x.example.org/$n.mp3
---"
	done
	"$SHOWMILL" init
	[ "$(says timezone)" = America/Los_Angeles ]
	grep -q '^# 2 of 2 dates' show.ini
}

@test "a value that show.ini does not take is put off, with the reason" {
	put hugo.toml <<< 'baseURL = "https://x.example.org/"
title = "T"
languageCode = "not a language"
[params]
description = "D"'
	put content/e/1.md <<< $'+++\ntitle = "1"\ndate = 2026-01-01\naudio = "https://x.example.org/1.mp3"\n+++'
	run "$SHOWMILL" init
	[[ "$output" == *"1 episode read, 0 with problems"* ]]
	grep -q '^#language = not a language$' show.ini
	grep -q '^# hugo.toml:3: ' show.ini
}

@test "nothing is overwritten, --dry-run writes nothing, problems are told" {
	put e/1.md <<< $'---\ntitle: 1\ndate: never\naudio: https://x.example.org/1.mp3\n---'
	put e/2.md <<< $'---\ntitle: 2\ndate: 2026-01-01\naudio: https://x.example.org/2.mp3\n---'
	run "$SHOWMILL" init --dry-run
	[ "$status" = 0 ]
	[[ "$output" == *"episodes = e"*"shows = show.ini"* ]]
	[ ! -e show.ini ] && [ ! -e config.ini ]
	run "$SHOWMILL" init
	[[ "$output" == *"1 episode read, 1 with problems"*"e/1.md:3: "* ]]
	before=$(cat show.ini config.ini | cksum)
	run "$SHOWMILL" init
	[ "$status" = 73 ]
	[[ "$output" == *"show.ini: error: is a show.ini of showmill already"* ]]
	[ "$(cat show.ini config.ini | cksum)" = "$before" ]
	run "$SHOWMILL" init nowhere
	[ "$status" = 66 ]
	mkdir empty
	run "$SHOWMILL" init empty
	[ "$status" = 66 ]
	[[ "$output" == *"empty: error: has no notes"* ]]
	run "$SHOWMILL" init a b
	[ "$status" = 64 ]
	# config.ini of the folder above is taken, and what it lacks is said.
	rm show.ini
	mkdir deep && mv e deep/
	run "$SHOWMILL" init deep
	[ -e deep/show.ini ] && [ ! -e deep/config.ini ]
	[[ "$output" == *"config.ini does not name deep/show.ini"* ]]
}

@test "a line break in a folder's name makes no line of show.ini" {
	put $'e\nlink = https:evil/1.md' <<< $'---\ntitle: 1\ndate: 2026-01-01\naudio: https://x.example.org/1.mp3\n---'
	run "$SHOWMILL" init
	[ "$status" = 0 ]
	if grep -q '^link' show.ini; then return 1; fi
	grep -qx '#link =' show.ini
	[[ "$output" == *"0 episodes read, "* ]]
}

@test "a showmill folder gets the show below feeds, once" {
	printf 'shows = feeds/*/show.ini\n' > config.ini
	put talks/1.md <<< $'---\ntitle: 1\ndate: 2026-01-01\naudio: https://x.example.org/1.mp3\n---'
	put site.json <<< '{"title": "Some Talks", "url": "https://x.example.org", "description": "d"}'
	"$SHOWMILL" init
	grep -qx 'episodes = ../../talks' feeds/some-talks/show.ini
	serve https://x.example.org/ 1.mp3
	"$SHOWMILL" feed build --at $at --out out
	run "$SHOWMILL" init
	[ "$status" = 73 ]
	[[ "$output" == *"feeds/some-talks/show.ini: error: is a show.ini of showmill already"* ]]
	rm -r talks site.json
	run "$SHOWMILL" init
	[ "$status" = 73 ]
}
