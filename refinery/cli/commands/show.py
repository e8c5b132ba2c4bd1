"""`refinery show`: all about one merge request."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from refinery.app import Queue, open_queue
from refinery.cli.command import add_json, add_mr, add_repo
from refinery.cli.finding import find, remote_of, with_target
from refinery.cli.listing import config_for_viewing, report_damage
from refinery.cli.output import plain, print_json, style
from refinery.cli.rows import age, bracketed, fields, json_of, moment
from refinery.looks import ATTEMPTS
from refinery.queue.standing import live_claim, standing

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
    from refinery.cli.estimated import json_of_estimate, rows_of_estimate
    from refinery.queue.board import placed
    from refinery.queue.explaining import explain
    from refinery.queue.score import score

    with open_queue(arguments.rig) as queue:
        view = queue.view()
        report_damage(view)
        mr = find(queue, view, arguments.id)
        view = with_target(queue, view, mr)
        now = queue.now()
        config = config_for_viewing(queue, view, mr.target)
        points = round(score(mr, now, config.score), 3)
        logs = _logs(queue, mr)
        place, estimate = placed(view, mr, config, now)
        if arguments.json:
            expected = json_of_estimate(place, estimate)
            print_json({**json_of(view, mr, now), "score": points, **expected, "logs": logs})
            return 0
        explained = explain(view, mr, config, now, remote=remote_of(queue))
        print(f"{style(mr.id, 'bold')} {plain(mr.title)}\n")
        print("\n".join(_facts(view, mr, now, points)))
        why = [("Why", explained.words), ("Next", explained.next)]
        rows = [*rows_of_estimate(mr, place, estimate), *why]
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
        ("Blocked by", mr.blocked_by),
        ("Conflicts in", ", ".join(mr.block.files) if mr.block else None),
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


def _logs(queue: Queue, mr: MergeRequest) -> list[str]:
    """Where this clone keeps the output of the checks that tested it, if it ran them."""
    trees = {attempt.tree for attempt in mr.attempts}
    trees |= {each.tree for each in (mr.failure, mr.landing) if each is not None}
    folder = queue.repo.state_dir / "logs"
    return sorted(
        str(path)
        for tree in trees
        if tree is not None
        for path in folder.glob(f"{tree[:12]}-*.log")
    )
