#!/usr/bin/env bats
# publish: build, deploy, verify, ping; what happens when one of them fails,
# and when nothing is new.
load site
load peers

setup() {
	site_make
	mkdir www
	public http ''
	ini=feeds/mini/show.ini
	out=$PWD/feeds/mini/public
	sed -i "s#^feed_url.*#feed_url = http://127.0.0.1:$HTTP_PORT/feed.xml#; /^atom_url/d" $ini
	cat >> config.ini <<-INI
	verify_for = 0s
	http_retries = 0
	deploy = echo "deploying \$SHOWMILL_SHOW"; cp "\$SHOWMILL_OUT"/*.xml www/
	INI
	site_episode 1 2026-01-05 one.mp3
}
teardown() {
	[ -z "${child:-}" ] || { kill "$child" 2> /dev/null; wait "$child" || true; }
	peers_stop
}

# public http RULES: the web server, which is hub and Podcast Index, too.
public() {
	http_start "$PWD/www" "/hub status 204
$2"
	sed -i '/^probe_map/d' config.ini
	echo "probe_map = https://hub.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
}
hub() { echo 'websub_hub = https://hub.example.org/hub' >> $ini; }
publish() { run "$SHOWMILL" publish "$@"; }
expect() {
	local code=$1 word
	shift
	[ "$status" = "$code" ] || { echo "$status: $output"; return 1; }
	for word; do [[ "$output" == *"$word"* ]] || { echo "no $word: $output"; return 1; }; done
}
lacks() { [[ "$output" != *"$1"* ]] || { echo "$1: $output"; return 1; }; }
told() { grep -c '^POST' "$HTTP_LOG" || true; }

@test "all of it, in order, and nothing when nothing is new" {
	hub
	publish
	expect 0 'feeds/mini/public/feed.xml: 1 episode, written' 'deploying mini' \
		"mini: published, and http://127.0.0.1:$HTTP_PORT/feed.xml serves it" \
		"https://hub.example.org/hub: told of http://127.0.0.1:$HTTP_PORT/feed.xml"
	diff - <(grep -o 'written\|deploying\|published\|told' <<< "$output") <<-'EOF'
	written
	deploying
	published
	told
	EOF
	cmp www/feed.xml feeds/mini/public/feed.xml
	[ -s feeds/mini/published.tsv ]
	[ "$(told)" = 1 ]
	: > "$HTTP_LOG"
	publish
	expect 0 'unchanged' 'mini: nothing new'
	lacks deploying
	[ ! -s "$HTTP_LOG" ]
	# Cron: not a word, but what the command says.
	run "$SHOWMILL" publish -q
	[ "$status" = 0 ] && [ -z "$output" ]
	# A new episode.
	site_episode 2 2026-01-12 two.mp3
	publish
	expect 0 '2 episodes, written' deploying published told
	[ "$(told)" = 1 ]
	# Without the cache it is deployed and told once more, which does no harm.
	rm -f cache.db*
	publish
	expect 0 unchanged deploying published told
}

@test "a build that is refused publishes nothing" {
	publish
	expect 0 published
	cp www/feed.xml good.xml
	mv feeds/mini/episodes/001-the-1.md .
	site_episode 2 2026-01-12 two.mp3
	publish
	expect 77 'was published on' 'no feed was written'
	lacks deploying
	cmp www/feed.xml good.xml
	publish --allow gone
	expect 0 deploying published
	# Bad episodes: told, and left out when that is meant; the exit code stays.
	mv 001-the-1.md feeds/mini/episodes/
	site_episode 3 nonsense one.mp3
	publish
	expect 65 'no feed was written'
	lacks deploying
	publish --keep-going
	expect 65 deploying published '003-the-3.md'
}

@test "a deploy command that fails stops it, and is run again" {
	hub
	sed -i 's/^deploy = .*/deploy = echo trying; exit 23/' config.ini
	publish
	expect 75 trying 'mini: `deploy = echo trying; exit 23` ended with 23; the feeds are built and not published; the next `publish` deploys them'
	[ "$(told)" = 0 ]
	no grep -q GET "$HTTP_LOG"
	publish
	expect 75 unchanged trying
	# The show's own command counts, and runs in its folder.
	echo 'deploy = pwd > where; test "$SHOWMILL_OUT" = "$PWD/public" && cp public/feed.xml ../../www/' >> $ini
	publish
	expect 0 unchanged published told
	lacks trying
	[ "$(cat feeds/mini/where)" = "$PWD/feeds/mini" ]
	# Another command is another place.
	sed -i 's/^deploy = pwd/deploy = echo again; pwd/' $ini
	publish
	expect 0 again published
	publish
	expect 0 'nothing new'
}

