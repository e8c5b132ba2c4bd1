"""pre-push in a clone, native or by pre-commit: forecasts, and announces what will be pushed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from refinery.app import Queue, open_queue
from refinery.errors import RefineryError
from refinery.hooks.pushed import Pushed, of_client
from refinery.hooks.saying import complain, say
from refinery.records.names import Branch, Ref, Sha
from refinery.repo.refs import resolve
from refinery.repo.repository import IN_PLACE, Repository
from refinery.repo.yes_or_no import yes_or_no
from refinery.submit.authorship import is_submitted_by_push
from refinery.submit.prospects import forecast_head
from refinery.submit.submission_words import foreseen, told
from refinery.submit.submitting import (
    Options,
    carry_out,
    prepare,
    settings,
)

BLOCKED = 10
BLOCKING = "refinery.blockonconflict"


def run(arguments: Sequence[str], lines: Iterable[str]) -> int:
    """Announce every branch of the push that is submitted by pushing.

    0 lets the push go on, and so does whatever fails in here; `BLOCKED` only where
    refinery.blockOnConflict is set and a branch conflicts with its target.
    """
    try:
        return _run(arguments, of_client(lines))
    except RefineryError as error:
        complain(error)
        say(["the push goes on without refinery"])
        return 0


def _run(arguments: Sequence[str], pushed: list[Pushed]) -> int:
    environ = os.environ
    with open_queue(pins=True, worker="pre-push", from_environment="GIT_DIR" in environ) as queue:
        names = _remote(arguments, environ)
        if not _is_ours(queue.repo, names):
            return 0
        everything = pushed or _told_by_pre_commit(queue.repo, environ)
        branches = [(each.branch, each.new) for each in everything if each.branch and each.new]
        codes = [_branch(queue, branch, head) for branch, head in branches if branch and head]
        return max(codes, default=0)


def _branch(queue: Queue, branch: Branch, head: Sha) -> int:
    view = queue.store.read()
    targets = {view.header.default_target, *view.header.landed}
    if branch in targets or not is_submitted_by_push(branch, settings(queue, view)[0].branches):
        return 0
    options = Options(branch=branch, head=head, move_branch=False, intent=True)
    prepared = prepare(queue, options, view=view)
    foreseen_now = forecast_head(queue, prepared.view, branch, prepared.target, head)
    say(f"{branch} {line}" for line in foreseen(foreseen_now))
    if any(clash.mr is None for clash in foreseen_now.conflicts) and _blocks(queue.repo):
        say(
            [
                f"the push of {branch} is stopped: refinery.blockOnConflict is set",
                f"rebase it on {prepared.target}, or push with --no-verify",
            ]
        )
        return BLOCKED
    say(told(carry_out(queue, options, prepared), None))
    return 0


def _blocks(repo: Repository) -> bool:
    return yes_or_no(repo.setting(BLOCKING)) is True


def _remote(arguments: Sequence[str], environ: Mapping[str, str]) -> set[str]:
    """The remote of this push, by name and by URL."""
    told = [
        *arguments[:2],
        environ.get("PRE_COMMIT_REMOTE_NAME"),
        environ.get("PRE_COMMIT_REMOTE_URL"),
    ]
    return {name for name in told if name}


def _is_ours(repo: Repository, names: set[str]) -> bool:
    """Whether the push goes to where the queue is."""
    ours = repo.remote_name()
    if ours is None or ours == IN_PLACE:
        return False
    urls = {repo.setting(f"remote.{ours}.{key}") for key in ("url", "pushurl")}
    return bool(names & {ours, *urls})


def _told_by_pre_commit(repo: Repository, environ: Mapping[str, str]) -> list[Pushed]:
    """The one ref that pre-commit tells about; it passes nothing on standard input."""
    ref = environ.get("PRE_COMMIT_REMOTE_BRANCH")
    local = environ.get("PRE_COMMIT_TO_REF") or environ.get("PRE_COMMIT_LOCAL_BRANCH")
    head = resolve(repo, local) if local else None
    if not ref or head is None:
        return []
    return [Pushed(Ref(ref if ref.startswith("refs/") else f"refs/heads/{ref}"), None, head)]
