#!/usr/bin/env bats
# The podcast namespace: a line of source, and the XML that it must give.
load site

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$REPO/tests/e2e/fixtures/cbr.mp3" one.mp3
}

@test "each element and attribute, and each mistake" {
	run /usr/bin/python3 "$REPO/tests/e2e/podcast_tags.py" "$SHOWMILL" "$REPO/tests/e2e/podcast_tags.txt"
	echo "$output"
	[ "$status" = 0 ]
}
