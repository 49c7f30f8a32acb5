#!/usr/bin/env bats
# What a beginner meets: the words of messages, help, lists and examples.

load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
}
teardown() { peers_stop; }

at=2026-02-01
notes=feeds/mini/episodes/001-the-1.md

sm() { "$SHOWMILL" "$@"; }
commands() { sm help | awk '/^  (feed|digest|friend|episode) /{ print $1, $2 }'; }
# says STATUS TEXT COMMAND...
says() {
	local status_wanted=$1 text=$2

	shift 2
	run "$SHOWMILL" "$@"
	echo "$status: $output"
	[ "$status" = "$status_wanted" ] && [[ "$output" == *"$text"* ]]
}

# ---- messages on files ----

@test "every message on a file is file:line: error: text [rule]" {
	is_one() {
		echo "$output"
		[ "$(grep -cE '^[^ ]+(:[0-9]+)?: error: .* \[[a-z-]+\]$' <<<"$output")" = 1 ]
		if grep -q '^showmill: error: [^ ]*[/.][a-z]*:' <<<"$output"; then return 1; fi
	}
	echo '{{nonsense}}' >> templates/digest.txt
	says 78 "templates/digest.txt:$(wc -l < templates/digest.txt): error: unknown name" digest preview --at $at
	[[ "$output" == *'[template]' ]]
	is_one
	cp "$REPO/templates/digest.txt" templates/
	printf 'a\nb\n' > templates/digest.subject
	says 78 'templates/digest.subject:1: error: this gives more than one line' digest preview --at $at
	is_one
	cp "$REPO/templates/digest.subject" templates/

	printf 'mail-address,name\nada@example.org,Ada\n' > lo.csv
	says 65 'lo.csv:1: error: ' friend import lo.csv
	is_one

	sed -i 's/^digest_from.*/digest_from = Nobody/' feeds/mini/show.ini
	line=$(grep -n ^digest_from feeds/mini/show.ini | cut -d: -f1)
	says 78 "feeds/mini/show.ini:$line: error: digest_from: " digest send --dry-run --at $at
	is_one
	says 78 "feeds/mini/show.ini:$line: error: digest_from: " digest preview --at $at
	sed -i '/^digest_from/d' feeds/mini/show.ini
	says 78 'feeds/mini/show.ini: error: `digest_from` is missing' digest send --yes --at $at
	[[ "$output" == *'[option-missing]' ]]

	mkdir feeds/other
	sed -e 's#mini#second#g; s/^guid.*//' feeds/mini/show.ini > feeds/other/show.ini
	echo 'slug = mini' >> feeds/other/show.ini
	says 78 "feeds/other/show.ini:$(wc -l < feeds/other/show.ini): error: the slug \`mini\` is that of feeds/mini/show.ini too" episode list
	[[ "$output" == *'[show-twice]' ]]
}

@test "a finding stands at the line of its own key" {
	site_episode 2 2026-01-12T10:00:00Z two.mp3 'draft: true'
	says 65 "$PWD/feeds" digest preview --episode 2 -c "$PWD/config.ini"
	line=$(grep -n ^draft feeds/mini/episodes/002-the-2.md | cut -d: -f1)
	says 65 "002-the-2.md:$line: error: is a draft" digest preview --episode 2
	sed -i 's/^number: 2/number: 1/; /^draft/d' feeds/mini/episodes/002-the-2.md
	says 65 '002-the-2.md:3: error: the number 1 is that of' feed build --at $at
	# One that comes of the file's name has no line of its own.
	rm feeds/mini/episodes/*
	sed -i '/^episode_url/d' feeds/mini/show.ini
	for f in 'a one full' 'b two full'; do
		set -- $f
		site_episode 1 2026-01-05T10:00:00Z $2.mp3 'guid: same'
		mv $notes feeds/mini/episodes/00$1-x.md
		sed -i '/^number/d' feeds/mini/episodes/00$1-x.md
	done
	says 65 '00b-x.md:5: error: the guid same is that of' feed build --at $at
}

@test "media_dir that is no folder is one error, at its line" {
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	sed -i 's/^media_dir.*/media_dir = audoi/' feeds/mini/show.ini
	line=$(grep -n ^media_dir feeds/mini/show.ini | cut -d: -f1)
	says 65 "feeds/mini/show.ini:$line: error: media_dir: there is no folder \`feeds/mini/audoi\`" feed build --at $at
	[ "$(grep -c 'error: .*\[' <<<"$output")" = 1 ]
	says 65 '1 error; 2 episodes were left out' feed build --at $at --keep-going
	says 65 "feeds/mini/show.ini:$line: error: media_dir: " digest preview --at $at
	# By its address too.
	sed -i 's#^audio: #audio: https://mini.example.org/media/#' feeds/mini/episodes/*
	says 65 "feeds/mini/show.ini:$line: error: media_dir: " feed build --at $at
	[ "$(grep -c 'error: .*\[' <<<"$output")" = 1 ]
	# What needs no audio needs no folder.
	says 0 '' episode new X
}

@test "a draft without a title stops nothing, an empty operand makes none" {
	says 64 'the title is empty' episode new ""
	says 64 'the title is empty' episode new " "
	[ "$(ls feeds/mini/episodes | wc -l)" = 1 ]
	site_episode 2 2026-01-12T10:00:00Z two.mp3 'draft: true'
	sed -i 's/^title.*/title: ""/; /^\*\*/d' feeds/mini/episodes/002-the-2.md
	says 0 '002-the-2.md:2: warning: the draft has no title' feed build --at $at --out out
	[ "$(grep -c '<item>' out/feed.xml)" = 1 ]
	says 0 Untitled episode list
	says 0 003-three.md episode new Three
	sed -i '/^draft/d' feeds/mini/episodes/002-the-2.md
	says 65 '002-the-2.md:2: error: the episode has no title' feed build --at $at --out out
}

