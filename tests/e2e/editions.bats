#!/usr/bin/env bats
# Which episodes an edition has, and what a person writes for it by hand.
load site
load peers

setup() {
	site_make
	for n in 1 2 3 4; do
		cp "$REPO/tests/e2e/fixtures/cbr.mp3" feeds/mini/media/$n.mp3
		site_episode $n "2026-01-0${n}T10:00:00Z" $n.mp3
	done
	friends 1
}

# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
send() { run "$SHOWMILL" digest send --yes "$@"; }
dry() { run "$SHOWMILL" digest send --dry-run "$@"; }
# numbers: of the episodes of a dry run, in their order.
numbers() { grep '^Episode' <<< "$output" | awk '{sub(/.*:/, "", $2); print $2}' | tr '\n' ' '; }
hand() { mkdir -p feeds/mini/editions; cat > "feeds/mini/editions/$1.md"; }

@test "a range and dates" {
	dry --episode 2-3 --at 2026-01-05
	[ "$(numbers)" = '3 2 ' ]
	dry --episode 1 --episode 3-9 --at 2026-01-05
	[ "$(numbers)" = '1 4 3 ' ]
	dry --episode 7-9 --at 2026-01-05
	expect 64 'has no episodes 7-9'
	dry --since 2026-01-02 --until 2026-01-03 --at 2026-01-05
	[ "$(numbers)" = '3 2 ' ]
	dry --since 2026-01-01 --until yesterday --at 2026-01-05
	expect 64 --until
	dry --since 2026-01-03 --until 2026-01-02 --at 2026-01-05
	expect 64 '--since 2026-01-03 is later than --until 2026-01-02'
	dry --since 2026-01-03 --until 2026-01-03 --at 2026-01-05
	[ "$(numbers)" = '3 ' ]
}

@test "digest_every: so many episodes, or once a week" {
	send --at 2026-01-02
	expect 0 2026-W01
	echo 'digest_every = 2' >> feeds/mini/show.ini
	send --at 2026-01-03T12:00:00Z
	expect 0 '2026-W01-2'
	[ "$(numbers)" = '3 2 ' ]
	send --at 2026-01-04T12:00:00Z
	expect 0 '1 of 2 new episodes are there; the edition waits'
	sed -i 's/^digest_every.*/digest_every = week/' feeds/mini/show.ini
	send --at 2026-01-04T12:00:00Z
	expect 0 '2026-W01-2 is of this week; what is new waits for the next'
	# Named by hand, or in the next week.
	dry --episode 4 --at 2026-01-04T12:00:00Z
	[ "$(numbers)" = '4 ' ]
	send --at 2026-01-05T12:00:00Z
	expect 0 2026-W02
	[ "$(numbers)" = '4 ' ]
	sed -i 's/^digest_every.*/digest_every = month/' feeds/mini/show.ini
	send
	expect 78 'digest_every = `month`: it wants `run`, `week`, or a number'
}

@test "late_after: what comes too late is held, and told" {
	echo 'late_after = 3d' >> feeds/mini/show.ini
	dry --at 2026-01-09T12:00:00Z
	expect 0 'It is held, because it comes too late: `Episode number 4` came out 5 days ago'
	send --at 2026-01-09T12:00:00Z
	expect 77 '2026-W02 is held, because it comes too late: `Episode number 4` came out 5 days ago'
	[ "$(mail_count mail)" = 0 ]
	run "$SHOWMILL" digest preview --at 2026-01-09T12:00:00Z
	[ "$status" = 0 ]
	send --at 2026-01-09T12:00:00Z --late
	expect 0 2026-W02
	[ "$(mail_count mail)" = 1 ]
	# What a person names is no surprise.
	send --at 2026-01-09T12:00:00Z --episode 3
	expect 0 2026-W02-2
}

@test "an edition that was begun long ago is held, too" {
	echo 'late_after = 1d' >> feeds/mini/show.ini
	sed -i 's/^relay.*/relay = smtp:\/\/127.0.0.1:1/' config.ini
	send --at 2026-01-05
	[ "$status" = 75 ] || [ "$status" = 69 ]
	sed -i 's/^relay.*/relay = maildir:mail/' config.ini
	send --at 2026-01-11
	expect 77 '2026-W02 is held, because it comes too late: it was begun 6 days ago, and 1 friend is to go'
	send --at 2026-01-11 --late
	[ "$(mail_count mail)" = 1 ]
}

