"""The labels that refinery puts on issues, and how they look where it has to make them."""

from __future__ import annotations

from refinery.queue.tracking import IssueDraft
from refinery.values import dataclass

_PRIORITY = "priority/"


@dataclass(frozen=True, slots=True)
class Label:
    """A label; `colour` is six hexadecimal digits."""

    name: str
    colour: str
    description: str


_KNOWN = {
    label.name: label
    for label in (
        Label("needs-rebase", "d93f0b", "Conflicts with its target branch"),
        Label("needs-fix", "b60205", "Its checks fail"),
        Label("needs-retry", "fbca04", "Is to be tried again"),
    )
}
_PRIORITY_COLOURS = ("b60205", "d93f0b", "fbca04", "c5def5")


def label_named(name: str) -> Label:
    """How a label looks; one that refinery does not know is grey."""
    if name in _KNOWN:
        return _KNOWN[name]
    level = name.removeprefix(_PRIORITY)
    if name.startswith(_PRIORITY) and level.isdecimal():
        colour = _PRIORITY_COLOURS[min(int(level), len(_PRIORITY_COLOURS) - 1)]
        return Label(name, colour, f"Priority {level}; 0 is the most urgent")
    return Label(name, "ededed", "")


def is_ours(name: str) -> bool:
    """Whether it is one of those that `labels_of` gives."""
    return name in _KNOWN or name.startswith(_PRIORITY)


def labels_of(draft: IssueDraft) -> tuple[str, ...]:
    """What an issue is opened with: its labels, and its priority as one more."""
    return (*draft.labels, f"{_PRIORITY}{draft.priority}")
