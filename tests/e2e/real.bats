#!/usr/bin/env bats
# Sending through real mail servers, kind and unkind: Postfix with what it offers
# and what it limits, Dovecot behind it, Postfix's smtp-sink, aiosmtpd.
# shellcheck disable=SC2154 # output and the like are set by bats

bats_require_minimum_version 1.5.0
load site
load peers
load servers

setup_file() { certs_make "$BATS_FILE_TMPDIR"; }

setup() {
	servers_make "$BATS_TEST_TMPDIR"
	site_make
	site_episode 1 2026-01-05 one.mp3
	chmod 600 config.ini
}

teardown() { servers_end; }

# config LINE...: config.ini with these instead of its relay.
config() {
	{ echo 'shows = feeds/*/show.ini'; printf '%s\n' "$@"; } > config.ini
	chmod 600 config.ini
}

send() { timeout 120 "$SHOWMILL" digest send --yes --at 2026-01-14 "$@"; }

# Lines of Postfix's log for messages that it has thrown away, by recipient.
discarded() { sed -n 's/.* to=<\([^>]*\)>.*status=sent (\(discard\|[^)]*example\).*/\1/p' "$POSTFIX_LOG"; }
# each_once N: friend1 ... friendN have one message each, and nobody else has.
each_once() {
	until_true eval '[ "$(discarded | wc -l)" -ge '"$1"' ]' || true
	diff <(for i in $(seq "$1"); do echo "friend$i@example.net"; done | sort) <(discarded | sort)
}

@test "Postfix in the clear, by STARTTLS, by SMTPS, and by SMTPS with a password" {
	local plain starttls smtps sasl
	postfix_make
	postfix_listen smtpd
	plain=$PORT
	postfix_listen smtpd -o smtpd_tls_security_level=encrypt
	starttls=$PORT
	postfix_listen smtpd -o smtpd_tls_wrappermode=yes
	smtps=$PORT
	postfix_listen smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes \
	    -o smtpd_sasl_type=dovecot -o smtpd_sasl_path=private/auth \
	    -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
	sasl=$PORT
	postfix_start
	dovecot_start
	friends 20
	local n=0 lines
	for lines in "relay = smtp://localhost:$plain" \
	    "relay = smtp+starttls://localhost:$starttls;tls_ca_file = $CERTS/ca.pem" \
	    "relay = smtps://localhost:$smtps;tls_ca_file = $CERTS/ca.pem;tls_min = 1.3" \
	    "relay = smtps://localhost:$sasl;tls_ca_file = $CERTS/ca.pem;user = ada@example.org;password = open sesame"; do
		: > "$POSTFIX_LOG"
		site_episode $((2 + n)) 2026-01-$((10 + n)) two.mp3
		IFS=';' read -ra row <<< "$lines"
		config "${row[@]}" 'connections = 4' 'dsn = true'
		run send --episode $((2 + n))
		echo "$lines: $output"
		[ "$status" -eq 0 ]
		[[ $output == *"20 sent"* ]]
		each_once 20
		n=$((n + 1))
	done
}

