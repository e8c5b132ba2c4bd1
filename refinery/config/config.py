"""The configuration of one target: read from the target's own tip, never from a merge request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from refinery.config.fairness import Fairness, fairness_in
from refinery.config.freeze import NO_RULES, FreezeRules
from refinery.config.integration import Integration, integration_in
from refinery.config.resolve import Resolve
from refinery.config.resolve import parsed as parsed_resolve
from refinery.config.sandbox import Sandbox
from refinery.config.sandbox import parsed as parsed_sandbox
from refinery.config.signatures import UNSIGNED, Signatures, signatures_in
from refinery.records import text
from refinery.records.formats import upgraded
from refinery.records.merge_request import Method
from refinery.records.schema import InvalidRecord, check
from refinery.typed import Any
from refinery.values import StrEnum, dataclass, field

FILE = ".refinery.yaml"

DEFAULT_MESSAGES = {
    Method.MERGE: "Merge {branch} into {target}\n\n{title}",
    Method.SQUASH: "{title}\n\n{body}",
}
DEFAULT_BRANCHES = ("polecat/**", "mr/**")
DEFAULT_WORKER_PATTERNS = ("polecat/{worker}/{issue}",)
DEFAULT_TIMEOUT = 1800.0
LONGEST = 1e9  # seconds

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Check:
    """One command that must pass on the merged tree; `timeout` in seconds."""

    name: str
    run: str | tuple[str, ...]
    timeout: float = DEFAULT_TIMEOUT
    parallel: bool = False
    directory: str = "."


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """The weights of the seed's score; per hour, per level and per retry."""

    base: float = 1000.0
    convoy_hour: float = 10.0
    priority: float = 100.0
    retry: float = 50.0
    retry_cap: float = 300.0
    hour: float = 1.0


@dataclass(frozen=True, slots=True)
class Stacks:
    """How branches that build on each other are recognised."""

    ancestry: bool = True
    trailers: bool = True
    retarget: bool = True


class LandingMode(StrEnum):
    """How a target is moved."""

    PUSH = "push"
    PULL_REQUEST = "pull-request"


class Topic(StrEnum):
    """What a notification is about."""

    MERGED = "merged"
    CONFLICT = "conflict"
    FAILED = "failed"
    REJECTED = "rejected"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Channel:
    """Whom to tell what; `to` names the environment variable with the service's address."""

    to: str
    about: tuple[Topic, ...] = tuple(Topic)
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """schemas/config.schema.json with its defaults filled in.

    `present` tells a file that declares no checks from no file at all.
    """

    method: Method = Method.MERGE
    message: str | None = None
    checks: tuple[Check, ...] = ()
    keep: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    sandbox: Sandbox = Sandbox()
    batch_max: int = 16
    profile: str = "default"
    claim_for: timedelta = timedelta(minutes=10)
    attempts_max: int = 5
    retry_failing: bool = True
    delete_branch: bool = False
    close_source_issue: bool = False
    branches: tuple[str, ...] = DEFAULT_BRANCHES
    worker_patterns: tuple[str, ...] = DEFAULT_WORKER_PATTERNS
    score: ScoreWeights = field(default_factory=ScoreWeights)
    fairness: Fairness = field(default_factory=Fairness)
    integration: Integration = field(default_factory=Integration)
    tracker: str = "local"
    forge: str | None = None
    repository: str | None = None
    statuses: bool = True
    stacks: Stacks = Stacks()
    resolve: Resolve = Resolve()
    landing: LandingMode = LandingMode.PUSH
    notify: tuple[Channel, ...] = ()
    freeze: FreezeRules = NO_RULES
    signatures: Signatures = UNSIGNED
    present: bool = False

    @property
    def fingerprint(self) -> str:
        """What a verdict is good for: the definition of the checks, sixteen hex digits."""
        defined = [[each.name, each.run, each.directory, each.timeout] for each in self.checks] + [
            [*self.environment]
        ]
        if self.sandbox.is_wanted:
            defined.append([self.sandbox.tool.value, bool(self.sandbox.network)])
        import hashlib
        import json

        return hashlib.sha256(json.dumps(defined).encode()).hexdigest()[:16]


PLAIN = ("message", "profile", "delete_branch", "close_source_issue", "tracker", "repository")


