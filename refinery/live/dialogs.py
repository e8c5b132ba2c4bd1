"""What the view asks before it does something: a reason, and for what is final, to be sure."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from refinery.queue.deeds import FOR_GOOD, LONGEST_REASON, Deed
from refinery.typed import ClassVar


class ReasonDialog(ModalScreen[str | None]):
    """Asks why; the answer is the reason, or None where somebody thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "leave", show=False, priority=True)
    ]

    def __init__(self, deed: Deed, what: str) -> None:
        super().__init__()
        self._deed = deed
        self._what = what

    def compose(self) -> ComposeResult:
        """The question, a line to answer in, and what the keys do."""
        final = self._deed in FOR_GOOD
        keys = f"Enter {self._deed.value}   Esc leave everything as it is"
        with Vertical(id="dialog"):
            yield Static(f"{self._deed.value.capitalize()} {self._what}?", markup=False, id="ask")
            if final:
                yield Static("This is final: it never comes back by itself.", id="final")
            yield Input(
                placeholder="why? everybody will read it", max_length=LONGEST_REASON, compact=True
            )
            yield Static(keys, id="keys", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Without a reason nothing is done."""
        event.stop()
        reason = event.value.strip()
        if reason:
            self.dismiss(reason)
        else:
            self.query_one("#keys", Static).update("Say why, or press Esc to leave it as it is.")
