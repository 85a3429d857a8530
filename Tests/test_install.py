"""`make install` and `make uninstall`: which files, and that programs are built and recorded with them."""

import os
import shlex
import shutil
import subprocess

import pytest
from support import journal
from support.cli import Command
from support.execution import clean_environment
from support.library import HOSTS
from support.needs import require
from support.packing import SERIES, VERSION, expected, listing, made, multiarch

CMAKE = """
cmake_minimum_required(VERSION 3.16)
project(uses_trackshim C)
find_package(trackshim {version} REQUIRED)
find_package(trackshim {version} REQUIRED)  # as a library of the project's own would once more
add_executable(program {source})
target_link_libraries(program PRIVATE trackshim::trackshim)
file(WRITE ${{CMAKE_BINARY_DIR}}/found "${{trackshim_VERSION}}")
"""


@pytest.fixture(scope="module")
def tree(shim, tmp_path_factory):
    """Installed where it is used from, below a folder whose name has a blank."""
    prefix = tmp_path_factory.mktemp("my tree")
    made("install", PREFIX=prefix)
    return prefix


def runs_and_is_recorded(program, folder, **variables):
    """A program that prints some metrics and logs others."""
    environment = clean_environment(folder / "track") | variables
    done = subprocess.run([program], cwd=folder, env=environment, capture_output=True, timeout=30)
    assert done.returncode == 0 and done.stdout.count(b"train loss") == 60, done.stderr
    assert b"ld.so" not in done.stderr
    (file,) = journal.run_files(folder / "track")
    keys = {item.key or item.nested_key[0] for record in journal.records(file) for item in record.history.item}
    assert {"train_loss", "extra"} <= keys


