#!/usr/bin/env bats
# What one run of the digest leaves for the next: unfinished editions, the exit
# status, sending again, giving up, signals, keys, and the question.

load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
}
teardown() { peers_stop; }

at=2026-01-14

# Who got something, in the order of the sink's log.
got() { cut -f 4 "$SINK_DIR/log.tsv" | sed 's/@.*//'; }
sent_are() { [ "$(wc -l < "$SINK_DIR/log.tsv")" = "$1" ]; }

# ---- the question ----

@test "the question: y sends, n and the end of the input do not" {
	need_terminal
	friends 2
	run answer 'n\n' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"Friends  2"* ]]
	[[ "$output" == *"2026-W03: nothing was sent"* ]]
	run answer '\x04' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03: nothing was sent"* ]]
	[ ! -e mail ]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
	run answer 'y\n' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03: 2 sent"* ]]
	[[ "$output" != *"nothing was sent"* ]]
	[ "$(mail_count mail)" = 2 ]
}

@test "the question about an unfinished edition: n ends the run, friends are left" {
	need_terminal
	friends 2
	to_nowhere
	run send --at 2026-01-06
	[ "$status" = 75 ]
	relay maildir:mail
	run answer 'n\n' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"Edition  2026-W02"*"Friends  2"* ]]
	[[ "$output" == *"2026-W02: nothing was sent"* ]]
	[[ "$output" != *2026-W03* ]]
	[ ! -e mail ]
	# The old one and the new one are asked about, each by itself.
	run answer 'y\n' 'n\n' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W02: 2 sent"*"2026-W03: nothing was sent"* ]]
	[ "$(mail_count mail)" = 2 ]
}

@test "a wrong date or episode is told before an unfinished edition is sent" {
	friends 2
	to_nowhere
	run send --at 2026-01-06
	[ "$status" = 75 ]
	relay maildir:mail
	for wrong in '--since yesterday' '--until 2026-02-30' '--episode 9' \
	    '--episode 7-9' '--since 2026-01-12 --until 2026-01-05'; do
		for how in --yes --dry-run '--to me@example.net'; do
			run "$SHOWMILL" digest send $how --at $at $wrong
			echo "$wrong $how: $status $output"
			[ "$status" = 64 ]
			[[ "$output" != *2026-W02* ]]
		done
		run "$SHOWMILL" digest preview --at $at $wrong
		[ "$status" = 64 ]
	done
	[ ! -e mail ]
	# One that is in the unfinished edition is told behind it.
	run send --at $at --episode 1
	echo "$output"
	[ "$status" = 77 ]
	[[ "$output" == *"2026-W02: 2 sent"* ]]
	[[ "$output" == *"episode 1 is in the edition 2026-W02 already"* ]]
}

@test "^C at a question ends the run: 75 and nothing is begun" {
	need_terminal
	friends 2
	run answer '\x03' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
	to_nowhere
	run send --at 2026-01-06
	relay maildir:mail
	run answer 'y\n' '\x03' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[ "$(mail_count mail)" = 2 ]
	[[ "$("$SHOWMILL" digest status)" != *2026-W03* ]]
}

@test "a run that finds another at its question says so; who joins meanwhile gets it" {
	need_terminal
	friends 3
	run answer "!$SHOWMILL digest send --yes --at $at >said 2>&1; [ \$? = 75 ]; $SHOWMILL -q friend add new@example.net" 'y\n' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	cat said
	[ "$status" = 0 ]
	grep -q 'is at work: process [0-9]* on [^ ]* since [^ ]*Z, which waits for an answer at its terminal; run this again' said
	[[ "$output" == *"Friends  3"*"2026-W03: 4 friends get it, as the list changed meanwhile"*"2026-W03: 4 sent"* ]]
	[ "$(mail_count mail)" = 4 ]
	[[ "$(cat ledger.db.lock)" != *waits* ]]
}

@test "resend asks with the number of friends, after its options were understood" {
	need_terminal
	friends 3
	send -q --at $at
	run answer 'n\n' -- "$SHOWMILL" digest resend
	[ "$status" = 64 ]
	[[ "$output" != *"Send it?"* ]]
	run answer 'n\n' -- "$SHOWMILL" digest resend --friend friend2@example.net
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"Friends  1"*"2026-W03: nothing was sent"* ]]
	[ "$(mail_count mail)" = 3 ]
	run answer 'y\n' -- "$SHOWMILL" digest resend --friend friend2@example.net
	[ "$status" = 0 ]
	[ "$(mail_count mail)" = 4 ]
}

