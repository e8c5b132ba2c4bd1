"""post-receive on one's own server: a plain `git push` submits; a failure here fails no push."""

from __future__ import annotations

import os
from collections.abc import Iterable

from refinery.app import Queue, open_queue
from refinery.errors import RefineryError
from refinery.hooks.push_options import PushOptions, from_environment, parse
from refinery.hooks.pushed import Pushed, of_server
from refinery.hooks.saying import complain, say
from refinery.queue.order import live
from refinery.records.names import Branch
from refinery.repo.history import newest_first
from refinery.store.view import View
from refinery.submit.authorship import is_submitted_by_push
from refinery.submit.prospects import forecast, place
from refinery.submit.submission_words import foreseen, still_pinned, told
from refinery.submit.submitting import NothingToLand, Options, prepare, settings, submit, together
from refinery.values import replace


def run(lines: Iterable[str]) -> int:
    """Submit every branch of the push that wants it; always 0, for the push is done."""
    try:
        _run(of_server(lines))
    except RefineryError as error:
        complain(error)
    return 0


def _run(pushed: list[Pushed]) -> None:
    with open_queue(from_environment=True, worker="post-receive") as queue:
        if any(each.ref.startswith(f"{queue.store.refs.prefix}/") for each in pushed):
            return  # a push of refinery's own: its record came along
        options = parse(from_environment(os.environ))
        if options.submission.unit and len(pushed) > 1:
            _as_a_unit(queue, pushed, options)
            return
        for each in pushed:
            if each.branch is not None:
                _branch(queue, each, each.branch, options)


def _as_a_unit(queue: Queue, pushed: list[Pushed], options: PushOptions) -> None:
    """All branches of the push in one transaction: none of them could land before the others."""
    view = queue.store.read()
    targets = {view.header.default_target, *view.header.landed}
    heads = {each.new: each for each in pushed if each.branch not in targets and each.new}
    ordered = [heads[oid] for oid in reversed(newest_first(queue.repo, list(heads)))]
    try:
        wanted = [
            replace(options.submission, branch=each.branch, head=each.new)
            for each in ordered
            if each.branch is not None
        ]
        several = [(each, prepare(queue, each, view=view)) for each in wanted]
        for outcome in together(queue, several) if several else ():
            say(told(outcome, None))
    except RefineryError as error:
        say(["the branches were pushed, but none of them was submitted"])
        complain(error)


def _branch(queue: Queue, pushed: Pushed, branch: Branch, options: PushOptions) -> None:
    view = queue.store.read()
    if branch in {view.header.default_target, *view.header.landed}:
        if options.asks:
            say([f"{branch} is a target itself: it is not submitted"])
        return
    if pushed.new is None:
        _deleted(queue, branch)
    elif options.asks or is_submitted_by_push(branch, settings(queue, view)[0].branches):
        try:
            _submit(queue, view, replace(options.submission, branch=branch, head=pushed.new))
        except RefineryError as error:
            say([f"{branch} was pushed, but not submitted"])
            complain(error)


def _submit(queue: Queue, view: View, options: Options) -> None:
    outcome = submit(queue, options, view=view)
    if isinstance(outcome, NothingToLand):
        say(told(outcome, None))
        return
    say(told(outcome, place(queue, outcome)))
    say(foreseen(forecast(queue, outcome)))


def _deleted(queue: Queue, branch: Branch) -> None:
    """A deleted branch withdraws nothing: its commit is pinned."""
    for mr in live(queue.view()):
        if mr.branch == branch:
            say(still_pinned(mr))
