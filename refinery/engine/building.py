"""Builds a candidate without a working tree: each member on top of those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from refinery.config.config import FILE, Config, parse
from refinery.engine import messages
from refinery.engine.engine import Engine
from refinery.engine.replaying import Replayed, replay
from refinery.queue.candidate import Built, Clash, Clean, Hollow, Misfit
from refinery.records.merge_request import FailureType, MergeRequest, Method
from refinery.records.names import Branch, MrId, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.history import is_ancestor, lacked, merge_base
from refinery.repo.merging import Conflict, Merged, Unrelated, merge_tree
from refinery.repo.plain_merging import PlainMerges
from refinery.repo.repository import Repository
from refinery.repo.signature import Signature
from refinery.store.asked import faults, nobody_left
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Building:
    """What came of building: the candidate without those that could not be put on the target.

    `waiting` fit the target but not those ahead of them here: their turn comes later.
    """

    built: Built | None
    clashes: tuple[Clash, ...] = ()
    hollows: tuple[Hollow, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    waiting: tuple[MrId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    """What a member's last commit is made of: the candidate's last is written twice."""

    mr: MergeRequest
    tree: Sha
    parents: tuple[Sha, ...]
    message: str
    author: Signature


@dataclass(slots=True)
class _Builder:
    repo: Repository
    target: Branch
    base: Sha
    config: Config
    committer: Signature
    plain: PlainMerges
    units: Mapping[MrId, str | None]
    tip: Sha
    tip_tree: Sha
    last: _Step | None = None
    members: list[Clean] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    hollows: list[Hollow] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)
    waiting: list[MrId] = field(default_factory=list)

    def add(self, mr: MergeRequest) -> None:
        """Put one member on top, or say why it cannot be."""
        if self.config.method is Method.FAST_FORWARD:
            self._fast_forward(mr)
        elif self.config.method is Method.REBASE:
            self._rebase(mr)
        else:
            self._merge(mr)

    def finish(self) -> Building:
        """The candidate, its last commit naming the tree that is tested."""
        if self.last is not None:
            self.members.pop()
            self._write(self.last, tested=self.last.tree)
        built = Built(
            target=self.target,
            base=self.base,
            commit=self.tip,
            tree=self.tip_tree,
            method=self.config.method,
            members=tuple(self.members),
        )
        return Building(
            built if self.members else None,
            tuple(self.clashes),
            tuple(self.hollows),
            tuple(self.misfits),
            tuple(self.waiting),
        )

    def _merge(self, mr: MergeRequest) -> None:
        below = self._below(mr)
        tree = None if below else self.plain.onto(self.tip_tree, mr.pin)
        merged = Merged(tree) if tree else merge_tree(self.repo, self.tip, mr.pin, having=below)
        if not isinstance(merged, Merged):
            self._clash(mr, merged)
        elif merged.tree == self.tip_tree:
            self._hollow(mr)
        elif self.config.method is Method.SQUASH:
            head = self.repo.reader.commit(mr.head)
            body = head.message.partition("\n")[2].strip()
            text = messages.landing_message(mr, self.config, body=body)
            author = Signature.parse(head.author)
            self._step(_Step(mr, merged.tree, (self.tip,), text, author))
        else:
            text = messages.landing_message(mr, self.config)
            self._step(_Step(mr, merged.tree, (self.tip, mr.head), text, self.committer))

    def _below(self, mr: MergeRequest) -> tuple[Sha, ...]:
        """What it stands on and the stack lacks; a resolved one holds a commit of the target."""
        return () if mr.resolution else lacked(self.repo, mr.stands_on, self.tip)

    def _rebase(self, mr: MergeRequest) -> None:
        below = self._below(mr)
        replayed = replay(
            self.repo, mr.line, onto=self.tip, committer=self.committer, without=below
        )
        if not isinstance(replayed, Replayed):
            self._clash(mr, replayed)
        elif replayed.last is None:
            self._hollow(mr)
        else:
            last = replayed.last
            text = messages.authored(last.message) or mr.title
            author = Signature.parse(last.author)
            self._step(_Step(mr, replayed.tree, (replayed.onto,), text, author))

    def _fast_forward(self, mr: MergeRequest) -> None:
        common = merge_base(self.repo, self.tip, mr.head)
        if common == mr.head:
            self._hollow(mr)
        elif common == self.tip:
            self._forward(mr)
        elif self._others_ahead(mr) and merge_base(self.repo, self.base, mr.head) == self.base:
            self.waiting.append(mr.id)
        else:
            words = f"{mr.target} has commits that {mr.branch} lacks: rebase it and push again"
            self.misfits.append(Misfit(mr.id, self.base, FailureType.NOT_FAST_FORWARD, words))

    def _forward(self, mr: MergeRequest) -> None:
        tree = self.repo.reader.commit(mr.head).tree
        if not self._breaks_config(mr, tree) and not self._lacks_signatures(mr):
            self.tip, self.tip_tree = mr.head, tree
            self.members.append(Clean(mr.id, mr.head))

    def _breaks_config(self, mr: MergeRequest, tree: Sha) -> bool:
        """Whether this landing would leave its target with a configuration that cannot be read.

        Or with one that nobody could satisfy any more.
        """
        before = self.repo.reader.read(f"{self.tip_tree}:{FILE}")
        after = self.repo.reader.read(f"{tree}:{FILE}")
        if after is None:
            return False
        asked = self.config.signatures
        try:
            asked = asked if after == before else parse(after.data, where=FILE).signatures
        except InvalidRecord as broken:
            hint = f" ({broken.hint})" if broken.hint else ""
            return self._misfit(mr, f"it would break {mr.target}: {broken.message}{hint}")
        if nobody_left(self.repo, tree, asked):
            files = " and ".join(asked.files)
            return self._misfit(mr, f"it would leave {mr.target} without signers: {files}")
        return False

    def _lacks_signatures(self, mr: MergeRequest) -> bool:
        """Whether its own commits, which land as they are, are not signed as the target asks."""
        if not self.config.signatures.landings:
            return False
        found = faults(self.repo, self.tip, mr.head)
        if not found:
            return False
        commit, judged = found[0]
        words = f"{mr.target} asks for signed commits, and {commit.oid[:12]} is"
        return self._misfit(mr, f"{words} {judged.worth.in_words}: {commit.subject}")

    def _misfit(self, mr: MergeRequest, words: str) -> bool:
        self.misfits.append(Misfit(mr.id, self.base, FailureType.BUILD_FAIL, words))
        return True

    def _step(self, step: _Step) -> None:
        if self._breaks_config(step.mr, step.tree):
            return
        self._write(step, tested=None)
        self.plain.stacked(step.mr.pin)
        self.last = step

    def _write(self, step: _Step, *, tested: Sha | None) -> None:
        self.tip = self.repo.writer.commit(
            tree=step.tree,
            parents=step.parents,
            author=step.author,
            committer=self.committer,
            message=messages.with_trailers(step.message, step.mr, tested),
        )
        self.tip_tree = step.tree
        self.members.append(Clean(step.mr.id, self.tip))

    def _clash(self, mr: MergeRequest, merged: Conflict | Unrelated) -> None:
        """A conflict with the target is one; a conflict with those ahead only means: later.

        What stands on others is not tried by itself: they may be among those ahead.
        """
        if self._others_ahead(mr) and (mr.depends_on or self._fits_alone(mr)):
            self.waiting.append(mr.id)
        elif isinstance(merged, Unrelated):
            self.clashes.append(Clash(mr.id, self.base, (), ("no common history",)))
        else:
            files = merged.files
            if self._others_ahead(mr):
                alone = merge_tree(self.repo, self.base, mr.pin)
                files = alone.files if isinstance(alone, Conflict) else files
            self.clashes.append(Clash(mr.id, self.base, files, merged.messages))

    def _others_ahead(self, mr: MergeRequest) -> bool:
        """Whether any is ahead that could land without it: its own unit's never do."""
        return any(mr.unit is None or self.units[each.id] != mr.unit for each in self.members)

    def _fits_alone(self, mr: MergeRequest) -> bool:
        if self.config.method is Method.REBASE:
            return isinstance(
                replay(self.repo, mr.line, onto=self.base, committer=self.committer), Replayed
            )
        return isinstance(merge_tree(self.repo, self.base, mr.pin), Merged)

    def _hollow(self, mr: MergeRequest) -> None:
        """Nothing to add: to the target itself, or only because those ahead add the same."""
        if is_ancestor(self.repo, mr.head, self.base):
            self.hollows.append(Hollow(mr.id, self.base, in_target=True))
        elif not self._others_ahead(mr):
            self.hollows.append(Hollow(mr.id, self.base, in_target=False))
        else:
            self.waiting.append(mr.id)