# ---- signals ----

@test "SIGTERM between two editions: the new one is not begun" {
	friends 2
	to_nowhere
	run send --at 2026-01-06T10:00Z
	[ "$status" = 75 ]
	sink_start
	to_sink
	mkdir www
	cp feeds/mini/media/one.mp3 www/3.mp3
	http_start "$PWD/www" '* delay 3000'
	echo "probe_map = https://x.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	site_episode 3 2026-01-06T11:00:00Z https://x.example.org/3.mp3
	"$SHOWMILL" digest send --yes --at 2026-01-06T12:00Z 3>&- > out 2>&1 &
	pid=$!
	# The old one is sent; now the web server is asked about the new one.
	until_true sent_are 2
	sleep 0.5
	kill -TERM $pid
	wait $pid && status=0 || status=$?
	cat out
	[ "$status" = 75 ]
	sent_are 2
	[ "$("$SHOWMILL" digest status --json | grep -c '"edition"')" = 1 ]
}

# ---- the exit status ----

@test "75 as long as an older edition waits; who failed in one is told once" {
	friends 3
	echo 'give_up = 30d' >> config.ini
	sink_start 'on rcpt friend1@* 550 5.1.1 no
on rcpt friend2@* 450 4.2.1 later'
	to_sink
	run send -q --at 2026-01-06
	[ "$status" = 75 ]
	# Also under -q: what cron mails.
	[[ "$output" == *"error: 2026-W02: 1 deferred, 1 failed; "* ]]
	[ "$(wc -l <<<"$output")" = 1 ]
	next_second
	run send -q --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"error: 2026-W02: 1 deferred, 1 failed; "* ]]
	[[ "$output" == *"error: 2026-W03: 1 deferred, 1 failed; "* ]]
	sink_stop
	sink_start
	to_sink
	next_second
	# Both are worked on, and one of each has failed for good.
	run send -q --at $at
	[ "$status" = 75 ]
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "nothing new to send" ]
	run send --at 2026-01-20
	[ "$status" = 0 ]
}

@test "an unknown delivery of an old edition keeps every run at 75" {
	friends 1
	# Greeting, EHLO, MAIL, RCPT, DATA, and then none.
	sink_start 'drop before 6'
	to_sink
	run send -q --at 2026-01-06
	[ "$status" = 75 ]
	[[ "$output" == *"error: 2026-W02: 1 unknown; "* ]]
	sink_stop
	sink_start
	to_sink
	run send -q --at $at
	[ "$status" = 75 ]
	[[ "$output" == *"2026-W02: 1 unknown; \`digest status 2026-W02 --unknown\` tells who"* ]]
	"$SHOWMILL" -q digest resend --unknown --yes 2026-W02
	run send -q --at $at
	[ "$status" = 0 ]
	[ -z "$output" ]
}

@test "a friend who failed is told even when the run was killed before its report" {
	friends 2
	# 6 answers up to friend1's message, 3 to friend2: written down before QUIT, the 10th.
	sink_start "on rcpt friend2* 550 5.1.1 no
pidfile $SITE/pid
kill before 10"
	to_sink
	bash -c 'echo $$ > pid; exec "$0" -q digest send --yes --at 2026-01-06' "$SHOWMILL" 3>&- &
	wait $! && status=0 || status=$?
	[ "$status" = 137 ]
	[[ "$("$SHOWMILL" digest status --json)" == *'"sent": 1'*'"failed": 1'* ]]
	sink_stop
	sink_start
	to_sink
	run send -q --at 2026-01-06
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"error: 2026-W02: 1 failed; "* ]]
	run send -q --at 2026-01-06
	[ "$status" = 0 ]
	[ -z "$output" ]
}

# ---- a relay that refuses all ----

# refused SCRIPT: the run ends, and with a relay that was mended all get it once.
refused() {
	sink_start "$1"
	to_sink
	run send -q --at $at
	echo "$output"
	[ "$status" = 77 ]
	[[ "$output" == *"so nobody counts as failed; it says "* ]]
	[[ "$("$SHOWMILL" digest status --json)" == *'"failed": 0,'* ]]
	sink_stop
	sink_start
	to_sink
	next_second
	run send -q --at $at
	echo "$output"
	[ "$status" = 0 ]
	[ "$(got | sort | xargs)" = "$(seq -f 'friend%g' 9 | xargs)" ]
}

