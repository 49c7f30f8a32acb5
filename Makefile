# showmill: see README.md. VARIANT is release, debug, asan, coverage or fuzz.
VARIANT ?= release
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
ifeq ($(origin CC),default)
CC = cc
endif

# V=1 shows the commands; a make below is as parallel as there are processors.
Q := $(if $(V),,@)
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-3s %s\n' $(1) $@)
JOBS := $(or $(filter -j%,$(MAKEFLAGS)),-j$(shell nproc 2>/dev/null || echo 1))
B := build/$(VARIANT)
# The C++ compiler that goes with CC, for toml++ alone. TOML= builds without.
ifeq ($(origin CXX),default)
CXX := $(if $(findstring clang,$(CC)),$(subst clang,clang++,$(CC)),g++)
endif
PACKAGES := libcmark libxml-2.0 libcurl libesmtp-1.0 sqlite3 yaml-0.1 jansson \
	libutf8proc libidn2 uuid libmagic glib-2.0 libmpg123 libcrypto \
	libpng libjpeg libebur128 zlib libbrotlienc
# Their headers alone: they are loaded when a file needs them (media_av_lib.c).
LOADED := libavformat libavcodec libavutil
VERSION := 0.1.0

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla -Wundef
OPT_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
OPT_debug := -O0 -g3
OPT_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
OPT_coverage := -O0 -g --coverage
OPT_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined
LINK_asan := -fsanitize=address,undefined
LINK_coverage := --coverage
LINK_fuzz := -fsanitize=address,undefined
WERROR ?=
CFLAGS ?=
LDFLAGS ?=

# Asked once, and only where something is compiled: `make deps` must work
# before there is a pkg-config.
ifneq ($(filter-out deps% demo check clean help,$(or $(MAKECMDGOALS),all)),)
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) $(LOADED))
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES)) -ldl -lm
ifeq ($(origin TOML),undefined)
TOML := $(shell pkg-config --exists tomlplusplus && echo 'int x;' | \
	$(CXX) -std=c++17 -fsyntax-only -x c++ - 2>/dev/null && echo yes)
