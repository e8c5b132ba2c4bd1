"""Finds on the target what a forge made of a candidate when it merged its pull request."""

from __future__ import annotations

from collections.abc import Mapping

from refinery.engine.engine import Engine
from refinery.queue import proposing
from refinery.queue.pull_requests import PullRequest
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.repo.history import is_ancestor, log_trailers
from refinery.store.message import MR
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """What a forge made of a candidate: its last commit, each member's, and the tree that landed.

    `merged_as` is the merge commit that joined it to the target, if there is one.
    """

    tip: Sha
    commits: Mapping[MrId, Sha]
    tree: Sha
    merged_as: Sha | None = None


def made(engine: Engine, branch: Branch, mr: MergeRequest, found: PullRequest) -> Made | None:
    """What the forge made of it; None while the target does not show it."""
    assert mr.proposal is not None
    landing, tip = mr.proposal.landing, engine.view.targets.get(mr.target)
    if tip is None:
        return None
    line = log_trailers(engine.repo, landing.base, tip, first_parent=True)
    if is_ancestor(engine.repo, landing.commit, tip):
        members = proposing.proposals(engine.view).get(branch, [])
        own = {each.id: each.proposal.commit for each in members if each.proposal}
        joins = (commit.oid for commit, _ in line if landing.commit in commit.parents[1:])
        merged_as = next(joins, None)
        tree = engine.repo.reader.commit(merged_as or landing.commit).tree
        return Made(landing.commit, own, tree, merged_as)
    named = [(commit, _mrs(pairs)) for commit, pairs in line]
    ours = [(commit, ids) for commit, ids in named if set(ids) & set(landing.candidate)]
    # Somebody who squashed it left one commit, whatever its message says.
    last = ours[-1][0] if ours else next((c for c, _ in line if c.oid == found.merge_commit), None)
    if last is None:
        return None
    return Made(last.oid, {id: commit.oid for commit, ids in ours for id in ids}, last.tree)


def _mrs(pairs: tuple[tuple[str, str], ...]) -> tuple[MrId, ...]:
    return tuple(MrId(value) for key, value in pairs if key == MR)
