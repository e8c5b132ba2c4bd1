"""What `doctor` says of the hooks of a repository."""

from __future__ import annotations

from collections.abc import Iterator

from refinery.app import Queue
from refinery.errors import RefineryError
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.audit.points import Point
    from refinery.hooks.installer import Hook, Side

_INSTALL = "refinery hooks install"


def hooks(queue: Queue) -> Iterator[Point]:
    """Each hook of this side of a push, and whether they know what a push submits."""
    from refinery.hooks.installer import side_of, status

    side = side_of(queue.repo)
    found = status(queue.repo, side)
    for hook in found:
        yield _hook(queue, hook, side)
    yield from _patterns(queue, found)


def _hook(queue: Queue, hook: Hook, side: Side) -> Point:
    from refinery.audit.points import warning, well
    from refinery.hooks.installer import Side, State

    where = str(hook.path)
    match hook.state:
        case State.INSTALLED:
            return well(hook.name, "installed", where=where)
        case State.PRE_COMMIT:
            what = "pre-commit's; it may run `refinery-pre-push`"
            return well(hook.name, what, where=where)
        case State.OUTDATED:
            what = "of another version or Python"
            return warning(hook.name, "outdated", what, fix=_INSTALL, where=where)
        case State.ABSENT | State.FOREIGN if side is Side.CLIENT:
            what = f"not installed, which is optional: `{_INSTALL}`"
            return well(hook.name, what, where=where)
        case State.ABSENT | State.FOREIGN:
            return _missing(queue, hook)


def _missing(queue: Queue, hook: Hook) -> Point:
    from refinery.audit.points import warning

    where, elsewhere = str(hook.path), queue.repo.setting("core.hookspath")
    if elsewhere:
        what = f"not installed, and git looks for it in {elsewhere!r} (core.hooksPath)"
        fix = f"git config --unset core.hooksPath, then: {_INSTALL}"
        return warning(hook.name, "elsewhere", what, fix=fix, where=where)
    what = "not installed: a push goes past the queue"
    return warning(hook.name, "absent", what, fix=_INSTALL, where=where)


def _patterns(queue: Queue, found: list[Hook]) -> Iterator[Point]:
    """The hooks ask git which branches a push submits, so that they cost others nothing."""
    from refinery.audit.points import warning
    from refinery.hooks.installer import PATTERNS, State

    if not any(hook.state is State.INSTALLED for hook in found):
        return
    try:
        wanted = queue.config(queue.store.cached()).branches
    except RefineryError:
        return  # what cannot be read is told by whoever asks for it
    told = queue.repo.config.get(PATTERNS, ())
    if told != tuple(wanted):
        what = f"they submit {', '.join(told) or 'nothing'}, the target says {', '.join(wanted)}"
        yield warning("hooks", "patterns", what, fix=_INSTALL, where=PATTERNS)
