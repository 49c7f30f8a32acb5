#!/usr/bin/env bats
# What is published is remembered: no guid is lost, and no episode becomes new
# again.
load site

setup() {
	site_make
	memory=feeds/mini/published.tsv
	e=feeds/mini/episodes
}

build() { run "$SHOWMILL" feed build "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
# audio N: a file of its own.
audio() { cp feeds/mini/media/one.mp3 "feeds/mini/media/$1.mp3"; }
# episode N DAY: of January 2026.
episode() { audio "$1"; site_episode "$1" "2026-01-${2}T10:00:00Z" "$1.mp3" "${3:-}"; }
feed() { echo feeds/mini/public/feed.xml; }
guids() { sed -n 's/.*<guid[^>]*>\([^<]*\)<.*/\1/p' "$(feed)"; }
three() { episode 1 05; episode 2 12; episode 3 19; build --at 2026-01-20; [ "$status" = 0 ]; }

@test "the table: oldest first, with the first time, and as it was when nothing changed" {
	episode 1 05 'summary: x'
	sed -i 's/^title:.*/title: "A \\"quoted\\" title"/' $e/001-the-1.md
	build --at 2026-01-06
	expect 0 written
	episode 2 12
	build --at 2026-01-13
	guid1=$(guids | tail -n 1) guid2=$(guids | head -n 1)
	printf 'guid\tnumber\tfirst_published\tenclosure\ttitle\n%s\t1\t2026-01-06T00:00:00Z\thttps://mini.example.org/media/1.mp3\t"A ""quoted"" title"\n%s\t2\t2026-01-13T00:00:00Z\thttps://mini.example.org/media/2.mp3\tEpisode number 2\n' "$guid1" "$guid2" | diff - $memory
	touch -d 2020-01-01 $memory
	build --at 2026-01-14
	expect 0 unchanged
	[ "$(stat -c %Y $memory)" = "$(date -d 2020-01-01 +%s)" ]
	# A time before: what came later is not gone.
	build --at 2026-01-10
	expect 0 written
	[ "$(guids | wc -l)" = 1 ]
	[ "$(wc -l < $memory)" = 3 ]
	build --at 2026-01-14
	expect 0 written
	[ "$(grep -c 2026-01-13 $memory)" = 1 ]
}

@test "notes that are gone, drafts, and dates to come: 77, and the last good feed stays" {
	three
	cp "$(feed)" good.xml
	cp $memory good.tsv
	refused() { # LINE WORDS
		expect 77 "$1: error: $2"
		expect 77 '1 change to what is published already; no feed was written'
		cmp "$(feed)" good.xml
		cmp $memory good.tsv
	}
	mv $e/002-the-2.md .
	build --at 2026-01-21
	refused "$memory:3" "episode 2, \`Episode number 2\`, guid $(sed -n '3s/\t.*//p' $memory), was published on 2026-01-20 and no notes have it now"
	mv 002-the-2.md $e/
	episode 2 12 'draft: true'
	build --at 2026-01-21
	refused $e/002-the-2.md:6 'it is a draft now, but was published on 2026-01-20'
	site_episode 2 2026-03-01 2.mp3
	build --at 2026-01-21
	refused $e/002-the-2.md:2 'its date is to come, but it was published on 2026-01-20'
	# --keep-going is about errors in notes.
	rm $e/002-the-2.md
	build --at 2026-01-21 --keep-going
	refused "$memory:3" 'episode 2'
	# What expires is meant to go.
	episode 2 12 'expires: 2026-01-20T12:00:00Z'
	build --at 2026-01-21
	expect 0 written
	[ "$(guids | wc -l)" = 2 ]
	cp good.xml "$(feed)"
	rm $e/002-the-2.md
	cp good.tsv $memory
	build --at 2026-01-21 --allow gone
	expect 0 written
	[ "$(wc -l < $memory)" = 3 ]
	build --at 2026-01-21
	expect 0 unchanged
}

@test "another guid: told with the old one, by the audio or by number and title" {
	three
	guid=$(sed -n '3s/\t.*//p' $memory)
	sed -i '/^number/a guid: other' $e/002-the-2.md
	build --at 2026-01-21
	expect 77 "$e/002-the-2.md:4: error: its guid was $guid when it was published and is other now"
	[[ "$output" == *"Write \`guid: $guid\`"* ]]
	[ "$(grep -c '\[published-' <<< "$output")" = 1 ]
	# Also with other audio.
	audio 2b
	sed -i 's/^audio: .*/audio: 2b.mp3/' $e/002-the-2.md
	build --at 2026-01-21
	expect 77 "$e/002-the-2.md:4: error: its guid was $guid"
	sed -i "s/^guid: .*/guid: $guid/" $e/002-the-2.md
	build --at 2026-01-21
	expect 0 written
	grep -q 2b.mp3 $memory
	sed -i "s/^guid: .*/guid: third/" $e/002-the-2.md
	build --at 2026-01-21 --allow guid
	expect 0 written
	[ "$(grep -c "^third" $memory)" = 1 ]
	[ "$(grep -c "^$guid" $memory)" = 0 ]
	# Another folder, file or slug changes nothing.
	sed -i '/^guid/d' $e/003-the-3.md
	mv $e/003-the-3.md $e/003-another-name.md
	build --at 2026-01-21
	expect 0 ''
}

@test "audio that was another's, and old episodes in another order" {
	three
	audio 4
	# The second is given new audio, and a new one the old audio of the second.
	sed -i 's/^audio: .*/audio: 4.mp3/' $e/002-the-2.md
	site_episode 4 2026-01-20T10:00:00Z 2.mp3
	build --at 2026-01-21
	expect 77 "$e/004-the-4.md:5: error: https://mini.example.org/media/2.mp3 was the audio of episode 2, \`Episode number 2\`"
	[ "$(grep -c '\[published-' <<< "$output")" = 1 ]
	build --at 2026-01-21 --allow enclosure
	expect 0 written
	sed -i 's/^date: .*/date: 2026-01-04/' $e/003-the-3.md
	build --at 2026-01-21
	expect 77 "$e/003-the-3.md:2: error: by its date it stands in another place among old episodes"
	[ "$(grep -c '\[published-' <<< "$output")" = 1 ]
	# The time of day may be mended, and a new one may have any date.
	sed -i 's/^date: .*/date: 2026-01-19T12:00:00Z/' $e/003-the-3.md
	episode 9 08
	build --at 2026-01-21
	expect 0 written
	sed -i 's/^date: .*/date: 2026-01-04/' $e/003-the-3.md
	build --at 2026-01-21 --allow order
	expect 0 written
	build --at 2026-01-21
	expect 0 unchanged
	# An analytics prefix is no other audio.
	echo 'analytics_prefix = https://op3.dev/e/' >> feeds/mini/show.ini
	build --at 2026-01-21
	expect 0 written
	build --at 2026-01-21 --allow everything
	expect 64 '--allow `everything`: it takes one of gone, guid, enclosure, order'
}

@test "rehearsals are compared and not remembered; a feed that is there, or --against, is" {
	three
	cp $memory good.tsv
	episode 4 26
	build --at 2026-02-01 --out rehearsal
	expect 0 written
	cmp $memory good.tsv
	rm $e/001-the-1.md
	build --at 2026-02-01 --out rehearsal
	expect 77 'episode 1'
	# A show that was built before there was a memory.
	cp "$(find feeds -name feed.xml)" old.xml 2>/dev/null || cp "$(feed)" old.xml
	rm $memory
	build --at 2026-02-01
	expect 77 'episode 1, `Episode number 1`'
	[ ! -e $memory ]
	build --at 2026-02-01 --allow gone
	expect 0 written
	build --at 2026-02-01 --against old.xml
	expect 77 'old.xml: error: episode 1, `Episode number 1`'
	build --at 2026-02-01 --against nowhere.xml
	expect 66 nowhere.xml
	# One that cannot be read.
	rm $memory
	for text in '' '<html></html>' '<rss version="2.0"><channel><title>x'; do
		echo "$text" > "$(feed)"
		build --at 2026-02-01
		expect 65 "(there is no $memory yet, so the feed that is there is compared: mend it, or take it away)"
	done
}

@test "errors that --keep-going leaves out are not gone, and many are told in a few lines" {
	three
	sed -i 's/^date: .*/date: never/' $e/002-the-2.md
	build --at 2026-01-21 --keep-going
	expect 65 'was left out'
	[ "$(wc -l < $memory)" = 4 ]
	site_episode 2 2026-01-12T10:00:00Z 2.mp3
	build --at 2026-01-21
	expect 0 written
	for n in 11 12 13 14 15 16 17 18 19 20 21 22; do episode $n 20; done
	build --at 2026-01-21
	rm $e/01*.md $e/02*.md
	build --at 2026-01-21
	expect 77 '12 changes to what is published already'
	expect 77 'so for 2 more episodes [published-gone]'
	[ "$(grep -c 'was published on' <<< "$output")" = 10 ]
}

@test "a table that is damaged, or cannot be written, is told with its line" {
	three
	cp $memory good.tsv
	printf 'guid\ttitle\nx\ty\n' > $memory
	build --at 2026-01-21
	expect 65 "$memory:1: error: has no column \`number\`"
	head -n 2 good.tsv > $memory && printf '\t\t\t\tx\n' >> $memory
	build --at 2026-01-21
	expect 65 "$memory:3: error: there is no guid"
	sed '2s/2026-01-20T00:00:00Z/whenever/' good.tsv > $memory
	build --at 2026-01-21
	expect 65 "$memory:2: error: \`whenever\` is no time"
	rm $memory && mkdir $memory
	build --at 2026-01-21
	expect 66 "$memory: error: is a directory"
	rmdir $memory
	echo 'published = nowhere/published.tsv' >> feeds/mini/show.ini
	build --at 2026-01-21
	[ "$status" != 0 ]
	[[ "$output" == *nowhere/published.tsv* ]]
}

@test "a year, week by week: edits, renamed and deleted notes, a feed that moves" {
	sed -i '/^link/a feed_url = https://mini.example.org/feed.xml' feeds/mini/show.ini && sed -i '0,/^feed_url/{//d}' feeds/mini/show.ini
	: > seen
	for week in $(seq 1 52); do
		day=$(date -u -d "2025-01-06 + $((week - 1)) weeks" +%F)
		audio "w$week"
		site_episode "$week" "${day}T10:00:00Z" "w$week.mp3"
		case $week in
		10) sed -i 's/^- a bullet.*/- another bullet/' $e/005-the-5.md ;;
		20) mv $e/012-the-12.md $e/012-renamed.md ;;
		30) mv $e/020-the-20.md lost.md
			build --at "${day}T12:00:00Z"
			expect 77 'episode 20'
			mv lost.md $e/020-the-20.md ;;
		40) sed -i 's#^feed_url.*#feed_url = https://new.example.org/feed.xml#' feeds/mini/show.ini ;;
		esac
		build --at "${day}T12:00:00Z"
		[ "$status" = 0 ] || { echo "week $week: $output"; return 1; }
		guids > now
		[ "$(wc -l < now)" = "$week" ]
		# One more, the newest; the others as they were.
		[ "$(grep -vxFf seen now | wc -l)" = 1 ]
		tail -n +2 now | diff - seen
		cp now seen
	done
	[ "$(wc -l < $memory)" = 53 ]
	[ "$(cut -f 1 $memory | sort | uniq -d | wc -l)" = 0 ]
}

