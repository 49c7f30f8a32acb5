#!/usr/bin/env bats
# How fast an edition goes and when: connections, rates, a relay that asks for
# patience, canaries, times of day, and what a run tells meanwhile.

bats_require_minimum_version 1.5.0
load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
}
teardown() { peers_stop; }

at=2026-01-06

config() { printf '%s\n' "$@" >> config.ini; }
show() { printf '%s\n' "$@" >> feeds/mini/show.ini; }
# Who got something, each as often as they did.
got() { cut -f 4 "$SINK_DIR/log.tsv" 2>/dev/null | sort; }
got_lines() { got | wc -l; }
at_least() { [ "$(got_lines)" -ge "$1" ]; }
# All of friend1 to friendN got it, and once.
all_once() { cmp <(got) <(for i in $(seq "$1"); do echo "friend$i@example.net"; done | sort); }
# Over how many connections messages came.
connections() { cut -f 2 "$SINK_DIR/log.tsv" | sort -u | wc -l; }
# sql STATEMENT: in the ledger; its rows, values with | between.
sql() {
	/usr/bin/python3 - "$1" <<-'PY'
	import sqlite3, sys
	db = sqlite3.connect("ledger.db", timeout=20)
	for row in db.execute(sys.argv[1]).fetchall():
	    print(*row, sep="|")
	db.commit()
	PY
}
# No delivery is claimed (1) or in doubt (2).
none_held() { [ "$(sql 'SELECT count(*) FROM deliveries WHERE state IN (1, 2) OR boot > 0')" = 0 ]; }
# The messages by recipient, with their checksums.
messages() {
	while IFS=$'\t' read -r n _ _ to _; do
		echo "$to $(sha256sum < "$SINK_DIR/$(printf %06d "$((10#$n))").eml")"
	done < "$SINK_DIR/log.tsv" | sort
}
# in_minutes N: the time of day then, UTC.
in_minutes() { date -u -d "@$(($(date +%s) + $1 * 60))" +%H:%M; }
# recent: an episode that is due now.
recent() { site_episode 2 "$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%SZ)" two.mp3; }

# ---- connections ----

@test "four connections send what one sends, to each of 200 friends once" {
	friends 200
	sink_start
	to_sink
	send -q --at $at
	messages > one
	sink_stop
	rm -r "$SINK_DIR"
	sql 'DELETE FROM deliveries'
	sql 'DELETE FROM choices'
	sql 'DELETE FROM episodes'
	sql 'DELETE FROM editions'
	config 'connections = 4'
	sink_start 'delay end 5'
	to_sink
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"2026-W02: 200 sent"* ]]
	messages > four
	all_once 200
	[ "$(wc -l < four)" = 200 ]
	cmp one four
	[ "$(connections)" = 4 ]
	none_held
}

@test "a relay that has room for two connections, and says so to the others" {
	friends 120
	sink_start 'room 2 421 4.7.0 too many connections from you
delay end 20'
	to_sink
	config 'connections = 6'
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	all_once 120
	none_held
	# What was found out is where the next run begins.
	[[ "$(sql 'SELECT relay, connections FROM limits')" == "smtp://127.0.0.1:$SINK_PORT|"[1-3] ]]
	[ "$(sql 'SELECT rate FROM limits')" = 0 ]
	sql 'UPDATE limits SET rate = 720000, connections = 2'
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	run "$SHOWMILL" digest send --yes --at 2026-01-14
	echo "$output"
	[[ $output == *"smtp://127.0.0.1:$SINK_PORT put mail off or hung up in an earlier run: this one begins with 200 messages a second and 2 of 6 connections"* ]]
	sql 'UPDATE limits SET rate = 7199'
	run "$SHOWMILL" digest send --yes --at 2026-01-14
	[[ $output != *"earlier run"* ]]
	site_episode 3 2026-01-19T10:00:00Z two.mp3
	run "$SHOWMILL" digest send --yes --at 2026-01-21
	echo "$output"
	[[ $output == *"begins with 119 messages a minute and 2 of 6 connections"* ]]
}

