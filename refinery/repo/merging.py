"""Merges commits without a working tree, for real and on trial."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from refinery.records.names import Sha
from refinery.repo.environment import alternates
from refinery.repo.history import merge_base
from refinery.repo.process import Completed, GitError
from refinery.repo.signature import Signature
from refinery.repo.writing import ObjectWriter
from refinery.typed import TYPE_CHECKING, Final
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

_MERGE_TREE: Final = ("merge-tree", "--write-tree")
_NOBODY: Final = Signature("refinery", "refinery@localhost", 0)


@dataclass(frozen=True, slots=True)
class Merged:
    tree: Sha


@dataclass(frozen=True, slots=True)
class Conflict:
    """`files` are in conflict, sorted; `messages` are git's words about them."""

    files: tuple[str, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unrelated:
    """The two have no commit in common, so there is nothing to merge from."""


Merge = Merged | Conflict | Unrelated


def files_in_conflict(merge: Merge) -> tuple[str, ...]:
    """The files that somebody would have to merge by hand."""
    return merge.files if isinstance(merge, Conflict) else ()


def merge_tree(
    repo: Repository,
    ours: Sha,
    theirs: Sha,
    *,
    base: Sha | None = None,
    having: Sequence[Sha] = (),
) -> Merge:
    """Merge two commits, from the commit `base` instead of their merge base when it is given.

    With `having` it is as if our history held these commits too: what they changed is ours already,
    in commits of another name.  Raises GitError when git cannot tell: trouble is never a conflict.
    """
    with grafted(repo, ours, theirs, base, having=having) as (one, other, env):
        return _merge(repo, one, other, env=env)


@contextmanager
def grafted(
    repo: Repository, ours: Sha, theirs: Sha, base: Sha | None, *, having: Sequence[Sha] = ()
) -> Iterator[tuple[Sha, Sha, dict[str, str] | None]]:
    """The two as git has to be asked about them, and in which environment."""
    if base is None and not having:
        yield ours, theirs, None
        return
    with scratch_objects(repo) as directory:
        if base is None:
            one, other = _joined_to(repo, directory, ours, having), theirs
        else:
            one, other = _graft(repo, directory, (ours, theirs), base)
        yield one, other, _also_from(repo, directory)


def _merge(repo: Repository, ours: Sha, theirs: Sha, env: dict[str, str] | None = None) -> Merge:
    form = ("-z", "--name-only", "--messages", "--end-of-options")
    done = repo.git.run(*_MERGE_TREE, *form, ours, theirs, ok=range(256), env=env)
    # A commit that is not there is status 1 too, the status of a conflict, but without a tree.
    if done.returncode in (0, 1) and done.stdout:
        return _single(done)
    if _both_exist(repo, ours, theirs) and merge_base(repo, ours, theirs) is None:
        return Unrelated()
    raise GitError("merge-tree", done.returncode, done.stderr)


def _both_exist(repo: Repository, ours: Sha, theirs: Sha) -> bool:
    return all(found and found.kind == "commit" for found in repo.reader.read_many((ours, theirs)))


def merge_many(
    repo: Repository, pairs: Sequence[tuple[Sha, Sha]], *, quarantine: bool = True
) -> list[Merge]:
    """Merge each pair, in order, in as few processes as git allows.

    In quarantine the merged trees are thrown away: the answers say what would happen, and leave
    nothing in the repository. Outside, each Merged names a tree that is there.
    """
    if not pairs:
        return []
    if not quarantine:
        return _merge_batch(repo, pairs, {})
    with scratch_objects(repo) as directory:
        return _merge_batch(repo, pairs, _into(repo, directory))


def merge_in_turn(
    repo: Repository, turns: Sequence[tuple[Sha, Sha, Sha]]
) -> list[tuple[Merge, Merge | None]]:
    """On trial, the second of each three commits merged into the first, then the third into that.

    Where the second does not fit, the third is not tried.
    """
    if not turns:
        return []
    with scratch_objects(repo) as directory:
        env = _into(repo, directory)
        writer = ObjectWriter(directory, repo.object_format)
        begun = list(dict.fromkeys((tip, one) for tip, one, _ in turns))
        ones = dict(zip(begun, _merge_batch(repo, begun, env), strict=True))
        tips = {
            pair: writer.commit(
                tree=merge.tree, parents=pair, author=_NOBODY, committer=_NOBODY, message="trial"
            )
            for pair, merge in ones.items()
            if isinstance(merge, Merged)
        }
        there = [turn for turn in turns if turn[:2] in tips]
        others = _merge_batch(repo, [(tips[turn[:2]], turn[2]) for turn in there], env)
        tried = dict(zip(there, others, strict=True))
        return [(ones[turn[:2]], tried.get(turn)) for turn in turns]


def _merge_batch(
    repo: Repository, pairs: Sequence[tuple[Sha, Sha]], env: dict[str, str]
) -> list[Merge]:
    if not pairs:
        return []
    # One bad pair fails the whole batch without saying which, so a batch that fails is halved;
    # git 2.38 has no --stdin and gets here with every batch.
    if len(pairs) == 1:
        return [_merge(repo, *pairs[0], env=env)]
    stdin = "".join(f"{ours} {theirs}\n" for ours, theirs in pairs).encode()
    command = (*_MERGE_TREE, "--stdin", "-z", "--name-only")
    done = repo.git.run(*command, stdin=stdin, ok=range(256), env=env, timeout=600)
    if done.returncode == 0:
        return list(_many(done.text))
    middle = len(pairs) // 2
    return _merge_batch(repo, pairs[:middle], env) + _merge_batch(repo, pairs[middle:], env)


def _single(done: Completed) -> Merge:
    fields = iter(done.text.split("\0"))
    tree = Sha(next(fields))
    return Merged(tree) if done.returncode == 0 else _conflict(fields)


def _many(text: str) -> Iterator[Merge]:
    fields = iter(text.split("\0"))
    for status in fields:
        if not status:
            continue  # the empty field that ends each merge
        tree = Sha(next(fields))
        yield Merged(tree) if status == "1" else _conflict(fields)


def _conflict(fields: Iterator[str]) -> Conflict:
    files = tuple(sorted(set(_until_empty(fields))))
    return Conflict(files, tuple(_messages(fields)))


def _until_empty(fields: Iterator[str]) -> Iterator[str]:
    for field in fields:
        if not field:
            return
        yield field


def _messages(fields: Iterator[str]) -> Iterator[str]:
    """The messages that report a conflict; what merged by itself is not worth a word.

    After a conflict of submodules git writes advice in the place of the empty field at the end.
    """
    for paths in _until_empty(fields):
        if not paths.isdigit():
            return
        for _ in range(int(paths)):
            next(fields)
        kind, text = next(fields), next(fields)
        if kind != "Auto-merging":
            yield text.strip()


def _graft(
    repo: Repository, directory: Path, commits: tuple[Sha, Sha], base: Sha
) -> tuple[Sha, Sha]:
    """Stand-ins with the trees of `commits` whose merge base is `base`.

    git has --merge-base from 2.40 on; this is how it is said to an older one.
    """
    writer = ObjectWriter(directory, repo.object_format)
    made = [
        writer.commit(
            tree=found.tree, parents=(base,), author=_NOBODY, committer=_NOBODY, message="graft"
        )
        for found in repo.reader.commits(commits)
    ]
    return made[0], made[1]


def _joined_to(repo: Repository, directory: Path, commit: Sha, others: Sequence[Sha]) -> Sha:
    """A stand-in with the commit's tree whose history holds the others as well."""
    return ObjectWriter(directory, repo.object_format).commit(
        tree=repo.reader.commit(commit).tree,
        parents=(commit, *others),
        author=_NOBODY,
        committer=_NOBODY,
        message="joined",
    )


@contextmanager
def scratch_objects(repo: Repository) -> Iterator[Path]:
    """An object directory that is gone afterwards, for what nobody shall keep."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(
        prefix="trial-", dir=repo.state_dir, ignore_cleanup_errors=True
    ) as directory:
        yield Path(directory)


def _into(repo: Repository, directory: Path) -> dict[str, str]:
    return {
        "GIT_OBJECT_DIRECTORY": str(directory),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": _joined(repo, repo.object_dir),
    }


def _also_from(repo: Repository, directory: Path) -> dict[str, str]:
    return {"GIT_ALTERNATE_OBJECT_DIRECTORIES": _joined(repo, directory)}


def _joined(repo: Repository, directory: Path) -> str:
    before = repo.git.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
    return os.pathsep.join(filter(None, (alternates(directory), before)))
