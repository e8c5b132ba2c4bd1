"""The policy that is this queue's own: it asks the very planner that the workers ask."""

from __future__ import annotations

from refinery.config.fairness import Fairness
from refinery.queue.planning.blame import blamed
from refinery.queue.planning.facts import Change, Evidence, Facts, Profile, Rates, Running
from refinery.queue.planning.landing import cancelled, landable
from refinery.queue.planning.learn import Failed, Gone, Landed, News, Passed, apply
from refinery.queue.planning.pick import plan
from refinery.records.names import MrId
from refinery.simulation.line import Line
from refinery.simulation.world import Build, World
from refinery.values import replace

MOST = 1000  # changes in a candidate, where nothing is said
KEPT = 2000  # landings that running builds may still have to know of


class Refinery:
    """Keeps the facts as the records would show them, and does what the planner says."""

    def __init__(
        self,
        world: World,
        profile: Profile = Profile.DEFAULT,
        rules: Fairness | None = None,
    ) -> None:
        setting = world.trace.setting
        self.world = world
        self.profile = profile
        self.evidence = Evidence()
        self.rates = Rates(setting.duration, setting.flake, setting.interact)
        self.changes: dict[MrId, Change] = {}
        self.number: dict[MrId, int] = {}
        self.landed: list[MrId] = []
        self.running: dict[Running, Build] = {}
        self.line = Line(rules or Fairness())

    def arrived(self, change: int) -> None:
        """It is pending."""
        id = MrId(f"mr-{change:06}")
        arrival = self.world.trace.arrivals[change]
        self.number[id] = change
        trace = self.world.trace
        clashing = [it for it in self.changes if trace.clash(change, (self.number[it],))]
        for it in clashing:
            self.changes[it] = replace(self.changes[it], clashes=self.changes[it].clashes | {id})
        self.changes[id] = Change(id, arrival.belief, arrival.at, clashes=frozenset(clashing))
        self.line.join(id, arrival.author, arrival.at)

    def ended(self, build: Build, *, passed: bool) -> None:
        """Its verdict is learned."""
        running = next(it for it, its in self.running.items() if its is build)
        del self.running[running]
        if passed:
            self._learn(Passed(running.members, running.base, running.purpose))
        elif not self._explained(running):
            self._learn(Failed(running.members, running.base))

    def decide(self) -> None:
        """Land and refuse what is clear, stop what is useless, start what is most worth it."""
        self._land()
        self._refuse()
        stop = cancelled(self._facts())
        for each in stop:
            self.world.cancel(self.running.pop(each.running))
        if self.world.free <= 0:
            return
        facts = self._facts()
        for number, candidate in enumerate(plan(facts)):
            build = self.world.start(tuple(self.number[id] for id in candidate.members))
            running = Running(
                candidate.members, facts.head, facts.now, candidate.purpose, f"w{number}"
            )
            self.running[running] = build

    def _land(self) -> None:
        while (found := landable(self._facts())) is not None:
            self.world.land(tuple(self.number[id] for id in found.members))
            self.landed += found.members
            newest = max(self.number[id] for id in found.members)
            members = frozenset(found.members)
            overtook = tuple(
                id
                for id in self.changes
                if id not in members and id in self.evidence.tested and self.number[id] < newest
            )
            self._learn(Landed(found.members, len(self.landed), overtook))
            self.line.landed(found.members)
            for id in found.members:
                del self.changes[id]
            for id in [it for it in self.changes if self.number[it] not in self.world.pending]:
                self._left(id)

    def _refuse(self) -> None:
        while found := blamed(self._facts()):
            id = found[0].id
            self.world.refuse(self.number[id])
            self._left(id)

    def _left(self, id: MrId) -> None:
        self._learn(Gone((id,)))
        self.line.left(id)
        del self.changes[id]

    def _explained(self, running: Running) -> bool:
        """Whether it holds one that was refused: then it had to fail."""
        refused = self.world.outcome.refused
        return any(self.number[id] in refused for id in running.members)

    def _learn(self, news: News) -> None:
        self.evidence = apply(self.evidence, news, pending=frozenset(self.changes))

    def _facts(self) -> Facts:
        setting = self.world.trace.setting
        return Facts(
            pending=tuple(self.changes[id] for id in self.line.order()),
            workers=setting.workers,
            now=self.world.now,
            running=tuple(self.running),
            evidence=self.evidence,
            landed=tuple(self.landed[-KEPT:]),
            head=len(self.landed),
            rates=self.rates,
            profile=self.profile,
            most=setting.batch or MOST,
            confirm=bool(setting.flake),
            kept_back=self.line.kept_back(self.running, self.evidence),
        )
