# Bylaw: two libraries and the command. `make help` lists the targets.
#
#   make                  build/bylaw, build/libbylaw.a, build/libbylaw-run.a
#   make DEBUG=1          the same below build/debug, unoptimised, with assertions
#   make SANITIZE=1       the same below build/sanitize, with the address and undefined-behaviour sanitizers
#   make CC=clang BUILD=build/clang WERROR=1
#
# Objects and generated files live in $(BUILD) and nowhere else, so that different builds stand side by side.
# All paths are relative: the checkout may lie anywhere.

.SUFFIXES:
.DELETE_ON_ERROR:

ifeq ($(origin CC),default)
CC := gcc
endif

ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
CC := clang
BUILD ?= build/fuzz
MODE_FLAGS := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
else ifdef SANITIZE
BUILD ?= build/sanitize
MODE_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
else ifdef DEBUG
BUILD ?= build/debug
MODE_FLAGS := -O0 -g
else
BUILD ?= build
MODE_FLAGS := -O2 -g -DNDEBUG
endif

ifdef WERROR
MODE_FLAGS += -Werror
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
# What flex and bison write is checked by their own tests, not by our taste.
GENERATED_WARNINGS := $(WARNINGS) -Wno-conversion -Wno-sign-conversion -Wno-shadow -Wno-missing-prototypes \
	-Wno-unused-function -Wno-unused-but-set-variable -Wno-unused-parameter -Wno-sign-compare
# At each token gcc would mark the parser's stacks, which are variables of one function, as in use again: as much work as
# the parsing itself. Everything else is watched there too.
ifdef SANITIZE
GENERATED_FLAGS := -fno-sanitize-address-use-after-scope
endif
STANDARD := -std=c11 -D_POSIX_C_SOURCE=200809L
# For "x.h" only: <limits.h> is the system's, not ours.
INCLUDES := -iquote runtime -iquote lang -iquote $(BUILD)/gen
CFLAGS ?=
# One set of objects serves programs, static and shared libraries; only what bylaw.h declares is seen from outside.
SHAPE := -fPIC -fvisibility=hidden
ALL_CFLAGS = $(STANDARD) $(MODE_FLAGS) $(SHAPE) $(INCLUDES) $(CFLAGS)
LIBRARY_LIBS := -lutf8proc -lgmp
TOOL_LIBS := -lz -ledit
UNIT_LIBS := -lcmocka -ljansson
AR ?= ar
OBJCOPY ?= objcopy
FLEX ?= flex
BISON ?= bison
CLANG_FORMAT ?= clang-format

# `make V=1` shows the commands.
ifdef V
Q :=
say = @:
else
Q := @
say = @echo
endif

# ---- what there is ----

