"""Works off what the receiver kept, many deliveries at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from refinery.app import Queue, open_queue
from refinery.errors import RefineryError
from refinery.submit.submitting import settings
from refinery.values import dataclass
from refinery.webhook.acting import Done, Failed, Heard, Later, Outcome, act
from refinery.webhook.events import Forge
from refinery.webhook.ours import our_repository
from refinery.webhook.parsing import parse
from refinery.webhook.payload import Unparsable, read
from refinery.webhook.spool import Spool, Waiting
from refinery.webhook.telling import Teller

MOST_TRIES = 5
PATIENT_TRIES = 2  # then what the remote shows counts, even where the forge said otherwise
PORTION = 500
_FIRST_PAUSE = 1.0  # seconds; four times as long with each try
_LONGEST_PAUSE = 300.0
_PAUSE_WHILE_AWAY = 15.0

OpenQueue = Callable[[], Queue]
"""Opens the queue for one batch: what changed in the clone's settings meanwhile is seen."""


def opener(rig: str | None, worker: str) -> OpenQueue:
    """Opens the queue of a clone as one and the same worker each time."""
    return lambda: open_queue(rig, engine=True, worker=worker)


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes what waits, does it, and settles with the spool what came of it."""

    spool: Spool
    open: OpenQueue
    teller: Callable[[], Teller]
    log: Callable[[str], None]

    def work(self) -> int:
        """Do one portion of what is due; how many there were."""
        batch = self.spool.take(PORTION)
        if batch:
            self._do(batch)
        return len(batch)

    def _do(self, batch: Sequence[Waiting]) -> None:
        worn = {each.number: "the work on it never ended" for each in batch if _is_worn(each)}
        self._give_up(worn)
        left = [each for each in batch if each.number not in worn]
        if not left:
            return
        try:
            outcomes = self._acted(left)
        except RefineryError as trouble:  # the queue cannot be read: no delivery is at fault
            outcomes = [Later(trouble.message)] * len(left)
        except Exception as error:
            if len(left) > 1:  # whichever it is, the others need not suffer
                for each in left:
                    self._do([each])
                return
            outcomes = [Failed(f"a bug in refinery: {type(error).__name__}: {error}")]
        self._settle(left, outcomes)

    def _acted(self, batch: Sequence[Waiting]) -> list[Outcome]:
        with self.open() as queue:
            return _by_forge(queue, batch, self.teller())

    def _settle(self, batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
        done: list[int] = []
        away: dict[int, float] = {}
        again: dict[int, float] = {}
        failed: dict[int, str] = {}
        for each, outcome in zip(batch, outcomes, strict=True):
            match outcome:
                case Done():
                    done.append(each.number)
                case Later(counted=False):
                    away[each.number] = _PAUSE_WHILE_AWAY
                case Later(why=why) | Failed(why=why):
                    if each.tries < MOST_TRIES:
                        again[each.number] = _pause(each.tries)
                    else:
                        failed[each.number] = why
        self.spool.done(done)
        self.spool.later(away, counted=False)
        self.spool.later(again, counted=True)
        self._give_up(failed)
        self._say(outcomes)

    def _say(self, outcomes: Sequence[Outcome]) -> None:
        troubles = {each.why for each in outcomes if not isinstance(each, Done)}
        for why in sorted(troubles)[:5]:
            self.log(f"warning: {why}; trying again")

    def _give_up(self, reasons: Mapping[int, str]) -> None:
        self.spool.failed(reasons)
        for number, why in reasons.items():
            self.log(f"error: delivery {number} is given up: {why}")


def _is_worn(waiting: Waiting) -> bool:
    """Whether work on it was begun too often: it may be what kills the receiver."""
    return waiting.tries > MOST_TRIES


def _pause(tries: int) -> float:
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 4.0 ** (tries - 1))


def _by_forge(queue: Queue, batch: Sequence[Waiting], teller: Teller) -> list[Outcome]:
    """What came of each; deliveries of several forges are several repositories' names."""
    view = queue.store.read()
    outcomes: dict[int, Outcome] = {}
    for forge in Forge:
        own = [each for each in batch if each.delivery.forge is forge]
        if not own:
            continue
        ours = our_repository(queue.repo, settings(queue, view)[0], forge)
        readable = [each for each in own if _heard(each) is not None]
        heard = [each for each in map(_heard, readable) if each is not None]
        came = act(queue, heard, teller, ours=ours)
        outcomes |= {each.number: what for each, what in zip(readable, came, strict=True)}
    return [outcomes.get(each.number, Done("it cannot be read", ignored=True)) for each in batch]


def _heard(waiting: Waiting) -> Heard | None:
    delivery = waiting.delivery
    try:
        told = parse(delivery.forge, delivery.name, read(delivery.body))
    except Unparsable:
        return None  # it was read once: the file was changed
    return Heard(told, final=waiting.tries > PATIENT_TRIES)
