"""Replays a branch's commits onto another commit, as a rebase does, without a working tree."""

from __future__ import annotations

from refinery.engine.messages import authored
from refinery.records.names import Sha
from refinery.repo.history import commits_between, merge_base
from refinery.repo.merging import Conflict, Merged, Unrelated, merge_tree
from refinery.repo.objects import Commit
from refinery.repo.repository import Repository
from refinery.repo.signature import Signature
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Replayed:
    """`last` is the original of the last commit, `onto` its new parent and `tree` its new tree.

    `last` is None when nothing was left to replay.
    """

    onto: Sha
    tree: Sha
    last: Commit | None


def replay(
    repo: Repository, head: Sha, *, onto: Sha, committer: Signature
) -> Replayed | Conflict | Unrelated:
    """Each commit of `head` that `onto` lacks, oldest first, merges left out as `git rebase` does.

    A commit whose change is there already is dropped.
    """
    base = merge_base(repo, onto, head)
    if base is None:
        return Unrelated()
    commits = [
        commit
        for commit in commits_between(repo, base, head, reverse=True)
        if len(commit.parents) < 2
    ]
    tip, tree = onto, repo.reader.commit(onto).tree
    last: tuple[Commit, Sha] | None = None
    for commit in commits:
        picked = _pick(repo, commit, tip)
        if not isinstance(picked, Merged):
            return picked
        if picked.tree != tree:
            last = commit, tip
            tree = picked.tree
            tip = _write(repo, commit, tip, tree, committer)
    return Replayed(onto, tree, None) if last is None else Replayed(last[1], tree, last[0])


def _pick(repo: Repository, commit: Commit, tip: Sha) -> Merged | Conflict | Unrelated:
    if commit.parents == (tip,):
        return Merged(commit.tree)
    if not commit.parents:
        return merge_tree(repo, tip, commit.oid)
    return merge_tree(repo, tip, commit.oid, base=commit.parents[0])


def _write(repo: Repository, original: Commit, parent: Sha, tree: Sha, committer: Signature) -> Sha:
    return repo.writer.commit(
        tree=tree,
        parents=(parent,),
        author=Signature.parse(original.author),
        committer=committer,
        message=authored(original.message) or "(no message)",
    )
