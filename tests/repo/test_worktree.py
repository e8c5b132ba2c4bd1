from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refinery.records.names import Sha
from refinery.repo.repository import Repository
from refinery.repo.worktree import CheckWorktree, checkout

from .conftest import Box

FILES = {"a.txt": "a\n", "d/b.txt": "b\n", "d/e/c": "c\n", ".gitignore": "*.o\nnode/\n"}


@pytest.fixture
def first(box: Box) -> Sha:
    return box.commit(box.origin, FILES)


@pytest.fixture
def second(box: Box, first: Sha) -> Sha:
    return box.commit(box.origin, {"a.txt": "A\n", "d": "now a file\n", "new": "n\n"}, first)


@pytest.fixture
def tree(box: Box) -> Iterator[CheckWorktree]:
    with CheckWorktree.open(box.origin) as opened:
        yield opened


def files(path: Path) -> dict[str, str]:
    return {
        str(file.relative_to(path)): file.read_text()
        for file in sorted(path.rglob("*"))
        if file.is_file() and file != path / ".git" and ".git" not in file.relative_to(path).parts
    }


def everything(path: Path) -> set[str]:
    return {str(entry.relative_to(path)) for entry in path.rglob("*")} - {".git"}


def test_the_files_are_those_of_the_commit(
    box: Box, tree: CheckWorktree, first: Sha, second: Sha
) -> None:
    path = tree.checkout(first)
    assert files(path) == FILES
    assert tree.checkout(second) == path
    assert files(path) == {"a.txt": "A\n", "d": "now a file\n", "new": "n\n"}
    tree.checkout(first)
    assert files(path) == FILES
    assert box.git("rev-parse", "HEAD", at=path) == first
    assert box.git("status", "--porcelain", "--ignored", at=path) == ""


def in_git(*args: str) -> Callable[[Path], object]:
    return lambda path: subprocess.run(["git", *args], cwd=path, check=True, capture_output=True)


def write(name: str, text: str = "mess") -> Callable[[Path], object]:
    def act(path: Path) -> None:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)

    return act


def each(*acts: Callable[[Path], object]) -> Callable[[Path], object]:
    def act(path: Path) -> None:
        for one in acts:
            one(path)

    return act


