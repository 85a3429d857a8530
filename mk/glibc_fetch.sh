#!/bin/sh
# glibc_fetch.sh SUITE FOLDER PACKAGE...: a Debian suite's packages, unpacked into FOLDER/root. What is there already
# is not fetched again; remove the folder to have it newer. The word python3 stands for the suite's interpreter.
#
# apt-get does it with lists, state and cache of its own below FOLDER: nothing of the system's is written. Its
# settings (a proxy, say) hold, and the mirror is the one that it is set up with, or $DEBIAN_MIRROR. Trusted are the
# keys of the archive that the system has (package debian-archive-keyring), and nothing else.
set -eu
suite=$1 folder=$2
shift 2
[ "$(cat "$folder/complete" 2>/dev/null)" != "$*" ] || exit 0

fail() {
  echo "trackshim: $1" >&2
  exit 1
}
command -v apt-get >/dev/null || fail "the other C libraries are fetched by apt-get, which is not here"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r $keys ] || fail "$keys is not there (package debian-archive-keyring), so no package could be trusted"
# Before the first update a repository has no label; then its name must do.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' |
  awk '$1 == "Debian" || $NF ~ "/debian/?$" { print $NF; exit }')}
[ -n "$mirror" ] || fail "apt-get is set up with no mirror of Debian; please name one in DEBIAN_MIRROR"

rm -rf "$folder"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/apt/none" "$folder/packages" "$folder/root"
folder=$(cd "$folder" && pwd)
: >"$folder/apt/status"
echo "deb [arch=$(dpkg --print-architecture) signed-by=$keys] $mirror $suite main" >"$folder/apt/sources.list"
# The system's preferences, its tolerance and what it does after an update are not for this one.
cat >"$folder/apt/apt.conf" <<SETTINGS
Dir::Etc::SourceList "$folder/apt/sources.list";
Dir::Etc::SourceParts "-";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "$folder/apt/none";
Dir::State "$folder/apt";
Dir::State::status "$folder/apt/status";
Dir::Cache "$folder/apt/cache";
APT::Sandbox::User "";
APT::Default-Release "";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
SETTINGS
apt() {
  tool=$1
  shift
  "apt-$tool" -qq -c "$folder/apt/apt.conf" "$@"
}
interpreter() {
  python=$(apt cache depends python3-minimal | grep -m 1 -oE 'python3\.[0-9]+')
  echo python3-minimal "$python-minimal" "lib$python-minimal" "lib$python-stdlib"
}

echo "Fetching Debian packages of $suite from $mirror: $*"
apt get update
packages=
for package in "$@"; do
  [ "$package" != python3 ] || package=$(interpreter)
  packages="$packages $package"
done
# shellcheck disable=SC2086  # one word for each package
(cd "$folder/packages" && apt get download $packages)
for package in "$folder"/packages/*.deb; do dpkg -x "$package" "$folder/root"; done
rm -rf "$folder/apt"
echo "$*" >"$folder/complete"
