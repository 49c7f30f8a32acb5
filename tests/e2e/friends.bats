#!/usr/bin/env bats
# The list of friends: what an import takes, and what it does not.

load site

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
}

teardown() { [ -z "${OPEN:-}" ] || rm -rf "$OPEN"; }

sm() { "$SHOWMILL" "$@"; }
# import CSV [OPTION ...]: from a text with escapes, into a new ledger
import() {
	local text=$1
	shift
	printf "$text" > in.csv
	rm -f ledger.db*
	run sm friend import in.csv "$@"
	echo "$output"
}
# Address and name of those on the list, and of those who have left.
on_list() { sm friend list --json | /usr/bin/python3 -c '
import json, sys
print("\n".join(f["address"] + " " + f["name"] for f in json.load(sys.stdin)))'; }
left() { sm friend list --all --json | /usr/bin/python3 -c '
import json, sys
print("\n".join(f["address"] + " " + f["left"] for f in json.load(sys.stdin) if f.get("left")))'; }

@test "export, a new ledger, import, export: the same, and who left stays away" {
	sm -q friend add 'ann@example.org' --name 'Ann "A", Lee'
	sm -q friend add 'bob@Example.ORG' --name ' blank at both ends '
	sm -q friend add zoe@exämple.net
	sm -q friend add eve@example.org
	sm -q friend remove bob@example.org
	sm -q friend remove eve@example.org
	sm friend export > one.csv
	rm ledger.db*
	run sm friend import one.csv
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2 added,"*"2 have left"* ]]
	[[ "$output" == *"2 newly recorded as having left"* ]]
	[[ "$output" != *"passed over"* ]]
	sm friend export > two.csv
	diff one.csv two.csv
	[ "$(on_list | wc -l)" = 2 ]
	# again, and with --rejoin: still the same
	run sm friend import one.csv --rejoin
	[[ "$output" == "0 added, 0 renamed, 2 known, 0 rejoined, 2 have left" ]]
	sm friend export | diff one.csv -
	# one who has come back since stays, one who left since then leaves
	sm -q friend add eve@example.org --rejoin
	[ "$(on_list | wc -l)" = 3 ]
	run sm friend import one.csv
	echo "$output"
	[[ "$output" == *"3 known, 0 rejoined, 1 have left"*"1 of the known left by the table and joined after that"* ]]
	[ "$(on_list | wc -l)" = 3 ]
	sed 's/^\(eve.*\),.*/\1,2999-01-01/' one.csv > later.csv
	run sm friend import later.csv
	echo "$output"
	[[ "$output" == *"1 newly recorded as having left"* ]]
	[ "$(on_list | wc -l)" = 2 ]
}

@test "who left and came back, by the dates of the table or of the ledger" {
	sm -q friend add a@example.org
	sm -q friend remove a@example.org
	sm -q friend add --rejoin a@example.org
	printf 'address,joined,left\na@example.org,2020-01-01,2021-01-01\n' > old.csv
	run sm friend import old.csv
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org " ]
	# a word is of today
	printf 'address,status\na@example.org,unsubscribed\n' > word.csv
	run sm friend import word.csv
	[ -z "$(on_list)" ]
	import 'address,joined,left\na@example.org,2022-01-01,2021-01-01\nb@example.org,2020-01-01,2021-01-01\n'
	[ "$(on_list)" = "a@example.org " ]
	# joined is not known: an older date is no sign that they came back
	import 'address\na@example.org\n'
	run sm friend import old.csv
	[[ "$output" == *"1 newly recorded as having left"* ]]
	sm friend export > e.csv
	rm -f ledger.db*
	sm -q friend import e.csv
	[ -z "$(on_list)" ]
	import 'address,joined,left,status\na@example.org,2022-01-01,2021-01-01,unsubscribed\n'
	[ -z "$(on_list)" ]
}

@test "two rows of one address: it is the same in any order" {
	for option in '' --rejoin; do
		for rows in 'a@example.org,subscribed\nA@example.org,unsubscribed' 'A@example.org,unsubscribed\na@example.org,subscribed'; do
			import "address,status\n$rows\n" $option
			[ "$status" = 0 ]
			[[ "$output" == *"0 rejoined, 2 have left"*"1 newly recorded"* ]]
			[ -z "$(on_list)" ]
		done
	done
}

@test "who has left is not mailed after an import of their list" {
	sm -q friend add ann@example.org
	sm -q friend add bob@example.org
	sm -q friend remove ann@example.org
	sm friend export > e.csv
	rm ledger.db*
	sm -q friend import e.csv
	sm -q digest send --yes --at 2026-01-06
	[ "$(mail_count mail)" = 1 ]
	grep -q '^To:.*bob@example.org' mail/new/*
}

@test "an import leaves out whom a mail service does not mail" {
	import 'Email Address,First Name,Last Name,Status
a@example.org,Ann,Lee,subscribed
b@example.org,Bob,,Unsubscribed
c@example.org,,Cee,cleaned
d@example.org,Dan,Dee,pending
e@example.org,,Eve,
f@example.org,F,,blocklisted
g@example.org,G,,un-confirmed
' --keep-going
	[ "$status" = 65 ]
	[[ "$output" == *"in.csv:8: error: \`un-confirmed\` in the column \`Status\`"* ]]
	[[ "$output" == *"2 added, 0 renamed, 0 known, 0 rejoined, 2 have left"* ]]
	[[ "$output" == *"1 not added: not confirmed"* ]]
	[[ "$output" == *"1 not added: bounced"* ]]
	[[ "$output" == *"1 not added: wrong row"* ]]
	[ "$(on_list)" = "a@example.org Ann Lee
e@example.org Eve" ]
	[ "$(left | cut -d' ' -f1)" = "b@example.org
f@example.org" ]
	# a later import of plain addresses brings nobody back
	printf 'email\nb@example.org\nf@example.org\n' > later.csv
	run sm friend import later.csv
	[[ "$output" == "0 added, 0 renamed, 0 known, 0 rejoined, 2 have left" ]]
	[ "$(on_list | wc -l)" = 2 ]
}

@test "columns that say yes, no, or when" {
	import 'uuid,email,name,status\nx,a@example.org,A,enabled\nx,b@example.org,B,disabled\nx,c@example.org,C,blocklisted\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org A" ]
	[[ "$output" == *"1 not added: disabled"* ]]
	[ "$(left | cut -d' ' -f1)" = c@example.org ]
	import 'email,subscribed_to_emails,deleted_at\na@example.org,true,\nb@example.org,FALSE,\nc@example.org,true,2021-02-03T04:05:06.000Z\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org " ]
	[[ "$(left)" == "b@example.org 20"*"c@example.org 2021-02-03T04:05:06Z" ]]
	import 'email,UNSUB_TIME,UNSUB_REASON\na@example.org,2021-01-01 10:00:00,bye\nb@example.org,,\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "b@example.org " ]
	[ "$(left)" = "a@example.org 2021-01-01T10:00:00Z" ]
	import 'email,unsubscribed,bounced,Confirmed\na@example.org,no,0,yes\nb@example.org,yes,0,yes\nc@example.org,no,1,yes\nd@example.org,,,n\ne@example.org,yes,1,no\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org " ]
	[ "$(left | cut -d' ' -f1)" = "b@example.org
e@example.org" ]
	[[ "$output" == *"1 not added: bounced"* ]]
	[[ "$output" == *"1 not added: not confirmed"* ]]
	# what is not understood is never taken for consent
	import 'email,subscribed\na@example.org,maybe\n'
	[ "$status" = 65 ]
	[ -z "$(on_list)" ]
	import 'email,status\na@example.org,2021-01-01\n'
	[ "$status" = 65 ]
}

@test "columns that are passed over are named, all in one line" {
	import 'email,name,Member Rating,email,,note\na@example.org,A,5,b@example.org,,hi\n'
	[ "$status" = 0 ]
	[ "$(grep -c 'passed over' <<< "$output")" = 1 ]
	[[ "$output" == *'in.csv:1: warning: passed over: the columns `Member Rating`, `email`, `note` '* ]]
	[ "$(on_list)" = "a@example.org A" ]
	import 'email,Name,Last Name,\na@example.org,Ann,Lee,x\n'
	[ "$(on_list)" = "a@example.org Ann Lee" ]
	[[ "$output" == *'the column number 4 without a name '* ]]
	printf 'email,%s\na@example.org\n' "$(seq -f 'a long column of the number %g' -s, 200)" > in.csv
	run sm friend import in.csv
	[[ "$output" == *"\`a long column of the number 1\`,"*" and "*" more ["* ]]
}

@test "every wrong row is told, with its line, and nobody is added" {
	import 'email,name\na@example.org,A,extra\nb@example.org,"B"x\nc@example.org,C\nLee, Bob <d@example.org>\ne@example.org,E\\0E\nf@example.org,"open\ng@example.org,G,\n,H\n'
	[ "$status" = 65 ]
	for n in 2 3 5 7 9; do [[ "$output" == *"in.csv:$n: error: "* ]]; done
	[[ "$output" == *"in.csv:5: error: \`Lee\` is no address, but there is one in another column"* ]]
	[[ "$output" == *"5 wrong rows; nobody was added"* ]]
	[ -z "$(on_list)" ]
	# As `feed build --keep-going`: what can be done is done, and 65.
	run sm friend import in.csv --keep-going
	[ "$status" = 65 ]
	[[ "$output" == *"5 not added: wrong rows"* ]]
	[[ "$output" == *"error: 5 wrong rows were left out"* ]]
	[ "$(on_list)" = "c@example.org C
e@example.org E\\0E
g@example.org G" ]
	printf 'email,name\na@example.org,A\0B\n' > in.csv
	run sm friend import in.csv
	[ "$status" = 65 ]
	[[ "$output" == *"in.csv:2: error: there is a NUL byte"* ]]
	import 'email;name\ra@example.org;A\rb@example.org;B\r'
	[ "$status" = 0 ]
	[[ "$output" == "2 added,"* ]]
}

@test "tables of other programs' tests" {
	T=$SHARED/suites/subscribers-csv
	[ -d "$T" ] || skip "../shared is not there"
	run sm friend import "$T/ghost-duplicate.csv"
	[ "$status" = 0 ]
	[[ "$output" == "1 added, 0 renamed, 1 known,"* ]]
	run sm friend import "$T/ghost-formula-like.csv"
	[ "$status" = 0 ]
	[[ "$output" == *"the column \`note\`"* ]]
	run sm friend import "$T/ghost-ragged-row.csv"
	[ "$status" = 0 ]
	[[ "$output" == *"2 added,"* ]]
	run sm friend import "$T/ghost-invalid-values.csv" --keep-going
	[[ "$output" == *"csv:3: error: "*"csv:4: error: "*"1 added,"*"2 not added: wrong rows"* ]]
}

@test "friend commands are not about episodes" {
	printf 'x' > feeds/mini/episodes/2-b.md
	echo 'table = none.csv' >> feeds/mini/show.ini
	for c in "add a@example.org" "list" "export" "remove a@example.org"; do
		run sm friend $c
		echo "$output"
		[ "$status" = 0 ]
		[[ "$output" != *error* ]]
	done
	run sm friend import - <<< $'email\nb@example.org'
	[ "$status" = 0 ]
	[ "$output" = "1 added, 0 renamed, 0 known, 0 rejoined, 0 have left" ]
	[ ! -e cache.db ]
}

@test "--show: another show's mistakes are its own" {
	for name in other third; do
		cp -r feeds/mini feeds/$name
		sed -i "s|mini.example|$name.example|; /^guid/d" feeds/$name/show.ini
	done
	printf -- '---\ntitle: [x\n---\n' > feeds/other/episodes/009-x.md
	echo 'colour = red' >> feeds/third/show.ini
	run sm feed build --show mini --out out
	echo "$output"
	[ "$status" = 0 ]
	[ -s out/mini/feed.xml ]
	run sm friend add --show other a@example.org
	[ "$status" = 0 ]
	run sm feed build --show other --out out
	[ "$status" = 65 ]
	run sm feed build --show third --out out
	[ "$status" = 78 ]
	[[ "$output" == *feeds/third/show.ini:*colour* ]]
	# two with one slug: it concerns who asks for one of them
	echo 'slug = other' >> feeds/third/show.ini
	sed -i '/^colour/d' feeds/third/show.ini
	run sm friend list --show mini
	[ "$status" = 0 ]
	run sm friend list --show other
	[ "$status" = 78 ]
	[[ "$output" == *"is that of feeds/other/show.ini too"* ]]
	sed -i 's/^slug.*/colour = red/' feeds/third/show.ini
	run sm feed build --show fourth --out out
	[ "$status" = 64 ]
	run sm feed build --out out
	[ "$status" = 78 ]
}

@test "a file of keys: CRLF, empty lines; what is wrong is told without the key" {
	sm -q friend add a@example.org
	echo 'unsubscribe_url = https://mini.example.org/leave?t=' >> feeds/mini/show.ini
	echo 'token_key_file = keys' >> config.ini
	hex=$(printf '0123456789abcdef%.0s' 1 2 3 4)
	printf '# ours\r\n\r\n  \t\r\nk2 %s \r\nk1 %s\r\n' "$hex" "$hex" > keys
	chmod 600 keys
	sm -q digest send --yes --at 2026-01-06
	grep -rq 'leave?t=3*D*1.k2.mini' mail/new
	for bad in "K1 $hex" " k1 $hex" "k1" "k1 ${hex}0" "$hex"; do
		printf 'k0 %s\n%s\n' zz "$bad" | sed 1d > keys
		run sm digest preview --at 2026-01-06
		echo "$bad: $output"
		[ "$status" = 78 ]
		[[ "$output" == *keys:1:* ]]
		[[ "$output" != *"$hex"* ]]
	done
	# the name by which the ledger's own key stands in tokens
	printf 'l1 %s\n' "$hex" > keys
	run sm digest preview --at 2026-01-06
	[ "$status" = 78 ]
	[[ "$output" == *"keys:1: "*"is the name of the ledger's own key"* ]]
	echo "K1 $hex" > keys
	run sm digest preview --at 2026-01-06
	[[ "$output" == *"small letters a to z"* ]]
}

# ---- the shapes of other services ----

@test "a column for e-mail wins over \`address\`, which is of the post" {
	import 'Email Address,First Name,Last Name,Address,Phone Number\na@example.org,Ann,Lee,"1 Main St, Springfield",555\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org Ann Lee" ]
	[[ "$output" == *"passed over: the columns \`Address\`, \`Phone Number\` "* ]]
	import 'Email Address,Address,UNSUB_TIME,UNSUB_REASON\na@example.org,1 Main St,2021-01-01 10:00:00,spam\n'
	[ "$status" = 0 ]
	[ "$(left)" = "a@example.org 2021-01-01T10:00:00Z" ]
	import 'name,address\nAnn,1 Main St\nBob,\n'
	[ "$status" = 65 ]
	[[ "$output" == *"in.csv:1: error: the column \`address\` has no e-mail address in any row"* ]]
	# one bad row is that row's
	import 'name,address\nAnn,1 Main St\nBob,b@example.org\n'
	[ "$status" = 65 ]
	[[ "$output" == *"in.csv:2: error: "* ]]
}

@test "three shapes of who does not get mail" {
	# Who pays, and who has switched mail off: two things.
	import 'email,active_subscription,expiry,plan,email_disabled,created_at\na@example.org,false,,,false,2020\nb@example.org,true,,,true,2020\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org " ]
	[ "$(left | cut -d' ' -f1)" = b@example.org ]
	import 'email,active_subscription\na@example.org,true\nb@example.org,false\n'
	[ "$(on_list)" = "a@example.org " ]
	import 'email,first_name,state\na@example.org,A,active\nb@example.org,B,cancelled\nc@example.org,C,bounced\nd@example.org,D,complained\ne@example.org,E,inactive\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org A" ]
	[ "$(left | cut -d' ' -f1 | xargs)" = "b@example.org d@example.org" ]
	import 'email,subscriber_type,tags\na@example.org,regular,\nb@example.org,unsubscribed,\nc@example.org,premium,x\n'
	[ "$status" = 0 ]
	[ "$(on_list | cut -d' ' -f1 | xargs)" = "a@example.org c@example.org" ]
	[ "$(left | cut -d' ' -f1)" = b@example.org ]
	# a state of a country says nothing
	import 'email,state\na@example.org,CA\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org " ]
	[[ "$output" == *"passed over: the column \`state\` "* ]]
}

@test "headers in German, French and Spanish, and an address book's" {
	import 'E-Mail-Adresse;Vorname;Nachname\na@example.org;Jörg;Müller\n'
	[ "$(on_list)" = "a@example.org Jörg Müller" ]
	import 'E-Mail;Vorname;Name\na@example.org;Jörg;Müller\n'
	[ "$(on_list)" = "a@example.org Jörg Müller" ]
	import 'Adresse e-mail;Prénom;Nom\na@example.org;Zoë;Noël\n'
	[ "$(on_list)" = "a@example.org Zoë Noël" ]
	import 'Correo electrónico,Nombre,Apellidos\na@example.org,José,Gil Paz\n'
	[ "$(on_list)" = "a@example.org José Gil Paz" ]
	import 'First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value\nAnn,Lee,* Home,a@example.org\n'
	[ "$status" = 0 ]
	[ "$(on_list)" = "a@example.org Ann Lee" ]
	# not in every language is \`Name\` beside the first name the last one
	import 'email,First Name,Name\na@example.org,Ann,Ann Lee\n'
	[ "$(on_list)" = "a@example.org Ann Lee" ]
}

@test "a word of leaving in a column that is passed over stops the import" {
	import 'email,labels\na@example.org,"good, new"\nb@example.org,"old; Un-subscribed"\nc@example.org,Cancelled\nd@example.org,left-handed\n'
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *"in.csv:4: error: \`Cancelled\` in the column \`labels\`, which is passed over"* ]]
	[[ "$output" != *"in.csv:2:"* && "$output" != *"in.csv:5:"* ]]
	[ -z "$(on_list)" ]
	import 'email,labels\na@example.org,"good, new"\nb@example.org,"old; unsubscribed"\n' --keep-going
	[ "$status" = 65 ]
	[ "$(on_list)" = "a@example.org " ]
	[ -z "$(left)" ]
	# who has left anyway is no concern
	import 'email,status,labels\na@example.org,unsubscribed,bounced\n'
	[ "$status" = 0 ]
	[ "$(left | cut -d' ' -f1)" = a@example.org ]
}

