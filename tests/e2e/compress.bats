#!/usr/bin/env bats
# Compressed files beside what is served, where config.ini has `compress`.
load site

at=2026-02-01

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	printf '%s\n' 'pages = true' 'items = 1' \
	    'chapters_url = https://mini.example.org/chapters/' >> feeds/mini/show.ini
	printf -- '\n[Later](#t=0:01)\n' >> feeds/mini/episodes/002-the-2.md
	sed -i 's/^number: 2/&\nchapters:\n  - 0:00 Begin\n  - 0:01 Middle/' feeds/mini/episodes/002-the-2.md
	printf 'compress = gz br\nopml = out/shows.opml\n' >> config.ini
}

build() { run "$SHOWMILL" feed build --at $at --out out "$@"; }
served() { find out -type f ! -name '*.gz' ! -name '*.br' | sort; }
# whole: each file's companions have its bytes and its date.
whole() {
	local f
	[ "$(served | wc -l)" -ge "$1" ] || { served; return 1; }
	for f in $(served); do
		gzip -dc "$f.gz" | cmp - "$f" || return 1
		brotli -dc "$f.br" | cmp - "$f" || return 1
		[ "$(stat -c %y "$f")" = "$(stat -c %y "$f.gz")" ] || return 1
		[ "$(stat -c %y "$f")" = "$(stat -c %y "$f.br")" ] || return 1
	done
}
state() { find out -type f -printf '%p %i %T@\n' | sort; }

@test "feeds, archives, pages, chapters and the list have .gz and .br" {
	build
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	served > names
	grep -qx out/feed.xml names
	grep -qx out/atom.archive-1.xml names
	grep -qx out/index.html names
	grep -q '^out/chapters/.*json$' names
	grep -qx out/shows.opml names
	whole 10
	[ "$(stat -c %s out/feed.xml.br)" -lt "$(stat -c %s out/feed.xml)" ]
}

@test "what is unchanged is left alone, what changed or is missing is made anew" {
	build
	state > before
	build
	state | cmp - before
	rm out/index.html.br
	printf old > out/feed.xml.gz
	echo More. >> feeds/mini/episodes/002-the-2.md
	build
	[ "$status" = 0 ] || { echo "$output"; return 1; }
	whole 10
	grep -q More out/feed.xml
	[ "$(grep ' *out/feed.archive-1.xml.gz ' before)" = "$(state | grep 'out/feed.archive-1.xml.gz ')" ]
}

@test "one kind alone, none, and what is neither" {
	sed -i 's/^compress = .*/compress = gz/' config.ini
	build
	[ -f out/feed.xml.gz ] && [ ! -e out/feed.xml.br ]
	rm -r out
	sed -i 's/^compress = .*/compress = none/' config.ini
	build
	[ "$status" = 0 ] && [ -z "$(find out -name '*.gz' -o -name '*.br')" ]
	sed -i 's/^compress = .*/compress = zip/' config.ini
	build
	[ "$status" = 78 ] && [[ "$output" == *'config.ini:'*'compress'* ]]
}

@test "nothing is compressed by a rehearsal, and a folder in the way is told" {
	run "$SHOWMILL" publish --dry-run --at $at --out out
	[ -z "$(find . -name '*.gz')" ]
	mkdir -p out/feed.xml.gz
	build
	[ "$status" != 0 ] && [[ "$output" == *out/feed.xml.gz* ]] || { echo "$status $output"; return 1; }
}

@test "a feed that not everybody may read has no copy that everybody may" {
	sed -i '/^compress/d' config.ini
	build
	chmod 640 out/feed.xml
	echo 'compress = gz br' >> config.ini
	build
	[ "$(stat -c %a out/feed.xml.gz out/feed.xml.br | sort -u)" = 640 ]
}
