"""The whole processor: a hand for each repository, and what signals and requests mean for them."""

from __future__ import annotations

import os
import queue
import signal
import time
from collections.abc import Callable, Sequence
from threading import Lock

from refinery.engine.happenings import Tell
from refinery.errors import RefineryError
from refinery.processor.asking import Request
from refinery.processor.hand import Ending, Hand, Terms
from refinery.processor.hearing import hearing
from refinery.processor.notifying import ServiceManager
from refinery.processor.troubles import worded
from refinery.typed import assert_never
from refinery.values import dataclass

LAST_WORDS = 2.0  # seconds that hands get once everything is to end at once
INTERRUPTED = 130
HANGUP = getattr(signal, "SIGHUP", None)
SIGNALS = (signal.SIGTERM, signal.SIGINT, *(() if HANGUP is None else (HANGUP,)))


class NothingToServe(RefineryError):
    """None of the repositories that it was started for can be served."""

    code = "nothing-to-serve"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a processor is to serve, and who hears of it.

    `rigs` is asked again at each reload; with `keeps_on`, where some cannot be opened the others
    are served.  A hangup means a reload, unless it is a terminal's: then it means the end.
    """

    rigs: Callable[[], Sequence[str | None]]
    terms: Terms
    narrate: Callable[[Callable[[str], None]], Tell]
    aloud: Callable[[str], None]
    keeps_on: bool = False
    hangup_reloads: bool = True


@dataclass(frozen=True, slots=True)
class Signalled:
    """A signal came."""

    number: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks for something through the pipe of one repository."""

    hand: Hand
    request: Request


@dataclass(frozen=True, slots=True)
class Changed:
    """A hand does something else, or has ended."""


Letter = Signalled | Asked | Changed


class Crew:
    """Everything that may happen arrives as a letter, and is dealt with in one thread, in turn."""

    def __init__(self, charge: Charge, manager: ServiceManager) -> None:
        self._charge = charge
        self._manager = manager
        self._mail: queue.SimpleQueue[Letter] = queue.SimpleQueue()
        self._speaking = Lock()
        self._hands: list[Hand] = []
        self._status = ""
        self._is_ending = False
        self._was_told_to_end = False
        self._give_up_at: float | None = None
        self._exit_code = 0
        self.restarts = False

    def run(self) -> int:
        """Serve until the last repository is let go; the exit code."""
        with hearing(SIGNALS, lambda number: self._mail.put(Signalled(number))):
            self._take_on(self._charge.rigs(), keeps_on=self._charge.keeps_on)
            if not self._hands:
                raise NothingToServe(
                    "none of the repositories can be served", hint="refinery start --help"
                )
            self._manager.ready()
            while self._hands:
                self._show()
                self._deal_with(self._next_letter())
                self._hands = [hand for hand in self._hands if not hand.is_over]
        return self._exit_code

    # Repositories

    def _take_on(self, rigs: Sequence[str | None], *, keeps_on: bool) -> None:
        made: list[Hand] = []
        for rig in dict.fromkeys(rigs):
            try:
                made.append(self._hand(rig))
            except (RefineryError, OSError) as trouble:
                if not keeps_on:
                    for hand in made:
                        hand.leave()
                    raise
                self._charge.aloud(f"warning: {rig} is not served: {worded(trouble)}")
        self._hands += made
        for hand in self._hands:
            hand.serves(tuple(str(each.path) for each in self._hands))
        for hand in made:
            hand.start()

    def _hand(self, rig: str | None) -> Hand:
        return Hand(
            rig,
            self._charge.terms,
            narrate=self._charge.narrate,
            aloud=self._aloud,
            changed=lambda: self._mail.put(Changed()),
            asked=lambda hand, request: self._mail.put(Asked(hand, request)),
        )

    def _aloud(self, hand: Hand, line: str) -> None:
        with self._speaking:
            self._charge.aloud(line if len(self._hands) < 2 else f"[{hand.name}] {line}")

    def _reload(self) -> None:
        """Read the rig list and the settings of each clone again."""
        self._manager.reloading()
        try:
            wanted = dict.fromkeys(self._charge.rigs())
        except RefineryError as trouble:
            self._charge.aloud(f"warning: the rig list stays as it was: {trouble.message}")
            wanted = dict.fromkeys(hand.rig for hand in self._hands)
        for hand in self._hands:
            if hand.rig in wanted:
                hand.reload()
            else:
                hand.end(Ending.AFTER_THE_CANDIDATE)
        served = {hand.rig for hand in self._hands if not hand.is_ending}
        self._take_on([rig for rig in wanted if rig not in served], keeps_on=True)
        self._manager.ready()

    # Letters

    def _next_letter(self) -> Letter:
        """The next one; meanwhile a service manager hears that all is well, as long as it is."""
        while True:
            try:
                return self._mail.get(timeout=self._patience())
            except queue.Empty:
                if self._give_up_at is not None and time.monotonic() >= self._give_up_at:
                    os._exit(self._exit_code or 1)
                if not any(hand.is_stuck for hand in self._hands):
                    self._manager.alive()

    def _patience(self) -> float | None:
        """Seconds until there is something to do even if no letter comes."""
        due = [] if self._manager.watchdog is None else [self._manager.watchdog / 2]
        if self._give_up_at is not None:
            due.append(max(0.0, self._give_up_at - time.monotonic()))
        return min(due, default=None)

    def _deal_with(self, letter: Letter) -> None:
        match letter:
            case Signalled(number=number):
                self._signalled(number)
            case Asked(hand=hand, request=request):
                self._asked(hand, request)
            case Changed():
                pass
            case _:
                assert_never(letter)

    def _signalled(self, number: int) -> None:
        if number == HANGUP and self._charge.hangup_reloads:
            if not self._is_ending:
                self._reload()
            return
        if number == signal.SIGINT:
            self._exit_code = INTERRUPTED
        self.restarts = False
        if self._was_told_to_end:
            self._give_up_at = self._give_up_at or time.monotonic() + LAST_WORDS
        self._was_told_to_end = True
        self._manager.stopping()
        self._end_all()

    def _asked(self, hand: Hand, request: Request) -> None:
        match request:
            case Request.STOP:
                hand.end(Ending.AFTER_THE_LANDING)
            case Request.FINISH:
                hand.end(Ending.AFTER_THE_CANDIDATE)
            case Request.LOOK:
                hand.look()
            case Request.RESTART:
                self.restarts = True
                self._end_all()
            case _:
                assert_never(request)

    def _end_all(self) -> None:
        self._is_ending = True
        for hand in self._hands:
            hand.end(Ending.AFTER_THE_LANDING)

    def _show(self) -> None:
        """What all of them do, for the service manager."""
        doing = [f"{hand.name}: {hand.doing}" for hand in self._hands]
        status = "; ".join(doing)
        if status != self._status:
            self._status = status
            self._manager.status(status)
