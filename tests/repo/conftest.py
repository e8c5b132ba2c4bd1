"""A sealed place for real git: no user's or system's configuration, fixed people and dates."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from refinery.records.names import Ref, Sha
from refinery.repo.clone import init_bare
from refinery.repo.remote import Remote
from refinery.repo.repository import Repository

_DATE = "1700000000 +0000"


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing outside tmp_path is read or written by any git that a test starts."""
    for key in [key for key in os.environ if key.startswith("GIT_")]:
        monkeypatch.delenv(key)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


class Box:
    """A bare remote and clones of it, and plain git for the other side of each test."""

    def __init__(self, root: Path, object_format: str = "sha1") -> None:
        self.root = root
        self.object_format = object_format
        self.origin = init_bare(root / "origin.git", object_format=object_format)
        self._open: list[Repository] = [self.origin]

    def git(self, *args: str, at: Path | None = None, stdin: str = "") -> str:
        done = subprocess.run(
            ["git", *args],
            cwd=at or self.origin.path,
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            check=False,
            env=os.environ
            | {
                "GIT_AUTHOR_NAME": "Ann",
                "GIT_AUTHOR_EMAIL": "ann@example.org",
                "GIT_AUTHOR_DATE": _DATE,
                "GIT_COMMITTER_NAME": "Ann",
                "GIT_COMMITTER_EMAIL": "ann@example.org",
                "GIT_COMMITTER_DATE": _DATE,
            },
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def clone(self, name: str = "clone") -> Repository:
        path = self.root / name
        # Not `git clone`: one of an empty repository forgets the object format in older gits.
        self.git(
            *("init", "-q", "--template=", "-b", "main"),
            *(f"--object-format={self.object_format}", str(path)),
            at=self.root,
        )
        self.git("remote", "add", "origin", str(self.origin.path), at=path)
        self.git("config", "branch.main.remote", "origin", at=path)
        return self.open(path)

    def open(self, path: Path) -> Repository:
        repo = Repository.discover(path)
        self._open.append(repo)
        return repo

    def commit(
        self, repo: Repository, files: dict[str, str], *parents: Sha, message: str = "change"
    ) -> Sha:
        """A commit of exactly these files, made by plain git."""
        rows = []
        for path, content in files.items():
            oid = self.git("hash-object", "-w", "--stdin", at=repo.path, stdin=content)
            rows.append(f"100644 {oid}\t{path}\0")
        index = {"GIT_INDEX_FILE": str(self.root / "scratch-index")}
        Path(index["GIT_INDEX_FILE"]).unlink(missing_ok=True)
        os.environ.update(index)
        try:
            self.git(
                "update-index", "-z", "--add", "--index-info", at=repo.path, stdin="".join(rows)
            )
            tree = self.git("write-tree", at=repo.path)
        finally:
            del os.environ["GIT_INDEX_FILE"]
        told = [part for parent in parents for part in ("-p", parent)]
        return Sha(self.git("commit-tree", "-m", message, *told, tree, at=repo.path))

    def seed(self, repo: Repository, *refs: str, message: str = "seed") -> Sha:
        """A first commit, in the clone and under the refs of the remote."""
        made = self.commit(repo, {"a.txt": "a\n"}, message=message)
        self.git("push", "--quiet", "origin", *(f"{made}:{ref}" for ref in refs), at=repo.path)
        return made

    def refs(self, at: Path | None = None) -> dict[Ref, Sha]:
        listing = self.git("for-each-ref", "--format=%(refname) %(objectname)", at=at)
        rows = (line.split(" ") for line in listing.splitlines())
        return {Ref(ref): Sha(oid) for ref, oid in rows}

    def hook(self, name: str, script: str) -> None:
        path = self.origin.path / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def close(self) -> None:
        for repo in self._open:
            repo.close()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["sha1", "sha256"])
def any_box(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Box]:
    made = Box(tmp_path, object_format=request.param)
    yield made
    made.close()


@pytest.fixture
def clone(box: Box) -> Repository:
    return box.clone()


@pytest.fixture
def origin(clone: Repository) -> Remote:
    return Remote(clone, "origin")
