"""`refinery simulate`: what would become of the same changes under several policies."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from refinery.cli.command import add_json, add_rig
from refinery.cli.output import print_json, style
from refinery.errors import UsageError

if TYPE_CHECKING:
    from refinery.simulation.outcome import Row
    from refinery.simulation.trace import Setting, Trace

HELP = """\
Simulate a day of a merge queue: how long changes wait from submission until they land or are
refused, and what that costs, under this queue's own planner and under the policies of others. All
policies get the same changes. `oracle` knows each outcome in advance and tests only what lands."""
EXAMPLES = """\
  refinery simulate                                       20 changes an hour, 4 workers
  refinery simulate --preset agent-fleet --seed 7
  refinery simulate --arrivals 40 --workers 12 --flake 0.02
  refinery simulate --from-history --workers 8            this queue's own past
  refinery simulate --policies refinery,chain --json | jq '.policies[0].p95'
"""

_RATES = ("fail", "flake", "interact")


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `simulate`."""
    add_rig(parser)
    parser.add_argument("--preset", metavar="P", help="small-team, large-team, agent-fleet, uber")
    parser.add_argument("--from-history", action="store_true", help="the queue's past as the trace")
    parser.add_argument("--arrivals", type=float, metavar="PER_HOUR", help="changes an hour")
    parser.add_argument("--workers", type=int, metavar="N", help="builds at a time")
    parser.add_argument("--changes", type=int, metavar="N", help="how many arrive")
    parser.add_argument("--duration", type=float, metavar="MIN", help="minutes a build takes")
    parser.add_argument("--fail", type=float, metavar="P", help="share of changes that are bad")
    parser.add_argument(
        "--flake", type=float, metavar="P", help="share of builds that fail falsely"
    )
    parser.add_argument("--interact", type=float, metavar="P", help="share of pairs that disagree")
    parser.add_argument("--seed", type=int, metavar="S", help="another seed, another trace")
    parser.add_argument("--policies", metavar="A,B", help="which, in this order (default: all)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Simulate and print."""
    from refinery.simulation.policies import NAMES, USUAL, compare

    wanted = arguments.policies.split(",") if arguments.policies else list(USUAL)
    for name in wanted:
        if name not in NAMES:
            raise UsageError(f"no such policy: {name!r}", hint=f"there are: {', '.join(NAMES)}")
    trace = _trace(arguments)
    rows = compare(wanted, trace)
    if arguments.json:
        print_json({"policies": [_document(row) for row in rows]})
    else:
        _print(trace.setting, rows)
    return 0


def _trace(arguments: argparse.Namespace) -> Trace:
    from refinery.simulation.trace import synthetic

    setting = _setting(arguments)
    if not arguments.from_history:
        if arguments.rig is not None:
            raise UsageError(f"{arguments.rig}: a repository is only read with --from-history")
        return synthetic(setting)
    return _recorded(arguments.rig, setting)


def _recorded(rig: str | None, setting: Setting) -> Trace:
    from refinery.app import open_queue
    from refinery.simulation.history import trace_of
    from refinery.store.archive import fetch_archive

    with open_queue(rig) as queue:
        view = queue.view()
        mrs = {**fetch_archive(queue.store).read().mrs, **view.mrs}
    trace = trace_of(mrs.values(), [*view.verdicts.values()], setting)
    if not trace.arrivals:
        raise UsageError("nothing has landed or failed in this queue yet: there is no history")
    return trace


def _setting(arguments: argparse.Namespace) -> Setting:
    """The preset, or the usual one, with what was asked for."""
    from refinery.simulation.presets import PRESETS
    from refinery.simulation.trace import Setting, lasting
    from refinery.values import replace

    preset = arguments.preset
    if preset is not None and preset not in PRESETS:
        raise UsageError(f"no such preset: {preset!r}", hint=f"there are: {', '.join(PRESETS)}")
    setting = PRESETS[preset] if preset else Setting()
    asked = {
        name: getattr(arguments, name)
        for name in ("arrivals", "workers", "changes", "seed", *_RATES)
        if getattr(arguments, name) is not None
    }
    _check(asked | ({} if arguments.duration is None else {"duration": arguments.duration}))
    setting = replace(setting, **asked)
    return setting if arguments.duration is None else lasting(setting, arguments.duration)


def _check(asked: dict[str, float]) -> None:
    for name, value in asked.items():
        if name in _RATES and not 0 <= value < 1:
            raise UsageError(f"--{name}: a share, from 0 to less than 1")
        if name not in _RATES and name != "seed" and not 0 < value < 1e6:
            raise UsageError(f"--{name}: more than 0, and less than a million")


def _document(row: Row) -> dict[str, object]:
    return {
        "policy": row.policy,
        "p50": round(row.p50, 2),
        "p95": round(row.p95, 2),
        "p99": round(row.p99, 2),
        "builds_per_landed": round(row.builds_per_landed, 3),
        "ci_minutes_per_landed": round(row.ci_minutes_per_landed, 2),
        "landed": row.landed,
        "wrongly_refused": row.wrongly_refused,
    }


def _print(setting: Setting, rows: list[Row]) -> None:
    print(
        f"{setting.changes} changes, {setting.arrivals:.3g} an hour, {setting.workers} workers, "
        f"builds of {setting.duration:.3g} minutes; {setting.fail:.1%} bad, "
        f"{setting.flake:.2%} flaky, {setting.interact:.3%} of pairs disagree\n"
    )
    heads = f"{'minutes until decided':<22}{'P50':>8}{'P95':>8}{'P99':>8}"
    print(style(f"{heads}{'builds':>9}{'CI min':>8}{'landed':>8}{'wronged':>9}", "bold"))
    for row in rows:
        print(
            f"{row.policy:<22}{row.p50:>8.1f}{row.p95:>8.1f}{row.p99:>8.1f}"
            f"{row.builds_per_landed:>9.2f}{row.ci_minutes_per_landed:>8.1f}"
            f"{row.landed:>8}{row.wrongly_refused:>9}"
        )
    print(style("\nbuilds and CI minutes are for each change landed", "dim"))
