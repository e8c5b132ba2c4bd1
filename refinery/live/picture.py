"""What the screen shows, out of what is known and what somebody asked to see; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from refinery.live.choice import Choice
from refinery.live.frame import queue_title
from refinery.live.ink import Line, Pen, Span, apart, columns_of
from refinery.live.panels import Item, branch_columns, in_groups, queue_items
from refinery.live.snapshot import Snapshot
from refinery.looks import Role
from refinery.queue.board import Line as Entry
from refinery.queue.deeds import Deed, fitting
from refinery.records.times import span
from refinery.values import dataclass

_KEYS = {
    Deed.RETRY: ("r", "retry"),
    Deed.HOLD: ("h", "hold"),
    Deed.UNHOLD: ("h", "let go on"),
    Deed.PRIORITY: ("+ -", "priority"),
    Deed.REJECT: ("x", "reject"),
}

_ALWAYS = (("?", "keys"), ("q", "quit"))

Key = tuple[str, str]
"""What to press, and what it does."""

HELP = """\
Move
  Up, Down, j, k        one up, one down
  PgUp, PgDn, g, G      a page, the first, the last
  Tab, Shift+Tab        the next panel, the one before
  1, 2, 3               under test, queue, ended lately
  q, Ctrl+C             leave; queue and processor go on
See more
  Enter                 all about it: why it waits, what failed, what to do
  l                     follow the log of its checks, where this machine has it
  o                     the issue that blocks it
  L                     follow the processor's log
  /                     find by id, branch, title, worker or issue; Esc: all
  f                     only what needs somebody
  y                     copy the id
  Ctrl+R                look at the remote now
Decide
  h                     hold it, with a reason; or let it go on
  r                     try it again although it failed
  +  -                  more urgent, less urgent
  x                     reject it for good, with a reason
  p                     pause the whole queue, with a reason; or let it go on
""".splitlines()


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked to see of the queue: what holds `text`, only what needs somebody."""

    text: str = ""
    stuck_only: bool = False

    def fits(self, line: Entry) -> bool:
        """Whether the text is in it somewhere."""
        if not self.text:
            return True
        mr = line.mr
        told = (mr.id, mr.branch, mr.title, mr.worker, mr.source_issue or "", line.waits_for or "")
        return self.text.lower() in " ".join(told).lower()


def queue_panel(
    snapshot: Snapshot, wish: Wish, now: datetime, pen: Pen
) -> tuple[list[Item], str, str]:
    """The items, the title, and what stands there where there are none."""
    alone, stuck = in_groups(filter(wish.fits, snapshot.board.line))
    shown = stuck if wish.stuck_only else [*alone, *stuck]
    items = queue_items(shown, now, pen, branch=branch_columns(snapshot.board.line))
    if wish.text:
        return items, f"Queue ({len(shown)} with {wish.text!r}; Esc: all)", "no such merge request"
    if wish.stuck_only:
        return items, f"Needs somebody ({len(shown)}; f: all)", "nothing needs anybody"
    title = queue_title(snapshot, len(shown), pen)
    return items, title, "nothing is waiting: `refinery submit BRANCH` queues a branch"


def keys_line(choice: Choice | None, *, paused: bool) -> list[Key]:
    """The keys that do something now, the likely ones first."""
    line = choice.line if choice else None
    keys: list[Key] = []
    if choice is not None:
        keys.append(("Enter", "details"))
        keys += [("l", "log")] if choice.logs else []
    if line is not None:
        keys += [("o", "issue")] if line.issue else []
        keys += [_KEYS[deed] for deed in fitting(line.mr) if deed in _KEYS]
    return [*keys, ("p", "resume" if paused else "pause"), ("/", "find"), ("f", "stuck only")]


def keys_drawn(keys: Iterable[Key], width: int, pen: Pen) -> Line:
    """As many of them as there is room for, and at the end those that always do something."""
    always = _spans(_ALWAYS)
    room = width - _columns(always)
    shown: list[Span] = []
    for key in keys:
        spans = _spans([key])
        room -= _columns(spans)
        if room < 0:
            break
        shown += spans
    return apart(tuple(shown), always, width, pen)


def _columns(line: Line) -> int:
    return sum(columns_of(span.text) for span in line)


def _spans(keys: Iterable[Key]) -> Line:
    spans: list[Span] = []
    for key, words in keys:
        spans += [Span(key, Role.ACTIVE, strong=True), Span(f" {words}  ")]
    return tuple(spans)


def run_story(choice: Choice, now: datetime) -> Sequence[str]:
    """All about a candidate that is being tested."""
    snapshot, run = choice.snapshot, choice.run
    if run is None:
        return ["it is not being tested any more"]
    usual = f", usually {span(max(1.0, run.expected_seconds))}" if run.expected_seconds else ""
    lines = [
        f"{run.why}",
        "",
        f"Target:  {run.target}" + (f" at {run.base}" if run.base else ""),
        f"Worker:  {run.worker}",
        f"Since:   {run.since.astimezone():%H:%M:%S}, for {span(run.seconds(now))}{usual}",
        f"Checks:  {', '.join(snapshot.checks_of(run)) or 'none'}",
        "",
        "Members" if run.members else "No members: the target by itself",
    ]
    for id in run.members:
        line = snapshot.board.of(id)
        about = f"  {line.mr.branch}  {line.mr.title} ({line.mr.worker})" if line else ""
        lines.append(f"  {id}{about}")
    return ["".join(each if each.isprintable() else " " for each in line) for line in lines]