@test "an ini in Latin-1: each line, and nothing that is not so" {
	sed -i $'s/^title.*/title = K\xe4se/; s/^description.*/description = f\xfcr Tests/' feeds/mini/show.ini
	says 78 'feeds/mini/show.ini:1: error: this line is not valid UTF-8; save the file as UTF-8 [ini-syntax]' feed build --at $at
	[ "$(grep -c '\[[a-z-]*\]$' <<<"$output")" = 2 ]
	[[ "$output" != *missing* ]]
}

@test "YAML that wants quotes: the line and what to write" {
	sed -i 's/^title.*/title: Kaese: ein Test/' $notes
	says 65 '001-the-1.md:2: error: the front matter is no YAML: ' feed build --at $at
	[[ "$output" == *'`title: Kaese: ein Test`: write the value in "double quotes"'* ]]
	sed -i "s/^title.*/title: 'Joerg's Tricks'/" $notes
	says 65 '001-the-1.md:2: error: ' feed build --at $at
	[[ "$output" == *'double quotes'* ]]
}

@test "no duration is a warning of feed build alone, and ten are enough" {
	mkdir web
	head -c 500 /dev/zero > web/far.mp3
	http_start "$PWD/web"
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	site_episode 2 2026-01-12T10:00:00Z https://cdn.example.org/far.mp3
	says 0 '002-the-2.md:2: warning: ' feed build --at $at --out out
	[ "$(grep -c episode-no-duration <<<"$output")" = 1 ]
	says 0 '' digest preview --at $at
	[[ "$output" != *episode-no-duration* ]]
	sed -i 's/^number: 2/number: 2\nduration: 1:02/' feeds/mini/episodes/002-the-2.md
	says 0 '' feed build --at $at --out out
	[[ "$output" != *episode-no-duration* ]]
	for n in $(seq 3 15); do
		cp web/far.mp3 web/far$n.mp3
		site_episode $n 2026-01-12T10:00:00Z https://cdn.example.org/far$n.mp3
	done
	says 0 '3 more episodes have no duration' feed build --at $at --out out
	[ "$(grep -c episode-no-duration <<<"$output")" = 11 ]
}

@test "http_timeout is named where it would help" {
	site_episode 2 2026-01-12T10:00:00Z http://127.0.0.1:1/far.mp3
	says 69 'look at the address, and whether the server runs' feed build --at $at
	[[ "$output" != *http_timeout* ]]
	site_episode 2 2026-01-12T10:00:00Z http://no-such-host.invalid/far.mp3
	says 68 '; look at the address [' feed build --at $at
	mkdir web
	head -c 500 /dev/zero > web/far.mp3
	http_start "$PWD/web" '/far.mp3 delay 3000'
	echo 'http_timeout = 1' >> config.ini
	site_episode 2 2026-01-12T10:00:00Z "http://127.0.0.1:$HTTP_PORT/far.mp3"
	says 69 'raise http_timeout' feed build --at $at
}

@test "a table's mistakes are told in the order of its lines; a workbook is none" {
	printf 'address,name\nada@example.org,Ada\nnobody,N\nbob@example.org,"B" x\nnothing,\n"c@example.org\n' > in.csv
	says 65 in.csv friend import in.csv
	[ "$(sed -n 's/^in.csv:\([0-9]*\): .*/\1/p' <<<"$output" | tr '\n' ' ')" = '3 4 5 6 ' ]
	printf 'PK\003\004\024\0\xff\xfe' > in.xlsx
	says 65 'in.xlsx: error: this is no text table' friend import in.xlsx
	[[ "$output" == *'export it as CSV'* ]]
	[ "$(grep -c in.xlsx <<<"$output")" = 1 ]
	printf '\xd0\xcf\x11\xe0\xa1\xb1' > in.xls
	says 65 'in.xls: error: this is no text table' friend import in.xls
}

