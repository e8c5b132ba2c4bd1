"""Words a conflict as it lies in its worktree, and what became of it."""

from __future__ import annotations

from refinery.answers.resolve import Aborted, Finished, Outcome
from refinery.answers.resolving import after_nothing, after_submission, kind, sides
from refinery.cli.output import plain, style
from refinery.queue.resolving import in_words
from refinery.records.merge_request import MergeRequest
from refinery.records.names import IssueRef
from refinery.resolving.laying_out import LaidOut, NothingToResolve, OpenFile
from refinery.resolving.workplace import Workplace
from refinery.submit.resolving import Resubmitted
from refinery.submit.submitting import NothingToLand
from refinery.typed import assert_never

_KINDS = {
    "both-changed": "both sides changed it",
    "both-added": "both sides added it",
    "deleted-by-theirs": "{theirs} deleted it, {ours} changed it",
    "deleted-by-ours": "{ours} deleted it, {theirs} changed it",
    "moved": "a side moved it",
    "resolved": "",
}


def lines(came: Outcome) -> list[str]:
    """What came of a step."""
    match came:
        case LaidOut():
            return laid_out(came)
        case NothingToResolve(mr=mr):
            return nothing(mr)
        case Finished(done=done, closed=closed, follow=follow):
            return submitted(done, closed, follow)
        case Aborted(mr=mr, place=place):
            return aborted(mr, place)
        case _:
            assert_never(came)


def laid_out(state: LaidOut) -> list[str]:
    """What conflicts, where it lies, and what git's words mean there."""
    mr, place = state.mr, state.place
    shown = [f"{style(mr.id, 'bold')} {plain(mr.branch)} → {plain(mr.target)}: {_counted(state)}"]
    if state.moved:
        shown.append(f"  {plain(mr.target)} has moved on meanwhile, and conflicts once more")
    shown.append(f"  worktree: {place.path}")
    shown += [f"  by itself: {plain(in_words((each,)))}" for each in state.known]
    shown += [_file(each, state) for each in state.files]
    if state.open:
        shown += ["", *_sides(state), "", *_advice(state)]
    command = f"refinery resolve {mr.id} --continue"
    return [*shown, f"  next: {style(command, 'cyan')}"]


def _counted(state: LaidOut) -> str:
    left = len(state.open)
    files = "1 file" if left == 1 else f"{left} files"
    what = f"{files} to resolve" if left else "nothing is left to resolve"
    if state.step is not None:
        return f"{what}, commit {state.step.number} of {state.step.of}"
    return what


def _file(each: OpenFile, state: LaidOut) -> str:
    if each.done:
        return f"  {style('✓', 'green')} {plain(each.file.path)}"
    named = {name: side["is"] for name, side in sides(state).items()}
    what = _KINDS[kind(each.file)].format(**named)
    made = f"; made by: {each.generator}" if each.generator else ""
    return f"  {style('✗', 'red')} {plain(each.file.path)}  {style(plain(what + made), 'dim')}"


def _sides(state: LaidOut) -> list[str]:
    told = sides(state)
    rows = [("<<<<<<<", "ours"), ("|||||||", "base"), (">>>>>>>", "theirs")]
    return [
        f"  {mark} {name:<6} {plain(told[name]['is'] or '')}"
        + (f" at {commit[:12]}" if (commit := told[name]["commit"]) else "")
        for mark, name in rows
    ]


def _advice(state: LaidOut) -> list[str]:
    said = []
    if any(each.marked for each in state.open):
        said.append("Edit the files until no marker is left; they need not be added.")
    if not all(each.marked for each in state.open):
        said.append("Of a file without markers `git checkout --ours` or `--theirs` takes a side;")
        said.append("then `git add` keeps it, and `git rm` removes it.")
    return [f"  {line}" for line in said]


def nothing(mr: MergeRequest) -> list[str]:
    """It fits as it is."""
    return [
        f"{style('✓', 'green')} {mr.id} fits {plain(mr.target)} as it is: nothing to resolve",
        f"  next: {style(after_nothing(mr), 'cyan')}",
    ]


def aborted(mr: MergeRequest, place: Workplace | None) -> list[str]:
    """The worktree is gone, or there was none."""
    if place is None:
        return [f"nothing of {mr.id} was laid out here"]
    return [f"{style('✓', 'green')} Removed {place.path}; {mr.id} is as it was"]


def submitted(done: Resubmitted, closed: IssueRef | None, follow: str) -> list[str]:
    """The new revision, and what is left to do."""
    if isinstance(done.outcome, NothingToLand):
        return [
            f"{done.mr.target} has all of it: nothing was submitted",
            f"  next: {style(f'refinery reject {done.mr.id}', 'cyan')}",
        ]
    new = done.outcome.mr
    shown = [f"{style('✓', 'green')} {done.mr.id} goes on as {style(new.id, 'bold')}"]
    shown += [f"  closed {closed}"] if closed else []
    waits = new.blocked_by is not None and closed is None
    shown += [f"  it waits until {new.blocked_by} is closed"] if waits else []
    shown += [f"  {plain(follow)}"] if follow else []
    command = after_submission(new, closed)
    return [*shown, f"  next: {style(command, 'cyan')}"]
