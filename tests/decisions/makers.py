"""Builders for records and views: say what matters to the test, the rest is plausible."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from refinery.queue.candidate import Built, Clean
from refinery.records.claim import Claim
from refinery.records.header import QueueHeader
from refinery.records.merge_request import (
    Block,
    CloseReason,
    Failure,
    FailureType,
    Hold,
    Landing,
    MergeRequest,
    Method,
    Proposal,
    Status,
)
from refinery.records.names import Branch, IssueRef, MrId, Ref, Sha
from refinery.records.verdict import CheckReport, Result, Verdict
from refinery.store.layout import RefNames
from refinery.store.view import View, testing

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MAIN = Branch("main")
FINGERPRINT = "0123456789abcdef"


def ago(**parts: float) -> datetime:
    """A moment before NOW: `ago(hours=2)`."""
    return NOW - timedelta(**parts)


def a_sha(name: str) -> Sha:
    """A commit or tree that stands for this name."""
    return Sha(hashlib.sha1(name.encode()).hexdigest())


def an_id(name: str) -> MrId:
    """The id for a short name: `an_id("a")` is `mr-a`."""
    return MrId(name if name.startswith("mr-") else f"mr-{name}")


def an_mr(name: str = "a", **fields: Any) -> MergeRequest:
    """An open, ready merge request `mr-<name>` of a branch of that name, an hour old."""
    values: dict[str, Any] = {
        "id": an_id(name),
        "branch": Branch(name),
        "target": MAIN,
        "head": a_sha(f"head of {name}"),
        "status": Status.OPEN,
        "priority": 2,
        "title": f"Change {name}",
        "worker": "ada",
        "created_at": ago(hours=1),
        "submitted_at": fields.get("created_at", ago(hours=1)),
        "retry_count": 0,
    }
    return MergeRequest(**(values | fields))


def a_closed_mr(
    name: str = "a", reason: CloseReason = CloseReason.MERGED, **fields: Any
) -> MergeRequest:
    """One that has ended."""
    values: dict[str, Any] = {
        "status": Status.CLOSED,
        "close_reason": reason,
        "closed_at": ago(minutes=5),
    }
    return an_mr(name, **(values | fields))


def a_blocked_mr(name: str = "a", issue: str | None = "local#1", **fields: Any) -> MergeRequest:
    """One that conflicts, blocked by an issue (None: not opened yet)."""
    block = Block("conflict", a_sha(f"head of {name}"), a_sha("base"), ("a.txt",))
    values = {"block": block, "blocked_by": None if issue is None else IssueRef(issue)}
    return an_mr(name, **(values | fields))


def a_failed_mr(name: str = "a", **fields: Any) -> MergeRequest:
    """One that needs rework."""
    failure = Failure(FailureType.TESTS_FAIL, ago(minutes=5), "check unit: exit 1")
    return an_mr(name, **({"failure": failure} | fields))


def a_hold(by: str = "eve") -> Hold:
    """Somebody's hold."""
    return Hold(by=by, reason="release week", at=ago(minutes=1))


def a_landing(*names: str, **fields: Any) -> Landing:
    """The evidence that these landed together on main."""
    values: dict[str, Any] = {
        "base": a_sha("base"),
        "commit": a_sha("candidate"),
        "tree": a_sha("tree"),
        "candidate": tuple(map(an_id, names or ("a",))),
        "method": Method.MERGE,
        "fingerprint": FINGERPRINT,
        "result": "pass",
        "worker": "ada",
        "mode": "push",
    }
    return Landing(**values | fields)


def a_proposal(*names: str, **fields: Any) -> Proposal:
    """A tested candidate of these, whose pull request is open."""
    landing = a_landing(*names, fingerprint="0" * 16, mode="pull-request")
    values: dict[str, Any] = {
        "branch": Branch("refinery/land/a"),
        "commit": landing.commit,
        "landing": landing,
        "at": ago(minutes=1),
        "number": 7,
    }
    return Proposal(**values | fields)


