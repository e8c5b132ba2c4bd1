"""Prints frames as text: one, or another whenever something changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from refinery.errors import TryAgain
from refinery.live.desk import Desk
from refinery.live.frame import frame, tails_here
from refinery.live.heading import Freshness
from refinery.live.ink import Line, Pen, plain
from refinery.live.looking import Looking
from refinery.looks import ANSI

_WIDE = 120  # columns where there is no terminal


def print_frames(
    desk: Desk,
    pen: Pen,
    *,
    colour: bool,
    every: float,
    once: bool,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """The first frame at once; then, unless `once`, one for each change, until ^C."""
    looking = Looking(every)
    while True:
        looking.begin()
        try:
            snapshot, news = desk.look()
        except TryAgain as trouble:
            if once:
                raise
            pause = looking.failed(trouble.message)
            print(f"warning: {pen.text(trouble.message)}", file=sys.stderr, flush=True)
        else:
            if news:
                width = _columns()
                fresh = Freshness(0.0)
                now = desk.now()
                shown = frame(
                    snapshot, tails_here(snapshot), now, width=width, pen=pen, fresh=fresh
                )
                print(
                    "\n".join(_text(line, colour=colour) for line in shown)
                    + ("" if once else "\n"),
                    flush=True,
                )
            if once:
                return 0
            pause = looking.went_well(news=news)
        wait(pause)


def _columns() -> int:
    try:
        return max(40, int(os.environ["COLUMNS"]))
    except (KeyError, ValueError):
        pass
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError):
        return _WIDE


def _text(line: Line, *, colour: bool) -> str:
    if not colour:
        return plain(line)
    return "".join(
        _painted(span.text, ANSI[span.role], strong=span.strong) for span in line
    ).rstrip()


def _painted(text: str, code: str, *, strong: bool) -> str:
    codes = ";".join(each for each in (code, "1" if strong else "") if each)
    return f"\x1b[{codes}m{text}\x1b[0m" if codes and text.strip() else text
