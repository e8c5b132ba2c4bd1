"""Who made a commit and when, in the form commit objects hold it."""

from __future__ import annotations

import re

from refinery.typed import Final
from refinery.values import dataclass

_CRUD: Final = ".,:;<>\"\\' \t"
_FORBIDDEN: Final = r"[\x00-\x1f\x7f<>]+"
_ZONE: Final = r"[+-][0-9]{4}"
_RAW: Final = (
    r"(?P<name>[^<]*)<(?P<email>[^>]*)>\s*(?P<when>-?[0-9]{1,18})?[0-9]*\s*(?P<tz>[+-][0-9]{4})?"
)


@dataclass(frozen=True, slots=True)
class Signature:
    """Name, email and moment; `str` gives a line that fsck accepts, whatever the fields hold."""

    name: str
    email: str
    when: int
    tz: str = "+0000"

    @classmethod
    def parse(cls, raw: str) -> Signature:
        """The signature in a commit's author or committer line, as far as it can be read."""
        found = re.match(_RAW, raw)
        if found is None:
            return cls(raw, "", 0)
        return cls(
            found["name"].strip(),
            found["email"].strip(),
            int(found["when"] or 0),
            found["tz"] or "+0000",
        )

    def __str__(self) -> str:
        name = _clean(self.name) or _clean(self.email.partition("@")[0]) or "unknown"
        zone = self.tz if re.fullmatch(_ZONE, self.tz) else "+0000"
        # fsck refuses what git's own date parser cannot hold.
        when = min(max(self.when, 0), 2**63 - 1)
        return f"{name} <{_clean(self.email)}> {when} {zone}"


def _clean(text: str) -> str:
    return re.sub(_FORBIDDEN, " ", text).strip(_CRUD)