@test "--keep-going leaves out what has errors, and nothing else" {
	three
	cp "$(feed)" good.xml
	# The notes of 3 are read, and what their audio lacks hides nothing else.
	rm feeds/mini/media/3.mp3
	episode 2 12 'draft: true'
	build --at 2026-01-21 --keep-going
	expect 77 "$e/002-the-2.md:6: error: it is a draft now"
	site_episode 2 2026-03-01 2.mp3
	build --at 2026-01-21 --keep-going
	expect 77 "$e/002-the-2.md:2: error: its date is to come"
	rm $e/002-the-2.md
	build --at 2026-01-21 --keep-going
	expect 77 "$memory:3: error: episode 2"
	cmp "$(feed)" good.xml
	# What is let through is past when the errors are mended.
	build --at 2026-01-21 --keep-going --allow gone
	expect 65 'was left out'
	[ "$(cut -f 2 $memory | tr '\n' ' ')" = 'number 1 3 ' ]
	audio 3
	build --at 2026-01-21
	expect 0 written
	# Of notes that cannot be read nobody knows the guid; who has the audio is
	# known all the same.
	sed -i 's/^date: .*/date: never/' $e/003-the-3.md
	mv $e/001-the-1.md $e/005-the-1.md
	sed -i 's/^number: .*//' $e/005-the-1.md
	build --at 2026-01-21 --keep-going --allow guid
	expect 65 'was left out'
		[ "$(cut -f 2 $memory | tr '\n' ' ')" = 'number 5 3 ' ]
	sed -i 's/^date: .*/date: 2026-01-19T10:00:00Z/' $e/003-the-3.md
	build --at 2026-01-21
	expect 0 written
}

