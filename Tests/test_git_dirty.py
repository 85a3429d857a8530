"""Whether tracked files differ from the commit, in real repositories, beside what git itself says of them.

An answer that is not git's is a failure; none at all only where the case says so.
"""

import random

import pytest
from support.repositories import Repository, recorded

# What is done to a repository without changes, and what is to be said of it then.
CASES = {
    "clean, the commit in a file": ("true", False),
    "clean, the commit in a pack": ("git gc -q", False),
    "a commit that is a difference to others": (
        "for i in 1 2 3 4 5 6 7 8; do git commit -q --allow-empty -m \"$(seq 1 400) $i\"; done; "
        "git repack -adfq --depth=50 --window=50", False),
    "modified": ("echo more >>a.txt", True),
    "modified, of the same size": ("printf 'FIRST\\n' >a.txt", True),
    "modified in a folder": ("echo more >>deep/er/c.txt", True),
    "touched": ("touch a.txt deep/b.txt run.sh", False),
    "written anew": ("cp a.txt x; mv x a.txt", False),
    "the index made anew without times": ("git read-tree HEAD", False),
    "the same without times, and modified": ("git read-tree HEAD; printf 'FIRST\\n' >a.txt", True),
    "staged": ("echo more >>a.txt; git add a.txt", True),
    "a new file staged": ("echo new >new; git add new", True),
    "staged, and reverted in the work tree": ("echo more >>a.txt; git add a.txt; printf 'first\\n' >a.txt", True),
    "staged and unstaged": ("echo more >>a.txt; git add a.txt; printf 'first\\n' >a.txt; git add a.txt", False),
    "staged and committed": ("echo more >>deep/b.txt; git commit -qam two", False),
    "staged with --intent-to-add": ("echo new >new; git add -N new", True),
    "announced and removed": ("echo new >new; git add -N new; rm new", None),
    "announced in place of what was there": ("git rm -q --cached a.txt; git add -N a.txt", True),
    "removed": ("rm deep/er/c.txt", True),
    "removed with its folder": ("rm -r deep", True),
    "removed from the index only": ("git rm -q --cached a.txt", True),
    "executable now": ("chmod +x a.txt", True),
    "not executable any more": ("chmod -x run.sh", True),
    "executable, where that is not looked at": ("chmod +x a.txt; git config core.fileMode false", False),
    "for the group executable": ("chmod g+x a.txt", False),
    "a file in the place of a link": ("rm link; printf a.txt >link", True),
    "a link in the place of a file": ("rm a.txt; ln -s run.sh a.txt", True),
    "a link that leads elsewhere": ("ln -sf run.sh link", True),
    "a link made anew": ("ln -sf a.txt link", False),
    "a link in the place of a folder": ("mv deep x; ln -s x deep", True),
    "a folder in the place of a file": ("rm a.txt; mkdir a.txt", True),
    "a FIFO in the place of a file": ("rm a.txt; mkfifo a.txt", True),
    "untracked files only": ("echo new >new; mkdir more; echo new >more/new", False),
    "ignored files": ("echo '*.o' >.git/info/exclude; echo x >x.o", False),
    "back by reset --soft": ("echo more >>a.txt; git commit -qam two; git reset -q --soft HEAD~1", True),
    "back by reset --hard": ("echo more >>a.txt; git commit -qam two; git reset -q --hard HEAD~1", False),
    "back by reset": ("echo more >>a.txt; git commit -qam two; git reset -q HEAD~1 || true", True),
    "another branch": ("git checkout -qb other; echo more >>a.txt; git commit -qam two; git checkout -q main", False),
    "a commit checked out": ("git checkout -q --detach", False),
    "refs that are packed": ("git pack-refs --all", False),
    "a merge that was made": (
        "git checkout -qb o; echo o >o; git add o; git commit -qm o; git checkout -q main; echo m >m; git add m; "
        "git commit -qm m; git merge -q o", False),
    "a conflict": (
        "git checkout -qb o; echo o >a.txt; git commit -qam o; git checkout -q main; echo m >a.txt; git commit -qam m; "
        "git merge -q o || true", True),
    "index of version 3": ("git update-index --index-version 3", False),
    "index of version 4": ("git update-index --index-version 4", False),
    "index of version 4, modified": ("git update-index --index-version 4; echo more >>deep/er/c.txt", True),
    "index of version 4, staged": ("git update-index --index-version 4; echo x >deep/x; git add deep/x", True),
    "assumed unchanged": ("git update-index --assume-unchanged a.txt; echo more >>a.txt", False),
    "assumed unchanged and removed": ("git update-index --assume-unchanged a.txt; rm a.txt", False),
    "skipped": ("git update-index --skip-worktree a.txt; echo more >>a.txt", False),
    "skipped and removed": ("git update-index --skip-worktree a.txt; rm a.txt", False),
    "a sparse checkout": ("git sparse-checkout set --cone deep/er", False),
    "a sparse checkout, modified": ("git sparse-checkout set --cone deep/er; echo more >>deep/er/c.txt", True),
    "what a sparse checkout has no use for, all the same there": (
        "git sparse-checkout set --no-cone deep; echo other >a.txt", None),
    "an index that tells of other times": ("cp -a . ../copy; rm -r .git a.txt; cp -a ../copy/.git ../copy/a.txt .", False),
    "an untracked cache": ("git update-index --force-untracked-cache", False),
    "a folder of many files": (
        "mkdir many; for i in $(seq 1 300); do echo $i >many/a-rather-long-name-of-a-file-$i; done; git add many; "
        "git commit -qm many", False),
    "a name with all kinds of bytes": ("printf x >\"$(printf 'a\\303\\244 \\t\\377\\\"b')\"; git add .; git commit -qm n", False),
    "an empty commit": ("git commit -q --allow-empty -m e", False),
    "a tree without files": ("git rm -rq .; git commit -qm none", False),
    "objects of another repository": (
        "cp -a .git ../other; git gc -q; mkdir -p ../other; rm -rf ../other/objects; mv .git/objects ../other/objects; "
        "mkdir -p .git/objects/info; echo ../../../other/objects >.git/objects/info/alternates", False),
    "a partial config of the user's": ("printf '[user]\\n\\tname = x\\n' >../home/.gitconfig", False),
    # Where files are not stored as they are.
    "line ends, modified": ("git config core.autocrlf true; echo more >>a.txt", True),
    "line ends, touched": ("git config core.autocrlf true; rm a.txt; git checkout -q a.txt; touch a.txt", None),
    "line ends of the user's": ("git config --global core.autocrlf input; printf 'first\\r\\n' >a.txt", None),
    "line ends of another kind": ("printf 'first\\r\\n' >a.txt", None),
    "line ends in the commit": ("printf 'a\\r\\nb\\r\\n' >a.txt; git commit -qam crlf; touch a.txt", False),
    "line ends in the commit, which is to have none": (
        "printf 'a\\r\\nb\\r\\n' >a.txt; git commit -qam crlf; echo '* text' >.gitattributes; touch a.txt", None),
    "attributes for text, modified": ("echo '* text=auto' >.gitattributes; git add .; git commit -qm t; echo b >>a.txt", True),
    "attributes for text, touched": ("echo '* text=auto' >.gitattributes; git add .; git commit -qm t; touch a.txt", False),
    "a filter": (
        "git config filter.up.clean 'tr a-z A-Z'; echo '*.txt filter=up' >.gitattributes; git add --renormalize .; "
        "git commit -qam f; touch a.txt deep/b.txt", None),
    "a filter of other files": ("echo '*.bin filter=lfs' >.gitattributes; git add .; git commit -qm f; echo b >>a.txt", True),
    "a filter of the user's": (
        "printf '[core]\\n\\tattributesFile = ~/attr\\n[filter \"up\"]\\n\\tclean = tr a-z A-Z\\n' >../home/.gitconfig; "
        "echo '*.txt filter=up' >../home/attr; echo first >b.txt; git add b.txt; git commit -qm b; echo FIRST >b.txt", None),
    "a filter of the user's, included": (
        "printf '[include]\\n\\tpath = more\\n' >../home/.gitconfig; "
        "printf '[core]\\n\\tattributesFile = ~/attr\\n[filter \"up\"]\\n\\tclean = tr a-z A-Z\\n' >../home/more; "
        "echo '*.txt filter=up' >../home/attr; echo first >b.txt; git add b.txt; git commit -qm b; echo FIRST >b.txt", None),
    "idents": ("echo '*.txt ident' >.gitattributes; echo '$Id$' >i.txt; git add .; git commit -qm i; rm i.txt; "
               "git checkout -q i.txt; touch i.txt", None),
    # What would take too long.
    "a large file, touched": (
        "head -c 17000000 /dev/zero >large; git add large; git commit -qm l; touch large", None),
    "a large file, longer now": (
        "head -c 17000000 /dev/zero >large; git add large; git commit -qm l; echo >>large", True),
    "20,001 files": (
        "b=$(git rev-parse HEAD:a.txt); seq 100000 119996 | sed \"s/^/100644 $b\t/\" | git update-index --index-info; "
        "git commit -qm many", None),
    # What somebody else has made.
    "a path that leads elsewhere": ("sed -i 's,deep/b.txt,../../.txt,' .git/index", None),
    "a FIFO for an index": ("rm .git/index; mkfifo .git/index", None),
    "an index that is a link to one": ("mv .git/index .git/other; ln -s other .git/index", None),
    "a FIFO for attributes": ("echo more >>a.txt; mkfifo .gitattributes .git/info/attributes", True),
    "a config that includes itself": ("printf '[include]\\n\\tpath = config\\n' >>.git/config", None),
    "a commit that is cut off": (
        "f=.git/objects/$(git rev-parse HEAD | sed 's,^..,&/,'); chmod u+w $f; truncate -s 40 $f", None),
    "a commit under another's name": (
        "h=$(git rev-parse HEAD | sed 's,^..,&/,'); git commit -q --allow-empty -m two; "
        "cp -f .git/objects/$h .git/objects/$(git rev-parse HEAD | sed 's,^..,&/,')", None),
    # What is not understood.
    "a split index": ("git update-index --split-index", None),
    "a sparse index": ("git sparse-checkout set --cone --sparse-index deep/er", None),
    "another work tree": ("git config core.worktree ../elsewhere; mkdir ../elsewhere", None),
    "a replaced commit": ("echo b >>a.txt; git commit -qam two; git replace HEAD HEAD~1", None),
    "an extension of tomorrow": (
        "git config core.repositoryFormatVersion 1; git config extensions.tomorrow true", None),
    "no index": ("rm .git/index", None),
}


