"""`refinery stats`: how long changes take, what they cost, and what the queue believes of them."""

from __future__ import annotations

import argparse

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import config_for_viewing, report_damage
from refinery.cli.output import note, print_json
from refinery.cli.rows import damage_lines
from refinery.errors import RefineryError, UsageError
from refinery.repo.refs import valid_branch
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.audit.measuring import Measured
    from refinery.queue.measures import Measures
    from refinery.queue.shares import ShareFigures
    from refinery.store.view import View

HELP = """\
How long merge requests take, what the checks cost, how green the targets are, what the queue
believes of changes, with how many observations stand behind each, and how good its landing times
were. All of it comes out of the queue's own commits and records."""
EXAMPLES = """\
  refinery stats                                    the last 30 days
  refinery stats --since 7d --target main
  refinery stats --json | jq .turnaround_minutes.p95
  refinery stats --json | jq .landing_times         how good the expected landing times were
  refinery stats --openmetrics refinery.prom        for node_exporter or a CI artifact
"""

_USUAL = "30d"


class CannotWrite(RefineryError):
    """The file that was asked for cannot be written."""

    code = "cannot-write"
    usual_hint = "name another place, or make this one writable"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `stats`."""
    add_rig(parser)
    parser.add_argument("--target", metavar="T", help="only what is about this target")
    parser.add_argument(
        "--since",
        metavar="WHEN",
        default=_USUAL,
        help=f"12h, 7d, 4w or a date, which is taken in UTC (default: {_USUAL})",
    )
    add_json(parser)
    parser.add_argument(
        "--openmetrics", metavar="FILE", help="write OpenMetrics text; - is the standard output"
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    if arguments.json and arguments.openmetrics:
        raise UsageError("--json and --openmetrics: only one of them")
    if arguments.target and arguments.openmetrics:
        raise UsageError("--openmetrics is about the whole queue: leave --target out")
    with open_queue(arguments.rig) as queue:
        if arguments.target and valid_branch(arguments.target):
            queue.store.targets.add(arguments.target)
        view = queue.whole_view()
        report_damage(view)
        found = _measured(queue, view, arguments)
        shares = [] if arguments.openmetrics else _shares(queue, view, found.measures)
        text = _openmetrics(queue, view, found.measures) if arguments.openmetrics else ""
        name = queue.name
    if arguments.openmetrics:
        _write(arguments.openmetrics, text)
    elif arguments.json:
        from refinery.cli.stats_json import document

        print_json(document(name, found.measures, found.accuracy, shares))
    else:
        from refinery.cli.stats_view import show

        show(name, found.measures, found.accuracy, shares)
    return 0


def _measured(queue: Queue, view: View, arguments: argparse.Namespace) -> Measured:
    from refinery.audit.measuring import measured
    from refinery.cli.durations import since

    now = queue.now()
    found = measured(
        queue.store,
        view,
        since=since(arguments.since, now),
        now=now,
        target=arguments.target,
        look_at_changes=not arguments.openmetrics,
        configs=None if arguments.openmetrics else queue.configs(view),
    )
    for line in damage_lines(found.damage):
        note(line)
    return found


def _shares(queue: Queue, view: View, measures: Measures) -> list[ShareFigures]:
    from refinery.queue.shares import figures_by_share

    config = config_for_viewing(queue, view, measures.period.target)
    return figures_by_share(view, measures, config.fairness)


def _openmetrics(queue: Queue, view: View, measures: Measures) -> str:
    from refinery import __version__
    from refinery.audit.counting import counted
    from refinery.queue.metrics import families
    from refinery.queue.openmetrics import render

    return render(families(measures, counted(queue.store, view), version=__version__))


def _write(file: str, text: str) -> None:
    """All of it or nothing: whoever reads the file meanwhile has the old one."""
    if file == "-":
        print(text, end="")
        return
    import os
    from pathlib import Path

    place = Path(file)
    new = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(place)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise CannotWrite(f"write {file!r}: {error.strerror}") from error
