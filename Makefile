# `make` builds, `make run` shows it at work, `make test` tests it, `make matrix` prints what every host thinks of it.
# What is left behind:
#
#   build/lib/libtrackshim.so       to preload, or to link with -ltrackshim; its symbols are in .so.debug
#   build/include/trackshim.h       for programs that call it
#   build/bin/trackshim             the command
#   build/bin/train, train_hook     the examples
#
# Nothing is rebuilt or installed that is there already, and all paths are relative: the tree may stand
# anywhere, also below a folder with a space in its name.

SWIFT ?= swift
# The same flags for the library and the command, so that neither makes the other compile again.
# --disable-local-rpath: a RUNPATH of $ORIGIN would have every exec look for libm beside the library first.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib --disable-local-rpath
RELEASED = .build/release
EXAMPLE_CFLAGS = -O2 -std=c11 -Wall -Wextra -Werror

CORE := $(shell find Sources/CTrackShim Sources/TrackShim -type f)
COMMAND := $(shell find Sources/TrackShimCLI -name '*.swift')
STATIC_CXX = build/cxx/libstdc++.a build/cxx/libgcc_s.a

.PHONY: all lib cli examples run test matrix lint format install-needs client clean distclean
# SwiftPM locks its folder: parallel rules would only wait for each other.
.NOTPARALLEL:
.DELETE_ON_ERROR:

all: lib cli examples
	@:
lib: build/lib/libtrackshim.so build/include/trackshim.h
cli: build/bin/trackshim
examples: build/bin/train build/bin/train_hook

# ---- The library ----

# SwiftPM does not watch exports.map and build/cxx, hence the rm: it makes it link again. The new file takes
# the old one's name in one step, because the old one may be mapped by programs that are running.
build/lib/libtrackshim.so: $(CORE) Package.swift $(STATIC_CXX)
	@mk/swift.sh
	@rm -f $(RELEASED)/libtrackshim.so
	$(RELEASE) --product trackshim
	@mk/install_stripped.sh $(RELEASED)/libtrackshim.so $@ $@.debug

# All that this folder holds is found by the linker before the system's shared libraries of that name
# (Package.swift): so libstdc++ and the unwinder become part of the library.
build/cxx/libstdc++.a:
	@mkdir -p $(@D) && cp "$$(g++ -print-file-name=libstdc++.a)" $@
build/cxx/libgcc_s.a:
	@mkdir -p $(@D) && cp "$$(g++ -print-file-name=libgcc_eh.a)" $@

build/include/trackshim.h: Sources/CTrackShim/include/trackshim.h
	@mkdir -p $(@D) && cp $< $@

# ---- The command ----

build/bin/trackshim: $(CORE) $(COMMAND) Package.swift $(STATIC_CXX)
	@mk/swift.sh
	$(RELEASE) --product trackshim-cli
	@mk/install_stripped.sh $(RELEASED)/trackshim-cli $@

# ---- The examples ----

build/bin/train: Examples/train.c $(wildcard Examples/train_*.h)
	@mkdir -p $(@D)
	$(CC) $(EXAMPLE_CFLAGS) -o $@ $< -lm

build/bin/train_hook: Examples/train_hook.c build/include/trackshim.h build/lib/libtrackshim.so
	@mkdir -p $(@D)
	$(CC) $(EXAMPLE_CFLAGS) -Ibuild/include -o $@ $< -Lbuild/lib -ltrackshim -lm -Wl,-rpath,'$$ORIGIN/../lib'

# ---- Trying and testing ----

# The needs come first and by a make of their own: the rules above ask g++ and swift when they are read.
run:
	@mk/needs.sh build
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory client || echo "make run: no wandb client in .venv; the run is recorded all the same"
	@mk/run.sh

test:
	@mk/needs.sh build test
	@$(MAKE) --no-print-directory client
	@mk/test.sh

# Every host with every kind of stdout, alone and under the library, as a table.
matrix:
	@mk/needs.sh build test
	@$(MAKE) --no-print-directory client all
	@mk/black_box.sh Tests/test_hosts.py

# W&B's own client reads what we write, in the tests and after `make run`.
client: .venv/installed
	@:
.venv/installed: Tests/requirements.txt
	@mk/needs.sh python
	@echo "Installing the official wandb client and pytest into .venv"
	@python3 -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

lint:
	@mk/format.sh check
format:
	@mk/format.sh write

clean:
	rm -rf build .build
distclean: clean
	rm -rf .venv
