"""Gitea's labels: known to its API by id, so looked up, and made where they are missing."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.adapters.forge_errors import ForgeRefused, NotPermitted, NotThere
from refinery.adapters.gitea.repository import GiteaRepository
from refinery.adapters.issue_labels import label_named

_PAGES = 20


class Labels:
    """The labels of a repository; issues and pull requests wear the same ones."""

    def __init__(self, repository: GiteaRepository) -> None:
        self._repository = repository
        self._ids: dict[str, int] = {}

    def ids(self, names: Sequence[str]) -> list[int]:
        """The ids of labels; one that this token may not make is left out."""
        if any(name not in self._ids for name in names):
            self._ids = self._there()
        for name in names:
            if name not in self._ids:
                self._make(name)
        return [self._ids[name] for name in dict.fromkeys(names) if name in self._ids]

    def change(self, number: int, *, add: Sequence[str], remove: Sequence[str], doing: str) -> None:
        """Put labels on an issue or a pull request, and take others off."""
        ids = self.ids(add)
        if ids:
            self._repository.send("POST", f"/issues/{number}/labels", doing, {"labels": ids})
        if remove:
            worn = self._repository.get(f"/issues/{number}", doing)["labels"] or []
            for label in worn:
                if label["name"] in remove:
                    self._take_off(number, int(label["id"]), doing)

    def _take_off(self, number: int, label: int, doing: str) -> None:
        try:
            self._repository.send("DELETE", f"/issues/{number}/labels/{label}", doing)
        except ForgeRefused as refusal:
            if refusal.status not in (404, 422):  # somebody was faster
                raise

    def _there(self) -> dict[str, int]:
        """Gitea allows two labels of one name: the older counts."""
        found: dict[str, int] = {}
        for page in self._repository.pages("/labels", "list the labels", most=_PAGES):
            for label in page:
                known = found.get(label["name"])
                found[label["name"]] = min(int(label["id"]), known or int(label["id"]))
        return found

    def _make(self, name: str) -> None:
        label = label_named(name)
        told = {"name": name, "color": f"#{label.colour}", "description": label.description}
        try:
            made = self._repository.send("POST", "/labels", f"make the label {name!r}", told)
        except (NotPermitted, NotThere):
            return
        self._ids[name] = int(made["id"])
