"""What can be read by address: the queue, and each merge request, as the tools answer."""

from __future__ import annotations

from urllib.parse import unquote

from refinery.mcp.tool import Tool
from refinery.mcp.tools import TOOLS
from refinery.typed import Any

JSON = "application/json"
_QUEUE = "refinery://queue"
_MR = "refinery://mr/"

FIXED: tuple[dict[str, Any], ...] = (
    {
        "uri": _QUEUE,
        "name": "queue",
        "title": "The merge queue",
        "description": "Every open merge request in the order in which they will land.",
        "mime_type": JSON,
    },
)
TEMPLATES: tuple[dict[str, Any], ...] = (
    {
        "uri_template": f"{_MR}{{id}}",
        "name": "mr",
        "title": "One merge request",
        "description": "All about one merge request, by its id, a prefix of it, or its branch.",
        "mime_type": JSON,
    },
)


def behind(uri: str) -> tuple[Tool, dict[str, Any]] | None:
    """The tool that reads an address, and what to give it; None for an address of nothing."""
    if uri == _QUEUE:
        return TOOLS["queue"], {}
    named = unquote(uri.removeprefix(_MR)) if uri.startswith(_MR) else ""
    return (TOOLS["show"], {"id": named}) if named else None
