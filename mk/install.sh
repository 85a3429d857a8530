#!/bin/sh
# install.sh install|uninstall: what is in build/ goes below $DESTDIR$PREFIX, or goes away from there. What belongs to
# it is said once, in `everything`.
set -eu
: "${DESTDIR:=}" "${PREFIX:=/usr/local}"
case $PREFIX in /*) ;; *) PREFIX=$PWD/$PREFIX ;; esac
PREFIX=${PREFIX%/}
: "${BINDIR:=$PREFIX/bin}" "${LIBDIR:=$PREFIX/lib}" "${INCLUDEDIR:=$PREFIX/include}"
: "${DATADIR:=$PREFIX/share}"
: "${MANDIR:=$DATADIR/man}" "${DOCDIR:=$DATADIR/doc/trackshim}"
: "${BASHDIR:=$DATADIR/bash-completion/completions}" "${ZSHDIR:=$DATADIR/zsh/site-functions}"
: "${FISHDIR:=$DATADIR/fish/vendor_completions.d}"
# How trackshim.pc says where it is. An archive's says it by the place of the file itself.
: "${PC_PREFIX:=$PREFIX}"

library=build/lib/libtrackshim.so
command=build/bin/trackshim
# Folders get the modes of everybody's system, whatever the user's files are created with.
umask 022

everything() {
  version=$(mk/version.sh)
  soname=libtrackshim.so.${version%%.*}
  file=libtrackshim.so.$version

  put 755 $command "$BINDIR/trackshim"
  put 644 $library "$LIBDIR/$file"
  link "$file" "$LIBDIR/$soname"
  link "$soname" "$LIBDIR/libtrackshim.so"
  put 644 build/include/trackshim.h "$INCLUDEDIR/trackshim.h"
  made pkgconfig "$LIBDIR/pkgconfig/trackshim.pc"
  made cmake "$LIBDIR/cmake/trackshim/trackshim-config.cmake"
  made cmake_version "$LIBDIR/cmake/trackshim/trackshim-config-version.cmake"
  put 644 man/trackshim.1 "$MANDIR/man1/trackshim.1"
  put 644 man/libtrackshim.3 "$MANDIR/man3/libtrackshim.3"
  made "completion bash" "$BASHDIR/trackshim"
  made "completion zsh" "$ZSHDIR/_trackshim"
  made "completion fish" "$FISHDIR/trackshim.fish"
  for page in LICENSE docs/*.md; do put 644 "$page" "$DOCDIR/$(basename "$page")"; done
}

# ---- Files that are made of what is known here ----

pkgconfig() { fill packaging/trackshim.pc.in "$PC_PREFIX" '${prefix}'; }
cmake() { fill packaging/trackshim-config.cmake.in; }
cmake_version() { fill packaging/trackshim-config-version.cmake.in; }
completion() { $command --generate-completion-script "$1"; }

# fill TEMPLATE [PREFIX [INNER]]: folders below the prefix begin with INNER instead.
fill() {
  sed -e "s|@version@|$version|" -e "s|@major@|${version%%.*}|" -e "s|@soname@|$soname|" \
    -e "s|@prefix@|${2:-}|" -e "s|@libdir@|$(below "$LIBDIR" "${3:-}")|" \
    -e "s|@includedir@|$(below "$INCLUDEDIR" "${3:-}")|" \
    -e "s|@to_include@|$(realpath -ms --relative-to="$LIBDIR/cmake/trackshim" "$INCLUDEDIR")|" "$1"
}
below() {
  case $1 in "$PREFIX"/*) echo "$2${1#"$PREFIX"}" ;; *) echo "$1" ;; esac
}

# ---- There and away again ----

# A file appears in one step: the one before may be in use by a program that runs.
settle() {
  chmod "$1" "$2.new"
  mv -fT "$2.new" "$2"
}
do_install() {
  put() {
    mkdir -p "$(dirname "$DESTDIR$3")"
    cp "$2" "$DESTDIR$3.new"
    settle "$1" "$DESTDIR$3"
  }
  made() {
    mkdir -p "$(dirname "$DESTDIR$2")"
    $1 >"$DESTDIR$2.new"
    settle 644 "$DESTDIR$2"
  }
  link() {
    ln -sf "$1" "$DESTDIR$2.new"
    mv -fT "$DESTDIR$2.new" "$DESTDIR$2"
  }
  everything
  tell_loader
}

# Folders that are empty then go too; not the prefix and those that stand in it, which a system has anyway.
do_uninstall() {
  remove() {
    rm -f "$DESTDIR$1"
    folder=$(dirname "$1")
    while [ "${folder%/*}" != "$PREFIX" ] && [ -n "${folder%/*}" ] && rmdir "$DESTDIR$folder" 2>/dev/null; do
      folder=$(dirname "$folder")
    done
  }
  put() { remove "$3"; }
  made() { remove "$2"; }
  link() { remove "$2"; }
  everything
  tell_loader
}

# Where the loader keeps a list of what is in this folder, the list is made anew.
tell_loader() {
  [ -z "$DESTDIR" ] && [ "$(id -u)" -eq 0 ] || return 0
  PATH=$PATH:/usr/sbin:/sbin
  if ldconfig -N -X -v 2>/dev/null | sed -n 's|^\(/[^:]*\):.*|\1|p' | xargs -r realpath -m |
    grep -qxF "$(realpath -m "$LIBDIR")"; then ldconfig; fi
}

case ${1:-} in
install | uninstall) "do_$1" ;;
*) echo "install.sh: install or uninstall, not '${1:-}'" >&2 && exit 2 ;;
esac
