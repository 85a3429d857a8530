#!/bin/sh
# archive.sh: $DISTDIR/trackshim-VERSION-linux-MACHINE.tar.gz, a tree that works wherever it is unpacked. The same
# files give the same bytes: sorted by name, owned by root, dated as the last commit.
set -eu
: "${DISTDIR:=build/dist}"
unset BINDIR LIBDIR INCLUDEDIR DATADIR MANDIR DOCDIR BASHDIR ZSHDIR FISHDIR
date=$(mk/date.sh)
name=trackshim-$(mk/version.sh)-linux-$(uname -m)
mkdir -p "$DISTDIR"
stage=$(mktemp -d "$DISTDIR/stage.XXXXXX")
trap 'rm -rf "$stage"' EXIT

DESTDIR=$stage PREFIX=/$name PC_PREFIX='${pcfiledir}/../..' mk/install.sh install
# A folder in which everything belongs to a group would mark those below it.
chmod -R g-s "$stage"
tar --create --file "$stage/tree.tar" --format=gnu --sort=name --mtime="@$date" \
  --owner=0 --group=0 --numeric-owner --directory="$stage" "$name"
gzip -n"${DIST_LEVEL:-9}" "$stage/tree.tar"
mv "$stage/tree.tar.gz" "$DISTDIR/$name.tar.gz"
echo "$DISTDIR/$name.tar.gz"
