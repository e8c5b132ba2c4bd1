"""The connection to one repository on Gitea or Forgejo, and what a 404 means there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote

from refinery.adapters import forge_errors
from refinery.adapters.forge_address import (
    ForgeAddress,
    forge_address,
    needs_token,
    seconds_to_wait,
)
from refinery.adapters.forge_errors import NotPermitted, NotThere
from refinery.adapters.registry import Place
from refinery.adapters.rest import Paging, Rest, credential

# What a server gives at once unless its configuration says otherwise; it gives fewer, not an error.
_PAGING = Paging("limit", 50)


class GiteaRepository:
    """A repository on Gitea; paths are below it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._rest: Rest | None = None
        self._address: ForgeAddress | None = None

    @property
    def address(self) -> ForgeAddress:
        """Where it is, as the environment said it first."""
        if self._address is None:
            self._address = forge_address("gitea", self._place)
        return self._address

    @property
    def rest(self) -> Rest:
        """The API."""
        if self._rest is None:
            token = needs_token(self.address)
            self._rest = Rest(
                self.address,
                credential(self.address, header="Authorization", scheme="token ", token=token),
                paging=_PAGING,
                seconds=seconds_to_wait(self._place.repo),
                clock=self._place.clock,
            )
        return self._rest

    @property
    def path(self) -> str:
        """Where the repository itself is."""
        return f"/repos/{quote(self.address.repository)}"

    def get(self, path: str, doing: str) -> Any:
        """What is at a path below the repository."""
        with self._explaining(path, doing):
            return self.rest.get(self.path + path, doing)

    def pages(self, path: str, doing: str, *, most: int, **query: Any) -> Iterator[list[Any]]:
        """The pages of a list below the repository."""
        with self._explaining(path, doing):
            yield from self.rest.pages(self.path + path, doing, most=most, **query)

    def send(
        self, method: str, path: str, doing: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        """Ask for a change below the repository."""
        with self._explaining(path, doing):
            return self.rest.send(method, self.path + path, doing, body)

    def settings(self, doing: str) -> dict[str, Any]:
        """The repository itself."""
        try:
            told: dict[str, Any] = self.rest.get(self.path, doing)
        except NotThere as refusal:
            raise forge_errors.no_such_repository(self.address, doing) from refusal
        return told

    def prove_readable(self, doing: str) -> None:
        """A 404 says that an issue is gone only where the repository has issues, and here."""
        settings = self.settings(doing)
        if not settings.get("has_issues", True) or settings.get("external_tracker"):
            raise forge_errors.issues_disabled(self.address, doing)

    @contextmanager
    def _explaining(self, path: str, doing: str) -> Iterator[None]:
        """Gitea has one 404 for everything: the repository itself tells which it is."""
        try:
            yield
        except (NotPermitted, NotThere):
            with suppress(NotPermitted):
                self._prove_there(path, doing)
            raise

    def _prove_there(self, path: str, doing: str) -> None:
        if path.startswith("/issues"):
            self.prove_readable(doing)
        else:
            self.settings(doing)
