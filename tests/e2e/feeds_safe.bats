#!/usr/bin/env bats
# feed build must not break what is published: files in each other's way, full
# disks, kills, twins, feeds that would become empty, several shows.

load site

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
}
teardown() { [ -z "${OPEN:-}" ] || rm -rf "$OPEN"; }

at=2026-02-01

# titles FILE
titles() { sed -n '/<item>/,$s#.*<title>\(.*\)</title>#\1#p' "$1"; }
# no temporary files are left below DIR
no_temp() { [ -z "$(find "$1" -name '.*.tmp')" ]; }

# second_show SLUG: a copy of mini with addresses and a guid of its own.
second_show() {
	cp -r feeds/mini "feeds/$1"
	rm -f "feeds/$1/published.tsv"
	sed -i "s/^title = .*/title = $1/; s/mini\.example/$1.example/
	    s/^guid = .*/guid = $(/usr/bin/python3 -c 'import sys, uuid; print(uuid.uuid5(uuid.NAMESPACE_DNS, sys.argv[1]))' "$1")/" "feeds/$1/show.ini"
}

@test "two shows, --show and --out" {
	second_show other
	sed -i 's/^title: .*/title: Of the other/' feeds/other/episodes/*.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[ "$(titles out/other/feed.xml | sort -u)" = "Of the other" ]
	[ "$(titles out/mini/feed.xml | wc -l)" = 2 ]
	grep -q 'https://other.example.org/feed.xml' out/other/feed.xml
	"$SHOWMILL" feed build --at $at --show other
	[ -e feeds/other/public/feed.xml ]
	[ ! -e feeds/mini/public ]
	"$SHOWMILL" feed build --at $at
	cmp feeds/mini/public/feed.xml out/mini/feed.xml
	run "$SHOWMILL" feed build --show none
	[ "$status" = 64 ]
}

@test "two shows whose feeds go into one file: 78, and nothing is opened" {
	echo 'out = ../../public' >> feeds/mini/show.ini
	"$SHOWMILL" feed build --at $at
	good=$(cksum public/*.xml)
	second_show other
	for out in ../../public/ "$PWD/public" ../other/../../public ../../link ../../public; do
		ln -sfn public link
		sed -i "s#^out = .*#out = $out#" feeds/other/show.ini
		run "$SHOWMILL" feed build --at $at
		[ "$status" = 78 ]
		[[ "$output" == *feeds/other/show.ini*feeds/mini/show.ini* ]]
		[ "$(cksum public/*.xml)" = "$good" ]
		no_temp public
	done
	# Also when only one of them is asked for.
	for slug in mini other; do
		run "$SHOWMILL" feed build --at $at --show $slug
		[ "$status" = 78 ]
		[[ "$output" == *"feeds/$slug/show.ini: error: its feed goes to "*show.ini* ]]
		[ "$(cksum public/*.xml)" = "$good" ]
	done
	# Nor where the folder is not there yet.
	mv public away
	run "$SHOWMILL" feed build --at $at
	[ "$status" = 78 ]
	sed -i "s#^out = .*#out = ../none/./../../public//#" feeds/other/show.ini
	run "$SHOWMILL" feed build --at $at
	[ "$status" = 78 ]
	[ ! -e public ]
	mv away public
	# The names decide, not the folder; and a link is the file it leads to.
	printf 'rss = other.xml\natom = other-atom.xml\n' >> feeds/other/show.ini
	"$SHOWMILL" feed build --at $at
	ln -sf feed.xml public/other.xml
	run "$SHOWMILL" feed build --at $at
	[ "$status" = 78 ]
	# Of two that are not asked for it is no concern.
	second_show third
	sed -i '/^out = /d' feeds/third/show.ini
	"$SHOWMILL" feed build --at $at --show third
}

@test "a category with nothing in a part of it: 78" {
	for category in '>' 'News >' '> News' ' > '; do
		sed -i "s/^category = .*/category = $category/" feeds/mini/show.ini
		run "$SHOWMILL" -q feed build --at $at --out out
		[ "$status" = 78 ]
		[[ "$output" == *"feeds/mini/show.ini:7: error: category = "*[option-value]* ]]
		[ ! -e out ]
	done
}

