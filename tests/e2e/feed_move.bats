#!/usr/bin/env bats
# feed move: show.ini is changed in place, the redirects are printed, and what
# was set up is checked.
load site
load peers

setup() {
	site_make
	ini=feeds/mini/show.ini
	NGINX=$(command -v nginx || true)
	nginx_pid=
}
teardown() {
	[ -z "$nginx_pid" ] || { kill "$nginx_pid"; wait "$nginx_pid" || true; }
	peers_stop
}

move() { run "$SHOWMILL" feed move "$@"; }
# expect CODE WORDS...
expect() {
	local code=$1 word
	shift
	[ "$status" = "$code" ] || { echo "$status: $output"; return 1; }
	for word; do [[ "$output" == *"$word"* ]] || { echo "no $word: $output"; return 1; }; done
}
# moved [FROM]: a show that has moved from FROM to the web server's feed.xml,
# built and served there.
moved() {
	local at=http://127.0.0.1:$HTTP_PORT
	sed -i "s#^feed_url.*#feed_url = ${1:-$at/old.xml}#" $ini
	"$SHOWMILL" -q feed move "$at/feed.xml"
	site_episode 1 2026-01-05 one.mp3
	"$SHOWMILL" -q feed build --at 2026-01-06
	cp feeds/mini/public/feed.xml www/
}

@test "show.ini gets the new address and keeps every other byte" {
	cat > $ini <<-'INI'
	# My show
	title       = The Mini Show
	link        = https://mini.example.org/

	; where it is
	feed_url    = https://mini.example.org/feed.xml
	# and more
	description = A show
	  in two lines
	INI
	cp $ini old.ini
	move --dry-run https://new.example.org/show.xml
	expect 0 'would have feed_url = https://new.example.org/show.xml' 'location = "/feed.xml"'
	cmp $ini old.ini
	[[ "$output" != *'`guid` is missing'* ]]
	move https://new.example.org/show.xml
	expect 0 "$ini: feed_url = https://new.example.org/show.xml" 'ends in show.xml' 'feed move --check'
	guid=$(/usr/bin/python3 -c 'import uuid; print(uuid.uuid5(uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"), "mini.example.org/feed.xml"))')
	{
		sed 's#^feed_url .*#feed_url    = https://new.example.org/show.xml#' old.ini | sed "/^feed_url/a\\
guid        = $guid\\
new_feed_url = https://new.example.org/show.xml\\
moved_from  = https://mini.example.org/feed.xml"
	} > want.ini
	diff -u want.ini $ini
	# A second time: one address more, and the same guid.
	move https://third.example.org/feed.xml
	expect 0 'moved_from = https://new.example.org/show.xml'
	[ "$(grep -c '^guid' $ini)" = 1 ]
	[ "$(grep -c '^moved_from' $ini)" = 2 ]
	grep -q '^new_feed_url = https://third.example.org/feed.xml$' $ini
	# And back to where it was once: that is no old address any more.
	move https://new.example.org/show.xml
	expect 0
	diff - <(sed -n 's/^moved_from *= //p' $ini) <<-'EOF'
	https://third.example.org/feed.xml
	https://mini.example.org/feed.xml
	EOF
	move
	expect 0 'https://third.example.org/feed.xml must lead to https://new.example.org/show.xml for good' 'https://mini.example.org/feed.xml must'
	"$SHOWMILL" -q feed move https://fourth.example.org/feed.xml > out
	[ ! -s out ]
}

@test "CRLF, a file that is a link, and the other feeds of the show" {
	sed -i 's/$/\r/' $ini
	mv $ini real.ini
	ln -s ../../real.ini $ini
	cp real.ini old.ini
	move https://new.example.org/feed.xml
	expect 0 'The Atom feed stays at https://mini.example.org/atom.xml'
	[ -L $ini ]
	diff <(grep -v '^feed_url' old.ini) <(grep -vE '^(feed_url|new_feed_url|moved_from)' real.ini)
	no grep -qv $'\r$' real.ini
}

