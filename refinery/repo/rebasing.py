"""Rebases branches of this clone: commits are made without a working tree, then all refs move."""

from __future__ import annotations

import os
from collections.abc import Mapping

from refinery.records.names import Branch, Sha, branch_ref
from refinery.repo.history import commits_between
from refinery.repo.merging import Conflict, Merged, Unrelated, merge_tree
from refinery.repo.process import first_complaint
from refinery.repo.refs import RefUpdate, Swapped, update_refs
from refinery.repo.side_worktree import checked_out_at
from refinery.repo.signature import Signature
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


@dataclass(frozen=True, slots=True)
class Rebased:
    """The new head, and how many commits it has of its own."""

    head: Sha
    commits: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """A commit that cannot be put there, and the files it conflicts in."""

    commit: Sha
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InTheWay:
    """No branch was moved, and why."""

    why: str


def rebased(
    repo: Repository, head: Sha, *, ground: Sha, onto: Sha, committer: Signature
) -> Rebased | Stopped:
    """The commits after `ground` anew on `onto`, as `git rebase --onto` makes them.

    Merges are left out, and so is a commit whose change is there already.
    """
    tip, tree, count = onto, repo.reader.commit(onto).tree, 0
    for commit in commits_between(repo, ground, head, reverse=True, without=(onto,)):
        if len(commit.parents) != 1:
            continue
        merged = merge_tree(repo, tip, commit.oid, base=commit.parents[0])
        if not isinstance(merged, Merged):
            return Stopped(commit.oid, _files(merged))
        if merged.tree == tree:
            continue
        tree, count = merged.tree, count + 1
        tip = repo.writer.commit(
            tree=tree,
            parents=(tip,),
            author=Signature.parse(commit.author),
            committer=committer,
            message=commit.message,
        )
    return Rebased(tip, count)


def _files(merged: Conflict | Unrelated) -> tuple[str, ...]:
    return merged.files if isinstance(merged, Conflict) else ()


def move_branches(
    repo: Repository, moves: Mapping[Branch, tuple[Sha, Sha]], *, message: str
) -> InTheWay | None:
    """Move branches from their old heads to new ones, the one that is checked out with its files.

    Nothing moves where another worktree has one of them, or files changed here would be lost.
    """
    current = repo.current_branch()
    here = next((branch for branch in moves if branch == current), None)
    for branch in moves:
        if branch != here and checked_out_at(repo, branch_ref(branch)):
            return InTheWay(f"{branch} is checked out in another worktree")
    if here is not None:
        done = repo.git.run(
            *("-c", f"core.hooksPath={os.devnull}", "reset", "--keep", "--quiet", moves[here][1]),
            ok=range(256),
        )
        if done.returncode != 0:
            return InTheWay(first_complaint(done.stderr))
    others = [
        RefUpdate(branch_ref(branch), old, new)
        for branch, (old, new) in moves.items()
        if branch != here
    ]
    moved = update_refs(repo, others, message=message) if others else Swapped()
    if isinstance(moved, Swapped):
        return None
    if here is not None:
        repo.git.run("reset", "--keep", "--quiet", moves[here][0], ok=range(256))
    return InTheWay(moved.reason)