@test "without config.ini it is told what makes one and where the example is" {
	run env -C / "$SHOWMILL" feed build
	[ "$status" = 78 ]
	[[ "$output" == "showmill: error: there is no config.ini"*'`showmill init`'*"config.example.ini"* ]]
}

# ---- help ----

@test "help: of all, of a group, of a command, in each way to ask" {
	overview=$(sm --help)
	[ "$(commands | wc -l)" -ge 13 ]
	for way in -h help; do [ "$(sm $way)" = "$overview" ]; done
	for group in feed digest friend episode; do
		text=$(sm $group --help)
		[ "$(sm help $group)" = "$text" ]
		[ "$(sm $group help)" = "$text" ]
		[ "$(sm -h $group)" = "$text" ]
		# Its commands, all of them and no other.
		[ "$(awk '/^  /{ print $1, $2 }' <<<"$text")" = "$(commands | grep "^$group ")" ]
		run "$SHOWMILL" $group
		[ "$status" = 64 ]
		[ "$output" = "$text" ]
	done
	[ "$("$BUILD/digest" --help)" = "$(sm digest --help)" ]
	[ "$("$BUILD/digest" help send)" = "$(sm digest send --help)" ]
	while read -r group command; do
		text=$(sm $group $command --help)
		[[ "$text" == "usage: showmill $group $command "* ]]
		[ "$(sm help $group $command)" = "$text" ]
		[ "$(sm $group $command -h)" = "$text" ]
	done < <(commands)
}

