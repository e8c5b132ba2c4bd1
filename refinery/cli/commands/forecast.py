"""`refinery forecast`: which merge requests will conflict, with whom and where."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import show_empty, show_title, warn
from refinery.cli.output import plain, print_json, style
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.queue.forecasting import Forecast, Subject

HELP = """\
Which merge requests will conflict: each is merged, on trial, with its target and with every one
that lands before it.
"""
EXAMPLES = """\
  refinery forecast
  refinery forecast --branch feature
  refinery forecast --json | jq '.[] | select(.conflicts != [])'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `forecast`."""
    add_rig(parser)
    parser.add_argument("--branch", metavar="B", help="only a branch of this clone, queued or not")
    parser.add_argument("--target", metavar="T", help="only this target")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    from refinery.answers.foreseen import document, forecasts

    with open_queue(arguments.rig, engine=True) as queue:
        found = forecasts(queue, branch=arguments.branch, target=arguments.target, say=warn)
        if arguments.json:
            print_json(document(found))
            return 0
        show_title(f"🔮 Forecast for '{queue.name}':")
        if not found:
            show_empty("(nothing is queued)")
        for each in found:
            print(_line(each))
    return 0


def _line(found: Forecast) -> str:
    from refinery.queue.forecasting import forecast_words

    words = plain(forecast_words(found))
    shown = style(words, "green" if found.clean else "yellow")
    return f"  {_name(found.subject)}: {shown}"


def _name(subject: Subject) -> str:
    id = f"{subject.mr} " if subject.mr else ""
    return f"{id}{plain(subject.branch)} → {plain(subject.target)}"