# Friends of three domains, for it might be the domain else.
apart() {
	{
		echo address
		for i in $(seq "$1"); do echo "friend$i@$((i % 3)).example"; done
	} | "$SHOWMILL" -q friend import -
}

@test "refused at RCPT or at the end, all of them: nobody has failed, nobody gets two" {
	apart 9
	cp ledger.db fresh.db
	for script in 'on rcpt * 554 5.7.1 <x>: Relay access denied' \
	    'on end * 552 5.3.4 message too big' 'on end * 554 5.7.1 spam' \
	    'on rcpt times=3 * 250 ok
on rcpt * 554 5.7.1 too many' 'on end times=3 * 250 ok
on end * 550 no'; do
		echo "# $script"
		refused "$script"
		sink_stop
		rm -rf "$SINK_DIR" ledger.db*
		cp fresh.db ledger.db
	done
}

@test "refused in the same words: failed when the relay takes others, else tried again" {
	friends 6
	sink_start 'on rcpt friend1@* 554 5.7.1 no
on rcpt friend2@* 554 5.7.1 no
on rcpt friend6@* 554 5.7.1 no'
	to_sink
	run send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"2026-W03: 3 sent, 3 failed"* ]]
	# Nobody else: it cannot be known, so a later run tries again.
	next_second
	run "$SHOWMILL" digest resend --friend friend6@example.net --yes
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"1 deferred, 2 failed; \`digest status 2026-W03\` with --deferred or --failed tells who"* ]]
	sink_stop
	sink_start
	to_sink
	next_second
	run send --at $at
	[[ "$output" == *"2026-W03: 4 sent, 2 failed"* ]]
	[ -z "$(got | sort | uniq -d)" ]
}

@test "refused before the relay took one: failed, also when it refuses all later" {
	friends 9
	sink_start 'on rcpt friend1@* 554 5.7.1 no
on rcpt friend2@* 250 ok
on rcpt * 554 5.7.1 no'
	to_sink
	run send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"warning: 2026-W03: 7 friends were refused, and it cannot be told"*"says \"554 5.7.1 no\""* ]]
	[[ "$output" == *"2026-W03: 1 sent, 7 deferred, 1 failed"* ]]
}

# ---- sending again ----

@test "resend sends that one friend's delivery, whatever its state, and no other" {
	friends 5
	sink_start 'on rcpt friend1@* 550 5.1.1 no
on rcpt friend2@* 450 4.2.1 later
on rcpt friend3@* 450 4.2.1 later'
	to_sink
	run send -q --at $at
	[ "$status" = 75 ]
	sink_stop
	rm "$SINK_DIR/log.tsv"
	sink_start
	to_sink
	for i in 1 2 4; do
		run "$SHOWMILL" digest resend --friend "Friend$i@example.net" --yes
		echo "$output"
		[ "$status" = 75 ]	# friend3 waits
	done
	[ "$(got | xargs)" = "friend1 friend2 friend4" ]
	run "$SHOWMILL" digest status 2026-W03 --deferred
	[[ "$output" == *friend3* ]]
	[ "$(wc -l <<<"$output")" = 2 ]
	next_second
	send -q --at $at
	[ "$(got | xargs)" = "friend1 friend2 friend4 friend3" ]
}

@test "resend --failed leaves alone who waits; with nothing to send it says so" {
	friends 4
	sink_start 'on rcpt friend1@* 550 5.1.1 no
on rcpt friend2@* 550 5.1.1 no
on rcpt friend3@* 450 4.2.1 later'
	to_sink
	run send -q --at $at
	"$SHOWMILL" -q friend remove friend2@example.net
	sink_stop
	rm "$SINK_DIR/log.tsv"
	sink_start
	to_sink
	run "$SHOWMILL" digest resend --unknown --yes
	[ "$status" = 75 ]
	[[ "$output" == *"2026-W03: no delivery is unknown; nothing was sent"* ]]
	run "$SHOWMILL" digest resend --failed --yes
	[ "$status" = 75 ]
	[ "$(got)" = friend1 ]
}

