"""Sends messages to people through apprise, which speaks to a hundred services.

The address of a service is a secret: it is read from the environment when it is needed, and stands
in no message, log or record.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from refinery.errors import RefineryError, TryAgain

INSTALL = "pip install 'git-refinery[notify]'"


class NotDelivered(TryAgain):
    """The service did not take a message, or did not say that it has."""

    code = "not-delivered"


class BadAddress(RefineryError):
    """The variable holds nothing that apprise understands."""

    code = "bad-address"


class NoApprise(RefineryError):
    """The library is not installed."""

    code = "not-installed"


class AppriseNotifier:
    """Fits `engine.ports.Notifier`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def obstacle(self, to: str) -> str | None:
        """The variable is not set here, or the library is missing."""
        if not self._environment.get(to, "").strip():
            return f"{to} is not set in the environment of this worker"
        if find_spec("apprise") is None:
            return f"apprise is not installed: {INSTALL}"
        return None

    def send(self, to: str, *, title: str, body: str) -> None:
        """One message to the one address that the variable holds."""
        try:
            import apprise
        except ImportError:
            raise NoApprise(f"notify {to}: apprise is not installed", hint=INSTALL) from None
        address = self._environment.get(to, "").strip()
        with _Silence():
            # Its errors and what it logs may quote the address.
            service = None
            delivered = False
            try:
                service = apprise.Apprise.instantiate(address)
                if service is not None:
                    sender = apprise.Apprise(service)
                    delivered = bool(sender.notify(body=body, title=title, body_format="text"))
            except Exception:
                delivered = False
        if service is None:
            raise BadAddress(
                f"notify {to}: the variable holds no address that apprise understands",
                hint="the forms of addresses: https://appriseit.com/services/",
            )
        if not delivered:
            raise NotDelivered(
                f"notify {to}: the service did not take the message",
                hint="nothing is lost: a later run sends it",
            )


class _Silence:
    """No word of apprise's reaches a log while a message is sent."""

    def __enter__(self) -> None:
        import logging

        self._was = logging.root.manager.disable
        logging.disable(logging.CRITICAL)

    def __exit__(self, *_: object) -> None:
        import logging

        logging.disable(self._was)
