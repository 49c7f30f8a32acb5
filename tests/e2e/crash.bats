#!/usr/bin/env bats
# The sender is killed at every boundary of a run to the kernel, also within a
# write, and with the power: nobody gets two copies, nobody is forgotten, and
# unknown is no more than was under way. tests/crash/matrix says it exactly.

load site

setup() {
	case $BUILD in *asan*) skip "ASan must be the first library, so nothing can be loaded before it" ;; esac
	export BUILD TMPDIR=$BATS_TEST_TMPDIR PYTHONDONTWRITEBYTECODE=1
}

matrix() {
	run "$REPO/tests/crash/matrix" "$@" 3>&-
	echo "$output"
	last=${lines[-1]}
}
# Some of the runs were killed when it mattered. How many boundaries a run has
# differs a little from one to the next, since its threads share the work.
sound() {
	[ "$status" = 0 ]
	echo "# $last" >&3
	[[ "$last" == *" 0 doubles, 0 lost, 0 other" ]]
	[[ "$last" == *" at most "$1" unknown ("[1-9]* ]]
}

@test "killed before and after each boundary" {
	matrix --mode kill
	sound 1
}

@test "killed when half of a write is done" {
	matrix --mode half
	sound 1
}

@test "the second run is killed, too" {
	matrix --mode twice --every 3
	sound "[12]"
}

@test "the power is cut behind each boundary: unknown are the open claims" {
	matrix --mode power --claim 5
	sound '[2-5]'
}

@test "with claim = 1 a power cut leaves one" {
	matrix --mode power --claim 1 --friends 4
	sound 1
}

@test "several connections: unknown is no more than they are" {
	grep -q '^#connections' "$REPO/config.example.ini" || skip "this showmill has one connection"
	matrix --mode kill --connections 3
	sound '[123]'
	matrix --mode power --connections 3 --every 3
	sound '[1-7]'
}

# The matrix must see it when what the sender relies on does not hold.

@test "control: without the word that a message is in doubt, friends have two copies" {
	matrix --mode kill --lie wal --every 20
	[ "$status" = 1 ]
	[[ "$last" == *", "[1-9]*" doubles, "* ]]
}

@test "control: a disk that only says that it has synced gives two copies" {
	matrix --mode power --lie sync --every 20
	[ "$status" = 1 ]
	[[ "$last" == *", "[1-9]*" doubles, "* ]]
}

@test "control: a build without the library is no success" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p empty/tests
	ln -s "$BUILD/showmill" empty/showmill
	ln -s "$BUILD/tests/mail_sink" empty/tests/mail_sink
	matrix --build empty
	[ "$status" = 2 ]
}