@test "Postfix refuses and puts off some: each has what is theirs, and the rest go" {
	postfix_make
	postfix_listen smtpd -o "{ smtpd_recipient_restrictions = check_recipient_access inline:{
	    {friend3@example.net=550 5.1.1 no such user} {friend5@example.net=450 4.2.1 mailbox is being moved}
	    {friend7@example.net=450 4.7.1 greylisted} {friend11@example.net=554 5.7.1 not from you} },
	    permit_mynetworks, reject }"
	postfix_start
	friends 20
	config "relay = smtp://localhost:$PORT" 'connections = 3'
	run send
	echo "$output"
	[ "$status" -eq 75 ]
	[[ $output == *"16 sent"*"2 failed"* ]]
	run "$SHOWMILL" digest status --failed
	[[ $output == *"friend3@"*"5.1.1"*"no such user"* ]]
	[[ $output == *"friend11@"*"5.7.1"*"not from you"* ]]
	run "$SHOWMILL" digest status --deferred
	[[ $output == *"friend5@"*"4.2.1"*"being moved"* ]]
	[[ $output == *"friend7@"*"4.7.1"*"greylisted"* ]]
	[ "$(discarded | sort | uniq -d | wc -l)" -eq 0 ]
	sed -i 's/{friend[57]@[^}]*}//g' "$SERVERS/postfix/etc/master.cf"
	postfix_reload
	sleep 1.1
	run send
	echo "$output"
	[ "$status" -eq 75 ]
	[[ $output == *"18 sent"*"2 failed"* ]]
	until_true eval '[ "$(discarded | wc -l)" -ge 18 ]'
	[ "$(discarded | sort -u | wc -l)" -eq 18 ]
	[ "$(discarded | wc -l)" -eq 18 ]
}

# crowd N: as many friends, with names and addresses of every kind.
crowd() {
	/usr/bin/python3 - "$1" > friends.csv <<-'PY'
	import csv, sys
	names = ["Ada", "", "Zoë Müller", "Lee, Bob", 'The "Z"', ". dot first", "山田太郎",
	         "a very long name " * 8, "x\\y", "Ωμέγα " * 16, "=?utf-8?q?no?=", "{{address}}"]
	addresses = ["f%d@example.net", "F%d@Example.ORG", "f.%d+tag@sub.example.com", "f%d@bücher.example",
	             "'f%d'@example.net", '"f %d"@example.net', "f%d@" + "a." * 60 + "example", "%d@1.example",
	             "f%d" + "x" * 55 + "@example.net", "f=%d#!$&*/?^`{|}~@example.net"]
	w = csv.writer(sys.stdout)
	w.writerow(["address", "name"])
	for i in range(int(sys.argv[1])):
	    w.writerow([addresses[i % len(addresses)] % i, names[i % len(names)]])
	PY
	"$SHOWMILL" -q friend import friends.csv
}

@test "through Postfix and Dovecot's LMTP into mailboxes: each message once, octet for octet" {
	local n=5000 begun=$SECONDS
	[ -x /usr/lib/dovecot/imap ] || skip "there is no Dovecot for imap"
	postfix_make 'default_transport = lmtp:unix:private/dovecot-lmtp' 'default_process_limit = 20'
	postfix_listen smtpd
	postfix_start
	dovecot_start lmtp imap
	site_episode 2 2026-01-12 two.mp3 # a first edition has the newest alone
	{ printf 'k1 '; printf 'ab%.0s' $(seq 32); echo; } > keys
	chmod 600 keys
	config "relay = smtp://localhost:$PORT" 'connections = 8' 'verp = true' 'token_key_file = keys'
	crowd "$n"
	cp -r "$SITE" "$BATS_TEST_TMPDIR/copy"
	begun=$SECONDS
	run send
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"$n sent"* ]]
	echo "# $n messages taken within $((SECONDS - begun)) s" >&3
	(cd "$BATS_TEST_TMPDIR/copy" && config 'relay = maildir:mail' 'verp = true' 'token_key_file = keys' &&
	    "$SHOWMILL" -q digest send --yes --at 2026-01-14)
	run /usr/bin/python3 "$BATS_TEST_DIRNAME/mailboxes.py" "$IMAP_PORT" "$BATS_TEST_TMPDIR/copy/mail" "$n"
	echo "${output:0:20000}"
	echo "# compared within $((SECONDS - begun)) s: ${lines[-1]}" >&3
	[ "$status" -eq 0 ]
	run send
	[[ $output == *"nothing"* ]]
	[ "$status" -eq 0 ]
}