@test "what the address serves is looked at, and waited for" {
	hub
	sed -i 's/^deploy = .*/deploy = echo deploying/' config.ini
	publish
	expect 69 deploying 'answered 404' 'the feeds are built and deployed, and nobody was told; the next `publish` deploys them again'
	[ "$(told)" = 0 ]
	# An older feed.
	"$SHOWMILL" -q feed build
	cp feeds/mini/public/feed.xml www/
	site_episode 2 2026-01-12 two.mp3
	publish
	expect 75 deploying "mini: http://127.0.0.1:$HTTP_PORT/feed.xml serves another feed than" '1 items and not 2'
	echo '<html>' > www/feed.xml
	publish
	expect 75 'serves something that is no feed'
	# The newest item's audio counts, other bytes do not.
	sed 's/length="[0-9]*"/length="1"/' feeds/mini/public/feed.xml > www/feed.xml
	publish
	expect 75 'the newest item has other audio'
	[ "$(told)" = 0 ]
	{ cat feeds/mini/public/feed.xml; echo '<!-- from the network -->'; } > www/feed.xml
	publish
	expect 0 published told
	# A server that is slow to have it.
	site_episode 3 2026-01-19 one.mp3
	sed -i '/audio: one/s/one/three/' feeds/mini/episodes/003-the-3.md
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	sed -i 's/^verify_for.*/verify_for = 30s/; s#^deploy = .*#deploy = (sleep 2; cp "$SHOWMILL_OUT/feed.xml" www/) > late.log 2>\&1 \&#' config.ini
	publish
	expect 0 'waiting until' published told
}

@test "a hub that cannot be told: published, and told by the next run" {
	http_stop
	public http ''
	sed -i "s#^feed_url.*#feed_url = http://127.0.0.1:$HTTP_PORT/feed.xml#" $ini
	echo 'websub_hub = https://hub.example.org/gone' >> $ini
	publish
	expect 75 published 'mini: 1 of 1 could not be told; the next `feed ping` tells them; the show is published'
	sed -i 's#/gone#/hub#' $ini
	publish
	expect 0 written 'told of'
	[ "$(grep -c 'POST	/hub	204' "$HTTP_LOG")" = 1 ]
}

@test "no command: the folder is what is served" {
	sed -i '/^deploy/d' config.ini
	echo "out = $PWD/www" >> $ini
	publish
	expect 0 'www/feed.xml: 1 episode, written' published
	lacks deploying
	publish
	expect 0 'nothing new'
}

@test "several shows: the first that fails is the last" {
	for x in alpha zulu; do
		cp -r feeds/mini feeds/$x
		sed -i "s/^guid.*/guid = $(/usr/bin/python3 -c 'import uuid, sys; print(uuid.uuid5(uuid.NAMESPACE_DNS, sys.argv[1]))' $x)/; s#/feed.xml#/$x.xml#" feeds/$x/show.ini
		echo "rss = $x.xml" >> feeds/$x/show.ini
	done
	echo 'deploy = exit 9' >> $ini
	publish
	expect 75 'deploying alpha' 'alpha: published' 'mini: `deploy = exit 9` ended with 9' '; published: alpha; not begun: zulu'
	lacks 'deploying zulu'
	[ ! -e www/zulu.xml ]
	publish --show zulu
	expect 0 'zulu: published'
	lacks alpha
	sed -i '/^deploy/d' $ini
	publish
	expect 0 'alpha: nothing new' 'mini: published' 'zulu: nothing new'
}

