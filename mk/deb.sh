#!/bin/sh
# deb.sh: $DISTDIR/trackshim_VERSION-1_ARCHITECTURE.deb, of the same bytes for the same files (mk/archive.sh). It is
# one package: who links with the library has it on the same machine as who preloads it.
set -eu
: "${DISTDIR:=build/dist}"
command -v dpkg-deb >/dev/null || {
  echo "trackshim: dpkg-deb is not here; Debian, its relatives and most others have it in the package dpkg" >&2
  exit 1
}
unset BINDIR INCLUDEDIR DATADIR MANDIR DOCDIR BASHDIR FISHDIR
SOURCE_DATE_EPOCH=$(mk/date.sh)
# The number of threads decides how xz cuts its input.
export SOURCE_DATE_EPOCH DPKG_DEB_THREADS_MAX=1
version=$(mk/version.sh)-1
architecture=$(dpkg --print-architecture)
maintainer=$DEB_MAINTAINER
case $maintainer in
*[[:cntrl:]]* | *,* | *\>?*) maintainer= ;;
?*" <"?*@?*">") ;;
*) maintainer= ;;
esac
[ -n "$maintainer" ] || {
  echo "trackshim: DEB_MAINTAINER is '$DEB_MAINTAINER'; Debian wants: Name <address>, without a comma" >&2
  exit 1
}
# Any character of it is text to sed.
escaped=$(printf '%s' "$maintainer" | sed 's/[&|\\]/\\&/g')
package=$DISTDIR/trackshim_${version}_$architecture.deb
umask 022
mkdir -p "$DISTDIR"
stage=$(mktemp -d "$DISTDIR/stage.XXXXXX")
trap 'rm -rf "$stage"' EXIT
chmod 755 "$stage"
docs=$stage/usr/share/doc/trackshim

DESTDIR=$stage PREFIX=/usr LIBDIR=/usr/lib/$(gcc -print-multiarch) ZSHDIR=/usr/share/zsh/vendor-completions \
  mk/install.sh install

# What Debian's policy wants besides: its own form of the licence, of changes, and pages that are packed.
rm "$docs/LICENSE"
cp packaging/debian/copyright "$docs/copyright"
cp CHANGELOG.md "$docs/changelog"
cat >"$docs/changelog.Debian" <<CHANGES
trackshim ($version) unstable; urgency=medium

  * Built from the sources; what is new stands in changelog.gz.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
CHANGES
gzip -n9 "$docs/changelog" "$docs/changelog.Debian" "$stage"/usr/share/man/man*/*

# The oldest C library with all that is asked for.
glibc=$(objdump -T build/lib/libtrackshim.so build/bin/trackshim | grep -oE '\(GLIBC_[0-9.]+' | cut -d_ -f2 |
  sort -V | tail -n 1)
# As dpkg counts: files in whole KiB, folders as one.
size=$(find "$stage/usr" -printf '%y %s\n' | awk '{ n += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print n }')
mkdir "$stage/DEBIAN"
sed -e "s|@version@|$version|" -e "s|@architecture@|$architecture|" -e "s|@maintainer@|$escaped|" \
  -e "s|@glibc@|$glibc|" -e "s|@size@|$size|" packaging/debian/control.in >"$stage/DEBIAN/control"
cp packaging/debian/triggers "$stage/DEBIAN/triggers"
# What packages of programs that are linked with it come to depend on.
echo "libtrackshim ${version%%.*} trackshim (>= ${version%-1})" >"$stage/DEBIAN/shlibs"
(cd "$stage" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
# A folder in which everything belongs to a group would mark those below it.
chmod -R g-s "$stage"
# shellcheck disable=SC2086  # words: -Zgzip -z1 is quicker
dpkg-deb ${DEB_COMPRESSION:--Zxz} --root-owner-group --build "$stage" "$package.new" >/dev/null
mv "$package.new" "$package"
echo "$package"
