"""What `refinery simulate` is asked for: the trace, and the workers and batches to try on it."""

from __future__ import annotations

import argparse

from refinery.cli.output import counted, note
from refinery.errors import UsageError
from refinery.queue.planning.beliefs import GOOD_WEIGHT
from refinery.simulation.policies import NAMES, USUAL
from refinery.simulation.presets import PRESETS
from refinery.simulation.trace import Setting, Trace, lasting, synthetic
from refinery.values import dataclass, replace

_SHARES = ("fail", "flake", "interact", "conflict")
_TOLD_BY_HISTORY = ("preset", "arrivals", "changes", "agents", "person", "duration", *_SHARES)
_MOST = 10**6
FEW = int(GOOD_WEIGHT)  # what is assumed of an unknown queue weighs as much as so many changes


@dataclass(frozen=True, slots=True)
class Asked:
    """The policies to run, on which changes, with how many workers and in batches of what size."""

    policies: list[str]
    trace: Trace
    workers: list[int]
    batches: list[int | None]


def asked(arguments: argparse.Namespace) -> Asked:
    """What the arguments ask for, or an error that says what they cannot mean."""
    policies = arguments.policies.split(",") if arguments.policies else list(USUAL)
    for name in policies:
        if name not in NAMES:
            raise UsageError(f"no such policy: {name!r}", hint=f"there are: {', '.join(NAMES)}")
    trace = _trace(arguments)
    workers = _numbers("workers", arguments.workers)
    batches = _numbers("batch", arguments.batch)
    return Asked(policies, trace, workers or [trace.setting.workers], [*batches] or [None])


def _trace(arguments: argparse.Namespace) -> Trace:
    setting = _setting(arguments)
    if arguments.from_history:
        for name in _TOLD_BY_HISTORY:
            if getattr(arguments, name) is not None:
                raise UsageError(f"--{name}: with --from-history, the past tells it")
        return _recorded(arguments.rig, setting)
    if arguments.rig is not None:
        raise UsageError(
            f"{arguments.rig}: a repository is only read with --from-history",
            hint=f"refinery simulate {arguments.rig} --from-history",
        )
    return synthetic(setting)


def _recorded(rig: str | None, setting: Setting) -> Trace:
    from refinery.app import open_queue
    from refinery.cli.listing import report_damage
    from refinery.simulation.history import trace_of
    from refinery.store.archive import fetch_archive

    with open_queue(rig) as queue:
        view = queue.view()
        report_damage(view)
        mrs = {**fetch_archive(queue.store).read().mrs, **view.mrs}
    trace = trace_of(mrs.values(), [*view.verdicts.values()], setting)
    ended = len(trace.arrivals)
    if not ended:
        raise UsageError(
            "nothing has landed or failed in this queue yet: there is no history",
            hint="without --from-history it simulates what --arrivals and --workers say",
        )
    if ended < FEW:
        changes = counted(ended, "change")
        note(f"Only {changes} landed or failed in this queue so far: these figures say little.")
    return trace


def _setting(arguments: argparse.Namespace) -> Setting:
    """The preset, or the usual one, with what was asked for."""
    preset = arguments.preset
    if preset is not None and preset not in PRESETS:
        raise UsageError(f"no such preset: {preset!r}", hint=f"there are: {', '.join(PRESETS)}")
    setting = PRESETS[preset] if preset else Setting()
    numbers = {
        name: getattr(arguments, name)
        for name in ("arrivals", "changes", "agents", "person", "seed", *_SHARES)
        if getattr(arguments, name) is not None
    }
    duration = arguments.duration
    _check(numbers | ({} if duration is None else {"duration": duration}))
    setting = replace(setting, **numbers)
    return setting if duration is None else lasting(setting, duration)


def _numbers(name: str, text: str | None) -> list[int]:
    """One number, or several with commas between them."""
    if text is None:
        return []
    try:
        numbers = [int(each) for each in text.split(",")]
    except ValueError:
        raise UsageError(f"--{name}: a number, or several as in 1,2,4: {text!r}") from None
    for number in numbers:
        _check({name: number})
    return numbers


def _check(numbers: dict[str, float]) -> None:
    for name, value in numbers.items():
        if name in _SHARES and not 0 <= value < 1:
            raise UsageError(f"--{name}: a share, from 0 to less than 1")
        if name not in (*_SHARES, "seed") and not 0 < value < _MOST:
            raise UsageError(f"--{name}: more than 0, and less than a million")
