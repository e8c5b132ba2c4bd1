"""The branches of this clone that build on each other, as the queue and its target see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refinery.errors import RefineryError
from refinery.queue.stacks import Parents, nearest
from refinery.queue.standing import LANDED, stands_for
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Sha
from refinery.repo.merging import Merged, merge_tree
from refinery.repo.refs import list_refs
from refinery.repo.repository import Repository
from refinery.repo.walking import lacking
from refinery.store.view import View
from refinery.submit import branches
from refinery.submit.aiming import no_such_target
from refinery.submit.submitting import Door
from refinery.values import dataclass

_HEADS = "refs/heads/"


class NoStack(RefineryError):
    """The branch has nothing that its target lacks."""

    code = "no-stack"


@dataclass(frozen=True, slots=True)
class Level:
    """One branch of a stack; None in `below` stands for the target.

    Its own commits begin after `ground`, which the target itself holds or not.  `has_landed` says
    that the target has all of it, in whatever commits.
    """

    branch: Branch
    head: Sha
    below: Branch | None
    ground: Sha
    on_target: bool
    mr: MergeRequest | None
    has_landed: bool


@dataclass(frozen=True, slots=True)
class LocalStack:
    """The levels from the bottom up; none stands before what it builds on."""

    target: Branch
    tip: Sha
    current: Branch
    levels: tuple[Level, ...]

    @property
    def open(self) -> tuple[Level, ...]:
        """Those that have not landed."""
        return tuple(each for each in self.levels if not each.has_landed)


def local_stack(
    door: Door, view: View, *, branch: str | None = None, target: str | None = None
) -> LocalStack:
    """What the branch builds on, and what builds on it; the current branch where none is named."""
    repo = door.repo
    current = branches.chosen_branch(repo, branch)
    onto = branches.checked_branch(target, "target") if target else view.header.default_target
    if onto not in view.targets:
        raise no_such_target(onto)
    tip = view.targets[onto]
    heads = _heads(repo, {onto, view.header.default_target, *map(Branch, view.header.landed)})
    if current not in heads:
        raise NoStack(
            f"{current!r} is no branch of this clone that could be part of a stack",
            hint="git switch to a branch of your own, or name one: refinery stack show <branch>",
        )
    parents = lacking(repo, tip, list(heads.values()))
    if heads[current] not in parents:
        raise NoStack(
            f"{onto} has all commits of {current}: there is no stack",
            hint=f"`git log {onto}..{current}` shows what the branch adds",
        )
    levels = _Levels(repo, view, onto, parents, _each_once(heads, parents, current)).of(current)
    return LocalStack(onto, tip, current, tuple(levels))


def _heads(repo: Repository, targets: Iterable[Branch]) -> dict[Branch, Sha]:
    found = list_refs(repo, _HEADS)
    named = {Branch(ref.removeprefix(_HEADS)): oid for ref, oid in found.items()}
    return {branch: oid for branch, oid in named.items() if branch not in targets}


def _each_once(heads: Mapping[Branch, Sha], parents: Parents, current: Branch) -> dict[Branch, Sha]:
    """The branches that have something of their own; of those at one commit only the first."""
    found: dict[Sha, Branch] = {}
    for branch in sorted(heads, key=lambda each: (each != current, each)):
        if heads[branch] in parents:
            found.setdefault(heads[branch], branch)
    return {branch: oid for oid, branch in found.items()}


@dataclass(frozen=True, slots=True)
class _Under:
    """The branch below one, if there is one here, and the commit that its own begin after."""

    branch: Branch | None
    ground: Sha
    on_target: bool


class _Levels:
    """Finds what is below each branch: by its commits, or as it was when it was submitted."""

    def __init__(
        self,
        repo: Repository,
        view: View,
        target: Branch,
        parents: Parents,
        heads: Mapping[Branch, Sha],
    ) -> None:
        self._repo, self._view, self._target = repo, view, target
        self._parents, self._heads = parents, heads
        self._by_head = {oid: branch for branch, oid in heads.items()}
        self._records = {
            branch: mr for branch in heads if (mr := _newest(view, branch, target)) is not None
        }
        self._landed = {
            mr.head
            for mr in view.mrs.values()
            if mr.target == target and mr.close_reason in LANDED and mr.head in parents
        }

    def of(self, current: Branch) -> list[Level]:
        """All that is below the branch, itself, and all that is above it."""
        under = {branch: self._under(branch) for branch in self._heads}
        line = [current]
        while (lower := under[line[0]].branch) is not None and lower not in line:
            line.insert(0, lower)
        above = line[-1:]
        for branch in above:  # which grows as it is walked
            above += [b for b, its in under.items() if its.branch == branch and b not in line]
            line += [b for b in above if b not in line]
        levels: dict[Branch | None, Level] = {}
        for branch in line:
            levels[branch] = self._level(branch, under[branch], levels)
        return list(levels.values())

    def _under(self, branch: Branch) -> _Under:
        head, mr = self._heads[branch], self._records.get(branch)
        stood = frozenset(mr.stands_on) if mr is not None else frozenset[Sha]()
        found, _ = nearest(self._parents, head, self._by_head.keys() | self._landed | stood)
        whose = [lower for oid in found if (lower := self._whose(oid, mr)) not in (None, branch)]
        ground = found[0] if found else _fork(self._parents, head)
        return _Under(whose[0] if whose else None, ground, on_target=not found)

    def _level(self, branch: Branch, under: _Under, lower: Mapping[Branch | None, Level]) -> Level:
        head = self._heads[branch]
        could_be_in = under.branch not in lower or lower[under.branch].has_landed
        return Level(
            branch,
            head,
            under.branch if under.branch in lower else None,
            under.ground,
            under.on_target,
            self._records.get(branch),
            head in self._landed or (could_be_in and self._is_in(head)),
        )

    def _whose(self, oid: Sha, mr: MergeRequest | None) -> Branch | None:
        """The branch of this clone that a commit below is, or was, the head of."""
        if oid in self._by_head:
            return self._by_head[oid]
        for id in mr.depends_on if mr is not None else ():
            known, now = self._view.mrs.get(id), stands_for(self._view, id)
            if known is not None and now is not None and oid in (known.head, now.head):
                return now.branch if now.branch in self._heads else None
        return None

    def _is_in(self, head: Sha) -> bool:
        """Whether merging it changes nothing, for what landed so long ago that it is archived."""
        tip = self._view.targets[self._target]
        return merge_tree(self._repo, tip, head) == Merged(self._repo.reader.commit(tip).tree)


def _fork(parents: Parents, head: Sha) -> Sha:
    """Where a branch left the target, along its first parents."""
    oid = head
    while parents.get(oid):
        oid = parents[oid][0]
    return oid


def _newest(view: View, branch: Branch, target: Branch) -> MergeRequest | None:
    found = [mr for mr in view.mrs.values() if (mr.branch, mr.target) == (branch, target)]
    return max(found, key=lambda mr: (not mr.closed, mr.submitted_at, mr.id), default=None)
