"""Asks what git, a remote and a repository can do, without changing anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from refinery.records.names import Branch, Ref, Sha
from refinery.repo.masking import masked
from refinery.repo.process import Completed, Git, first_complaint
from refinery.repo.refs import list_refs
from refinery.repo.repository import IN_PLACE
from refinery.typed import TYPE_CHECKING, Final
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

OLDEST_GIT: Final = (2, 38)
_HEADS: Final = "refs/heads/"


def git_version() -> tuple[tuple[int, ...], str]:
    """The version of the git on the PATH, as numbers and as it says it."""
    said = Git(Path("/")).text("--version").removeprefix("git version ")
    numbers = re.match(r"\d+(\.\d+)*", said)
    return tuple(int(part) for part in numbers[0].split(".")) if numbers else (), said


@dataclass(frozen=True, slots=True)
class Branches:
    """The branches of the place the queue is in; `head` is the one its HEAD names, born or not."""

    head: Branch | None
    tips: Mapping[Branch, Sha]


def branches(repo: Repository, remote: str) -> Branches:
    """What a remote, or with `IN_PLACE` this very repository, has under refs/heads/."""
    if remote == IN_PLACE:
        current = repo.current_branch()
        found = list_refs(repo, _HEADS)
        return Branches(Branch(current) if current else None, _by_name(found))
    asked = ("ls-remote", "--symref", "--quiet", "--end-of-options", remote, "HEAD", f"{_HEADS}*")
    head = None
    tips: dict[Ref, Sha] = {}
    for line in repo.git.text(*asked).split("\n"):
        value, _, name = line.partition("\t")
        if value.startswith(f"ref: {_HEADS}") and name == "HEAD":
            head = Branch(value.removeprefix(f"ref: {_HEADS}"))
        elif name.startswith(_HEADS):
            tips[Ref(name)] = Sha(value)
    return Branches(head, _by_name(tips))


def _by_name(refs: Mapping[Ref, Sha]) -> dict[Branch, Sha]:
    return {Branch(ref.removeprefix(_HEADS)): oid for ref, oid in refs.items()}


@dataclass(frozen=True, slots=True)
class PushProbe:
    """What a dry run of a push says; the server's hooks and rules are not asked by one.

    `options`: whether the remote takes push options.
    """

    allowed: bool
    atomic: bool
    options: bool = True
    reason: str = ""


def probe_push(repo: Repository, remote: str, ref: Ref, *, also: Sequence[Ref] = ()) -> PushProbe:
    """Whether the remote takes atomic pushes from us at all, to a new ref and to those besides."""
    empty = repo.writer.tree(())
    who = repo.signature(0)
    unborn = repo.writer.commit(tree=empty, parents=(), author=who, committer=who, message="probe")
    refspecs = (f"{empty}:{ref}", *(f"{unborn}:{each}" for each in also))
    done = _dry_run(repo, remote, refspecs, "--push-option=refinery.doctor")
    options = "does not support push options" not in done.stderr
    # Of a dry run the server hears nothing and ends; git may still be writing the option then.
    if not options or done.returncode < 0:
        done = _dry_run(repo, remote, refspecs)
    if done.returncode == 0:
        return PushProbe(allowed=True, atomic=True, options=options)
    lacks_atomic = "does not support --atomic" in done.stderr
    said = masked(first_complaint(done.stderr))
    return PushProbe(allowed=lacks_atomic, atomic=not lacks_atomic, options=options, reason=said)


def _dry_run(repo: Repository, remote: str, refspecs: Sequence[str], *options: str) -> Completed:
    return repo.git.run(
        *("-c", "push.pushOption=", "push", "--dry-run", "--porcelain", "--atomic", "--no-verify"),
        *("--force", "--no-follow-tags", "--no-recurse-submodules", *options),
        *("--end-of-options", remote, *refspecs),
        ok=range(-64, 256),
    )