@test "what was learnt a week ago no longer holds" {
	friends 3
	sink_start
	to_sink
	config 'connections = 4'
	sql "INSERT INTO limits VALUES ('smtp://127.0.0.1:$SINK_PORT', 0, 1, unixepoch() - 7 * 86400 + 60)"
	cp ledger.db before.db
	run send --at $at
	echo "$output"
	[[ $output == *"this one begins with 1 of 4 connections"* ]]
	[[ $output != *"messages an hour"* ]]
	cp before.db ledger.db
	sql 'UPDATE limits SET learnt = learnt - 120'
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ $output != *patience* ]]
	# Nor what does not bind this run.
	cp before.db ledger.db
	sed -i 's/^connections = .*/connections = 1/' config.ini
	run send --at $at
	[[ $output != *patience* ]]
}

@test "a relay that was not reached has not asked for patience" {
	friends 3
	to_nowhere
	config 'connections = 4'
	run send --at $at
	[ "$status" = 75 ]
	[ "$(sql 'SELECT count(*) FROM limits')" = 0 ]
	none_held
	sink_start
	to_sink
	run send --at $at
	[ "$status" = 0 ]
	[[ $output != *patience* ]]
	all_once 3
}

@test "a relay that ends each session after 20 messages" {
	friends 60
	sink_start 'session 20 421 4.7.0 too many messages in one session
delay end 5'
	to_sink
	config 'connections = 2'
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	all_once 60
	none_held
}

@test "a relay that is busy for a while: retry_for waits for it, else the next run does" {
	friends 6
	sink_start 'on rcpt times=4 450 4.7.1 busy'
	to_sink
	config 'connections = 2' 'retry_for = 24s'
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"2026-W02: 6 sent"* ]]
	all_once 6
	none_held
	sink_stop
	rm -r "$SINK_DIR"
	sed -i '/retry_for/d' config.ini
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	sink_start 'on rcpt times=1 friend3* 450 4.2.0 later'
	to_sink
	run send --at 2026-01-14
	[ "$status" = 75 ]
	[[ $output == *"2026-W03: 5 sent, 1 deferred"* ]]
	sleep 1.1
	run send --at 2026-01-14
	[ "$status" = 0 ]
	all_once 6
}

@test "a relay that is gone for a while: it is told, and waited for" {
	friends 5
	sink_start
	port=$SINK_PORT
	to_sink
	sink_stop
	config 'connections = 3' 'retry_for = 1m'
	send --at $at > out 2>&1 3>&- &
	pid=$!
	until_true grep -q 'trying again until 20' out
	SINK_OPTIONS=(--port "$port")
	sink_start
	wait $pid && status=0 || status=$?
	cat out
	[ "$status" = 0 ]
	[ "$(grep -c 'warning: .*no connection to "127.0.0.1".*trying again until' out)" = 1 ]
	all_once 5
	[ "$(sql 'SELECT count(*) FROM limits')" = 0 ]
}

# ---- rates ----

@test "rate and domain_rate: no faster, all in one run, and others do not wait" {
	{
		echo address
		for i in $(seq 12); do
			echo "friend$i@example.net"
			echo "friend$i@B${i:+ü}cher.example"
		done
	} | "$SHOWMILL" -q friend import -
	sink_start
	to_sink
	config 'connections = 3' 'domain_rate = bücher.example 5/s' 'domain_rate = other.example 1/h'
	start=$(date +%s%N)
	run send --at $at
	took=$((($(date +%s%N) - start) / 1000000))
	echo "$took ms: $output"
	[ "$status" = 0 ]
	[[ $output == *"24 sent"* ]]
	[ "$(got | uniq -d)" = "" ]
	# Eleven times 200 ms lie between the first of them and the last.
	[ "$took" -ge 2200 ]
	[ "$(tail -n 5 "$SINK_DIR/log.tsv" | grep -c xn--bcher-kva.example)" = 5 ]
	none_held
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	sed -i /domain_rate/d config.ini
	config 'rate = 20/s'
	start=$(date +%s%N)
	run send --at 2026-01-14
	took=$((($(date +%s%N) - start) / 1000000))
	[ "$status" = 0 ]
	[ "$took" -ge 1050 ]
	[ "$(got_lines)" = 48 ]
}

