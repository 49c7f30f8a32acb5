#!/usr/bin/env bats
# Where mail goes: TLS and passwords, several relays, a program, return paths.
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
	friends 3
	chmod 600 config.ini
	PEER_PID=
}

teardown() {
	if [ -n "$PEER_PID" ]; then kill "$PEER_PID" && wait "$PEER_PID" || true; fi
	servers_end
	peers_stop
}

# peer SCHEME ARGUMENT...: a server with TLS and AUTH, at $PEER_URL.
peer() {
	local tls=$1
	shift
	need_certs
	PEER_DIR=$BATS_TEST_TMPDIR/peer
	mkdir -p "$PEER_DIR"
	/usr/bin/python3 "$REPO/tests/peers/tls_peer.py" --dir "$PEER_DIR" \
	    --port-file "$PEER_DIR/port" --tls "$tls" --cert "$CERTS/good.pem" \
	    "$@" >/dev/null 2>&1 3>&- &
	PEER_PID=$!
	until_true [ -s "$PEER_DIR/port" ]
	PEER_PORT=$(cat "$PEER_DIR/port")
}

# config LINE...: config.ini with these instead of its relay.
config() {
	{ echo 'shows = feeds/*/show.ini'; printf '%s\n' "$@"; } > config.ini
	chmod 600 config.ini
}

# These and later ones are due.
send() { "$SHOWMILL" digest send --yes --at 2026-01-14 "$@"; }
trial() { "$SHOWMILL" digest send --at 2026-01-14 --to me@example.org; }

taken() { cat "$PEER_DIR/log.tsv" 2>/dev/null | wc -l; }

@test "a provider with STARTTLS and a password from a command" {
	peer starttls --auth 'PLAIN LOGIN' --user 'ada@example.org' --password 'open sesame'
	config "relay = smtp+starttls://localhost:$PEER_PORT" "tls_ca_file = $CERTS/ca.pem" \
	    'user = ada@example.org' 'password_command = cat secret; echo second' \
	    'messages_per_connection = 2'
	echo 'open sesame' > secret
	# Which is for the web.
	export ALL_PROXY=http://127.0.0.1:9
	run "$SHOWMILL" -v digest send --yes --at 2026-01-14
	[ "$status" -eq 0 ]
	[[ $output == *"3 sent"* ]]
	[[ $output != *sesame* ]]
	[ "$(taken)" -eq 3 ]
	[ "$(grep -c 'AUTH PLAIN' "$PEER_DIR/dialog.log")" -eq 2 ]
	run ! grep -qE $'\tplain\t(AUTH|MAIL)' "$PEER_DIR/dialog.log"
	site_episode 2 2026-01-12 two.mp3
	run trial
	[ "$status" -eq 0 ]
	[[ $output != *sesame* ]]
	[ "$(taken)" -eq 4 ]
}

@test "each other way to tell the password; what others may read is refused" {
	peer smtps --auth 'PLAIN' --user ada --password 'open sesame'
	config "relay = smtps://localhost:$PEER_PORT" "tls_ca_file = $CERTS/ca.pem" \
	    'user = ada' 'password = open sesame'
	chmod 644 config.ini
	run trial
	[ "$status" -ne 0 ]
	[[ $output == *"config.ini:5: "*"chmod 600"* ]]
	[[ $output != *sesame* ]]
	[ "$(taken)" -eq 0 ]
	chmod 600 config.ini
	trial
	[ "$(taken)" -eq 1 ]
	sed -i 's/^password = .*/password_file = secret/' config.ini
	echo 'open sesame' > secret
	chmod 644 secret
	run trial
	[ "$status" -eq 78 ]
	echo "$output"
	[[ $output == *"secret: error: others may read it"* ]]
	chmod 600 secret
	trial
	[ "$(taken)" -eq 2 ]
	sed -i 's/^password_file = .*/password_env = DIGEST_PASSWORD/' config.ini
	run trial
	[ "$status" -eq 78 ]
	[[ $output == *"config.ini:5: "*"password_env is DIGEST_PASSWORD"* ]]
	DIGEST_PASSWORD='open sesame' trial
	[ "$(taken)" -eq 3 ]
	sed -i 's/^password_env = .*/password_command = exit 3/' config.ini
	run trial
	[ "$status" -eq 78 ]
	[[ $output == *"config.ini:5: "*"password_command ended with 3"* ]]
	sed -i 's/^password_command = .*/password_command = true/' config.ini
	run trial
	[ "$status" -eq 78 ]
	[ "$(taken)" -eq 3 ]
}

@test "no AUTH, or a wrong password: nothing leaves, and nobody is lost" {
	peer smtps --auth 'PLAIN' --user ada --password right
	config "relay = smtps://localhost:$PEER_PORT" "tls_ca_file = $CERTS/ca.pem" \
	    'user = ada' 'password = wr0ng-one'
	run send
	[ "$status" -eq 77 ]
	[[ $output == *"535 5.7.8 wrong"* ]]
	[[ $output != *wr0ng-one* ]]
	run ! grep -q MAIL "$PEER_DIR/dialog.log"
	run "$SHOWMILL" digest status
	[[ $output == *"  3     0     3  "* ]]
	sed -i 's/wr0ng-one/right/' config.ini
	send
	[ "$(taken)" -eq 3 ]
}

