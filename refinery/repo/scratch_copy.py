"""Copies one branch of a repository into a bare one, to be played with."""

from __future__ import annotations

from pathlib import Path

from refinery.errors import RefineryError
from refinery.records.names import Branch, Ref, Sha, branch_ref
from refinery.repo.probing import branches
from refinery.repo.process import Git
from refinery.repo.refs import RefUpdate, update_refs
from refinery.repo.repository import IN_PLACE, Repository
from refinery.repo.settings import set_setting
from refinery.typed import Final

TIP: Final = Ref("refs/replay/history")
"""Keeps what the branch was when it was copied."""


class CannotCopy(RefineryError):
    """The repository has no such branch, or not all of its history."""

    code = "cannot-copy"


def likely_branch(repo: Repository, told: str | None) -> Branch:
    """The branch to copy: as told, what HEAD names, main, master, or the only one there is."""
    found = branches(repo, IN_PLACE)
    if told is not None and told not in found.tips:
        known = ", ".join(sorted(found.tips)[:8]) or "none"
        raise CannotCopy(f"there is no branch {told!r} here", hint=f"there are: {known}")
    for name in (told, found.head, "main", "master", *sorted(found.tips)):
        if name is not None and name in found.tips:
            return Branch(name)
    raise CannotCopy(
        "there is no branch in this repository", hint="commit something, or name another repository"
    )


def copy_branch(source: Repository, branch: Branch, folder: Path) -> tuple[Repository, Sha]:
    """A bare copy of one branch with nothing else in it, and the tip; objects are hard links."""
    if source.shallow:
        raise CannotCopy(
            "the repository is shallow: its history is not all here", hint="git fetch --unshallow"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    Git(folder.parent).run(
        *("clone", "--quiet", "--bare", "--single-branch", "--no-tags", "--template="),
        *(f"--branch={branch}", "--end-of-options", str(source.common_dir), str(folder)),
        timeout=3600,
    )
    copy = Repository.discover(folder)
    for key, value in {"refinery.remote": IN_PLACE, "refinery.target": branch}.items():
        set_setting(copy, key, value)
    tip = copy.reader.commit(branch_ref(branch)).oid
    update_refs(copy, [RefUpdate(TIP, None, tip)], message="replay: where history is")
    return copy, tip


def rewind(copy: Repository, branch: Branch, tip: Sha, base: Sha) -> None:
    """Put the copy's branch back to where it was."""
    update_refs(copy, [RefUpdate(branch_ref(branch), tip, base)], message="replay: begin")
