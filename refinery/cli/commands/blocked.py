"""`refinery blocked`: what waits for an issue or another merge request, and for which."""

from __future__ import annotations

import argparse

from refinery.app import open_queue
from refinery.cli.command import add_json, add_rig
from refinery.cli.listing import config_for_viewing, show_rows
from refinery.queue.standing import Code, Standing, standing
from refinery.records.names import IssueRef

HELP = "Merge requests that are blocked by an open issue or by another merge request."
EXAMPLES = """\
  refinery blocked
  refinery blocked --json | jq -r '.[] | "\\(.id) \\(.waits_for)"'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `blocked`."""
    add_rig(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print them."""
    from refinery.queue.order import blocked

    with open_queue(arguments.rig) as queue:
        view = queue.view()
        now = queue.now()
        show_rows(
            queue,
            view,
            blocked(view, now, config_for_viewing(queue, view)),
            f"🚧 Blocked MRs for '{queue.name}':",
            "(none blocked)",
            as_json=arguments.json,
            extra=lambda mr: f"Blocked by: {_task(mr.blocked_by, standing(view, mr, now))}",
        )
    return 0


def _task(issue: IssueRef | None, stands: Standing) -> str:
    if stands.code is Code.BLOCKED_BY_ISSUE:
        return issue or "a conflict whose issue is about to be opened"
    ended = " (it ended without landing)" if stands.code is Code.DEPENDENCY_FAILED else ""
    return f"{stands.dependency}{ended}"
