#!/usr/bin/env bats
# What a person does about an edition by hand: looking at it before it goes,
# dropping it, saying what became of it, seeing how it stands.

load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
}
teardown() { peers_stop; }

at=2026-01-14

said() { grep -q "$1" "$SINK_DIR/dialog.log"; }
# An edition that waits for everybody; then a word is changed in the notes.
frozen_and_changed() {
	friends 3
	to_nowhere
	run send --at $at
	[ "$status" = 75 ]
	relay maildir:mail
	sed -i 's/a bullet/a CORRECTED bullet/' feeds/mini/episodes/002-*
}
# unknown N: of N friends the first one's delivery is unknown, the others' sent.
unknown() {
	friends "$1"
	# Greeting, EHLO, MAIL, RCPT, DATA, and then none.
	sink_start 'drop before 6'
	to_sink
	run send -q --at $at
	[ "$status" = 75 ]
	sink_stop
	relay maildir:mail
}

# ---- an unfinished edition is shown as it goes out ----

@test "hints name the show and the config file where they are needed" {
	mkdir -p feeds/maxi/episodes
	sed 's/Mini Show/Maxi Show/; s/mini.example/maxi.example/g; /^guid\|^list/d' feeds/mini/show.ini >feeds/maxi/show.ini
	mkdir "my conf"
	sed 's#^shows = .*#shows = ../feeds/*/show.ini#' config.ini >"my conf/c.ini"
	echo 'ledger = ../ledger.db' >>"my conf/c.ini"
	"$SHOWMILL" -q friend add --show mini friend1@example.net
	sed -i 's#^relay = .*#relay = smtp://127.0.0.1:9#' config.ini "my conf/c.ini"
	run "$SHOWMILL" digest send --yes --show mini --at $at
	echo "$output"
	[[ "$output" == *"; \`digest status 2026-W03 --show mini\` tells who"* ]]
	run "$SHOWMILL" digest send --yes --show mini --at $at -c "my conf/c.ini"
	echo "$output"
	[[ "$output" == *"\`digest status 2026-W03 --show mini -c 'my conf/c.ini'\` tells who"* ]]
	run "$SHOWMILL" digest status
	[ "$status" = 64 ]
	[[ "$output" == *"has 2 shows; say which one with --show SLUG (maxi, mini)"* ]]
	run "$SHOWMILL" digest status --show hafn
	[ "$status" = 64 ]
	[[ "$output" == *"has no show \`hafn\`; it has maxi, mini"* ]]
}

@test "a config file of another name is named when it cannot be used" {
	echo 'htp = 3' >my.ini
	run "$SHOWMILL" digest send --yes -c my.ini
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *"my.ini cannot be used; nothing was done"* ]]
	[[ "$output" != *"config.ini"* ]]
	run "$SHOWMILL" digest send --yes -c nowhere.ini
	echo "$output"
	[[ "$output" == *"nowhere.ini cannot be used; nothing was done"* ]]
	cp my.ini config.ini
	run "$SHOWMILL" digest send --yes
	[ "$status" = 78 ]
	[[ "$output" == *"config.ini cannot be used; nothing was done"* ]]
}

@test "a ledger that is not there is named, and no run that sends makes it" {
	friends 1
	echo 'ledger = leger.db' >>config.ini
	for c in "digest send --yes" "digest send --dry-run"; do
		run "$SHOWMILL" $c --at $at
		echo "$output"
		[ "$status" = 65 ]
		[[ "$output" == *"config.ini:3: error: there is no ledger leger.db, and so no friend"* ]]
	done
	run "$SHOWMILL" digest status
	[[ "$output" == *"there is no ledger leger.db"* ]]
	run "$SHOWMILL" digest status 2026-W03
	[[ "$output" == *"there is no ledger leger.db"* ]]
	"$SHOWMILL" friend list
	[ -z "$(ls leger*)" ]
	"$SHOWMILL" friend add ann@example.org
	"$SHOWMILL" friend remove ann@example.org
	run send --at $at
	[ "$status" = 65 ]
	[[ "$output" == *"has no friends yet (in the ledger leger.db)"* ]]
}

