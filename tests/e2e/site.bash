# shellcheck shell=bash
#
# A small site of its own for each test: config.ini, one show with episodes.
# Every helper leaves it at $SITE.

: "${BUILD:=$PWD/build/release}"
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
REPO=${REPO:-$PWD}
SHOWMILL=$BUILD/showmill
SHARED=${SHARED:-$REPO/../shared}
case $SHARED in /*) ;; *) SHARED=$REPO/$SHARED ;; esac

# site_make: an empty show "mini" and its config.
site_make() {
	SITE=$BATS_TEST_TMPDIR/site
	mkdir -p "$SITE/feeds/mini/episodes" "$SITE/feeds/mini/media"
	cp -r "$REPO/templates" "$SITE/templates"
	cp "$REPO/tests/e2e/fixtures/cbr.mp3" "$SITE/feeds/mini/media/one.mp3"
	cp "$REPO/tests/e2e/fixtures/vbr.mp3" "$SITE/feeds/mini/media/two.mp3"
	cat > "$SITE/config.ini" <<-INI
	shows = feeds/*/show.ini
	relay = maildir:mail
	INI
	cat > "$SITE/feeds/mini/show.ini" <<-INI
	title = The Mini Show
	link = https://mini.example.org/
	feed_url = https://mini.example.org/feed.xml
	atom_url = https://mini.example.org/atom.xml
	description = A show for tests
	author = Ada & Bob
	category = News > Tech News
	image = https://mini.example.org/cover.png
	guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11
	media_dir = media
	media_url = https://mini.example.org/media/
	episode_url = https://mini.example.org/{number:03}/{slug}
	digest_from = The Mini Show <digest@mini.example.org>
	postal_address = 1 Test Lane, Testville
	INI
	cd "$SITE" || return 1
}

# site_sample: the sample show of the project; its folder is $show.
site_sample() {
	SITE=$BATS_TEST_TMPDIR/site
	mkdir -p "$SITE"
	cp -r "$REPO/feeds" "$REPO/templates" "$SITE/"
	cd "$SITE" || return 1
	show=$(echo feeds/*/)
	cat > config.ini <<-INI
	relay = maildir:mail
	probe_map = https://media.example.net/cron-and-kettle/ ${show}remote
	INI
}

# site_episode NUMBER DATE AUDIO [EXTRA FRONT MATTER LINES]
site_episode() {
	{
		printf -- '---\ntitle: "Episode number %s"\nnumber: %s\n' "$1" "$1"
		printf 'date: %s\naudio: %s\n' "$2" "$3"
		[ -z "${4:-}" ] || printf '%s\n' "$4"
		printf -- '---\n\n**Ada #1:** [**A topic**](https://example.org/%s)\n\n' "$1"
		printf -- '- a bullet with `code`\n  - nested & deep\n'
	} > "$SITE/feeds/mini/episodes/$(printf %03d "$1")-the-$1.md"
}

# Messages in a maildir.
mail_count() { find "$1/new" -type f 2>/dev/null | wc -l; }

# friends N: friend1@example.net and so on are on the list.
friends() {
	{ echo address,name; for i in $(seq "$1"); do echo "friend$i@example.net,Friend $i"; done; } |
	    "$SHOWMILL" -q friend import -
}
# relay URL
relay() { sed -i "s#^relay = .*#relay = $1#" config.ini; }
to_sink() { relay "smtp://127.0.0.1:$SINK_PORT"; }
to_nowhere() { relay smtp://127.0.0.1:9; }
send() { "$SHOWMILL" digest send --yes "$@"; }
# Skips a test where there are no pseudo terminals (a bare chroot).
need_terminal() {
	/usr/bin/python3 -c 'import os; os.openpty()' 2>/dev/null || skip "there are no pseudo terminals here"
}
# A deferred delivery is not tried twice within a second.
next_second() { sleep 1.1; }
# answer ANSWER... -- COMMAND...: on a terminal.
answer() { /usr/bin/python3 "$REPO/tests/e2e/terminal.py" "$@"; }
# Waits until a command succeeds, 10 s at most.
until_true() { for _ in $(seq 200); do "$@" && return; sleep 0.05; done; return 1; }

# no COMMAND: it fails. (`! COMMAND` in the middle of a test cannot fail it.)
no() { if "$@"; then echo "not expected: $*"; return 1; fi; }

# Into a copy of the folder, $OPEN, of a user whom modes are in the way of: they
# are not in root's, and the folder of the tests may be in others'. Sets as.
ordinary() {
	as=()
	[ "$(id -u)" = 0 ] || return 0
	command -v setpriv >/dev/null || skip "this is root, and there is no setpriv"
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	OPEN=$(mktemp -d)
	cp -r . "$OPEN/site"
	chown -R 65534:65534 "$OPEN"
	cd "$OPEN/site" || return
	"${as[@]}" "$SHOWMILL" --version >/dev/null || skip "another user cannot run the program here"
}