# ---- refusals ----

@test "stop_refused: status 77, and the others do not hear of it" {
	friends 60
	sink_start 'on rcpt 550 5.1.1 no such user'
	to_sink
	config 'connections = 2'
	run send --at $at
	echo "$output"
	[ "$status" = 77 ]
	[[ $output == *"error: 20 of the first 20 friends were refused, which is more than \`stop_refused\` allows (50%), so this run goes no further; \`digest status 2026-W02\` tells who, and what the relay says"* ]]
	[[ $output == *"2026-W02: 20 failed, 40 waiting"* ]]
	none_held
	config 'stop_refused = 100'
	run send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ $output == *"2026-W02: 60 failed"* ]]
}

@test "a domain that the relay refuses does not stand in the way of the others" {
	{
		echo address
		seq -f 'staff%g@blocked.example' 30
		seq -f 'friend%g@example.net' 40
	} | "$SHOWMILL" -q friend import -
	sink_start 'on rcpt *@blocked.example 554 5.7.1 access denied'
	to_sink
	# Behind three of them all others have their turn; what was refused before
	# one that is taken was the friends' own.
	run send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ $output == *"2026-W02: 27 friends were refused, and it cannot be told whether for their own sake, so they stay deferred; the relay says \"554 5.7.1 access denied\""* ]]
	[[ $output == *"2026-W02: 40 sent, 27 deferred, 3 failed"* ]]
	[ "$(got | sort -u | wc -l)" = 40 ]
	[ "$(got | wc -l)" = 40 ]
	# Nor of the next edition; and they are given up in time.
	sql 'UPDATE editions SET frozen = frozen - 10 * 86400'
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	next_second
	config 'give_up = 1h'
	run send --at 2026-01-14
	echo "$output"
	[[ $output == *"2026-W02: 27 friends were refused, and it cannot be told whether for their own sake; the relay says"*"2026-W02: 27 friends given up"* ]]
	[[ $output == *"2026-W02: 40 sent, 30 failed"* ]]
	[[ $output == *"2026-W03: 40 sent, 27 deferred, 3 failed"* ]]
}

@test "two domains that the relay refuses, in front of all: the others get it" {
	{
		echo address
		for i in 1 2 3 4; do echo "a$i@one.example"; echo "b$i@two.example"; done
		seq -f 'friend%g@example.net' 40
	} | "$SHOWMILL" -q friend import -
	sink_start 'on rcpt *@one.example 554 5.7.1 no
on rcpt *@two.example 554 5.7.1 no'
	to_sink
	run send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ $output == *"2026-W02: 40 sent, 8 failed"* ]]
}

@test "domains that the relay refuses do not stand in the way of the next edition" {
	{
		echo address
		seq -f 'friend%g@example.net' 40
		for i in 1 2; do echo "a$i@one.example"; echo "b$i@two.example"; echo "c$i@three.example"; done
	} | "$SHOWMILL" -q friend import -
	sink_start 'on rcpt *@example.net 250 ok
on rcpt * 554 5.7.1 no'
	to_sink
	run send --at $at
	echo "$output"
	[ "$status" = 77 ]
	[[ $output == *"2026-W02: 40 sent, 5 deferred, 1 waiting"* ]]
	next_second
	sql 'UPDATE editions SET frozen = frozen - 10 * 86400'
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	config 'give_up = 1h'
	run send --at 2026-01-14
	echo "$output"
	[[ $output == *"2026-W02: 40 sent, 1 deferred, 5 failed"*"2026-W03: 40 sent, 5 deferred, 1 waiting"* ]]
}

@test "a canary that is refused holds the edition back, also in the next run" {
	friends 30
	show 'canary = Friend7@Example.NET' 'canary = nobody@example.org'
	sink_start 'on rcpt friend7@* 550 5.1.1 no such user'
	to_sink
	config 'connections = 3'
	run send --at $at
	echo "$output"
	[ "$status" = 77 ]
	[[ $output == *"error: 1 of 1 canary was refused, so 2026-W02 goes to nobody else"*"digest resend --friend"* ]]
	[[ $output == *"2026-W02: 1 failed, 29 waiting"* ]]
	run send --at $at
	echo "$output"
	[ "$status" = 77 ]
	[[ $output == *"1 of 1 canary was refused"* ]]
	[ "$(got_lines)" = 0 ]
	none_held
	# The relay takes it now.
	sink_stop
	sink_start
	to_sink
	run "$SHOWMILL" digest resend --friend friend7@example.net --yes
	echo "$output"
	[ "$(got)" = friend7@example.net ]
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	all_once 30
}