@test "the feed says where it is, and its guids are those of before" {
	sed -i '/^guid/d; /^atom_url/d' $ini
	site_episode 1 2026-01-05 one.mp3
	"$SHOWMILL" -q feed build --at 2026-01-06
	cp feeds/mini/public/feed.xml old.xml
	move https://new.example.org/feed.xml
	expect 0
	run "$SHOWMILL" feed build --at 2026-01-06
	expect 0 written
	run "$SHOWMILL" feed diff old.xml feeds/mini/public/feed.xml
	expect 1 'new-feed-url' 'self-link'
	[[ "$output" != *guid* ]]
	[ "$(grep -c '<itunes:new-feed-url>https://new.example.org/feed.xml</itunes:new-feed-url>' feeds/mini/public/feed.xml)" = 1 ]
	# What the show's own XML says counts, and is told.
	echo '<itunes:new-feed-url>https://x.example.org/</itunes:new-feed-url>' > feeds/mini/channel.xml
	echo 'channel_xml = channel.xml' >> $ini
	"$SHOWMILL" -q feed build --at 2026-01-06
	[ "$(grep -c '<itunes:new-feed-url>' feeds/mini/public/feed.xml)" = 1 ]
	grep -q '<itunes:new-feed-url>https://x.example.org/<' feeds/mini/public/feed.xml
	move https://third.example.org/feed.xml
	expect 0 'has an itunes:new-feed-url of its own'
}

@test "what is no new address is refused, and nothing is changed" {
	cp $ini old.ini
	move https://mini.example.org/feed.xml
	expect 64 'is the address that the feed has already'
	move ftp://mini.example.org/feed.xml
	expect 64 'the new address of the feed cannot be this'
	move 'https://new.example.org/feed.xml#x'
	expect 64 'a feed'"'"'s address has no #'
	move https://mini.example.org/atom.xml
	expect 64 "is the address of another feed ($ini)"
	move
	expect 64 'has no `moved_from`'
	move --check
	expect 64 'no show has a `moved_from`'
	move --check https://new.example.org/feed.xml
	expect 64 'takes no address'
	move https://a.example.org/ https://b.example.org/
	expect 64 'one word too many'
	move --json https://a.example.org/
	expect 64 'prints no JSON'
	cmp $ini old.ini
	cp -r feeds/mini feeds/more
	sed -i 's/^guid.*/guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a12/; s/mini.example.org/more.example.org/' feeds/more/show.ini
	move https://a.example.org/
	expect 64 'say which one with --show'
	move --show mini https://more.example.org/feed.xml
	expect 64 'is the address of another feed (feeds/more/show.ini)'
	cmp $ini old.ini
	rm -r feeds/more
	sed 's/^feed_url = \(.*\)/feed_url =\n \1/' old.ini > $ini
	cp $ini two.ini
	move https://a.example.org/
	expect 65 "$ini:3: error: \`feed_url\` cannot be changed here"
	cmp $ini two.ini
	echo 'nokey = x' >> $ini
	move https://a.example.org/
	expect 78 'nothing was done'
}

@test "addresses with a query, with none but the host, and with odd letters" {
	sed -i 's#^feed_url.*#feed_url = https://old.example.org/feed.php?id=1\&x=2#' $ini
	move https://new.example.org/100%25/feed.xml
	expect 0 'if ($request_uri = "/feed.php?id=1&x=2") {' \
		'RewriteCond "%{QUERY_STRING}" "^id=1&x=2$"' \
		'RewriteRule "^feed\.php$" "https://new.example.org/100\%25/feed.xml" [R=301,L,NE,QSD]' \
		'    query id=1 x=2' '/feed.php  id=1  x=2  https://new.example.org/100%25/feed.xml  301!' \
		'(http.host eq "old.example.org" and http.request.uri.path eq "/feed.php" and http.request.uri.query eq "id=1&x=2")'
	move https://new.example.org
	expect 0 'have characters that web servers write in' || expect 0 'One of them has characters'
	move https://third.example.org/
	expect 0 'location = "/" {' 'RewriteRule "^$"' '    path /' 'new.example.org/,https://third.example.org/,301'
	sed -i 's#^feed_url.*#feed_url = https://old.example.org/$a#' $ini
	move 'https://new.example.org/x'
	expect 0 'One of them has characters'
}

@test "--check: all is well" {
	mkdir www
	http_start "$PWD/www" "/old.xml redirect 308 /hop.xml
/hop.xml redirect 301 /feed.xml"
	moved
	move --check
	expect 0 "mini: 1 earlier address leads to http://127.0.0.1:$HTTP_PORT/feed.xml, and the feed is there"
	# Asked by GET, as players do.
	grep -q "^GET	/old.xml	308" "$HTTP_LOG"
	# Without a podcast:guid the items tell.
	sed -i '/podcast:guid/d' www/feed.xml
	move --check
	expect 0 'the feed is there'
	sed -i 's#<guid isPermaLink="false">[^<]*<#<guid isPermaLink="false">other<#' www/feed.xml
	move --check
	expect 65 "$ini:3: error:" '0 of its 1 items are episodes that' 'published.tsv has'
}