def compiled(words, folder):
    program = folder / "program"
    done = subprocess.run(
        ["gcc", HOSTS / "prints_and_logs.c", "-o", program, *words], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return program


# ---- Files ----


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_what_is_installed(umask, shim, tmp_path):
    """Below DESTDIR, of which nothing that is installed knows."""
    made("install", umask=umask, DESTDIR=tmp_path, PREFIX="/opt/trackshim")
    assert listing(tmp_path / "opt/trackshim") == expected()
    folders = {path for path in tmp_path.rglob("*") if path.is_dir()}
    assert {f"{folder.stat().st_mode & 0o7777:o}" for folder in folders} == {"755"}
    texts = [path for path in tmp_path.rglob("*.*") if path.suffix in (".pc", ".cmake")]
    assert len(texts) == 3
    assert not [path for path in texts if str(tmp_path) in path.read_text()]


def test_the_library_is_the_one_that_was_built(shim, tree):
    assert (tree / "lib/libtrackshim.so").read_bytes() == shim.read_bytes()


def test_an_update_leaves_the_mapped_library_alone(shim, tmp_path):
    """A library that is written into changes the code of every program that runs with it."""
    made("install", DESTDIR=tmp_path, PREFIX="/usr")
    with (tmp_path / "usr/lib/libtrackshim.so").open("rb") as before:
        made("install", DESTDIR=tmp_path, PREFIX="/usr")
        assert os.fstat(before.fileno()).st_nlink == 0
    assert listing(tmp_path / "usr") == expected()


def test_uninstall_leaves_what_was_there(shim, tmp_path):
    others = [tmp_path / "usr/local/share/man/man1/other.1", tmp_path / "usr/local/lib/libother.so"]
    for path in others:
        path.parent.mkdir(parents=True)
        path.write_text("")
    made("install", DESTDIR=tmp_path)
    made("uninstall", DESTDIR=tmp_path)
    assert set(listing(tmp_path)) == {str(path.relative_to(tmp_path)) for path in others}
    ends = {path for path in tmp_path.rglob("*") if path.is_dir() and not list(path.iterdir())}
    assert ends == {tmp_path / "usr/local/bin", tmp_path / "usr/local/include"}
    made("uninstall", DESTDIR=tmp_path)


# ---- Programs that are built with it ----


def flags(*words, **variables) -> list[str]:
    require("pkg-config")
    environment = {"PATH": os.environ["PATH"]} | variables
    return shlex.split(subprocess.check_output(["pkg-config", *words, "trackshim"], env=environment, text=True))


def test_a_program_built_with_pkg_config(tree, tmp_path):
    words = flags("--cflags", "--libs", PKG_CONFIG_PATH=str(tree / "lib/pkgconfig"))
    assert words == [f"-I{tree}/include", f"-L{tree}/lib", "-ltrackshim"]
    program = compiled([*words, f"-Wl,-rpath,{tree}/lib"], tmp_path)
    needed = subprocess.check_output(["objdump", "-p", program], text=True)
    assert f"NEEDED               libtrackshim.so.{SERIES}\n" in needed
    runs_and_is_recorded(program, tmp_path)


def test_pkg_config_of_a_system_with_lib64(shim, tmp_path):
    made("install", DESTDIR=tmp_path, PREFIX="/opt/t", LIBDIR="/opt/t/lib64", INCLUDEDIR="/elsewhere")
    settings = {"PKG_CONFIG_PATH": str(tmp_path / "opt/t/lib64/pkgconfig")}
    assert flags("--cflags", "--libs", **settings) == ["-I/elsewhere", "-L/opt/t/lib64", "-ltrackshim"]
    assert flags("--modversion", **settings) == [VERSION]


def test_a_program_that_is_linked_and_preloaded_has_one_library(tree, tmp_path):
    """Two would record it twice. The loader knows the second for the first by its name."""
    program = compiled([f"-I{tree}/include", f"-L{tree}/lib", "-ltrackshim"], tmp_path)
    environment = {"LD_LIBRARY_PATH": f"{tree}/lib", "LD_PRELOAD": "libtrackshim.so"}
    runs_and_is_recorded(program, tmp_path, **environment)
    listed = subprocess.check_output(["ldd", program], env=environment, text=True)
    assert listed.count("/lib/libtrackshim.so") == 1


def configured(tree, folder, version):
    require("cmake")
    (folder / "CMakeLists.txt").write_text(CMAKE.format(version=version, source=HOSTS / "prints_and_logs.c"))
    words = ["cmake", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={tree}"]
    return subprocess.run(words, capture_output=True, text=True)


def test_a_program_built_with_cmake(tree, tmp_path):
    done = configured(tree, tmp_path, VERSION)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "build/found").read_text() == VERSION
    subprocess.run(["cmake", "--build", tmp_path / "build"], check=True, capture_output=True)
    runs_and_is_recorded(tmp_path / "build/program", tmp_path)


@pytest.mark.parametrize("version", [f"{int(SERIES) + 1}.0", f"{SERIES}.9999"])
def test_cmake_is_told_of_the_wrong_version(version, tree, tmp_path):
    done = configured(tree, tmp_path, version)
    assert done.returncode != 0 and f"version: {VERSION}" in done.stderr


# ---- The command ----


@pytest.mark.parametrize("lib", ["lib", "lib64", "lib/MULTIARCH"])
def test_the_installed_command_records(lib, shim, programs, tmp_path):
    """Wherever systems have their libraries."""
    lib = lib.replace("MULTIARCH", multiarch())
    cli = Command(tmp_path)
    made("install", PREFIX=tmp_path / "tree", LIBDIR=tmp_path / "tree" / lib)
    (tmp_path / "tree" / lib / "libtrackshim.so").unlink()  # only who builds programs has that one
    cli.tool = tmp_path / "tree/bin/trackshim"
    done = cli("run", "--", programs.argv("printf.c")[0])
    assert done.returncode == 0 and b"ld.so" not in done.stderr
    assert len(journal.run_files(cli.track)) == 1
    assert cli("show").returncode == 0


def test_what_it_starts_finds_the_library_of_the_series(shim, tmp_path):
    """By a name that an update leaves: a long script under us starts programs before and after it."""
    cli = Command(tmp_path)
    made("install", PREFIX=tmp_path / "tree")
    cli.tool = tmp_path / "tree/bin/trackshim"
    done = cli("run", "--", "sh", "-c", "echo $LD_PRELOAD")
    assert done.stdout.decode() == f"{tmp_path}/tree/lib/libtrackshim.so.{SERIES}\n"


@pytest.mark.parametrize("shell, file", [
    ("bash", "bash-completion/completions/trackshim"), ("zsh", "zsh/site-functions/_trackshim"),
    ("fish", "fish/vendor_completions.d/trackshim.fish"),
])
def test_completion(shell, file, tree):
    script = (tree / "share" / file).read_text()
    assert all(command in script for command in ("run", "show", "sync", "check", "learn", "import"))
    if shutil.which(shell):
        assert subprocess.run([shell, "-n"], input=script, text=True).returncode == 0


def test_bash_completes(tree):
    script = f"""
      source '{tree}/share/bash-completion/completions/trackshim'
      COMP_WORDS=(trackshim sh) COMP_CWORD=1 COMP_LINE='trackshim sh' COMP_POINT=12
      $(complete -p trackshim | sed 's/.*-F \\([^ ]*\\).*/\\1/') trackshim sh trackshim
      echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["show"], done.stderr