@test "a canary that is taken goes first; without the key nobody is held back" {
	friends 30
	show 'canary = friend20@example.net' 'canary = friend10@example.net'
	sink_start 'on rcpt friend10@* 550 5.1.1 no such user'
	to_sink
	config 'connections = 3'
	# One of two is not more than half.
	run send --at $at
	echo "$output"
	[ "$status" = 75 ]
	[ "$(head -n 1 "$SINK_DIR/log.tsv" | cut -f 4)" = friend20@example.net ]
	[ "$(got_lines)" = 29 ]
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	sed -i 's/^canary = friend20.*//' feeds/mini/show.ini
	run send --at 2026-01-14
	[ "$status" = 77 ]
	[ "$(got_lines)" = 29 ]
	sed -i '/^canary/d' feeds/mini/show.ini
	run send --at 2026-01-14
	[ "$status" = 75 ]
	[ "$(got_lines)" = 58 ]
}

# ---- times of day ----

@test "send_at by each friend's clock: several runs, status 0 while friends wait" {
	friends 9
	recent
	show "send_at = $(in_minutes -10) local"
	sql "UPDATE friends SET zone = 'Asia/Tokyo' WHERE id % 3 = 1"
	sql "UPDATE friends SET zone = 'America/Los_Angeles' WHERE id % 3 = 2"
	sink_start
	to_sink
	config 'connections = 2'
	run "$SHOWMILL" digest send --dry-run
	echo "$output"
	[[ $output == *"When     3 get it now, 6 later, the first at 20"* ]]
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *": 3 sent, 6 waiting"* ]]
	[[ $output == *"When     3 get it now, 6 later, the first at 20"* ]]
	[[ $output =~ ": 6 friends get it later, the first at "20[0-9-]+T[0-9:]+Z ]]
	[[ $output != *error* ]]
	[ "$(got | tr '\n' ' ')" = "friend3@example.net friend6@example.net friend9@example.net " ]
	none_held
	# The next one begins nothing, and says when.
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *": 6 friends get it later, the first at "* ]]
	[[ $output == *"nothing new to send"* ]]
	[ "$(grep -c 'get it later' <<<"$output")" = 1 ]
	# In the morning of one of them.
	sql "UPDATE deliveries SET due = unixepoch() - 1, planned = unixepoch() - 1 WHERE friend IN (SELECT id FROM friends WHERE zone = 'Asia/Tokyo')"
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"3 friends get it later"*": 6 sent, 3 waiting"* ]]
	sql "UPDATE deliveries SET due = unixepoch() + 2, planned = unixepoch() + 2 WHERE state = 0"
	run "$SHOWMILL" digest send --yes
	[ "$status" = 0 ]
	[ "$(got_lines)" = 6 ]
	sleep 2.5
	run "$SHOWMILL" digest send --yes
	[ "$status" = 0 ]
	[[ $output == *": 9 sent"* ]]
	[[ $output != *later* ]]
	all_once 9
}

@test "a canary that is refused is told by each run, not only when others are due" {
	local i
	friends 3
	recent
	show "send_at = $(in_minutes 120)" 'timezone = UTC' 'canary = friend2@example.net'
	sink_start 'on rcpt 550 5.1.1 no such user'
	to_sink
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 77 ]
	[[ $output == *"1 of 1 canary was refused, so "*" goes to nobody else"* ]]
	# Nobody is asked, and nothing else is kept from going.
	for i in 1 2; do
		run "$SHOWMILL" digest send
		echo "$output"
		[ "$status" = 77 ]
		[[ $output == *": too many of its canaries were refused, so it goes to nobody else"* ]]
		[[ $output == *"nothing new to send"* && $output != *later* ]]
	done
	config 'stop_refused = 100'
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"2 friends get it later"* ]]
	# One that had no turn waits for no time.
	show 'canary = friend3@example.net'
	sink_stop
	sink_start
	to_sink
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 75 ]
	[[ $output == *"1 sent, 1 failed, 1 waiting"* ]]
	[ "$(got)" = friend3@example.net ]
}

