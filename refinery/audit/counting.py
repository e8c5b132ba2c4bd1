"""Counts what happened to a queue since it began; what was counted before is not read again."""

from __future__ import annotations

from typing import Any

from refinery.foresight.remembering import recall, remember
from refinery.queue.totals import Totals, added
from refinery.records.names import SHA, Sha
from refinery.records.verdict import Result
from refinery.repo.history import is_ancestor
from refinery.repo.process import GitError
from refinery.repo.repository import Repository
from refinery.repo.walking import newest
from refinery.store.events import happened
from refinery.store.ref_store import RefStore
from refinery.store.view import View
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
    known, totals = before if before and _continues(store.repo, *before, tip) else (None, Totals())
    commits = newest(store.repo, tip, after=known)
    totals = added(totals, map(happened, reversed(commits)))
    _save(store.repo, tip, totals)
    return totals


def _continues(repo: Repository, known: Sha, _: Totals, tip: Sha) -> bool:
    """Whether the queue went on from there; another queue, or one that began anew, did not."""
    try:
        return is_ancestor(repo, known, tip)
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
