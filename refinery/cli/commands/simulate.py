"""`refinery simulate`: what would become of the same changes under several policies."""

from __future__ import annotations

import argparse
import sys
from itertools import groupby

from refinery.cli.command import add_json, add_rig
from refinery.cli.output import coloured, counted, print_json, style
from refinery.errors import UsageError
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.cli.simulating import Asked
    from refinery.simulation.outcome import Row, Waits
    from refinery.simulation.trace import Setting
    from refinery.simulation.what_if import Case

HELP = """\
Simulate a day of a merge queue: how long changes wait from submission until they land or are
refused, and what that costs, under this queue's own planner and under the policies of others. All
policies get the same changes. `oracle` knows each outcome in advance and tests only what lands.
Given several numbers of workers or several limits of a batch, it tries each."""
EXAMPLES = """\
  refinery simulate                                       20 changes an hour, 4 workers
  refinery simulate --preset agent-fleet --seed 7
  refinery simulate --arrivals 40 --workers 12 --flake 0.02
  refinery simulate --arrivals 40 --workers 2,4,8,16 --policies chain,refinery --chart
  refinery simulate --batch 1,8,64 --policies refinery
  refinery simulate --preset agents-and-person            how long the person waits
  refinery simulate --from-history --workers 8            this queue's own past
  refinery simulate --policies refinery,chain --json | jq '.policies[0].p95'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `simulate`."""
    add_rig(parser)
    add = parser.add_argument
    add(
        "--preset", metavar="P", help="small-team, large-team, agent-fleet, agents-and-person, uber"
    )
    add("--from-history", action="store_true", help="the queue's past as the trace")
    add("--arrivals", type=float, metavar="PER_HOUR", help="changes an hour")
    add("--workers", metavar="N,...", help="builds at a time; several: what if?")
    add("--changes", type=int, metavar="N", help="how many arrive")
    add("--agents", type=int, metavar="N", help="so many authors share these changes")
    add("--person", type=float, metavar="PER_HOUR", help="changes an hour by one more author")
    add("--duration", type=float, metavar="MIN", help="minutes a build takes")
    add("--fail", type=float, metavar="P", help="share of changes that are bad")
    add("--flake", type=float, metavar="P", help="share of builds that fail falsely")
    add("--interact", type=float, metavar="P", help="share of pairs that fail together")
    add("--conflict", type=float, metavar="P", help="share of pairs that cannot be merged")
    add("--seed", type=int, metavar="S", help="another seed, another trace")
    add("--policies", metavar="A,B", help="which, in this order (default: all)")
    add(
        "--batch",
        metavar="N,...",
        help="at most so many changes in a build of refinery and of bors; several: what if?",
    )
    add("--chart", action="store_true", help="draw it too; needs git-refinery[charts]")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Simulate and print."""
    from refinery.cli.simulating import asked
    from refinery.simulation.what_if import cases

    if arguments.json and arguments.chart:
        raise UsageError("--json and --chart: only one of them")
    what = asked(arguments)
    if arguments.chart:
        from refinery.simulation.chart import load

        load()  # before minutes are spent, say what is missing
    found = cases(what.policies, what.trace, workers=what.workers, batches=what.batches)
    if arguments.json:
        print_json({"policies": [_document(each, what) for each in found]})
        return 0
    _print(what, found)
    if arguments.chart:
        _draw(found)
    return 0


def _document(case: Case, what: Asked) -> dict[str, object]:
    """A row as programs know it; what was varied, and what was added, only where it was."""
    row = case.row
    varied: dict[str, object] = {}
    if len(what.workers) > 1:
        varied["workers"] = case.setting.workers
    if len(what.batches) > 1:
        varied["batch"] = case.setting.batch
    return {
        "policy": row.policy,
        **varied,
        "p50": round(row.p50, 2),
        "p95": round(row.p95, 2),
        "p99": round(row.p99, 2),
        "builds_per_landed": round(row.builds_per_landed, 3),
        "ci_minutes_per_landed": round(row.ci_minutes_per_landed, 2),
        "landed": row.landed,
        "wrongly_refused": row.wrongly_refused,
        **({"conflicts": row.conflicts} if case.setting.conflict else {}),
        **({"person": _waits(row.person)} if row.person else {}),
    }


def _waits(person: Waits) -> dict[str, object]:
    return {
        "p50": round(person.p50, 2),
        "p95": round(person.p95, 2),
        "longest": round(person.longest, 2),
        "changes": person.changes,
    }


def _print(what: Asked, found: list[Case]) -> None:
    setting = what.trace.setting
    print(_about(setting))
    for (workers, batch), group in groupby(
        found, key=lambda each: (each.setting.workers, each.setting.batch)
    ):
        limit = "" if batch is None else f", at most {batch} in a build"
        print(f"\n{counted(workers, 'worker')}{limit}")
        _print_table([each.row for each in group], conflicts=setting.conflict > 0)
    print(style("\nbuilds and CI minutes are for each change landed", "dim"))


def _about(setting: Setting) -> str:
    conflicts = f", {setting.conflict:.3%} conflict" if setting.conflict else ""
    return (
        f"{counted(setting.changes, 'change')}, {setting.arrivals:.3g} an hour, "
        f"builds of {setting.duration:.3g} minutes; {setting.fail:.1%} bad, "
        f"{setting.flake:.2%} flaky, {setting.interact:.3%} of pairs disagree{conflicts}"
    )


def _print_table(rows: list[Row], *, conflicts: bool) -> None:
    heads = f"{'minutes until decided':<22}{'P50':>8}{'P95':>8}{'P99':>8}"
    more = f"{'conflict':>10}" if conflicts else ""
    print(style(f"{heads}{'builds':>9}{'CI min':>8}{'landed':>8}{'wronged':>9}{more}", "bold"))
    for row in rows:
        print(
            f"{row.policy:<22}{row.p50:>8.1f}{row.p95:>8.1f}{row.p99:>8.1f}"
            f"{row.builds_per_landed:>9.2f}{row.ci_minutes_per_landed:>8.1f}"
            f"{row.landed:>8}{row.wrongly_refused:>9}"
            + (f"{row.conflicts:>10}" if conflicts else "")
        )
    if any(row.person for row in rows):
        heads = f"{'of these, the person':<22}{'P50':>8}{'P95':>8}{'longest':>9}{'changes':>9}"
        print(style(f"\n{heads}", "bold"))
    for row in rows:
        if row.person is not None:
            own = row.person
            print(
                f"{row.policy:<22}{own.p50:>8.1f}{own.p95:>8.1f}{own.longest:>9.1f}{own.changes:>9}"
            )


def _draw(found: list[Case]) -> None:
    from shutil import get_terminal_size

    from refinery.simulation.chart import charts_of, draw

    width = min(120, get_terminal_size().columns)
    for chart in charts_of(found):
        print()
        print(draw(chart, width=width, colour=coloured(sys.stdout)))
