"""The one visual language: what every state is called, its sign, and its colour, wherever it shows.

The terminal, the live view, the page, the badges and the summary of a CI job all ask here.  A look
never says anything by colour alone: its word is always there, its sign where there is room.
"""

from __future__ import annotations

from collections.abc import Mapping

from refinery.values import StrEnum, dataclass


class Role(StrEnum):
    """What a colour means; a colour is never chosen for anything else."""

    PLAIN = "plain"  # as it should be, nothing to see
    MUTED = "muted"  # of no concern now
    ACTIVE = "active"  # being worked at
    GOOD = "good"  # done, and well
    ATTENTION = "attention"  # somebody must do something, or has stopped it
    BAD = "bad"  # failed


@dataclass(frozen=True, slots=True)
class Shades:
    """One role's colours in CSS: `text` stands on the ground and on `fill`, white on `badge`."""

    text: str
    fill: str
    badge: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown; `label` is the word in brackets of the lists, which scripts know."""

    word: str
    sign: str
    ascii: str
    role: Role
    label: str = ""

    @property
    def in_brackets(self) -> str:
        """`[label]`."""
        return f"[{self.label or self.word}]"

    def sign_in(self, *, unicode: bool) -> str:
        """The sign, or the plain one where only ASCII shows; both are one column wide."""
        return self.sign if unicode else self.ascii


ANSI: Mapping[Role, str] = {
    Role.PLAIN: "",
    Role.MUTED: "2",
    Role.ACTIVE: "36",
    Role.GOOD: "32",
    Role.ATTENTION: "33",
    Role.BAD: "31",
}
"""The numbers between `ESC [` and `m`: of the 16 colours that a person's own theme decides."""

GROUND_LIGHT = "#ffffff"
GROUND_DARK = "#0d1117"

LIGHT: Mapping[Role, Shades] = {
    Role.PLAIN: Shades("#1f2328", "#eef1f4", "#57606a"),
    Role.MUTED: Shades("#59636e", "#f3f5f7", "#6e7781"),
    Role.ACTIVE: Shades("#0550ae", "#ddf0ff", "#0969da"),
    Role.GOOD: Shades("#116329", "#dcf5e3", "#1a7f37"),
    Role.ATTENTION: Shades("#7d4e00", "#fff3cd", "#8f5a00"),
    Role.BAD: Shades("#a40e26", "#ffe9e8", "#cf222e"),
}
DARK: Mapping[Role, Shades] = {
    Role.PLAIN: Shades("#e6edf3", "#1c2128", "#57606a"),
    Role.MUTED: Shades("#9198a1", "#161b22", "#6e7681"),
    Role.ACTIVE: Shades("#79c0ff", "#0c2d50", "#1f6feb"),
    Role.GOOD: Shades("#56d364", "#0b2e17", "#238636"),
    Role.ATTENTION: Shades("#e3b341", "#33260a", "#9e6a03"),
    Role.BAD: Shades("#ff8b82", "#3c1214", "#da3633"),
}
"""Every text has a contrast of 4.5 or more (WCAG AA) with its ground, its fill and its badge."""

STANDINGS: Mapping[str, Look] = {
    "ready": Look("ready", "○", "o", Role.PLAIN, "pending"),
    "claimed": Look("under test", "▶", ">", Role.ACTIVE, "processing"),
    "paused": Look("paused", "⏸", "=", Role.ATTENTION, "pending"),
    "frozen": Look("frozen", "❄", "%", Role.ATTENTION),
    "held": Look("held", "■", "#", Role.ATTENTION),
    "awaiting-push": Look("announced", "◌", ".", Role.MUTED),
    "in-pull-request": Look("in pull request", "↑", "^", Role.ACTIVE),
    "blocked-by-issue": Look("blocked", "⚠", "!", Role.ATTENTION),
    "blocked-by-mr": Look("waits for another", "◇", ":", Role.MUTED, "blocked"),
    "dependency-failed": Look("dependency failed", "⚠", "!", Role.ATTENTION, "blocked"),
    "unit-incomplete": Look("unit incomplete", "◇", ":", Role.MUTED, "blocked"),
    "needs-rework": Look("needs rework", "✗", "x", Role.BAD, "needs-rework"),
    "closed": Look("closed", "•", "*", Role.MUTED),
}
"""By the reason codes of `refinery.queue.standing.Code`."""