@test "a ledger that cannot grow: who is in hand waits, or is unknown" {
	friends 99
	to_nowhere
	run send --at $at
	sink_start
	to_sink
	run bash -c "trap '' XFSZ; ulimit -f 60; \"\$0\" digest send --yes -q --at $at" "$SHOWMILL"
	echo "$output"
	[ "$status" != 0 ]
	[[ "$output" =~ "2026-W03: "(([0-9]+)" unknown, ")?([0-9]+)" waiting" ]]
	waits=${BASH_REMATCH[3]} unknown=${BASH_REMATCH[2]:-0}
	sent=$("$SHOWMILL" digest status 2026-W03 --json | /usr/bin/python3 -c 'import json, sys; print(sum(d["state"] == "sent" for d in json.load(sys.stdin)))')
	[ "$sent" -gt 0 ]
	[ $((waits + unknown + sent)) = 99 ]
}

@test "a canary who is no friend is told; without any nothing is frozen" {
	friends 2
	"$SHOWMILL" -q friend remove friend2@example.net
	printf 'canary = %s\n' friend1@example.net who@example.org friend2@example.net >>feeds/mini/show.ini
	line=$(grep -n canary feeds/mini/show.ini | head -n 1)
	line=${line%%:*}
	for c in --dry-run --yes; do
		run "$SHOWMILL" digest send $c --at $at
		echo "$output"
		[ "$status" = 0 ]
		[[ "$output" == *"show.ini:$((line + 1)): warning: the canary \`who@example.org\` is not on the list;"* ]]
		[[ "$output" == *"show.ini:$((line + 2)): warning: the canary \`friend2@example.net\` has left the list; \`friend add --rejoin\`"* ]]
	done
	sed -i '/^canary = friend1/d' feeds/mini/show.ini
	site_episode 9 2026-01-13T10:00:00Z two.mp3
	for c in --dry-run --yes; do
		run "$SHOWMILL" digest send $c --at $at
		echo "$output"
		[ "$status" = 65 ]
		[[ "$output" == *"show.ini:$line: error: none of the canaries is on the list"* ]]
	done
	run "$SHOWMILL" digest status
	[[ "$output" != *2026-W03-2* ]]
}