endif
# DKIM= builds without libopendkim.
ifeq ($(origin DKIM),undefined)
DKIM := $(shell pkg-config --exists opendkim && echo yes)
endif
# SYSTEMD= builds without libsystemd.
ifeq ($(origin SYSTEMD),undefined)
SYSTEMD := $(shell pkg-config --exists libsystemd && echo yes)
endif
SYSTEMD_CFLAGS := $(if $(SYSTEMD),$(shell pkg-config --cflags libsystemd))
# PGSQL= builds without libpq: the ledger is in a file.
ifeq ($(origin PGSQL),undefined)
PGSQL := $(shell pkg-config --exists libpq && echo yes)
endif
PGSQL_CFLAGS := $(if $(PGSQL),$(shell pkg-config --cflags libpq))
DKIM_CFLAGS := $(if $(DKIM),$(shell pkg-config --cflags opendkim))
TOML_CFLAGS := $(if $(TOML),$(shell pkg-config --cflags tomlplusplus))
CMOCKA := $(shell pkg-config --cflags --libs cmocka 2>/dev/null)
endif
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -pthread -Ilib -I. \
	-DSHOWMILL_VERSION='"$(VERSION)"' \
	$(WARN) $(WERROR) $(OPT_$(VARIANT)) $(PKG_CFLAGS) $(DKIM_CFLAGS) \
	$(SYSTEMD_CFLAGS) $(PGSQL_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = -pthread $(LINK_$(VARIANT)) $(LDFLAGS)

# The C++ compiler brings its run-time library, and that of the sanitizers.
LD_CC := $(CC)
ifneq ($(TOML),)
PKG_LIBS += $(shell pkg-config --libs tomlplusplus)
LD_CC := $(CXX)
endif
PKG_LIBS += $(if $(DKIM),$(shell pkg-config --libs opendkim)) \
	$(if $(SYSTEMD),$(shell pkg-config --libs libsystemd)) \
	$(if $(PGSQL),$(shell pkg-config --libs libpq))
ALL_CXXFLAGS = -std=c++17 -D_GNU_SOURCE -pthread -Ilib -I. -Wall -Wextra \
	-Wshadow -Wconversion $(WERROR) $(OPT_$(VARIANT)) $(TOML_CFLAGS) \
	$(CFLAGS)

LIB_SRC := $(sort $(filter-out $(if $(TOML),%/toml_none.c) \
	$(if $(DKIM),%/signer_none.c,%/signer_dkim.c) \
	$(if $(SYSTEMD),%/notify_none.c,%/notify.c) \
	$(if $(PGSQL),%/db_pg_none.c,%/db_pg.c %/db_pg_open.c %/db_pg_wait.c %/db_pg_words.c),$(wildcard lib/*/*.c)) \
	$(if $(TOML),lib/text/toml.cc))
CMD_SRC := $(sort $(wildcard cmd/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
SINK_SRC := $(sort $(wildcard tests/peers/mail_sink.c tests/peers/sink_*.c tests/peers/peer.c))
HTTP_SRC := $(sort $(wildcard tests/peers/http_*.c tests/peers/peer.c))
BENCH_SRC := $(sort $(wildcard tests/bench/*.c))
CRASH_SRC := $(sort $(wildcard tests/crash/*.c))
obj = $(addprefix $(B)/obj/,$(addsuffix .o,$(basename $(1))))
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(UNIT_SRC))
PEERS := $(if $(SINK_SRC),$(B)/tests/mail_sink) $(if $(HTTP_SRC),$(B)/tests/http_peer) \
	$(if $(CRASH_SRC),$(B)/tests/crash_shim.so)
BENCH := $(patsubst tests/bench/%.c,$(B)/tests/%,$(BENCH_SRC))
OBJ := $(call obj,$(sort $(LIB_SRC) $(CMD_SRC) $(UNIT_SRC) $(SINK_SRC) $(HTTP_SRC) $(BENCH_SRC)))

.PHONY: all tests deps deps-test deps-servers demo check check-built lint \
	install uninstall clean format bench help FORCE
.SECONDARY:
.DELETE_ON_ERROR:

all: $(B)/showmill $(B)/digest
tests: all $(UNIT) $(PEERS) $(BENCH)

# Rebuild when the compiler or its flags change.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(subst ','\'',$(ALL_CFLAGS) $(ALL_LDFLAGS) $(PKG_LIBS) $(CXX) $(ALL_CXXFLAGS))' | cmp -s - $@ || \
	 echo '$(CC) $(subst ','\'',$(ALL_CFLAGS) $(ALL_LDFLAGS) $(PKG_LIBS) $(CXX) $(ALL_CXXFLAGS))' > $@

$(B)/obj/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) $(OWN_CFLAGS) -MMD -MP -c -o $@ $<

# The one file that knows PREFIX, so that `make install PREFIX=` after `make`
# compiles no other.
$(B)/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' > $@
$(B)/obj/lib/show/config.o: $(B)/prefix
$(B)/obj/lib/show/config.o: OWN_CFLAGS = \
	-DSHOWMILL_DATADIR='"$(PREFIX)/share/showmill"'

# The English words are built in: a string for each line of their file.
$(B)/gen/text/words_english.inc: templates/words/en.ini
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)sed 's/["\\]/\\&/g; s/.*/"&",/' $< > $@
$(B)/obj/lib/text/words_english.o: $(B)/gen/text/words_english.inc
$(B)/obj/lib/text/words_english.o: OWN_CFLAGS = -I$(B)/gen

$(B)/obj/%.o: %.cc $(B)/flags
	@mkdir -p $(@D)
	$(call say,CXX)
	$(Q)$(CXX) $(ALL_CXXFLAGS) -MMD -MP -c -o $@ $<

$(B)/libshowmill.a: $(call obj,$(LIB_SRC))
	$(call say,AR)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/showmill: $(call obj,$(CMD_SRC)) $(B)/libshowmill.a
	$(call say,LD)
	$(Q)$(LD_CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)
$(B)/digest: $(B)/showmill
	@ln -sf showmill $@

$(B)/tests/test_%: $(B)/obj/tests/unit/test_%.o $(B)/libshowmill.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(LD_CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS) $(CMOCKA)
$(B)/tests/mail_sink: $(call obj,$(SINK_SRC))
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^
$(B)/tests/http_peer: $(call obj,$(HTTP_SRC))
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^
# Loaded into what is tested, so without sanitizers and the like.
$(B)/tests/crash_shim.so: $(CRASH_SRC) $(wildcard tests/crash/*.h) $(B)/flags
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -pthread $(WARN) $(WERROR) -O2 -g -fPIC \
	 -shared -o $@ $(CRASH_SRC) -ldl
$(BENCH): $(B)/tests/%: $(B)/obj/tests/bench/%.o $(B)/libshowmill.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(LD_CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

deps:
	@tests/tools/deps build
deps-test: deps
	@tests/tools/deps test
deps-servers: deps-test
	@tests/tools/deps servers

demo: deps
	@$(MAKE) --no-print-directory $(JOBS) all $(B)/tests/mail_sink
	@BUILD=$(B) tests/tools/demo

# The order matters only for a fresh machine: packages first.
check: deps-test
	@$(MAKE) --no-print-directory $(JOBS) tests
	@$(MAKE) --no-print-directory check-built
check-built: tests
	@BUILD=$(B) tests/tools/run-tests
lint:
	@tests/tools/lint

bench: tests
	@BUILD=$(B) tests/bench/run
	@BUILD=$(B) tests/bench/heads
	@BUILD=$(B) tests/bench/sign
	@BUILD=$(B) tests/bench/million

install: all
	@DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' BUILD=$(B) tests/tools/install install
uninstall:
	@DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' tests/tools/install uninstall

compile_commands.json: FORCE
	bear -- $(MAKE) -B VARIANT=debug tests
format:
	clang-format -i $(filter %.c,$(LIB_SRC)) $(CMD_SRC) $(UNIT_SRC) $(wildcard lib/*/*.h cmd/*.h)
clean:
	rm -rf build compile_commands.json
help:
	@sed -n 's/^#help  */  make /p' Makefile
#help all           build/release/showmill, and the link digest
#help demo          the sample show: its feeds, its digest, and three mails
#help check         installs what the tests need, runs all of them
#help check-built   runs them with what is installed
#help tests         builds the tests and the servers they talk to
#help lint          the checks on the source alone
#help bench         measures speed and memory
#help install       honours PREFIX (/usr/local) and DESTDIR
#help uninstall     takes away what install put there
#help deps          installs what building needs (Debian, Ubuntu)
#help deps-test     and what the tests need
#help deps-servers  and the real mail servers and browsers of some tests
#help format        clang-format over the source
#help clean         removes build/
#help compile_commands.json  for editors; needs bear

-include $(OBJ:.o=.d)
