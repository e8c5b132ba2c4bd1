"""`refinery fsck`: checks every record and ref of the queue."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.output import counted, note, plain, print_json, style
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.audit.findings import Finding, Inspection

HELP = """\
Check every ref and record of the queue: each can be read, is complete, and what it names is there.
Changes nothing. Errors need a person, warnings are put right by the next `refinery process`, infos
are only worth knowing. Exits 1 when there are errors."""
EXAMPLES = """\
  refinery fsck
  refinery fsck --json | jq '.findings[] | select(.severity == "error")'
"""

_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `fsck`."""
    add_rig(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Inspect and print."""
    from refinery.audit.findings import Severity
    from refinery.audit.inspection import inspect

    with open_queue(arguments.rig, engine=True) as queue:
        inspection = inspect(queue.store, clock=queue.clock, tell=note)
    if arguments.json:
        print_json(asdict(inspection))
    else:
        _print(inspection)
    return 1 if inspection.count(Severity.ERROR) else 0


def _print(inspection: Inspection) -> None:
    from refinery.audit.findings import Severity

    for finding in inspection.findings:
        _print_finding(finding)
    looked = f"{counted(inspection.refs, 'ref')} and {counted(inspection.records, 'record')}"
    counts = [
        counted(number, severity.value)
        for severity in Severity
        if (number := inspection.count(severity))
    ]
    bad = inspection.count(Severity.ERROR)
    mark = style("✗", "red") if bad else style("✓", "green")
    print(f"{mark} {looked}: {', '.join(counts) or 'nothing is wrong'}")


def _print_finding(finding: Finding) -> None:
    severity = finding.severity.value
    print(f"{style(severity, _COLOURS[severity])} {finding.code}  {plain(finding.where)}")
    print(f"    {plain(finding.what)}")
    if finding.fix:
        print(style(f"    fix: {plain(finding.fix)}", "dim"))