@test "Postfix ends the session after some refusals: those that are left go over a new one" {
	postfix_make
	postfix_listen smtpd -o smtpd_tls_wrappermode=yes -o smtpd_hard_error_limit=3 -o smtpd_error_sleep_time=0 -o "{ smtpd_recipient_restrictions =
	    check_recipient_access regexp:{{/friend[1-4].@/ 550 5.1.1 no such user}}, permit_mynetworks, reject }"
	postfix_start
	friends 100
	config "relay = smtps://localhost:$PORT" "tls_ca_file = $CERTS/ca.pem" 'connections = 2' 'stop_refused = 100'
	run send
	echo "$output"
	[ "$status" -eq 75 ]
	[ "$(postfix_count 'too many errors')" -gt 3 ]
	[[ $output == *"60 sent"*"40 failed"* ]]
	until_true eval '[ "$(discarded | wc -l)" -ge 60 ]'
	[ "$(discarded | sort -u | wc -l)" -eq 60 ]
	[ "$(discarded | wc -l)" -eq 60 ]
}

# sound N: what N friends have of smtp-sinks is one message at most, and who has none is
# unknown.
sound() {
	local taken unknown
	taken=$(smtp_sink_taken)
	[ -z "$(uniq -d <<< "$taken")" ]
	unknown=$("$SHOWMILL" digest status --unknown --csv | grep -o 'friend[0-9]*@example.net' | sort)
	[ "$(printf '%s\n%s\n' "$taken" "$unknown" | sort -u | grep -c friend)" -eq "$1" ]
}

@test "smtp-sink refuses, hangs up and says 421 at each command: nobody twice, nobody lost" {
	local wanted words fault
	while IFS='|' read -r wanted fault words; do
		rm -rf ledger.db* "$SERVERS/smtp-sink"
		friends 3
		smtp_sink_start $fault
		config "relay = smtp://127.0.0.1:$SMTP_SINK_PORT" 'connections = 2' 'smtp_timeout = 5'
		run send
		echo "$fault: $status $output"
		[[ $status == $wanted ]]
		[[ $output == *"$words"* ]]
		# What it has written to the file of a message that it then refused.
		case $wanted$fault in 7*-[frAQ]*) rm -f "$SERVERS"/smtp-sink/m.* ;; esac
		smtp_sink_end
		smtp_sink_start
		config "relay = smtp://127.0.0.1:$SMTP_SINK_PORT"
		# What was put off in this second is for the next run.
		sleep 1.1
		for _ in 1 2; do
			run send
			echo "$fault, then: $status $output"
			[ "$status" -eq 0 ] || [[ $output == *unknown* ]]
		done
		sound 3
		smtp_sink_end
	done <<-'ROWS'
	0||3 sent
	0|-P|3 sent
	0|-e -p|3 sent
	0|-N -8 -E|3 sent
	0|-f EHLO|3 sent
	0|-q QUIT|3 sent
	0|-H 1|3 sent
	75|-q CONNECT|lost before the greeting
	75|-q EHLO|lost before the answer to EHLO
	75|-q MAIL|the connection was lost
	75|-q RCPT|the connection was lost
	75|-q DATA|lost before the answer to DATA
	75|-q .|3 unknown
	75|-Q CONNECT|421 4.0.0
	75|-Q EHLO|421 4.0.0
	75|-Q MAIL|Server closing connection
	75|-Q DATA|Server closing connection
	75|-Q .|deferred
	77|-f CONNECT|500 5.3.0
	77|-f MAIL|takes no mail from
	75|-f RCPT|500 5.3.0
	75|-f DATA|500 5.3.0
	75|-f .|500 5.3.0
	7[57]|-A 0|
	75|-r CONNECT|450 4.3.0
	75|-r MAIL|3 deferred
	75|-r .|3 deferred
	ROWS
}

