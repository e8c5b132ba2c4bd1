"""The document of a report: what its pages show, for programs; units stand in the names."""

from __future__ import annotations

from refinery.cli.stats_json import document as figures
from refinery.page.history import Culprit, History, Step
from refinery.page.report import Report
from refinery.queue.board_values import Board, Ended, Line, Running
from refinery.queue.spread import Spread
from refinery.records.times import format_time
from refinery.typed import Any


def document(report: Report) -> dict[str, Any]:
    """Everything; names and meanings stay as they are."""
    board = report.board
    return {
        "rig_name": report.name,
        "at": format_time(report.at),
        "paused": board.paused is not None,
        "targets": [_target(board, number) for number in range(len(board.targets))],
        "running": [_running(each) for each in board.running],
        "queue": [_line(each) for each in board.line],
        "recent": [_ended(each) for each in board.recent],
        "history": {
            each.history.stretch.span.value: _history(report.name, each.history)
            for each in report.histories
        },
    }


def _target(board: Board, number: int) -> dict[str, Any]:
    target = board.targets[number]
    return {
        "target": target.target,
        "tip": target.tip,
        "health": target.health.value,
        "why": target.why,
        "ready": target.ready,
        "under_test": target.under_test,
        "blocked": target.blocked,
        "held": target.held,
        "needs_rework": target.rework,
        "oldest_ready_seconds": _rounded(target.oldest_ready_seconds),
    }


def _running(running: Running) -> dict[str, Any]:
    return {
        "members": [*running.members],
        "target": running.target,
        "base": running.base,
        "worker": running.worker,
        "since": format_time(running.since),
        "expected_seconds": _rounded(running.expected_seconds),
        "why": running.why,
    }


def _line(line: Line) -> dict[str, Any]:
    mr, time = line.mr, line.landing_time
    return {
        "id": mr.id,
        "position": line.position,
        "branch": mr.branch,
        "target": mr.target,
        "head": mr.head,
        "title": mr.title,
        "worker": mr.worker,
        "priority": mr.priority,
        "submitted_at": format_time(mr.submitted_at),
        "code": line.code.value,
        "words": line.words,
        "waits_for": line.waits_for,
        "lands_in_seconds": None if time is None else _rounded(time.median),
    }


def _ended(ended: Ended) -> dict[str, Any]:
    return {
        "id": ended.id,
        "branch": ended.mr.branch,
        "target": ended.mr.target,
        "title": ended.mr.title,
        "worker": ended.mr.worker,
        "close_reason": ended.how.value if ended.how else None,
        "closed_at": format_time(ended.when),
        "commit": ended.commit,
        "waited_seconds": _rounded(ended.waited_seconds),
    }


def _history(name: str, history: History) -> dict[str, Any]:
    told = figures(name, history.measures)
    for now in ("rig_name", "queue", "workers", "paused", "oldest_ready_minutes"):
        del told[now]  # these are about the present, and stand above
    return {
        **told,
        "failure_share": _rounded(history.failure_share),
        "flake_share": _rounded(history.flake_share),
        "conflicts": history.conflicts,
        "steps": [_step(each) for each in history.steps],
        "culprits": [_culprit(each) for each in history.culprits],
        "authors": [
            {"name": each.name, "sent_back": each.blamed, "landed": each.landed}
            for each in history.authors
        ],
        "conflicts_by_path": [
            {
                "path": each.path,
                "times": each.times,
                "merge_requests": each.mrs,
                "last": format_time(each.last),
                "newest": each.newest,
            }
            for each in history.contended
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "since": format_time(step.since),
        "landed": step.landed,
        "landing_minutes": _spread(step.landing),
        "wait_minutes": _spread(step.wait),
        "ci_minutes": _rounded(step.ci_minutes),
        "runs": step.runs,
        "failed": step.failed,
        "good_trees": step.trees,
        "flaky": step.flaky,
    }


def _culprit(culprit: Culprit) -> dict[str, Any]:
    return {
        "id": culprit.mr.id,
        "branch": culprit.mr.branch,
        "title": culprit.mr.title,
        "worker": culprit.mr.worker,
        "at": format_time(culprit.at),
        "outcome": culprit.outcome.value,
        "note": culprit.note,
        "with_others": culprit.together,
        "code": culprit.code.value,
        "close_reason": culprit.mr.close_reason.value if culprit.mr.close_reason else None,
    }


def _spread(found: Spread) -> dict[str, Any]:
    known = found.count > 0
    return {
        "count": found.count,
        "p50": _rounded(found.p50) if known else None,
        "p95": _rounded(found.p95) if known else None,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)