# ---- leaving ----

# The token of a friend's message in the maildir.
token_of() { grep -l "^To:.*$1" mail/new/* | xargs sed -n 's/.*?subject=unsubscribe%20\([^>]*\)>.*/\1/p' | head -n 1; }

@test "friend remove takes the token of a request, whoever sent it" {
	for i in 1 2 3 4; do sm -q friend add "f$i@example.org"; done
	sm -q digest send --yes --at 2026-01-06
	for i in 1 2 3 4; do [ -n "$(token_of "f$i@")" ]; done
	run sm friend remove "$(token_of f1@)"
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = "f1@example.org has left the list \`mini\`" ]
	run sm friend remove "unsubscribe $(token_of f2@)"
	[ "$status" = 0 ]
	run sm friend remove Unsubscribe "$(token_of f3@)"
	[ "$status" = 0 ]
	[ "$(on_list)" = "f4@example.org " ]
	# Once more: it is done already.
	run sm friend remove "$(token_of f1@)"
	[ "$status" = 0 ]
	[[ "$output" == "f1@example.org has left the list \`mini\` already, 20"* ]]
	run sm friend remove F2@example.org
	[ "$status" = 0 ]
	[[ "$output" == *already* ]]
	run sm friend remove nobody@example.org
	[ "$status" = 65 ]
	run sm friend remove f4@example.org f1@example.org
	[ "$status" = 64 ]
	[ "$(on_list)" = "f4@example.org " ]
}

