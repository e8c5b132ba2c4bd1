"""One server, two doors: what forges and monitors ask for, and the page for everybody else."""

from __future__ import annotations

from collections.abc import Iterable

from refinery.typed import TYPE_CHECKING
from refinery.values import dataclass

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FOR_PROGRAMS = frozenset({"/webhook", "/healthz", "/metrics"})


@dataclass(frozen=True, slots=True)
class Doors:
    """`receiver` answers programs, `page` browsers; `webhooks`: deliveries are taken."""

    receiver: WSGIApplication
    page: WSGIApplication | None
    webhooks: bool = True

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let whoever asks in at the right one."""
        path = environ.get("PATH_INFO", "")
        is_taken = path in _FOR_PROGRAMS and (self.webhooks or path != "/webhook")
        door = self.receiver if self.page is None or is_taken else self.page
        return door(environ, start_response)
