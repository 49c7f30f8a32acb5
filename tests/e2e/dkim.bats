#!/usr/bin/env bats
# Signed messages: whether they are sound when they arrive (python3-dkim), and
# what is refused before anything is sent.

load site
load peers

at=2026-01-14

setup() {
	command -v openssl >/dev/null || skip "openssl is not installed"
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem 2>/dev/null ||
		openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem 2>/dev/null
	openssl genpkey -algorithm ed25519 -out ed.pem
	chmod 600 ./*.pem
	# Of a build that looks for leaks: libopendkim never frees such a key.
	printf 'leak:libopendkim\nleak:libcrypto\n' > leaks
	export LSAN_OPTIONS=suppressions=$PWD/leaks:print_suppressions=0
}
teardown() { peers_stop; }

# Both keys in config.ini; skips where this build signs nothing.
keys() {
	cat >> config.ini <<-INI
	dkim_selector = r1
	dkim_key_file = rsa.pem
	dkim_selector = e1
	dkim_key_file = ed.pem
	INI
	! "$SHOWMILL" digest preview --at $at --out try 2>&1 | grep -q 'built with libopendkim' ||
		skip "this showmill is built without libopendkim"
}

# verify DOMAIN FILE...: each has two sound signatures.
verify() {
	/usr/bin/python3 -c 'import dkim' 2>/dev/null || skip "python3-dkim is not installed"
	/usr/bin/python3 - "$@" <<'PY'
import base64, subprocess, sys
import dkim
def public(key):
    return subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
                          capture_output=True, check=True).stdout
domain = sys.argv[1].encode()
txt = {b"r1._domainkey." + domain + b".": b"v=DKIM1; p=" + base64.b64encode(public("rsa.pem")),
       b"e1._domainkey." + domain + b".": b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public("ed.pem")[-32:])}
for f in sys.argv[2:]:
    raw = open(f, "rb").read()
    raw = raw[raw.index(b"DKIM-Signature:"):]
    assert raw.split(b"\r\n\r\n")[0].count(b"DKIM-Signature:") == 2, f
    for i in range(2):
        assert dkim.DKIM(raw).verify(i, dnsfunc=lambda n, timeout=5: txt.get(n)), (f, i)
print("%d messages are sound" % (len(sys.argv) - 2))
PY
}

@test "each friend's message has two sound signatures, of the time of the freeze" {
	keys
	friends 3
	printf 'unsubscribe_url = https://mini.example.org/leave?t=\nfeedback_id = minishow\n' >> feeds/mini/show.ini
	"$SHOWMILL" -q digest send --yes --at $at
	[ "$(mail_count mail)" = 3 ]
	run verify mini.example.org mail/new/*
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "3 messages are sound" ]
	for f in mail/new/*; do
		[ "$(head -c 16 "$f")" = "DKIM-Signature: " ]
		grep -q "t=$(date -ud $at +%s);" "$f"
	done
	header=$(sed '/^\r$/q' "$(ls mail/new/* | head -1)" | tr -d '\r\n\t ')
	[[ "$header" == *:List-Unsubscribe:List-Unsubscribe-Post:*Feedback-ID:* ]]
}

@test "variants are signed like the edition" {
	keys
	friends 1
	"$SHOWMILL" friend add -q bea@example.net --language de
	"$SHOWMILL" friend add -q cem@example.net --language fr
	"$SHOWMILL" digest send --yes -q --at $at
	[ "$(grep -h '^Subject: ' mail/new/* | wc -l)" = 3 ]
	run verify mini.example.org mail/new/*
	echo "$output"
	[[ "$output" == '3 messages are sound' ]]
}

@test "signatures are sound behind SMTP, too, in a trial copy, and when sent again" {
	keys
	friends 2
	sink_start 'on rcpt friend2@* 550 5.1.1 unknown'
	to_sink
	run "$SHOWMILL" digest send --at $at --to me@example.net
	echo "$output"
	[ "$status" = 0 ]
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 75 ]
	sink_stop
	sink_start
	to_sink
	"$SHOWMILL" -q digest resend --failed --yes
	sink_stop
	[ "$(ls "$SINK_DIR"/*.eml | wc -l)" = 3 ]
	run verify mini.example.org "$SINK_DIR"/*.eml
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "3 messages are sound" ]
}

@test "the preview is signed as the message is, and the same each time" {
	keys
	"$SHOWMILL" -q digest preview --at $at --out a
	"$SHOWMILL" -q digest preview --at $at --out b
	cmp a/digest.eml b/digest.eml
	run verify mini.example.org a/digest.eml
	[ "$status" = 0 ]
}

@test "dkim_domain is whose signature it is, and is told where DMARC will not count it" {
	keys
	echo 'dkim_domain = exämple.org' >> config.ini
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 0 ]
	[[ "$output" == *"config.ini:"*"DMARC"* ]]
	grep -q 'd=xn--exmple-cua.org;' look/digest.eml
	sed -i 's/^dkim_domain.*/dkim_domain = example.org/' config.ini
	run "$SHOWMILL" digest preview --at $at --out look
	[[ "$output" != *DMARC* ]]
	run verify example.org look/digest.eml
	[ "$status" = 0 ]
}

# refused STATUS TEXT...: neither a message nor an edition.
refused() {
	local want=$1
	shift
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	[ "$status" = "$want" ]
	for text; do [[ "$output" == *"$text"* ]]; done
	[ "$(mail_count mail)" = 0 ]
	run "$SHOWMILL" digest status
	[[ "$output" != *2026-W03* ]]
}

@test "keys that do not do are named before anything is sent" {
	keys
	friends 1
	chmod 640 ed.pem
	refused 78 "ed.pem: error: others may read it"
	chmod 600 ed.pem
	mv ed.pem away.pem
	refused 66 ed.pem
	openssl ecparam -genkey -name prime256v1 -noout -out ed.pem
	chmod 600 ed.pem
	refused 78 "ed.pem: error: the private key is neither RSA nor Ed25519"
	head -c 60 away.pem > ed.pem
	refused 78 "ed.pem: error: the private key in it is damaged"
	mv away.pem ed.pem
	echo 'dkim_domain = no domain' >> config.ini
	refused 78 "config.ini:$(wc -l < config.ini): error: dkim_domain"
	sed -i '$d' config.ini
	"$SHOWMILL" -q digest send --yes --at $at
	[ "$(mail_count mail)" = 1 ]
}

@test "a build that signs nothing says so, and sends nothing unsigned" {
	friends 1
	printf 'dkim_selector = r1\ndkim_key_file = rsa.pem\n' >> config.ini
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" != 0 ] || skip "this one signs"
	refused 78 "config.ini:4: error: " "built with libopendkim" libopendkim-dev
}

@test "selectors and keys that do not fit each other: 78 with the line" {
	friends 1
	echo 'dkim_key_file = rsa.pem' >> config.ini
	refused 78 "config.ini:3: error: there are 1 \`dkim_key_file\` and 0 \`dkim_selector\`"
	echo 'dkim_selector = not a name' >> config.ini
	refused 78 "config.ini:4: " "dkim_selector = \`not a name\`"
	sed -i '3,4d' config.ini
	echo 'dkim_selector = r1' >> config.ini
	refused 78 "config.ini:3: error: there are 0 \`dkim_key_file\`"
	sed -i '3s/.*/dkim_domain = example.org/' config.ini
	refused 78 "config.ini:3: error: there are 0 \`dkim_key_file\`"
}
