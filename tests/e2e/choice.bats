#!/usr/bin/env bats
# What friends ask for, a language and some of the shows, and what each of them
# gets for it: a network of the shows mini and maxi, and the list of mini.

load site
load peers

setup() {
	site_make
	for n in 1 2 3; do
		cp "$REPO/tests/e2e/fixtures/cbr.mp3" feeds/mini/media/$n.mp3
		site_episode $n "2026-01-0${n}T10:00:00Z" $n.mp3
	done
	cp -r feeds/mini feeds/maxi
	rm feeds/maxi/episodes/*3*
	sed -i 's/Episode number/Large number/' feeds/maxi/episodes/*
	sed -i 's/The Mini Show/The Maxi Show/; s/mini\.example/maxi.example/; s/^guid.*/guid = 917393e3-1b1e-5cef-ace4-edaa54e1f810/' feeds/maxi/show.ini
	echo 'digest_show = maxi' >> feeds/mini/show.ini
}
teardown() { peers_stop; }

at=2026-01-05
sm() { "$SHOWMILL" "$@"; }
# sm_mini WORD WORD ...: of the list of mini
sm_mini() { local a=$1 b=$2; shift 2; "$SHOWMILL" $a $b --show mini "$@"; }
# says STATUS TEXT COMMAND...
says() {
	local status_wanted=$1 text=$2

	shift 2
	run "$SHOWMILL" "$@"
	echo "$status: $output"
	[ "$status" = "$status_wanted" ] && [[ "$output" == *"$text"* ]]
}
# row ADDRESS: what the list has of them
row() { sm_mini friend export | grep "^$1," | cut -d, -f3-5; }

# ---- the list ----

@test "friend add: language, shows and zone, changed one by one and reset" {
	says 0 'ann@example.org is on the list now' friend add --show mini ann@example.org --language de-AT --shows maxi,mini --zone Europe/Vienna
	[ "$(row ann@example.org)" = 'de-AT,mini maxi,Europe/Vienna' ]
	says 0 'was on the list already' friend add --show mini ann@example.org
	says 0 'was on the list; what they ask for is new' friend add --show mini ann@example.org --shows maxi
	[ "$(row ann@example.org)" = 'de-AT,maxi,Europe/Vienna' ]
	says 0 'what they ask for is new' friend add --show mini ann@example.org --language - --zone -
	[ "$(row ann@example.org)" = ',maxi,' ]
	says 0 '' friend list --show mini
	[ "${lines[0]}" = 'ADDRESS          NAME  LANGUAGE  SHOWS  ZONE  JOINED                LEFT' ]
	[ "$(sm_mini friend list --json | /usr/bin/python3 -c '
import json, sys
f = json.load(sys.stdin)[0]
print(f["language"], f["shows"], f["zone"], sep="|")')" = '|maxi|' ]
	# Where nobody asks for anything, the table is what it was.
	sm_mini friend add -q ann@example.org --shows -
	says 0 '' friend list --show mini
	[ "${lines[0]}" = 'ADDRESS          NAME  JOINED                LEFT' ]
}

@test "friend add: what is none is refused" {
	says 64 '`de_DE` is no language tag (RFC 5646) such as de or pt-BR' friend add --show mini a@example.org --language de_DE
	says 64 'showmill has no words of the language `nb`; ' friend add --show mini a@example.org --language nb
	[[ "$output" == *'templates/words/nb.ini can give them'* ]]
	says 64 '`mino` is no show of this digest; it has `mini`, `maxi` (`digest_show` in feeds/mini/show.ini)' friend add --show mini a@example.org --shows mini,mino
	# The list of maxi has no more than that.
	says 64 '`mini` is no show of this digest; it has `maxi`' friend add --show maxi a@example.org --shows mini
	for zone in Europe/Nowhere +02:00 ../../etc/passwd zone.tab ' '; do
		says 64 'is no time zone that this system knows; use a name such as Europe/Berlin' friend add --show mini a@example.org --zone "$zone"
	done
	[ -z "$(sm_mini friend list)" ]
	# One's own words make a language.
	cp templates/words/sv.ini templates/words/nb.ini
	says 0 '' friend add --show mini a@example.org --language nb-NO
}

@test "friend import: a value is taken, none changes nothing, - resets" {
	cat > one.csv <<-'CSV'
	email,name,language,shows,zone
	a@example.org,Ann,de,mini,Europe/Berlin
	b@example.org,Bob,,"maxi, mini",
	c@example.org,Cleo,,,
	CSV
	says 0 '3 added' friend import --show mini one.csv
	[ "$(row a@example.org)" = 'de,mini,Europe/Berlin' ]
	[ "$(row b@example.org)" = ',mini maxi,' ]
	[[ "$output" != *passed* ]]
	cat > two.csv <<-'CSV'
	email,language,shows,zone
	a@example.org,,-,
	b@example.org,sv,,
	c@example.org,,-,-
	CSV
	says 0 '0 added, 0 renamed, 3 known, 0 rejoined, 0 have left' friend import --show mini two.csv
	[[ "$output" == *'2 of the known with another language, other shows or another zone than before'* ]]
	[ "$(row a@example.org)" = 'de,,Europe/Berlin' ]
	[ "$(row b@example.org)" = 'sv,mini maxi,' ]
	[ "$(row c@example.org)" = ',,' ]
	# What is exported is what is imported.
	sm_mini friend export > all.csv
	rm ledger.db*
	sm_mini friend import -q all.csv
	sm_mini friend export | diff all.csv -
}

@test "friend import: each wrong choice is told with its line, and nobody is added" {
	cat > bad.csv <<-'CSV'
	email,language,shows,zone
	a@example.org,de,mini,Europe/Berlin
	b@example.org,German,,
	c@example.org,nb,,
	d@example.org,,nano,
	e@example.org,,,Mars/Olympus
	CSV
	says 65 'bad.csv:3: error: `German` is no language tag' friend import --show mini bad.csv
	[[ "$output" == *'bad.csv:4: error: showmill has no words of the language `nb`'* ]]
	[[ "$output" == *'bad.csv:5: error: `nano` is no show of this digest; it has `mini`, `maxi`'* ]]
	[[ "$output" == *'bad.csv:6: error: `Mars/Olympus` is no time zone'* ]]
	[[ "$output" == *'4 wrong rows; nobody was added'* ]]
	[ -z "$(sm_mini friend list)" ]
	says 65 '1 added' friend import --show mini --keep-going bad.csv
}
