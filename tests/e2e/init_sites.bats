#!/usr/bin/env bats
# init: addresses, languages and several shows of one site.

load init

# note FILE N [KEY...]: a note with audio and a date.
note() {
	local file=$1 n=$2
	shift 2
	{
		printf -- '---\ntitle: Tea %s\ndate: 2026-01-0%s\naudio: https://x.example.org/%s.mp3\n' "$n" "$n" "$n"
		[ $# = 0 ] || printf '%s\n' "$@"
		printf -- '---\nNotes\n'
	} | put "$file"
}

# links: the pages' addresses as they are understood, sorted.
links() {
	"$SHOWMILL" -q episode list --json | sed -n 's/^ *"file": "\(.*\)",*$/\1/p' |
	    while read -r file; do
		"$SHOWMILL" -q episode show --json "$file"
	done | sed -n '/"fact": "link"/{n;s/^ *"value": "\(.*\)",$/\1/p}' | LC_ALL=C sort
}

hugo() { put hugo.toml <<< $'baseURL = "https://t.example.org/"\ntitle = "T"\ndescription = "D"\n'"$*"; }

@test "Hugo's own addresses: small letters, dashes, no &; a slug counts" {
	hugo
	note 'content/Shows/Café & Cake!.md' 1
	note 'content/Shows/two_3 (b)/index.md' 2
	note content/Shows/three.md 3 'slug: My Slug'
	"$SHOWMILL" init
	[ "$(says episode_url)" = 'https://t.example.org/shows/{name:hugo}/' ]
	[ "$(says feed_url)" = https://t.example.org/shows/index.xml ]
	[ "$(links)" = 'https://t.example.org/shows/caf%C3%A9-cake/
https://t.example.org/shows/my-slug/
https://t.example.org/shows/two_3-b/' ]
	rm ./*.ini
	hugo $'disablePathToLower = true\nuglyURLs = true'
	"$SHOWMILL" init
	[ "$(links)" = 'https://t.example.org/Shows/Caf%C3%A9-Cake.html
https://t.example.org/Shows/My-Slug.html
https://t.example.org/Shows/two_3-b.html' ]
}

@test "Hugo: what cannot be said of addresses is not proposed, what is doubtful is told" {
	hugo
	note content/shows/2025/a.md 1
	note content/shows/2026/b.md 2
	"$SHOWMILL" init
	[ "$(says episode_url)" = '' ]
	grep -q '^# Hugo has the folders of the notes in the addresses' show.ini
	rm -r ./*.ini content
	note 'content/shows/1 - a.md' 1
	run "$SHOWMILL" init
	echo "$output"
	[[ "$output" == *"look these over"*": episode_url: names have blanks beside dashes"* ]]
	# Permalinks by title, by slug, by the file's name.
	rm -r ./*.ini content
	hugo $'[permalinks]\nshows = "/p/:sections/:slugorfilename"'
	note content/shows/A\ b.md 1
	"$SHOWMILL" init
	[ "$(links)" = https://t.example.org/p/shows/a-b ]
	rm ./*.ini
	hugo $'[permalinks]\nshows = "/p/:slug/"'
	"$SHOWMILL" init
	[ "$(links)" = https://t.example.org/p/tea-1/ ]
}

@test "another show of a site: its folder finds the configuration above" {
	hugo
	local n
	for n in 1 2 3; do
		note content/alpha/$n-a.md $n
		note content/beta/$n-b.md $n
	done
	"$SHOWMILL" init --episodes content/alpha
	[ "$(says episodes)" = content/alpha ]
	run "$SHOWMILL" init --episodes content/alpha
	[ "$status" = 73 ]
	[[ "$output" == *"--episodes DIR --slug NAME"* ]]
	run "$SHOWMILL" init content/beta
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"a Hugo site (hugo.toml)"*"notes: 3 in content/beta"*"feeds/beta/show.ini: written"* ]]
	[[ "$output" == *"config.ini does not name feeds/beta/show.ini"* ]]
	[[ "$output" == *": title: it is the site's"* ]]
	[[ "$output" == *"3 episodes read, 0 with problems"* ]]
	[ ! -e content/beta/show.ini ]
	grep -qx 'episodes = ../../content/beta' feeds/beta/show.ini
	grep -qx 'feed_url = https://t.example.org/beta/index.xml' feeds/beta/show.ini
	sed -i 's|^shows = .*|&\nshows = feeds/*/show.ini|' config.ini
	[ "$("$SHOWMILL" -q episode list --show beta --json | grep -c '"guid"')" = 3 ]
	# From inside the folder, too, and by another name.
	run "$SHOWMILL" init content/beta
	[ "$status" = 73 ]
	rm -r feeds
	(cd content/beta && "$SHOWMILL" init --slug second --dry-run) > said
	grep -q '/feeds/second/show.ini <==$' said
	run "$SHOWMILL" init --episodes content/none
	[ "$status" = 66 ]
	run "$SHOWMILL" init --episodes ../x
	[ "$status" = 64 ]
	run "$SHOWMILL" init --slug 'No Slug'
	[ "$status" = 64 ]
}

@test "Astro: site and base on one line, the base is a part of the address" {
	put astro.config.mjs <<< "export default defineConfig({ site: 'https://a.example.org', base: '/pod' }) // x, site: 'https://no.example.org'"
	put src/consts.ts <<< "export const SITE_TITLE = 'x'
export const SITE = { title: 'Pod', author: 'Ada' }
export const NAV = [{ title: 'Home' }, { title: 'About', author: 'Bo' }]"
	note src/content/episodes/1.md 1
	"$SHOWMILL" init
	[ "$(says title)" = Pod ]
	[ "$(says author)" = Ada ]
	[ "$(says link)" = https://a.example.org/pod ]
	[ "$(says feed_url)" = https://a.example.org/pod/rss.xml ]
}

@test "Jekyll: facts in a map itunes, the collection's own permalink" {
	put _config.yml <<-'Y'
	title: T
	url: https://j.example.org
	permalink: /:year/:title/
	itunes:
	  author: Ada
	  summary: About tea
	  image: /cover.jpg
	  category: Arts
	  subcategory: Food
	  explicit: yes
	  owner: {name: Bo, email: bo@example.org}
	collections:
	  episodes:
	    output: true
	    permalink: /episode/:title/
	Y
	note _episodes/1-green.md 1
	note _episodes/2-black.md 2 'slug: dark'
	"$SHOWMILL" init
	[ "$(says author)" = Ada ]
	[ "$(says description)" = 'About tea' ]
	[ "$(says image)" = https://j.example.org/cover.jpg ]
	[ "$(says category)" = 'Arts > Food' ]
	[ "$(says explicit)" = true ]
	[ "$(says email)" = bo@example.org ]
	[ "$(links)" = 'https://j.example.org/episode/1-green/
https://j.example.org/episode/dark/' ]
	# The defaults count more.
	rm ./*.ini
	put more <<-'Y'
	defaults:
	  - scope: {path: "", type: posts}
	    values: {permalink: /no/:title/}
	  - scope: {path: "", type: episodes}
	    values: {permalink: /cast/:name}
	Y
	cat more >> _config.yml
	"$SHOWMILL" init
	[ "$(says episode_url)" = 'https://j.example.org/cast/{stem}' ]
	# What has no placeholder here is told.
	rm ./*.ini
	sed -i 's|/cast/:name|/:i_day/:name|' _config.yml
	"$SHOWMILL" init
	[ "$(says episode_url)" = '' ]
	grep -q '^# .*`/:i_day/:name` has parts' show.ini
}

@test "Eleventy: the permalink in the folder's data" {
	put eleventy.config.js <<< 'export default () => {}'
	put src/_data/site.json <<< '{"title": "T", "url": "https://e.example.org"}'
	put src/episodes/episodes.json <<< '{"permalink": "/shows/{{ page.fileSlug }}/index.html"}'
	note src/episodes/1-a.md 1
	"$SHOWMILL" init
	[ "$(says episode_url)" = 'https://e.example.org/shows/{stem}/' ]
	grep -q '^# src/episodes/episodes.json: permalink' show.ini
	rm ./*.ini
	put src/episodes/episodes.11tydata.json <<< '{"permalink": "/{{ title | slugify }}/"}'
	"$SHOWMILL" init
	[ "$(says episode_url)" = '' ]
	grep -q '^#episode_url = ' show.ini
	grep -q '^# .*`/{{ title | slugify }}/` has' show.ini
}

@test "Hugo in several languages by name: the default one, translations passed over" {
	hugo $'defaultContentLanguage = "de"\n[languages.de]\ntitle = "Tee"\nlanguageCode = "de-AT"\n[languages.en]\ntitle = "Tea"'
	local n
	for n in 1 2; do
		note content/shows/$n.md $n "episode: $n"
		note content/shows/$n.en.md $n "episode: $n"
	done
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says title)" = Tee ]
	[ "$(says language)" = de-AT ]
	[ "$(says except)" = '*.en.*' ]
	[[ "$output" == *"notes: 2 in content/shows"* ]]
	[[ "$output" == *"2 episodes read, 0 with problems"* ]]
	[[ "$output" == *'this is the show in de; '*'en (2 notes: a show.ini with `names = {slug}.en.md`)'* ]]
	[ "$(links)" = 'https://t.example.org/shows/1/
https://t.example.org/shows/2/' ]
	sed -i 's/^except/#except/' show.ini
	[ "$("$SHOWMILL" -q episode list --json 2>/dev/null | grep -c '"link"')" != 2 ]
}

@test "Hugo's languages in a file of their own, below the language's path" {
	put config/_default/hugo.toml <<< $'baseURL = "//t.example.org/"\ntitle = "T"\ndescription = "D"\ndefaultContentLanguage = "fr"\ndefaultContentLanguageInSubdir = true'
	put config/_default/languages.toml <<< $'[en]\ntitle = "Tea"\n[fr]\ntitle = "Le thé"'
	note content/shows/1.md 1
	"$SHOWMILL" init
	[ "$(says title)" = 'Le thé' ]
	[ "$(says link)" = https://t.example.org/ ]
	[ "$(says feed_url)" = https://t.example.org/fr/shows/index.xml ]
	[ "$(links)" = https://t.example.org/fr/shows/1/ ]
}

@test "Hugo in several languages, each by name: the ending is no part of the address" {
	hugo $'[languages.en]\nweight = 1\n[languages.de]\nweight = 2'
	note content/shows/Green\ tea.en.md 1
	note content/shows/Green\ tea.de.md 1
	note content/shows/black/index.en.md 2
	note content/shows/black/index.de.md 2
	run "$SHOWMILL" init
	echo "$output"
	[[ "$output" == *"2 episodes read, 0 with problems"* ]]
	[ "$(links)" = 'https://t.example.org/shows/black/
https://t.example.org/shows/green-tea/' ]
}

@test "Hugo in several languages by folders: a show for each" {
	hugo $'[languages.en]\ncontentDir = "content/en"\n[languages.de]\ncontentDir = "content/de"\ntitle = "Tee"'
	local n
	for n in 1 2; do
		note content/en/shows/$n.md $n "episode: $n"
		note content/de/shows/$n.md $n "episode: $n"
	done
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says episodes)" = content/en/shows ]
	[ "$(says episode_url)" = 'https://t.example.org/shows/{name:hugo}/' ]
	[[ "$output" == *"de (2 notes: \`showmill init --episodes content/de\`)"* ]]
	"$SHOWMILL" init --episodes content/de --slug tee
	cp feeds/tee/show.ini .
	[ "$(says title)" = Tee ]
	[ "$(says episodes)" = ../../content/de/shows ]
	[ "$(says episode_url)" = 'https://t.example.org/de/shows/{name:hugo}/' ]
}

@test "folders whose numbers go on are one show, those that count anew are not" {
	local n
	for n in 1 2 3; do
		note cast/old/00$n-a.md $n
		note cast/new/00$((n + 3))-a.md $((n + 3))
	done
	run "$SHOWMILL" init
	[ "$(says episodes)" = cast ]
	[[ "$output" == *"6 episodes read, 0 with problems"* ]]
	rm ./*.ini
	for n in 1 2 3; do
		mv cast/new/00$((n + 3))-a.md cast/new/00$n-b.md
	done
	run "$SHOWMILL" init
	[ "$(says episodes)" != cast ]
	[[ "$output" == *"not taken"* ]]
}

@test "as many shapes of names as there may be: .mdx that is counted is read" {
	local between i=10
	for between in - ' ' _ . '#' ' - ' -- __; do
		i=$((i + 3))
		note "s/$i${between}a.md" 1
		note "s/$((i + 1))${between}b.md" 2
		note "s/ep$((i + 2))${between}c.mdx" 3
	done
	run "$SHOWMILL" init
	echo "$output"; cat show.ini
	counted=$(sed -n 's/^notes: \([0-9]*\) .*/\1/p' <<< "$output")
	found=$(sed -n 's/^episode list finds: \([0-9]*\) episodes* read, \([0-9]*\) with.*/\1 + \2/p' <<< "$output")
	[ "$counted" = 24 ]
	[ "$counted" = $((found)) ]
}

@test "Zola: its name, its feed, its pages, and the facts in [extra]" {
	put config.toml <<< $'base_url = "https://z.example.org"\ntitle = "Z"\ndescription = "D"\nfeed_filenames = ["rss.xml"]'
	put content/ep/one.md <<< $'+++\ntitle = "One"\ndate = 2024-01-02\n[extra]\naudio_file = "https://m.example.org/1.mp3"\nepisode_number = 41\n+++\nHello'
	run "$SHOWMILL" init
	echo "$output"
	[[ "$output" == *'a Zola site (config.toml)'* ]]
	[ "$(says feed_url)" = https://z.example.org/rss.xml ]
	[ "$(says link)" = https://z.example.org ]
	[[ "$(says episode_url)" == https://z.example.org/ep/{stem}/ ]]
	run "$SHOWMILL" episode list
	[[ "$output" == *' 41 '*One* ]]
}
