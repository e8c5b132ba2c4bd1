"""When a target takes nothing: the `freeze:` of its configuration, and who passes all the same."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.records.merge_request import MergeRequest
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:  # what few configurations need is imported for these only
    from refinery.config.windows import Window

EVERYWHERE = ("**",)


@dataclass(frozen=True, slots=True)
class Exempt:
    """Whom a freeze does not concern: these authors, labels, priorities from 0 to this one."""

    authors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    priority: int | None = None

    def covers(self, mr: MergeRequest) -> bool:
        """Whether one of these is true of it."""
        if self.priority is not None and mr.priority <= self.priority:
            return True
        return named(mr.worker, self.authors) or any(
            named(label, self.labels) for label in mr.labels
        )


@dataclass(frozen=True, slots=True)
class FreezeWindow:
    """A window, the targets that it freezes, why, and whom it does not concern."""

    window: Window
    targets: tuple[str, ...] = EVERYWHERE
    reason: str = ""
    exempt: Exempt = Exempt()


@dataclass(frozen=True, slots=True)
class ClosingIssue:
    """A label: while an issue with it is open, these targets are closed."""

    label: str
    targets: tuple[str, ...] = EVERYWHERE
    exempt: Exempt = Exempt()


@dataclass(frozen=True, slots=True)
class HotfixLane:
    """Whose hotfixes pass a freeze by themselves, and who may let others' pass."""

    authors: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether any hotfix may pass."""
        return bool(self.authors or self.allow)

    def may_allow(self, person: str) -> bool:
        """Whether somebody's word lets a hotfix pass."""
        return named(person, self.allow)


@dataclass(frozen=True, slots=True)
class FreezeRules:
    """All that a configuration says of freezes; times without a zone are in `zone`."""

    windows: tuple[FreezeWindow, ...] = ()
    issues: tuple[ClosingIssue, ...] = ()
    hotfix: HotfixLane = HotfixLane()
    zone: str = "UTC"

    def windows_of(self, target: str, mr: MergeRequest | None = None) -> tuple[Window, ...]:
        """Those that concern a target, and that merge request if one is named."""
        if not self.windows:
            return ()
        return tuple(
            each.window
            for each in self.windows
            if applies(each.targets, target) and not (mr and each.exempt.covers(mr))
        )

    def reason_of(self, window: Window) -> str:
        """Why there is this window."""
        return next((each.reason for each in self.windows if each.window == window), "")

    def labels_of(self, target: str) -> tuple[str, ...]:
        """The labels whose open issues close a target."""
        return tuple(each.label for each in self.issues if applies(each.targets, target))

    def is_exempt_from(self, label: str, target: str, mr: MergeRequest) -> bool:
        """Whether the issues of a label do not concern a merge request."""
        return any(
            each.label == label and applies(each.targets, target) and each.exempt.covers(mr)
            for each in self.issues
        )


NO_RULES = FreezeRules()


def applies(patterns: Iterable[str], target: str) -> bool:
    """Whether one of the patterns fits a target."""
    from refinery.config.patterns import fits

    return any(fits(pattern, target) for pattern in patterns)


def named(person: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns fits a name, as those of `notify` do."""
    from fnmatch import fnmatchcase

    return any(fnmatchcase(person, pattern) for pattern in patterns)