@test "resend refuses who left, who is unknown to it, and two wishes at once" {
	friends 3
	"$SHOWMILL" -q friend remove friend3@example.net
	send -q --at $at
	"$SHOWMILL" -q friend add friend3@example.net --rejoin
	"$SHOWMILL" -q friend remove friend2@example.net
	run "$SHOWMILL" digest resend --friend friend2@example.net --yes
	[ "$status" = 77 ]
	[[ "$output" == *"friend2@example.net has left the list"* ]]
	run "$SHOWMILL" digest resend --friend friend3@example.net --yes
	[ "$status" = 65 ]
	[[ "$output" == *"not among the friends of 2026-W03"* ]]
	run "$SHOWMILL" digest resend --failed --unknown --yes
	[ "$status" = 64 ]
	[ "$(mail_count mail)" = 2 ]
}

# Left between the freeze and the sending, came back: skipped.
@test "resend refuses a friend who was skipped" {
	friends 2
	to_nowhere
	run send -q --at $at
	"$SHOWMILL" -q friend remove friend2@example.net
	relay maildir:mail
	send -q --at $at
	"$SHOWMILL" -q friend add friend2@example.net --rejoin
	run "$SHOWMILL" digest resend --friend friend2@example.net --yes
	[ "$status" = 77 ]
	[[ "$output" == *"was not on the list when 2026-W03 was sent"* ]]
	[ "$(mail_count mail)" = 1 ]
}

# ---- giving up ----

@test "a deferred delivery is tried once more before it is given up" {
	friends 2
	sink_start 'on rcpt times=2 friend1@* 450 4.2.1 later
on rcpt friend2@* 450 4.2.1 later'
	to_sink
	run send -q --at 2026-01-06
	[ "$status" = 75 ]
	next_second
	# A week later, beyond give_up: friend1 is still busy, both had a try.
	run send --at 2026-01-13
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"2026-W02: 2 friends given up"* ]]
	[[ "$output" == *"2026-W02: 2 failed"* ]]
	run "$SHOWMILL" digest status 2026-W02 --json
	[ "$(grep -c '"attempts": 2' <<<"$output")" = 2 ]
	[[ "$output" == *"given up: "*"4.2.1 later"* ]]
	# Sent again on request, the clock begins anew: deferred, not given up.
	next_second
	run "$SHOWMILL" digest resend --failed --yes 2026-W02
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"2026-W02: 1 sent, 1 deferred"* ]]
	[[ "$output" != *"given up"* ]]
}

@test "without a relay nobody is given up" {
	friends 2
	sink_start 'on rcpt * 450 4.2.1 later'
	to_sink
	run send -q --at 2026-01-06
	sink_stop
	to_nowhere
	next_second
	run send -q --at 2026-01-13
	[ "$status" = 75 ]
	[[ "$("$SHOWMILL" digest status --json)" == *'"waiting": 0'*'"deferred": 2'*'"failed": 0'* ]]
	sink_start
	to_sink
	next_second
	run send --at 2026-01-13
	[[ "$output" == *"2026-W02: 2 sent"* ]]
}

# ---- what is chosen ----

@test "a list that began with a scheduled episode has not begun" {
	friends 1
	send -q --episode 2 --at 2026-01-06
	run send --at 2026-01-06T10:00Z
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W02-2: 1 sent"* ]]
	run send --at 2026-01-13
	[ "$output" = "nothing new to send" ]
}

@test "an episode that comes late is sent when it is newer than the first one" {
	rm feeds/mini/episodes/002-*
	friends 1
	send -q --at 2026-01-12T11:00Z
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	run send --at 2026-01-13T11:00Z
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03-2: 1 sent"* ]]
}

@test "what is due and left out is named with the reason, by -v and --dry-run" {
	site_episode 3 2026-01-13T10:00:00Z two.mp3
	site_episode 7 2025-06-01T10:00:00Z one.mp3
	site_episode 8 2025-06-08T10:00:00Z one.mp3
	friends 1
	run send -v --at $at
	[[ "$output" == *"debug: \`Episode number 2\` is left out: it is not the newest"* ]]
	[[ "$output" == *"debug: \`Episode number 7\` is left out: it is older than \`window\`"* ]]
	run send -v --at $at
	[[ "$output" == *"\`Episode number 3\` is left out: it is in edition 2026-W03"* ]]
	[[ "$output" == *"\`Episode number 2\` is left out: it is not newer than the list's first edition"* ]]
	run send --dry-run --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"nothing new to send"* ]]
	[[ "$output" == *"Left out 3 \`Episode number 3\`: it is in edition 2026-W03"* ]]
	[[ "$output" == *"Left out 1 \`Episode number 1\`: it is not newer"* ]]
	[[ "$output" == *"Left out 2 episodes too old"* ]]
	run send --dry-run --at $at --until 2025-12-31
	echo "$output"
	[[ "$output" == *"Left out "*" episodes newer than --until; -v names them"* ]]
	[[ "$output" != *"Left out 5 episodes too old"* ]]
	run send --dry-run --at $at --since 2026-01-20
	echo "$output"
	[[ "$output" == *" episodes older than --since; -v names them"* ]]
	[[ "$output" != *"too old"* ]]
}

