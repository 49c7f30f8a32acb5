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
	# Nobody beyond this machine is asked.
	grep -qs '^probe_map' config.ini ||
	    echo 'probe_map = https://media.example.org/ http://127.0.0.1:9/' >> config.ini
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

@test "a key given twice, a tag that is a map, a size that passes for a duration" {
	values_show
	tail -n +1 > "$notes/001-one.md" <<-MD
	---
	title: One
	slides: a
	slides: b
	date: 2026-01-01
	audio: https://media.example.org/1.mp3
	audio_length: 13394962
	audio_duration: "00:24:47"
	tags:
	- starman: truth behind
	- plain
	---
	Notes
	MD
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 0 ]
	[[ "$output" == *"001-one.md:4: warning: the key \`slides\` is given twice, on line 3 too; the last one counts"* ]]
	[[ "$output" == *"001-one.md:10: warning: the tag \`starman: truth behind\` is a map"* ]]
	run "$SHOWMILL" episode show 1
	[[ "$output" == *13394962* ]]
	[[ "$output" == *24:47* ]]
	sed -i '/unknown_keys/d' feeds/v/show.ini
	printf '%s\n' --- 'title: One' 'title: Two' 'date: 2026-01-01' --- > "$notes/001-one.md"
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 65 ]
	[[ "$output" == *"001-one.md:3: error: the key \`title\` is given twice, on line 2 too"* ]]
}