@pytest.fixture(scope="session")
def host(programs):
    return programs.argv("trainer.c")


@pytest.mark.parametrize("name", CASES)
def test_what_git_says(name, host, shim, tmp_path):
    script, expected = CASES[name]
    repository = Repository(tmp_path / "work")
    repository.shell(script)
    found = recorded(host, shim, repository)
    assert found == expected
    if found is not None:
        assert repository.is_dirty() == found


def test_elsewhere_in_the_repository(host, shim, tmp_path):
    repository = Repository(tmp_path / "work")
    assert recorded(host, shim, repository, repository.folder / "deep/er") is False
    repository.write("a.txt", "more\n")
    assert recorded(host, shim, repository, repository.folder / "deep/er") is True


def test_no_repository_and_no_commit(host, shim, tmp_path):
    repository = Repository(tmp_path / "work")
    (tmp_path / "none").mkdir()
    assert recorded(host, shim, repository, tmp_path / "none") is None
    repository.git("checkout", "-q", "--orphan", "empty")
    assert recorded(host, shim, repository) is None


def test_a_repository_of_other_names(host, shim, tmp_path):
    assert recorded(host, shim, Repository(tmp_path / "work", "--object-format=sha256")) is None


def test_where_git_is_not_to_be_looked_at(host, shim, tmp_path):
    repository = Repository(tmp_path / "work")
    assert recorded(host, shim, repository, WANDB_DISABLE_GIT="true") is None