@test "preview, --dry-run and --to take the unfinished edition, as it was frozen" {
	frozen_and_changed
	run "$SHOWMILL" digest preview --at $at --out look --to friend2@example.net
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03 is not finished and goes out as it was frozen"* ]]
	[[ "$output" == *'2026-W03: "'*', 1 episode of The Mini Show'* ]]
	grep -q 'a bullet' look/digest.txt
	grep -q 'a bullet' look/digest.html
	if grep -q CORRECTED look/*; then return 1; fi
	run "$SHOWMILL" digest send --to me@example.org --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"a trial copy of 2026-W03 went to me@example.org"* ]]
	[ "$(mail_count mail)" = 1 ]
	if grep -q CORRECTED mail/new/*; then return 1; fi
	grep -q 'Message-ID: <2026-W03\.mini\.trial-' mail/new/*
	rm -r mail
	run "$SHOWMILL" digest send --dry-run --at $at
	[[ "$output" == *"Edition  2026-W03"*"Episode  2 \`Episode number 2\`"*"goes out as it was frozen"* ]]
	# It is what is sent, byte for byte.
	send -q --at $at
	[ "$(mail_count mail)" = 3 ]
	cmp look/digest.eml "$(grep -l '^To:.*friend2@' mail/new/*)"
}

@test "an unfinished edition needs no episode to be shown; one asked for is shown" {
	frozen_and_changed
	printf -- '---\ntitle: [x\n---\n' > feeds/mini/episodes/009-x.md
	run "$SHOWMILL" digest preview --at $at --out look
	echo "$output"
	[ "$status" = 0 ]
	rm feeds/mini/episodes/009-x.md
	run "$SHOWMILL" digest preview --at $at --out look --episode 2 --again
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03 is not finished; "*'2026-W03-2: "'* ]]
	grep -q CORRECTED look/digest.txt
}

@test "preview --to: a friend by name, a stranger is told" {
	friends 1
	run "$SHOWMILL" digest preview --at $at --out look --to FRIEND1@example.net
	[ "$status" = 0 ]
	[[ "$output" != *"not on the list"* ]]
	grep -q '^Hi Friend 1,' look/digest.txt
	run "$SHOWMILL" digest preview --at $at --out look --to nobody@example.net
	[ "$status" = 0 ]
	[[ "$output" == *"nobody@example.net is not on the list \`mini\`"* ]]
	"$SHOWMILL" -q friend remove friend1@example.net
	run "$SHOWMILL" digest preview --at $at --out look --to friend1@example.net
	[[ "$output" == *"friend1@example.net has left the list"* ]]
	run "$SHOWMILL" digest preview --at $at --out look
	[[ "$output" != *"on the list"* ]]
}

# ---- discard ----

@test "discard asks, drops the edition, and the next send freezes anew" {
	need_terminal
	frozen_and_changed
	run answer 'n\n' -- "$SHOWMILL" digest discard
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"Edition  2026-W03"*"Episode  2 "*"Discard it? [y/N]"*"2026-W03: nothing was discarded"* ]]
	run "$SHOWMILL" digest discard < /dev/null
	[ "$status" = 64 ]
	[[ "$("$SHOWMILL" digest status)" == *2026-W03* ]]
	run answer 'y\n' -- "$SHOWMILL" digest discard
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03 is discarded"* ]]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
	run "$SHOWMILL" digest discard --yes
	[ "$status" = 64 ]
	[[ "$output" == *"no edition that is unfinished"* ]]
	run send --at $at
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03: 3 sent"* ]]
	[ "$(grep -l CORRECTED mail/new/* | wc -l)" = 3 ]
	[ "$(/usr/bin/python3 -c 'import sqlite3; print(*sqlite3.connect("ledger.db").execute("select count(*), count(distinct edition) from deliveries").fetchone())')" = "3 1" ]
}

@test "discard refuses what went out, may have gone, or was sent again" {
	unknown 1
	run "$SHOWMILL" digest discard --yes 2026-W03
	echo "$output"
	[ "$status" = 77 ]
	[[ "$output" == *"2026-W03 went to 1 friend, or may have gone to them"* ]]
	# Told to have failed, it may go; told to be sent, not.
	"$SHOWMILL" -q digest settle --unknown --failed
	cp ledger.db failed.db
	run "$SHOWMILL" digest discard --yes 2026-W03
	[ "$status" = 0 ]
	cp failed.db ledger.db
	"$SHOWMILL" -q digest resend --failed --yes
	run "$SHOWMILL" digest discard --yes 2026-W03
	[ "$status" = 77 ]
	# Sent once, asked for again, and the relay is gone: it waits, and went.
	to_nowhere
	run "$SHOWMILL" digest resend --friend friend1@example.net --yes
	[ "$status" = 75 ]
	run "$SHOWMILL" digest discard --yes
	[ "$status" = 77 ]
	run "$SHOWMILL" digest discard --yes 2026-W09
	[ "$status" = 64 ]
}

# ---- settle ----

@test "settle says what became of unknown deliveries, and ends the nagging" {
	unknown 3
	run send -q --at $at
	[ "$status" = 75 ]
	run "$SHOWMILL" digest settle --unknown --sent
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "2026-W03: 1 unknown delivery is now sent
2026-W03: 3 sent" ]
	[[ "$("$SHOWMILL" digest status --sent 2026-W03)" == *"as told by hand; before: "* ]]
	run send -q --at 2026-01-20
	[ "$status" = 0 ]
	[ -z "$output" ]
	run "$SHOWMILL" digest settle --unknown --failed 2026-W03
	[ "$status" = 0 ]
	[[ "$output" == "2026-W03: no delivery is unknown"* ]]
}

@test "settle of one friend; failed ones can be sent again" {
	unknown 2
	run "$SHOWMILL" digest settle --friend friend2@example.net --failed
	echo "$output"
	[ "$status" = 77 ]
	[[ "$output" == *"the delivery of 2026-W03 to friend2@example.net is sent; only what is unknown can be settled"* ]]
	# Also of one who has left since: or it would nag for ever.
	"$SHOWMILL" -q friend remove friend1@example.net
	"$SHOWMILL" -q digest settle --friend Friend1@example.net --failed 2026-W03
	[[ "$("$SHOWMILL" digest status --failed)" == *2026-W03*friend1@* ]]
	run send -q --at $at
	[ "$status" = 0 ]
	"$SHOWMILL" -q friend add friend1@example.net --rejoin
	[ "$(mail_count mail)" = 0 ]
	"$SHOWMILL" -q digest resend --failed --yes
	[ "$(mail_count mail)" = 1 ]
	for wrong in "--unknown" "--sent" "--unknown --sent --failed" "--unknown --friend a@example.org --sent" "--friend a --sent"; do
		run "$SHOWMILL" digest settle $wrong
		echo "$wrong: $output"
		[ "$status" = 64 ]
	done
	run "$SHOWMILL" digest settle --friend other@example.net --sent
	[ "$status" = 65 ]
}

# ---- resend ----

@test "resend tells what it did, and then how the edition stands" {
	friends 3
	send -q --at $at
	run "$SHOWMILL" digest resend --friend friend2@example.net --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03: sent again to 1 friend
2026-W03: 3 sent" ]]
	sink_start 'on rcpt friend1@* 550 5.1.1 no
on rcpt times=1 friend3@* 550 5.1.1 no'
	to_sink
	"$SHOWMILL" -q digest send --episode 1 --yes --at $at || [ $? = 75 ]
	run "$SHOWMILL" digest resend --failed --yes
	echo "$output"
	[[ "$output" == *"2026-W03-2: sent again to 1 of 2 friends
2026-W03-2: 2 sent, 1 failed"* ]]
}

# ---- what is seen before ----

@test "the question and a plain run list the episodes, and what is left out" {
	need_terminal
	site_episode 7 2025-06-01T10:00:00Z one.mp3
	friends 1
	run answer 'n\n' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[[ "$output" == *"Episode  2 \`Episode number 2\`"*"Left out 1 \`Episode number 1\`: it is not the newest, which a first edition takes alone; --episode or --since takes it"*"Left out 1 episode too old"*"Send it? [y/N]"* ]]
	run send -q --at $at --dry-run
	run send --at $at
	echo "$output"
	[[ "$output" == "Edition  2026-W03"*"Episode  2 "*"Left out 1 "*"2026-W03: 1 sent" ]]
	run send -q --at $at --episode 1
	[ -z "$output" ]
}

@test "--to and two filters: wrong words are told before anything is looked at" {
	friends 1
	send -q --at $at
	run "$SHOWMILL" digest send --to me --at $at
	echo "$output"
	[ "$status" = 64 ]
	[[ "$output" == *'"me" has no @'* ]]
	run "$SHOWMILL" digest status --failed --sent
	[ "$status" = 64 ]
	run "$SHOWMILL" digest status --failed --sent 2026-W03
	[ "$status" = 64 ]
}

# ---- how it stands ----

@test "status: a filter without an edition is about all of them" {
	friends 2
	sink_start 'on rcpt friend1@* 550 5.1.1 no'
	to_sink
	"$SHOWMILL" -q digest send --episode 1 --yes --at $at || [ $? = 75 ]
	"$SHOWMILL" -q digest send --episode 2 --yes --at $at || [ $? = 75 ]
	run "$SHOWMILL" digest status --failed
	echo "$output"
	[ "$(grep -c friend1@ <<< "$output")" = 2 ]
	[[ "$output" == EDITION*"2026-W03 "*"2026-W03-2 "* ]]
	[[ "$output" != *friend2@* ]]
	run "$SHOWMILL" digest status --unknown
	[ "$output" = "all editions: none is unknown" ]
	run "$SHOWMILL" digest status --unknown 2026-W03
	[ "$status" = 0 ]
	[ "$output" = "2026-W03: none is unknown" ]
	[ "$("$SHOWMILL" digest status --unknown 2026-W03 --json)" = "[]" ]
}

@test "status fits 80 columns, and the subject is cut on a terminal alone" {
	need_terminal
	sed -i 's/^title = .*/title = Eine Sendung über vieles, was schön und nützlich ist/' feeds/mini/show.ini
	friends 1
	send -q --at $at
	COLUMNS=80 run answer -- "$SHOWMILL" digest status
	echo "$output"
	[ "$(head -n 1 <<< "$output")" = "EDITION   FROZEN      ALL  SENT  WAIT  DEFER  FAIL  UNKN  LEFT  SUBJECT" ]
	[ "$(tail -n 1 <<< "$output" | wc -m)" = 81 ]
	[[ "$output" == *"…" ]]
	[ "$("$SHOWMILL" digest status | tail -n 1 | wc -m)" -gt 81 ]
}