@test "--check: each thing that is wrong is told with its line and what to do" {
	mkdir www
	http_start "$PWD/www" "/temporary.xml redirect 302 /feed.xml
/away.xml redirect 301 /other.xml
/round.xml redirect 301 /round.xml
/gone.xml status 410
/nowhere.xml status 301
/broken.xml close
/still.xml status 200 <rss/>"
	at=http://127.0.0.1:$HTTP_PORT
	moved "$at/temporary.xml"
	for x in away round gone nowhere broken still; do
		echo "moved_from = $at/$x.xml" >> $ini
	done
	cp www/feed.xml www/other.xml
	line() { grep -n "^moved_from = $at/$1.xml" $ini | cut -d: -f1; }
	move --check
	expect 65 "$ini:$(line temporary): error: $at/temporary.xml answers 302, which says" 'make it 301 or 308' \
		"$ini:$(line away): error: $at/away.xml leads to $at/other.xml, which answers 200" \
		"$ini:$(line round): error: $at/round.xml leads on more than 10 times" \
		"$ini:$(line gone): error: $at/gone.xml answers 410 and does not lead on" \
		"$ini:$(line nowhere): error: $at/nowhere.xml answers 301 without a Location" \
		"$ini:$(line broken): error: GET $at/broken.xml" \
		"$ini:$(line still): error: $at/still.xml answers 200 and does not lead on" \
		'[feed-moved]' '7 things to mend'
	sed -i '/^moved_from/d' $ini
	echo "moved_from = $at/old.xml" >> $ini
	http_stop
	http_start "$PWD/www" '/old.xml redirect 301 /feed.xml'
	sed -i "s#127.0.0.1:[0-9]*/#127.0.0.1:$HTTP_PORT/#" $ini
	cp www/feed.xml good.xml
	# The old feed, built before the move; one of another show; none at all.
	sed "s#<itunes:new-feed-url>.*</itunes:new-feed-url>##" good.xml > www/feed.xml
	move --check
	expect 65 'has no itunes:new-feed-url; write `new_feed_url = http'
	sed "s#<podcast:guid>7#<podcast:guid>8#" good.xml > www/feed.xml
	move --check
	expect 65 "$ini:3: error: the feed at" 'has the podcast:guid 8d9e' 'sends subscribers elsewhere' '2 things to mend'
	rm www/feed.xml
	move --check
	expect 65 "$ini:3: error: GET" 'answered 404' '1 thing to mend'
	http_stop
	move --check
	expect 69 'old.xml'
}

@test "the lines for nginx do what they say" {
	[ -n "$NGINX" ] || skip "nginx is not installed"
	mkdir www
	port=$("$REPO/tests/peers/port")
	http_start "$PWD/www" ''
	old=http://127.0.0.1:$port
	for path in /feed.xml '/feed.php?id=1' ''; do
		sed -i "s#^feed_url.*#feed_url = $old$path#; /^moved_from/d; /^new_feed_url/d" $ini
		move "http://127.0.0.1:$HTTP_PORT/feed.xml"
		expect 0
		cat > nginx.conf <<-CONF
		daemon off;
		pid $PWD/nginx.pid;
		error_log stderr;
		events {}
		http {
		access_log off;
		client_body_temp_path $PWD/t1; proxy_temp_path $PWD/t2; fastcgi_temp_path $PWD/t3;
		uwsgi_temp_path $PWD/t4; scgi_temp_path $PWD/t5;
		server {
		listen 127.0.0.1:$port;
		$(sed -n '/^# nginx/,/^# Apache/p' <<< "$output" | sed '1d;$d')
		}
		}
		CONF
		"$NGINX" -p "$PWD" -c nginx.conf 2> nginx.log 3>&- &
		nginx_pid=$!
		until_true bash -c "echo > /dev/tcp/127.0.0.1/$port" 2> /dev/null
		site_episode 1 2026-01-05 one.mp3
		"$SHOWMILL" -q feed build --at 2026-01-06
		cp feeds/mini/public/feed.xml www/
		move --check
		expect 0 'the feed is there'
		kill "$nginx_pid"
		wait "$nginx_pid" || true
		nginx_pid=
	done
}