@test "aiosmtpd: in the clear, STARTTLS and SMTPS with a password, a small SIZE, refused recipients" {
	local tls
	need_certs
	friends 4
	cat "$CERTS/good.crt" "$CERTS/ca.pem" > chain.pem
	aiosmtpd_start --refuse 'friend2@*=550 5.1.1 nobody here' --refuse 'friend3@*=451 4.3.0 later'
	config "relay = smtp://127.0.0.1:$AIO_PORT"
	run send
	echo "$output"
	[ "$status" -eq 75 ]
	[[ $output == *"2 sent, 1 deferred, 1 failed"* ]]
	[ "$(cut -f3 "$AIO_DIR/log.tsv" | sort | tr '\n' ' ')" = "friend1@example.net friend4@example.net " ]
	for tls in starttls smtps; do
		rm -f ledger.db*
		friends 4
		aiosmtpd_start --tls "$tls" --cert chain.pem --key "$CERTS/good.key" --user ada --password 'open sesame'
		config "relay = ${tls/#starttls/smtp+starttls}://localhost:$AIO_PORT" "tls_ca_file = $CERTS/ca.pem" \
		    'user = ada' 'password = open sesame' 'connections = 3'
		run send
		echo "$tls: $output"
		[ "$status" -eq 0 ]
		[ "$(cut -f3 "$AIO_DIR/log.tsv" | sort -u | wc -l)" -eq 4 ]
		[ "$(wc -l < "$AIO_DIR/log.tsv")" -eq 4 ]
		sed -i 's/^password = .*/password = open says me/' config.ini
		run send --episode 1 --again
		[ "$status" -eq 77 ]
		[[ $output == *"535 5.7.8"* ]]
	done
	rm -f ledger.db*
	friends 4
	aiosmtpd_start --size 2000
	config "relay = smtp://127.0.0.1:$AIO_PORT"
	run send
	echo "$output"
	[ "$status" -eq 77 ]
	[[ $output == *"no message of this size"* ]]
	run "$SHOWMILL" digest status
	[[ $output == *"  4     0     4  "* ]]
	[ ! -e "$AIO_DIR/log.tsv" ]
}

@test "Postfix takes so many connections from one client: the run goes on with fewer" {
	postfix_make 'smtpd_client_event_limit_exceptions =' 'anvil_rate_time_unit = 2s'
	postfix_listen smtpd -o smtpd_client_connection_count_limit=2
	postfix_start
	friends 300
	config "relay = smtp://localhost:$PORT" 'connections = 8' 'retry_for = 1m'
	run send
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"300 sent"* ]]
	[ "$(postfix_count 'Connection concurrency limit exceeded')" -gt 0 ]
	each_once 300
}

@test "Postfix takes so many messages in a time: the run waits, or ends and the next goes on" {
	postfix_make 'smtpd_client_event_limit_exceptions =' 'anvil_rate_time_unit = 2s'
	postfix_listen smtpd -o smtpd_client_message_rate_limit=15
	postfix_start
	friends 40
	config "relay = smtp://localhost:$PORT" 'connections = 4' 'retry_for = 40s'
	run send
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"40 sent"* ]]
	[ "$(postfix_count 'Message delivery request rate limit exceeded')" -gt 0 ]
	each_once 40
	# The ledger knows now how fast to go.
	rm -f ledger.db*
	friends 40
	: > "$POSTFIX_LOG"
	sed -i 's/^retry_for.*//' config.ini
	run send
	echo "$output"
	[ "$status" -eq 75 ]
	run "$SHOWMILL" digest status --deferred
	[[ $output == *"450"*"too much mail"* ]]
	for _ in $(seq 10); do
		sleep 2.1
		run send
		[ "$status" -ne 0 ] || break
	done
	[ "$status" -eq 0 ]
	each_once 40
}

# A postscreen before an smtpd; PORT is its own.
postscreen() {
	postfix_listen postscreen
	sed -i 's/ inet n - n - - postscreen/ inet n - n - 1 postscreen/' "$SERVERS/postfix/etc/master.cf"
	echo 'smtpd pass - - n - - smtpd' >> "$SERVERS/postfix/etc/master.cf"
}