@test "a file by hand: opening, subject, order, and what is no episode" {
	hand 2026-W02 <<-'MD'
	---
	subject: "Two at *once*"
	preheader: Before the holidays
	episodes: [2, 4]
	items:
	  - title: Meetup & <beer>
	    url: https://meet.example.org/
	    text: On Friday.
	  - title: No link
	---
	# Hello

	We were **away**; [read why](https://mini.example.org/away).
	MD
	dry --at 2026-01-05
	[ "$(numbers)" = '2 4 ' ]
	expect 0 'Subject  Two at *once*'
	run "$SHOWMILL" digest preview --at 2026-01-05 --out look
	[ "$status" = 0 ]
	grep -q '<h2[^>]*>Hello</h2>' look/digest.html
	grep -q 'We were <strong>away</strong>' look/digest.html
	grep -q 'Before the holidays' look/digest.html
	grep -q 'href="https://meet.example.org/"[^>]*>Meetup &amp; &lt;beer&gt;</a>' look/digest.html
	grep -q '^We were away; read why' look/digest.txt
	grep -q '^Meetup & <beer>$' look/digest.txt
	grep -q '^On Friday.$' look/digest.txt
	# It is of this edition alone.
	send --at 2026-01-05
	expect 0 2026-W02
	send --at 2026-01-05
	expect 0 'nothing new'
	[ "$(mail_count mail)" = 1 ]
}

@test "leave_out: the rule takes the others" {
	send --at 2026-01-01T12:00:00Z
	hand 2026-W02 <<-'MD'
	---
	leave_out: [3]
	---
	MD
	dry --at 2026-01-05
	[ "$(numbers)" = '4 2 ' ]
	expect 0 'Left out 3 `Episode number 3`: it is left out by feeds/mini/editions/2026-W02.md'
}

@test "what is wrong in the file is told with its line, and nothing is sent" {
	hand 2026-W02 <<-'MD'
	---
	subjekt: x
	episodes: 4
	items:
	  - url: nowhere
	  - title: x
	    link: y
	preheader: "a\nb"
	---
	MD
	send --at 2026-01-05
	expect 65 'feeds/mini/editions/2026-W02.md:2: error: `subjekt` is no key of an edition'
	expect 65 '2026-W02.md:3: error: `episodes` wants a list'
	expect 65 '2026-W02.md:5: error: `url`: '
	expect 65 '2026-W02.md:5: error: an item wants a `title`'
	expect 65 '2026-W02.md:7: error: `link` is no key of an item'
	expect 65 '2026-W02.md:8: error: `preheader` has a line end'
	hand 2026-W02 <<-'MD'
	---
	episodes:
	  - 4
	  - 9
	---
	MD
	send --at 2026-01-05
	expect 65 '2026-W02.md:4: error: `mini` has no episode 9'
	printf 'a\033b\n' | hand 2026-W02
	send --at 2026-01-05
	expect 65 '2026-W02.md:1: error: there is a control character (U+001B)'
	[ "$(mail_count mail)" = 0 ]
}

@test "a network's digest has the episodes of several shows" {
	cp -r feeds/mini feeds/maxi
	rm -f feeds/maxi/episodes/*3* feeds/maxi/episodes/*1*
	sed -i 's/The Mini Show/The Maxi Show/; s/mini\.example/maxi.example/; s/^guid.*/guid = 917393e3-1b1e-5cef-ace4-edaa54e1f810/' feeds/maxi/show.ini
	echo 'digest_show = maxi' >> feeds/mini/show.ini
	dry --show mini --since 2026-01-01 --at 2026-01-05
	[ "$(numbers)" = '4 4 3 2 2 1 ' ]
	run "$SHOWMILL" digest preview --show mini --since 2026-01-01 --at 2026-01-05 --out look
	[ "$(grep -c '^The Maxi Show · ' look/digest.txt)" = 2 ]
	[ "$(grep -c '^The Mini Show · ' look/digest.txt)" = 4 ]
	grep -q 'Here are 6 new episodes of The Mini Show:' look/digest.txt
	"$SHOWMILL" -q digest preview --show mini --episode maxi:4 --at 2026-01-05 --out look
	grep -q '^Here is the new episode of The Maxi Show\.' look/digest.txt
	dry --show mini --episode maxi:4 --episode 3 --at 2026-01-05
	[[ "$output" == *"Episode  maxi:4 \`"*"Episode  mini:3 \`"* ]]
	[ "$(numbers)" = '4 3 ' ]
	send --show mini --episode maxi:4 --at 2026-01-05
	send --show mini --at 2026-01-05
	[ "$(mail_count mail)" = 1 ]
	echo 'digest_show = other' >> feeds/mini/show.ini
	dry --show mini --at 2026-01-05
	expect 78 'digest_show: config.ini has no other show `other`'
}

@test "a key that is given twice is refused" {
	hand 2026-W02 <<-'MD'
	---
	subject: One
	items:
	  - title: A
	    title: B
	subject: Two
	---
	MD
	dry --at 2026-01-05
	expect 65 '2026-W02.md:6: error: the key `subject` is given twice, on line 2 too; take one of them out'
	expect 65 '2026-W02.md:5: error: the key `title` is given twice, on line 4 too'
}

@test "a file that goes into no edition is told" {
	hand 2026-w02 < /dev/null
	hand 2026-W02-1 < /dev/null
	hand 2025-W50 < /dev/null
	hand 2026-W09 < /dev/null
	dry --at 2026-01-05
	expect 0 'editions/2026-w02.md: warning: this is no name of an edition, such as 2026-W02.md'
	expect 0 'editions/2026-W02-1.md: warning: this is no name'
	expect 0 'editions/2025-W50.md: warning: its week is over'
	[[ "$output" != *2026-W09.md* ]]
}

@test "a template without the way out, or without anything, sends nothing" {
	sed -i '/{{unsubscribe_url}}/d' templates/digest.txt
	send --at 2026-01-05
	expect 77 'templates/digest.txt: error: the text has no link to leave the list; put {{unsubscribe_url}} into it [digest-leave]'
	: > templates/digest.txt
	send --at 2026-01-05
	expect 78 'templates/digest.txt:1: error: this gives an empty mail'
	[ "$(mail_count mail)" = 0 ]
}

@test "digest_every: a first edition does not wait, and what waits does not grow too old" {
	printf 'digest_every = 3\nwindow = 2d\n' >> feeds/mini/show.ini
	send --at 2026-01-01T12:00:00Z
	expect 0 2026-W01
	[ "$(mail_count mail)" = 1 ]
	send --at 2026-01-03T12:00:00Z
	expect 0 '2 of 3 new episodes are there'
	dry --at 2026-01-04T12:00:00Z
	[ "$(numbers)" = '4 3 2 ' ]
}

@test "two shows of a network may have one guid" {
	cp -r feeds/mini feeds/maxi
	sed -i 's/The Mini Show/The Maxi Show/; s/mini\.example/maxi.example/; s/^guid.*/guid = 917393e3-1b1e-5cef-ace4-edaa54e1f810/' feeds/maxi/show.ini
	echo 'digest_show = maxi' >> feeds/mini/show.ini
	for show in mini maxi; do sed -i 's/^number: 4/number: 4\nguid: same/' feeds/$show/episodes/004*; done
	send --show mini --episode 4 --at 2026-01-05
	dry --show mini --episode maxi:4 --at 2026-01-05
	expect 0 'Episode  maxi:4'
	echo 'digest_show = maxi' >> feeds/mini/show.ini
	dry --show mini --at 2026-01-05
	expect 78 'digest_show: `maxi` is named already'
}

@test "notes about templates are sent, with a warning" {
	printf '\nWrite `{{show.title}}` there.\n' >> feeds/mini/episodes/004*
	send --episode 4 --at 2026-01-05
	expect 0 'warning: `{{show.title}}` stands in the'
	[ "$(mail_count mail)" = 1 ]
}

@test "--until: a day on which clocks are set counts to its end" {
	sed -i '1s/^/timezone = Europe\/Berlin\n/' feeds/mini/show.ini
	cp feeds/mini/media/1.mp3 feeds/mini/media/7.mp3
	cp feeds/mini/media/1.mp3 feeds/mini/media/8.mp3
	site_episode 7 2026-10-25T23:30:00+01:00 7.mp3
	site_episode 8 2026-10-26T00:30:00+01:00 8.mp3
	dry --since 2026-10-25 --until 2026-10-25 --at 2026-10-27
	[ "$(numbers)" = '7 ' ]
	for n in 7 8; do rm feeds/mini/episodes/00$n*; done
	site_episode 7 2026-03-29T23:30:00+02:00 7.mp3
	site_episode 8 2026-03-30T00:30:00+02:00 8.mp3
	dry --since 2026-03-29 --until 2026-03-29 --at 2026-04-02
	[ "$(numbers)" = '7 ' ]
}
