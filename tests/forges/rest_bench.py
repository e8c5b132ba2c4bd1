"""What the benches of the fakes have in common: clones, and troubles in each forge's own words."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from refinery.adapters.registry import Place
from refinery.repo.remote import transport
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames
from tests.forges.benches import Trouble
from tests.forges.described import DescribedForge
from tests.forges.fault_proxy import Answer, Asked, Fault, FaultProxy
from tests.sandbox import Sandbox


class RestBench:
    """Fits `Troubles`; what a refusal looks like is the forge's to say."""

    fake: DescribedForge

    def __init__(self, proxy: FaultProxy, box: Sandbox, *, repository: str) -> None:
        self.proxy = proxy
        self.troubles = self
        self.now: datetime | None = None
        self._box = box
        self._path = repository
        self._repos: list[Repository] = []

    def place(self, repository: str | None = None) -> Place:
        """A clone for the repository, that waits a moment for answers, not 20 s."""
        repo = Repository.discover(self._box.path)
        repo.config["refinery.timeout"] = ("0.5",)
        self._repos.append(repo)
        where = repository or self._path
        return Place(repo, transport(repo), RefNames(), "worker", self._clock, where)

    def _clock(self) -> datetime:
        return self.now or self._box.clock()

    def refused(self, trouble: Trouble) -> Answer:
        """As the forge words it."""
        raise NotImplementedError

    def disable_issues(self) -> None:
        """By the repository's settings."""
        raise NotImplementedError

    def enable_issues(self) -> None:
        """By the repository's settings."""
        raise NotImplementedError

    def break_down(
        self, trouble: Trouble, *, writes: bool = False, times: int | None = None
    ) -> None:
        """From now on, or for so many requests."""
        if trouble is Trouble.ISSUES_DISABLED:
            self.disable_issues()
            return
        fault = self._fault(trouble)
        fault.times = times
        fault.when = lambda asked: asked.writes or not writes
        self.proxy.break_down(fault)

    def heal(self) -> None:
        """All is well again."""
        self.enable_issues()
        self.proxy.heal()

    def asked(self) -> list[str]:
        """The requests since the last call."""
        asked = [f"{one.method} {one.path}" for one in self.proxy.asked]
        self.proxy.forget()
        return asked

    def end(self) -> None:
        """Nothing was asked or answered that the description does not know."""
        self.proxy.heal()
        self.proxy.forget()
        for repo in self._repos:
            repo.close()
        violations, self.fake.violations[:] = [*self.fake.violations], []
        assert violations == []

    def past_faults(
        self, fake: DescribedForge, method: str, target: str, body: Any, shown: dict[str, str]
    ) -> Any:
        """What the fake itself answers."""
        told = b"" if body is None else json.dumps(body).encode()
        asked = Asked(method, urlsplit(target).path, {}, shown, told, target)
        answer = fake(asked, lambda asked: Answer(404))
        assert answer.status < 300, answer
        return answer.body

    def _fault(self, trouble: Trouble) -> Fault:
        match trouble:
            case Trouble.SERVER_ERROR:
                return Fault(Answer(500, {"message": "500 Internal Server Error"}))
            case Trouble.LOST_ANSWER:
                return Fault(Answer(502, b"<html>Bad Gateway</html>"), performed=True)
            case Trouble.CUT:
                return Fault()
            case Trouble.CUT_AFTER:
                return Fault(performed=True)
            case Trouble.HANGS:
                return Fault(hangs=True)
            case Trouble.SLOW:
                return Fault(delay=0.15)
            case _:
                return Fault(self.refused(trouble))
