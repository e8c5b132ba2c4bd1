"""Opens an address in a browser, where there is one that is not in this very terminal."""

from __future__ import annotations

import os
import sys


def open_address(url: str) -> bool:
    """Whether a browser was asked to show it; over ssh, or on a console, nobody is."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    if os.environ.get("SSH_CONNECTION"):
        return False
    import webbrowser

    return webbrowser.open(url)
