"""The live view: has the reader look and act, and hands what comes of it to the screen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.message import Message

from refinery.errors import RefineryError
from refinery.live.desk import Desk
from refinery.live.ink import Pen
from refinery.live.looking import SLOW, Looking
from refinery.live.overview import Overview
from refinery.live.reader import Reader
from refinery.live.snapshot import Snapshot
from refinery.looks import FINDINGS, STANDINGS
from refinery.queue.deeds import Order
from refinery.typed import ClassVar, TypeVar

Answer = TypeVar("Answer")

TICK = 1.0  # seconds: while something is tested, times and output go on between the looks


class Handed(Message):
    """Something that the reader's thread wants done in this one."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self.act = act


class LiveView(App[None]):
    """The live view of one queue."""

    TITLE = "refinery"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "view.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "suspend", show=False),
    ]

    def __init__(self, desk: Desk, pen: Pen, *, every: float) -> None:
        super().__init__(ansi_color=True)
        self.desk = desk
        self.pen = pen
        self.looking = Looking(every)
        self.snapshot: Snapshot | None = None
        self.under_way: Order | None = None
        self.bug: Exception | None = None
        self.reader = Reader()
        self.set_class(not pen.unicode, "ascii")
        self.overview = Overview(self, pen)

    def on_mount(self) -> None:
        """The first look is under way before anything is drawn."""
        self._ticking = self.set_interval(TICK, self._tick, pause=True)
        self._waiting = self.set_timer(SLOW, self._ticking.resume)
        self.push_screen(self.overview)
        self.look()

    # Looking

    def look(self) -> None:
        """Look at the remote now, unless somebody does."""
        if self.looking.under_way:
            return
        self.looking.begin()
        self._after(SLOW, self._ticking.resume)
        self.ask(self.desk.look, self._looked, self._look_failed)

    def _looked(self, answer: tuple[Snapshot, bool]) -> None:
        before, (self.snapshot, news) = self.snapshot, answer
        was_troubled = bool(self.looking.trouble)
        self._after(self.looking.went_well(news=news), self.look)
        self._tick_while_needed()
        if news or was_troubled or before is None or self.snapshot.board.running:
            self.overview.show()
        else:
            self.overview.still_the_same()

    def _look_failed(self, trouble: RefineryError) -> None:
        self._after(self.looking.failed(trouble.message), self.look)
        self._tick_while_needed()
        self.overview.show()

    def _after(self, seconds: float, act: Callable[[], object]) -> None:
        self._waiting.stop()
        self._waiting = self.set_timer(max(0.001, seconds), lambda: (act(), None)[1])

    async def on_event(self, event: Event) -> None:
        """Somebody presses keys: what they see shall be new."""
        if isinstance(event, Key) and self.looking.woken():
            self.look()
        await super().on_event(event)

    def _tick_while_needed(self) -> None:
        """On an idle queue nothing is drawn between the looks."""
        if self.looking.trouble or (self.snapshot and self.snapshot.board.running):
            self._ticking.resume()
        else:
            self._ticking.pause()

    def _tick(self) -> None:
        self.overview.go_on()

    # Acting

    def carry_out(self, order: Order) -> None:
        """Do what somebody has decided on, and say what came of it."""
        if self.under_way is not None:
            self.overview.say(FINDINGS["info"], f"still {self.under_way.doing}")
            return
        self.under_way = order
        self.overview.say(STANDINGS["claimed"], f"{order.doing}{self.pen.more}", stays=True)
        self.ask(lambda: self.desk.carry_out(order), self._carried_out, self._refused)

    def _carried_out(self, snapshot: Snapshot) -> None:
        order, self.under_way = self.under_way, None
        self.snapshot = snapshot
        self.overview.show()
        if order is not None:
            self.overview.say(FINDINGS["ok"], order.done)

    def _refused(self, trouble: RefineryError) -> None:
        self.under_way = None
        hint = f" ({trouble.hint})" if trouble.hint else ""
        self.overview.say(FINDINGS["error"], f"{trouble.message}{hint}")
        self.look()

    # The reader

    def ask(
        self,
        job: Callable[[], Answer],
        answered: Callable[[Answer], None],
        failed: Callable[[RefineryError], None],
    ) -> None:
        """Have the reader do something; what comes of it is handled in this thread."""

        def trouble(error: Exception) -> None:
            if isinstance(error, RefineryError):
                self._hand(lambda: failed(error))
            else:
                self._hand(lambda: self._give_up(error))

        self.reader.ask(
            job, answered=lambda answer: self._hand(lambda: answered(answer)), failed=trouble
        )

    def _hand(self, act: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the screen is gone already
            self.post_message(Handed(act))

    def on_handed(self, event: Handed) -> None:
        """In this thread."""
        event.act()

    def _give_up(self, bug: Exception) -> None:
        self.bug = bug
        self.exit()

    def _handle_exception(self, error: Exception) -> None:
        """A bug is reported as any other; textual would print every local variable."""
        if self.is_headless:
            super()._handle_exception(error)
        else:
            self._give_up(error)