def test_a_clone(host, shim, tmp_path):
    repository = Repository(tmp_path / "work")
    repository.git("clone", "-q", "--no-local", ".", "../clone")
    clone = tmp_path / "clone"
    assert not list((clone / ".git/objects").glob("[0-9a-f][0-9a-f]/*")), "it is in a pack"
    assert recorded(host, shim, repository, clone) is False
    assert repository.is_dirty(clone) is False
    (clone / "a.txt").write_text("FIRST\n")
    assert recorded(host, shim, repository, clone) is True
    assert repository.is_dirty(clone) is True


@pytest.mark.parametrize("changed", [False, True])
def test_a_work_tree_of_its_own(changed, host, shim, tmp_path):
    repository = Repository(tmp_path / "work")
    repository.git("worktree", "add", "-q", "-b", "other", "../other")
    other = tmp_path / "other"
    (other / "a.txt").write_text("more\n")
    if not changed:
        repository.git("commit", "-qam", "two", folder=other)
    assert recorded(host, shim, repository, other) is changed
    assert repository.is_dirty(other) is changed
    assert recorded(host, shim, repository) is False


INNER = {
    "nothing": ("true", False),
    "another commit": ("git -C inner checkout -q --detach HEAD~1", True),
    "modified in it": ("echo more >>inner/a.txt", True),
    "untracked in it": ("echo more >inner/new", False),
    "not checked out": ("git submodule -q deinit -f inner", False),
    "announced and removed": ("echo new >new; git add -N new; rm new", None),
    "announced in place of what was there": ("git rm -q --cached a.txt; git add -N a.txt", True),
    "removed": ("rm -r inner", True),
    "a file instead": ("rm -r inner; echo x >inner", True),
    "not to be looked at": ("git config submodule.inner.ignore all; echo more >>inner/a.txt", None),
    "not to be looked at, as it says itself": (
        "git config -f .gitmodules submodule.inner.ignore all; git commit -qam i; echo more >>inner/a.txt", None),
}


