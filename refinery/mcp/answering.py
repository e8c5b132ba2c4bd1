"""Carries out one call: the arguments are checked, the tool runs, whatever goes wrong is worded."""

from __future__ import annotations

from refinery.typed import TYPE_CHECKING, Any
from refinery.values import dataclass

if TYPE_CHECKING:
    from refinery.mcp.call import Call
    from refinery.mcp.tool import Tool


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: the tool's document, or why there is none."""

    document: dict[str, Any]
    said: tuple[str, ...] = ()
    is_error: bool = False


def answer(tool: Tool, call: Call) -> Answer:
    """Do it; only `NobodyWaits` comes out of here."""
    from refinery.mcp.call import NobodyWaits
    from refinery.mcp.taking import check

    try:
        check(tool, call.given)
        return Answer(tool.result(tool.run(call)), tuple(call.said))
    except NobodyWaits:
        raise
    except Exception as error:
        from refinery.answers.error import error_document
        from refinery.answers.trouble import worded

        document = error_document(worded(error), again=_as_typed(tool, call))
        return Answer(document, tuple(call.said), is_error=True)


def _as_typed(tool: Tool, call: Call) -> str:
    """The command that does the same."""
    from shlex import join

    id = call.given.get("id")
    return join(["refinery", tool.name, *([id] if isinstance(id, str) else [])])
