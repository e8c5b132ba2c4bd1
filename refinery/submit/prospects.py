"""What a submission has before it: its place in the queue, and what it will conflict with."""

from __future__ import annotations

from refinery.errors import RefineryError
from refinery.queue.folding import seen
from refinery.queue.order import queue
from refinery.records.names import Branch, Sha
from refinery.store.view import View
from refinery.submit.submitting import Door, Prepared, StillQueued, Submitted, settings
from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.queue.forecasting import Forecast


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands among those that wait; position 0 is being processed."""

    position: int
    of: int


def place(door: Door, outcome: Submitted | StillQueued) -> Place | None:
    """Its place in the queue; None when it was settled while nobody looked."""
    now = door.now()
    view = seen(outcome.view, now)
    config, _ = settings(door, view, outcome.mr.target)
    entries = queue(view, now, config)
    found = next((entry for entry in entries if entry.mr.id == outcome.mr.id), None)
    return None if found is None else Place(found.position, entries[-1].position)


def forecast(door: Door, outcome: Submitted | StillQueued) -> Forecast:
    """What it will run into on the way to its target."""
    return forecast_head(door, outcome.view, outcome.mr.branch, outcome.mr.target, outcome.mr.head)


def forecast_head(door: Door, view: View, branch: Branch, target: Branch, head: Sha) -> Forecast:
    """What a head will run into, queued or not; its own revisions are not in its way."""
    from refinery.submit.footing import footing
    from refinery.submit.forecasting import forecast_one

    now = seen(view, door.now())
    own = [mr.id for mr in now.mrs.values() if (mr.branch, mr.target) == (branch, target)]
    below = footing(door.repo, now, branch, target, head).below if target in now.targets else ()
    return forecast_one(door.repo, now, head, target, own, branch=branch, stands_on=tuple(below))


class Foretelling:
    """A forecast that is made while the submission is pushed: both mostly wait for git."""

    def __init__(self, door: Door, prepared: Prepared) -> None:
        from threading import Thread

        self._door = door
        self._prepared = prepared
        self._found: Forecast | None = None
        self._trouble: Exception | None = None
        self._thread = Thread(target=self._run)
        self._thread.start()

    def join(self) -> None:
        """Wait until it needs the repository no more."""
        self._thread.join()

    def result(self) -> Forecast:
        """What was found; a forecast that could not be made says so, and is no failure."""
        self.join()
        if self._found is None:
            assert self._trouble is not None
            raise self._trouble
        return self._found

    def _run(self) -> None:
        prepared, head = self._prepared, self._prepared.head.oid
        branch = prepared.stand.branch
        try:
            self._found = forecast_head(self._door, prepared.view, branch, prepared.target, head)
        except RefineryError as error:
            from refinery.queue.forecasting import Forecast, Subject

            subject = Subject(None, branch, prepared.target, head)
            self._found = Forecast(subject, unknown=error.message)
        except Exception as bug:  # raised again by `result`, where somebody can see it
            self._trouble = bug
