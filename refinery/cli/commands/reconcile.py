"""`refinery reconcile`: finds what a lost webhook would have said."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.output import counted, note, plain, print_json
from refinery.errors import TryAgain

HELP = """\
Find everything that a lost webhook would have said, and do it: issues that were closed, reopened or
deleted, branches that were pushed and are not queued, merge requests that are in their target
already, submissions that are not taken in, words that were not said.  Running it again changes
nothing.  A branch whose commit was rejected is not submitted again.

Exit codes: 0 all is known and done; 75 a tracker or the remote is away, try again."""
EXAMPLES = """\
  refinery reconcile               on a schedule, or after webhooks were down
  refinery reconcile --dry-run     say what would be done
  refinery reconcile --json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `reconcile`."""
    add_rig(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, do nothing")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look, do, say."""
    from refinery.cli.ci_report import reporting
    from refinery.cli.narration import worded
    from refinery.webhook.reconciling import Kind, put_right, survey
    from refinery.webhook.telling import Teller

    teller = Teller(worded)
    with reporting() as report, open_queue(arguments.rig, engine=True) as queue:
        report.recorded = teller.lines
        engine = queue.engine(teller.happened)
        found = survey(queue, engine)
        if not arguments.dry_run:
            put_right(queue, engine, found, teller)
    if arguments.json:
        print_json(
            {
                "dry_run": arguments.dry_run,
                "found": [
                    {"kind": str(each.kind), "words": each.words, "mr": each.mr}
                    for each in found.findings
                ],
                "said": teller.lines,
                "merge_requests": teller.mrs,
            }
        )
    else:
        for each in found.findings:
            print(plain(f"found: {each.words}"))
        for line in teller.lines:
            print(plain(line))
        note(counted(len(found.findings), "finding"))
    unknown = any(each.kind is Kind.ISSUE_UNKNOWN for each in found.findings)
    return TryAgain.exit_code if unknown else 0