@test "postscreen: 421 as greeting, and 450 to a client that it does not know yet" {
	postfix_make 'postscreen_greet_wait = 1s' 'postscreen_access_list =' \
	    'postscreen_pipelining_enable = yes' 'postscreen_client_connection_count_limit = 1' \
	    'postscreen_cache_map = internal:x'
	postscreen
	postfix_start
	friends 40
	config "relay = smtp://localhost:$PORT" 'connections = 4' 'retry_for = 1m'
	run send
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"40 sent"* ]]
	[ "$(postfix_count '450 4.3.2')" -gt 0 ]
	[ "$(postfix_count 'CONNECT from .* too many connections')" -gt 0 ]
	each_once 40
}

# ---- addresses with letters outside ASCII

utf8_friends() {
	printf 'address,name\nfriend1@example.net,Ada\nbücher@example.net,Bü\n山田@bücher.example,\nfriend2@example.net,Bo\n' |
	    "$SHOWMILL" -q friend import -
}

@test "SMTPUTF8: aiosmtpd takes such addresses, with or without TLS from the start, and may refuse them" {
	local tls
	need_certs
	cat "$CERTS/good.crt" "$CERTS/ca.pem" > chain.pem
	for tls in starttls smtps; do
		rm -f ledger.db*
		utf8_friends
		aiosmtpd_start --smtputf8 --tls "$tls" --cert chain.pem --key "$CERTS/good.key"
		config "relay = ${tls/#starttls/smtp+starttls}://localhost:$AIO_PORT" "tls_ca_file = $CERTS/ca.pem" 'verp = true'
		run send
		echo "$tls: $output"
		[ "$status" -eq 0 ]
		[[ $output == *"4 sent"* ]]
		diff <(printf '%s\n' bücher@example.net friend1@example.net friend2@example.net 山田@xn--bcher-kva.example | LC_ALL=C sort) \
		    <(cut -f3 "$AIO_DIR/log.tsv" | LC_ALL=C sort)
		[ "$(grep -c SMTPUTF8 "$AIO_DIR/log.tsv")" -eq 2 ]
		# What other programs read in it, and that nothing but the header is so.
		/usr/bin/python3 - "$AIO_DIR" <<-'PY'
		import email, email.policy, glob, sys
		seen = {}
		for name in glob.glob(sys.argv[1] + "/*.eml"):
		    raw = open(name, "rb").read()
		    head, _, body = raw.partition(b"\r\n\r\n")
		    assert body.isascii(), name
		    m = email.message_from_string(raw.decode(), policy=email.policy.SMTPUTF8)
		    to = m["To"].addresses[0]
		    assert head.isascii() == to.addr_spec.isascii(), name
		    assert not m.defects, m.defects
		    seen[to.addr_spec] = to.display_name
		assert seen == {"friend1@example.net": "Ada", "friend2@example.net": "Bo",
		                "bücher@example.net": "Bü", "山田@xn--bcher-kva.example": ""}, seen
		PY
	done
	rm -f ledger.db*
	utf8_friends
	aiosmtpd_start --tls smtps --cert chain.pem --key "$CERTS/good.key"
	config "relay = smtps://localhost:$AIO_PORT" "tls_ca_file = $CERTS/ca.pem"
	run send
	echo "$output"
	[ "$status" -eq 75 ]
	[[ $output == *"2 sent, 2 failed"* ]]
	[ "$(wc -l < "$AIO_DIR/log.tsv")" -eq 2 ]
	run "$SHOWMILL" digest status --failed
	[[ $output == *"bücher@example.net"*"the relay does not take addresses with letters outside ASCII (SMTPUTF8)"* ]]
	# Another relay may.
	aiosmtpd_start --smtputf8 --tls smtps --cert chain.pem --key "$CERTS/good.key"
	config "relay = smtps://localhost:$AIO_PORT" "tls_ca_file = $CERTS/ca.pem"
	"$SHOWMILL" digest resend --failed --yes
	[ "$(wc -l < "$AIO_DIR/log.tsv")" -eq 2 ]
}