@pytest.mark.parametrize("name", INNER)
def test_a_repository_inside(name, host, shim, tmp_path):
    script, expected = INNER[name]
    other = Repository(tmp_path / "other")
    other.git("commit", "-q", "--allow-empty", "-m", "two")
    repository = Repository(tmp_path / "work")
    repository.git("submodule", "--quiet", "add", str(other.folder), "inner")
    repository.git("commit", "-qm", "inner")
    repository.shell(script)
    found = recorded(host, shim, repository)
    assert found == expected
    if found is not None:
        assert repository.is_dirty() == found


# ---- By chance ----


class Chance:
    """Does things to a repository, some of which undo others."""

    def __init__(self, repository: Repository, seed: int):
        self.repository, self.random = repository, random.Random(seed)
        self.done: list[str] = []

    def files(self) -> list[str]:
        folder = self.repository.folder
        paths = [path for path in folder.rglob("*") if ".git" not in path.parts and not path.is_dir()]
        return sorted(str(path.relative_to(folder)) for path in paths)

    def file(self) -> str:
        return self.random.choice(self.files() or ["a.txt"])

    def write(self) -> None:
        name = self.file()
        if not (self.repository.folder / name).is_symlink():
            self.repository.write(name, self.random.choice(["first\n", "FIRST\n", "second\n", "", "x" * 70_000]))

    def make(self) -> None:
        name = self.random.choice(["new", "deep/new", "other/x", "a.txt", "deep/er/c.txt", "deep.x", "z/y/x/w"])
        if not (self.repository.folder / name).exists():
            self.repository.write(name, self.random.choice(["first\n", "new\n"]))

    def remove(self) -> None:
        (self.repository.folder / self.file()).unlink(missing_ok=True)

    def touch(self) -> None:
        path = self.repository.folder / self.file()
        if path.exists():
            path.touch()

    def mode(self) -> None:
        path = self.repository.folder / self.file()
        if path.exists():
            path.chmod(self.random.choice([0o644, 0o755, 0o664]))

    def git(self) -> None:
        words = self.random.choice([
            ["add", self.file()], ["add", "-A"], ["add", "-u"], ["commit", "-qam", "c"], ["commit", "-qm", "c"],
            ["commit", "-qam", "c"], ["checkout", "--", self.file()], ["checkout", "-q", "--", "."], ["reset", "-q"],
            ["reset", "-q", "--hard"], ["reset", "-q", "--hard"], ["reset", "-q", "--soft", "HEAD~1"], ["gc", "-q"],
            ["rm", "-q", "--cached", self.file()], ["stash", "-q"], ["stash", "pop", "-q"], ["read-tree", "HEAD"],
            ["update-index", "--index-version", self.random.choice("24")], ["update-index", "-q", "--refresh"],
            ["checkout", "-q", "HEAD~1"], ["checkout", "-q", "main"], ["mv", self.file(), "moved"],
        ])
        self.repository.git(*words, status=None)
        self.done.append(" ".join(words))

    def step(self) -> None:
        deed = self.random.choices(
            [self.write, self.make, self.remove, self.touch, self.mode, self.git], [3, 2, 1, 1, 1, 6])[0]
        self.done.append(deed.__name__)
        deed()


@pytest.mark.parametrize("seed", range(5))
def test_by_chance(seed, host, shim, tmp_path):
    repository = Repository(tmp_path / "work")
    chance = Chance(repository, seed)
    told = {True: 0, False: 0, None: 0}
    for number in range(40):
        for _ in range(chance.random.randint(1, 3)):
            chance.step()
        found = recorded(host, shim, repository)
        assert found is repository.is_dirty(), f"round {number}: {chance.done[-20:]}"
        told[found] += 1
    assert told[True] > 3 and told[False] > 3, told
