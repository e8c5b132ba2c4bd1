"""Finds the screen: textual draws it, and is an extra."""

from __future__ import annotations

from collections.abc import Callable

from refinery.errors import RefineryError


class NotInstalled(RefineryError):
    """What draws the screen is missing."""

    code = "not-installed"


def live_view() -> Callable[..., int]:
    """What shows the view; an error that says how to install it where it is missing."""
    try:
        from refinery.live.showing import show
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("textual", "rich"):
            raise
        raise NotInstalled(
            "what draws the live view is not installed",
            hint="pip install 'git-refinery[top]', or `refinery top --once` for one frame as text",
        ) from missing
    return show
