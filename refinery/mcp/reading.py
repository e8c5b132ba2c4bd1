"""The tools that only look: each answers what the command of its name prints with `--json`."""

from __future__ import annotations

from refinery.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refinery.mcp.call import Call

USUAL_LIMIT = 50  # merge requests


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
        return _first(call, document(line(queue, say=call.say)))


def listed(call: Call) -> list[dict[str, Any]]:
    """Those that fit."""
    from refinery.answers.listing import Filter, document, listed

    wanted = Filter(**{name: value for name, value in call.given.items() if name != "limit"})
    with call.open() as queue:
        one_more = call.given.get("limit", USUAL_LIMIT) + 1
        return _first(call, document(listed(queue, wanted, number=one_more, say=call.say)))


def _first(call: Call, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many as are wanted: a model has to read them all."""
    most = call.given.get("limit", USUAL_LIMIT)
    if len(found) > most:
        call.say("there are more, which are left out: raise `limit`, or ask for fewer")
    return found[:most]


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
