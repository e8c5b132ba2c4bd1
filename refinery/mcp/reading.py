"""The tools that only look: each answers what the command of its name prints with `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refinery.mcp.call import Call


def why(call: Call) -> dict[str, Any]:
    """Why one is where it is."""
    from refinery.answers.why import document, why

    with call.open() as queue:
        return document(why(queue, call.given.get("id"), say=call.say))


def show(call: Call) -> dict[str, Any]:
    """All about one."""
    from refinery.answers.show import document
    from refinery.answers.why import why

    with call.open() as queue:
        return document(queue, why(queue, call.given.get("id"), say=call.say))


def queue(call: Call) -> list[dict[str, Any]]:
    """All that are open, in order."""
    from refinery.answers.line import document, line

    with call.open() as queue:
        return document(line(queue, say=call.say))


def listed(call: Call) -> list[dict[str, Any]]:
    """Those that fit."""
    from refinery.answers.listing import Filter, document, listed

    with call.open() as queue:
        return document(listed(queue, Filter(**call.given), say=call.say))


def forecast(call: Call) -> list[dict[str, Any]]:
    """What will conflict."""
    from refinery.answers.foreseen import document, forecasts

    with call.open(engine=True) as queue:
        return document(forecasts(queue, **call.given, say=call.say))


def plan(call: Call) -> list[dict[str, Any]]:
    """What is tested next."""
    from refinery.answers.planned import document, lanes

    with call.open(pins=True) as queue:
        return document(lanes(queue, workers=call.given.get("workers", 1), say=call.say))


def explain(call: Call) -> list[dict[str, Any]]:
    """What a code means; nothing is opened for it."""
    from refinery.answers.explained import document, meanings

    return document(meanings(call.given.get("code")))