@test "a summary in Markdown or HTML is its words" {
	values_show
	note 001-a.md 'title: A' 'date: 2026-01-01' \
		'description: "Desc & <b>x</b>, [word](https://x.example.org/) **y**"'
	note 002-b.md 'title: B' 'date: 2026-01-02' 'description: "a < b and 5 * 3 * 2 > 1"'
	printf 'media_prefix = https://media.example.org/\n' >> feeds/v/show.ini
	sed -i 's/^title:/audio: x.mp3\ntitle:/' "$notes"/*.md
	sed -i 's/x.mp3/y.mp3/' "$notes/002-b.md"
	mkdir -p web
	sed -i "s#^probe_map.*#probe_map = https://media.example.org/ web#" config.ini
	cp "$REPO/tests/e2e/fixtures/cbr.mp3" web/x.mp3
	cp "$REPO/tests/e2e/fixtures/vbr.mp3" web/y.mp3
	run "$SHOWMILL" feed build --at "$at" --out out
	[ "$status" = 0 ]
	grep -F 'Desc &amp; x, word y' out/feed.xml
	grep -F 'a &lt; b and 5 * 3 * 2 &gt; 1' out/feed.xml
}

@test "a number that is none: what is used instead is told, and who has it too" {
	values_show
	note 100-early.md 'title: Early' 'date: 2026-01-01' 'episode: None'
	note 101-real.md 'title: Real' 'date: 2026-01-02' 'episode: 100'
	run "$SHOWMILL" episode list --at "$at"
	[[ "$output" == *"100-early.md:4: warning: \`episode: None\` is no whole number from 1 on, nor one such as S02E05; 100, from the file's name, is used"* ]]
	[[ "$output" == *"the number 100 is that of "* ]]
}

@test "a first feed is not written empty when errors left all out" {
	values_show
	note 001-a.md 'title: A' 'date: 2026-01-01'
	run "$SHOWMILL" feed build --keep-going --at "$at" --out out
	[ "$status" = 65 ]
	[[ "$output" == *"1 error; 1 episode was left out: feeds/v/episodes/001-a.md. None is left, and no feed was written"* ]]
	[ -z "$(ls out/*.xml 2> /dev/null)" ]
}

@test "front matter without its first line is told as such" {
	values_show
	printf 'title: A\npubDate: 2026-01-01\n---\nNotes\n' > "$notes/001-a.md"
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 65 ]
	[[ "$output" == *"001-a.md:1: error: the front matter has no --- before it"* ]]
}

@test "a date that reads two ways, and the one in the file's name" {
	values_show
	note 001-a.md 'title: A' 'date: 03/07/2015' 'audio: https://media.example.org/1.mp3'
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 65 ]
	[[ "$output" == *"001-a.md:3: error: \`03/07/2015\` is no date that reads one way: the day or the month may be first; write it as"* ]]
	echo 'names = {year}-{month}-{day}-{slug}.md' >> feeds/v/show.ini
	mv "$notes/001-a.md" "$notes/2015-07-03-a.md"
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 0 ]
	[[ "$output" == *"2015-07-03-a.md:3: warning: \`03/07/2015\` is no date"*"; the date in the file's name is used"* ]]
	[[ "$output" == *"2015-07-03 00:00"* ]]
}

@test "guests in one string are several people" {
	values_show
	note 001-a.md 'title: A' 'date: 2026-01-01' 'audio: https://media.example.org/1.mp3' \
		'guests: "Ann Lee, PhD, Bo (a, b) & Co, and Cy"'
	run "$SHOWMILL" episode show 1 --json
	for who in 'Ann Lee, PhD' 'Cy'; do
		[[ "$output" == *"\"$who\""* ]]
	done
	[[ "$output" != *'"Ann Lee, PhD, Bo'* ]]
	[[ "$output" != *'and Cy"'* ]]
}

@test "numbers that begin anew in each season are one error" {
	values_show
	for season in 1 2; do
		for n in 1 2 3 4 5 6 7 8 9 10 11; do
			note "s$season-$n.md" "title: T$n" "season: $season" "number: $n" \
				"date: 2026-01-0$season" "audio: https://media.example.org/$season-$n.mp3"
		done
	done
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 65 ]
	[ "$(grep -c 'error: the guid' <<< "$output")" = 1 ]
	[[ "$output" == *'11 times in this show: write `episode_guid = my-show-{season}-{number}` in show.ini'* ]]
	run "$SHOWMILL" episode list --at "$at" -v
	[ "$(grep -c 'error: the guid' <<< "$output")" = 11 ]
	echo 'episode_guid = my-show-{season}-{number}' >> feeds/v/show.ini
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 0 ]
}

@test "a table in German, and rows that name notes without their ending" {
	values_show 'table = t.csv' '[fields]' 'title = Titel' 'date = Datum'
	for n in '3 Über+Tür' '04-x'; do
		note "$n.md" 'audio: https://media.example.org/'"${n%%[ -]*}.mp3"
	done
	printf 'Nr.;Titel;Datum\n3;Drei;3.1.2026\n' > feeds/v/t.csv
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 65 ]
	[[ "$output" == *'in [fields] of show.ini, as in `number = Nr.`'* ]]
	printf 'Nr.;Titel;Datum;file\n3;Drei;3.1.2026;3 Über+Tür\n4;Vier;4.1.2026;other\n9;Neun;9.1.2026;nine\n' > feeds/v/t.csv
	echo 'number = Nr.' >> feeds/v/show.ini
	run "$SHOWMILL" episode list --at "$at"
	[ "$status" = 0 ]
	[[ "$output" == *Drei* ]]
	[[ "$output" == *Vier* ]]
	[[ "$output" == *'t.csv:4: warning: no notes belong to this row: there are none of the name `nine` or the number 9'* ]]
}

@test "init takes a table that has rows for two of five notes" {
	mkdir tree
	for n in 1 2 3 4 5; do
		printf -- '---\ntitle: T%s\ndate: 2026-01-0%s\naudio: https://media.example.org/%s.mp3\n---\nNotes\n' $n $n $n > tree/00$n-x.md
	done
	printf 'number,audio\n1,https://media.example.org/a.mp3\n2,https://media.example.org/b.mp3\n' > tree/facts.csv
	run "$SHOWMILL" init tree
	[ "$status" = 0 ]
	grep -q '^table = .*facts.csv' $(find . -name show.ini)
}

@test "facts in extra (Zola) and params (Hugo) are facts" {
	values_show
	cat > $notes/one.md <<-'MD'
	+++
	title = "One"
	date = 2024-01-02
	[extra]
	audio_file = "https://media.example.org/1.mp3"
	duration = "10:00"
	episode_number = 41
	title = "Not this one"
	+++
	Hello
	MD
	note two.md 'title: Two' 'date: 2024-01-09' 'params:' \
		'  audio: https://media.example.org/2.mp3' '  season: 3' '  number: 42'
	run "$SHOWMILL" episode show --json 41
	echo "$output"
	[[ "$output" == *'"One"'* && "$output" == *'10:00'* && "$output" == *'https://media.example.org/1.mp3'* ]]
	run "$SHOWMILL" episode show 42
	[[ "$output" =~ season\ +line\ 6\ +3 && "$output" == *'https://media.example.org/2.mp3'* ]]
}

@test "an accent on which white words cannot be read is told" {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	echo 'accent = #ffee00' >> feeds/mini/show.ini
	run "$SHOWMILL" feed build --at 2026-02-01
	[ "$status" = 0 ]
	[[ "$output" == *'show.ini:15: warning: accent = `#ffee00`: the white words on it can hardly be read (contrast 1.2'* ]] || { echo "$output"; false; }
	sed -i 's/^accent.*/accent = #1f5fa8/' feeds/mini/show.ini
	run "$SHOWMILL" feed build --at 2026-02-01
	[[ "$output" != *accent* ]]
}
