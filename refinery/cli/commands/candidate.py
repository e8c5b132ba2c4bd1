"""`refinery candidate`: takes, tests and settles a candidate in three jobs."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from refinery.app import Queue, open_queue, worker_name
from refinery.cli.command import add_json, add_rig
from refinery.cli.durations import duration
from refinery.cli.output import note, print_json
from refinery.cli.reading import read_most
from refinery.errors import RefineryError, UsageError
from refinery.typed import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from refinery.cli.ci_report import Report
    from refinery.cli.narration import Narrator
    from refinery.engine.run import Orders
    from refinery.records.handed_over import HandedOver
    from refinery.records.verdict import Verdict

    Passed = TypeVar("Passed", HandedOver, Verdict)

HELP = """\
Test merge requests in a job that may not write: `take` claims the next candidate and writes it to
a file, `test` makes the same tree again and runs the checks, `settle` lands it or says why not.
`process` does all three at once.

`take` writes {} where nothing is to be tested. Exit codes: 0 done, also when the checks fail;
1 the checks could not run, or the files do not belong together; 75 the world moved on meanwhile or
the remote is away: take again."""
EXAMPLES = """\
  refinery candidate take --out candidate.json
  refinery candidate test candidate.json --out verdict.json
  refinery candidate settle candidate.json verdict.json