@test "what is left out has its place in the table when older notes come before it" {
	three
	mv feeds/mini/media/2.mp3 2.mp3
	episode 4 10
	build --at 2026-01-21 --keep-going
	expect 65 'was left out'
	[ "$(cut -f 2 $memory | tr '\n' ' ')" = 'number 1 4 2 3 ' ]
	mv 2.mp3 feeds/mini/media/
	build --at 2026-01-21
	expect 0 written
}

@test "after a merge: rows that came twice are one, and marks that were left are told" {
	three
	cp $memory good.tsv
	sed -n 3p good.tsv | sed 's/2026-01-20/2026-01-19/' >> $memory
	build --at 2026-01-21
	expect 0 unchanged
	sed '3s/2026-01-20/2026-01-19/' good.tsv | diff - $memory
	for mark in '<<<<<<< HEAD' '||||||| 12ab' ======= '>>>>>>> other'; do
		{ sed 3q good.tsv; echo "$mark"; sed 1,3d good.tsv; } > $memory
		build --at 2026-01-21
		expect 65 "$memory:4: error: \`${mark:0:7}\` is the mark of a merge that did not end"
	done
}

@test "a copied folder, and a show that got another guid: all episodes at once" {
	three
	sed -i 's/^guid = 7/guid = 8/' feeds/mini/show.ini
	build --at 2026-01-21
	expect 77 "$memory: error: so it is for all of them: give \`guid\` and"
	expect 77 '3 changes to what is published already'
	# One that is still known tells that it is the notes.
	sed -i "/^number/a guid: $(sed -n '2s/\t.*//p' $memory)" $e/001-the-1.md
	build --at 2026-01-21
	expect 77 '2 changes to what is published already'
	[[ "$output" != *'all of them'* ]]
}
