#!/bin/sh
# needs.sh GROUP...: installs the Debian packages whose commands are missing, and says so; else says nothing.
set -eu
missing=
# Wanted only where Debian has them: without them a test is skipped.
wished=
add() { case " $missing " in *" $1 "*) ;; *) missing="$missing $1" ;; esac; }
# need PACKAGE COMMAND...: the package is missing where the command cannot be found or answers with an error.
need() {
  package=$1
  shift
  "$@" >/dev/null 2>&1 || add "$package"
}
wish() {
  package=$1
  shift
  "$@" >/dev/null 2>&1 || wished="$wished $package"
}
has() { command -v "$1"; }

for group in "$@"; do
  case $group in
  build)
    need gcc gcc --version
    need g++ g++ --version
    need binutils objcopy --version
    need libc6-dev sh -c 'echo "#include <math.h>" | gcc -E -'
    # Compiled against, never linked; they bring the libcurl.so.4 that is loaded at run time.
    need libcurl4-openssl-dev sh -c 'echo "#include <curl/curl.h>" | gcc -E -'
    need zlib1g-dev sh -c 'echo "#include <zlib.h>" | gcc -E -'
    ;;
  python)
    need python3 python3 --version
    need python3-venv python3 -c 'import venv, ensurepip'
    ;;
  test)
    # For the hosts of the black-box tests. Big ones (rust, java, node) are not asked for: without them theirs are
    # skipped.
    need clang-format clang-format --version
    need strace strace --version
    need gdb gdb --version
    need tmux tmux -V
    need sudo sudo --version
    need gfortran gfortran --version
    need openmpi-bin mpirun.openmpi --version
    wish libopenmpi-dev sh -c 'echo "#include <mpi.h>" | mpicc -E -x c -'
    need python3-numpy /usr/bin/python3 -c 'import numpy'
    need libjemalloc2 sh -c 'ls /usr/lib/*/libjemalloc.so.2'
    need libtcmalloc-minimal4 sh -c 'ls /usr/lib/*/libtcmalloc_minimal.so.4'
    need libfaketime sh -c 'ls /usr/lib/*/faketime/libfaketime.so.1'
    need libfuse3-3 sh -c 'ls /usr/lib/*/libfuse3.so.3'
    need libfmt-dev sh -c 'echo "#include <fmt/core.h>" | g++ -E -x c++ -'
    # Programs are built with the installed library by them.
    wish cmake has cmake
    wish pkg-config has pkg-config
    ;;
  bench)
    # Instructions are counted by it; without it those figures are left out.
    wish valgrind has valgrind
    ;;
  trainers)
    # Real programs that train, some 35 MB; others come as wheels (Tests/requirements-trainers.txt).
    wish fasttext has fasttext
    wish liblinear-tools has liblinear-train
    wish libsvm-tools has svm-train
    wish python3-fann2 /usr/bin/python3 -c 'import fann2'
    wish sentencepiece has spm_train
    wish tesseract-ocr has lstmtraining
    wish timbl has timbl
    wish xgboost has xgboost
    ;;
  esac
done
[ -n "$missing$wished" ] || exit 0

become=
if [ "$(id -u)" -ne 0 ]; then become=sudo; fi
if ! command -v apt-get >/dev/null || { [ -n "$become" ] && ! command -v sudo >/dev/null; }; then
  [ -n "$missing" ] || exit 0
  echo "trackshim: please install what these Debian packages hold:$missing" >&2
  exit 1
fi
$become apt-get -qq update
for package in $wished; do
  if apt-cache show "$package" >/dev/null 2>&1; then
    add "$package"
  else
    echo "No package $package here; what needs it is skipped"
  fi
done
[ -n "$missing" ] || exit 0
echo "Installing Debian packages:$missing"
# shellcheck disable=SC2086  # one word for each package
DEBIAN_FRONTEND=noninteractive $become apt-get -qq install -y --no-install-recommends $missing >/dev/null
