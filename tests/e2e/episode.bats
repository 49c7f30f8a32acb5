#!/usr/bin/env bats
# episode show, next and table.

load site

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-02-05T10:00:00Z two.mp3 'season: 2'
	sed -i 's/^guid/timezone = Europe\/Berlin\nguid/' feeds/mini/show.ini
}

at=2026-03-01

# from FACT: where it comes from; value FACT.
from() { sed -n "s/^$1  *\\([^ ].*[^ ]\\)   *[^ ].*$/\\1/p" <<< "$output"; }
fact() { "$SHOWMILL" episode show "$1" --json | /usr/bin/python3 -c '
import json, sys
for f in json.load(sys.stdin)["facts"]:
    if f["fact"] == sys.argv[1]:
        print(f["value"], f["origin"], f["file"], f["line"], sep="|")' "$2"; }

@test "show: every fact with its place" {
	run "$SHOWMILL" episode show 1
	[ "$status" = 0 ]
	[ "${lines[0]}" = feeds/mini/episodes/001-the-1.md ]
	grep -qE '^title +line 2 +Episode number 1$' <<< "$output"
	grep -qE '^slug +name +the-1$' <<< "$output"
	grep -qE '^guid +made ' <<< "$output"
	grep -qE '^link +pattern +https://mini.example.org/001/the-1$' <<< "$output"
	grep -qE '^audio_file +made +/.*/media/one.mp3$' <<< "$output"
	grep -qE '^length +file +[0-9]+$' <<< "$output"
	grep -qE '^duration +file +[0-9:]+$' <<< "$output"
	grep -qE '^summary +the first paragraph +Ada #1:' <<< "$output"
	# The columns stand below each other.
	[ "$(sed -n '2,$p' <<< "$output" | grep -c '^[a-zA-Z_]* *[^ ]')" -gt 10 ]
	[ "$(fact 1 number)" = "1|front matter|feeds/mini/episodes/001-the-1.md|3" ]
	[ "$(fact 1 explicit)" = "false|show.ini or default|None|None" ]
	[ "$(fact 2 season)" = "2|front matter|feeds/mini/episodes/002-the-2.md|6" ]
	# Now it is known.
	[[ "$(fact 1 length)" == *"|cache|"*one.mp3* ]]
	for name in 002-the-2 002-the-2.md feeds/mini/episodes/002-the-2.md "$PWD/feeds/mini/episodes/002-the-2.md" 2; do
		[ "$(fact "$name" number)" = "2|front matter|feeds/mini/episodes/002-the-2.md|3" ]
	done
}

@test "show: on a narrow terminal no fact is cut" {
	cp feeds/mini/media/one.mp3 "feeds/mini/media/bees-and-boxes-with-a-long-name.mp3"
	site_episode 3 2026-02-05T11:00:00Z bees-and-boxes-with-a-long-name.mp3
	export COLUMNS=80
	run /usr/bin/python3 "$REPO/tests/e2e/terminal.py" -- "$SHOWMILL" episode show 3
	echo "$output"
	[[ "$output" == */bees-and-boxes-with-a-long-name.mp3* ]]
	[[ "$output" == *2026-02-05T12:00:00+01:00* || "$output" == *2026-02-05T11:00:00Z* ]]
	grep -qE 'guid +made +[0-9a-f-]{36}' <<< "$output"
	[[ "$output" != *…* ]]
}

@test "show: an episode whose audio is too young waits" {
	echo 'settle = 1h' >> feeds/mini/show.ini
	touch feeds/mini/media/one.mp3
	run "$SHOWMILL" episode show 1
	[ "$status" = 0 ]
	grep -qE '^waits +settle in show.ini +the audio was written less than 3600 seconds ago: ' <<< "$output"
	touch -d '2 hours ago' feeds/mini/media/one.mp3
	run "$SHOWMILL" episode show 1
	[[ "$output" != *waits* ]]
}

@test "show: table, heading, name, and the site's own keys" {
	printf 'unknown_keys = ignore\ntable = t.csv\n' >> feeds/mini/show.ini
	printf 'notes,published,duration\n003-x.md,2026-02-10,1:02:03\n' > feeds/mini/t.csv
	cp feeds/mini/media/one.mp3 feeds/mini/media/x.mp3
	printf -- '---\nsound: 1\npodcast_file: x.mp3\nguests:\n  - Bo Lamp\ntags: a, b\n---\n\n# From the *heading*\n' > feeds/mini/episodes/003-x.md
	[ "$(fact 3 title)" = "From the heading|heading|feeds/mini/episodes/003-x.md|9" ]
	[ "$(fact 3 number)" = "3|name|None|None" ]
	[ "$(fact 3 date)" = "2026-02-10T00:00:00+01:00|table|feeds/mini/t.csv|2" ]
	[ "$(fact 3 guests)" = "Bo Lamp|front matter|feeds/mini/episodes/003-x.md|4" ]
	[ "$(fact 3 tags)" = "a, b|front matter|feeds/mini/episodes/003-x.md|6" ]
	[[ "$(fact 3 duration)" == *"|cache|"*x.mp3* ]]
	run "$SHOWMILL" episode show 3
	[[ "$output" == *"t.csv:2: warning: duration says 3723 seconds,"* ]]
	[ "$status" = 0 ]
}

@test "show: problems of this episode alone, unknown ones, several" {
	site_episode 4 2026-02-06 nowhere.mp3
	site_episode 5 yesterday one.mp3
	run "$SHOWMILL" episode show 4
	[ "$status" = 65 ]
	[[ "$output" == *"004-the-4.md:5: error: "*"nowhere.mp3"* ]]
	[[ "$output" != *005-the-5* ]]
	run "$SHOWMILL" episode show 005-the-5.md
	[ "$status" = 65 ]
	[[ "$output" == *"005-the-5.md:4: error: "* ]]
	run "$SHOWMILL" episode show 005-the-5.md --json
	[ "$(/usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["problems"][0]["rule"])' <<< "$output")" = episode-date ]
	run "$SHOWMILL" episode show 77
	[ "$status" = 66 ]
	[[ "$output" == *"there is no episode \`77\`"* ]]
	run "$SHOWMILL" episode show 1 --show mini
	[ "$status" = 0 ]
	site_episode 6 2026-02-07 two.mp3 'season: 3'
	sed -i 's/^number: 6/number: 2\nguid: other/' feeds/mini/episodes/006-the-6.md
	run "$SHOWMILL" episode show 2
	[ "$status" = 64 ]
	[[ "$output" == *"\`2\` is several: "*006-the-6.md* ]]
	run "$SHOWMILL" episode show
	[ "$status" = 64 ]
}

@test "next: the earliest that is scheduled, in the show's zone" {
	site_episode 7 2026-07-01T10:00:00Z one.mp3
	site_episode 8 2026-06-15T22:30:00Z two.mp3
	site_episode 9 2026-03-15 two.mp3 'draft: true'
	site_episode 10 2026-03-16 two.mp3 'expires: 2026-03-16'
	run "$SHOWMILL" -q episode next --at 2026-06-12
	[ "$status" = 0 ]
	grep -qE '^mini +8  Episode number 8  2026-06-16T00:30:00\+02:00  in 3 days ' <<< "$output"
	run "$SHOWMILL" -q episode next --at 2026-06-15T22:00Z
	[[ "$output" == *"in 30 minutes"* ]]
	run "$SHOWMILL" -q episode next --at 2026-06-15T20:15Z
	[[ "$output" == *"in 2 hours"* ]]
	"$SHOWMILL" -q episode next --at 2026-06-15T22:30Z --json > next.json
	[ "$(/usr/bin/python3 -c '
import json
n = json.load(open("next.json"))
print(n["number"], n["date"], n["seconds"], n["file"])')" = "7 2026-07-01T12:00:00+02:00 1337400 feeds/mini/episodes/007-the-7.md" ]
	run "$SHOWMILL" -q episode next --at 2027-01-01
	[ "$status" = 0 ]
	[ "$output" = "nothing is scheduled" ]
	[ "$("$SHOWMILL" -q episode next --at 2027-01-01 --json)" = null ]
}

@test "table: what can be found out, and it is taken by table =" {
	rm feeds/mini/episodes/*
	printf '# One, with "quotes"\n\nText\n' > feeds/mini/episodes/1.md
	cp feeds/mini/media/one.mp3 feeds/mini/media/1.mp3
	printf 'No heading\n' > feeds/mini/episodes/2.md
	printf -- '---\ntitle: Three\ndate: 2026-01-03 10:00\naudio: two.mp3\n---\n' > feeds/mini/episodes/3.md
	"$SHOWMILL" episode table > t.csv 2> said
	[ "$(wc -l < t.csv)" = 4 ]
	[ "$(grep -c 'to be filled in' said)" = 4 ]
	grep -q '1.md: warning: `date` is to be filled in: neither' said
	grep -q '2.md: warning: `title` is to be filled in: ' said
	grep -q '2.md: warning: `audio` is to be filled in: ' said
	/usr/bin/python3 - <<'PY'
import csv
r = list(csv.DictReader(open('t.csv')))
assert list(r[0])[:4] == ['notes', 'number', 'season', 'title'], r[0]
assert (r[0]['title'], r[0]['audio'], r[0]['date']) == ('One, with "quotes"', '1.mp3', ''), r[0]
assert int(r[0]['length']) > 1000 and ':' in r[0]['duration'] and len(r[0]['guid']) == 36, r[0]
assert r[2]['date'] == '2026-01-03T10:00:00+01:00' and r[2]['audio'] == 'two.mp3', r[2]
r[0]['date'] = r[1]['date'] = '2026-01-01'
r[1].update(title='Two', audio='one.mp3')
w = csv.DictWriter(open('feeds/mini/done.csv', 'w'), r[0].keys())
w.writeheader()
w.writerows(r)
PY
	guid=$(sed -n 's/^1.md.*,\(.*\)$/\1/p' t.csv)
	echo 'table = done.csv' >> feeds/mini/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ] || { echo "$output"; false; }
	[ "$(grep -c '<item>' out/feed.xml)" = 3 ]
	grep -q "<guid isPermaLink=\"false\">$guid</guid>" out/feed.xml
	# What was filled in is found out now.
	"$SHOWMILL" episode table --out again.csv 2> said
	[ ! -s said ]
	run "$SHOWMILL" episode table --out again.csv
	[ "$status" = 73 ]
	[[ "$output" == *"again.csv: error: is there already"* ]]
}
