"""The logs of this clone's check runs: what they are called, and how they are found and read."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable
from pathlib import Path

from refinery.engine.check_output import TAIL_BYTES, readable_tail
from refinery.records.names import CandidateId, Sha
from refinery.records.verdict import Result
from refinery.values import dataclass

_NAME = re.compile(
    r"[0-9a-f]{12}-(?P<candidate>candidate-[0-9a-z]{10})-(?P<run>\d+)-(?P<number>\d+)-(?P<check>.+)\.log"
)
_BEGAN = re.compile(r"refinery: check .* started ")
_ENDED = re.compile(r"refinery: (?:check .*: (pass|fail|error|timeout)\b|abandoned: |interrupted$)")


@dataclass(frozen=True, slots=True)
class CheckLogFile:
    """Where one check of one run writes; `number` is its place among the declared ones, from 1."""

    path: Path
    run: int
    number: int
    check: str


@dataclass(frozen=True, slots=True)
class LogTail:
    """The end of a log as plain lines; `result` once the check has ended and said one."""

    lines: tuple[str, ...]
    ended: bool
    result: Result | None = None


def log_name(tree: Sha, candidate: CandidateId, milliseconds: int) -> str:
    """What the logs of one run begin with: people look for the tree, screens for the candidate."""
    return f"{tree[:12]}-{candidate}-{milliseconds}"


def newest_logs(
    folder: Path, candidates: Container[str]
) -> dict[CandidateId, tuple[CheckLogFile, ...]]:
    """The logs of the newest run of each candidate that was tested here, in declared order."""
    found: dict[CandidateId, list[CheckLogFile]] = {}
    for name in _names(folder):
        match = _NAME.fullmatch(name)
        if match is None or match["candidate"] not in candidates:
            continue
        log = CheckLogFile(folder / name, int(match["run"]), int(match["number"]), match["check"])
        found.setdefault(CandidateId(match["candidate"]), []).append(log)
    return {candidate: _newest_run(logs) for candidate, logs in found.items()}


def _names(folder: Path) -> Iterable[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names are all that is needed, every second
    except OSError:
        return ()


def _newest_run(logs: list[CheckLogFile]) -> tuple[CheckLogFile, ...]:
    newest = max(log.run for log in logs)
    return tuple(sorted((log for log in logs if log.run == newest), key=lambda log: log.number))


def read_tail(path: Path) -> LogTail:
    """The last lines of a log that may still grow; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 2 * TAIL_BYTES))
            raw = file.read(2 * TAIL_BYTES)
    except OSError:
        return LogTail((), ended=False)
    lines = readable_tail(raw, whole=size <= 2 * TAIL_BYTES).split("\n")
    end = _ENDED.match(lines[-1])
    shown = lines[:-1] if end else lines
    if shown and _BEGAN.match(shown[0]):
        shown = shown[1:]
    result = Result(end[1]) if end and end[1] else None
    return LogTail(tuple(line for line in shown if line.strip()), end is not None, result)