@test "send_at by the show's clock; --dry-run and a second edition behind it" {
	friends 2
	recent
	then=$(in_minutes 120)
	show "send_at = $then" 'timezone = UTC'
	run "$SHOWMILL" digest send --dry-run
	echo "$output"
	[[ $output == *"When     0 get it now, 2 later, the first at "20??-??-??"T$then:00Z"* ]]
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"2 friends get it later, the first at "20??-??-??"T$then:00Z"* ]]
	[ "$(mail_count mail)" = 0 ]
	run "$SHOWMILL" digest send --yes
	[ "$status" = 0 ]
	[ "$(mail_count mail)" = 0 ]
	[ "$(sql 'SELECT count(*) FROM editions')" = 1 ]
}

@test "quiet_hours put off; resend does not heed them, nor does a canary" {
	friends 6
	recent
	then=$(in_minutes 60)
	show "quiet_hours = $(in_minutes -60)-$then" 'canary = friend6@example.net'
	sql "UPDATE friends SET zone = 'Asia/Kolkata' WHERE id <= 2"
	sink_start
	to_sink
	config 'connections = 2'
	# The two in India are not in them; the canary does not wait.
	run "$SHOWMILL" digest send --dry-run
	echo "$output"
	[[ $output == *"When     3 get it now, 3 later, the first at "20??-??-??"T$then:00Z"* ]]
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"When     3 get it now, 3 later, the first at "20??-??-??"T$then:00Z"* ]]
	[[ $output == *": 3 sent, 3 waiting"* ]]
	[[ $output == *"3 friends get it later, the first at "20??-??-??"T$then:00Z"* ]]
	[ "$(got | tr '\n' ' ')" = "friend1@example.net friend2@example.net friend6@example.net " ]
	none_held
	run "$SHOWMILL" digest send --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"When     0 get it now, 3 later, the first at "20??-??-??"T$then:00Z"* ]]
	[ "$(got_lines)" = 3 ]
	# So are a canary that was deferred, and what a killed run had claimed.
	sql "UPDATE deliveries SET state = 4, changed = 1 WHERE friend = 6"
	sql "UPDATE deliveries SET state = 1, boot = (SELECT max(id) FROM boots) WHERE friend = 5"
	run "$SHOWMILL" digest send --dry-run
	echo "$output"
	[[ $output == *"When     0 get it now, 4 later, the first at "20??-??-??"T$then:00Z"* ]]
	sql "UPDATE deliveries SET state = 3 WHERE friend = 6"
	sql "UPDATE deliveries SET state = 0, boot = 0 WHERE friend = 5"
	run "$SHOWMILL" digest resend --friend friend6@example.net --yes
	echo "$output"
	[ "$status" = 0 ]
	[[ $output == *"3 friends get it later, the first at "20??-??-??"T$then:00Z"* && $output != *tells\ who* ]]
	[ "$(got_lines)" = 4 ]
	# They end.
	sed -i '/^quiet_hours/d' feeds/mini/show.ini
	sql "UPDATE deliveries SET due = unixepoch() - 1 WHERE state = 0"
	run "$SHOWMILL" digest send --yes
	[ "$status" = 0 ]
	[ "$(got | sort -u | wc -l)" = 6 ]
}

# ---- wrong values ----

