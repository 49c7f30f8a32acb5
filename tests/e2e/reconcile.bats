#!/usr/bin/env bats
# What the relay's mail log says of deliveries, and what is told of an edition.
load site
load peers
load servers

at=2026-01-14

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	servers_make "$BATS_TEST_TMPDIR"
}
teardown() {
	servers_end
	peers_stop
}

# sql STATEMENT: on the ledger.
sql() { /usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect("ledger.db")
print(*("\t".join(map(str, row)) for row in db.execute(sys.argv[1])), sep="\n")
db.commit()' "$1"; }
# edition N: sent to N friends on 14 January at nine, and then all unknown.
edition() {
	friends "$1"
	send -q --at $at
	sql "update editions set frozen = 1768381200" >/dev/null
	sql "update deliveries set state = 6, queue_id = '', text = 'lost',
	    changed = 1768381800" >/dev/null
}
# mid N: the Message-ID of friend N's message, without < >.
mid() {
	local file
	file=$(grep -l "^To: .*friend$1@" mail/new/*)
	sed -n 's/\r$//; s/^Message-ID: <\(.*\)>$/\1/p' "$file"
}
# state N: of friend N's delivery.
state() { sql "select state from deliveries d join friends f on f.id = d.friend where key = 'friend$1@example.net'"; }
# taken QUEUE_ID MESSAGE_ID [SENDER]: a message as Postfix logs it.
taken() {
	echo "Jan 14 09:0$((n++ % 10)):00 mx postfix/cleanup[7]: $1: message-id=<$2>"
	echo "Jan 14 09:09:00 mx postfix/qmgr[8]: $1: from=<${3:-digest@mini.example.org}>, size=900, nrcpt=1 (queue active)"
}
# around FILE: the log begins before the edition, and ends behind it.
around() {
	{ echo "Jan 14 08:00:00 mx postfix/anvil[1]: statistics"
	cat "$1"
	echo "Jan 14 12:00:00 mx postfix/anvil[1]: statistics"; } > "$1.new"
	mv "$1.new" "$1"
}
n=0

@test "reconcile: what the log has counts as sent, the rest stays unknown" {
	edition 4
	{ taken 4AAAAA "$(mid 1)"
	echo "Jan 14 09:09:01 mx postfix/smtp[9]: 4AAAAA: to=<friend1@example.net>, relay=none, status=deferred (timed out)"
	echo "Jan 14 09:09:09 mx postfix/smtp[9]: 4AAAAA: to=<friend1@example.net>, relay=x, status=bounced (host said: 550 no $(printf '\033[31m'))"
	taken 4BBBBB "$(mid 2)" friend2@example.net
	echo "Jan 14 09:09:00 mx postfix/cleanup[7]: 4CCCCC: message-id=<$(mid 3)>"
	} > log
	around log
	cp ledger.db before.db
	run "$SHOWMILL" digest reconcile --log log --dry-run
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"friend1@example.net  accepted "*4AAAAA*"bounced "*"host said: 550 no ?[31m"* ]]
	[[ "$output" == *"friend2@example.net  another sender"* ]]
	[[ "$output" == *"friend3@example.net  not queued"* ]]
	[[ "$output" == *"friend4@example.net  no trace"* ]]
	[[ "$output" == *"the log has 1 of 4 unknown deliveries; they would count as sent"* ]]
	cmp ledger.db before.db
	# A pipe is as good; what cannot be read is told with its name.
	run "$SHOWMILL" digest reconcile --log <(cat log) --dry-run
	echo "$output"
	[[ "$output" == *"the log has 1 of 4 unknown deliveries; they would count as sent"* ]]
	for bad in none .; do
		run "$SHOWMILL" digest reconcile --log $bad --dry-run
		echo "$output"
		[[ "$output" == "$bad: error: cannot be read: "*irectory* ]]
	done
	run "$SHOWMILL" digest reconcile --log log 2026-W03
	[ "$status" = 75 ]
	[[ "$output" == *"the log has 1 of 4 unknown deliveries; they count as sent now"* ]]
	[[ "$output" == *"3 stay unknown"*"2026-W03: 1 sent, 3 unknown" ]]
	[ "$(state 1) $(state 2) $(state 3) $(state 4)" = "3 6 6 6" ]
	[[ "$("$SHOWMILL" digest status --sent --json)" == *'"queue_id": "4AAAAA"'* ]]
	# Again: nothing new, and of what is sent the log tells more.
	run "$SHOWMILL" digest reconcile --log log
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"the log has 0 of 3 unknown deliveries"* ]]
	[[ "$output" == *"of 1 sent before, the log has 0 delivered, 0 delayed and 1"* ]]
	run "$SHOWMILL" -q digest reconcile --log log
	[ "$status" = 75 ]
	[ -z "$output" ]
}

@test "reconcile: nothing is left, and JSON" {
	edition 2
	{ taken 4AAAAA "$(mid 1)"; taken 4BBBBB "$(mid 2)"; } > log
	around log
	run "$SHOWMILL" digest reconcile --json --log - < log
	echo "$output"
	[ "$status" = 0 ]
	/usr/bin/python3 -c '
import json, sys
j = json.loads(sys.argv[1])
assert j["settled"] == 2 and j["left"] == 0 and not j["dry_run"], j
assert j["log"] == {"lines": 6, "from": "2026-01-14T08:00:00Z", "to": "2026-01-14T12:00:00Z"}, j
assert [u["settled"] for u in j["unknown"]] == [True, True]
assert [u["queue_id"] for u in j["unknown"]] == ["4AAAAA", "4BBBBB"]' "$output"
	run "$SHOWMILL" digest reconcile --log log
	[ "$status" = 0 ]
	[[ "$output" == *"no delivery is unknown"* ]]
	run send -q --at 2026-01-20
	[ "$status" = 0 ]
	[ "$(mail_count mail)" = 2 ]
}

@test "reconcile: a log of another time does not count as having no trace" {
	edition 1
	echo "Jan 14 10:00:00 mx postfix/qmgr[8]: 4AAAAA: removed" > log
	run "$SHOWMILL" digest reconcile --log log
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"friend1@example.net  not covered"* ]]
	[[ "$output" == *"of 1 the log does not cover the time"*"--zone"*"1 stays unknown; where no log tells of it, \`digest resend"* ]]
	: > empty
	[[ "$("$SHOWMILL" digest reconcile --log empty)" == *"2026-W03: the log is empty"*"1 stays unknown"* ]]
	# With the older one; and by its zone.
	echo "Jan 14 08:30:00 mx postfix/qmgr[8]: 4AAAAA: removed" > log.1
	[[ "$("$SHOWMILL" digest reconcile --log log.1 --log log)" == *"no trace"* ]]
	[[ "$("$SHOWMILL" digest reconcile --log log.1 --log log --zone -02:00)" == *"not covered"* ]]
}

@test "reconcile: what was sent again is looked for behind that time" {
	edition 1
	taken 4AAAAA "$(mid 1)" > log
	sql "update deliveries set resent = 1768384800, changed = 1768384900" >/dev/null
	around log
	run "$SHOWMILL" digest reconcile --log log
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"before it was sent again"* ]]
	echo "2026-01-14T10:00:00Z mx postfix/cleanup[7]: 4BBBBB: message-id=<$(mid 1)>
2026-01-14T10:00:00Z mx postfix/qmgr[7]: 4BBBBB: from=<digest@mini.example.org>, size=9, nrcpt=1" >> log
	run "$SHOWMILL" digest reconcile --log log
	[ "$status" = 0 ]
}

@test "reconcile: Exim's log, and OpenSMTPD's by address on command" {
	edition 2
	echo "2026-01-14 09:00:00 1vgA1b-000C2d-3e <= digest@mini.example.org H=(x) [127.0.0.1] P=esmtp S=900 id=$(mid 1)
2026-01-14 09:00:01 1vgA1b-000C2d-3e => friend1@example.net R=dnslookup T=remote_smtp
2026-01-14 09:00:01 1vgA1b-000C2d-3e Completed" > log
	"$SHOWMILL" -q digest reconcile --log log || [ $? = 75 ]
	[ "$(state 1) $(state 2)" = "3 6" ]
	echo "Jan 14 09:00:02 mx smtpd[5]: 0a1b2c3d4e5f6071 smtp message msgid=9f8e7d6c size=900 nrcpt=1 proto=ESMTP
Jan 14 09:00:02 mx smtpd[5]: 0a1b2c3d4e5f6071 smtp envelope evpid=9f8e7d6c11223344 from=<digest@mini.example.org> to=<friend2@example.net>
Jan 14 09:00:03 mx smtpd[5]: 0a1b2c3d4e5f6072 mta delivery evpid=9f8e7d6c11223344 from=<digest@mini.example.org> to=<friend2@example.net> rcpt=<-> relay=x delay=1s result=Ok stat=250" > log
	run "$SHOWMILL" digest reconcile --log log
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"friend2@example.net  by address"*9f8e7d6c*delivered* ]]
	[[ "$output" == *"1 was found by address alone"* ]]
	[ "$(state 2)" = 6 ]
	run "$SHOWMILL" digest reconcile --log log --by-address
	[ "$status" = 0 ]
	[ "$(state 2)" = 3 ]
}

@test "reconcile: wrong words and logs that are none" {
	edition 1
	cp ledger.db before.db
	run "$SHOWMILL" digest reconcile
	[ "$status" = 64 ]
	[[ "$output" == *"say which log, by --log FILE"* ]]
	run "$SHOWMILL" digest reconcile --log nowhere
	[ "$status" = 66 ]
	run "$SHOWMILL" digest reconcile --log config.ini
	[ "$status" = 65 ]
	[[ "$output" == *"has no line of Postfix, Exim or OpenSMTPD"* ]]
	gzip -c config.ini > log.gz
	run "$SHOWMILL" digest reconcile --log log.gz
	[ "$status" = 65 ]
	[[ "$output" == *zcat* ]]
	run "$SHOWMILL" digest reconcile --log log --zone Mars/Olympus
	[ "$status" = 64 ]
	run "$SHOWMILL" digest reconcile --log log 2026-W09
	[ "$status" = 64 ]
	# Odd bytes, and a line of 10 MB, around a good one.
	{ head -c 100000 /dev/urandom; echo
	head -c 10000000 /dev/zero; echo
	head -c 10000000 /dev/zero | tr '\0' x; echo
	taken 4AAAAA "$(mid 1)"; } > log
	run "$SHOWMILL" -q digest reconcile --log log
	[ "$status" = 0 ]
}

# ---- a real one ----

# It hands all on to the sink.
@test "reconcile: a real Postfix took what a killed run handed over" {
	friends 3
	sink_start 'on rcpt friend3@* 550 5.1.1 nobody of that name'
	certs_make "$BATS_TEST_TMPDIR"
	postfix_make 'default_transport = smtp' "relayhost = [127.0.0.1]:$SINK_PORT" \
	    'disable_dns_lookups = yes'
	postfix_listen smtpd
	postfix_start
	relay "smtp://127.0.0.1:$PORT"
	send -q --at $at
	sql "update editions set frozen = strftime('%s', 'now') - 3600" >/dev/null
	until_true eval '[ "$(grep -c "status=" "$POSTFIX_LOG")" -ge 3 ]'
	[ "$(sql "select count(*) from deliveries where state = 3 and queue_id <> ''")" = 3 ]
	sql "update deliveries set state = 6, queue_id = '' where id > 1" >/dev/null
	cat "$POSTFIX_LOG"
	run "$SHOWMILL" digest reconcile --log "$POSTFIX_LOG" --zone "$(date +%:z)"
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"friend2@example.net  accepted "*delivered* ]]
	[[ "$output" == *"friend3@example.net  accepted "*bounced*"nobody of that name"* ]]
	[[ "$output" == *"of 1 sent before, the log has 1 delivered"* ]]
	[ "$(state 2) $(state 3)" = "3 3" ]
	# Then it was sent before: it is named all the same.
	run "$SHOWMILL" digest reconcile --log "$POSTFIX_LOG" --zone "$(date +%:z)"
	echo "$output"
	[[ "$output" == *"friend3@example.net  sent before "*bounced*"nobody of that name"* ]]
	[[ "$output" != *friend1@* ]]
	run "$SHOWMILL" --json digest reconcile --log "$POSTFIX_LOG" --zone "$(date +%:z)"
	echo "$output"
	/usr/bin/python3 - "$output" <<-'PY'
	import json, sys
	sent = json.loads(sys.argv[1])["sent_before"]
	assert sent["bounced"] == 1 and sent["delivered"] == 2
	back, = sent["back"]
	assert back["address"] == "friend3@example.net" and back["queue_id"]
	assert "nobody of that name" in back["text"]
	PY
}

# ---- report ----

@test "report: a FIFO, a device and what leads to one stay what they are" {
	edition 1
	mkfifo pipe
	timeout 20 cat pipe >got 3>&- &
	timeout 20 "$SHOWMILL" digest report --out pipe
	wait $!
	[ -p pipe ]
	grep -q '</html>' got
	ln -s /dev/fd/1 out
	"$SHOWMILL" digest report --out out | grep -q '</html>'
	[ -L out ]
	if mknod -m 666 full c 1 7 && { : >full; } 2>/dev/null; then
		run "$SHOWMILL" digest report --out full
		[ "$status" = 74 ]
		[[ $output == *"full: error: cannot be written: No space left"* ]]
		run "$SHOWMILL" feed build --data full --depfile full
		[ "$status" = 74 ]
		[ -c full ]
	fi
}

@test "report: a page of what became of an edition" {
	friends 30
	sink_start 'on rcpt friend1@* 550 5.1.1 <friend1@example.net>: no such user 4A7
on rcpt friend2@* 550 5.1.1 <friend2@example.net>: no such user 4B8
on rcpt friend3@* 451 4.7.1 later'
	to_sink
	send -q --at $at || [ $? = 75 ]
	run "$SHOWMILL" digest report --out report.html
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "2026-W03: the report is report.html" ]
	[ "$(stat -c %a report.html)" = 600 ]
	chmod 644 report.html
	"$SHOWMILL" digest report -q --out report.html
	[ "$(stat -c %a report.html)" = 600 ]
	grep -q '<b>27</b>sent' report.html
	grep -q '<b>2</b>failed' report.html
	grep -q '<td class="n">2</td>.*550.*5\.1\.1.*&lt;…&gt;: no such user #' report.html
	grep -q 'friend2@example.net</td>.*failed' report.html
	grep -q 'friend3@example.net</td>.*deferred' report.html
	[ "$(grep -c 'friend4@' report.html)" = 0 ]
	grep -q '<svg' report.html
	[ "$(grep -Ec '<script|https?://' report.html)" = 0 ]
	"$SHOWMILL" digest report 2026-W03 | cmp - report.html
	run "$SHOWMILL" digest report 2026-W09
	[ "$status" = 64 ]
	run "$SHOWMILL" digest report --out nowhere/report.html
	[ "$status" = 73 ]
	if command -v xmllint >/dev/null; then
		sed '1d; s/<meta \([^>]*\)>/<meta \1\/>/; s/<i \([^>]*\)><\/i>/<i \1\/>/g' report.html | xmllint --noout -
	fi
}

# ---- status ----

@test "status --csv and --json have the same, with times and queue ids" {
	friends 2
	sink_start 'on rcpt friend1@* 550 5.1.1 "no", never'
	to_sink
	send -q --at $at || [ $? = 75 ]
	"$SHOWMILL" digest status 2026-W03 --csv > rows.csv
	cat rows.csv
	"$SHOWMILL" digest status 2026-W03 --json > rows.json
	"$SHOWMILL" digest status --csv > editions.csv
	"$SHOWMILL" digest status --json > editions.json
	/usr/bin/python3 -c '
import csv, json
def same(name):
    a = list(csv.DictReader(open(name + ".csv")))
    b = json.load(open(name + ".json"))
    word = lambda v: {True: "yes", False: "no"}[v] if isinstance(v, bool) else "" if v is None else str(v)
    assert a == [{k: word(v) for k, v in r.items()} for r in b], (a, b)
    return b
rows = same("rows")
assert list(rows[0]) == ["address", "state", "attempts", "code", "answer", "queue_id", "changed", "left", "language", "shows", "due"]
assert rows[0]["answer"] == "5.1.1 \"no\", never" and rows[0]["code"] == 550
assert rows[1]["state"] == "sent" and rows[1]["queue_id"]
assert rows[1]["changed"].endswith("Z") and rows[1]["left"] is False
assert same("editions")[0]["failed"] == 1'
	run "$SHOWMILL" digest status --json --csv
	[ "$status" = 64 ]
	run "$SHOWMILL" digest status --csv --unknown
	[ "$status" = 0 ]
	[ -z "$output" ]
}

@test "status --watch ends when nothing is left, with a line each time" {
	friends 3
	sink_start 'delay end 700'
	to_sink
	send -q --at $at 3>&- &
	pid=$!
	until_true eval '"$SHOWMILL" digest status 2>&1 | grep -q 2026-W03'
	run timeout 20 "$SHOWMILL" digest status --watch=1
	echo "$output"
	[ "$status" = 0 ]
	[ "${#lines[@]}" -gt 1 ]
	[[ "${lines[0]}" == 20*" 2026-W03: "*waiting* ]]
	[[ "${lines[-1]}" == 20*"Z 2026-W03: 3 sent" ]]
	wait $pid
	# What failed is told by the status.
	sql "update deliveries set state = 5 where id = 1" >/dev/null
	run "$SHOWMILL" digest status --watch 2026-W03
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *" 2026-W03: 2 sent, 1 failed"$'\n'*"2026-W03: 1 failed; \`digest status 2026-W03 --failed\` tells who" ]]
}

@test "status --watch ends by a signal, and says wrong words" {
	friends 1
	to_nowhere
	send -q --at $at || [ $? = 75 ]
	"$SHOWMILL" digest status --watch 3>&- > out &
	pid=$!
	until_true test -s out
	kill -TERM $pid
	wait $pid && code=0 || code=$?
	[ "$code" = 75 ]
	# Nobody else is at work, and it says so.
	cat out
	grep -qx '20.*: 1 [a-z]*; no run is at work' out
	# What an earlier run put off is for the next one; send_at is not.
	later="unixepoch('2099-01-01 10:00:00')"
	while IFS='|' read -r set says; do
		sql "UPDATE deliveries SET state = 0, due = $later, $set" >/dev/null
		rm -f out
		"$SHOWMILL" digest status --watch 3>&- > out &
		pid=$!
		until_true test -s out
		kill -TERM $pid
		wait $pid || true
		echo "$set: $(cat out)"
		grep -qx "20.*: 1 waiting; no run is at work$says" out
	done <<-END
		planned = $later|; 1 gets it later, the first at 2099-01-01T10:00:00Z
		planned = 0|
		planned = $later, state = 1, boot = (SELECT max(id) FROM boots)|; 1 gets it later, the first at 2099-01-01T10:00:00Z
	END
	for wrong in --watch=0 --watch=x --watch=99999999 --watch=-1 '--watch --failed' '--watch --json'; do
		run "$SHOWMILL" digest status $wrong
		[ "$status" = 64 ]
	done
	run "$SHOWMILL" digest status --watch 2026-W09
	[ "$status" = 64 ]
}

@test "status --watch is redrawn on a terminal" {
	need_terminal
	friends 2
	sink_start 'delay end 1200'
	to_sink
	send -q --at $at 3>&- &
	pid=$!
	until_true eval '"$SHOWMILL" digest status 2>&1 | grep -q 2026-W03'
	COLUMNS=80 run answer -- "$SHOWMILL" digest status --watch=1
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == EDITION*$'\r\033[5A\033[J'EDITION*"] 2 of 2"*"0 to go" ]]
	wait $pid
	# No line is wider than the terminal: the frame would not be gone over.
	sql "UPDATE deliveries SET state = 0, planned = unixepoch('2099-01-01 10:00:00') WHERE id = 1" >/dev/null
	COLUMNS=50 answer -- /usr/bin/timeout --foreground -s INT 2 "$SHOWMILL" digest status --watch=1 > out || code=$?
	[ "$code" = 124 ]
	cat -v out
	grep -q 'A.*EDITION   FROZEN      ALL  SENT  WAIT  DEFER  FAI…$' out
	grep -qx '2026-W03  2026-01-14    2     1     1      0     …' out
	grep -qx '\[#\{16\}\.\{16\}\] 1 of 2' out
	grep -qx '0 to go; no run is at work' out
	grep -qx '1 gets it later, the first at 2099-01-01T10:00:00Z' out
}
