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
	no grep -qv atom.xml "$HTTP_LOG"
	# A hub more: that one alone.
	: > "$HTTP_LOG"
	echo 'websub_hub = https://hub.example.org/hub/more' >> feeds/mini/show.ini
	ping
	expect 75 'could not be told'
	no grep -v '/hub/more' "$HTTP_LOG"
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
	no grep -q 'POST	/hub' "$HTTP_LOG"
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
	no grep -q hub plain/feed.xml plain/atom.xml plain/feed.json
	echo 'websub_hub = http://hub.example.org/' >> feeds/mini/show.ini
	ping
	expect 78 'websub_hub = `http://hub.example.org/`: it wants'
}

# podping_start: podping.cloud alone, with a key that it takes.
podping_start() {
	http_stop
	hub_start '/ auth Blahblah^^12345678'
	sed -i '/^websub_hub/d; /^podcast_index/d; /^json_url/d; /^atom_url/d' feeds/mini/show.ini
	printf '%s\n' "probe_map = https://podping.cloud/ http://127.0.0.1:$HTTP_PORT/" \
		'podping_key_file = podping.key' >> config.ini
	echo 'podping = true' >> feeds/mini/show.ini
	(umask 077; printf '\nBlahblah^^12345678 \n' > podping.key)
	"$SHOWMILL" -q feed build --at 2026-01-06
}
pinged() {
	diff - <(cut -f2,3 "$HTTP_LOG") <<< "$1"
	: > "$HTTP_LOG"
}
podping=/?url=https%3A%2F%2Fmini.example.org%2Ffeed.xml

@test "Podping is told with its key, once for each change" {
	podping_start
	grep -q '<podcast:podping usesPodping="true"/>' feeds/mini/public/feed.xml
	ping --dry-run
	expect 0 'podping.cloud: would be told of https://mini.example.org/feed.xml'
	[ "$(asked)" = 0 ]
	run "$SHOWMILL" -v feed ping
	expect 0 'podping.cloud: told of https://mini.example.org/feed.xml'
	[[ "$output" != *Blahblah* ]]
	pinged "$podping&reason=update&medium=podcast	200"
	ping
	expect 0 'nobody has to be told'
	# Its medium, from either source.
	echo 'podcast_tags = medium: musicL' >> feeds/mini/show.ini
	"$SHOWMILL" -q feed build --at 2026-01-06
	ping
	pinged "$podping&reason=update&medium=musicL	200"
	printf '<podcast:medium>audiobook</podcast:medium><podcast:podping usesPodping="true"/>' > feeds/mini/channel.xml
	echo 'channel_xml = channel.xml' >> feeds/mini/show.ini
	"$SHOWMILL" -q feed build --at 2026-01-06
	ping
	pinged "$podping&reason=update&medium=audiobook	200"
	[ "$(grep -c podcast:podping feeds/mini/public/feed.xml)" = 1 ]
}

@test "Podping hears that a show is live once, and again when it is so again" {
	podping_start
	ini=feeds/mini/show.ini
	# on STATUS [START]
	on() {
		sed -i '/^podcast_tags/d' $ini
		echo "podcast_tags = liveItem: {status: $1, start: 2026-01-06T10:00:00Z, title: Live, guid: live-${2:-1}, enclosure: {url: https://a.example.org/l.mp3, type: audio/mpeg, length: 312}, contentLink: {href: https://a.example.org/live, text: Page}}" >> $ini
		"$SHOWMILL" -q feed build --at 2026-01-06
		ping
		expect 0 'podping.cloud: told'
	}
	on pending
	pinged "$podping&reason=update&medium=podcast	200"
	on live
	pinged "$podping&reason=live&medium=podcast	200"
	echo 'copyright = Ann' >> $ini
	on live
	pinged "$podping&reason=update&medium=podcast	200"
	on live 2
	pinged "$podping&reason=live&medium=podcast	200"
	on ended
	pinged "$podping&reason=update&medium=podcast	200"
	on live 2
	pinged "$podping&reason=live&medium=podcast	200"
	sed -i '/^podcast_tags/d' $ini
	echo 'channel_xml = channel.xml' >> $ini
	echo '<podcast:liveItem status="live" start="2026-01-07T10:00:00Z"><title>x</title><guid>y</guid></podcast:liveItem>' > feeds/mini/channel.xml
	"$SHOWMILL" -q feed build --at 2026-01-06
	ping
	pinged "$podping&reason=live&medium=podcast	200"
}

@test "a key that is not there, no key, or one that is refused" {
	podping_start
	line=$(grep -n ^podping_key config.ini | cut -d: -f1)
	wants="feeds/mini/show.ini:$(grep -n ^podping feeds/mini/show.ini | cut -d: -f1)"
	rm podping.key
	# Building needs none.
	"$SHOWMILL" -q feed build --at 2026-01-06
	for args in 'feed ping' 'feed ping --dry-run' publish 'publish --dry-run'; do
		run "$SHOWMILL" $args
		expect 78 "config.ini:$line: error: podping_key_file: podping.key: " "it is wanted by \`podping = true\` of $wants"
	done
	[ "$(asked)" = 0 ]
	for text in '' 'uno\ntwo' 'k\303\251y' 'a\001b'; do
		(umask 077; printf "$text" > podping.key)
		ping
		expect 78 "config.ini:$line: error: podping_key_file: podping.key: is "
		[[ "$output" != *uno* ]]
	done
	echo Blahblah^^12345678 > podping.key
	chmod 640 podping.key
	ping
	expect 78 "podping.key: others may read it; chmod 600 it"
	[[ "$output" != *Blahblah* ]]
	[ "$(asked)" = 0 ]
	chmod 600 podping.key
	echo wrong > podping.key
	ping
	expect 75 "$wants: error: GET " 'the server answered 401'
	[[ "$output" != *wrong* ]]
	sed -i '/^podping_key/d' config.ini
	ping
	expect 78 "$wants: error: podping = true" 'config.ini names no key; write `podping_key_file'
	echo 'podping = maybe' >> feeds/mini/show.ini
	sed -i '/^podping = true/d' feeds/mini/show.ini
	ping
	expect 78 'podping = `maybe`'
}

@test "Podping is told of further RSS feeds, not of private ones or of those of each tag" {
	podping_start
	umask 077
	echo AAAAAAAAAAAAAAAA > feeds/mini/t
	printf '%s\n' '[feed one]' 'url = https://mini.example.org/one.xml' 'items = 5' 'title = One' \
		'[feed json]' 'url = https://mini.example.org/one.json' 'format = json' 'items = 5' \
		'[feed tags]' 'url = https://mini.example.org/tag/{tag}.xml' 'file = tag-{tag}.xml' 'tag = each' 'title = About {tag}' \
		'[feed patrons]' 'url = https://mini.example.org/p/{token}.xml' 'tokens = t' >> feeds/mini/show.ini
	sed -i 's/^number: 1/&\ntags: [bees]/' feeds/mini/episodes/001-the-1.md
	"$SHOWMILL" -q feed build --at 2026-01-06
	ping
	expect 0
	sort -o "$HTTP_LOG" "$HTTP_LOG"
	pinged "$podping&reason=update&medium=podcast	200
${podping/feed.xml/one.xml}&reason=update&medium=podcast	200"
	cd feeds/mini/public
	grep -l podcast:podping ./*.xml | sort | diff - <(printf '%s\n' ./feed.xml ./one.xml)
	[ -s tag-bees.xml ] && [ -s AAAAAAAAAAAAAAAA.xml ]
}
