#!/usr/bin/env bats
# The digest, end to end: choosing, sending, never twice.

load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
}
teardown() { peers_stop; }

at=2026-01-14


# The messages of the maildir, read by Python's email: header or part.
mail_field() { /usr/bin/python3 - "$1" "$2" <<'PY'
import sys, os, email, email.policy
d = os.path.join(sys.argv[1], 'new')
for f in sorted(os.listdir(d)):
    m = email.message_from_binary_file(open(os.path.join(d, f), 'rb'), policy=email.policy.default)
    assert not m.defects, m.defects
    print(m.get_body((sys.argv[2],)).get_content() if sys.argv[2] in ('plain', 'html') else m[sys.argv[2]])
PY
}

@test "each friend gets one message, a second run sends nothing" {
	friends 5
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	[ "$status" = 0 ]
	[ "$(mail_count mail)" = 5 ]
	[ "$(mail_field mail To | sort -u | wc -l)" = 5 ]
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 0 ]
	[[ "$output" == *"nothing new"* ]]
	[ "$(mail_count mail)" = 5 ]
	[ "$(stat -c %a ledger.db)" = 600 ]
}

@test "the digest has one title, the sponsor's text in lines, and past editions" {
	friends 1
	site_episode 2 2026-01-12T10:00:00Z two.mp3 "sponsor:
  name: Harbour Tea
  text: $(printf 'words %.0s' {1..30})"
	printf '\n# Heading\n\n## Below `+`\n' >> feeds/mini/episodes/002-the-2.md
	sed -i 's/^\*\*Ada/# Episode number 2\n\n**Ada/' feeds/mini/episodes/002-the-2.md
	"$SHOWMILL" -q digest send --yes --at $at
	html=$(mail_field mail html) plain=$(mail_field mail plain)
	[ "$(grep -c '<h1' <<< "$html")" = 1 ]
	[[ "$(sed 's/ style="[^"]*"//g' <<< "$html")" == *"<h3>Heading</h3>"*"<h4>Below <code>+</code></h4>"* ]]
	[ "$(grep -c 'Episode number 2' <<< "$plain")" = 1 ]
	[[ "$plain" == *'Below "+"'* ]]
	[[ "$plain" == *"Sponsor of this episode: Harbour Tea"$'\n'"words"* ]]
	[ "$(grep words <<< "$plain" | awk 'length > 72' | wc -l)" = 0 ]
	[ "$(grep -c words <<< "$plain")" = 3 ]
	[[ "$html$plain" != *"Past editions"* ]]
	echo 'archive_url = https://mini.example.org/past' >> feeds/mini/show.ini
	"$SHOWMILL" -q digest preview --at $at --episode 2 --again --out look
	grep -q 'href="https://mini.example.org/past".*>Past editions<' look/digest.html
	grep -A1 '^Past editions:' look/digest.txt | grep -q '^https://mini.example.org/past$'
}

@test "a message has its headers, both parts, the name and the way out" {
	"$SHOWMILL" -q friend add zoe@exämple.net --name 'Zoë, of "Foo" & <Bar>'
	echo 'unsubscribe_url = https://mini.example.org/leave?t=' >> feeds/mini/show.ini
	"$SHOWMILL" -q digest send --yes --at $at
	[ "$(mail_field mail Subject | wc -l)" = 1 ]
	[[ "$(mail_field mail From)" == *digest@mini.example.org* ]]
	[ "$(mail_field mail To)" = '"Zoë, of \"Foo\" & <Bar>" <zoe@xn--exmple-cua.net>' ]
	[[ "$(mail_field mail plain)" == *'Hi Zoë, of "Foo" & <Bar>,'* ]]
	[[ "$(mail_field mail html)" == *'Hi Zoë, of &quot;Foo&quot; &amp; &lt;Bar&gt;,'* ]]
	[[ "$(mail_field mail plain)" == *zoe@exämple.net* ]]
	[[ "$(mail_field mail List-Unsubscribe)" == *"<https://mini.example.org/leave?t=1.l1.mini."*"<mailto:digest@mini.example.org?subject=unsubscribe%20"* ]]
	[ "$(mail_field mail List-Unsubscribe-Post)" = "List-Unsubscribe=One-Click" ]
	[[ "$(mail_field mail List-Id)" == *"<mini.mini.example.org>"* ]]
	[[ "$(mail_field mail html)" == *"https://mini.example.org/leave?t=1.l1.mini."* ]]
	[[ "$(mail_field mail plain)" == *"nested & deep"* ]]
	[[ "$(mail_field mail plain)" != *"**"* ]]
	# CRLF everywhere, no line over 998, nothing bare
	run /usr/bin/python3 -c '
import sys, glob
b = open(glob.glob("mail/new/*")[0], "rb").read()
assert b.count(b"\r") == b.count(b"\n") == b.count(b"\r\n")
assert max(map(len, b.split(b"\r\n"))) <= 998'
	[ "$status" = 0 ]
}

@test "a first edition takes the newest; later ones what is new" {
	friends 1
	"$SHOWMILL" -q digest send --yes --at $at
	[[ "$(mail_field mail plain)" == *"Episode number 2"* ]]
	[[ "$(mail_field mail plain)" != *"Episode number 1"* ]]
	site_episode 3 2026-01-19T10:00:00Z https://x.example.org/3.mp3
	echo "probe_map = https://x.example.org/ feeds/mini/media" >> config.ini
	cp feeds/mini/media/one.mp3 feeds/mini/media/3.mp3
	rm -r mail
	"$SHOWMILL" -q digest send --yes --at 2026-01-20
	[ "$(mail_count mail)" = 1 ]
	[[ "$(mail_field mail plain)" == *"Episode number 3"* ]]
	[ "$("$SHOWMILL" digest status --json | grep -c '"edition"')" = 2 ]
}

@test "a scheduled episode is sent on command, and the weekly run leaves it out" {
	friends 1
	"$SHOWMILL" -q digest send --yes --at $at
	site_episode 3 2026-01-19T10:00:00Z three.mp3
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	"$SHOWMILL" -q digest send --yes --at 2026-01-16 --episode 3
	[ "$(mail_count mail)" = 2 ]
	run "$SHOWMILL" digest send --yes --at 2026-01-20
	# episode 1 was out before the list began: it is past
	[ "$status" = 0 ]
	[[ "$output" == *"nothing new"* ]]
	[ "$(mail_count mail)" = 2 ]
	run "$SHOWMILL" digest send --yes --episode 3 --at 2026-01-20
	[ "$status" = 77 ]
	"$SHOWMILL" -q digest send --yes --episode 3 --again --at 2026-01-20
	[ "$(mail_count mail)" = 3 ]
}

@test "--dry-run and --to record nothing" {
	friends 2
	run "$SHOWMILL" digest send --dry-run --at $at
	[ "$status" = 0 ]
	[[ "$output" == *"Friends  2"* ]]
	[ ! -e mail ]
	run "$SHOWMILL" digest send --to "Me <me@example.org>" --at $at
	[ "$status" = 0 ]
	[ "$(mail_count mail)" = 1 ]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
	"$SHOWMILL" -q digest send --yes --at $at
	[ "$(mail_count mail)" = 3 ]
}

@test "without a terminal --yes is needed" {
	friends 1
	run "$SHOWMILL" digest send --at $at < /dev/null
	[ "$status" = 64 ]
	[[ "$output" == *--yes* ]]
	[ ! -e mail ]
}

@test "one who left gets nothing; an import does not bring them back" {
	friends 3
	"$SHOWMILL" -q friend remove FRIEND2@Example.NET
	friends 3
	"$SHOWMILL" -q digest send --yes --at $at
	[ "$(mail_count mail)" = 2 ]
	[ "$("$SHOWMILL" friend list | grep -c friend)" = 2 ]
	run "$SHOWMILL" friend export
	[ "$(wc -l <<<"$output")" = 4 ]
	"$SHOWMILL" -q friend add friend2@example.net --rejoin
	[ "$("$SHOWMILL" friend list | grep -c friend)" = 3 ]
}

@test "a bad row of an import is named and nobody is added" {
	printf 'email,name\na@example.org,A\nnot an address,B\nc@example.org,"x\ny"\n' > in.csv
	run "$SHOWMILL" friend import in.csv
	[ "$status" = 65 ]
	[[ "$output" == *in.csv:3:* ]]
	[[ "$output" == *in.csv:4:* ]]
	[ -z "$("$SHOWMILL" friend list)" ]
}

@test "broken episodes: 65 and no message" {
	friends 1
	printf -- '---\ntitle: T\ndate: never\n---\n' > feeds/mini/episodes/009-x.md
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 65 ]
	[ ! -e mail ]
}

@test "a template that asks for an unknown name: 78, with file and line" {
	friends 1
	printf 'one\n{{show.titel}}\n' > templates/digest.txt
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 78 ]
	[[ "$output" == *digest.txt:2:* ]]
	[ ! -e mail ]
}

@test "refusals: deferred are tried again, failed are not, 75 as long as some are left" {
	friends 4
	sink_start 'on rcpt friend2@* 450 4.2.1 busy
on rcpt friend3@* 550 5.1.1 unknown'
	relay "smtp://127.0.0.1:$SINK_PORT"
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"2 sent, 1 deferred, 1 failed"* ]]
	sink_stop
	sink_start
	relay "smtp://127.0.0.1:$SINK_PORT"
	sleep 1.1
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"3 sent, 1 failed"* ]]
	run "$SHOWMILL" digest status 2026-W03 --failed
	[[ "$output" == *friend3@example.net*550* ]]
	run "$SHOWMILL" digest resend --failed --yes
	[ "$status" = 0 ]
	[ "$(cut -f 4 "$SINK_DIR/log.tsv" | sort | uniq -d)" = "" ]
}

