"""What the connections to repositories on forges with a REST API share."""

from __future__ import annotations

from abc import ABC, abstractmethod

from refinery.adapters.forge_address import ForgeAddress, forge_address, seconds_to_wait
from refinery.adapters.registry import Place
from refinery.adapters.rest import Credential, Paging, Rest
from refinery.typed import Any, ClassVar


class RestConnection(ABC):
    """One repository, by its address; found and connected to when it is first asked."""

    kind: ClassVar[str]
    paging: ClassVar[Paging]

    def __init__(self, place: Place) -> None:
        self._place = place
        self._rest: Rest | None = None
        self._address: ForgeAddress | None = None

    @property
    def address(self) -> ForgeAddress:
        """Where it is, as the environment said it first."""
        if self._address is None:
            self._address = forge_address(self.kind, self._place)
        return self._address

    @property
    def rest(self) -> Rest:
        """The API."""
        if self._rest is None:
            self._rest = Rest(
                self.address,
                self._credential(),
                paging=self.paging,
                seconds=seconds_to_wait(self._place.repo),
                clock=self._place.clock,
            )
        return self._rest

    @abstractmethod
    def settings(self, doing: str) -> dict[str, Any]:
        """The repository itself."""

    @abstractmethod
    def prove_readable(self, doing: str) -> None:
        """That an issue is not shown says that it is gone only where issues are shown at all."""

    @abstractmethod
    def _credential(self) -> Credential:
        """Who asks."""

    def _prove_there(self, path: str, doing: str) -> None:
        if path.startswith("/issues"):
            self.prove_readable(doing)
        else:
            self.settings(doing)