GEN := $(BUILD)/gen
RUNTIME_SOURCES := $(sort $(wildcard runtime/*.c))
LANG_SOURCES := $(sort $(wildcard lang/*.c))
TOOL_SOURCES := $(sort $(wildcard lang/tools/*.c))
PAGES := $(sort $(wildcard docs/errors/*.md))
STDLIB := $(sort $(wildcard stdlib/*.bylaw))
UNIT_SOURCES := $(sort $(wildcard tests/unit/test_*.c))
BENCH_SOURCES := $(sort $(wildcard tests/bench/bench_*.c))
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
OUR_SOURCES := $(RUNTIME_SOURCES) $(LANG_SOURCES) $(TOOL_SOURCES) $(sort $(wildcard runtime/*.h lang/*.h lang/tools/*.h)) \
	$(sort $(wildcard tests/unit/*.[ch] tests/bench/*.c tests/fuzz/*.c))

RUNTIME_OBJECTS := $(RUNTIME_SOURCES:%.c=$(BUILD)/%.o)
GENERATED_SOURCES := $(GEN)/grammar.c $(GEN)/lexer.c $(GEN)/library.c
GENERATED_HEADERS := $(GEN)/grammar.h $(GEN)/lexer.h
GENERATED_OBJECTS := $(GENERATED_SOURCES:.c=.o)
LANG_OBJECTS := $(LANG_SOURCES:%.c=$(BUILD)/%.o) $(GENERATED_OBJECTS)
TOOL_OBJECTS := $(TOOL_SOURCES:%.c=$(BUILD)/%.o) $(GEN)/pages.o
UNIT_PROGRAMS := $(UNIT_SOURCES:%.c=$(BUILD)/%)
BENCH_PROGRAMS := $(BENCH_SOURCES:%.c=$(BUILD)/%)
FUZZ_PROGRAMS := $(FUZZ_SOURCES:%.c=$(BUILD)/%)
# Programs that tests call with words of their own.
UNIT_HELPERS := $(BUILD)/tests/unit/memory_fails $(BUILD)/tests/unit/mistyped $(BUILD)/tests/unit/spoken $(BUILD)/tests/unit/formatted
# For hosts: names of the header only. CORE is the same with all names, for our own tests.
LIBRARY := $(BUILD)/libbylaw.a
RUN_LIBRARY := $(BUILD)/libbylaw-run.a
CORE := $(BUILD)/core/libbylaw.a
PROGRAM := $(BUILD)/bylaw
# The header says which version this is; the first number is that of the binary interface.
VERSION := $(shell sed -n 's/^.define BYLAW_VERSION "\(.*\)"/\1/p' runtime/bylaw.h)
INTERFACE := $(firstword $(subst ., ,$(VERSION)))
SHARED := $(BUILD)/libbylaw.so.$(VERSION)
RUN_SHARED := $(BUILD)/libbylaw-run.so.$(VERSION)

.PHONY: all install uninstall deb memory foreign check demo bench bench-programs golden words unit unit-programs fuzz format format-check deps clean help FORCE
all: $(PROGRAM) $(LIBRARY) $(RUN_LIBRARY) $(SHARED) $(RUN_SHARED) $(CORE)

# ---- what we need from the system: said once, in tests/setup.sh ----

deps:
	@sh tests/setup.sh missing build

# A missing tool or header is told before the first compiler error: once for each build directory.
$(BUILD)/deps-checked: tests/setup.sh
	@mkdir -p $(@D)
	@CC='$(CC)' sh tests/setup.sh check-tools
	@touch $@

# ---- rules ----

# Changes when the compiler or its flags do, so that everything is built again.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS) $(WARNINGS)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) $(WARNINGS)' > $@
# Change when a library policy or a page comes or goes.
$(BUILD)/stdlib-list: FORCE
	@mkdir -p $(@D)
	@echo '$(STDLIB)' | cmp -s - $@ || echo '$(STDLIB)' > $@
$(BUILD)/pages-list: FORCE
	@mkdir -p $(@D)
	@echo '$(PAGES)' | cmp -s - $@ || echo '$(PAGES)' > $@

$(BUILD)/%.o: %.c $(BUILD)/flags | $(BUILD)/deps-checked $(GENERATED_HEADERS)
	@mkdir -p $(@D)
	$(say) '  cc     $<'
	$(Q)$(CC) $(ALL_CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<

$(GEN)/%.o: $(GEN)/%.c $(BUILD)/flags | $(GENERATED_HEADERS)
	$(say) '  cc     $<'
	$(Q)$(CC) $(ALL_CFLAGS) $(GENERATED_FLAGS) $(GENERATED_WARNINGS) -MMD -MP -c -o $@ $<

$(GEN)/grammar.c $(GEN)/grammar.h &: lang/grammar.y | $(BUILD)/deps-checked
	@mkdir -p $(GEN)
	$(say) '  bison  $<'
	$(Q)$(BISON) -Wall -Wcounterexamples -Werror --defines=$(GEN)/grammar.h -o $(GEN)/grammar.c lang/grammar.y

$(GEN)/lexer.c $(GEN)/lexer.h &: lang/lexer.l | $(BUILD)/deps-checked
	@mkdir -p $(GEN)
	$(say) '  flex   $<'
	$(Q)$(FLEX) --header-file=$(GEN)/lexer.h -o $(GEN)/lexer.c lang/lexer.l

# The library's policies as bytes in the program: see lang/library.h.
$(GEN)/library.c: $(STDLIB) lang/embed.sh $(BUILD)/stdlib-list
	@mkdir -p $(GEN)
	$(say) '  embed  stdlib'
	$(Q)sh lang/embed.sh $(STDLIB) > $@

# The pages on messages, for `bylaw explain`: see lang/tools/pages.h.
$(GEN)/pages.c: $(PAGES) lang/tools/embed_pages.sh $(BUILD)/pages-list
	@mkdir -p $(GEN)
	$(say) '  embed  docs/errors'
	$(Q)sh lang/tools/embed_pages.sh $(PAGES) > $@

$(CORE): $(RUNTIME_OBJECTS) $(LANG_OBJECTS)
	@mkdir -p $(@D)
	@rm -f $@
	$(say) '  ar     $@'
	$(Q)$(AR) rcs $@ $^
# One object whose inner names are nobody's business: two libraries of a program cannot come into each other's way.
$(RUN_LIBRARY): $(RUNTIME_OBJECTS)
$(LIBRARY): $(RUNTIME_OBJECTS) $(LANG_OBJECTS)
$(LIBRARY) $(RUN_LIBRARY):
	@rm -f $@
	$(say) '  ar     $@'
	$(Q)$(LD) -r -o $(@:.a=.o) $^ && $(OBJCOPY) --localize-hidden $(@:.a=.o) && $(AR) rcs $@ $(@:.a=.o)
$(RUN_SHARED): $(RUNTIME_OBJECTS)
$(SHARED): $(RUNTIME_OBJECTS) $(LANG_OBJECTS)
$(SHARED) $(RUN_SHARED): runtime/bylaw.map
	$(say) '  link   $@'
	$(Q)$(CC) $(ALL_CFLAGS) -shared -Wl,-soname,$(notdir $(@:$(VERSION)=$(INTERFACE))) -Wl,--version-script=runtime/bylaw.map \
		-o $@ $(filter %.o,$^) $(LIBRARY_LIBS) $(LDFLAGS)
$(PROGRAM): $(TOOL_OBJECTS) $(LIBRARY)
	$(say) '  link   $@'
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $(TOOL_OBJECTS) $(LIBRARY) $(LIBRARY_LIBS) $(TOOL_LIBS) $(LDFLAGS)

# ---- tests ----

# make would remove these, and compile them again the next time.
.SECONDARY: $(UNIT_PROGRAMS:%=%.o) $(BENCH_PROGRAMS:%=%.o) $(FUZZ_PROGRAMS:%=%.o)
$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(CORE)
	$(say) '  link   $@'
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(CORE) $(LIBRARY_LIBS) $(UNIT_LIBS) $(LDFLAGS)
$(BUILD)/tests/bench/bench_%: $(BUILD)/tests/bench/bench_%.o $(CORE)
	$(say) '  link   $@'
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(CORE) $(LIBRARY_LIBS) $(LDFLAGS)
$(UNIT_HELPERS): %: %.o $(CORE)
	$(say) '  link   $@'
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(CORE) $(LIBRARY_LIBS) $(LDFLAGS)

unit-programs: $(UNIT_PROGRAMS) $(UNIT_HELPERS)
unit: unit-programs
	sh tests/unit.sh $(BUILD)

check:
	sh tests/check.sh
demo:
	sh examples/demo.sh
words:
	@python3 tests/words.py page > docs/words.md

golden: all
	sh tests/golden.sh --update
	@echo 'Now read what changed, line by line: git diff -- "*expected"'

# Each allocation of each run, where `make check` fails some of those of questions: hours.
memory:
	$(MAKE) SANITIZE=1 all unit-programs
	MINUTES=600 BYLAW_FAIL=all sh tests/memory.sh

# The tests of another machine, under qemu, against the same expectations and against this one's bytes: an hour.
FOREIGN ?= s390x
foreign:
	sh tests/foreign.sh $(FOREIGN)

BENCH_COUNT ?= 1000000
bench-programs: $(BENCH_PROGRAMS)
bench: all $(BENCH_PROGRAMS)
	@sh tests/bench/bench.sh $(BUILD) $(BENCH_COUNT)

# libFuzzer comes with clang; everything is compiled with its instrumentation, in its own build directory.
FUZZ_SECONDS ?= 30
fuzz: $(FUZZ_PROGRAMS) $(PROGRAM)
	@sh tests/fuzz/seeds.sh $(PROGRAM) $(BUILD)/tests/fuzz/fuzz_bytecode.corpus
	@for program in $(FUZZ_PROGRAMS); do \
		mkdir -p $$program.corpus; \
		echo "$$program, $(FUZZ_SECONDS) s"; \
		$$program -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -artifact_prefix=$(BUILD)/ $$program.corpus || exit 1; \
	done
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(CORE)
	$(say) '  link   $@'
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -o $@ $< $(CORE) $(LIBRARY_LIBS) $(LDFLAGS)

# ---- installing ----

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man

# Everything that is installed, a line each: mode, file, where to. Uninstalling goes over the same list. Folders stand there by
# the names of their variables: what is in those may hold blanks and quotation marks, and only the shell puts it in.
INSTALLED := \
	755:$(PROGRAM):BINDIR/bylaw \
	644:runtime/bylaw.h:INCLUDEDIR/bylaw.h \
	644:$(LIBRARY):LIBDIR/libbylaw.a \
	644:$(RUN_LIBRARY):LIBDIR/libbylaw-run.a \
	644:$(SHARED):LIBDIR/libbylaw.so.$(VERSION) \
	644:$(RUN_SHARED):LIBDIR/libbylaw-run.so.$(VERSION) \
	644:$(BUILD)/install/bylaw.pc:LIBDIR/pkgconfig/bylaw.pc \
	644:$(BUILD)/install/bylaw-run.pc:LIBDIR/pkgconfig/bylaw-run.pc \
	644:$(BUILD)/install/bylaw.1:MANDIR/man1/bylaw.1 \
	644:$(BUILD)/install/bylaw.5:MANDIR/man5/bylaw.5 \
	644:$(BUILD)/install/bylaw.3:MANDIR/man3/bylaw.3 \
	644:$(BUILD)/install/bash:DATADIR/bash-completion/completions/bylaw \
	644:$(BUILD)/install/zsh:DATADIR/zsh/site-functions/_bylaw \
	644:$(BUILD)/install/fish:DATADIR/fish/vendor_completions.d/bylaw.fish \
	$(foreach policy,$(STDLIB),644:$(policy):DATADIR/bylaw/$(policy)) \
	$(foreach file,$(sort $(shell find examples/editors -name '*.vim' -o -name '*.json' -o -path '*editors/README.md')),\
		644:$(file):DATADIR/bylaw/$(file:examples/%=%))
# The names a linker and a loader look for.
LINKS := $(foreach name,libbylaw libbylaw-run,$(name).so.$(INTERFACE) $(name).so)
# Folders of our own, that go when they are empty.
OWN_FOLDERS := DATADIR/bylaw/editors/vim/compiler DATADIR/bylaw/editors/vim/ftdetect DATADIR/bylaw/editors/vim/ftplugin \
	DATADIR/bylaw/editors/vim/syntax DATADIR/bylaw/editors/vim DATADIR/bylaw/editors/vscode DATADIR/bylaw/editors \
	DATADIR/bylaw/stdlib DATADIR/bylaw

quoted = '$(subst ','\'',$(1))'
# For the shell: the folders by their names, and `place ROW`, which puts into $to where that is. A folder that does not begin with
# a slash would depend on where make runs, and pkg-config could not tell it to hosts.
define places
set -e; DESTDIR=$(call quoted,$(DESTDIR)); PREFIX=$(call quoted,$(PREFIX)); BINDIR=$(call quoted,$(BINDIR)); \
LIBDIR=$(call quoted,$(LIBDIR)); INCLUDEDIR=$(call quoted,$(INCLUDEDIR)); DATADIR=$(call quoted,$(DATADIR)); \
MANDIR=$(call quoted,$(MANDIR)); \
for folder in PREFIX BINDIR LIBDIR INCLUDEDIR DATADIR MANDIR; do \
	eval "to=\$$$$folder"; \
	case $$folder:$$to in *:/* | PREFIX:) ;; *) echo "$$folder is a whole path, from / on: not \`$$to\`" >&2; exit 2 ;; esac; \
done; \
place() { eval "to=\$$DESTDIR\$$$${1%%/*}/\$${1#*/}"; }
endef
# Libraries of the same name for a loader, of any version: hosts have this one. An older or newer one beside it, from an
# installation before, would be found by ldconfig in its place, or when it is gone.
SAME_INTERFACE := $(foreach name,libbylaw libbylaw-run,$(name).so.$(INTERFACE))

$(BUILD)/install/%.pc: runtime/bylaw.h $(BUILD)/flags FORCE
	@mkdir -p $(@D)
	@$(places); below() { case $$1 in "$$PREFIX"/*) printf '$${prefix}%s' "$${1#"$$PREFIX"}" ;; *) printf '%s' "$$1" ;; esac; }; \
	printf 'prefix=%s\nlibdir=%s\nincludedir=%s\n\nName: %s\nDescription: %s\nVersion: %s\nCflags: -I"$${includedir}"\nLibs: -L"$${libdir}" -l%s\nLibs.private: %s\n' \
		"$$PREFIX" "$$(below "$$LIBDIR")" "$$(below "$$INCLUDEDIR")" '$*' \
		'Decides by the rules of a governance policy, and says why' '$(VERSION)' '$*' '$(LIBRARY_LIBS)' >$@
$(BUILD)/install/bylaw.1 $(BUILD)/install/bylaw.5: $(PROGRAM)
	@mkdir -p $(@D)
	@$(PROGRAM) manual $(subst .,,$(suffix $@)) >$@
$(BUILD)/install/bylaw.3: runtime/bylaw.h docs/man/functions.awk
	@mkdir -p $(@D)
	@LC_ALL=C awk -f docs/man/functions.awk runtime/bylaw.h >$@
$(BUILD)/install/bash $(BUILD)/install/zsh $(BUILD)/install/fish: $(PROGRAM)
	@mkdir -p $(@D)
	@$(PROGRAM) completion $(@F) >$@

install: $(foreach row,$(INSTALLED),$(word 2,$(subst :, ,$(row))))
	@$(places); for row in $(INSTALLED); do \
		rest=$${row#*:}; place "$${rest#*:}"; \
		test -d "$${to%/*}" || install -d "$${to%/*}"; \
		install -m "$${row%%:*}" "$${rest%%:*}" "$$to"; \
	done; \
	for name in $(SAME_INTERFACE); do for other in "$$DESTDIR$$LIBDIR/$$name".[0-9]*; do \
		case $$other in */"$$name.$(VERSION:$(INTERFACE).%=%)") ;; *) rm -f "$$other" ;; esac; \
	done; done; \
	for link in $(LINKS); do ln -sf "$${link%.so*}.so.$(VERSION)" "$$DESTDIR$$LIBDIR/$$link"; done
	$(say) installed below $(call quoted,$(DESTDIR)$(PREFIX))