@test "--since and --again choose more; an episode named twice is there once" {
	friends 1
	send -q --at $at
	run send --since 2026-01-01 --at $at
	[[ "$output" == *"2026-W03-2: 1 sent"* ]]
	grep -q 'Episode number 1' mail/new/*
	run send --at $at
	[ "$output" = "nothing new to send" ]
	rm -r mail
	run send --again --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03-3: 1 sent"* ]]
	[ "$(grep -c 'Episode number [12]' <<<"$("$SHOWMILL" digest send --dry-run --again --at $at)")" = 2 ]
	rm -r mail
	send -q --episode 1 --episode 1 --again --at $at
	[ "$(mail_count mail)" = 1 ]
	run "$SHOWMILL" digest preview --episode 1 --episode 1 --again --at $at --out look
	[[ "$output" == *", 1 episode of"* ]]
}

@test "two editions of one week have two names" {
	friends 1
	send -q --episode 1 --at $at
	send -q --episode 2 --at $at
	run "$SHOWMILL" digest status --json
	[[ "$output" == *'"2026-W03"'*'"2026-W03-2"'* ]]
	grep -q 'Message-ID: <2026-W03-2\.mini\.' mail/new/*
}

# ---- nothing recorded ----

@test "looking makes no ledger and takes no lock" {
	run "$SHOWMILL" digest status
	[ "$status" = 0 ]
	[[ "$output" == "no editions yet: "* ]]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
	run "$SHOWMILL" digest status 2026-W03
	[ "$status" = 64 ]
	"$SHOWMILL" -q digest preview --at $at
	run "$SHOWMILL" digest send --dry-run --at $at
	[ "$status" = 65 ]
	[[ "$output" == *"there is no ledger"* ]]
	run "$SHOWMILL" digest send --to me@example.org --at $at
	[ "$status" = 0 ]
	[ -z "$(ls -d ledger* 2>/dev/null)" ]
	friends 1
	sum=$(sha256sum ledger.db)
	exec 8> ledger.db.lock
	flock 8
	run "$SHOWMILL" digest send --dry-run --at $at
	[ "$status" = 0 ]
	run "$SHOWMILL" digest send --to me@example.org --at $at
	[ "$status" = 0 ]
	"$SHOWMILL" -q digest preview --at $at
	"$SHOWMILL" -q digest status
	[ "$(sha256sum ledger.db)" = "$sum" ]
	run send --at $at
	[ "$status" = 75 ]
	[[ "$output" == *"held by"* ]]
	exec 8>&-
}

@test "--dry-run tells of an unfinished edition; with --to it is refused" {
	friends 3
	to_nowhere
	run send --at 2026-01-06
	[ "$status" = 75 ]
	run "$SHOWMILL" digest send --dry-run --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"Edition  2026-W02"*"Friends  3"*"not finished"*"Edition  2026-W03"* ]]
	relay maildir:mail
	run "$SHOWMILL" digest send --dry-run --to me@example.org --at $at
	[ "$status" = 64 ]
	[ ! -e mail ]
}

@test "a mistake in config.ini or show.ini freezes nothing" {
	friends 1
	relay smpt://localhost
	run send --at $at
	[ "$status" = 78 ]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
	relay maildir:mail
	echo 'helo = a b' >> config.ini
	relay smtp://127.0.0.1:9
	run send --at $at
	[ "$status" = 78 ]
	run "$SHOWMILL" digest send --dry-run --at $at
	[ "$status" = 78 ]
	sed -i '/^helo/d' config.ini
	sed -i '/^digest_from/d' feeds/mini/show.ini
	run send --at $at
	[ "$status" = 78 ]
	[[ "$output" == *digest_from* ]]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
}

@test "two shows with one list are refused, also when one is named" {
	cp -r feeds/mini feeds/other
	sed -i 's/^title.*/title = Other/; s/^guid.*/guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a12/; s,mini.example.org/\(feed\|atom\),other.example.org/\1,' feeds/other/show.ini
	"$SHOWMILL" -q friend add --show mini a@example.org
	echo 'list = mini' >> feeds/other/show.ini
	run "$SHOWMILL" digest send --show other --yes --at $at
	[ "$status" = 78 ]
	[[ "$output" == *feeds/other/show.ini*feeds/mini/show.ini* ]]
	[ ! -e mail ]
}

