# `make` builds, `make run` shows it at work, `make test` tests it, `make matrix` prints what every host thinks of it.
# What is left behind:
#
#   build/lib/libtrackshim.so       to preload, or to link with -ltrackshim; its symbols are in .so.debug
#   build/include/trackshim.h       for programs that call it
#   build/bin/trackshim             the command
#   build/bin/train, train_hook, …  the examples
#
# `make install`, `make dist` and `make deb` are in mk/install.mk.
#
# Nothing is rebuilt or installed that is there already, and all paths are relative: the tree may stand
# anywhere, also below a folder with a space in its name.

SWIFT ?= swift
# The same flags for the library and the command, so that neither makes the other compile again.
# --disable-local-rpath: a RUNPATH of $ORIGIN would have every exec look for libm beside the library first.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib --disable-local-rpath
RELEASED = .build/release
EXAMPLE_CFLAGS = -O2 -std=c11 -Wall -Wextra -Werror
EXAMPLE_CXXFLAGS = -O2 -std=c++11 -Wall -Wextra -pedantic -Werror

CORE := $(shell find Sources/CTrackShim Sources/TrackShim -type f)
COMMAND := $(shell find Sources/TrackShimCLI Sources/SavedLogs -name '*.swift')
STATIC_CXX = build/cxx/libstdc++.a build/cxx/libgcc_s.a

.PHONY: all lib faults cli examples run test lint format install-needs client trainers cuda clean distclean soak test-glibc test-sanitized fuzz matrix formats bench order
# SwiftPM locks its folder: parallel rules would only wait for each other.
.NOTPARALLEL:
.DELETE_ON_ERROR:

all: lib cli examples
	@:
lib: build/lib/libtrackshim.so build/include/trackshim.h
faults: build/faults/libtrackshim.so
cli: build/bin/trackshim
examples: build/bin/train build/bin/optional build/bin/train_hook build/bin/train_hook_cpp

# ---- The library ----

# SwiftPM does not watch exports.map and build/cxx, hence the rm: it makes it link again. The new file takes
# the old one's name in one step, because the old one may be mapped by programs that are running.
build/lib/libtrackshim.so: $(CORE) Package.swift $(STATIC_CXX)
	@mk/swift.sh
	@rm -f $(RELEASED)/libtrackshim.so
	$(RELEASE) --product trackshim
	@mk/install_stripped.sh $(RELEASED)/libtrackshim.so $@ $@.debug

# The same with faults on demand (Sources/CTrackShim/faults), for the tests only: linked once more, not compiled.
build/faults/libtrackshim.so: $(CORE) Package.swift $(STATIC_CXX)
	@mk/swift.sh
	@rm -f $(RELEASED)/libtrackshim-faults.so
	$(RELEASE) --product trackshim-faults
	@mk/install_stripped.sh $(RELEASED)/libtrackshim-faults.so $@

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

# Linked without the library, which it may be preloaded with.
build/bin/optional: Examples/optional.c build/include/trackshim.h
	@mkdir -p $(@D)
	$(CC) $(EXAMPLE_CFLAGS) -Ibuild/include -o $@ $< -lm

LINKED = -Lbuild/lib -ltrackshim -lm -Wl,-rpath,'$$ORIGIN/../lib'

build/bin/train_hook: Examples/train_hook.c build/include/trackshim.h build/lib/libtrackshim.so
	@mkdir -p $(@D)
	$(CC) $(EXAMPLE_CFLAGS) -Ibuild/include -o $@ $< $(LINKED)

build/bin/train_hook_cpp: Examples/cpp/train_hook.cpp Examples/cpp/trackshim.hpp build/include/trackshim.h build/lib/libtrackshim.so
	@mkdir -p $(@D)
	$(CXX) $(EXAMPLE_CXXFLAGS) -Ibuild/include -o $@ $< $(LINKED)

# ---- Installing and packing ----

include mk/install.mk

# ---- Trying and testing ----

