# shellcheck shell=bash
#
# For the tests of init: a tree of another program's in each, and what came of
# it.
load site
load peers

setup() {
	TREE=$BATS_TEST_TMPDIR/tree
	mkdir -p "$TREE"
	cd "$TREE" || return 1
	export TZ=Europe/Berlin
}
teardown() { peers_stop; }

at=2026-09-01

# put FILE: standard input becomes a file of the tree.
put() {
	mkdir -p "$(dirname "$1")"
	cat > "$1"
}

# says KEY: the values that show.ini has for it, behind its comments.
says() { sed -n "s/^$1 = //p" show.ini; }

# serve PREFIX FILE...: sparse files at a public address.
serve() {
	local prefix=$1 f
	shift
	for f in "$@"; do
		mkdir -p "$BATS_TEST_TMPDIR/web/$(dirname "$f")"
		truncate -s 54321 "$BATS_TEST_TMPDIR/web/$f"
	done
	http_start "$BATS_TEST_TMPDIR/web"
	echo "probe_map = $prefix http://127.0.0.1:$HTTP_PORT/" >> config.ini
}

# items FEED: number, title, audio and date of each, sorted.
items() { /usr/bin/python3 - "$1" <<'PY'
import sys, xml.etree.ElementTree as E
i = '{http://www.itunes.com/dtds/podcast-1.0.dtd}'
print('\n'.join(sorted('|'.join([e.findtext(i + 'episode') or '', e.findtext('title'),
    e.find('enclosure').get('url'), e.findtext('pubDate'), e.findtext('link') or ''])
    for e in E.parse(sys.argv[1]).iter('item'))))
PY
}

built() { "$SHOWMILL" -q feed build --at $at --out out && items out/*.xml; }