@test "a token that is changed, foreign or of nobody is refused" {
	sm -q friend add f1@example.org
	sm -q digest send --yes --at 2026-01-06
	t=$(token_of f1@)
	last=${t: -2:1}
	[ "$last" = A ] && other=B || other=A
	run sm friend remove "${t%??}$other${t: -1}"
	echo "$output"
	[ "$status" = 77 ]
	[[ "$output" == *"was not made with the key \"l1\", or was changed"* ]]
	run sm friend remove "${t%.*}"
	[ "$status" = 65 ]
	[[ "$output" == *"is no unsubscribe token"* ]]
	run sm friend remove "${t/mini/other}"
	[ "$status" = 77 ]
	[[ "$output" == *"of the list \`other\`"* ]]
	run sm friend remove "${t/l1/k9}"
	[ "$status" = 78 ]
	[[ "$output" == *"the token was made with the token key \`k9\`"* ]]
	sm -q digest send --to me@example.org --episode 1 --again --at 2026-01-06
	run sm friend remove "$(token_of me@)"
	[ "$status" = 65 ]
	[[ "$output" == *"of nobody on the list"* ]]
	[ "$(on_list)" = "f1@example.org " ]
	# The ledger's own key stays good beside a file of keys, and the file's is.
	echo 'token_key_file = keys' >> config.ini
	echo "k2 $(printf '0123456789abcdef%.0s' 1 2 3 4)" > keys
	chmod 600 keys
	rm -r mail
	sm -q digest send --yes --episode 1 --again --at 2026-01-06
	[[ "$(token_of f1@)" == 1.k2.* ]]
	run sm friend remove "$(token_of f1@)"
	[ "$status" = 0 ]
	sm -q friend add f1@example.org --rejoin
	run sm friend remove "$t"
	[ "$status" = 0 ]
	[ -z "$(on_list)" ]
}