@test "two at once: the second waits for another day, and says for whom" {
	mkfifo gate
	sed -i 's#^deploy = .*#deploy = echo > begun; read x < gate; cp "$SHOWMILL_OUT/feed.xml" www/#' config.ini
	"$SHOWMILL" publish > first.log 2>&1 3>&- &
	child=$!
	until_true test -s begun
	cp feeds/mini/public/feed.xml before.xml
	site_episode 2 2026-01-12 two.mp3
	publish
	expect 75 "another \`publish\` is at work: process $child on"
	cmp before.xml feeds/mini/public/feed.xml
	# A look does no harm.
	publish --dry-run
	expect 0 'would be written'
	echo > gate
	wait "$child"
	child=
	grep -q published first.log
	cmp www/feed.xml before.xml
	rm begun
	(until_true test -s begun; echo > gate) 3>&- &
	publish
	expect 0 '2 episodes, written' published
}

@test "killed while it deploys: the next run deploys" {
	mkfifo gate
	sed -i 's#^deploy = .*#deploy = echo $$ > begun; exec cat gate#' config.ini
	"$SHOWMILL" publish > first.log 2>&1 3>&- &
	child=$!
	until_true test -s begun
	kill -KILL "$child"
	wait "$child" || true
	child=
	kill "$(cat begun)"
	sed -i 's#^deploy = .*#deploy = echo deploying; cp "$SHOWMILL_OUT/feed.xml" www/#' config.ini
	publish
	expect 0 unchanged deploying published
}

@test "--dry-run says what would be done, and does nothing" {
	hub
	echo 'podcast_index_ping = true' >> $ini
	publish --dry-run
	expect 0 'feeds/mini/public/feed.xml: 1 episode, would be written' 'mini: would run `echo "deploying' \
		"mini: would look whether http://127.0.0.1:$HTTP_PORT/feed.xml serves the feed" \
		'mini: would tell https://hub.example.org/hub' 'would tell podcastindex.org'
	[ ! -e feeds/mini/public/feed.xml ]
	[ ! -e feeds/mini/published.tsv ]
	[ -z "$(ls -A feeds/mini/public 2> /dev/null)" ]
	[ ! -s "$HTTP_LOG" ]
	"$SHOWMILL" -q feed build
	publish --dry-run
	expect 0 unchanged 'would run' 'would tell'
	sed -i '/^podcast_index/d' $ini
	publish
	expect 0 published
	publish --dry-run
	expect 0 'mini: nothing new'
	lacks would
	sed -i '/^title: /s/number/Number/' feeds/mini/episodes/001-the-1.md
	cp feeds/mini/public/feed.xml was.xml
	publish --dry-run
	expect 0 'would be written' 'would run'
	cmp was.xml feeds/mini/public/feed.xml
}

@test "a page that changes alone is deployed, also by the run after one that failed" {
	echo 'pages = true' >> $ini
	sed -i 's#^deploy = .*#deploy = [ ! -e fail ] \&\& cp -r "$SHOWMILL_OUT"/. www/ \&\& echo deployed#' config.ini
	publish
	expect 0 deployed
	publish
	expect 0 'nothing new'
	lacks deployed
	sed -i 's/All episodes/Every episode/' templates/words/en.ini
	touch fail
	publish
	expect 75 'mini: `deploy = '
	rm fail
	publish
	expect 0 deployed
	grep -q 'Every episode' www/001/the-1/index.html
	publish
	expect 0 'nothing new'
	lacks deployed
}

@test "compressed files beside feeds that stay are deployed, of each kind of file" {
	printf '%s\n' 'pages = true' "chapters_url = http://127.0.0.1:$HTTP_PORT/chapters/" >> $ini
	sed -i 's/^number: 1/&\nchapters:\n  - 0:00 Begin\n  - 0:01 Middle/' feeds/mini/episodes/001-the-1.md
	sed -i 's#^deploy = .*#deploy = [ ! -e fail ] \&\& cp -r "$SHOWMILL_OUT"/. www/ \&\& echo deployed#' config.ini
	publish
	expect 0 deployed
	echo 'compress = gz' >> config.ini
	touch fail
	publish
	expect 75 'mini: `deploy = '
	rm fail
	publish
	expect 0 '1 episode, unchanged' deployed
	[ -s www/feed.xml.gz ] && [ -s www/001/the-1/index.html.gz ]
	publish
	expect 0 'nothing new'
	lacks deployed
	local f
	for f in feed.xml index.html chapters/001-the-1.json; do
		rm feeds/mini/public/$f.gz
		publish
		expect 0 '1 episode, unchanged' '2 pages, 0 written' '1 chapters file, 0 written' deployed
		publish
		expect 0 'nothing new'
		lacks deployed
	done
}
