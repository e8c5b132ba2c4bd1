"""Lets git tidy a clone up, as its own commands do: refinery's fetches and objects pile up else."""

from __future__ import annotations

from contextlib import suppress

from refinery.repo.process import GitError, GitTimeout
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


def tidy(repo: Repository) -> None:
    """Pack what has piled up, where git's settings (`gc.auto`) say that it is too much.

    Whatever goes wrong with it, and whoever does it already, nobody has to hear of it.  What
    nothing refers to any more goes into one pack: git 2.39 would write each object to a file again.
    """
    settings = ("-c", "gc.cruftPacks=true", "-c", "gc.autoDetach=false")
    with suppress(GitError, GitTimeout):
        repo.git.run(*settings, "gc", "--auto", "--quiet", timeout=1800)