ENDINGS: Mapping[str, Look] = {
    "merged": Look("landed", "✓", "+", Role.GOOD, "merged"),
    "rejected": Look("rejected", "✗", "x", Role.BAD),
    "conflict": Look("conflict", "✗", "x", Role.BAD),
    "superseded": Look("superseded", "»", "~", Role.MUTED),
    "already_merged": Look("already landed", "✓", "+", Role.MUTED, "already_merged"),
    "empty": Look("nothing to land", "∅", "0", Role.MUTED, "empty"),
}
"""By `refinery.records.merge_request.CloseReason`."""

RESULTS: Mapping[str, Look] = {
    "pass": Look("passed", "✓", "+", Role.GOOD),
    "fail": Look("failed", "✗", "x", Role.BAD),
    "timeout": Look("took too long", "✗", "x", Role.BAD),
    "error": Look("could not run", "!", "!", Role.ATTENTION),
}
"""By `refinery.records.verdict.Result`: a check's, or that of all of them."""

ATTEMPTS: Mapping[str, Look] = {
    "landed": Look("landed", "✓", "+", Role.GOOD),
    "conflict": Look("conflicted", "⚠", "!", Role.ATTENTION),
    "tests_fail": Look("checks failed", "✗", "x", Role.BAD),
    "build_fail": Look("the build failed", "✗", "x", Role.BAD),
    "timeout": Look("the checks took too long", "✗", "x", Role.BAD),
    "error": Look("the checks could not run", "!", "!", Role.ATTENTION),
    "flaky_test": Look("a check was flaky", "!", "!", Role.MUTED),
    "push_fail": Look("the push failed", "!", "!", Role.MUTED),
    "fetch_fail": Look("the fetch failed", "!", "!", Role.MUTED),
    "checkout_fail": Look("the checkout failed", "!", "!", Role.MUTED),
    "not_fast_forward": Look("not a fast-forward", "✗", "x", Role.BAD),
    "red_base": Look("the target itself failed", "!", "!", Role.MUTED),
}
"""By `refinery.records.merge_request.AttemptOutcome`: what came of one attempt to land."""

HEALTH: Mapping[str, Look] = {
    "green": Look("green", "✓", "+", Role.GOOD),
    "red": Look("red", "✗", "x", Role.BAD),
    "unknown": Look("not tested yet", "?", "?", Role.MUTED),
}
"""Whether a target passes its own checks."""

PROCESSOR: Mapping[str, Look] = {
    "running": Look("running", "●", "*", Role.GOOD),
    "stopped": Look("stopped", "○", "o", Role.MUTED),
    "paused": Look("paused", "⏸", "=", Role.ATTENTION),
}
"""What `refinery status` says of queue and processor."""

ISSUES: Mapping[str, Look] = {
    "open": Look("open", "●", "*", Role.ATTENTION),
    "closed": Look("closed", "○", "o", Role.MUTED),
}

FINDINGS: Mapping[str, Look] = {
    "ok": Look("well", "✓", "+", Role.GOOD),
    "info": Look("worth knowing", "i", "i", Role.PLAIN),
    "warning": Look("warning", "⚠", "!", Role.ATTENTION),
    "error": Look("error", "✗", "x", Role.BAD),
}
"""By `refinery.audit.findings.Severity`; also the marks before what a command says it did."""


def of_merge_request(standing: str, ended: str | None = None) -> Look:
    """The look of where a merge request stands, or of how it ended."""
    return ENDINGS[ended] if ended is not None else STANDINGS[standing]
