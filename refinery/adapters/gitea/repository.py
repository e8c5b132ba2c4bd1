"""The connection to one repository on Gitea or Forgejo, and what a 404 means there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import quote

from refinery.adapters import forge_errors
from refinery.adapters.forge_address import needs_token
from refinery.adapters.forge_errors import NotPermitted, NotThere
from refinery.adapters.rest import Credential, Paging, credential
from refinery.adapters.rest_connection import RestConnection
from refinery.typed import Any


class GiteaRepository(RestConnection):
    """A repository on Gitea; paths are below it."""

    kind = "gitea"
    # What a server gives at once unless its configuration says otherwise; it gives fewer, no error.
    paging = Paging("limit", 50)

    def _credential(self) -> Credential:
        token = needs_token(self.address)
        return credential(self.address, header="Authorization", scheme="token ", token=token)

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