@test "no relay: 75, and nothing is lost" {
	friends 3
	sed -i 's#^relay = .*#relay = smtp://127.0.0.1:9#' config.ini
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 75 ]
	sink_start
	relay "smtp://127.0.0.1:$SINK_PORT"
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 0 ]
	[ "$(wc -l < "$SINK_DIR/log.tsv")" = 3 ]
}

@test "two at once: the second is told who holds the lock" {
	friends 2
	sink_start 'dialog
delay data 1500'
	relay "smtp://127.0.0.1:$SINK_PORT"
	"$SHOWMILL" digest send --yes --at $at 3>&- &
	first=$!
	# Once it speaks to the relay it holds the lock, for three seconds more.
	for _ in $(seq 200); do grep -q MAIL "$SINK_DIR/dialog.log" && break; sleep 0.05; done
	kill -0 $first
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 75 ]
	[[ "$output" == *"another \`digest send\` "*": process $first on "*" since 20"* ]]
	wait $first
	[ "$(wc -l < "$SINK_DIR/log.tsv")" = 2 ]
}

@test "SIGTERM ends after the message in flight, the next run sends the rest" {
	friends 6
	sink_start 'delay end 400'
	relay "smtp://127.0.0.1:$SINK_PORT"
	"$SHOWMILL" digest send --yes --at $at 3>&- &
	pid=$!
	sleep 1
	kill -TERM $pid
	wait $pid && status=0 || status=$?
	[ "$status" = 75 ]
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 0 ]
	[ "$(wc -l < "$SINK_DIR/log.tsv")" = 6 ]
	[ -z "$(cut -f 4 "$SINK_DIR/log.tsv" | sort | uniq -d)" ]
}

@test "the preview is what is sent, recipient apart" {
	friends 1
	run "$SHOWMILL" digest preview --at $at --out look --to "Friend 1 <friend1@example.net>"
	[ "$status" = 0 ]
	[ -s look/digest.html ] && [ -s look/digest.txt ] && [ -s look/digest.eml ]
	"$SHOWMILL" -q digest send --yes --at $at
	run /usr/bin/python3 - look/digest.eml mail/new/* <<-'PY'
	import sys, re, email, email.policy
	def read(p):
	    m = email.message_from_binary_file(open(p, 'rb'), policy=email.policy.default)
	    tok = lambda s: re.sub(r'1\.(l1|preview)\.mini\.[\w.-]+', 'TOKEN', s)
	    return [m['subject'], m['from'], m['to'], m['message-id']] + [tok(m.get_body((k,)).get_content()) for k in ('plain', 'html')]
	a, b = read(sys.argv[1]), read(sys.argv[2])
	assert a == b, [x for x in zip(a, b) if x[0] != x[1]]
	PY
	echo "$output"
	[ "$status" = 0 ]
}
