#!/usr/bin/env bats
# feed ping: who is told of which feed, and when not.
load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05 one.mp3
	mkdir www
	rules='/hub status 204
/second status 202 taken
/api/1.0/hub/pubnotify status 200 {}'
	cat >> feeds/mini/show.ini <<-'INI'
	json_url = https://mini.example.org/feed.json
	websub_hub = https://hub.example.org/hub
	websub_hub = https://hub.example.org/second?x=1
	podcast_index_ping = true
	INI
	hub_start "$rules"
	"$SHOWMILL" -q feed build --at 2026-01-06
}
teardown() { peers_stop; }

# hub_start RULES: the hub and Podcast Index are asked there.
hub_start() {
	http_start "$PWD/www" "$1"
	sed -i '/^probe_map/d' config.ini
	cat >> config.ini <<-INI
	probe_map = https://hub.example.org/ http://127.0.0.1:$HTTP_PORT/
	probe_map = https://api.podcastindex.org/ http://127.0.0.1:$HTTP_PORT/
	http_retries = 1
	INI
	awk '!/^http_retries/ || !n++' config.ini > new.ini && mv new.ini config.ini
	: > "$HTTP_LOG"
}
ping() { run "$SHOWMILL" feed ping "$@"; }
expect() {
	local code=$1 word
	shift
	[ "$status" = "$code" ] || { echo "$status: $output"; return 1; }
	for word; do [[ "$output" == *"$word"* ]] || { echo "no $word: $output"; return 1; }; done
}
asked() { wc -l < "$HTTP_LOG"; }

@test "the feeds announce their hubs" {
	cd feeds/mini/public
	grep -q '<atom:link href="https://hub.example.org/hub" rel="hub"/>' feed.xml
	grep -q '<atom:link href="https://hub.example.org/second?x=1" rel="hub"/>' feed.xml
	grep -q '<link rel="hub" href="https://hub.example.org/hub"/>' atom.xml
	/usr/bin/python3 - <<-'PY'
	import json, feedparser
	hubs = ['https://hub.example.org/hub', 'https://hub.example.org/second?x=1']
	assert json.load(open('feed.json'))['hubs'] == [{'type': 'WebSub', 'url': u} for u in hubs]
	for f in 'feed.xml', 'atom.xml':
	    d = feedparser.parse(f)
	    assert not d.bozo
	    assert [l.href for l in d.feed.links if l.rel == 'hub'] == hubs, f
	PY
}

@test "each is told of each feed, once, and again when a feed changed" {
	ping --dry-run
	expect 0 'https://hub.example.org/hub: would be told of https://mini.example.org/feed.xml'
	[ "$(asked)" = 0 ]
	ping
	expect 0 'https://hub.example.org/hub: told of https://mini.example.org/feed.xml' \
		'https://hub.example.org/second?x=1: told of https://mini.example.org/atom.xml' \
		'podcastindex.org: told of https://mini.example.org/feed.xml'
	type=application/x-www-form-urlencoded
	feed=https%3A%2F%2Fmini.example.org%2F
	diff - <(sort "$HTTP_LOG") <<-EOF
	GET	/api/1.0/hub/pubnotify?url=${feed}feed.xml	200	-
	POST	/hub	204	-	$type	hub.mode=publish&hub.url=${feed}atom.xml
	POST	/hub	204	-	$type	hub.mode=publish&hub.url=${feed}feed.json
	POST	/hub	204	-	$type	hub.mode=publish&hub.url=${feed}feed.xml
	POST	/second?x=1	202	-	$type	hub.mode=publish&hub.url=${feed}atom.xml
	POST	/second?x=1	202	-	$type	hub.mode=publish&hub.url=${feed}feed.json
	POST	/second?x=1	202	-	$type	hub.mode=publish&hub.url=${feed}feed.xml
	EOF
	: > "$HTTP_LOG"
	ping
	expect 0 'nobody has to be told'
	touch feeds/mini/public/feed.xml
	ping
	expect 0 'nobody has to be told'
	[ "$(asked)" = 0 ]
	# A feed alone.
	echo >> feeds/mini/public/atom.xml
	ping
	expect 0 'told of https://mini.example.org/atom.xml'
	[ "$(asked)" = 2 ]
	! grep -qv atom.xml "$HTTP_LOG"
	# A hub more: that one alone.
	: > "$HTTP_LOG"
	echo 'websub_hub = https://hub.example.org/hub/more' >> feeds/mini/show.ini
	ping
	expect 75 'could not be told'
	! grep -v '/hub/more' "$HTTP_LOG"
	# The cache may be thrown away: that does no harm.
	sed -i '/more$/d' feeds/mini/show.ini
	rm -f cache.db*
	"$SHOWMILL" -q feed ping > out
	[ ! -s out ]
	ping
	expect 0 'nobody has to be told'
}

@test "who could not be told is told by the next run, and nobody else" {
	http_stop
	hub_start '/hub retry 503 0 times=1
/hub status 204
/second status 400 no such feed
/api/1.0/hub/pubnotify close'
	sed -i '/^json_url/d; /^atom_url/d' feeds/mini/show.ini
	line=$(grep -n second feeds/mini/show.ini | cut -d: -f1)
	ping
	expect 75 'https://hub.example.org/hub: told of https://mini.example.org/feed.xml' \
		"feeds/mini/show.ini:$line: error: POST http://127.0.0.1:$HTTP_PORT/second?x=1: the server answered 400 [feed-ping]" \
		"feeds/mini/show.ini:$((line + 1)): error: GET http://127.0.0.1:$HTTP_PORT/api" \
		'2 of 3 could not be told; the next `feed ping` tells them'
	# Tried again within the run, what may pass.
	[ "$(grep -c 'POST	/hub' "$HTTP_LOG")" = 2 ]
	[ "$(grep -c 'POST	/second' "$HTTP_LOG")" = 1 ]
	[ "$(grep -c pubnotify "$HTTP_LOG")" -ge 2 ]
	http_stop
	hub_start "$rules"
	ping
	expect 0 'second?x=1: told of' 'podcastindex.org: told of'
	[ "$(asked)" = 2 ]
	! grep -q 'POST	/hub' "$HTTP_LOG"
}

@test "nobody to tell, no feed, feeds elsewhere, and no hub without TLS" {
	ping --out static
	expect 66 'static/feed.xml'
	[ "$(asked)" = 0 ]
	mv feeds/mini/public static
	ping --out static
	expect 0 'told of https://mini.example.org/feed.xml'
	sed -i '/^websub_hub/d; /^podcast_index/d' feeds/mini/show.ini
	ping
	expect 0 'there is nobody to tell'
	"$SHOWMILL" -q feed build --at 2026-01-06 --out plain
	! grep -q hub plain/feed.xml plain/atom.xml plain/feed.json
	echo 'websub_hub = http://hub.example.org/' >> feeds/mini/show.ini
	ping
	expect 78 'websub_hub = `http://hub.example.org/`: it wants'
}