# ---- keys ----

# keys NAME BYTE ...: a token_key_file.
keys() {
	while [ $# -gt 0 ]; do
		printf '%s ' "$1"
		for _ in $(seq 32); do printf %s "$2"; done
		echo
		shift 2
	done > keys
	chmod 600 keys
}
# The key id of the mails in the folder, and whether BYTE's key signed them.
signed_by() {
	/usr/bin/python3 - "$1" <<'PY'
import base64, glob, hashlib, hmac, re, sys
key = bytes.fromhex(sys.argv[1] * 32)
for f in glob.glob("mail/new/*"):
    token = re.search(rb"unsubscribe%20(\S+)>", open(f, "rb").read()).group(1)
    body, mac = token.rsplit(b".", 1)
    want = hmac.new(key, b"showmill unsubscribe " + body, hashlib.sha256)
    good = base64.urlsafe_b64encode(want.digest()[:16]).rstrip(b"=") == mac
    print(token.split(b".")[1].decode(), "good" if good else "bad")
PY
}

@test "an edition is signed with the key that it was frozen with" {
	friends 1
	keys k1 11
	echo 'token_key_file = keys' >> config.ini
	to_nowhere
	run send --at 2026-01-06
	[ "$status" = 75 ]
	relay maildir:mail
	# The old key is gone: nothing is signed with another one.
	keys k2 22
	run send --at 2026-01-06
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *"no key \`k1\`"* ]]
	[ ! -e mail ]
	sed -i /token_key_file/d config.ini
	run send --at 2026-01-06
	[ "$status" = 78 ]
	[[ "$output" == *"token key \`k1\`"*token_key_file* ]]
	[ ! -e mail ]
	echo 'token_key_file = keys' >> config.ini
	keys k2 22 k1 11
	send -q --at 2026-01-06
	[ "$(signed_by 11)" = "k1 good" ]
	rm -r mail
	send -q --at $at
	[ "$(signed_by 22)" = "k2 good" ]
}

@test "an edition of the ledger's key goes on when token_key_file comes into use" {
	friends 2
	to_nowhere
	run send --at 2026-01-06
	[ "$status" = 75 ]
	keys k2 22
	echo 'token_key_file = keys' >> config.ini
	relay maildir:mail
	send -q --at 2026-01-06
	key=$(/usr/bin/python3 -c 'import sqlite3; print(sqlite3.connect("ledger.db").execute("select hex(key) from keys").fetchone()[0])')
	[ -n "$key" ]
	run /usr/bin/python3 - "$key" <<'PY'
import base64, glob, hashlib, hmac, re, sys
files = glob.glob("mail/new/*")
assert len(files) == 2
for f in files:
    token = re.search(rb"unsubscribe%20(\S+)>", open(f, "rb").read()).group(1)
    body, mac = token.rsplit(b".", 1)
    want = hmac.new(bytes.fromhex(sys.argv[1]), b"showmill unsubscribe " + body, hashlib.sha256)
    assert body.startswith(b"1.l1."), body
    assert base64.urlsafe_b64encode(want.digest()[:16]).rstrip(b"=") == mac
PY
	echo "$output"
	[ "$status" = 0 ]
}

@test "a key file that is wrong is named with its line, and nothing is frozen" {
	friends 1
	echo 'token_key_file = keys' >> config.ini
	keys k1 11
	chmod 644 keys
	run send --at $at
	[ "$status" = 78 ]
	[[ "$output" == *keys:*"chmod 600"* ]]
	printf '# a comment\nk1 12345\n' > keys
	chmod 600 keys
	run send --at $at
	[ "$status" = 78 ]
	[[ "$output" == *"keys:2: "*"64 hex digits"* ]]
	printf '# a comment\n\n' > keys
	run send --at $at
	[ "$status" = 78 ]
	[[ "$output" == *"keys: error: there is no key in it"* ]]
	rm keys
	run send --at $at
	[ "$status" = 66 ]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
}
