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

# ---- the digest ----

# seven: friends of all kinds
seven() {
	cat > seven.csv <<-'CSV'
	email,name,language,shows
	ann@example.org,Ann,,
	bea@example.org,Bea,de,
	cem@example.org,Cem,de,mini
	dan@example.org,,,maxi
	eva@example.org,Eva,de-AT,"mini,maxi"
	fay@example.org,Fay,,"mini,maxi"
	gus@example.org,Gus,en-GB,
	CSV
	sm_mini friend import -q seven.csv
}
# got FILE ...: a line for each message: to whom, in what language, which
# episodes, the subject.
got() {
	/usr/bin/python3 - "$@" <<-'PY'
	import email, email.policy, re, sys
	rows = []
	for path in sys.argv[1:]:
	    m = email.message_from_binary_file(open(path, 'rb'), policy=email.policy.default)
	    html = m.get_body(('html',)).get_content()
	    text = m.get_body(('plain',)).get_content()
	    episodes = re.findall(r'^#\d: (Episode|Large) number (\d)$', text, re.M)
	    in_html = re.findall(r'<h2[^>]*>.*?#\d: (Episode|Large) number (\d)', html)
	    assert episodes == in_html, (episodes, in_html)
	    rows.append('%s %s %s %s' % (re.sub('@.*', '', m['to'].addresses[0].addr_spec),
	        re.search(r'<html lang="([^"]*)" dir="ltr"', html)[1],
	        ','.join(a[0] + b for a, b in episodes), m['subject']))
	print('\n'.join(sorted(rows)))
	PY
}
expected='ann en E3,E2,L2 The Mini Show: 3 new episodes
bea de E3,E2,L2 The Mini Show: 3 neue Folgen
cem de E3,E2 The Mini Show: 2 neue Folgen
dan en L2 The Maxi Show #2: Large number 2
eva de E3,E2,L2 The Mini Show: 3 neue Folgen
fay en E3,E2,L2 The Mini Show: 3 new episodes
gus en E3,E2,L2 The Mini Show: 3 new episodes'
all() { sm_mini digest send --since 2026-01-02 --at $at "$@"; }