def build_members(
    engine: Engine,
    target: Branch,
    members: Sequence[MrId],
    config: Config,
    *,
    base: Sha | None = None,
) -> Building:
    """Stack these merge requests on `base`, or on the target as it is known to be."""
    return build(
        engine.repo,
        [engine.view.mrs[id] for id in members],
        target=target,
        base=base or engine.view.targets[target],
        config=config,
        when=int(engine.clock().timestamp()),
    )


def build(
    repo: Repository,
    mrs: Sequence[MergeRequest],
    *,
    target: Branch,
    base: Sha,
    config: Config,
    when: int,
) -> Building:
    """Stack the merge requests on `base` in their order; `when` is the commits' time in seconds.

    A unit of which some cannot be put there is left out as a whole.  Nothing is checked out:
    merge-tree makes trees, commits are written as objects.  Trouble that is no conflict (a missing
    object, a broken repository) raises and blocks nobody.
    """
    merges = config.method in (Method.MERGE, Method.SQUASH)
    heads = [mr.pin for mr in mrs] if merges else []
    builder = _Builder(
        repo=repo,
        target=target,
        base=base,
        config=config,
        committer=repo.signature(when),
        plain=PlainMerges(repo, base, heads),
        units={mr.id: mr.unit for mr in mrs},
        tip=base,
        tip_tree=repo.reader.commit(base).tree,
    )
    for mr in mrs:
        builder.add(mr)
    building = builder.finish()
    torn = _torn(mrs, building)
    if not torn:
        return building
    rest = [mr for mr in mrs if mr.unit not in torn]
    without = build(repo, rest, target=target, base=base, config=config, when=when)
    return _with_left_out(without, building, [mr.id for mr in mrs if mr.unit in torn])


def _torn(mrs: Sequence[MergeRequest], building: Building) -> set[str]:
    """The units of which a part could be put there, and a part could not."""
    inside = set(building.built.ids) if building.built is not None else set()
    out = {mr.unit for mr in mrs if mr.unit is not None and mr.id not in inside}
    return {mr.unit for mr in mrs if mr.unit in out and mr.id in inside if mr.unit is not None}


def _with_left_out(rest: Building, whole: Building, out: Sequence[MrId]) -> Building:
    """What came of the others, and what kept these out; who did not, waits for those who did."""
    clashes = tuple(each for each in whole.clashes if each.id in out)
    hollows = tuple(each for each in whole.hollows if each.id in out)
    misfits = tuple(each for each in whole.misfits if each.id in out)
    said = {
        *(each.id for each in clashes),
        *(each.id for each in hollows),
        *(each.id for each in misfits),
    }
    return Building(
        rest.built,
        (*rest.clashes, *clashes),
        (*rest.hollows, *hollows),
        (*rest.misfits, *misfits),
        (*rest.waiting, *(id for id in out if id not in said)),
    )
