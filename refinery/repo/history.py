"""Asks how commits relate: common ancestors, ranges, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from refinery.errors import RefineryError
from refinery.records.names import Sha
from refinery.repo.answers import is_away
from refinery.repo.objects import Commit
from refinery.repo.process import GitError, RemoteUnavailable
from refinery.repo.trailers import trailers
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


class ShallowRepository(RefineryError):
    """The history that is needed to decide is not here and cannot be fetched."""

    code = "shallow-repository"


def merge_base(repo: Repository, one: Sha, other: Sha) -> Sha | None:
    """A best common ancestor, or None when there is none."""
    done = repo.git.run("merge-base", "--end-of-options", one, other, ok=(0, 1))
    return Sha(done.text) if done.returncode == 0 else None


def is_ancestor(repo: Repository, old: Sha, new: Sha) -> bool:
    """Whether `new` contains `old`; a commit contains itself."""
    return repo.git.run("merge-base", "--is-ancestor", old, new, ok=(0, 1)).returncode == 0


def lacked(repo: Repository, commits: Sequence[Sha], tip: Sha) -> tuple[Sha, ...]:
    """Those of the commits that the history of `tip` does not hold."""
    return tuple(oid for oid in commits if not is_ancestor(repo, oid, tip))


def newest_first(repo: Repository, commits: Collection[Sha]) -> list[Sha]:
    """The commits in such an order that none comes after one it contains."""
    if len(commits) < 2:
        return list(commits)
    done = repo.git.run("merge-base", "--octopus", "--end-of-options", *commits, ok=(0, 1))
    below = f"^{done.text}\n" if done.returncode == 0 else ""
    asked = "".join(f"{oid}\n" for oid in commits) + below
    listing = repo.git.text("rev-list", "--topo-order", "--stdin", stdin=asked.encode())
    newer = [Sha(oid) for oid in listing.split() if oid in commits]
    return [*newer, *(oid for oid in commits if oid not in newer)]


def ahead(repo: Repository, base: Sha, head: Sha) -> int:
    """How many commits `head` has that `base` lacks."""
    return int(repo.git.text("rev-list", "--count", "--end-of-options", f"{base}..{head}"))


def changed_paths(repo: Repository, base: Sha, head: Sha) -> frozenset[str]:
    """The files that differ between two commits; a rename is both of its names."""
    listing = repo.git.text(
        *("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff"),
        *("--end-of-options", base, head),
    )
    return frozenset(filter(None, listing.split("\0")))


def commits_between(
    repo: Repository,
    base: Sha | None,
    head: Sha,
    *,
    first_parent: bool = False,
    reverse: bool = False,
    without: Sequence[Sha] = (),
) -> tuple[Commit, ...]:
    """The commits of `head` that `base` lacks, and all of `without`, newest first; no base: all."""
    span = head if base is None else f"{base}..{head}"
    listing = repo.git.text(
        *("rev-list", "--topo-order"),
        *(("--first-parent",) if first_parent else ()),
        *(("--reverse",) if reverse else ()),
        *("--end-of-options", span, *(f"^{oid}" for oid in without)),
        timeout=600,
    )
    return repo.reader.commits(listing.split())


def log_trailers(
    repo: Repository, base: Sha | None, head: Sha, *, first_parent: bool = False
) -> tuple[tuple[Commit, tuple[tuple[str, str], ...]], ...]:
    """The commits of a range, oldest first, each with its trailers."""
    found = commits_between(repo, base, head, first_parent=first_parent, reverse=True)
    return tuple((commit, trailers(commit.message)) for commit in found)


def ensure_complete(
    repo: Repository,
    remote: str,
    *,
    refspecs: Sequence[str] = (),
    tell: Callable[[str], None] | None = None,
    timeout: float = 1800,
) -> None:
    """Fetch the history that a shallow clone lacks; nothing to do in a full one.

    In a cut history a merge base is missing or wrong, and a wrong one makes a wrong merge.
    """
    if not repo.shallow:
        return
    if tell is not None:
        tell(f"fetching the rest of the history from {remote!r}: this clone is shallow")
    wanted = refspecs or (f"+refs/heads/*:refs/remotes/{remote}/*",)
    try:
        repo.git.run(
            *("fetch", "--quiet", "--unshallow", "--no-tags", "--no-write-fetch-head"),
            *("--no-auto-maintenance", "--no-recurse-submodules", "--end-of-options", remote),
            *wanted,
            timeout=timeout,
        )
    except GitError as error:
        if is_away(error.stderr):
            raise RemoteUnavailable(f"remote {remote!r}: {error.message}") from error
        raise _still_shallow(remote) from error
    if repo.shallow:
        raise _still_shallow(remote)


def _still_shallow(remote: str) -> ShallowRepository:
    return ShallowRepository(
        f"this clone is shallow and {remote!r} does not give the rest of its history",
        hint=f"git fetch --unshallow {remote}; in a CI job, check out with fetch-depth: 0",
    )


def commits_touching(
    repo: Repository, base: Sha, head: Sha, paths: Sequence[str], *, most: int, first_parent: bool
) -> tuple[Commit, ...]:
    """The newest commits of `base..head` that change any of the paths, taken literally."""
    listing = repo.git.text(
        *("--literal-pathspecs", "rev-list", f"--max-count={most}"),
        *(("--first-parent",) if first_parent else ()),
        *("--end-of-options", f"{base}..{head}", "--", *paths),
    )
    return repo.reader.commits(listing.split())
