"""Reads what `git push --porcelain` and its stderr say, and turns it into one outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refinery.records.names import Ref
from refinery.repo.masking import masked
from refinery.repo.process import Completed, first_complaint
from refinery.repo.refs import Lost, RefUpdate, Refused, Swapped
from refinery.typed import Final
from refinery.values import dataclass

# These words are git's own and it offers nothing else to go by; the tests pin them to real pushes.
# They stay text until a push fails: compiling them costs more than reading a good answer.
_ROW: Final = r"!\t[^\t:]*:(?P<ref>[^\t:]*)\t\[(?P<who>[^\]]*)\](?: \((?P<reason>.*)\))?$"
_COLLATERAL: Final = ("atomic push failed", "atomic push failure")
_UNPACKER: Final = "unpacker error"
_RACE: Final = (
    "failed to update ref",
    "atomic transaction failed",
    "cannot lock ref",
    "failed to lock",
    "failed to delete",
    "already exists",
    "incorrect old value provided",
)
_ABORTED: Final = r"aborted by (?:the reference-transaction )?hook"  # longer since git 2.54
_REFUSED_ACCESS: Final = (
    r"(?i)permission(?: to .{0,500})? denied|denied to |access denied|not allowed to push|"
    r"authentication failed|could not read (?:username|password)|"
    r"requested url returned error: 40[13]|service not enabled|read-only"
)
_OURS: Final = r"does not support|src refspec|bad object|not a valid object"
_AWAY: Final = (
    r"(?i)could not read from remote|unable to access|could not resolve|early eof|hung up|"
    r"unexpected disconnect|connection (?:refused|reset|timed|closed)|timed out|rpc failed|"
    r"unable to (?:connect|look up)|network is unreachable|repository .{0,500}not found|"
    r"does not appear to be a git repository|returned error: [45]\d\d|bad line length|"
    r"the remote end|invalid server response|no route to host|"
    r"packet (?:write|read) failed|broken pipe|(?:read|write) error|software caused connection|"
    r"(?:ssl|tls|gnutls)[\w ]{0,100}(?:error|handshake|failed|eof)|unexpected eof|expected flush"
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The push may or may not have been done: read the refs and see."""

    reason: str
    lines: tuple[str, ...] = ()


Pushed = Swapped | Lost | Refused | Unknown


@dataclass(frozen=True, slots=True)
class _Row:
    ref: Ref
    who: str
    reason: str

    @property
    def is_collateral(self) -> bool:
        return self.reason in _COLLATERAL

    @property
    def is_race(self) -> bool:
        by_client = self.who == "rejected"
        return not self.is_collateral and (by_client or any(w in self.reason for w in _RACE))

    @property
    def is_refusal(self) -> bool:
        return self.who == "remote rejected" and not (self.is_collateral or self.is_race)


def read_push(done: Completed, updates: Sequence[RefUpdate]) -> Pushed | None:
    """The outcome of a push; None when git gave up for a reason of its own."""
    if done.returncode == 0:
        return Swapped()
    lines = remote_lines(done.stderr)
    rows = _rows(done.stdout.decode("utf-8", "surrogateescape"))
    said = masked(first_complaint(done.stderr))
    if not rows and done.returncode < 0:
        return Unknown(f"git push was ended by signal {-done.returncode}", lines)
    if not rows:
        return _without_report(done.stderr, said, lines, updates)
    refused = next((row for row in rows if row.is_refusal), None)
    if refused is not None and refused.reason == _UNPACKER:
        # Either the server found fault with what it was sent, or this side could not send it.
        return None if re.search(_OURS, done.stderr) else Refused(refused.ref, said, lines)
    if refused is not None:
        return Refused(refused.ref, refused.reason, lines)
    raced = [row for row in rows if row.is_race]
    aborting = next((line for line in lines if re.search(_ABORTED, line)), None)
    if raced and aborting is not None:
        return Refused(raced[0].ref, aborting, lines)
    if raced:
        return Lost(raced[0].reason, tuple(row.ref for row in raced), lines)
    return Unknown(rows[0].reason or said, lines)


def _without_report(
    stderr: str, said: str, lines: tuple[str, ...], updates: Sequence[RefUpdate]
) -> Refused | Unknown | None:
    if re.search(_OURS, stderr):
        return None
    if re.search(_ABORTED, stderr):
        return Refused(updates[0].ref, said, lines)
    if re.search(_REFUSED_ACCESS, stderr):
        return Refused(updates[0].ref, access_refusal(stderr), lines)
    return Unknown(said, lines) if is_away(stderr) else None


def _rows(report: str) -> list[_Row]:
    found = (re.match(_ROW, line) for line in report.split("\n"))
    return [_Row(Ref(row["ref"]), row["who"], row["reason"] or "") for row in found if row]


def remote_lines(stderr: str) -> tuple[str, ...]:
    """What the server's hooks said: the `remote:` lines without that word."""
    said = (line.rstrip() for line in re.split(r"[\r\n]+", stderr))
    return tuple(
        masked(line.removeprefix("remote:").removeprefix(" "))
        for line in said
        if line.startswith("remote:") and line != "remote:"
    )


def is_away(stderr: str) -> bool:
    """Whether a fetch or ls-remote failed at the remote or on the way to it, not in this clone."""
    return bool(re.search(_AWAY, stderr) or re.search(_REFUSED_ACCESS, stderr))


def access_refusal(stderr: str) -> str:
    """The line that says that the remote does not let us in."""
    lines = (line.strip() for line in stderr.splitlines())
    found = next((line for line in lines if re.search(_REFUSED_ACCESS, line)), "")
    return masked(found.removeprefix("remote: ").removeprefix("fatal: "))
