"""Examines the configured forges: address, token and what it may do, issues, webhooks, clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from refinery.adapters.forge_access import ForgeAccess
from refinery.adapters.forge_address import ForgeAddress, NoForgeAddress, forge_address
from refinery.adapters.forge_errors import BadToken, NoSuchRepository, NotPermitted, RateLimited
from refinery.adapters.registry import make_forge
from refinery.audit.points import Patient, Point, Target, error, warning, well
from refinery.errors import RefineryError, TryAgain
from refinery.typed import Protocol
from refinery.values import dataclass

TOLERATED_SKEW = 60.0  # seconds; claims run out by the clock
FEW_REQUESTS = 100

# The scopes that a token with scopes needs: all of one of these sets.
_SCOPES = {
    "github": ({"repo"}, {"public_repo"}),
    "gitlab": ({"api"},),
    "gitea": ({"all"}, {"write:issue", "write:repository"}),
}
_ISSUES_PAGE = {
    "github": "Settings > General > Features > Issues",
    "gitlab": "Settings > General > Visibility, project features, permissions > Issues",
    "gitea": "Settings > Units > Issues",
}
_WORKFLOW_SCOPE = "workflow"


class Forge(Protocol):
    """What a forge tells about itself, besides what the engine asks of it."""

    def access(self) -> ForgeAccess:
        """What the token may do."""
        ...

    def failing_deliveries(self) -> tuple[str, ...]:
        """One line for each webhook whose newest delivery failed."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """One forge of the configuration, and where it is."""

    patient: Patient
    on: Target
    address: ForgeAddress

    @property
    def where(self) -> str:
        return f"{self.address.host}/{self.address.repository}"

    @property
    def forge(self) -> Forge:
        """One of its own for each question, as they are asked at once."""
        place = self.patient.place(self.on.config.repository)
        made: Forge = make_forge(self.address.kind, place)
        return made


def questions(patient: Patient, on: Target) -> Iterator[Iterable[Point]]:
    """What each configured forge has to be asked, independently of each other."""
    for kind in dict.fromkeys((on.config.forge, on.config.tracker)):
        if kind is None or kind == "local":
            continue
        place = patient.place(on.config.repository)
        try:
            address = forge_address(kind, place, environment=patient.environ)
        except NoForgeAddress as trouble:
            fix = trouble.hint or ""
            yield [error("forge", "unknown", trouble.message, fix=fix, where=on.where)]
            continue
        asked = _Asked(patient, on, address)
        if not address.token:
            yield [_no_token(asked)]
        elif not patient.online:
            yield [well("token", f"{address.token_name} is set", where="environment")]
        else:
            yield _access(asked)
            yield _deliveries(asked)


def _no_token(asked: _Asked) -> Point:
    address = asked.address
    name = address.token_name
    fix = f"set {name} to a token for {address.repository}"
    if asked.patient.in_ci:
        words = f"{name} is not set: {address.title} is asked and told nothing"
        return error("token", "missing", words, fix=fix, where=asked.where)
    words = f"{name} is not set here: only where it is, {address.title} is asked and told anything"
    return warning("token", "missing", words, fix=fix, where=asked.where)


def _access(asked: _Asked) -> Iterator[Point]:
    try:
        found = asked.forge.access()
    except RefineryError as trouble:
        yield _refused(asked, trouble)
        return
    whose = f"as {found.login}" if found.login else "with a token of its own"
    yield well("forge", f"{found.repository} on {asked.address.host}, {whose}", where=asked.where)
    yield from _renamed(asked, found)
    yield from _rights(asked, found)
    yield from _issues(asked, found)
    yield from _requests(asked, found)
    yield from _clock(asked, found)


def _refused(asked: _Asked, trouble: RefineryError) -> Point:
    """What went wrong, by name; the hint of the error is the fix."""
    words, fix, where = trouble.message, trouble.hint or "", asked.where
    match trouble:
        case BadToken():
            return error("token", "refused", words, fix=fix, where=where)
        case NotPermitted():
            return error("token", "scope", words, fix=fix, where=where)
        case NoSuchRepository():
            return error("forge", "no-repository", words, fix=fix, where=where)
        case RateLimited():
            return warning("forge", "rate-limited", words, fix=fix, where=where)
        case TryAgain():
            fix = "see whether its address is right, and its status page"
            return error("forge", "away", words, fix=fix, where=where)
        case _:
            return error("forge", "refused", words, fix=fix, where=where)


def _renamed(asked: _Asked, found: ForgeAccess) -> Iterator[Point]:
    configured = asked.address.repository
    if found.repository.lower() != configured.lower():
        words = f"{configured} is called {found.repository} now"
        fix = f"git remote set-url, and `repository: {found.repository}` where it is configured"
        yield warning("forge", "renamed", words, fix=fix, where=asked.where)


def _rights(asked: _Asked, found: ForgeAccess) -> Iterator[Point]:
    """A workflow's own token has no owner, and the forge does not say truly what it may push."""
    name, repository = asked.address.token_name, asked.address.repository
    if found.login is not None and found.can_push is False:
        words = f"{name} belongs to {found.login}, who may not push to {repository}"
        fix = f"give {found.login} the right to write to {repository}, or set another token"
        yield error("token", "read-only", words, fix=fix, where=asked.where)
    if found.scopes is None:
        return
    wanted = _SCOPES[asked.address.kind]
    if not any(each <= set(found.scopes) for each in wanted):
        words = f"{name} has the scopes {', '.join(found.scopes) or '(none)'}"
        fix = f"give {name} {' or '.join(', '.join(sorted(each)) for each in wanted)}"
        yield error("token", "scope", words, fix=fix, where=asked.where)
    elif asked.patient.in_ci and asked.address.kind == "github":
        yield from _workflow_scope(asked, found.scopes)


