"""Finds what speaks the protocol: the official SDK, which is an extra."""

from __future__ import annotations

from collections.abc import Callable

from refinery.errors import RefineryError


class NotInstalled(RefineryError):
    """What speaks the protocol is missing."""

    code = "not-installed"


def server() -> Callable[..., int]:
    """What serves; an error that says how to install it where the SDK is missing."""
    try:
        from refinery.mcp.serving import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("mcp", "mcp_types", "anyio", "pydantic"):
            raise
        raise NotInstalled(
            "what speaks the Model Context Protocol is not installed",
            hint="pip install 'git-refinery[mcp]'",
        ) from missing
    return serve
