#!/usr/bin/env bats
# Values as other people write them.

load site

setup() {
	site_make
	rm -rf feeds/mini
}

at=2026-09-01

# values_show LINE...: a show in a site's own tree, with these lines more.
values_show() {
	mkdir -p feeds/v/episodes
	notes=feeds/v/episodes
	cat > feeds/v/show.ini <<-INI
	title = A tree
	link = https://tree.example.org/
	feed_url = https://tree.example.org/v.xml
	description = Somebody's tree
	guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11
	unknown_keys = ignore
	INI
	[ $# = 0 ] || printf '%s\n' "$@" >> feeds/v/show.ini
}

# note NAME LINE...: notes with these lines of front matter.
note() {
	local name=$1
	shift
	{ echo ---; printf '%s\n' "$@"; echo ---; echo Notes; } > "$notes/$name"
}

@test "what has a publishDate of its own is not due before it" {
	values_show
	note 001-held.md 'title: Held' 'date: 2024-01-01' \
		'publishDate: 2030-01-01' 'audio: https://media.example.org/1.mp3'
	note 002-out.md 'title: Out' 'date: 2024-02-01' \
		'publishDate: 2023-01-01' 'audio: https://media.example.org/2.mp3'
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 0 ]
	[[ "$output" == *"2024-01-01 00:00  scheduled  Held"* ]]
	[[ "$output" == *"2024-02-01 00:00  due        Out"* ]]
	run "$SHOWMILL" episode next --at "$at"
	[[ "$output" == *" 2030-01-01T00:00:00Z "* ]]
}

@test "episode new: a number that is free, a date to come, a slug of what letters there are" {
	values_show
	note 007-one.md 'title: One' 'season: 1' 'number: 7' 'date: 2026-08-17T18:00:00Z'
	note 010-two.md 'title: Two' 'number: 10' 'date: 2026-08-10T18:00:00Z'
	run "$SHOWMILL" episode new 'Straße + Café ø 日本'
	[ "$status" = 0 ]
	grep -qx 'number: 11' "$output"
	grep -qx 'season: 1' "$output"
	grep -qx 'slug: strasse-cafe-o' "$output"
	# The next Monday at six, by the clock of the machine.
	when=$(sed -n 's/^date: //p' "$output")
	[ "$(date -ud "$when" +'%u %H:%M')" = '1 18:00' ]
	[ "$(date -ud "$when" +%s)" -gt "$(date +%s)" ]
	[ "$(date -ud "$when" +%s)" -le $(($(date +%s) + 604860)) ]
	rm "$output"
	run "$SHOWMILL" episode new '日本'
	grep -qx 'slug: episode-11' "$output"
}
