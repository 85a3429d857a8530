"""The archive and the Debian package: what is in them, that their bytes are always the same, that they work alone."""

import gzip
import hashlib
import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest
from support import journal
from support.bare_root import BareRoot
from support.cli import Command
from support.library import ROOT
from support.needs import require
from support.packing import DATE, SERIES, VERSION, expected, listing, make, multiarch, packed

# Who has which of the libraries that are asked for.
PACKAGES = {
    "libc.so.6": "libc6", "libm.so.6": "libc6", "ld-linux-x86-64.so.2": "libc6",
    "libgcc_s.so.1": "libgcc-s1", "libstdc++.so.6": "libstdc++6",
}  # fmt: skip


def again(target: str, folder: Path) -> bytes:
    """With what it could come to differ by: the time, the umask, the time zone, the folder."""
    return packed(target, folder, umask=0o077, TZ="Asia/Tokyo").read_bytes()


def output(*words) -> str:
    return subprocess.check_output([str(word) for word in words], text=True)


# ---- The archive ----


@pytest.fixture(scope="module")
def archive(shim, tmp_path_factory) -> Path:
    return packed("dist", tmp_path_factory.mktemp("archive"))


def test_the_archives_files(archive):
    assert archive.name == f"trackshim-{VERSION}-linux-{os.uname().machine}.tar.gz"
    top = archive.name.removesuffix(".tar.gz")
    with tarfile.open(archive) as file:
        members = file.getmembers()
    assert {member.name.removeprefix(f"{top}/") for member in members if not member.isdir()} == set(expected())
    names = [member.name.split("/") for member in members]
    assert names == sorted(names)
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "", "")}
    assert {member.mtime for member in members} == {DATE}
    assert {f"{member.mode:o}" for member in members if member.isdir()} == {"755"}


def test_an_archive_is_always_the_same(archive, tmp_path):
    assert again("dist", tmp_path) == archive.read_bytes()


def test_the_archives_tree_works_where_it_is_unpacked(archive, programs, tmp_path):
    subprocess.run(["tar", "xzf", archive, "-C", tmp_path], check=True)
    (tmp_path / archive.name.removesuffix(".tar.gz")).rename(tmp_path / "moved")
    cli = Command(tmp_path)
    cli.tool = tmp_path / "moved/bin/trackshim"
    assert cli("run", "--", programs.argv("printf.c")[0]).returncode == 0
    assert len(journal.run_files(cli.track)) == 1
    require("pkg-config")
    settings = {"PATH": os.environ["PATH"], "PKG_CONFIG_PATH": str(tmp_path / "moved/lib/pkgconfig")}
    flags = subprocess.check_output(["pkg-config", "--cflags", "trackshim"], env=settings, text=True).strip()
    assert Path(flags.removeprefix("-I")).resolve() == tmp_path / "moved/include"


def test_the_date_is_the_last_commits(shim, tmp_path):
    """Where git knows of one, and else somebody has to say it: today's date would be another tomorrow."""
    done = make("dist", DISTDIR=tmp_path, DIST_LEVEL=1)
    commit = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
    if commit.returncode != 0:
        assert done.returncode != 0 and "SOURCE_DATE_EPOCH" in done.stderr
        return
    with tarfile.open(done.stdout.splitlines()[-1]) as file:
        assert file.next().mtime == int(commit.stdout)


# ---- The Debian package ----


@pytest.fixture(scope="module")
def package(shim, tmp_path_factory) -> Path:
    require("dpkg-deb")
    return packed("deb", tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def unpacked(package, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "-R", package, folder], check=True)
    return folder


def field(package: Path, name: str) -> str:
    return output("dpkg-deb", "-f", package, name).strip()


def test_the_packages_files(unpacked):
    wanted = expected(lib=f"lib/{multiarch()}", zsh="share/zsh/vendor-completions")
    del wanted["share/doc/trackshim/LICENSE"]
    for page in ("share/man/man1/trackshim.1", "share/man/man3/libtrackshim.3"):
        wanted[f"{page}.gz"] = wanted.pop(page)
    wanted |= {f"share/doc/trackshim/{name}": "644" for name in ("copyright", "changelog.gz", "changelog.Debian.gz")}
    assert listing(unpacked / "usr") == wanted
    assert listing(unpacked / "DEBIAN") == dict.fromkeys(["control", "md5sums", "shlibs", "triggers"], "644")
    assert {path.name for path in unpacked.iterdir()} == {"usr", "DEBIAN"}


def test_what_the_package_says_of_itself(package, unpacked):
    assert package.name == f"trackshim_{VERSION}-1_{field(package, 'Architecture')}.deb"
    assert field(package, "Version") == f"{VERSION}-1"
    assert field(package, "Architecture") == output("dpkg", "--print-architecture").strip()
    files = [path for path in (unpacked / "usr").rglob("*") if path.is_file() and not path.is_symlink()]
    kibibytes = sum(path.stat().st_size for path in files) / 1024
    assert kibibytes < int(field(package, "Installed-Size")) < kibibytes + 100
    sums = dict(reversed(line.split("  ")) for line in (unpacked / "DEBIAN/md5sums").read_text().splitlines())
    assert sums == {str(path.relative_to(unpacked)): hashlib.md5(path.read_bytes()).hexdigest() for path in files}
    # Programs that are linked with it find it only when the loader's list is made anew.
    assert (unpacked / "DEBIAN/triggers").read_text() == "activate-noawait ldconfig\n"
    assert (unpacked / "DEBIAN/shlibs").read_text() == f"libtrackshim {SERIES} trackshim (>= {VERSION})\n"
    news = gzip.decompress((unpacked / "usr/share/doc/trackshim/changelog.Debian.gz").read_bytes()).decode()
    assert news.startswith(f"trackshim ({VERSION}-1) ") and "Tue, 14 Nov 2023" in news


