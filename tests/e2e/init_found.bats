#!/usr/bin/env bats
# init: which of the notes are episodes, and what a site says of its show.

load init

hugo() { put hugo.toml <<< $'baseURL = "https://x.example.org/"\ntitle = "T"\n'"$*"$'\n[params]\ndescription = "D"'; }

# note FILE [LINE...]: a note with a title and these lines.
note() {
	local file=$1
	shift
	{
		printf -- '---\ntitle: Tea\n'
		[ $# = 0 ] || printf '%s\n' "$@"
		printf -- '---\nNotes\n'
	} | put "$file"
}

audio='audio: https://m.example.org/1.mp3'
date='date: 2026-01-01'

@test "the site's address is its own, not that of a host, and has its path once" {
	put _config.yml <<< $'title: T\ndescription: D\nurl: https://x.example.org/pod\nbaseurl: /pod\npodcast_url: https://host.example.net/x'
	note _posts/2026-01-01-a.md "$audio"
	"$SHOWMILL" init
	[ "$(says link)" = https://x.example.org/pod ]
	rm ./*.ini
	put _config.yml <<< $'title: T\ndescription: D\nurl: https://x.example.org\nbaseurl: /pod'
	"$SHOWMILL" init
	[ "$(says link)" = https://x.example.org/pod ]
}

@test "Hugo's params.toml is its [params], and a logo is no cover" {
	hugo
	put config/_default/params.toml <<< $'logo = "img/bar.png"\n[feed]\nitunes_author = "Ann"\nitunes_summary = "S"'
	note content/episodes/1.md "$date" "$audio"
	"$SHOWMILL" init
	[ "$(says author)" = Ann ]
	[ "$(says description)" = S ]
	[ "$(says image)" = '' ]
	rm ./*.ini
	put config/_default/params.toml <<< $'logo = "img/bar.png"\n[feed]\nitunes_image = "img/cover.png"'
	"$SHOWMILL" init
	[ "$(says image)" = https://x.example.org/img/cover.png ]
}

@test "dated posts are the episodes, not 404.md and the pages beside them" {
	put _config.yml <<< $'title: T\ndescription: D\nurl: https://x.example.org'
	local f
	for f in 404.md about.md _posts/2020/2020-01-01-a.md _posts/2021/2021-01-01-b.md _posts/2021/2021-02-01-c.md; do
		note "$f"
	done
	run "$SHOWMILL" init
	echo "$output"
	[[ "$output" == *'notes: 3 in _posts'* ]]
	[ "$(says episodes)" = _posts ]
}

@test "audio in a list within maps is audio" {
	hugo
	note content/imprint.md
	note content/privacy.md
	note content/episode/example.md "$date" 'episode:' '  audio:' '    - url: https://m.example.org/1.mp3'
	"$SHOWMILL" init
	[ "$(says episodes)" = content/episode ]
	grep -q '^audio = episode.audio\[0\].url' show.ini
}

@test "folders that differ behind a number are the seasons of one show" {
	hugo
	local s
	for s in 1 2 3; do
		note "content/pod/Temporada $s/a$s.md" "date: 2026-01-0$s" "$audio"
		note "content/pod/Temporada $s/b$s.md" "date: 2026-02-0$s" "$audio"
	done
	run "$SHOWMILL" init
	echo "$output"
	[[ "$output" == *'notes: 6 in content/pod'* ]]
	rm -r ./*.ini content
	for s in 1 2; do
		note "content/pod/Staffel 0$s – Größe $s/a$s.md" "date: 2026-01-0$s" "$audio"
	done
	run "$SHOWMILL" init
	[[ "$output" == *'notes: 2 in content/pod'* ]]
}

@test "the page that lists a folder's episodes is not read as one" {
	note src/episodes/0001.md "$date" "$audio"
	note src/episodes/0002.md 'date: 2026-01-02' "$audio"
	note src/episodes/index.md
	note src/episodes/CHANGELOG.md
	run "$SHOWMILL" init
	echo "$output"
	[[ "$output" == *'2 episodes read, 0 with problems'* ]]
	[ "$(says except | LC_ALL=C sort | tr '\n' ' ')" = 'CHANGELOG.md index.md ' ]
}

@test "only what every repository has: there are no notes" {
	local f
	for f in AGENTS CLAUDE README 404; do
		note $f.md
	done
	run "$SHOWMILL" init
	echo "$output"
	[ "$status" = 66 ]
	[ ! -e show.ini ]
}

@test "documents are no episodes, unless somebody says so" {
	local f
	for f in install usage faq; do
		put docs/$f.md <<< $'# A page\n\nWords'
	done
	run "$SHOWMILL" init
	echo "$output"
	[ "$status" = 66 ]
	[[ "$output" == *'none says a date, a number or audio;'*'showmill init --episodes docs'* ]]
	[ ! -e show.ini ]
	"$SHOWMILL" init --dry-run --episodes docs
	# One of these is enough.
	put docs/one.mp3 <<< x
	"$SHOWMILL" init --dry-run
	rm docs/one.mp3
	put docs/12.md <<< '# A page'
	rm docs/[a-z]*
	"$SHOWMILL" init --dry-run
}

@test "the feed's address is where the site makes it" {
	hugo $'[outputFormats.RSS]\nmediaType = "application/rss+xml"\nbaseName = "podcast"\n[outputs]\nhome = ["HTML", "RSS"]\nsection = ["HTML"]'
	note content/episodes/1.md "$date" "$audio"
	"$SHOWMILL" init
	[ "$(says feed_url)" = https://x.example.org/podcast.xml ]
	rm -r ./*
	put _config.yml <<< $'title: T\ndescription: D\nurl: https://x.example.org'
	note _posts/2026-01-01-a.md "$audio"
	put show.rss <<< $'---\n---\n<rss><channel>{% for p in site.posts %}<item><enclosure url="https://count.example.net/r.mp3/{{ p.audio }}"/></item>{% endfor %}</channel></rss>'
	run "$SHOWMILL" init
	echo "$output"
	[ "$(says feed_url)" = https://x.example.org/show.rss ]
	# What it has before each address is told.
	grep -qx 'analytics_prefix = https://count.example.net/r.mp3/' show.ini
	[[ "$output" == *'analytics_prefix: show.rss has it before the address of each file'* ]]
}