@test "a wrong value of each key is named with its file and line" {
	friends 1
	# Of several canaries the wrong one's line counts.
	show 'canary = friend1@example.net'
	while IFS='|' read -r where line what; do
		cp config.ini config.bak
		cp feeds/mini/show.ini show.bak
		if [ "$where" = config ]; then file=config.ini; else file=feeds/mini/show.ini; fi
		echo "$line" >> $file
		number=$(wc -l < $file)
		run send --at $at
		echo "$line -> $status $output"
		[ "$status" = 78 ]
		[[ $output == *"$file:$number: error: "*"$what"* ]]
		mv config.bak config.ini
		mv show.bak feeds/mini/show.ini
	done <<-'END'
	config|connections = 0|connections
	config|connections = 65|1 to 64
	config|connections = many|connections
	config|rate = 20|such as 20/s
	config|rate = 0/s|such as 20/s
	config|rate = 2000/s|such as 20/s
	config|rate = 20/week|such as 20/s
	config|domain_rate = example.org|behind the @), a blank, and
	config|domain_rate = 5/s|behind the @), a blank, and
	config|domain_rate = example.org 5|behind the @), a blank, and
	config|domain_rate = example.org  5/y|behind the @), a blank, and
	config|domain_rate = me@example.org 5/s|behind the @), a blank, and
	config|domain_rate = not..one 5/s|is no domain
	config|retry_for = long|retry_for
	config|retry_for = 5|retry_for
	config|stop_refused = 0|stop_refused
	config|stop_refused = 101|1 to 100
	config|stop_refused = 50%|stop_refused
	show|send_at = 9:00|a time of day such as 09:00, or 09:00 local
	show|send_at = 24:00|a time of day
	show|send_at = 09:60|a time of day
	show|send_at = 09:00 Local|a time of day
	show|send_at = 09:00local|a time of day
	show|send_at = morning|a time of day
	show|quiet_hours = 22:00|two times of day
	show|quiet_hours = 22:00-25:00|two times of day
	show|quiet_hours = 22:00-22:00|the two times must differ
	show|quiet_hours = 22:00-07:00 local|two times of day
	show|quiet_hours = 22:00 - 07:00|two times of day
	show|canary = nobody|has no @
	END
	config 'domain_rate = example.org 5/s' 'domain_rate = EXAMPLE.org 6/s'
	run send --at $at
	echo "$output"
	[ "$status" = 78 ]
	[[ $output == *"config.ini:4: error: domain_rate: \`EXAMPLE.org\` has one already"* ]]
	[ ! -e mail ]
}

# ---- what a run tells ----