@test "a table of names alone: a warning, and nobody is added" {
	import 'email,name\n'
	[ "$status" = 0 ]
	[[ "$output" == *"in.csv: warning: there are no rows below the names of the columns; nobody is added"* ]]
	[[ "$output" == *"0 added"* ]]
}

@test "a ledger that was write-protected for a while is written again" {
	ordinary
	"${as[@]}" "$SHOWMILL" -q friend add ann@example.org
	chmod 400 ledger.db
	"${as[@]}" "$SHOWMILL" digest status
	"${as[@]}" "$SHOWMILL" friend list | grep ann@example.org
	"${as[@]}" "$SHOWMILL" friend export | grep ann@example.org
	run "${as[@]}" "$SHOWMILL" friend add bob@example.org
	echo "$output"
	[ "$status" = 73 ]
	[[ "$output" == *"ledger.db: error: is write-protected; make the file and its folder"* ]]
	[ "$(stat -c %a ledger.db-shm)" = 400 ]
	chmod 600 ledger.db
	"${as[@]}" "$SHOWMILL" digest send --yes --at 2026-01-14
	# what another user has made there is named
	[ "$(id -u)" = 0 ] || return 0
	rm -f ledger.db-*
	touch ledger.db-shm
	chmod 444 ledger.db-shm
	run "${as[@]}" "$SHOWMILL" friend add bob@example.org
	echo "$output"
	[ "$status" = 73 ]
	[[ "$output" == *"ledger.db-shm: error: is write-protected, and belongs to the ledger"* ]]
}