@test "SMTPUTF8: through Postfix, with TLS and without; a folder and a program take all" {
	local smtps plain
	postfix_make 'smtputf8_enable = yes'
	postfix_listen smtpd -o smtpd_tls_wrappermode=yes
	smtps=$PORT
	postfix_listen smtpd
	plain=$PORT
	postfix_start
	utf8_friends
	config "relay = smtps://localhost:$smtps" "tls_ca_file = $CERTS/ca.pem" 'dsn = true'
	run send
	echo "$output"
	[ "$status" -eq 0 ]
	until_true eval '[ "$(discarded | wc -l)" -eq 4 ]'
	grep -q 'to=<bücher@example.net>' "$POSTFIX_LOG"
	rm -f ledger.db*
	utf8_friends
	config "relay = smtp://localhost:$plain"
	run send
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"4 sent"* ]]
	until_true eval '[ "$(discarded | wc -l)" -eq 8 ]'
	[ "$(grep -c 'to=<bücher@example.net>' "$POSTFIX_LOG")" -eq 2 ]
	[ "$(grep -c 'to=<山田@' "$POSTFIX_LOG")" -eq 2 ]
	printf '#!/bin/sh\ncat > /dev/null\necho "$@" >> %s/args\n' "$PWD" > prog
	chmod +x prog
	for relay in maildir:mail "sendmail:$PWD/prog"; do
		rm -f ledger.db*
		utf8_friends
		config "relay = $relay"
		run send
		echo "$output"
		[ "$status" -eq 0 ]
	done
	[ "$(mail_count mail)" -eq 4 ]
	grep -q -- '-- bücher@example.net$' args
}

@test "an address with letters outside ASCII is one friend however it is written, and leaves by its token" {
	"$SHOWMILL" friend add 'Bu'$'\xcc\x88''cher@example.net' | grep 'on the list now'
	run "$SHOWMILL" friend add 'bücher@EXAMPLE.net'
	[[ $output == *"was on the list already"* ]]
	config 'relay = maildir:mail'
	send
	token=$(sed -n 's/.*subject=unsubscribe%20\([^>]*\)>.*/\1/p' mail/new/* | tr -d '\r' | head -n 1)
	"$SHOWMILL" friend remove unsubscribe "$token"
	run "$SHOWMILL" friend list
	[ -z "$output" ]
	# Who sends has an address that does for every server.
	sed -i 's/^digest_from.*/digest_from = Show <bücher@mini.example.org>/' feeds/mini/show.ini
	"$SHOWMILL" -q friend add jo@example.org
	run send
	echo "$output"
	[ "$status" -eq 78 ]
	[[ $output == *"show.ini:"*"not ASCII"* ]]
}

@test "a domain that looks like another: a warning, by friend add and for each row of an import" {
	run "$SHOWMILL" friend add 'jo@pаypal.example'
	[ "$status" -eq 0 ]
	[[ $output == *'in the domain of "jo@pаypal.example" `pаypal` has Latin and Cyrillic letters, which look alike'* ]]
	printf 'address\njo@example.org\nal@xn--pypal-4ve.example\nbo@gοogle.example\nmx@пример.example\n' > list.csv
	run "$SHOWMILL" friend import list.csv
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *'list.csv:3: warning: '*'`pаypal` has Latin and Cyrillic'* ]]
	[[ $output == *'list.csv:4: warning: '*'`gοogle` has Latin and Greek'* ]]
	[[ $output != *list.csv:2:* ]]
	[[ $output != *list.csv:5:* ]]
	[ "$("$SHOWMILL" friend list | grep -c @)" -eq 5 ]
}
