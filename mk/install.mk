# What is built goes to where it is used from: a system's folders, an archive, a Debian package.
#
#   PREFIX    where it will be looked for: /usr/local
#   DESTDIR   put in front of that, for what is packed from there; nothing that is installed knows of it
#   DISTDIR   where archives and packages appear: build/dist
#
#   DEB_MAINTAINER   who answers for the Debian package, as policy wants it: Name <address>. The project has no address;
#                    that of its default says so (RFC 2606), for a package that stays where it was made.
#
# Single folders can be named too (the top of mk/install.sh). The scripts read all of them from their environment, into
# which make puts what stands on its command line.

DEB_MAINTAINER ?= TrackShim developers <developers@trackshim.invalid>
export DEB_MAINTAINER

.PHONY: install uninstall dist deb

install: lib cli
	@mk/install.sh install
uninstall:
	@mk/install.sh uninstall

# The same bytes whenever and wherever they are packed: dates are the last commit's (SOURCE_DATE_EPOCH), owner is root.
dist: lib cli
	@mk/archive.sh
deb: lib cli
	@mk/deb.sh
