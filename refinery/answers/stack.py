"""Answers with a stack: its branches from the bottom up, and what the queue has of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refinery.answers.finding import find
from refinery.answers.merge_request import merge_request
from refinery.app import Queue
from refinery.queue.stacks import connected
from refinery.queue.standing import LANDED, standing, stands_for
from refinery.queue.standing_words import words_of
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Sha, branch_ref
from refinery.repo.refs import resolve
from refinery.store.view import View
from refinery.submit.local_stack import LocalStack, NoStack, local_stack
from refinery.submit.restacking import Restacked
from refinery.submit.submitting import NothingToLand, Outcome, Submitted
from refinery.typed import Any
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One branch of a stack; `head` is where it is in this clone, `mr` what the queue has of it."""

    branch: Branch
    below: Branch | None
    head: Sha | None
    mr: MergeRequest | None
    current: bool = False
    landed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A stack, from the bottom up."""

    target: Branch
    rows: tuple[Row, ...]


def shown(queue: Queue, view: View, *, name: str | None, target: str | None) -> Shown:
    """The stack of a branch of this clone, or of a merge request; both are told of where known."""
    here = None
    try:
        if name is None or resolve(queue.repo, branch_ref(Branch(name))) is not None:
            here = local_stack(queue, view, branch=name, target=target)
    except NoStack:
        if name is None and not _is_known(queue, view):
            raise
    if here is None:
        mr = find(queue, view, name)
        return Shown(mr.target, tuple(_of_queue(view, [mr], {})))
    rows = {
        each.branch: Row(
            each.branch,
            each.below,
            each.head,
            each.mr,
            each.branch == here.current,
            each.has_landed,
        )
        for each in here.levels
    }
    known = [row.mr for row in rows.values() if row.mr is not None]
    return Shown(here.target, tuple(_of_queue(view, known, rows)))


def _is_known(queue: Queue, view: View) -> bool:
    current = queue.repo.current_branch()
    return any(mr.branch == current for mr in view.mrs.values())


def _of_queue(view: View, known: Sequence[MergeRequest], rows: dict[Branch, Row]) -> Iterable[Row]:
    """The rows, and those of merge requests that this clone has no branch of, in order."""
    found = dict(rows)
    for mr in connected(view, known):
        lower = (stands_for(view, id) for id in mr.depends_on)
        below = next((each.branch for each in lower if each is not None), None)
        landed = mr.close_reason in LANDED
        found.setdefault(mr.branch, Row(mr.branch, below, None, mr, landed=landed))
    placed: list[Row] = []
    left = list(found.values())
    while left:
        there = {row.branch for row in left}
        free = [row for row in left if row.below not in there] or left[:1]
        placed += free
        left = [row for row in left if row not in free]
    return placed


def row_words(view: View, row: Row, now: Any) -> str:
    """Where one stands, in a line."""
    mr = row.mr
    if row.landed and (mr is None or mr.head != row.head) and row.head is not None:
        return "landed: the target has all of it"
    if mr is None:
        return "not submitted"
    words = words_of(mr, standing(view, mr, now))
    moved = row.head is not None and row.head != mr.head and not mr.closed
    return f"{words}; here it is at {row.head[:12]} by now" if moved and row.head else words


def show_document(queue: Queue, view: View, stack: Shown) -> dict[str, Any]:
    """The answer of `stack show`."""
    now = queue.now()
    return {
        "target": stack.target,
        "branches": [
            {
                "branch": row.branch,
                "below": row.below,
                "head": row.head,
                "current": row.current,
                "landed": row.landed,
                "words": row_words(view, row, now),
                "mr": None if row.mr is None else merge_request(view, row.mr, now),
            }
            for row in stack.rows
        ],
    }


def submit_document(
    stack: LocalStack, outcomes: Sequence[Outcome], *, unit: str | None, dry_run: bool
) -> dict[str, Any]:
    """The answer of `stack submit`; on a dry run nothing is known of the outcomes."""
    told: Sequence[Outcome | None] = outcomes or [None] * len(stack.open)
    return {
        "target": stack.target,
        "unit": unit,
        "dry_run": dry_run,
        "branches": [
            {
                "branch": each.branch,
                "below": each.below,
                "head": each.head,
                "outcome": None if outcome is None else _outcome(outcome),
                "id": _id(outcome),
                "notes": []
                if outcome is None or isinstance(outcome, NothingToLand)
                else [*outcome.notes],
            }
            for each, outcome in zip(stack.open, told, strict=True)
        ],
    }


def _outcome(outcome: Outcome) -> str:
    if isinstance(outcome, NothingToLand):
        return outcome.relation.value.replace(" ", "_")
    return outcome.novelty.value if isinstance(outcome, Submitted) else "unchanged"


def _id(outcome: Outcome | None) -> str | None:
    return None if outcome is None or isinstance(outcome, NothingToLand) else outcome.mr.id


def rebase_document(
    stack: LocalStack, found: Sequence[Restacked], push: str | None, *, dry_run: bool, pushed: bool
) -> dict[str, Any]:
    """The answer of `stack rebase`."""
    return {
        "target": stack.target,
        "tip": stack.tip,
        "dry_run": dry_run,
        "landed": [each.branch for each in stack.levels if each.has_landed],
        "branches": [
            {
                "branch": each.level.branch,
                "below": each.level.below,
                "from": each.level.head,
                "to": each.head,
                "commits": each.commits,
                "moved": each.moved,
            }
            for each in found
        ],
        "push": push,
        "pushed": pushed,
    }