def a_claim(*names: str, worker: str = "ada", lasts: float = 10, **fields: Any) -> Claim:
    """A claim on these, taken now by hand, for so many minutes."""
    named = "".join((worker, *names, fields.get("base") or ""))
    values: dict[str, Any] = {
        "token": hashlib.md5(named.encode()).hexdigest(),
        "worker": worker,
        "candidate": tuple(an_id(name) for name in names),
        "target": MAIN,
        "claimed_at": NOW,
        "expires_at": NOW + timedelta(minutes=lasts),
    }
    return Claim(**(values | fields))


def a_candidate_claim(*names: str, **fields: Any) -> Claim:
    """A worker's claim on the candidate of these on main; none: on main itself."""
    return a_claim(*names, **{"base": a_sha("base"), "purpose": "train"} | fields)


def a_verdict(*names: str, result: Result = Result.PASS, **fields: Any) -> Verdict:
    """What the checks said of these merge requests together (none: of the target by itself)."""
    base = fields.get("base", a_sha("base"))
    values: dict[str, Any] = {
        "tree": a_sha(f"tree of {names} on {base}") if names else a_sha(f"tree of {base}"),
        "fingerprint": FINGERPRINT,
        "result": result,
        "runs": 1,
        "target": MAIN,
        "base": base,
        "candidate": tuple(an_id(name) for name in names),
        "seconds": 1.5,
        "at": NOW,
        "worker": "ada",
        "checks": (CheckReport("unit", result, 1.5, 0 if result is Result.PASS else 1),),
    }
    return Verdict(**(values | fields))


def a_build(*names: str, **fields: Any) -> Built:
    """These merge requests as commits on top of `base`."""
    base = fields.get("base", a_sha("base"))
    members = tuple(Clean(an_id(name), a_sha(f"commit of {name}")) for name in names)
    values: dict[str, Any] = {
        "target": MAIN,
        "base": base,
        "commit": members[-1].commit if members else base,
        "tree": a_verdict(*names, base=base).tree,
        "method": Method.MERGE,
        "members": members,
    }
    return Built(**(values | fields))


def a_view(
    *mrs: MergeRequest,
    claims: Iterable[Claim] = (),
    verdicts: Iterable[Verdict] = (),
    unfolded: Iterable[str] = (),
    **fields: Any,
) -> View:
    """A view of these, main at `a_sha("base")`, with the leases that a store would have."""
    refs = RefNames()
    held = {name: claim for claim in claims for name in claim.names}
    waiting = frozenset(an_id(name) for name in unfolded)
    base = a_sha("base")
    leases: dict[Ref, Sha] = {refs.queue: a_sha("queue"), Ref("refs/heads/main"): base}
    leases |= {refs.claim(name): a_sha(f"claim {name}") for name in held}
    leases |= {refs.inbox(id): a_sha(f"inbox {id}") for id in waiting}
    leases |= {refs.pin(mr.id): mr.head for mr in mrs if not mr.closed and mr.id not in waiting}
    values: dict[str, Any] = {
        "header": QueueHeader(default_target=MAIN),
        "mrs": {mr.id: mr for mr in mrs},
        "unfolded": waiting,
        "claims": held,
        "testing": testing(held.values()),
        "verdicts": {each.key: each for each in verdicts},
        "leases": leases,
        "targets": {MAIN: base},
        "target_trees": {MAIN: a_sha(f"tree of {base}")},
    }
    return View(**(values | fields))


def branches(mrs: Iterable[MergeRequest]) -> list[str]:
    """Their branches, which is what tests call them by."""
    return [mr.branch for mr in mrs]


def names(ids: Iterable[MrId] | Mapping[MrId, object]) -> list[str]:
    """Their short names."""
    return [id.removeprefix("mr-") for id in ids]
