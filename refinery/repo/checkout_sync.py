"""Moves the checked-out branch on to a commit made elsewhere, where nothing is in the way."""

from __future__ import annotations

import os

from refinery.records.names import Branch, Sha
from refinery.repo.process import first_complaint
from refinery.repo.refs import resolve
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


@dataclass(frozen=True, slots=True)
class Followed:
    """Branch, index and files are those of the new commit, changes of the user's kept."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Nothing was touched."""

    why: str


def fast_forward(repo: Repository, branch: Branch, *, old: Sha, new: Sha) -> Followed | LeftAlone:
    """Bring the checked-out branch from `old` to `new`, as `git merge --ff-only` does.

    git itself refuses where a file it would write is changed or untracked here.
    """
    if repo.worktree is None:
        return LeftAlone("there is no working tree")
    if repo.current_branch() != branch:
        return LeftAlone(f"{branch} is not checked out")
    if resolve(repo, "HEAD") != old:
        return LeftAlone(f"your {branch} has commits of its own, or lacks some")
    done = repo.git.run(
        *("-c", f"core.hooksPath={os.devnull}", "-c", "merge.verifySignatures=false"),
        *("merge", "--ff-only", "--quiet", "--no-stat", "--no-autostash", new),
        ok=range(256),
    )
    return Followed() if done.returncode == 0 else LeftAlone(first_complaint(done.stderr))
