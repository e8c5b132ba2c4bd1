"""The overview: what is tested, the queue and what ended on one screen, and what its keys do."""

from __future__ import annotations

import time

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.screen import Screen
from textual.widgets import Input, Static

from refinery.live.browsing import open_address
from refinery.live.choice import Choice
from refinery.live.desk import Elsewhere
from refinery.live.dialogs import ReasonDialog
from refinery.live.drawn import Drawn
from refinery.live.frame import tails_here
from refinery.live.heading import heading, heading_before
from refinery.live.ink import Pen, told
from refinery.live.layout import WIDE, heights
from refinery.live.list_panel import ListPanel
from refinery.live.pages import LogPage, TextPage
from refinery.live.panels import Tails, landed_items, running_items
from refinery.live.picture import HELP, Wish, keys_drawn, keys_line, queue_panel, run_story
from refinery.live.story import story_of, story_of_issue
from refinery.looks import FINDINGS, STANDINGS, Look
from refinery.queue.board import Line
from refinery.queue.deeds import NEEDS_REASON, Deed, Order, fitting
from refinery.queue.score import LOWEST_PRIORITY
from refinery.records.issue import Issue
from refinery.records.names import MrId
from refinery.typed import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from refinery.live.snapshot import Snapshot
    from refinery.live.view import LiveView

NOTE_STAYS = 8.0  # seconds
AGES_STAY = 60.0
RUNNING, QUEUE, ENDED = "running", "queue", "ended"


