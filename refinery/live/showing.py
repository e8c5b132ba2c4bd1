"""Shows the live view until somebody leaves it, and leaves the terminal as it was."""

from __future__ import annotations

import os
import signal
import sys

from refinery.live.desk import Desk
from refinery.live.ink import Pen
from refinery.live.view import LiveView

PATIENCE = 300.0  # seconds: what somebody ordered is finished before the end


def show(desk: Desk, pen: Pen, *, colour: bool, every: float) -> int:
    """The exit code."""
    if not colour:
        os.environ["NO_COLOR"] = "1"  # where textual looks
    view = LiveView(desk, pen, every=every)
    before = signal.signal(signal.SIGTERM, lambda *_: view.exit())
    try:
        view.run(mouse=False)
    finally:
        signal.signal(signal.SIGTERM, before)
    if view.bug is not None:
        raise view.bug
    if view.under_way is not None:
        print(f"finishing: {view.under_way.doing} (^C: do not wait)", file=sys.stderr)
        view.reader.leave(patience=PATIENCE)
    return view.return_code or 0