@test "help fits 80 columns, and so do lists" {
	need_terminal
	{ sm help; for g in feed digest friend episode; do sm help $g; done
	while read -r group command; do sm help $group $command; done < <(commands); } > all
	[ "$(wc -l < all)" -gt 100 ]
	[ -z "$(grep -nE '^.{80}' all)" ]
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	sed -i 's/^title.*/title: "A title that is very long, longer than a line of a terminal has room for, ä ö ü"/' feeds/mini/episodes/002-the-2.md
	run /usr/bin/python3 "$REPO/tests/e2e/terminal.py" -- "$SHOWMILL" episode list --at $at
	echo "$output"
	[ "$status" = 0 ]
	[ -z "$(grep -E '^.{81}' <<<"${output//$'\r'/}")" ]
	[[ "$output" == *"A title that is very long"*…* ]]
	# In a file nothing is cut.
	sm episode list --at $at | grep 'room for, ä ö ü$'
}

@test "episode list: the show's own time; guid and file where they are asked for" {
	echo 'timezone = Europe/Berlin' >> feeds/mini/show.ini
	[ "$(sm episode list --at $at)" = "NUMBER  DATE              STATE  TITLE
     1  2026-01-05 11:00  due    Episode number 1" ]
	says 0 "$notes" episode list -v
	[[ "$output" == *GUID* ]]
	[ "$(sm episode list --json | /usr/bin/python3 -c '
import json, sys
e = json.load(sys.stdin)[0]
print(e["show"], e["date"], e["file"], sep="\n")')" = "mini
2026-01-05T10:00:00Z
$notes" ]
	mkdir feeds/other
	sed 's#mini#other#g; s/^guid.*//' feeds/mini/show.ini > feeds/other/show.ini
	mkdir feeds/other/episodes
	says 0 'SHOW  NUMBER' episode list -q
}

@test "--json is refused where there is none, and not in the help there" {
	refused=0
	while read -r group command; do
		case "$group $command" in
		'feed diff' | 'digest status' | 'digest reconcile' | 'friend list' | 'episode list' | 'episode show' | 'episode next' | 'media probe')
			sm help $group $command | grep -q '^  --json '
			;;
		*)
			[[ "$(sm help $group $command)" != *--json* ]]
			says 64 "\`$group $command\` prints no JSON; --json is for feed diff, " $group $command --json
			says 64 'prints no JSON' --json $group $command
			refused=$((refused + 1))
			;;
		esac
	done < <(commands)
	[ "$refused" -ge 9 ]
	[ "$(sm --json friend list)" = "[]" ]
}

@test "mistyped words: what was meant, and which one is too many" {
	says 64 'there is no command `send`; did you mean `digest send`?' send
	says 64 '; did you mean `friend list` or `episode list`?' list
	says 64 'there is no command `digets`; did you mean `digest`?' digets send
	says 64 'there is no command `digest sned`; did you mean `digest send`?' digest sned
	says 64 'there is no command `digest xyzzy`; `showmill digest help` lists them' digest xyzzy
	says 64 'there is no command `xyzzy`; `showmill help` lists them' xyzzy
	says 64 'unknown option --keepgoing; did you mean --keep-going?' feed build --keepgoing
	says 64 '`extra` is one word too many; usage: showmill digest send [OPTION ...]' digest send extra
	says 64 '`b` is one word too many; usage: showmill episode new [OPTION ...] [TITLE]' episode new a b
	says 64 '`friend add` wants ADDRESS; ' friend add
	says 64 '`feed diff` wants OLD NEW; ' feed diff a
}

# ---- examples and installing ----

@test "the sample show builds with the line that config.example.ini has for it" {
	mkdir fresh
	cp -r "$REPO/feeds" "$REPO/templates" fresh/
	grep '^#   probe_map = .*feeds/' "$REPO/config.example.ini" | sed 's/^# *//' > line
	[ "$(wc -l < line)" = 1 ]
	cat "$REPO/config.example.ini" line > fresh/config.ini
	cd fresh
	says 0 'episodes, written' feed build --at 2026-11-24T12:00:00Z
	[[ "$output" != *warning* ]]
}

@test "the crontab is the same in README, manual and examples" {
	lines() { sed -n 's/^ *\([*0-9][^ \t]*\( \|\t\).*&& .*\)$/\1/p' "$1" | tr '\t' ' ' | sed 's/ showmill digest / digest /'; }
	[ "$(lines "$REPO/README.md" | wc -l)" -ge 2 ]
	[ "$(lines "$REPO/README.md" | grep '\* ')" = "$(lines "$REPO/cmd/contrib/showmill.cron")" ]
	[ "$(lines "$REPO/cmd/showmill.1")" = "$(lines "$REPO/cmd/contrib/showmill.cron")" ]
	grep -q '^OnCalendar=Tue 09,11:00$' "$REPO/cmd/contrib/showmill-digest.timer"
}

@test "another PREFIX compiles one file" {
	mkdir tree
	cp -r "$REPO"/{Makefile,lib,cmd,templates} tree/
	cd tree
	# It makes what it is asked for, and writes down what that was.
	cat > stub <<-'SH'
	#!/bin/sh
	while [ $# -gt 0 ]; do
		[ "$1" != -o ] || { echo "$2" >> made; echo x > "$2"; }
		shift
	done
	SH
	chmod +x stub
	make -s all CC=./stub TOML= PREFIX=/usr/local VARIANT=release >/dev/null
	[ "$(grep -c '\.o$' made)" -gt 50 ]
	: > made
	make -s all CC=./stub TOML= PREFIX=/opt/showmill VARIANT=release >/dev/null
	[ "$(cat made)" = "build/release/obj/lib/show/config.o
build/release/showmill" ]
	: > made
	make -s all CC=./stub TOML= PREFIX=/opt/showmill VARIANT=release >/dev/null
	[ ! -s made ]
}

@test "make help says a word of each target" {
	sed -n '/^\.PHONY:/,/[^\\]$/p' "$REPO/Makefile" | sed 's/^\.PHONY://' | tr -s ' \t\\' '\n' | grep . | grep -vx -e help -e FORCE > targets
	[ "$(wc -l < targets)" -gt 10 ]
	make -s -C "$REPO" help > said
	while read -r target; do grep -q "^  make $target  *[a-z]" said; done < targets
}

@test "completion knows shows and editions" {
	friends 1
	sm -q digest send --yes --at 2026-01-06
	complete_words() {
		PATH="$BUILD:$PATH" bash -c '
			. "$0/cmd/contrib/showmill.bash"
			COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
			_showmill
			printf "%s\n" "${COMPREPLY[@]}"' "$REPO" "$@"
	}
	[ "$(complete_words showmill digest status '')" = 2026-W02 ]
	[ "$(complete_words digest resend -c config.ini 20)" = 2026-W02 ]
	[ "$(complete_words showmill feed build --show m)" = mini ]
	[ "$(complete_words showmill he)" = help ]
}

@test "a group that is a command by itself" {
	run sm init --help
	[[ "${lines[0]}" == "usage: showmill init [OPTION ...] [DIR]" ]]
	run sm help init
	[[ "${lines[0]}" == "usage: showmill init [OPTION ...] [DIR]" ]]
	says 64 '`b` is one word too many; usage: showmill init [OPTION ...] [DIR]' init a b
	says 64 '`init` prints no JSON; ' init --json
	says 64 '; did you mean `init`?' inti
}