@test "each friend gets the shows and the language they asked for, once" {
	seven
	says 0 '' digest send --show mini --since 2026-01-02 --at $at --dry-run
	[[ "$output" == *'Friends  7
Variant  show maxi, for 1 friend
Variant  language de, for 2 friends
Variant  language de and show mini, for 1 friend
Relay'* ]]
	all --yes
	[ "$(got mail/new/*)" = "$expected" ]
	# The words, the dates and the name of one without any.
	show() { /usr/bin/python3 -c '
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(m.get_body((sys.argv[2],)).get_content())' "$(grep -l "^To:.*$1@" mail/new/*)" plain; }
	show cem | grep '^Hallo Cem!$'
	show cem | grep '^5. Januar 2026$'
	show cem | grep '^Abbestellen:$'
	show cem | grep '^The Mini Show · 3. Januar 2026'
	show dan | grep '^Hi friend,$'
	show dan | grep '^5 January 2026$'
	run show ann
	[[ "$output" != *Abbestellen* ]]
	says 0 'nothing new' digest send --show mini --yes --at $at
	[ "$(mail_count mail)" = 7 ]
	says 0 '2026-W02' digest status --show mini
	# The archive has the edition's own form.
	echo 'archive_url = https://mini.example.org/archive/' >> feeds/mini/show.ini
	sm_mini digest archive -q --out pages
	grep -q '3 new episodes' pages/index.html
	grep -q '<html lang="en"' pages/2026-W02.html
	grep -q 'Large number 2' pages/2026-W02.html
}

@test "a friend whose shows have no episode in it gets none, and that is said" {
	seven
	says 0 'Friends  6' digest send --show mini --episode 3 --at $at --dry-run
	[[ "$output" == *'1 friend gets none of it: no show that they chose has an episode in it'* ]]
	says 0 '1 friend gets none of it' digest preview --show mini --episode 3 --at $at
	says 0 '1 friend gets none of it' digest send --show mini --episode 3 --at $at --yes
	[ "$(mail_count mail)" = 6 ]
	[ -z "$(grep -l 'dan@example.org' mail/new/*)" ]
	# One of one show is as well all that there is.
	[ "$(got mail/new/* | grep cem)" = 'cem de E3 The Mini Show #3: Episode number 3' ]
	says 0 '6 sent' digest send --show mini --episode maxi:2 --at $at --yes
	[ "$(got $(grep -l '^Subject: The Maxi' mail/new/*) | cut -d' ' -f1 | tr '\n' ' ')" = 'ann bea dan eva fay gus ' ]
	# Nobody wants it: it waits.
	sm_mini friend add -q ann@example.org --shows maxi
	for f in bea eva fay gus; do sm_mini friend add -q $f@example.org --shows maxi; done
	sm_mini friend remove -q cem@example.org
	says 0 '6 friends get none of it' digest send --show mini --episode 2 --at $at --yes
	[[ "$output" == *'waits for one that they want'* ]]
	[ "$(mail_count mail)" = 12 ]
	[ "$(sm_mini digest status --csv | wc -l)" = 3 ]
}

@test "friends whose shows have all left the digest are told of with what to do" {
	cp -r feeds/maxi feeds/nano
	sed -i 's/The Maxi Show/The Nano Show/; s/maxi\.example/nano.example/; s/^guid.*/guid = 1c0f3a1e-6f5b-5d0a-8e57-3b0a6f5c1d22/' feeds/nano/show.ini
	echo 'digest_show = nano' >> feeds/mini/show.ini
	sm_mini friend add -q ann@example.org
	sm_mini friend add -q bea@example.org --shows nano
	sm_mini friend add -q cem@example.org --shows maxi,nano --language de
	says 0 '' digest send --show mini --since 2026-01-02 --at $at --dry-run
	[[ "$output" != *'any more'* ]]
	sed -i '/^digest_show = nano/d' feeds/mini/show.ini
	line=$(grep -n '^digest_show' feeds/mini/show.ini | cut -d: -f1)
	told="feeds/mini/show.ini:$line: warning: 1 friend chose only shows that the digest does not have any more (nano) and gets nothing, now and later: \`friend export\` shows who; \`friend import\` with"
	says 0 "$told" digest send --show mini --since 2026-01-02 --at $at --dry-run
	sed -i '/^digest_show = maxi/d' feeds/mini/show.ini
	says 0 '2 friends chose only shows that the digest does not have any more (nano maxi) and get nothing' digest send --show mini --episode 3 --at $at --dry-run
	says 0 '2 friends chose only shows that the digest does not have any more' digest send --show mini --episode 3 --at $at --yes
	[ "$(mail_count mail)" = 1 ]
	printf 'email,shows\nbea@example.org,-\ncem@example.org,mini\n' > mend.csv
	sm_mini friend import -q mend.csv
	says 0 '' digest send --show mini --episode 2 --at $at --yes
	[[ "$output" != *'any more'* ]]
	[ "$(mail_count mail)" = 4 ]
}

@test "status says which variant each friend has" {
	sm_mini friend add -q ann@example.org
	all --yes -q
	says 0 '' digest status --show mini 2026-W02
	[ "${lines[0]}" = 'ADDRESS          STATE  ATTEMPTS  CODE  ANSWER' ]
	sm_mini friend add -q bea@example.org --language de --shows mini
	sm_mini friend add -q cem@example.org --language en
	sm_mini digest send -q --yes --episode 1 --episode maxi:1 --at $at --again
	says 0 '' digest status --show mini 2026-W02-2
	[[ "${lines[0]}" = 'ADDRESS          LANGUAGE  SHOWS  STATE  ATTEMPTS  CODE  ANSWER' ]]
	[[ "${lines[1]}" = 'ann@example.org                   sent '* ]]
	[[ "${lines[3]}" = 'bea@example.org  de        mini   sent '* ]]
	# Where any has a variant, there are the columns.
	says 0 '' digest status --show mini --sent
	[[ "${lines[0]}" = 'EDITION     ADDRESS          LANGUAGE  SHOWS  STATE '* ]]
	[ "$(sm_mini digest status 2026-W02-2 --csv | cut -d, -f1,9,10 | tr '\n' ' ')" = 'address,language,shows ann@example.org,, cem@example.org,, bea@example.org,de,mini ' ]
	sm_mini digest status 2026-W02-2 --json | /usr/bin/python3 -c '
import json, sys
assert [(d["language"], d["shows"], d["due"]) for d in json.load(sys.stdin)] == [("", "", None), ("", "", None), ("de", "mini", None)]'
}

@test "status says who waits for their time of day" {
	echo 'send_at = 09:00 local' >> feeds/mini/show.ini
	sm_mini friend add -q ann@example.org --zone Asia/Tokyo
	sm_mini friend add -q bea@example.org --zone America/Lima
	# It is nine by one of these clocks at the most.
	sm_mini digest send -q --yes --episode 3
	name=$(sm_mini digest status --csv | sed -n 2p | cut -d, -f1)
	/usr/bin/python3 -c '
import json, re, subprocess, sys
def out(*words):
    return subprocess.run([sys.argv[1], "digest", "status", "--show", "mini", *words], capture_output=True, text=True, check=True).stdout
name = sys.argv[2]
rows = json.loads(out(name, "--json"))
wait = sorted(r["due"] for r in rows if r["state"] == "pending")
assert wait and all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", t) for t in wait), rows
(edition,) = json.loads(out("--json"))
assert (edition["later"], edition["next_due"]) == (len(wait), wait[0]), edition
n = "1 friend gets" if len(wait) == 1 else "2 friends get"
line = f"{name}: {n} it later, the first at {wait[0]}\n"
assert out().endswith("\n" + line), out()
assert out(name).endswith("\n" + line), out(name)
assert "it later" not in out(name, "--sent") + out("--csv")
' "$SHOWMILL" "$name"
	# When it has come, they are no more who wait for it.
	/usr/bin/python3 -c 'import sqlite3; d = sqlite3.connect("ledger.db"); d.execute("update deliveries set due = 1 where due > 0"); d.commit()'
	sm_mini digest status --json | /usr/bin/python3 -c '
import json, sys
(e,) = json.load(sys.stdin)
assert e["later"] == 0 and e["next_due"] is None and e["waiting"] > 0, e'
	says 0 '' digest status --show mini
	[[ "$output" != *'time of day'* ]]
}

@test "a show in another language: who asked for that gets the show's own" {
	sed -i '/^language/d' feeds/mini/show.ini
	echo 'language = de' >> feeds/mini/show.ini
	seven
	all --yes -q
	[ "$(got mail/new/* | cut -d' ' -f1,2 | tr '\n' ' ')" = 'ann de bea de cem de dan de eva de fay de gus en ' ]
	says 0 '' digest status --show mini
}

@test "a language that is written from right to left" {
	cp templates/words/de.ini templates/words/ar.ini
	sm_mini friend add -q ann@example.org
	sm_mini friend add -q bea@example.org --language ar-EG
	all --yes -q
	grep -l '^To:.*bea@' mail/new/* | xargs grep -l '<html lang=3D"ar" dir=3D"rtl">'
	grep -l '^To:.*ann@' mail/new/* | xargs grep -l '<html lang=3D"en" dir=3D"ltr">'
	# What is written by people stays in their language and direction, also in
	# a show of another one.
	sed -i '/^language/d' feeds/maxi/show.ini
	echo 'language = fa' >> feeds/maxi/show.ini
	for t in . compact; do
		rm -rf look
		sm_mini digest preview -q --again --episode 3 --episode maxi:1 --language ar --at $at --out look
		/usr/bin/python3 -c '
import re
html = open("look/digest.html").read()
assert re.search("<table class=\"frame\"[^>]* lang=\"ar\" dir=\"rtl\"", html)
assert re.search("<h1 lang=\"en\" dir=\"ltr\"", html)
assert re.findall("<h2 lang=\"(..)\" dir=\"(...)\"", html) == [("en", "ltr"), ("fa", "rtl")]
notes = re.findall("<div class=\"notes\" lang=\"(..)\" dir=\"(...)\" style=\"[^\"]*text-align: (\w+)", html)
assert notes == ([("en", "ltr", "left"), ("fa", "rtl", "right")] if "notes" in html else []), notes'
		grep -q '<figure dir="rtl">' look/preview.html
		echo 'digest_template = compact' >> feeds/mini/show.ini
	done
}

@test "what is written by hand stays as it is; a language loses its words" {
	mkdir -p feeds/mini/editions
	printf -- '---\nsubject: By hand\n---\n\nWe were **away**.\n' > feeds/mini/editions/2026-W02.md
	seven
	cp templates/words/de.ini templates/words/nb.ini
	sm_mini friend add -q hal@example.org --language nb
	rm templates/words/nb.ini
	all --yes 2> told
	grep 'warning: 1 friend has asked for the language `nb`, of which showmill has no words any more' told
	[ "$(grep -h '^Subject: ' mail/new/* | sort -u)" = $'Subject: By hand\r' ]
	[ "$(grep -l 'We were away' mail/new/* | wc -l)" = 8 ]
	[ "$(got mail/new/* | grep hal)" = 'hal en E3,E2,L2 By hand' ]
}

@test "the preview and a trial copy are what that friend gets" {
	seven
	preview() { rm -rf look; sm_mini digest preview --since 2026-01-02 --at $at --out look "$@"; }
	preview --to cem@example.org > told
	grep '^2026-W02: "The Mini Show: 2 neue Folgen", 2 episodes of The Mini Show, for language de and show mini$' told
	[ "$(got look/digest.eml)" = "$(grep ^cem <<< "$expected")" ]
	cp look/digest.txt before.txt
	preview --to cem@example.org --shows -
	[ "$(got look/digest.eml)" = 'cem de E3,E2,L2 The Mini Show: 3 neue Folgen' ]
	preview --language sv --shows maxi
	[ "$(got look/digest.eml)" = 'robin sv L2 The Maxi Show #2: Large number 2' ]
	preview --episode 3 --to dan@example.org 2> told
	grep 'has nothing of the shows that are asked for; this is the edition itself' told
	says 64 '`nano` is no show of this digest' digest preview --show mini --shows nano
	says 64 'friends get what they asked for' digest send --show mini --language de

	# A trial copy, and then the edition as it was frozen.
	all --to cem@example.org | grep '^a trial copy of 2026-W02 (language de and show mini) went to cem'
	all --to x@example.org --language fr -q
	[ "$(got mail/new/* | cut -d' ' -f1-3)" = $'cem de E3,E2\nx fr E3,E2,L2' ]
	rm -r mail
	to_nowhere
	run sm_mini digest send --since 2026-01-02 --at $at --yes
	relay maildir:mail
	sm_mini friend add -q cem@example.org --language - --shows -
	run sm_mini digest preview --at $at --out look --to cem@example.org
	[ "$status" = 0 ]
	[[ "$output" == *'2026-W02: "The Mini Show: 2 neue Folgen", for language de and show mini' ]]
	# The key of its token is the ledger's own by now.
	diff <(sed 's/1\.preview\.[^ ]*/TOKEN/' before.txt) <(sed 's/1\.l1\.[^ ]*/TOKEN/' look/digest.txt)
	run sm_mini digest preview --at $at --out look --language de
	[ "$(got look/digest.eml)" = 'robin de E3,E2,L2 The Mini Show: 3 neue Folgen' ]
	says 65 '2026-W02 is frozen, and none of its friends had asked for language sv' digest preview --show mini --at $at --language sv
	sm_mini digest send --at $at --to cem@example.org -q
	[ "$(got mail/new/*)" = "$(grep ^cem <<< "$expected")" ]
	# One that is damaged is for nobody; the edition itself is not.
	/usr/bin/python3 -c 'import sqlite3; c = sqlite3.connect("ledger.db"); c.execute("UPDATE variants SET text = text || 0"); c.commit()'
	for to in "digest send --to cem@example.org" "digest preview --out look --to cem@example.org"; do
		run sm_mini $to --at $at
		echo "$output"
		[ "$status" = 74 ]
		[[ "$output" == *"the message of 2026-W02 in it is not what was frozen"* ]]
	done
	sm_mini digest preview --at $at --out look --to robin@example.org
}

@test "sent again: the same bytes, whatever they ask for since" {
	seven
	all --yes -q
	first=$(grep -l '^To:.*cem@' mail/new/*)
	cp "$first" first.eml
	rm -r mail
	sm_mini friend add -q cem@example.org --language fr --shows maxi
	rm feeds/mini/episodes/002* templates/words/de.ini
	sm_mini digest resend --friend cem@example.org --yes -q
	cmp first.eml mail/new/*
}

@test "a variant is looked through and has to be right, too" {
	seven
	sed -i 's/^leave = .*/leave = Abbestellen <b>{friend.nome}/' templates/words/de.ini
	says 78 'templates/words/de.ini:' digest send --show mini --since 2026-01-02 --at $at --yes
	cp "$REPO/templates/words/de.ini" templates/words/
	# An error of one variant alone, and told once for the two that have it.
	sed -i 's#</body>#<p>{{{words.my_own}}}</p></body>#' templates/digest.html
	for f in templates/words/*.ini; do echo 'my_own = fine' >> $f; done
	sed -i 's|^my_own.*|my_own = <script>1</script>|' templates/words/de.ini
	run all --yes
	echo "$output"
	[ "$status" = 77 ]
	[[ "$output" == *'the variant for language de: '* ]]
	[ "$(grep -c 'error: .*the variant for' <<< "$output")" = 1 ]
	[ "$(mail_count mail)" = 0 ]
	says 77 'the variant for language de: ' digest preview --show mini --since 2026-01-02 --at $at
}

@test "more variants than an edition may have" {
	# Each of 101 languages has words of its own.
	{
		echo email,language
		n=0
		for a in a b c d e f g h i j k; do
			for b in a b c d e f g h i j; do
				n=$((n + 1))
				[ $n -le 101 ] || continue
				cp templates/words/de.ini templates/words/q$a$b.ini
				echo "f$n@example.org,q$a$b"
			done
		done
	} > many.csv
	sm_mini friend import -q many.csv
	says 65 'come to 101 variants of 2026-W02, and it may have 100; `friend export` shows who asked for what' digest send --show mini --since 2026-01-02 --at $at --yes
	[ "$(mail_count mail)" = 0 ]
	sm_mini friend remove -q f7@example.org
	all --yes -q
	[ "$(got mail/new/* | cut -d' ' -f1,2 | sort -u | wc -l)" = 100 ]
	[ "$(mail_count mail)" = 100 ]
}

@test "a run that is killed goes on with the variants" {
	seven
	cp ledger.db fresh.db
	for moment in 'before 9' 'after 14' 'before 20' 'after 26'; do
		rm -rf ledger.db* "$BATS_TEST_TMPDIR/sink"
		cp fresh.db ledger.db
		sink_start "pidfile $SITE/pid
kill $moment"
		to_sink
		bash -c 'echo $$ > pid; exec "$0" -q digest send --show mini --since 2026-01-02 --yes --at 2026-01-05' "$SHOWMILL" 3>&- &
		wait $! 2>/dev/null && code=0 || code=$?
		[ "$code" = 137 ]
		run sm_mini digest send --yes --at $at
		if [ "$status" = 75 ]; then sm_mini digest resend --unknown --yes -q; fi
		sink_stop
		cut -f 4 "$SINK_DIR/log.tsv" | sort -u > whom
		[ "$(wc -l < whom)" = 7 ]
		[ "$(got "$SINK_DIR"/*.eml | sort -u)" = "$expected" ]
	done
}
