#!/usr/bin/env bats
# The sample show and the demo: what everybody sees first.

load site

at=2026-11-24T12:00:00Z

setup() {
	site_sample
}

@test "sample: no warning, and each value of the feeds is that of the notes and files" {
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" != *warning* ]]
	run /usr/bin/python3 "$REPO/tests/e2e/sample_equal.py" "$show" ${at/Z/+00:00} out/feed.xml out/atom.xml
	echo "$output"
	[ "$status" != 77 ] || skip "python3-feedparser is not installed"
	[ "$status" = 0 ]
}

@test "sample: the Atom feed is valid" {
	[ -e "$SHARED/schemas/atom-rfc4287.rng" ] || skip "../shared is not there"
	command -v xmllint >/dev/null || skip "xmllint is not installed"
	"$SHOWMILL" -q feed build --at $at --out out
	xmllint --noout --relaxng "$SHARED/schemas/atom-rfc4287.rng" out/atom.xml
}

@test "sample: the JSON Feed says what the RSS feed says, and is valid" {
	"$SHOWMILL" -q feed build --at $at --out out
	schema=$SHARED/schemas/schema-v1.1.json
	[ -e "$schema" ] || schema=
	run /usr/bin/python3 "$REPO/tests/e2e/json_equal.py" out/feed.xml out/feed.json ${schema:+"$schema"}
	echo "$output"
	[ "$status" != 77 ] || skip "python3-jsonschema is not installed"
	[ "$status" = 0 ]
}

@test "sample: it has a draft, one to come, CBR and VBR, and one on a web server" {
	run "$SHOWMILL" episode list --at $at
	[ "$status" = 0 ]
	[[ "$output" == *draft* && "$output" == *scheduled* ]]
	[ "$(grep -l '^audio: https://' "$show"episodes/*.md | wc -l)" = 1 ]
	# VBR has a Xing header, CBR has none (or one that says Info).
	[ "$(grep -la Xing "$show"audio/*.mp3 | wc -l)" -gt 0 ]
	[ "$(grep -La Xing "$show"audio/*.mp3 | wc -l)" -gt 0 ]
}

@test "sample: each episode makes a digest without debris in its text" {
	for n in 1 2 3 4 5 6 7 8 9 10 12; do
		"$SHOWMILL" -q digest preview --episode $n --at $at --out look >/dev/null
		run grep -nE '\]\(|\*\*|\{\{|</?(p|li|ul|a|strong)\b' look/digest.txt
		[ "$status" = 1 ] || { echo "episode $n: $output"; return 1; }
		[ "$(wc -c < look/digest.html)" -lt 102000 ]
	done
}

@test "demo: feeds, a preview and three messages" {
	[ -x "$BUILD/tests/mail_sink" ] || skip "the mail sink is not built"
	cp -r "$REPO/tests" .
	run env BUILD="$BUILD" tests/tools/demo
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *build/demo/feeds/feed.xml* && "$output" == *build/demo/mail/000003.eml* ]]
	grep -q '^Subject: Cron & Kettle #10' build/demo/mail/000001.eml
}