def parse(data: bytes, *, where: str) -> Config:
    """The configuration a file holds; `InvalidRecord` names the wrong key and what was meant."""
    try:
        mapping = upgraded("config", mapping_in(data), where=where)
    except text.UnreadableText as error:
        raise InvalidRecord(where, "", error.message) from None
    check("config", mapping, where=where)
    return _config(mapping, where)


def mapping_in(data: bytes) -> dict[str, Any]:
    """What a file says, as JSON has it: a date that YAML makes of text is the text it was."""
    mapping = text.load(data)
    if "freeze" in mapping:
        from refinery.config.freeze_parsing import with_dates_as_text

        mapping["freeze"] = with_dates_as_text(mapping["freeze"])
    return mapping


def _config(mapping: Mapping[str, Any], where: str) -> Config:
    plain: dict[str, Any] = {key: mapping[key] for key in PLAIN if key in mapping}
    lists: dict[str, Any] = {
        key: tuple(mapping[key])
        for key in ("keep", "environment", "branches", "worker_patterns")
        if key in mapping
    }
    defaults = Config()
    return Config(
        **plain,
        **lists,
        method=Method(mapping.get("method", defaults.method.value)),
        checks=_checks(mapping.get("checks", ()), where),
        sandbox=parsed_sandbox(mapping.get("sandbox", {})),
        batch_max=mapping.get("batch", {}).get("max", defaults.batch_max),
        claim_for=timedelta(minutes=mapping.get("claim", {}).get("minutes", 10)),
        attempts_max=mapping.get("attempts", {}).get("max", defaults.attempts_max),
        retry_failing=mapping.get("retry", {}).get("failing", defaults.retry_failing),
        score=ScoreWeights(**mapping.get("score", {})),
        fairness=fairness_in(mapping.get("fairness", {}), where),
        integration=integration_in(mapping.get("integration", {})),
        forge=_forge(mapping),
        statuses=mapping.get("statuses", defaults.statuses),
        stacks=Stacks(**mapping.get("stacks", {})),
        resolve=parsed_resolve(mapping.get("resolve", {}), seconds),
        landing=LandingMode(mapping.get("landing", defaults.landing.value)),
        notify=tuple(_channel(item) for item in mapping.get("notify", ())),
        freeze=_freeze(mapping, where),
        signatures=signatures_in(mapping.get("signatures")),
        present=True,
    )


def _checks(items: Any, where: str) -> tuple[Check, ...]:
    checks = tuple(_check(item) for item in items)
    names = [each.name for each in checks]
    for index, each in enumerate(checks):
        if each.name in names[:index]:
            raise InvalidRecord(where, f"/checks/{index}/name", f"{each.name!r} is used twice")
        if each.timeout == 0:
            raise InvalidRecord(where, f"/checks/{index}/timeout", "must be more than nothing")
    return checks


def _forge(mapping: Mapping[str, Any]) -> str | None:
    tracker = mapping.get("tracker", "local")
    forge: str = mapping.get("forge", "none" if tracker == "local" else tracker)
    return None if forge == "none" else forge


def _freeze(mapping: Mapping[str, Any], where: str) -> FreezeRules:
    if "freeze" not in mapping:
        return NO_RULES
    from refinery.config import freeze_parsing

    return freeze_parsing.parse(mapping["freeze"], where)


def _channel(item: Mapping[str, Any]) -> Channel:
    about = tuple(map(Topic, item["about"])) if "about" in item else tuple(Topic)
    return Channel(item["to"], about, tuple(item.get("authors", ())))


def _check(item: Mapping[str, Any]) -> Check:
    run = item["run"]
    return Check(
        name=item["name"],
        run=run if isinstance(run, str) else tuple(run),
        timeout=seconds(item.get("timeout", DEFAULT_TIMEOUT)),
        parallel=item.get("parallel", False),
        directory=item.get("directory", "."),
    )


def seconds(duration: str | float) -> float:
    """90, "90", "90s", "1.5m", "1h" in seconds; at most what every clock can wait for."""
    if not isinstance(duration, str):
        return min(float(duration), LONGEST)
    number = duration.rstrip("hms")
    return min(float(number) * _UNITS[duration[len(number) :] or "s"], LONGEST)
