"""What authors say with `git push -o refinery.<key>=<value>`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refinery.errors import UsageError
from refinery.records.names import listed_names
from refinery.submit.submitting import Options
from refinery.values import dataclass

PREFIX = "refinery."
OVERRIDE = "override"
SUBMIT = "submit"

_TEXTS = {
    "target": "target",
    "issue": "issue",
    "title": "title",
    "worker": "worker",
    "epic": "epic",
    "convoy": "convoy",
    "agent-bead": "agent_bead",
    "unit": "unit",
    "hotfix": "hotfix",
}
_KNOWN = (SUBMIT, "priority", "depends-on", "label", OVERRIDE, *_TEXTS)


class BadPushOption(UsageError):
    """A push option of ours that means nothing; nothing is submitted by that push."""

    code = "bad-push-option"


@dataclass(frozen=True, slots=True)
class PushOptions:
    """`asks`: the push wants its branches submitted, whatever they are called."""

    submission: Options = Options()
    asks: bool = False
    override: str | None = None


def from_environment(environ: Mapping[str, str]) -> list[str]:
    """The options as git hands them to a server's hook."""
    count = environ.get("GIT_PUSH_OPTION_COUNT", "0")
    return [environ.get(f"GIT_PUSH_OPTION_{index}", "") for index in range(int(count or 0))]


def parse(given: Sequence[str]) -> PushOptions:
    """What they ask for; options that are not refinery's are somebody else's."""
    ours = [option.removeprefix(PREFIX) for option in given if option.startswith(PREFIX)]
    pairs = [(key, value) for key, _, value in (option.partition("=") for option in ours)]
    for key, value in pairs:
        _check(key, value)
    said = dict(pairs)
    return PushOptions(
        Options(
            **{_TEXTS[key]: value for key, value in pairs if key in _TEXTS},  # type: ignore[arg-type]
            priority=_priority(said["priority"]) if "priority" in said else None,
            depends_on=_listed(pairs, "depends-on"),
            labels=_listed(pairs, "label"),
            move_branch=False,
        ),
        asks=any(key != OVERRIDE for key in said),
        override=said.get(OVERRIDE),
    )


def _check(key: str, value: str) -> None:
    if key not in _KNOWN:
        from difflib import get_close_matches

        close = get_close_matches(key, _KNOWN, n=1)
        known = ", ".join(PREFIX + each for each in _KNOWN if each != OVERRIDE)
        hint = f"did you mean {PREFIX}{close[0]}?" if close else f"there are: {known}"
        raise BadPushOption(f"push option {(PREFIX + key)[:100]!r} is not known", hint=hint)
    if not value.strip() and key != SUBMIT:
        raise BadPushOption(
            f"push option {PREFIX + key!r} needs a value", hint=f"-o {PREFIX}{key}=<value>"
        )


def _priority(value: str) -> int:
    if value.strip() in {"0", "1", "2", "3", "4"}:
        return int(value)
    raise BadPushOption(
        f"push option '{PREFIX}priority': {value[:100]!r} is no priority",
        hint="0 (urgent) to 4 (whenever)",
    )


def _listed(pairs: Sequence[tuple[str, str]], key: str) -> tuple[str, ...]:
    """The values of an option that can be given again, and can have several with commas."""
    return listed_names(value for name, value in pairs if name == key)