@test "a certificate that is not trusted: nothing leaves" {
	peer smtps
	config "relay = smtps://localhost:$PEER_PORT"
	run send
	[ "$status" -eq 69 ]
	[[ $output == *"certificate is not trusted"*"tls_ca_file"* ]]
	[ "$(taken)" -eq 0 ]
	config "relay = smtps://127.0.0.1:$PEER_PORT" "tls_ca_file = $CERTS/ca.pem"
	send
	[ "$(taken)" -eq 3 ]
}

@test "several relays: one that cannot be used is told once, the others go on" {
	sink_start 'on connect * 421 4.3.2 busy'
	peer smtps --auth PLAIN --user ada --password right
	config '[relay a]' "url = smtp://127.0.0.1:$SINK_PORT" '[relay b]' \
	    "url = smtps://localhost:$PEER_PORT" "tls_ca_file = $CERTS/ca.pem" \
	    'user = ada' 'password = right' 'weight = 2'
	run send
	[ "$status" -eq 0 ]
	[ "$(grep -c 'going on with the other relays' <<< "$output")" -eq 1 ]
	[[ $output == *"4.3.2 busy"* ]]
	[[ $output == *"3 sent"* ]]
	[ "$(taken)" -eq 3 ]
	site_episode 2 2026-01-12 two.mp3
	kill "$PEER_PID"
	wait "$PEER_PID" || true
	PEER_PID=
	run send
	[ "$status" -eq 75 ]
	run "$SHOWMILL" digest status
	[[ $output == *"2026-W03-2  2026-01-14    3     0     3  "* ]]
}

@test "several relays: what one puts off the other gets in the same run" {
	printf 'dialog\non mail * 421 4.3.2 not now\n' > script
	sink_start "$(cat script)"
	peer smtps
	friends 60
	config 'connections = 4' '[relay a]' "url = smtp://127.0.0.1:$SINK_PORT" \
	    '[relay b]' "url = smtps://localhost:$PEER_PORT" "tls_ca_file = $CERTS/ca.pem"
	run send
	[ "$status" -eq 0 ]
	[[ $output == *"60 sent"* ]]
	[ "$(taken)" -eq 60 ]
	# Three messages of each connection, twice.
	[ "$(grep -c $'\tMAIL FROM' "$SINK_DIR/dialog.log")" -le 24 ]
}

@test "a program that puts off, and a server behind it" {
	sink_start ''
	friends 10
	printf '#!/bin/sh\ncat > /dev/null\nexit 75\n' > prog
	chmod +x prog
	config '[relay a]' "url = sendmail:$PWD/prog" '[relay b]' \
	    "url = smtp://127.0.0.1:$SINK_PORT"
	run send
	[ "$status" -eq 75 ]
	[[ $output == *"7 sent, 3 deferred"* ]]
}

@test "a program instead of a server" {
	cat > prog <<-SH
	#!/bin/sh
	echo "\$@" >> $PWD/args
	cat >> $PWD/got
	case \$* in *friend2*) echo no such user; exit 67 ;; esac
	SH
	chmod +x prog
	config "relay = sendmail:$PWD/prog -x"
	run send
	[ "$status" -eq 75 ]
	[[ $output == *"2 sent, 1 failed"* ]]
	grep -qxF -- '-x -i -f digest@mini.example.org -- friend1@example.net' args
	grep -q '^Subject: ' got
	run ! grep -q $'\r' got
	run "$SHOWMILL" digest status --failed
	[[ $output == *"no such user"* ]]
}

@test "return paths: one for all, or one for each" {
	sink_start dialog
	config "relay = smtp://127.0.0.1:$SINK_PORT" 'bounces_to = returned@example.org' 'dsn = true'
	send
	[ "$(grep -cE 'MAIL FROM:<returned@example.org> .*ENVID=2026-W03\.[A-Za-z0-9_-]{16}( |$)' "$SINK_DIR/dialog.log")" -eq 3 ]
	grep -q 'RCPT TO:<friend3@example.net> NOTIFY=FAILURE,DELAY ORCPT=rfc822;friend3@example.net' "$SINK_DIR/dialog.log"
	[ "$(cut -f3 "$SINK_DIR/log.tsv" | sort -u)" = returned@example.org ]
	site_episode 2 2026-01-12 two.mp3
	config "relay = smtp://127.0.0.1:$SINK_PORT" 'verp = true'
	send
	[ "$(grep -c ENVID "$SINK_DIR/dialog.log")" -eq 3 ]
	[ "$(tail -n 3 "$SINK_DIR/log.tsv" | cut -f3 | sort -u | grep -cE '^bounces\+[0-9]{4}-w[0-9]{2}(-[0-9]+)?\.[a-z2-7]{20}\.[a-z2-7]{16}@mini\.example\.org$')" -eq 3 ]
	config "relay = smtp://127.0.0.1:$SINK_PORT" 'verp = true' \
	    'bounces_to = a-rather-long-name@example.org'
	run send
	[ "$status" -eq 78 ]
	[[ $output == *"config.ini:4: "*"before the @"* ]]
}