@test "a name with characters that turn a text around, or end a line: a warning" {
	run sm friend add ann@example.org --name $'Ann \xe2\x80\xaegro.live\xe2\x80\xac'
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"in the name of ann@example.org there is an unseen character (U+202E), which turns around"* ]]
	sm -q friend remove ann@example.org
	run sm friend add ann@example.org --name $'Ann \xe2\x80\xaegro.live\xe2\x80\xac'
	[[ "$output" == *"has left"* && "$output" != *"U+202E"* ]]
	import 'email,name\nbea@example.org,Bea\xe2\x80\xa8Bcc\ncem@example.org,\xd7\x93\xd7\x9f\xe2\x80\x8f Cohen\njo@pаypal.example,Jo\xe2\x80\xa9\n'
	[ "$status" = 0 ]
	[[ "$output" == *"in.csv:2: warning: "*"(U+2028)"* ]]
	[[ "$output" != *in.csv:3* ]]
	[[ "$output" == *"in.csv:4: warning: "*"look alike"*" [friend-domain]"*"in.csv:4: warning: "*"(U+2029), which ends a line [friend-name]"* ]]
}

@test "an episode's mistake does not keep from the state of the editions" {
	sm -q friend add ann@example.org
	printf -- '---\ntitle: [\n' > "$(find feeds -name episodes)/002-two.md"
	run sm digest send --dry-run
	[ "$status" != 0 ]
	run sm digest status
	echo "$output"
	[ "$status" = 0 ]
	[ "$output" = 'no editions of `mini` yet' ]
}