@test "on a terminal: a bar, and a clean line at the end" {
	need_terminal
	friends 20
	sink_start 'delay end 60'
	to_sink
	run --separate-stderr answer -- "$SHOWMILL" digest send --yes --at $at
	printf '%q\n' "$output" | tail -n 3
	[ "$status" = 0 ]
	[[ $output =~ \[#+\.+\]' '[0-9]+' of 20' ]]
	[[ $output == *" of 20, "*"/s, "*" to go"* ]]
	# All of it is wiped: behind the last bar the line is emptied.
	behind=${output##*\] [0-9]}
	[[ $behind == *$'\r\e[K'* ]]
	[[ ${behind##*$'\r\e[K'} == *"2026-W02: 20 sent"* ]]
	[[ ${behind##*$'\r\e[K'} != *"["* ]]
	# On a narrow one the bar stays on its line.
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	COLUMNS=30 run --separate-stderr answer -- "$SHOWMILL" digest send --yes --at 2026-01-14
	[ "$status" = 0 ]
	widest=$(tr '\r' '\n' <<<"$output" | grep -a -o '\[[#.]\{20\}\].*' | awk '{ if (length > w) w = length } END { print w + 0 }')
	echo "$widest"
	[ "$widest" -ge 26 ]
	[ "$widest" -le 29 ]
}

@test "systemd is told that it is ready, how it stands, and that it lives" {
	ldd "$SHOWMILL" | grep -q libsystemd || skip "built without libsystemd"
	friends 25
	sink_start 'delay end 60'
	to_sink
	run /usr/bin/python3 - "$SHOWMILL" <<-'PY'
	import os, socket, subprocess, sys
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.bind("notify")
	s.settimeout(20)
	env = dict(os.environ, NOTIFY_SOCKET=os.path.abspath("notify"))
	p = subprocess.Popen([sys.argv[1], "-q", "digest", "send", "--yes", "--at", "2026-01-06"], env=env)
	first = s.recv(4096).decode()
	print(first)
	code = p.wait()
	s.setblocking(False)
	n = 1
	try:
	    while last := s.recv(4096).decode():
	        n += 1
	except BlockingIOError:
	    pass
	print(last)
	print("messages", n)
	sys.exit(code)
	PY
	echo "$output"
	[ "$status" = 0 ]
	[ "${lines[0]}" = READY=1 ]
	[ "${lines[2]}" = WATCHDOG=1 ]
	[[ $output =~ "STATUS=2026-W02: "[0-9]+" of 25" ]]
	# Once a second, and not for each friend.
	[[ ${lines[-1]} =~ ^"messages "[1-9]$ ]]
}

# ---- signals, with several connections ----

@test "SIGHUP lets what is under way end; nohup ignores it" {
	friends 40
	sink_start 'delay end 100'
	to_sink
	config 'connections = 4'
	send --at $at > out 2>&1 3>&- &
	until_true at_least 6
	kill -HUP "$(pgrep -P $! -x showmill || echo $!)"
	wait $! && status=0 || status=$?
	cat out
	[ "$status" = 75 ]
	[ "$(got_lines)" -lt 40 ]
	[[ "$(cat out)" == *"2026-W02: $(got_lines) sent, $((40 - $(got_lines))) waiting"* ]]
	none_held
	before=$(got_lines)
	nohup "$SHOWMILL" digest send --yes --at $at > out 2>&1 3>&- &
	pid=$!
	until_true at_least $((before + 6))
	kill -HUP $pid
	wait $pid && status=0 || status=$?
	cat out
	[ "$status" = 0 ]
	all_once 40
}

@test "resend that is stopped leaves those who had not had their turn as they were" {
	friends 30
	sink_start 'on rcpt friend1@* 250 2.1.5 Ok
on rcpt * 550 5.1.1 no'
	to_sink
	config 'stop_refused = 100'
	run send --at $at
	echo "$output"
	[ "$(sql 'SELECT count(*) FROM deliveries WHERE state = 5')" = 29 ]
	sink_stop
	sink_start 'delay end 200'
	to_sink
	"$SHOWMILL" digest resend --failed --yes > out 2>&1 3>&- &
	pid=$!
	until_true at_least 4
	kill -TERM $pid
	wait $pid && status=0 || status=$?
	cat out
	[ "$status" = 75 ]
	sent=$(sql 'SELECT count(*) FROM deliveries WHERE state = 3')
	[ "$sent" -lt 20 ]
	[ "$(sql 'SELECT count(*) FROM deliveries WHERE state = 5')" = $((30 - sent)) ]
	[ "$(sql "SELECT count(*) FROM deliveries WHERE state = 5 AND code = 550")" = $((30 - sent)) ]
	[ "$(sql 'SELECT count(*) FROM deliveries WHERE state = 5 AND resent > 0')" = 0 ]
	[[ "$(tail -n 1 out)" = *'stopped as asked; `digest resend 2026-W02 --failed` goes on' ]]
	grep -q "sent again to $((sent - 1)) of 29 friends" out
	# By itself nothing of that goes on.
	run send --at $at
	echo "$output"
	[ "$(got | wc -l)" = "$sent" ]
	run "$SHOWMILL" digest resend --failed --yes
	echo "$output"
	[ "$status" = 0 ]
	all_once 30
}

@test "a second SIGINT kills; the next run sends to the rest, and nobody twice" {
	friends 40
	sink_start 'delay end 700'
	to_sink
	config 'connections = 4'
	env --default-signal=INT "$SHOWMILL" digest send --yes --at $at > out 2>&1 3>&- &
	pid=$!
	until_true at_least 3
	kill -INT $pid
	sleep 0.2
	kill -INT $pid
	wait $pid && status=0 || status=$?
	[ "$status" = 130 ]
	sink_stop
	sink_start
	to_sink
	run send --at $at
	echo "$output"
	[ "$(got | uniq -d)" = "" ]
	unknown=$(sql 'SELECT count(*) FROM deliveries WHERE state = 6')
	[ "$unknown" -le 4 ]
	[ "$status" = "$([ "$unknown" = 0 ] && echo 0 || echo 75)" ]
	[ "$(sql 'SELECT count(*) FROM deliveries WHERE state = 3')" = $((40 - unknown)) ]
	none_held
}