# A kill while the second message is handed over.
@test "status after a kill shows what the next run will find" {
	friends 4
	sink_start "pidfile $SITE/pid
kill before 10"
	to_sink
	bash -c 'echo $$ > pid; exec "$0" -q digest send --yes --at 2026-01-14' "$SHOWMILL" 3>&- &
	wait $! 2>/dev/null && code=0 || code=$?
	[ "$code" = 137 ]
	before=$("$SHOWMILL" digest status)
	echo "$before"
	run "$SHOWMILL" digest status --json
	[[ "$output" == *'"sent": 1,'*'"waiting": 2,'*'"unknown": 1,'* ]]
	run "$SHOWMILL" digest status --unknown 2026-W03
	echo "$output"
	[[ "$output" == *"friend2@example.net  unknown"* ]]
	run "$SHOWMILL" digest status 2026-W03
	[ "$(grep -c ' pending ' <<< "$output")" = 2 ]
	# Recovered, with nothing sent: the same.
	to_nowhere
	run send -q --at $at
	[ "$("$SHOWMILL" digest status)" = "$before" ]
}

@test "a reader that has enough is no reason to complain" {
	{ echo email; seq -f 'friend%05g@example.net' 9000; } | "$SHOWMILL" -q friend import -
	"$SHOWMILL" friend list 2>said | head -n 1
	cat said
	[ ! -s said ]
	friends 1
	to_nowhere
	send -q --at $at 2>&1 || [ $? = 75 ]
	"$SHOWMILL" digest status --watch=1 2>said | head -n 1
	[ ! -s said ]
}

