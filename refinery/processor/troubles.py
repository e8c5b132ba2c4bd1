"""An outage as people hear of it: once when it begins, once when it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from refinery.errors import RefineryError
from refinery.records.times import span

MOST_SAID = 10  # different words in one outage


class Outage:
    """What has been wrong since when, while something is."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], datetime]) -> None:
        self._say = say
        self._clock = clock
        self._said: set[str] = set()
        self.since: datetime | None = None
        self.what: str | None = None
        self.tries = 0

    def failed(self, trouble: RefineryError | OSError) -> None:
        """It was tried once more, in vain."""
        self.what = worded(trouble)
        self.since = self.since or self._clock()
        self.tries += 1
        if self.what not in self._said and len(self._said) < MOST_SAID:
            self._said.add(self.what)
            self._say(f"warning: {self.what}; trying again, quietly, until it works")

    def over(self) -> None:
        """It worked."""
        if self.since is None:
            return
        lasted = span((self._clock() - self.since).total_seconds())
        tries = f"{self.tries} tries" if self.tries > 1 else "one try"
        self._say(f"it works again, after {lasted} and {tries} in vain")
        self._said, self.since, self.what, self.tries = set(), None, None, 0


def worded(trouble: RefineryError | OSError) -> str:
    """What is wrong, in one line."""
    if isinstance(trouble, RefineryError):
        return trouble.message
    where = f": {trouble.filename}" if trouble.filename else ""
    return f"{trouble.strerror or trouble}{where}"