@test "rss and atom in one file: 78" {
	echo 'atom = feed.xml' >> feeds/mini/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 78 ]
	[[ "$output" == *"show.ini: "*'`rss` and `atom` are one file'* ]]
	[ ! -e out/feed.xml ]
}

@test "two shows that the world could not tell apart: 78" {
	for line in '^guid' '^feed_url' '^atom_url'; do
		second_show other
		sed -i "/$line/d" feeds/other/show.ini
		grep "$line" feeds/mini/show.ini >> feeds/other/show.ini
		run "$SHOWMILL" feed build --at $at --out out
		[ "$status" = 78 ]
		[[ "$output" == *"feeds/other/show.ini:$(grep -n "$line" feeds/other/show.ini | cut -d: -f1): error: "*"is that of feeds/mini/show.ini too"*"[show-twice]"* ]]
		rm -r feeds/other
	done
	[ ! -e out/feed.xml ]
}

@test "a feed with episodes does not become empty by itself" {
	"$SHOWMILL" feed build --at $at --out out
	good=$(cksum out/*.xml)
	refused() {
		[ "$status" = 77 ] && [[ "$output" == *"out/feed.xml: error: has episodes"*show.ini*"[feed-emptied]"* ]]
		[ "$(cksum out/*.xml)" = "$good" ]
		no_temp out
	}
	run "$SHOWMILL" feed build --at 2025-01-01 --out out
	refused
	mv feeds/mini/episodes kept
	mkdir feeds/mini/episodes
	run "$SHOWMILL" feed build --at $at --out out
	refused
	run "$SHOWMILL" feed build --at $at --out out --keep-going
	refused
	# A new show may begin so, and an old one end so when it is meant.
	"$SHOWMILL" feed build --at $at --out new
	[ -z "$(titles new/feed.xml)" ]
	"$SHOWMILL" feed build --at $at --out new
	rm out/*.xml
	"$SHOWMILL" feed build --at $at --out out
	rmdir feeds/mini/episodes && mv kept feeds/mini/episodes
	"$SHOWMILL" feed build --at $at --out out
	[ "$(titles out/feed.xml | wc -l)" = 2 ]
}

@test "of twins only the draft or the later file is left out" {
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	# A draft whose name comes first.
	printf -- '---\ntitle: Draft\nnumber: 1\ndate: 2026-01-01\naudio: three.mp3\ndraft: true\n---\n' > feeds/mini/episodes/000-draft.md
	run "$SHOWMILL" feed build --at $at --out out --keep-going
	[ "$status" = 65 ]
	[[ "$output" == *"000-draft.md:3: error: the number 1 is that of "*001-the-1.md* ]]
	[[ "$output" == *"1 episode was left out: "*000-draft.md* ]]
	[ "$(titles out/feed.xml | wc -l)" = 2 ]
	# A third with the same number, and one with the same guid.
	printf -- '---\ntitle: Late\nnumber: 1\ndate: 2025-12-01\naudio: three.mp3\n---\n' > feeds/mini/episodes/003-late.md
	guid=$(sed -n 's#.*<guid.*>\(.*\)</guid>#\1#p' out/feed.xml | head -n 1)
	printf -- "---\ntitle: Same\nguid: $guid\ndate: 2025-12-01\naudio: three.mp3\n---\n" > feeds/mini/episodes/004-same.md
	run "$SHOWMILL" feed build --at $at --out out --keep-going
	[ "$status" = 65 ]
	[[ "$output" == *"003-late.md:3: error: the number 1"* ]]
	[[ "$output" == *"004-same.md:3: error: the guid $guid"*002-the-2.md* ]]
	[[ "$output" == *"3 episodes were left out: "* ]]
	[ "$(titles out/feed.xml)" = "Episode number 2
Episode number 1" ]
}

# More than fits into the space that the tests below leave.
long_notes() {
	local i
	for i in $(seq 400); do
		printf '\nA paragraph that takes some room, number %s of many. %s\n' "$i" "$RANDOM"
	done >> feeds/mini/episodes/002-the-2.md
}

@test "a full disk leaves the old feeds: 73" {
	"$SHOWMILL" feed build --at $at --out out
	good=$(cksum out/*.xml)
	long_notes
	# 8 KiB a file, without the signal that goes with it.
	run bash -c 'trap "" XFSZ; ulimit -f 8; "$0" feed build --at '$at' --out out' "$SHOWMILL"
	[ "$status" = 73 ]
	[[ "$output" == *"out/feed.xml: "* ]]
	[ "$(cksum out/*.xml)" = "$good" ]
	no_temp out
	"$SHOWMILL" feed build --at $at --out out
	[ "$(cksum out/*.xml)" != "$good" ]
}

@test "an output folder that cannot be written: 73, and the old feeds stay" {
	ordinary
	"${as[@]}" "$SHOWMILL" feed build --at $at --out out
	good=$(cksum out/*.xml)
	sed -i 's/^title: .*/title: Other/' feeds/mini/episodes/002-the-2.md
	chmod 555 out
	run "${as[@]}" "$SHOWMILL" feed build --at $at --out out
	chmod 755 out
	[ "$status" = 73 ]
	[[ "$output" == *"out/feed.xml: error: cannot be written: Permission denied"* ]]
	[ "$(cksum out/*.xml)" = "$good" ]
	no_temp out
}

@test "killed at any moment, the feeds are the old ones or the new ones" {
	"$SHOWMILL" feed build --at $at --out old
	long_notes
	"$SHOWMILL" feed build --at $at --out new
	killed=0
	for ms in 0 1 2 3 4 5 6 7 8 10 12 15 20 25 30 40; do
		rm -rf cache.db* out
		cp -r old out
		"$SHOWMILL" feed build --at $at --out out >/dev/null 2>&1 3>&- &
		pid=$!
		sleep "$(printf '0.%03d' "$ms")"
		kill -9 "$pid" 2>/dev/null && killed=$((killed + 1))
		wait "$pid" 2>/dev/null || true
		for f in feed.xml atom.xml; do
			cmp -s out/$f old/$f || cmp out/$f new/$f
		done
	done
	echo "# $killed of 16 builds were killed" >&3
	[ "$killed" -gt 0 ]
	# What the last kill has left there is in nobody's way.
	"$SHOWMILL" feed build --at $at --out out
	cmp out/feed.xml new/feed.xml
	cmp out/atom.xml new/atom.xml
}

@test "a cache or ledger of no bytes is one that is not there yet" {
	: > cache.db
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" != *cache* ]]
	: > ledger.db
	run "$SHOWMILL" digest status
	[ "$status" = 0 ]
	run "$SHOWMILL" digest preview --at $at --out preview
	[ "$status" = 0 ]
	run "$SHOWMILL" digest send --at $at --dry-run
	[ "$status" = 0 ]
	[ ! -s ledger.db ]
	"$SHOWMILL" friend add ada@example.org
	[ -s ledger.db ]
}

@test "a folder where a feed is to be: the others stay as they were" {
	"$SHOWMILL" feed build --at $at --out out
	cp out/feed.xml good.xml
	rm out/atom.xml && mkdir out/atom.xml
	sed -i 's/^title: .*/title: Another/' feeds/mini/episodes/001-the-1.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 73 ]
	[[ "$output" == *'out/atom.xml: error: cannot be written: Is a directory'* ]]
	cmp out/feed.xml good.xml
}