@test "status while a run is at work does not call its message unknown" {
	friends 2
	sink_start 'dialog
delay end 1500'
	to_sink
	send -q --at $at 3>&- &
	pid=$!
	until_true said DATA
	until_true eval '"$SHOWMILL" digest status 2026-W03 | grep -q sending'
	run "$SHOWMILL" digest status --unknown 2026-W03
	[ "$output" = "2026-W03: none is unknown" ]
	wait $pid
}

# ---- signals, relays, web servers ----

@test "SIGHUP ends after the message under way; under nohup it is ignored" {
	friends 4
	sink_start 'dialog
delay end 400'
	to_sink
	"$SHOWMILL" digest send --yes --at $at > out 2>&1 3>&- &
	pid=$!
	until_true said DATA
	kill -HUP $pid
	wait $pid && status=0 || status=$?
	cat out
	[ "$status" = 75 ]
	[ "$(tail -n 1 out)" = 'showmill: stopped as asked; `digest send` goes on' ]
	[[ "$("$SHOWMILL" digest status --json)" == *'"sent": 1,'*'"unknown": 0,'* ]]
	: > "$SINK_DIR/dialog.log"
	nohup "$SHOWMILL" digest send --yes --at $at > out 2>&1 3>&- &
	pid=$!
	until_true said DATA
	kill -HUP $pid
	wait $pid && status=0 || status=$?
	[ "$status" = 0 ]
	[[ "$(cat out)" != *"stopped as asked"* ]]
	[ "$(wc -l < "$SINK_DIR/log.tsv")" = 4 ]
	# Also the one that sends again; the hint has the file that was given.
	: > "$SINK_DIR/dialog.log"
	cp config.ini my.ini
	"$SHOWMILL" digest resend --yes --friend friend1@example.net -c my.ini > out 2>&1 3>&- &
	pid=$!
	until_true said DATA
	kill -TERM $pid
	wait $pid && status=0 || status=$?
	cat out
	[ "$status" = 75 ]
	[[ "$(tail -n 1 out)" = *'stopped as asked' ]]
}

