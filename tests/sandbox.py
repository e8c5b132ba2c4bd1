"""A queue to play with: a bare origin, clones of it, and the verbs that people use on them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from refinery.app import Queue, open_queue
from refinery.cli.main import main
from refinery.queue.submission import Relation, Request, submit
from refinery.records import document
from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.repo.trailers import trailers
from refinery.store.update import Committed
from refinery.store.view import View

CHECKOUT = Path(__file__).resolve().parent.parent
FIRST_COMMIT = {"README.md": "read me\n"}
_EPOCH = 1_700_000_000  # of the first commit; each one after it is a minute younger


class Clock:
    """The time of a sandbox: it stands still until somebody moves it.

    It starts at the real time, so that what subprocesses write is of the same day.
    """

    def __init__(self) -> None:
        self.now = datetime.fromtimestamp(int(time.time()), UTC)

    def __call__(self) -> datetime:
        return self.now

    def time(self) -> float:
        """What `time.time` is to the code under test."""
        return self.now.timestamp()

    def tick(self, seconds: float = 1) -> datetime:
        """Move on; every verb that writes does it, so that nothing happens at the same time."""
        self.now += timedelta(seconds=seconds)
        return self.now


@dataclass(frozen=True)
class Result:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its stdout as one document."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Logged:
    """One transaction of the queue ref."""

    event: str
    mrs: tuple[str, ...]
    subject: str


def make_template(root: Path) -> Path:
    """The repositories every sandbox starts as a copy of: `origin.git`, and `clone` of it."""
    template = Sandbox(root, worker="template", clock=Clock())
    template.root.mkdir(exist_ok=True)
    _git(root, "init", "-q", "--bare", "-b", "main", "origin.git")
    _git(root, "init", "-q", "-b", "main", "clone")
    for setting, value in {
        "remote.origin.url": str(template.origin),
        "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
        "branch.main.remote": "origin",
        "branch.main.merge": "refs/heads/main",
        "gc.auto": "0",
        "maintenance.auto": "false",
    }.items():
        _git(template.path, "config", setting, value)
    _git(template.origin, "config", "receive.autogc", "false")
    _git(template.origin, "config", "receive.advertisePushOptions", "true")
    template.commit("main", FIRST_COMMIT, message="first")
    template.push("main")
    return root


def _copy_clone(source: Path, to: Path, origin: Path, other_origin: Path) -> None:
    shutil.copytree(source, to)
    config = to / ".git" / "config"
    config.write_text(config.read_text().replace(str(origin), str(other_origin)))


@dataclass
class Sandbox:
    """One clone and the origin it shares with others: `box.clone("bob")` is another one.

    A branch name without a place means the branch on the origin; what is committed is pushed only
    by `push`, `submit` (whose record carries the commit) or `request`.
    """

    root: Path
    worker: str
    clock: Clock
    folder: str = "clone"
    _open: list[Queue] = field(default_factory=list)
    _queues: dict[bool, Queue] = field(default_factory=dict)
    _born: list[Sha] = field(default_factory=list)
    _askers: dict[Path, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def copied(cls, template: Path, root: Path) -> Sandbox:
        """A fresh origin and one clone of it."""
        box = cls(root, worker="ada", clock=Clock())
        shutil.copytree(template / "origin.git", box.origin)
        _copy_clone(template / "clone", root / "pristine", template / "origin.git", box.origin)
        shutil.copytree(root / "pristine", box.path)
        return box

    def copy(self, root: Path) -> Sandbox:
        """This origin and this clone as they are now; what was done so far lies in the past."""
        box = Sandbox(root, self.worker, Clock(), _born=list(self._born))
        box.clock.tick((self.clock.now - box.clock.now).total_seconds() + 300)
        shutil.copytree(self.origin, box.origin)
        for folder in ("pristine", "clone"):
            _copy_clone(self.root / folder, root / folder, self.origin, box.origin)
        return box

    @property
    def origin(self) -> Path:
        """The bare repository."""
        return self.root / "origin.git"

    @property
    def path(self) -> Path:
        """The working tree of this clone."""
        return self.root / self.folder

    def clone(self, name: str) -> Sandbox:
        """Another clone of the same origin, as it was at the start, whose worker is `name`."""
        shared = {"_open": self._open, "_born": self._born, "_askers": self._askers}
        other = Sandbox(self.root, name, self.clock, folder=name, **shared)
        shutil.copytree(self.root / "pristine", other.path)
        return other

    def close(self) -> None:
        """End the processes that were started."""
        for queue in self._open:
            queue.close()
        for asker in self._askers.values():
            asker.communicate()

    # Code

    def commit(
        self,
        branch: str,
        files: Mapping[str, str | bytes | None] | None = None,
        *,
        message: str | None = None,
        onto: str | None = None,
    ) -> Sha:
        """A commit on a branch of this clone, with these files changed (None removes one).

        A branch that exists goes on from its own tip unless `onto` (a branch or commit) says more;
        a new one starts at the origin's main.
        """
        changes = {f"{branch.replace('/', '-')}.txt": f"{branch}\n"} if files is None else files
        parent = self._parent(branch, onto)
        stream = self._stream(branch, changes, message or f"Change {branch}", parent)
        _git(self.path, "fast-import", "--quiet", "--force", stdin=stream)
        made = self.sha(f"refs/heads/{branch}", at=self.path)
        assert made is not None
        self._born.append(made)
        if (self.path / ".git" / "HEAD").read_text() == f"ref: refs/heads/{branch}\n":
            self.git("reset", "-q", "--hard")
        return made

    def push(
        self,
        branch: str,
        *options: str,
        force: bool = False,
        check: bool = True,
        push_options: Mapping[str, str] | None = None,
    ) -> Result:
        """A plain `git push` of one branch."""
        told = [f"--push-option={key}={value}" for key, value in (push_options or {}).items()]
        refspec = f"{'+' if force else ''}refs/heads/{branch}:refs/heads/{branch}"
        self.clock.tick()
        done = self.run_git("push", *options, *told, "origin", refspec)
        assert done.code == 0 or not check, done.err
        return done

    def delete_branch(self, branch: str) -> None:
        """Delete a branch on the origin, as a person or a forge does."""
        self.git("push", "-q", "origin", f":refs/heads/{branch}")

    def advance(
        self,
        files: Mapping[str, str | bytes | None],
        branch: str = "main",
        message: str = "Outside",
    ) -> Sha:
        """Somebody pushes to a target, past the queue."""
        made = self.commit(branch, files, message=message, onto=branch)
        self.push(branch)
        return made

    def config(self, text: str) -> Sha:
        """Commit `.refinery.yaml` to main on the origin."""
        return self.advance({".refinery.yaml": text}, message="Configure refinery")

    def switch(self, branch: str) -> None:
        """Check a branch out in this clone."""
        self.git("checkout", "-q", branch)

    # The queue

    def request(
        self,
        branch: str,
        files: Mapping[str, str | bytes | None] | None = None,
        *,
        message: str | None = None,
        onto: str | None = None,
        **options: Any,
    ) -> MrId:
        """Commit, push and submit a branch."""
        self.commit(branch, files, message=message, onto=onto)
        self.push(branch, force=True)
        return self.submit(branch, **options)

    def submit(self, branch: str, **options: Any) -> MrId:
        """Queue a branch of this clone through the command line; the id.

        Options are the command's: `priority=0` is `--priority 0`, `no_push=True` is `--no-push`.
        """
        head = self.sha(f"refs/heads/{branch}", at=self.path)
        assert head is not None, f"no branch {branch!r}"
        if find_spec("refinery.cli.commands.submit") is None:
            return self._submit_in_process(branch, head, options)
        done = self.cli("submit", branch, *_flags(options))
        assert done.code == 0, done.err
        return MrId(done.out.strip())

    def mr(self, name: str, *, head: str | None = None) -> MergeRequest:
        """The newest merge request of an id or a branch."""
        view = self.view()
        found = [
            mr for mr in view.mrs.values() if name in (mr.id, mr.branch) and head in (None, mr.head)
        ]
        assert found, f"{name!r} is not in the queue: {sorted(view.mrs)}"
        return max(found, key=lambda mr: (not mr.closed, mr.submitted_at))

    def view(self, *, engine: bool = False) -> View:
        """The queue as it is on the origin, read through this clone."""
        return self.queue(engine=engine).view()

    def queue(self, *, engine: bool = False) -> Queue:
        """The queue of this clone, opened once, for what has no verb here."""
        if engine not in self._queues:
            opened = open_queue(str(self.path), engine=engine, clock=self.clock, worker=self.worker)
            self._open.append(opened)
            self._queues[engine] = opened
        return self._queues[engine]

    @property
    def landed(self) -> list[str]:
        """The branches that landed on main, in the order of the commits on it."""
        return self.landed_on("main")

    def landed_on(self, target: str) -> list[str]:
        """The branches whose records say that they landed, in the order of the target's commits."""
        merged = [
            mr
            for mr in [*self.view().mrs.values(), *self.archived()]
            if mr.close_reason is CloseReason.MERGED and mr.target == target
        ]
        # The records first: a target may be newer than the queue for an instant, never older.
        line = self.git("rev-list", "--first-parent", "--reverse", target, cwd=self.origin).split()
        for mr in merged:
            assert mr.merge_commit in line, f"{mr.id} landed as {mr.merge_commit}: not on {target}"
        return [mr.branch for mr in sorted(merged, key=lambda mr: line.index(str(mr.merge_commit)))]

    def archived(self) -> list[MergeRequest]:
        """Every archived record, oldest group first."""
        ref = "refs/refinery/archive"
        if self.sha(ref) is None:
            return []
        groups = self.git("rev-list", "--reverse", ref, cwd=self.origin).split()
        return [
            document.read(MergeRequest, text.encode(), where=path)
            for group in groups
            for path, text in self.tree(group).items()
        ]

    def queue_log(self) -> list[Logged]:
        """The transactions of the queue ref, oldest first."""
        ref = "refs/refinery/queue"
        if self.sha(ref) is None:
            return []
        log = self.git("log", "--reverse", "-z", "--format=%B", ref, cwd=self.origin)
        return [_logged(message) for message in log.split("\0") if message]

    # The command line

    def cli(self, *argv: str, stdin: str = "", cwd: Path | None = None) -> Result:
        """Run a command in this process, inside the clone, as its worker, at the sandbox's time."""
        self.clock.tick()
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(cwd or self.path),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            self._as_worker(stdin),
        ):
            code = main(list(map(str, argv)))
        return _checked(argv, Result(code, out.getvalue(), err.getvalue()))

    def run(
        self,
        *argv: str,
        stdin: str = "",
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Result:
        """Run a command in a process of its own, at the real time."""
        command = [sys.executable, "-m", "refinery", *map(str, argv)]
        done = self._started(command, stdin=stdin, cwd=cwd, env=env, timeout=timeout)
        return _checked(argv, done)

    # git

    def git(self, *argv: str, cwd: Path | None = None, stdin: str = "") -> str:
        """Run git, in this clone unless told otherwise; what it printed."""
        return _git(cwd or self.path, *argv, stdin=stdin.encode())

    def run_git(self, *argv: str, cwd: Path | None = None, stdin: str = "") -> Result:
        """Run git, which may fail."""
        return self._started(["git", *argv], stdin=stdin, cwd=cwd, env=None, timeout=60)

    def sha(self, name: str, *, at: Path | None = None) -> Sha | None:
        """What a branch, ref or commit is on the origin (or `at` a place); None if nothing."""
        asker = self._asker(at or self.origin)
        assert asker.stdin is not None
        assert asker.stdout is not None
        asker.stdin.write(f"{name}\n".encode())
        asker.stdin.flush()
        found = _text(asker.stdout.readline()).strip()
        # Nothing at all is said where there is no repository.
        return Sha(found) if found and not found.endswith((" missing", " ambiguous")) else None

    def refs(self, below: str = "refs/") -> dict[str, str]:
        """The refs of the origin."""
        rows = self.git("for-each-ref", "--format=%(refname) %(objectname)", below, cwd=self.origin)
        return dict(row.split(" ") for row in rows.splitlines())

    def tree(self, ref: str = "main") -> dict[str, str]:
        """Path -> content of a branch, ref or commit of the origin."""
        done = subprocess.run(
            ["git", "archive", "--format=tar", ref],
            cwd=self.origin,
            capture_output=True,
            check=True,
        )
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            files = {member.name: archive.extractfile(member) for member in archive}
        return {
            name: file.read().decode("utf-8", "surrogateescape")
            for name, file in files.items()
            if file is not None
        }

    def hook(self, name: str, script: str) -> None:
        """Install a hook on the origin."""
        path = self.origin / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    # How

    def _asker(self, place: Path) -> subprocess.Popen[bytes]:
        """A git that stays up and is asked what names stand for."""
        if place not in self._askers:
            inside = place / ".git"
            self._askers[place] = subprocess.Popen(
                [
                    *("git", f"--git-dir={inside if inside.exists() else place}"),
                    *("cat-file", "--batch-check=%(objectname)"),
                ],
                cwd=self.root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._askers[place]

    def _parent(self, branch: str, onto: str | None) -> Sha | None:
        own = self.sha(f"refs/heads/{branch}", at=self.path)
        if onto is None and own is not None:
            return own
        name = onto or "main"
        found = self.sha(f"refs/heads/{name}") or self.sha(name, at=self.path)
        if found is not None and self.sha(f"{found}^{{commit}}", at=self.path) is None:
            self.git("fetch", "-q", "origin")
        return found

    def _stream(
        self,
        branch: str,
        files: Mapping[str, str | bytes | None],
        message: str,
        parent: Sha | None,
    ) -> bytes:
        when = _EPOCH + 60 * len(self._born)
        lines = [
            f"commit refs/heads/{branch}".encode(),
            f"author Ada Author <ada@example.com> {when} +0000".encode(),
            f"committer Carl Committer <carl@example.com> {when} +0000".encode(),
            _data(message.encode()),
        ]
        lines += [f"from {parent}".encode()] if parent else []
        for path, content in files.items():
            quoted = json.dumps(path, ensure_ascii=False)
            if content is None:
                lines.append(f"D {quoted}".encode())
                continue
            data = content.encode() if isinstance(content, str) else content
            lines += [f"M 100644 inline {quoted}".encode(), _data(data)]
        return b"\n".join(lines) + b"\n"

    def _submit_in_process(self, branch: str, head: Sha, options: dict[str, Any]) -> MrId:
        self.clock.tick()
        request = Request(
            branch=Branch(branch),
            target=Branch(options.pop("target", "main")),
            head=head,
            worker=options.pop("worker", self.worker),
            title=options.pop("title", f"Change {branch}"),
            **options,
        )
        done = self.queue().update(
            lambda view: submit(view, request, relation=Relation.AHEAD, now=self.clock())
        )
        assert isinstance(done, Committed), done
        return done.edit.submit[0].id

    @contextlib.contextmanager
    def _as_worker(self, stdin: str) -> Iterator[None]:
        import pytest

        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REFINERY_WORKER", self.worker)
            patch.setattr("refinery.records.times.time", self.clock)
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
            yield

    def _started(
        self,
        command: list[str],
        *,
        stdin: str,
        cwd: Path | None,
        env: Mapping[str, str] | None,
        timeout: float,
    ) -> Result:
        done = subprocess.run(
            command,
            cwd=cwd or self.path,
            env={**os.environ, **_findable(), "REFINERY_WORKER": self.worker, **(env or {})},
            input=stdin.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        return Result(done.returncode, _text(done.stdout), _text(done.stderr))


def _checked(argv: Sequence[object], result: Result) -> Result:
    """Whatever a command answers with `--json` is as its schema says, in every test."""
    words = [str(word) for word in argv]
    if "--json" in words:
        from tests.answers_check import check

        check(words, result.code, result.out)
    return result


def _git(cwd: Path, *argv: str, stdin: bytes = b"") -> str:
    done = subprocess.run(
        ["git", *argv],
        cwd=cwd,
        env={**os.environ, **_findable()},
        input=stdin,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"git {' '.join(argv)}: {_text(done.stderr)}"
    return _text(done.stdout).removesuffix("\n")


def _findable() -> dict[str, str]:
    """What lets a subprocess, or a hook of git's, find this checkout's package."""
    known = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": f"{CHECKOUT}{os.pathsep}{known}" if known else str(CHECKOUT)}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _data(content: bytes) -> bytes:
    return b"data %d\n%s" % (len(content), content)


def _flags(options: Mapping[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        values = value if isinstance(value, (list, tuple)) else [value]
        for each in values:
            if each is True:
                yield flag
            elif each is not False and each is not None:
                yield from (flag, str(each))


def _logged(message: str) -> Logged:
    told = trailers(message)
    return Logged(
        event=next((value for key, value in told if key == "Refinery-Event"), ""),
        mrs=tuple(value for key, value in told if key == "Refinery-MR"),
        subject=re.split(r"\n", message, maxsplit=1)[0],
    )
