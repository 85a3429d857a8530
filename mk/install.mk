# What is built goes to where it is used from: a system's folders, an archive, a Debian package.
#
#   PREFIX    where it will be looked for: /usr/local
#   DESTDIR   put in front of that, for what is packed from there; nothing that is installed knows of it
#
# Single folders can be named too (the top of mk/install.sh). The scripts read all of them from their environment, into
# which make puts what stands on its command line.

.PHONY: install uninstall

install: lib cli
	@mk/install.sh install
uninstall:
	@mk/install.sh uninstall