# The needs come first and by a make of their own: the rules above ask g++ and swift when they are read.
run:
	@mk/needs.sh build
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory client || echo "make run: no wandb client in .venv; the run is recorded all the same"
	@mk/run.sh

test:
	@mk/needs.sh build test trainers
	@$(MAKE) --no-print-directory client
	@$(MAKE) --no-print-directory trainers cuda
	@mk/test.sh

# A long run with a server that comes and goes: make soak MINUTES=30
MINUTES ?= 30
soak:
	@mk/needs.sh build test
	@$(MAKE) --no-print-directory lib cli client
	@.venv/bin/python Tests/soak $(MINUTES)

# The host matrix with newer C libraries (mk/glibc.sh); fetches them once, from the system's mirror of Debian.
test-glibc:
	@mk/needs.sh build test
	@$(MAKE) --no-print-directory client
	@$(MAKE) --no-print-directory all
	@mk/glibc.sh

# What takes bytes from outside, with bytes that libFuzzer makes up: make fuzz SECONDS=300 TARGET=lines
fuzz:
	@FUZZ_SECONDS='$(SECONDS)' TARGET='$(TARGET)' mk/fuzz.sh

# The unit tests under the address, thread and undefined behaviour sanitizers.
test-sanitized:
	@mk/sanitized.sh

# What it costs and how fast it is, beside W&B's own client (docs/benchmarks.md, which WRITE=1 writes anew):
# make bench ONLY=latency,ends. BENCH=full takes its time. The reader's figures need a build of their own, of minutes.
READER = .build-bench/release/ReaderBench
bench:
	@mk/needs.sh build bench
	@$(MAKE) --no-print-directory lib cli client
ifneq ($(if $(ONLY),$(findstring reader,$(ONLY)),reader),)
	@echo "Building the reader by itself into .build-bench"
	@TRACKSHIM_BENCH=1 $(SWIFT) build -c release --scratch-path .build-bench --product ReaderBench >/dev/null
endif
	@ONLY='$(ONLY)' BENCH='$(BENCH)' WRITE='$(WRITE)' READER=$(READER) .venv/bin/python Tests/bench

# How well lines are understood: against the logs in Tests/logs.
formats: cli
	@python3 Tests/formats build/bin/trackshim

# Anew in what order the library's functions stand in it, from what programs of each kind run of them.
order: lib client
	@.venv/bin/python Tests/order $(RELEASED)/libtrackshim.so > build/functions.order
	@mv build/functions.order Sources/CTrackShim/functions.order
	@rm -f $(RELEASED)/libtrackshim.so # swift build does not know that it depends on that

# Every host with every kind of stdout, alone and under the library, as a table.
matrix:
	@mk/needs.sh build test
	@$(MAKE) --no-print-directory client all faults
	@mk/black_box.sh Tests/test_hosts.py -n 3

# W&B's own client reads what we write, in the tests and after `make run`.
client: .venv/installed
	@:
.venv/installed: Tests/requirements.txt
	@mk/needs.sh python
	@echo "Installing the official wandb client and pytest into .venv"
	@python3 -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# Real programs for Tests/test_real_trainers.py, which skips what is not there.
trainers: .venv/trainers
	@:
.venv/trainers: Tests/requirements-trainers.txt .venv/installed
	@echo "Installing trainers for the tests into .venv"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -r $< && touch $@ || \
	  echo "They could not be installed: their tests are skipped"

# A compiler for Examples/cuda, whose test is skipped where it is not there.
cuda: .venv/cuda
	@:
.venv/cuda: Tests/requirements-cuda.txt .venv/installed
	@echo "Installing nvcc for the tests into .venv, some 125 MB"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $< && touch $@ || \
	  echo "It could not be installed: the CUDA example is not compiled"

lint:
	@mk/format.sh check
format:
	@mk/format.sh write

clean:
	rm -rf build .build .build-unit .build-bench .build-fuzz .build-asan .build-tsan .build-ubsan
distclean: clean
	rm -rf .venv
