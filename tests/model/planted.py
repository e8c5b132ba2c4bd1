"""Bugs to plant into the decisions: what each puts in their place, and the world it harms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refinery.queue import archiving, blocking, claiming, folding, healing, settling
from refinery.queue.planning.blame import Blamed
from refinery.records.claim import Claim
from refinery.records.verdict import Result
from refinery.store.edit import Edit, Event
from refinery.store.footprint import footprint
from refinery.store.view import View
from refinery.values import replace
from tests.model import deciding, protocol
from tests.model.worlds import World


@dataclass(frozen=True)
class Bug:
    """`what` of `where` is replaced `by` something else; `found` is what is said about it."""

    name: str
    where: Any
    what: str
    by: Any
    world: World
    found: str


def _always(*_: object) -> bool:
    return True


def _never(*_: object, **__: object) -> None:
    return None


def _without(ref: str) -> Callable[..., Any]:
    def touched(refs: Any, edit: Any) -> Any:
        found = footprint(refs, edit)
        return {name: stays for name, stays in found.items() if not name.endswith(ref)}

    return touched


def _queue_first(refs: Any, edit: Any) -> Any:
    found = footprint(refs, edit)
    return dict(sorted(found.items(), key=lambda each: not each[0].endswith("/queue")))


def _first_of_those_that_failed(facts: Any) -> Any:
    failed = [min(each.members) for each in facts.evidence.failed]
    return tuple(Blamed(id, 1, "it failed") for id in failed)


def _folded_in_part(view: Any, now: Any) -> Any:
    edit = _fold(view, now)
    return edit and replace(edit, put=edit.put[1:])


def _left_open(old: Any, _new: Any, _now: Any) -> Any:
    return old


def _over_the_living(view: Any, *about: Any, **more: Any) -> Any:
    return _claim_candidate(replace(view, claims={}, testing={}), *about, **more)


def _renewed_blindly(_view: Any, mine: Any, *, now: Any, lasts: Any) -> Any:
    renewed = replace(mine, expires_at=now + lasts)
    return Edit(Event("renewed", "renew"), claim={mine.names[0]: renewed})


def _with_the_open(view: Any, **_: Any) -> Any:
    edit = _archive(view, at_least=1)
    alive = tuple(mr for mr in view.mrs.values() if not mr.closed)
    return edit and replace(edit, archive=edit.archive + alive)


def _clean_anyway(view: Any, id: Any, **_: Any) -> Any:
    return _unblocked(view, id, clean=True)


def _of_another_tree(view: Any, _tree: Any, _fingerprint: Any) -> Any:
    return next((each for each in view.verdicts.values() if each.result is Result.PASS), None)


def _run_out(_claim: Any, _now: Any) -> bool:
    return False


_fold, _archive, _unblocked = folding.fold, archiving.archive, blocking.unblocked
_claim_candidate = claiming.claim_candidate

BUGS = (
    Bug(
        "submit: of two revisions both stay",
        *(folding, "superseded", _left_open),
        World(1, 2, ("revise a",)),
        "two revisions",
    ),
    Bug(
        "fold: what leaves the inbox is not in the queue",
        *(folding, "fold", _folded_in_part),
        World(2, 1, folded=False),
        "was lost",
    ),
    Bug(
        "claim: what another tests is taken",
        *(deciding, "claim_candidate", _over_the_living),
        World(2, 2),
        "took a claim that lives",
    ),
    Bug(
        "claim: no fencing",
        *(settling, "holds", _always),
        World(2, 2, ("time",)),
        "without its claim",
    ),
    Bug(
        "renew: without looking",
        *(protocol, "renew", _renewed_blindly),
        World(1, 2, ("half", "half")),
        "took a claim that lives",
    ),
    Bug(
        "expire: a claim that lives counts for nothing",
        *(Claim, "live", _run_out),
        World(1, 2),
        "took a claim that lives",
    ),
    Bug(
        "verdict: that of another tree counts",
        *(View, "verdict", _of_another_tree),
        World(2, 2),
        "is said to pass|landed untested",
    ),
    Bug(
        "verdict: a guess who is at fault",
        *(settling, "blamed", _first_of_those_that_failed),
        World(2, 1, bad="b"),
        "is fine, and was refused",
    ),
    Bug(
        "land: no lease on the target",
        *(protocol, "footprint", _without("heads/main")),
        World(2, 2, ("push",)),
        "was on the target",
    ),
    Bug(
        "land: no lease on the queue",
        *(protocol, "footprint", _without("/queue")),
        World(2, 2, ("hold a",)),
        "which may not",
    ),
    Bug(
        "torn: nothing is healed",
        *(healing, "roll_forward", _never),
        World(2, 2, ("torn",)),
        "landed twice|recorded",
    ),
    Bug(
        "unblock: what still conflicts goes on",
        *(blocking, "unblocked", _clean_anyway),
        World(2, 1, ("close",), clash="ab"),
        "still conflicts",
    ),
    Bug(
        "archive: what is open goes, too",
        *(archiving, "archive", _with_the_open),
        World(2, 1, ("hold b",), archives=True),
        "is open, and archived",
    ),
    Bug(
        "archive: out of the queue before it is in the archive",
        *(protocol, "footprint", _queue_first),
        World(1, 1, ("torn",), archives=True),
        "was lost|recorded",
    ),
)
