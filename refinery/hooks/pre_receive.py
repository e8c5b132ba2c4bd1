"""pre-receive on one's own server: lets through what the queue's rules allow, explains the rest."""

from __future__ import annotations

import os
from collections.abc import Iterable

from refinery.errors import RefineryError
from refinery.hooks.guard import Guard, Refusal
from refinery.hooks.push_options import PREFIX, from_environment
from refinery.hooks.pushed import of_server
from refinery.hooks.pusher import pusher
from refinery.hooks.saying import complain, say
from refinery.records.times import now
from refinery.repo.repository import Repository
from refinery.repo.yes_or_no import yes_or_no
from refinery.store.layout import RefNames

REFUSED = 1
ALLOW = "refinery.allowoverride"
_SHOWN = 10


def run(lines: Iterable[str]) -> int:
    """0 lets the whole push through, 1 refuses all of it; trouble in here refuses it too."""
    try:
        with Repository.discover(from_environment=True) as repo:
            refs = RefNames(repo.setting("refinery.prefix") or "refs/refinery")
            who = pusher(repo, os.environ)
            refusals = Guard(repo, refs, of_server(lines), now(), pusher=who).refusals()
            return REFUSED if refusals and not _overridden(repo, refusals) else 0
    except RefineryError as error:
        complain(error)
        say(["nothing was changed: a push that cannot be checked is not let through"])
        return REFUSED


def _overridden(repo: Repository, refusals: list[Refusal]) -> bool:
    reason = _override()
    if reason and yes_or_no(repo.setting(ALLOW)):
        say(f"overridden ({reason}): {each.ref}: {each.why}" for each in refusals)
        return True
    for each in refusals[:_SHOWN]:
        say([f"refused: {each.ref}: {each.why}", f"  instead: {each.instead}"])
    if len(refusals) > _SHOWN:
        say([f"and {len(refusals) - _SHOWN} more"])
    if reason:
        say([f"{PREFIX}override does nothing here: the server has not set refinery.allowOverride"])
    return False


def _override() -> str:
    mark = f"{PREFIX}override="
    given = (option for option in from_environment(os.environ) if option.startswith(mark))
    return next(given, mark).removeprefix(mark).strip()