uninstall:
	@$(places); for row in $(INSTALLED); do place "$${row#*:*:}"; rm -f "$$to"; done; \
	for name in $(SAME_INTERFACE); do rm -f "$$DESTDIR$$LIBDIR/$$name".[0-9]*; done; \
	for link in $(LINKS); do rm -f "$$DESTDIR$$LIBDIR/$$link"; done; \
	for folder in $(OWN_FOLDERS); do place "$$folder"; rmdir "$$to" 2>/dev/null || true; done
	$(say) uninstalled from $(call quoted,$(DESTDIR)$(PREFIX))

# Debian packages of the last commit, in $(BUILD)/deb.
deb:
	@sh docs/debian/package.sh $(BUILD)/deb

# ---- the rest ----

format:
	$(CLANG_FORMAT) -i $(OUR_SOURCES)
format-check:
	$(CLANG_FORMAT) --dry-run -Werror $(OUR_SOURCES)
clean:
	rm -rf build
help:
	@echo 'make               build/bylaw and the two libraries'
	@echo 'make check         install what tests need, build, test: ends with "N passed, N failed"'
	@echo 'make demo          install what building needs, build, show'
	@echo 'make install       program, libraries, header, manual, completion: below PREFIX=/usr/local, with DESTDIR='
	@echo 'make uninstall     takes them away again'
	@echo 'make deb           Debian packages of the last commit; needs dpkg-dev and debhelper'
	@echo 'make unit          the unit tests of this build'
	@echo 'make golden        rewrite the expected outputs; read them before you commit'
	@echo 'make words         write docs/words.md anew from lang/words.def'
	@echo 'make bench         measure (BENCH_COUNT=1000000)'
	@echo 'make foreign       test it for another machine (FOREIGN=s390x), needs qemu: an hour'
	@echo 'make fuzz          feed the readers noise (FUZZ_SECONDS=30), needs clang'
	@echo 'make format        clang-format everything; format-check only looks'
	@echo 'make deps          which packages are missing'
	@echo 'make clean         remove build/'
	@echo 'DEBUG=1 SANITIZE=1 WERROR=1 CC=clang BUILD=build/name change a build'

FORCE:
-include $(RUNTIME_OBJECTS:.o=.d) $(LANG_OBJECTS:.o=.d) $(TOOL_OBJECTS:.o=.d)
-include $(UNIT_PROGRAMS:%=%.d) $(BENCH_PROGRAMS:%=%.d) $(FUZZ_PROGRAMS:%=%.d) $(UNIT_HELPERS:%=%.d)
