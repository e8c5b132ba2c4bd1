"""Counts what happened to a queue since it began; what was counted before is not read again."""

from __future__ import annotations

from refinery.foresight.remembering import recall, remember
from refinery.queue.totals import Totals, added
from refinery.records.names import SHA, Sha
from refinery.records.verdict import Result
from refinery.repo.process import GitError
from refinery.repo.repository import Repository
from refinery.store.events import happened
from refinery.store.ref_store import RefStore
from refinery.store.trail import Trail
from refinery.store.view import View
from refinery.typed import Any
from refinery.values import fields

_FILE = "totals.json"
_FORMAT = 1


def counted(store: RefStore, view: View) -> Totals:
    """The counts up to the view."""
    tip = view.leases.get(store.refs.queue)
    if tip is None:
        return Totals()
    before = _load(store.repo)
    if before is not None and before[0] == tip:
        return before[1]
    trail = Trail(store, store.refs.queue, tip)
    known, totals = before if before and _goes_on(trail, before[0]) else (None, Totals())
    commits = trail.newest(after=known)
    totals = added(totals, map(happened, reversed(commits)))
    _save(store.repo, tip, totals)
    return totals


def _goes_on(trail: Trail, known: Sha) -> bool:
    """Whether the queue went on from there; another queue, or one that was rewritten, did not."""
    try:
        return trail.holds(known)
    except GitError:
        return False  # the commit is not here any more


def _load(repo: Repository) -> tuple[Sha, Totals] | None:
    """A cache that cannot be read is an empty one."""
    try:
        told = recall(repo, _FILE)
        if told["format"] != _FORMAT or not SHA.fullmatch(told["tip"]):
            return None
        return Sha(told["tip"]), _totals(told["totals"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _totals(told: dict[str, Any]) -> Totals:
    return Totals(
        transactions=int(told["transactions"]),
        landed=int(told["landed"]),
        failed=int(told["failed"]),
        conflicts=int(told["conflicts"]),
        builds={Result(name): int(number) for name, number in told["builds"].items()},
        seconds=float(told["seconds"]),
        abandoned_seconds=float(told["abandoned_seconds"]),
        recent=tuple(
            (str(tree), str(fingerprint), str(result), float(seconds))
            for tree, fingerprint, result, seconds in told["recent"]
        ),
    )


def _save(repo: Repository, tip: Sha, totals: Totals) -> None:
    told = {each.name: getattr(totals, each.name) for each in fields(totals)}
    remember(repo, _FILE, {"format": _FORMAT, "tip": tip, "totals": told})