"""

_LONGEST_FILE = 4 << 20
_WRITES_IT = "`refinery candidate take` and `test` write these files: --out FILE"
_LONGEST_LINE = 100_000  # bytes: the next job may get it in a variable, and Linux takes 128 KiB


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `candidate`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    take = actions.add_parser("take", help="claim the next candidate that has to be tested")
    take.add_argument("--out", metavar="FILE", default="-", help="where to (default: stdout)")
    take.add_argument(
        "--claim-for", metavar="TIME", default="1h", help="how long it may take (default: 1h)"
    )
    test = actions.add_parser("test", help="run the checks; writes nothing to the repository")
    test.add_argument("candidate", metavar="CANDIDATE", help="what `take` wrote; - for stdin")
    test.add_argument("--out", metavar="FILE", default="-", help="where to (default: stdout)")
    settle = actions.add_parser("settle", help="land it, or say why not")
    settle.add_argument("candidate", metavar="CANDIDATE", help="what `take` wrote; - for stdin")
    settle.add_argument(
        "verdict",
        metavar="VERDICT",
        nargs="?",
        help="what `test` wrote; without it, or where it is empty, the candidate is given back",
    )
    add_json(settle)
    for action in (take, test, settle):
        add_rig(action)


def run(arguments: argparse.Namespace) -> int:
    """One of the three."""
    from refinery.cli.ci_report import reporting
    from refinery.engine.run import Orders
    from refinery.engine.signals import GracefulStop

    action = {"take": _take, "test": _test, "settle": _settle}[arguments.action]
    with (
        reporting() as report,
        open_queue(arguments.rig, engine=True, worker=_worker(arguments.action)) as queue,
        GracefulStop() as stop,
    ):
        return action(queue, arguments, Orders(stop=stop.asked, abandon=stop.at_once), report)


def _worker(action: str) -> str | None:
    """A name that no later process has: what is taken outlives this one, and is not left behind."""
    if action != "take":
        return None
    return f"{worker_name(outlives_process=True)}-{os.urandom(4).hex()}"


def _take(queue: Queue, arguments: argparse.Namespace, orders: Orders, report: Report) -> int:
    from datetime import timedelta

    from refinery.cli.narration import Narrator
    from refinery.engine.handing_over import put_back, take

    lasts = timedelta(seconds=duration(arguments.claim_for))
    engine = queue.engine(report.beside(Narrator(note, stream=sys.stderr)))
    engine.claim_for = lasts
    handed, end = take(engine, orders)
    report.see(engine.view, queue.now())
    try:
        _write(arguments.out, handed)
    except OSError:
        if handed is not None:
            put_back(engine, handed)
        raise
    if handed is None:
        note(f"nothing to test: {end.value}")
    return report.exit_code(end)


def _test(queue: Queue, arguments: argparse.Namespace, orders: Orders, report: Report) -> int:
    from refinery.cli.narration import Narrator
    from refinery.engine.checks import Abandoned
    from refinery.engine.handing_over import test
    from refinery.records.handed_over import HandedOver
    from refinery.records.verdict import Result

    handed = _read(HandedOver, arguments.candidate)
    if handed is None:
        _write(arguments.out, None)
        note("nothing to test")
        return 0
    report.only_tested = True
    judged = test(queue.engine(report.beside(Narrator(note, stream=sys.stderr))), handed, orders)
    if judged is None or isinstance(judged, Abandoned):
        why = judged.reason if judged else "the target declares no checks"
        raise NotTested(f"not tested: {why}")
    _write(arguments.out, judged)
    return 1 if judged.result is Result.ERROR else 0


class NotTested(RefineryError):
    """The checks were stopped, or there are none."""

    code = "not-tested"
    usual_hint = "its claim runs out by itself; take another: refinery candidate take"


def _settle(queue: Queue, arguments: argparse.Namespace, orders: Orders, report: Report) -> int:
    from refinery.cli.narration import Narrator
    from refinery.engine.handing_over import settle
    from refinery.records.handed_over import HandedOver
    from refinery.records.verdict import Verdict

    handed = _read(HandedOver, arguments.candidate)
    if handed is None:
        note("nothing to settle")
        if arguments.json:
            print_json(_document("nothing"))
        return 0
    verdict = _read(Verdict, arguments.verdict) if arguments.verdict else None
    narrator = Narrator(note, stream=sys.stderr)
    engine = queue.engine(report.beside(narrator))
    end = settle(engine, handed, verdict, orders)
    report.see(engine.view, queue.now())
    if arguments.json:
        print_json(_document(end.name.lower(), narrator))
    note(narrator.summary())
    return report.exit_code(end)


def _document(outcome: str, narrator: Narrator | None = None) -> dict[str, object]:
    return {
        "outcome": outcome,
        "landed": narrator.landed if narrator else 0,
        "conflicts": narrator.conflicts if narrator else 0,
        "failed": narrator.blamed if narrator else 0,
    }


def _write(where: str, record: HandedOver | Verdict | None) -> None:
    """One line of JSON, so that it can be the output of a CI job."""
    from refinery.records import document, text
    from refinery.records.verdict import Verdict

    mapping = {} if record is None else document.written(record)
    line = text.line(mapping) + "\n"
    if len(line.encode()) > _LONGEST_LINE and isinstance(record, Verdict):
        _write(where, _shortened(record))
    elif where == "-":
        sys.stdout.write(line)
    else:
        Path(where).write_text(line, encoding="utf-8")


def _shortened(verdict: Verdict) -> Verdict:
    """Of what each check printed only so much of the end that the line is not too long."""
    from refinery.values import replace

    most = _LONGEST_LINE // 2 // (6 * len(verdict.checks))  # JSON makes up to 6 bytes of a letter
    checks = (replace(each, tail=each.tail[-most:], note=each.note[:30]) for each in verdict.checks)
    return replace(verdict, checks=tuple(checks))


def _read(kind: type[Passed], where: str) -> Passed | None:
    """What such a line holds; None for an empty one."""
    from refinery.records import document

    try:
        data = read_most(where, _LONGEST_FILE)
    except OSError as error:
        raise UsageError(f"{where}: {error.strerror}", hint=_WRITES_IT) from None
    if len(data) > _LONGEST_FILE:
        raise UsageError(f"{where}: longer than {_LONGEST_FILE} bytes", hint=_WRITES_IT)
    if data.strip() in (b"", b"{}"):
        return None
    return document.read(kind, data, where=where)
