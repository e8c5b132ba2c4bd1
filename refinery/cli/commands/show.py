"""`refinery show`: all about one merge request."""

from __future__ import annotations

import argparse
from datetime import datetime

from refinery.app import open_queue
from refinery.cli.command import add_json, add_mr, add_repo
from refinery.cli.listing import warn
from refinery.cli.output import plain, print_json, style
from refinery.cli.rows import age, bracketed, fields, moment
from refinery.looks import ATTEMPTS
from refinery.queue.freeze_words import hotfix_words
from refinery.queue.resolving import in_words
from refinery.queue.standing import live_claim, standing
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.records.merge_request import Attempt, MergeRequest
    from refinery.store.view import View

HELP = """\
All about one merge request: state, place and expected landing time, attempts, block, failure,
landing."""
EXAMPLES = """\
  refinery show feature
  refinery show mr-0a1b
  refinery show mr-0a1b --json | jq .attempts
  refinery show mr-0a1b --json | jq -r .estimate.expected_at
"""

_WIDTH = 14


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `show`."""
    add_mr(parser)
    add_repo(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    from refinery.answers.show import document, logs_of, points_of
    from refinery.answers.why import why
    from refinery.cli.estimated import rows_of_estimate

    with open_queue(arguments.rig) as queue:
        found = why(queue, arguments.id, say=warn)
        if arguments.json:
            print_json(document(queue, found))
            return 0
        logs = logs_of(queue, found.asked.mr)
    view, mr, now = found.asked.view, found.asked.mr, found.asked.now
    print(f"{style(mr.id, 'bold')} {plain(mr.title)}\n")
    print("\n".join(_facts(view, mr, now, points_of(found))))
    reason = [("Why", found.explained.words), ("Next", found.explained.next)]
    rows = [*rows_of_estimate(mr, found.place, found.estimate), *reason]
    print("\n".join(fields(rows, width=_WIDTH)))
    print("\n".join(_past(mr, logs)), end="")
    return 0


def _facts(view: View, mr: MergeRequest, now: datetime, points: float) -> list[str]:
    claim = live_claim(view, mr.id, now)
    rows = [
        ("Branch", f"{mr.branch} → {mr.target}"),
        ("Head", mr.head),
        ("Worker", mr.worker),
        ("Issue", mr.source_issue),
        ("Epic", mr.epic),
        ("Convoy", mr.convoy_id),
        ("Priority", f"P{mr.priority}" + ("" if mr.closed else f" (score {points:.1f})")),
        ("Created", f"{moment(mr.created_at)} ({age(mr.created_at, now)} ago)"),
        ("Retries", str(mr.retry_count) if mr.retry_count else None),
        ("Claimed by", f"{claim.worker} until {moment(claim.expires_at)}" if claim else None),
        ("Depends on", ", ".join(mr.depends_on)),
        ("Unit", mr.unit),
        ("Blocked by", mr.blocked_by),
        ("Conflicts in", ", ".join(mr.block.files) if mr.block else None),
        ("Resolved", in_words(mr.resolution.ways) if mr.resolution else None),
        ("Labels", ", ".join(mr.labels)),
        ("Hotfix", hotfix_words(mr)),
        ("Supersedes", mr.supersedes),
        ("Closed", moment(mr.closed_at) if mr.closed_at else None),
        *_landing(mr),
    ]
    status = f"  {'Status:':<{_WIDTH}}{bracketed(mr, standing(view, mr, now))}"
    return [status, *fields(rows, width=_WIDTH)]


def _landing(mr: MergeRequest) -> list[tuple[str, str | None]]:
    landing = mr.landing
    if landing is None:
        return []
    others = [id for id in landing.candidate if id != mr.id]
    return [
        ("Landed as", f"{mr.merge_commit} ({landing.method.value}, by {landing.worker})"),
        ("Tested", f"tree {landing.tree} on {landing.base[:12]}: {landing.result}"),
        ("Landed with", ", ".join(others)),
    ]


def _past(mr: MergeRequest, logs: list[str]) -> list[str]:
    shown: list[str] = []
    if mr.attempts:
        shown += ["", "  Attempts:", *(f"    {_attempt(each)}" for each in mr.attempts)]
    if mr.failure is not None and not mr.closed:
        shown += [
            "",
            "  Failure:",
            *(f"    {line}" for line in plain(mr.failure.message).splitlines()),
        ]
    if logs:
        shown += ["", "  Logs:", *(f"    {path}" for path in logs)]
    return [*shown, ""] if shown else []


def _attempt(attempt: Attempt) -> str:
    base = f" on {attempt.base[:12]}" if attempt.base else ""
    note = f": {plain(attempt.note)}" if attempt.note else ""
    who = plain(attempt.worker)
    return f"{moment(attempt.at)} {ATTEMPTS[attempt.outcome].word}{base}{note} ({who})"
