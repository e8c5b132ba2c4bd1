"""Tries each cheap way out of one conflict, once, and says what helped or what was in vain."""

from __future__ import annotations

from refinery.config.config import Config
from refinery.engine import landing
from refinery.engine.engine import Engine
from refinery.engine.regenerating import Made
from refinery.engine.remembering import memory
from refinery.engine.renewing import Renewal
from refinery.engine.replaying import Mend, Replayed, replay, rewrite
from refinery.engine.run import Orders
from refinery.engine.testing import Subject
from refinery.queue.candidate import Clash
from refinery.queue.claiming import claim_candidate
from refinery.queue.planning.facts import Purpose
from refinery.records.merge_request import MergeRequest, Method, Resolved, Way
from refinery.records.names import Sha
from refinery.repo.conflict_sides import Halfway, merge_halfway
from refinery.repo.merging import Conflict, Merged, Unrelated, merge_tree
from refinery.repo.objects import Commit
from refinery.repo.signature import Signature
from refinery.resolving.by_file import Settlement, settle_files, settled_tree, told
from refinery.store.update import Committed
from refinery.values import dataclass, field, replace

NOTHING_LEFT = "nothing of it would be left"


@dataclass(frozen=True, slots=True)
class Helped:
    """The tree that its changes come to on the target; `line` are its commits there, if asked."""

    tree: Sha
    ways: tuple[Resolved, ...]
    line: Sha | None = None


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """By now the head fits by itself: what was once resolved for it is in the way."""


@dataclass(frozen=True, slots=True)
class InVain:
    """Nothing helped; what was tried, a line each."""

    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PutOff:
    """It could not be tried now: this worker is to stop; without a `why`, another one tries it."""

    why: str = ""


Outcome = Helped | NotNeeded | InVain | PutOff


@dataclass(slots=True)
class ConflictTrial:
    """One head against one commit of its target, and what was found out about the two.

    `below` are the heads that it stands on and that are on the target in other commits.
    """

    engine: Engine
    mr: MergeRequest
    clash: Clash
    config: Config
    orders: Orders
    below: tuple[Sha, ...]
    ways: dict[Way, list[str]] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)

    def outcome(self) -> Outcome:
        """What came of it."""
        if self.mr.resolution is not None and self._fits():
            return NotNeeded()
        if not self.config.resolve.is_wanted or not self.clash.files:
            return InVain()
        return self._replayed() if self._is_rebased else self._merged()

    @property
    def _is_rebased(self) -> bool:
        return self.config.method is Method.REBASE

    def _fits(self) -> bool:
        if self._is_rebased:
            return isinstance(self._replay(), Replayed)
        found = merge_tree(self.engine.repo, self.clash.base, self.mr.head, having=self.below)
        return isinstance(found, Merged)

    def _merged(self) -> Outcome:
        """The tree of a merge of head and target."""
        rebased = self._rebased() if self.config.resolve.rebase else None
        if rebased is not None:
            return rebased
        base, head = self.clash.base, self.mr.head
        halfway = merge_halfway(self.engine.repo, base, head, having=self.below)
        tree = self._settled(halfway) if isinstance(halfway, Halfway) else None
        if tree is None:
            return InVain(tuple(self.tried))
        return self._made(tree, (base, head))

    def _rebased(self) -> Helped | None:
        """What the commits make of the target one by one, where merging all at once conflicts."""
        found = self._replay()
        if not isinstance(found, Replayed):
            self.tried.append("rebase: its commits conflict one by one, too")
        elif found.last is None or self._is_nothing(found.tree):
            self.tried.append(f"rebase: {NOTHING_LEFT}")
        else:
            return Helped(found.tree, (Resolved(Way.REBASE, self.clash.files),))
        return None

    def _replayed(self) -> Outcome:
        """The commits one after the other on the target, each with its conflicts settled."""
        found = self._replay(self._mend)
        if not isinstance(found, Replayed):
            return InVain(tuple(self.tried))
        if found.last is None:
            return InVain((*self.tried, NOTHING_LEFT))
        made = self._made(found.tree, (found.onto,))
        if not isinstance(made, Helped):
            return made
        line = rewrite(self.engine.repo, found.last, found.onto, made.tree, committer(self.engine))
        return replace(made, line=line)

    def _replay(self, mend: Mend | None = None) -> Replayed | Conflict | Unrelated:
        return replay(
            self.engine.repo,
            self.mr.head,
            onto=self.clash.base,
            committer=committer(self.engine),
            without=self.below,
            mend=mend,
        )

    def _mend(self, commit: Commit, tip: Sha) -> Sha | None:
        before = commit.parents[0] if commit.parents else None
        halfway = merge_halfway(self.engine.repo, tip, commit.oid, base=before)
        return self._settled(halfway) if isinstance(halfway, Halfway) else None

    def _settled(self, halfway: Halfway) -> Sha | None:
        """The tree with all conflicts settled, generated files still to be made."""
        repo = self.engine.repo
        done = settle_files(repo, halfway, self.config.resolve, memory(self.engine))
        for way, paths in done.ways.items():
            self.ways.setdefault(way, []).extend(paths)
        self._note(done)
        return None if done.left else settled_tree(repo, halfway, done)

    def _note(self, done: Settlement) -> None:
        """What was in vain; a file that conflicts in many commits is told of once."""
        lines = [f"{path}: {why}" for path, why in done.left.items()]
        self.tried += [line for line in lines if line not in self.tried]

    def _is_nothing(self, tree: Sha) -> bool:
        return tree == self.engine.repo.reader.commit(self.clash.base).tree

    def _made(self, tree: Sha, parents: tuple[Sha, ...]) -> Outcome:
        """The tree with its generated files made, if there are any."""
        if Way.REGENERATE in self.ways:
            made = self._regenerated(tree, parents)
            if not isinstance(made, Made):
                return made
            tree = made.tree
        if self._is_nothing(tree):
            return InVain((*self.tried, NOTHING_LEFT))
        return Helped(tree, told(self.ways))

    def _regenerated(self, tree: Sha, parents: tuple[Sha, ...]) -> Made | InVain | PutOff:
        """Made by one worker, under a claim like a test: a command may take its time."""
        engine, mr, base = self.engine, self.mr, self.clash.base
        by = engine.claimant(self.config)
        done = engine.change(
            lambda view: claim_candidate(
                view, mr.target, base, (mr.id,), by, purpose=Purpose.SCREEN
            )
        )
        if not isinstance(done, Committed):
            return PutOff()
        claim = next(iter(done.edit.claim.values()))
        renewal = Renewal(engine, claim, self.config, self.orders)
        try:
            return self._run(tree, parents, renewal)
        finally:
            landing.give_back(engine, renewal.claim)

    def _run(self, tree: Sha, parents: tuple[Sha, ...], renewal: Renewal) -> Made | InVain | PutOff:
        who, wanted = committer(self.engine), self.config.resolve
        commit = self.engine.repo.writer.commit(
            tree=tree, parents=parents, author=who, committer=who, message="on trial"
        )
        needed = {wanted.generator(path) for path in self.ways[Way.REGENERATE]}
        made = self.engine.bench.regenerate(
            Subject(self.mr.target, self.clash.base, commit, tree, (self.mr.id,)),
            self.engine.guarded(self.config),
            [each for each in wanted.regenerate if each in needed],
            tick=renewal.tick,
        )
        if isinstance(made, Made):
            return made
        if isinstance(made, str):
            return InVain((*self.tried, made))
        return PutOff(made.reason)


def committer(engine: Engine) -> Signature:
    """Who writes commits now."""
    return engine.repo.signature(int(engine.clock().timestamp()))