@test "a ledger at an address of another kind is none, for every command" {
	local scheme command
	for scheme in mysql postgresq postgress file; do
		printf 'shows = feeds/*/show.ini\nledger = %s://u:hidden@x/y\n' $scheme > config.ini
		for command in "friend list" "digest status" "feed build --out out" "digest send --yes"; do
			run sm $command
			echo "$output"
			[ "$status" = 78 ]
			[[ "$output" == *"config.ini:2: error: \`ledger\` begins with \`$scheme://\`"* ]]
			[[ "$output" != *hidden* ]]
			[[ $scheme != postg* || "$output" == *"did you mean postgresql://?"* ]]
			[[ $scheme == postg* || "$output" != *"did you mean"* ]]
		done
	done
	[ -z "$(find . -name 'y*')" ]
}

@test "list and export make no ledger, and bring an older one up to date" {
	[ "$(sm friend list --json)" = "[]" ]
	[ "$(sm friend export | wc -l)" = 1 ]
	[ ! -e ledger.db ]
	sm -q friend add ann@example.org
	/usr/bin/python3 - <<-'PY'
	import sqlite3
	db = sqlite3.connect("ledger.db")
	db.execute("ALTER TABLE deliveries DROP COLUMN deferred")
	db.execute("ALTER TABLE editions DROP COLUMN seal")
	db.execute("ALTER TABLE variants DROP COLUMN seal")
	db.execute("PRAGMA user_version = 4")
	db.commit()
	PY
	run sm digest status
	[[ "$output" == *"is of an older showmill"* ]]
	[ "$(on_list)" = "ann@example.org " ]
	sm digest status
}