def _workflow_scope(asked: _Asked, scopes: tuple[str, ...]) -> Iterator[Point]:
    if _WORKFLOW_SCOPE not in scopes:
        name = asked.address.token_name
        words = f"{name} lacks the scope `workflow`: what changes a workflow file will not land"
        fix = f"give {name} the scope `workflow`"
        yield warning("token", "workflow-scope", words, fix=fix, where=asked.where)


def _issues(asked: _Asked, found: ForgeAccess) -> Iterator[Point]:
    kind = asked.address.kind
    if asked.on.config.tracker != kind:
        return
    if found.has_issues is False:
        words = f"{found.repository} has its issues disabled: conflicts cannot be reported"
        fix = f"enable them ({_ISSUES_PAGE[kind]}), or set `tracker: local` in .refinery.yaml"
        yield error("tracker", "issues-disabled", words, fix=fix, where=asked.where)
    else:
        yield well("tracker", f"conflicts become issues of {found.repository}", where=asked.where)


def _requests(asked: _Asked, found: ForgeAccess) -> Iterator[Point]:
    left = found.requests_left
    if left is not None and left < FEW_REQUESTS:
        words = f"{asked.address.token_name} has {left} requests left in this hour"
        fix = "wait, or give the queue a token of its own"
        yield warning("token", "rate-limit", words, fix=fix, where=asked.where)


def _clock(asked: _Asked, found: ForgeAccess) -> Iterator[Point]:
    skew = found.clock_skew
    if skew is not None and abs(skew) > TOLERATED_SKEW:
        way = "ahead of" if skew > 0 else "behind"
        words = f"this machine's clock is {abs(skew):.0f} seconds {way} {asked.address.host}'s"
        fix = "set this machine's clock: NTP"
        yield warning("clock", "skew", words, fix=fix, where=asked.where)


def _deliveries(asked: _Asked) -> Iterator[Point]:
    """Why the forge does not answer is said by the other question."""
    try:
        failing = asked.forge.failing_deliveries()
    except RefineryError:
        return
    for line in failing:
        fix = (
            "look at its deliveries (Settings > Webhooks); `refinery reconcile` finds what was lost"
        )
        yield warning("webhook", "failing", line, fix=fix, where=asked.where)