class Overview(Screen[None]):
    """Shows the snapshot of a `LiveView`, and has it act."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "app.quit", show=False),
        Binding("ctrl+r,f5", "look", show=False),
        Binding("question_mark", "keys", show=False),
        Binding("1", "panel('running')", show=False),
        Binding("2", "panel('queue')", show=False),
        Binding("3", "panel('ended')", show=False),
        Binding("enter", "details", show=False),
        Binding("l", "log", show=False),
        Binding("L", "processor_log", show=False),
        Binding("o", "issue", show=False),
        Binding("y", "copy", show=False),
        Binding("slash", "find", show=False),
        Binding("f", "stuck_only", show=False),
        Binding("escape", "show_all", show=False),
        Binding("p", "pause", show=False),
        Binding("h", "hold", show=False),
        Binding("r", "do('retry')", show=False),
        Binding("x", "do('reject')", show=False),
        Binding("plus,equals_sign", "priority(-1)", show=False),
        Binding("minus", "priority(1)", show=False),
    ]

    def __init__(self, view: LiveView, pen: Pen) -> None:
        super().__init__()
        self._view = view
        self._pen = pen
        self._wish = Wish()
        self._running_room = 2
        self._shown_at = 0.0
        self._tails: Tails = {}
        self._is_saying = False
        self._keys = Drawn(pen=pen, id="keys")
        self._heading = Drawn(pen=pen, id="heading")
        self._find = Input(id="find", placeholder="id, branch, title, worker or issue")
        self._finding = Horizontal(Static("find "), self._find, id="finding")
        self._panels = {
            name: ListPanel(pen=pen, id=name, heading=heading, empty=empty)
            for name, heading, empty in (
                (RUNNING, "Under test", "nothing is being tested"),
                (QUEUE, "Queue", ""),
                (ENDED, "Ended lately", "nothing has ended yet"),
            )
        }

    def compose(self) -> ComposeResult:
        """Heading, panels, a line to search in, the keys."""
        yield self._heading
        yield Container(*self._panels.values(), id="panels")
        yield self._finding
        yield self._keys

    def on_mount(self) -> None:
        """The keys go to the queue."""
        self._finding.display = False
        self._find.compact = True
        self._note_timer = self.set_timer(NOTE_STAYS, self._show_keys)
        self._panels[QUEUE].focus()
        self.show()

    @property
    def _snapshot(self) -> Snapshot | None:
        return self._view.snapshot

    # Showing

    def show(self) -> None:
        """All of it, as it is known now."""
        self._shown_at = time.monotonic()
        self._show_heading()
        if self._snapshot is not None:
            self._show_panels(self._snapshot)
        if not self._is_saying:
            self._show_keys()

    def still_the_same(self) -> None:
        """Nothing moved: drawing all of it again is only worth it for how long ago things were."""
        if time.monotonic() - self._shown_at >= AGES_STAY:
            self.show()
        else:
            self._show_heading()

    def go_on(self) -> None:
        """What changes between two looks: times, and what checks print."""
        self._show_heading()
        if self._snapshot is not None and self._snapshot.board.running:
            self._show_running(self._snapshot)

    def on_resize(self) -> None:
        """Other room, other shares of it."""
        self.call_after_refresh(self.show)

    def _show_heading(self) -> None:
        view, pen, now = self._view, self._pen, self._view.desk.now()
        fresh = view.looking.freshness(view.snapshot, now)
        if view.snapshot is None:
            name = view.desk.name
            self._heading.show(lambda width: heading_before(name, fresh, width, pen))
        else:
            known = view.snapshot
            self._heading.show(lambda width: heading(known, fresh, now, width, pen))

    def _show_panels(self, snapshot: Snapshot) -> None:
        self._tails = tails_here(snapshot)
        self._share_room(snapshot)
        now, pen = self._view.desk.now(), self._pen
        items, title, empty = queue_panel(snapshot, self._wish, now, pen)
        self._panels[QUEUE].empty = empty
        self._panels[QUEUE].show_items(items, title)
        self._panels[ENDED].show_items(landed_items(snapshot.board.recent, pen), "Ended lately")
        self._show_running(snapshot)

    def _show_running(self, snapshot: Snapshot) -> None:
        self._tails = tails_here(snapshot)
        now = self._view.desk.now()
        number = len(snapshot.board.running)
        title = f"Under test ({number})" if number else "Under test"
        items = running_items(snapshot, self._tails, now, self._pen, self._running_room)
        self._panels[RUNNING].show_items(items, title)

    def _share_room(self, snapshot: Snapshot) -> None:
        board = snapshot.board
        wide = self.size.width >= WIDE
        shares = heights(
            max(4, self.size.height - self._heading.lines - 1),
            runs=len(board.running),
            here=len(self._tails),
            waiting=max(1, len(board.line)),
            ended=len(board.recent),
            wide=wide,
        )
        self._running_room = shares.running - 1
        rows = [shares.running, shares.queue, shares.ended]
        if wide:
            rows.remove(shares.queue)
        panels = self.query_one("#panels")
        panels.set_class(wide, "wide")
        panels.styles.grid_rows = " ".join(str(each) for each in rows if each)
        self._panels[RUNNING].display = shares.running > 0
        self._panels[ENDED].display = shares.ended > 0

    # What is chosen

    @property
    def _panel(self) -> ListPanel:
        focused = self.focused
        return focused if isinstance(focused, ListPanel) else self._panels[QUEUE]

    @property
    def _choice(self) -> Choice | None:
        """What stands under the cursor."""
        panel = self._panel
        if self._snapshot is None or panel.key is None:
            return None
        return Choice(self._snapshot, panel.key, of_runs=panel.id == RUNNING)

    def on_list_panel_chosen(self, event: ListPanel.Chosen) -> None:
        """Other keys fit another item; who has not moved reads to the end what is said."""
        if event.moved or not self._is_saying:
            self._show_keys()

    # Saying

    def _show_keys(self) -> None:
        self._is_saying = False
        paused = self._snapshot is not None and self._snapshot.board.paused is not None
        keys, pen = keys_line(self._choice, paused=paused), self._pen
        self._keys.show(lambda width: [keys_drawn(keys, width, pen)])

    def say(self, look: Look, words: str, *, stays: bool = False) -> None:
        """Words in place of the keys, for a while."""
        pen = self._pen
        self._keys.show(lambda width: told(look, words, width, pen, most=3))
        self._is_saying = True
        self._note_timer.stop()
        if not stays:
            self._note_timer = self.set_timer(NOTE_STAYS, self._show_keys)

    def _tell(self, words: str) -> None:
        self.say(FINDINGS["info"], words)

    # Doing

    def action_look(self) -> None:
        """Look at the remote now."""
        self._view.look()

    def action_do(self, deed: str) -> None:
        """Something about the merge request under the cursor."""
        line, wanted = self._chosen(), Deed(deed)
        if line is None:
            return
        if wanted in fitting(line.mr):
            self._order(wanted, line.id, f"{line.id} ({line.mr.branch})")
        else:
            self._tell(f"{line.id}: there is nothing to {wanted.value}")

    def action_priority(self, step: int) -> None:
        """Make it less urgent by so much."""
        line = self._chosen()
        if line is not None:
            wanted = max(0, min(LOWEST_PRIORITY, line.mr.priority + step))
            self._view.carry_out(Order(Deed.PRIORITY, line.id, priority=wanted))

    def _chosen(self) -> Line | None:
        """What is under the cursor, where something can be done about it; else that is said."""
        choice = self._choice
        line = choice.line if choice else None
        if line is None:
            self._tell(choice.why_no_line if choice else "choose a merge request first")
        return line

    def action_hold(self) -> None:
        """Hold it, or let it go on."""
        mr = self._choice.mr if self._choice else None
        self.action_do(Deed.UNHOLD if mr is not None and mr.hold is not None else Deed.HOLD)

    def action_pause(self) -> None:
        """Pause the queue, or let it go on."""
        if self._snapshot is not None:
            paused = self._snapshot.board.paused is not None
            self._order(Deed.RESUME if paused else Deed.PAUSE, None, "the queue")

    def _order(self, deed: Deed, id: MrId | None, what: str) -> None:
        if deed not in NEEDS_REASON:
            self._view.carry_out(Order(deed, id))
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._view.carry_out(Order(deed, id, reason))

        self.app.push_screen(ReasonDialog(deed, self._pen.text(what)), answered)

    # Seeing more

    def action_panel(self, name: str) -> None:
        """Go to a panel."""
        self._panels[name].focus()

    def action_keys(self) -> None:
        """What the keys do."""
        self.app.push_screen(TextPage("Keys", HELP))

    def action_details(self) -> None:
        """All about what is under the cursor."""
        choice, now = self._choice, self._view.desk.now()
        if choice is None:
            return
        if choice.mr is not None:
            story = story_of(choice.snapshot, choice.mr, now)
            self.app.push_screen(TextPage(choice.mr.id, story))
        else:
            self.app.push_screen(TextPage(choice.key, run_story(choice, now)))

    def action_log(self) -> None:
        """Follow what the checks print."""
        logs = self._choice.logs if self._choice else ()
        if logs:
            self.app.push_screen(LogPage(logs, at=len(logs) - 1))
        else:
            self._tell("no log of it on this machine; Enter shows what is known")

    def action_processor_log(self) -> None:
        """Follow what the processor says."""
        log = self._view.desk.log
        if log.exists():
            self.app.push_screen(LogPage((("processor", log),)))
        else:
            self._tell("no processor has run here: refinery start")

    def action_issue(self) -> None:
        """The issue that blocks what is under the cursor: its text, or its address."""
        mr = self._choice.mr if self._choice else None
        issue = mr.blocked_by if mr else None
        if issue is None:
            self._tell("no issue blocks it")
            return
        self.say(STANDINGS["claimed"], f"reading {issue}{self._pen.more}", stays=True)
        self._view.ask(
            lambda: self._view.desk.issue(issue),
            self._show_issue,
            lambda trouble: self.say(FINDINGS["error"], trouble.message),
        )

    def _show_issue(self, found: Issue | Elsewhere) -> None:
        self._show_keys()
        if isinstance(found, Issue):
            self.app.push_screen(TextPage(found.id, story_of_issue(found)))
        elif found.url and open_address(found.url):
            self.say(FINDINGS["ok"], f"opened {found.url}")
        else:
            self.app.copy_to_clipboard(found.url or found.issue)
            self.say(FINDINGS["info"], f"{found.url or found.issue} (copied)", stays=True)

    def action_copy(self) -> None:
        """The id, where the terminal allows it."""
        mr = self._choice.mr if self._choice else None
        if mr is not None:
            self.app.copy_to_clipboard(mr.id)
            self.say(FINDINGS["ok"], f"copied {mr.id}")

    # Finding

    def action_find(self) -> None:
        """Ask what to look for."""
        self._finding.display = True
        self._find.focus()

    @on(Input.Changed, "#find")
    def found(self, event: Input.Changed) -> None:
        """Show what holds it, letter by letter."""
        self._wish_for(Wish(event.value, self._wish.stuck_only))

    @on(Input.Submitted, "#find")
    def chosen(self) -> None:
        """Go on with what was found."""
        self._finding.display = bool(self._find.value)
        self._panels[QUEUE].focus()

    def action_stuck_only(self) -> None:
        """Only what needs somebody, or everything."""
        self._wish_for(Wish(self._wish.text, not self._wish.stuck_only))

    def action_show_all(self) -> None:
        """Everything again."""
        with self.prevent(Input.Changed):
            self._find.value = ""
        self._finding.display = False
        self._panels[QUEUE].focus()
        self._wish_for(Wish())

    def _wish_for(self, wish: Wish) -> None:
        self._wish = wish
        if self._snapshot is not None:
            self._show_panels(self._snapshot)
