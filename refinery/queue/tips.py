"""The tips of targets as the queue's own records tell them, so that no target has to be fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from refinery.records.names import Branch, Sha
from refinery.store.view import View
from refinery.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Tip:
    """A commit of a target that somebody saw at its tip; its tree where that is known."""

    at: datetime
    commit: Sha
    tree: Sha | None = None


def told_tips(view: View) -> dict[Branch, Tip]:
    """The newest tip of each target that its last landing, a test or a claim tells of.

    What was pushed past the queue is known once something is tested on it.
    """
    found: dict[Branch, Tip] = {}
    for target, tip in _told(view):
        if target not in found or _rank(tip) > _rank(found[target]):
            found[target] = tip
    return found


def _rank(tip: Tip) -> tuple[datetime, bool]:
    return tip.at, tip.tree is not None


def _told(view: View) -> Iterator[tuple[Branch, Tip]]:
    for mr in view.mrs.values():
        landing = mr.landing
        if landing is not None and mr.closed_at is not None:
            tip = landing.merged_as or landing.commit
            if view.header.landed.get(mr.target) == tip:
                yield mr.target, Tip(mr.closed_at, tip, landing.tree)
    for verdict in view.verdicts.values():
        began = verdict.at - timedelta(seconds=verdict.took or verdict.seconds)
        yield verdict.target, Tip(began, verdict.base, None if verdict.candidate else verdict.tree)
    for claim in view.claims.values():
        if claim.base is not None:
            yield claim.target, Tip(claim.claimed_at, claim.base)


def with_tip(view: View, target: Branch, tip: Tip) -> View:
    """The view with that tip; whether it passes is unknown where its tree is."""
    trees = {branch: tree for branch, tree in view.target_trees.items() if branch != target}
    for _, each in _told(view):
        if each.commit == tip.commit and each.tree is not None:
            trees[target] = each.tree
    return replace(view, targets={**view.targets, target: tip.commit}, target_trees=trees)