@test "asked to stop while a relay takes its time: it says what it waits for" {
	friends 4
	sink_start 'dialog
delay end 2500'
	to_sink
	"$SHOWMILL" digest send --yes --at $at > out 2>&1 3>&- &
	pid=$!
	until_true said DATA
	kill -INT $pid
	wait $pid && status=0 || status=$?
	cat out
	[ "$status" = 75 ]
	[ "$(grep -c 'stopping: the answer to what the relay has in hand is awaited, for up to 60 s; a second signal ends at once' out)" = 1 ]
	[ "$(tail -n 1 out)" = 'showmill: stopped as asked; `digest send` goes on' ]
	[[ "$("$SHOWMILL" digest status --json)" == *'"sent": 1,'*'"unknown": 0,'* ]]
}

@test "a relay that is none: config.ini, its line, and what may stand there" {
	friends 1
	echo '# a line' >> config.ini
	for wrong in mail.example.org:25 smtp:// maildir: http://mail.example.org smtp://a:0; do
		relay "$wrong"
		for how in "--yes" "--dry-run" "--to me@example.org"; do
			run "$SHOWMILL" digest send $how --at $at
			echo "$wrong $how: $output"
			[ "$status" = 78 ]
			[[ "$output" == *"config.ini:2: error: \`relay\` is \"$wrong"* ]] || [ "$wrong" = maildir: ]
			[[ "$output" == *"config.ini:2: error: "*", "*smtp://* ]]
			[[ "$output" == *", "*maildir:DIR* ]]
		done
	done
	# A password that stands there is not shown.
	for wrong in smtp://u:hush@mail.example.org smtp:u:hush@h u:hush@h:587 x://u@h/hush; do
		relay "$wrong"
		run "$SHOWMILL" digest send --dry-run --at $at
		echo "$output"
		[ "$status" = 78 ]
		[[ "$output" == *"\`relay\` has a user in its address; write smtp"*"//HOST, and beside it \`user\`"* ]]
		[[ "$output" != *hush* ]]
	done
	relay "sendmail:/usr/bin/true --url smtp://u@h"
	run "$SHOWMILL" digest send --dry-run --at $at
	echo "$output"
	[ "$status" = 0 ]
	relay smtp://127.0.0.1:9
	echo 'helo = a b' >> config.ini
	run "$SHOWMILL" digest send --dry-run --at $at
	[[ "$output" == *"config.ini:4: error: \`helo\` is \"a b\""* ]]
}

@test "-q with the relay down: the edition with waiting friends is an error" {
	friends 3
	relay "smtp://127.0.0.1:9"
	run send -q --at $at
	echo "$output"
	[[ "$output" == *"error: 2026-W03: 3 waiting; \`digest status 2026-W03\` tells who"* ]]
	[[ "$output" == *"127.0.0.1:9"* ]]
	relay maildir:mail
	send -q --at $at
	relay "smtp://127.0.0.1:9"
	run "$SHOWMILL" -q digest resend --friend friend1@example.net --yes
	[[ "$output" == *"error: 2026-W03: 1 waiting; "* ]]
}

@test "a web server at fault has its own status, a wrong file 65" {
	friends 1
	mkdir www
	http_start "$PWD/www" 'gone.mp3 status 404
* status 503'
	echo "probe_map = https://x.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	site_episode 3 2026-01-13T10:00:00Z https://x.example.org/3.mp3
	for how in "send --yes" "send --dry-run" "send --to a@example.org" preview; do
		run "$SHOWMILL" digest $how --at $at
		echo "$how: $output"
		[ "$status" = 75 ]
		[[ "$output" == *"no web server tells about the audio of \`Episode number 3\` now"* ]]
	done
	http_stop
	run send --at $at
	echo "$output"
	[ "$status" = 69 ]
	site_episode 3 2026-01-13T10:00:00Z none.mp3
	run send --at $at
	[ "$status" = 65 ]
	[ ! -e mail ]
}