@test "keys that do not go together are told by line" {
	local row lines wanted
	while IFS='|' read -r wanted lines; do
		IFS=';' read -ra row <<< "$lines"
		config "${row[@]}"
		run trial
		echo "$lines: $output"
		[ "$status" -ne 0 ]
		[[ $output == *"config.ini:${wanted%%: *}: "*"${wanted#*: }"* ]]
		[[ $output != *sesame* ]]
	done <<-'ROWS'
	3: `user` wants a password|relay = smtps://a.example;user = ada
	3: `password` is of no use|relay = smtps://a.example;password = sesame
	5: there is `password` already|relay = smtps://a.example;user = a;password = sesame;password_env = X
	2: `relay` is "smtp://a.example"|relay = smtp://a.example;user = a;password = sesame
	3: `user` is for mail servers|relay = maildir:x;user = a;password = sesame
	3: `tls_min` is for smtps://|relay = smtp://localhost;tls_min = 1.3
	3: `tls_key_file` is of no use|relay = smtps://a.example;tls_key_file = x
	3: auth = `digest-md5`|relay = smtps://a.example;auth = digest-md5
	2: [relay A]: it wants|[relay A];url = smtps://a.example
	4: [relay a] is on line 2|[relay a];url = smtps://a.example;[relay a];url = smtps://b.example
	2: `url` is missing|[relay a];weight = 2
	3: `weight` belongs into a section [relay NAME]|relay = smtps://a.example;weight = 2
	2: `user` is for `relay`|user = x;password = sesame;[relay a];url = smtps://a.example
	2: `relay` is "smtps:a"|relay = smtps:a
	2: `relay` is "sendmail:x"|relay = sendmail:x
	ROWS
}

# ---- a real server; real.bats has more

# Sets PORT_A (STARTTLS) and PORT_B (SMTPS).
postfix_of_two() {
	postfix_make 'smtpd_recipient_restrictions = check_recipient_access inline:{ { friend2@example.net = 550 5.1.1 no such user } }, permit_mynetworks, reject'
	postfix_listen smtpd -o smtpd_tls_security_level=encrypt
	PORT_A=$PORT
	postfix_listen smtpd -o smtpd_tls_wrappermode=yes
	PORT_B=$PORT
	postfix_start
}

@test "Postfix: STARTTLS, SMTPS, notices, and a refusal in the middle" {
	postfix_of_two
	config "relay = smtp+starttls://localhost:$PORT_A" "tls_ca_file = $CERTS/ca.pem" 'dsn = true'
	run send
	cat "$POSTFIX_LOG"
	[ "$status" -eq 75 ]
	[[ $output == *"2 sent, 1 failed"* ]]
	run "$SHOWMILL" digest status --failed
	[[ $output == *"5.1.1"*"no such user"* ]]
	run "$SHOWMILL" digest status --sent
	[[ $output == *"queued as"* ]]
	"$SHOWMILL" -q friend remove friend2@example.net
	site_episode 2 2026-01-12 two.mp3
	config "relay = smtps://localhost:$PORT_B" "tls_ca_file = $CERTS/ca.pem" \
	    'messages_per_connection = 1' 'tls_min = 1.3'
	send
	until_true eval '[ "$(postfix_count status=sent)" -eq 4 ]'
	config "relay = smtp+starttls://localhost:$PORT_A" "tls_ca_file = $CERTS/ca.pem" \
	    'user = a' 'password = b'
	site_episode 3 2026-01-13 two.mp3
	run trial
	[ "$status" -eq 77 ]
	[[ $output == *"offers no AUTH"* ]]
}

@test "Postfix with Dovecot's AUTH: no relaying without a password, and with it" {
	postfix_of_two
	dovecot_start
	postconf -c "$SERVERS/postfix/etc" -e smtpd_sasl_type=dovecot \
	    smtpd_sasl_path=private/auth smtpd_sasl_auth_enable=yes \
	    'smtpd_recipient_restrictions=permit_sasl_authenticated, reject'
	postfix_reload
	config "relay = smtp+starttls://localhost:$PORT_A" "tls_ca_file = $CERTS/ca.pem"
	run send
	echo "$output"
	[ "$status" -eq 75 ]
	[[ $output == *"refused, and it cannot be told"* ]]
	config "relay = smtp+starttls://localhost:$PORT_A" "tls_ca_file = $CERTS/ca.pem" \
	    'user = ada@example.org' 'password = open says me'
	sleep 1.1
	run send
	[ "$status" -eq 77 ]
	[[ $output == *"535 5.7.8"* ]]
	for auth in plain login cram-md5; do
		config "relay = smtps://localhost:$PORT_B" "tls_ca_file = $CERTS/ca.pem" \
		    'user = ada@example.org' 'password = open sesame' "auth = $auth"
		"$SHOWMILL" digest send --at 2026-01-14 --to "$auth@example.org" --episode 1 --again
	done
	sleep 1.1
	run send
	[ "$status" -eq 0 ]
	[[ $output == *"3 sent"* ]]
}
