# shellcheck shell=sh
# What the benchmarks have in common: a folder of their own, in $work, and its end;
# and for those of sending a show in it, whose digest has a given size, and a list
# of friends.
# Sourced by them from the project's folder, with BUILD set.
repo=$(pwd)
BUILD=$(cd "$BUILD" && pwd)
PATH=$PATH:/usr/sbin
work=$(mktemp -d)
pids=
bench_stop() {
	[ ! -d "$work/postfix/etc" ] || postfix -c "$work/postfix/etc" stop >/dev/null 2>&1 || :
	for p in $pids; do kill "$p" 2>/dev/null || :; done
	wait
	rm -rf "$work"
}
trap bench_stop EXIT
trap 'exit 1' INT TERM

bench_need() { # program package
	command -v "$1" >/dev/null || { echo "$1 is not installed (make deps-servers)"; exit 77; }
}
now() { date +%s.%N; }

bench_sink() { # sets port
	bench_need smtp-sink
	port=$("$repo/tests/peers/port")
	user=
	[ "$(id -u)" != 0 ] || user="-u nobody"
	# shellcheck disable=SC2086
	smtp-sink $user -c 127.0.0.1:"$port" 1000 >/dev/null 2>&1 &
	pids="$pids $!"
	sleep 0.5
}

bench_notes() { # bullets
	printf -- '---\ntitle: One\nnumber: 1\ndate: 2026-01-05T10:00:00Z\naudio: one.mp3\n---\n\n'
	i=0
	while [ $i -lt "$1" ]; do
		printf -- '- a bullet with `code` and [a link](https://example.org/%d) and some more words to fill it\n' $i
		i=$((i + 1))
	done
}

# A show in $work, whose messages have at least $1 octets (0: as few as it
# takes), with its templates in $2; sets size.
bench_show() {
	mkdir -p "$work/feeds/bench/episodes" "$work/feeds/bench/media"
	cp -r "$2" "$work/templates"
	cp "$repo/tests/e2e/fixtures/cbr.mp3" "$work/feeds/bench/media/one.mp3"
	cat > "$work/feeds/bench/show.ini" <<INI
title = Bench
link = https://bench.example.org/
feed_url = https://bench.example.org/feed.xml
guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11
description = For measuring
media_dir = media
media_url = https://bench.example.org/media/
digest_from = Bench <bench@bench.example.org>
INI
	cd "$work" || exit
	echo "relay = smtp://127.0.0.1:9" > config.ini
	n=2
	while :; do
		bench_notes $n > feeds/bench/episodes/001-one.md
		"$BUILD/showmill" -q digest preview --at 2026-01-06 --out look >/dev/null
		size=$(wc -c < look/digest.eml)
		[ "$size" -lt "$1" ] || break
		n=$((n + 2))
	done
}

# Templates that make messages of some 3 KB, in $work/small.
bench_small() {
	mkdir "$work/small"
	printf '{{#episodes}}{{number}} {{title}}{{/episodes}}\n' > "$work/small/digest.subject"
	printf '<html lang="en"><body>{{#episodes}}<h1>{{title}}</h1>{{{notes_html}}}{{/episodes}}<p><a href="{{{unsubscribe_url}}}">unsubscribe</a></p></body></html>\n' > "$work/small/digest.html"
	printf '{{#episodes}}{{title}}\n\n{{{notes_text}}}{{/episodes}}\n\n{{{unsubscribe_url}}}\n' > "$work/small/digest.txt"
}

bench_table() { # count
	/usr/bin/python3 -c 'import sys
print("address,name")
for i in range(int(sys.argv[1])):
	print(f"friend{i}@example.net,Friend {i}")' "$1" > friends.csv
}
bench_friends() { # count
	bench_table "$1"
	"$BUILD/showmill" -q friend import friends.csv >/dev/null
	cp ledger.db fresh.db
}

# Seconds of a send to all of them.
bench_send() {
	rm -f ledger.db*
	cp fresh.db ledger.db
	t0=$(now)
	"$BUILD/showmill" -q digest send --yes --at 2026-01-06 >&2
	t1=$(now)
	echo "$t0 $t1" | awk '{ print $2 - $1 }'
}
bench_timed() { # command: its seconds
	t0=$(now)
	"$@" >/dev/null
	t1=$(now)
	echo "$t0 $t1" | awk '{ print $2 - $1 }'
}
bench_median() { # column, of a table on standard input
	awk -v c="$1" '{ print $c }' | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

# A Postfix of its own, which takes all mail into its queue and discards it; as
# root. Sets port.
bench_postfix() {
	bench_need postfix
	d=$work/postfix
	chmod 755 "$work"
	"$repo/tests/peers/postfix_config" "$d"
	port=$("$repo/tests/peers/port")
	echo "127.0.0.1:$port inet n - n - - smtpd" >> "$d/etc/master.cf"
	postfix -c "$d/etc" start >/dev/null 2>&1
}
# Until its queue is empty, so that one round does not slow down the next.
bench_drained() {
	[ -d "$work/postfix" ] || return 0
	while [ -n "$(find "$work/postfix/queue/active" "$work/postfix/queue/incoming" -type f 2>/dev/null | head -n 1)" ]; do
		sleep 0.2
	done
}
