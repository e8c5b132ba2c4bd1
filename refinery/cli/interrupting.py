"""What ^C left behind, in words: each command ends what it began, so there is little to say."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.cli.catalogue import ALIASES, COMMANDS, GROUPS

_NOTHING = "nothing was changed"
_WHOLE = (
    "what it changes in the queue is one atomic push, done as a whole or not at all; "
    "`refinery log -n 1` shows what was last done"
)
_AGAIN = "nothing is left half done in the queue; run it again to go on"

_WORDS = {
    "process": "what it tested was given back, and nothing was landed by halves",
    "candidate": "a claim that it took runs out by itself; run the step again to go on",
    "wait": "it only watched; the merge request goes on",
    "serve": "deliveries that were not worked off are kept, and done by the next start",
    "init": "what was written stays; run it again, it does only what is missing",
    "hooks": "run it again, it does only what is missing",
    "start": "`refinery status` shows whether it runs",
    "stop": "`refinery status` shows whether it still runs",
    "restart": "`refinery status` shows whether it runs",
    "attach": "the processor goes on; `refinery stop` ends it",
    "reconcile": _AGAIN,
    "webhook": _AGAIN,
    "demo": "",
    "replay": "the repository is as it was, and the scratch copy is gone unless --keep named it",
    "report": "files that were written stay; run it again for all of them",
}
_READING = frozenset(
    {
        *next(names for title, names in GROUPS if title == "See"),
        *("forecast", "simulate", "verify", "fsck", "doctor", "completion"),
    }
)


def left_behind(arguments: Sequence[str]) -> str:
    """How things stand after the command was interrupted."""
    named = next((each for each in arguments if each in COMMANDS or each in ALIASES), "")
    name = ALIASES.get(named, named)
    if name in _WORDS:
        return _WORDS[name]
    return _NOTHING if name in _READING else _WHOLE