def test_the_package_depends_on_what_its_files_ask_for(package, unpacked):
    files = [unpacked / "usr/bin/trackshim", unpacked / f"usr/lib/{multiarch()}/libtrackshim.so.{VERSION}"]
    needed = {name for file in files for name in re.findall(r"NEEDED +(\S+)", output("objdump", "-p", file))}
    wanted = dict(re.fullmatch(r"(\S+) \(>= (\S+)\)", item).groups() for item in field(package, "Depends").split(", "))
    assert set(wanted) == {PACKAGES[name] for name in needed}
    versions = " ".join(output("objdump", "-T", file) for file in files)
    glibc = max((int(major), int(minor)) for major, minor in re.findall(r"GLIBC_(\d+)\.(\d+)", versions))
    assert wanted["libc6"] == f"{glibc[0]}.{glibc[1]}"
    # GCC 11's libstdc++ has those up to 3.4.29, and its libgcc all those of 3.x.
    assert wanted["libstdc++6"] == "11" and max(map(int, re.findall(r"GLIBCXX_3\.4\.(\d+)", versions))) <= 29
    assert set(re.findall(r"GCC_(\d+)", versions)) == {"3"}


def news(package: Path) -> str:
    """The Debian changelog."""
    words = ["tar", "--extract", "--to-stdout", "./usr/share/doc/trackshim/changelog.Debian.gz"]
    tree = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True, check=True).stdout
    return gzip.decompress(subprocess.run(words, input=tree, capture_output=True, check=True).stdout).decode()


def test_who_answers_for_the_package(package, tmp_path):
    unsaid = "TrackShim developers <developers@trackshim.invalid>"
    named = "A & B | C\\1 <a.b@example.org>"
    for maintainer, file in ((unsaid, package), (named, packed("deb", tmp_path, DEB_MAINTAINER=named))):
        assert field(file, "Maintainer") == maintainer
        assert f"\n -- {maintainer}  Tue, 14 Nov 2023" in news(file)


@pytest.mark.parametrize("maintainer", ["", "A", "a@example.org", "A <a>", "A, B <a@b.c>", "A <a@b.c> x", "A\nB: <a@b.c>"])
def test_who_is_nobody_to_debian(maintainer, package, tmp_path):
    done = make("deb", DISTDIR=tmp_path, DEB_MAINTAINER=maintainer)
    assert done.returncode != 0 and "Debian wants: Name <address>" in done.stderr
    assert not list(tmp_path.glob("*.deb"))


def test_a_package_is_always_the_same(package, tmp_path):
    assert again("deb", tmp_path) == package.read_bytes()


def test_dpkg_installs_and_removes_it(package, tmp_path):
    """In a system of its own, which has nothing else."""
    require("root")
    state = tmp_path / "var/lib/dpkg"
    for folder in ("info", "updates", "triggers"):
        (state / folder).mkdir(parents=True)
    (state / "status").write_text("")
    dpkg = ["dpkg", f"--root={tmp_path}", "--force-depends", "--log=/dev/null"]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    subprocess.run([*dpkg, "-i", package], env=environment, check=True, capture_output=True)
    assert (tmp_path / "usr/bin/trackshim").exists()
    subprocess.run([*dpkg, "-r", "trackshim"], env=environment, check=True, capture_output=True)
    assert not (tmp_path / "usr").exists()


def test_nothing_of_swifts_folders_is_asked_for(unpacked):
    """Neither in what is loaded nor as a place to look for it."""
    for file in [unpacked / "usr/bin/trackshim", unpacked / f"usr/lib/{multiarch()}/libtrackshim.so"]:
        assert not re.search("RUNPATH|RPATH", output("objdump", "-p", file))
        where = subprocess.check_output(["ldd", file], env={"PATH": "/usr/bin:/bin"}, text=True)
        assert "swift" not in where and "not found" not in where


# ---- The package where there is nothing else ----


@pytest.fixture
def bare(unpacked, programs, tmp_path) -> BareRoot:
    root = BareRoot(tmp_path / "root", unpacked / "usr")
    root.add(programs.argv("printf.c")[0], "program")
    return root


def test_the_package_works_in_a_bare_root(bare):
    done = bare.run("trackshim run -- /program && trackshim show")
    assert done.returncode == 0, done.stderr
    assert "train_loss" in done.stdout and "cannot be" not in done.stderr
    (file,) = journal.run_files(bare.folder / "runs")
    assert list(journal.records(file))


def test_a_program_finds_the_packages_library_by_its_name(bare):
    """In the folders of the system, where the loader looks anyway."""
    done = bare.run(f"LD_PRELOAD=libtrackshim.so.{SERIES} /program")
    assert done.returncode == 0 and "cannot be" not in done.stderr, done.stderr
    assert len(journal.run_files(bare.folder / "runs")) == 1