def same_size_and_time(path: Path) -> None:
    file = path / "a.txt"
    before = file.stat()
    file.write_text("z\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def file_for_folder(path: Path) -> None:
    shutil.rmtree(path / "d")
    (path / "d").write_text("in the way")


def folder_for_file(path: Path) -> None:
    (path / "a.txt").unlink()
    write("a.txt/in/the/way")(path)


def nested_repository(path: Path) -> None:
    (path / "nested").mkdir()
    in_git("init", "-q", "nested")(path)
    write("nested/file")(path)


def admin_lock(path: Path) -> None:
    admin = Path((path / ".git").read_text().removeprefix("gitdir: ").strip())
    (admin / "index.lock").touch()
    (admin / "HEAD.lock").touch()
    path.with_name(f"{path.name}.index.lock").touch()


def admin_gone(path: Path) -> None:
    shutil.rmtree(Path((path / ".git").read_text().removeprefix("gitdir: ").strip()))


def git_file_for_folder(path: Path) -> None:
    (path / ".git").unlink()
    in_git("init", "-q")(path)


def read_only(path: Path) -> None:
    write("d/junk/x")(path)
    (path / "d/junk").chmod(0o500)
    (path / "d").chmod(0o500)


def link_away(path: Path) -> None:
    outside = path.parent.parent / "outside"
    outside.mkdir()
    (outside / "b.txt").write_text("precious")
    shutil.rmtree(path / "d")
    (path / "d").symlink_to(outside)


MESSES: dict[str, Callable[[Path], object]] = {
    "modified": write("a.txt"),
    "modified unseen": same_size_and_time,
    "deleted": lambda path: (path / "a.txt").unlink(),
    "mode": lambda path: (path / "a.txt").chmod(0o755),
    "untracked": write("x/y"),
    "ignored": each(write("x.o"), write("node/x")),
    "ignored by exclude": lambda path: write("z.tmp")(path),
    "file for folder": file_for_folder,
    "folder for file": folder_for_file,
    "nested repository": nested_repository,
    "locks": admin_lock,
    "no git file": lambda path: (path / ".git").unlink(),
    "git file wrong": lambda path: (path / ".git").write_text("gitdir: /nowhere\n"),
    "git file is a repository": git_file_for_folder,
    "admin directory gone": admin_gone,
    "everything gone": shutil.rmtree,
    "read-only folders": read_only,
    "staged": each(write("a.txt"), write("s"), in_git("add", "-A")),
    "assumed unchanged": each(
        in_git("update-index", "--assume-unchanged", "a.txt"), write("a.txt")
    ),
    "skip worktree": each(in_git("update-index", "--skip-worktree", "a.txt"), write("a.txt")),
    "sparse": in_git("sparse-checkout", "set", "--no-cone", "/d/"),
    "committed on a branch": each(
        in_git("checkout", "-q", "-b", "mine"),
        write("a.txt"),
        in_git("-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qam", "mine"),
    ),
    "broken index": lambda path: path.with_name(f"{path.name}.index").write_text("junk"),
    "broken checks' index": lambda path: Path(
        (path / ".git").read_text().removeprefix("gitdir: ").strip(), "index"
    ).write_text("junk"),
    "hooks": each(
        lambda path: (path / "evil").mkdir(),
        write("evil/post-checkout", "#!/bin/sh\ntouch ran-a-hook\n"),
        lambda path: (path / "evil/post-checkout").chmod(0o755),
        lambda path: in_git("config", "core.hooksPath", str(path / "evil"))(path),
    ),
    "link to outside": link_away,
}


@pytest.mark.parametrize("next_is", ["same", "other"])
@pytest.mark.parametrize("mess", MESSES)
def test_whatever_a_check_leaves_behind_is_gone(
    box: Box, tree: CheckWorktree, first: Sha, second: Sha, mess: str, next_is: str
) -> None:
    path = tree.checkout(first)
    MESSES[mess](path)
    if next_is == "other":
        tree.checkout(second)
        assert everything(path) == {"a.txt", "d", "new"}
    assert tree.checkout(first) == path
    assert files(path) == FILES
    assert everything(path) == {*FILES, "d", "d/e"}
    assert box.git("status", "--porcelain", "--ignored", at=path) == ""
    assert box.git("rev-parse", "HEAD", at=path) == first
    assert not (path / "a.txt").stat().st_mode & 0o111


def test_files_outside_are_never_touched(box: Box, tree: CheckWorktree, first: Sha) -> None:
    path = tree.checkout(first)
    link_away(path)
    tree.checkout(first)
    assert (path.parent.parent / "outside" / "b.txt").read_text() == "precious"


def test_caches_that_are_kept_stay_and_other_things_go(box: Box, first: Sha, second: Sha) -> None:
    with CheckWorktree.open(box.origin, keep=["node/", "/cache"]) as tree:
        path = tree.checkout(first)
        for name in ("node/m", "cache/c", "other/cache/c", "x.o"):
            write(name)(path)
        tree.checkout(second)
        tree.checkout(first)
        assert files(path) == {**FILES, "node/m": "mess", "cache/c": "mess"}


def test_a_kept_cache_gives_way_to_a_file_of_the_commit(box: Box, first: Sha) -> None:
    taken = box.commit(box.origin, {"cache": "a file\n"}, first)
    with CheckWorktree.open(box.origin, keep=["/cache"]) as tree:
        path = tree.checkout(first)
        write("cache/c")(path)
        tree.checkout(taken)
        assert files(path) == {"cache": "a file\n"}


def test_each_process_has_its_own_slot_and_gives_it_back(box: Box, first: Sha) -> None:
    with checkout(box.origin, first) as one, checkout(box.origin, first) as other:
        assert one != other
        write("mess")(one)
        assert files(other) == FILES
    with checkout(box.origin, first) as again:
        assert again == one
        assert files(again) == FILES


def test_a_clone_and_its_linked_worktree_can_check_too(box: Box, clone: Repository) -> None:
    made = box.seed(clone, "refs/heads/main")
    with checkout(clone, made) as path:
        assert files(path) == {"a.txt": "a\n"}
    box.git("worktree", "add", "-q", str(box.root / "w"), made, at=clone.path)
    with checkout(box.open(box.root / "w"), made) as path:
        assert path.is_relative_to(clone.common_dir)
    assert box.git("status", "--porcelain", at=clone.path).replace("D  a.txt", "") == ""


def test_unchanged_files_are_not_written_again(tree: CheckWorktree, first: Sha, box: Box) -> None:
    path = tree.checkout(first)
    before = (path / "d/b.txt").stat()
    other = box.commit(box.origin, {**FILES, "a.txt": "changed\n"}, first)
    tree.checkout(other)
    after = (path / "d/b.txt").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_submodules_are_left_empty_and_large_files_as_pointers(
    box: Box, tree: CheckWorktree, first: Sha
) -> None:
    repo = box.origin
    found = repo.reader.commit(first)
    from refinery.repo.objects import TreeEntry

    with_sub = repo.writer.tree([*repo.reader.tree(found.tree), TreeEntry(0o160000, "sub", first)])
    who = repo.signature(0)
    commit = repo.writer.commit(tree=with_sub, parents=(), author=who, committer=who, message="sub")
    path = tree.checkout(commit)
    assert list((path / "sub").iterdir()) == []
    write("sub/populated")(path)
    tree.checkout(first)
    assert files(path) == FILES
    assert not (path / "sub").exists()


def test_a_commit_that_is_not_there_is_an_error(tree: CheckWorktree) -> None:
    from refinery.repo.process import GitError

    with pytest.raises(GitError):
        tree.checkout(Sha("1" * 40))


def test_what_a_check_tells_git_is_never_told_to_the_clone(
    box: Box, tree: CheckWorktree, first: Sha
) -> None:
    """`npm install` does it with husky: later the clone's own git would run what it names."""
    box.git("tag", "v1", first)
    path = tree.checkout(first)
    before = (box.origin.path / "config").read_text(), box.git("for-each-ref")
    in_git("config", "core.hooksPath", ".husky")(path)
    in_git("config", "core.sshCommand", "touch ran")(path)
    in_git("branch", "mine")(path)
    in_git("tag", "-d", "v1")(path)
    common = box.git("rev-parse", "--path-format=absolute", "--git-common-dir", at=path)
    assert Path(common) == path.with_name("check-0.git")
    assert ((box.origin.path / "config").read_text(), box.git("for-each-ref")) == before
    tree.checkout(first)
    told = box.git("config", "--local", "--list", at=path).lower()
    assert "hookspath" not in told
    assert "sshcommand" not in told


def test_a_check_sees_history_branches_and_tags(box: Box, clone: Repository) -> None:
    first = box.seed(clone, "refs/heads/main")
    made = box.commit(clone, {"a.txt": "b\n"}, first)
    box.git("tag", "v1", first, at=clone.path)
    box.git("branch", "topic", first, at=clone.path)
    box.git("config", "user.name", 'Ann "the" \\ Tester', at=clone.path)
    with checkout(box.open(clone.path), made) as path:
        assert box.git("describe", "--tags", "HEAD", at=path) == f"v1-1-g{made[:7]}"
        assert box.git("rev-parse", "topic", at=path) == first
        assert box.git("config", "user.name", at=path) == 'Ann "the" \\ Tester'
        assert box.git("remote", "get-url", "origin", at=path) == str(box.origin.path)


def test_a_secret_in_the_remotes_url_is_not_there_for_a_check(box: Box, clone: Repository) -> None:
    made = box.seed(clone, "refs/heads/main")
    box.git("remote", "set-url", "origin", "https://bot:canary@host.invalid/r.git", at=clone.path)
    with checkout(box.open(clone.path), made) as path:
        assert "canary" not in box.git("config", "--list", at=path)


CLOSED = """\
import sys
from pathlib import Path
from refinery.repo.repository import Repository
from refinery.repo.worktree import CheckWorktree
with CheckWorktree.open(Repository.discover(Path(sys.argv[1]))) as tree:
    for place in (tree.checkout(sys.argv[2]), tree.git_dir):
        place.chmod(0)
        print((tree.checkout(sys.argv[2]) / "a.txt").read_text(), end="")
"""


def _like_any_user() -> None:
    """Without the capabilities by which root opens what is closed."""
    for capability in range(64):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(sys.platform != "linux", reason="root may do anything elsewhere")
def test_a_folder_that_a_check_has_closed_stops_no_later_checkout(box: Box, first: Sha) -> None:
    """One `chmod 0 .` once kept a clone from ever testing anything again."""
    done = subprocess.run(
        [sys.executable, "-c", CLOSED, str(box.origin.path), first],
        cwd=Path(__file__).parents[2],
        preexec_fn=_like_any_user,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("a\na\n", "")
