"""Replays a branch's commits onto another commit, as a rebase does, without a working tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from refinery.engine.messages import authored
from refinery.records.names import Sha
from refinery.repo.history import commits_between, merge_base
from refinery.repo.merging import Conflict, Merged, Unrelated, merge_many, merge_tree
from refinery.repo.objects import Commit
from refinery.repo.repository import Repository
from refinery.repo.signature import Signature
from refinery.repo.walking import changed_paths_many
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Replayed:
    """`last` is the original of the last commit, `onto` its new parent and `tree` its new tree.

    `last` is None when nothing was left to replay.
    """

    onto: Sha
    tree: Sha
    last: Commit | None


Mend = Callable[[Commit, Sha], Sha | None]
"""The tree of a commit that conflicts with the tip it is put on, if somebody knows it."""


def replay(
    repo: Repository,
    head: Sha,
    *,
    onto: Sha,
    committer: Signature,
    without: Sequence[Sha] = (),
    mend: Mend | None = None,
) -> Replayed | Conflict | Unrelated:
    """Each commit of `head` that `onto` lacks, oldest first, merges left out as `git rebase` does.

    A commit whose change is there already is dropped; those that `without` contain are not looked
    at: they are there as other commits.  `mend` may know the tree of one that conflicts.
    """
    base = merge_base(repo, onto, head)
    if base is None:
        return Unrelated()
    line = commits_between(repo, base, head, reverse=True, without=without)
    commits = [commit for commit in line if len(commit.parents) < 2]
    is_plain = commits == [*line] and not without
    together = _merged_together(repo, commits, base, onto) if is_plain else None
    tip, tree = onto, repo.reader.commit(onto).tree
    last: tuple[Commit, Sha] | None = None
    for number, commit in enumerate(commits):
        picked = together[number] if together else _pick(repo, commit, tip)
        if not isinstance(picked, Merged):
            mended = mend(commit, tip) if mend and isinstance(picked, Conflict) else None
            if mended is None:
                return picked
            picked = Merged(mended)
        if picked.tree != tree:
            last = commit, tip
            tree = picked.tree
            tip = rewrite(repo, commit, tip, tree, committer)
    return Replayed(onto, tree, None) if last is None else Replayed(last[1], tree, last[0])


def _merged_together(
    repo: Repository, commits: Sequence[Commit], base: Sha, onto: Sha
) -> list[Merged] | None:
    """The tree of each commit on `onto`, all from one process; None where they need one by one.

    On a straight line from the merge base whose commits touch no path that `onto` has touched, what
    a commit and those before it make of `onto` is its merge with `onto`.  On a path that both have
    touched it need not be: a commit that takes back what the one before it shares with `onto` does.
    """
    parents = [base, *(commit.oid for commit in commits)]
    if len(commits) < 2 or any(
        commit.parents != (parent,) for commit, parent in zip(commits, parents, strict=False)
    ):
        return None
    begun, there_now = (commit.tree for commit in repo.reader.commits((base, onto)))
    trees = [begun, *(commit.tree for commit in commits)]
    steps = pairwise(trees)
    there, *here = changed_paths_many(repo, [(begun, there_now), *steps])
    if any(there & paths for paths in here):
        return None
    found = merge_many(repo, [(onto, commit.oid) for commit in commits], quarantine=False)
    clean = [each for each in found if isinstance(each, Merged)]
    return clean if len(clean) == len(found) else None


def _pick(repo: Repository, commit: Commit, tip: Sha) -> Merged | Conflict | Unrelated:
    if commit.parents == (tip,):
        return Merged(commit.tree)
    if not commit.parents:
        return merge_tree(repo, tip, commit.oid)
    return merge_tree(repo, tip, commit.oid, base=commit.parents[0])


def rewrite(
    repo: Repository, original: Commit, parent: Sha, tree: Sha, committer: Signature
) -> Sha:
    """The commit on another parent, with another tree, by the same author."""
    return repo.writer.commit(
        tree=tree,
        parents=(parent,),
        author=Signature.parse(original.author),
        committer=committer,
        message=authored(original.message) or "(no message)",
    )
