"""Lays a conflict out in a worktree, sees how the work there stands, and goes on with it."""

from __future__ import annotations

from pathlib import Path

from refinery.config.config import Config
from refinery.errors import RefineryError
from refinery.records.merge_request import MergeRequest, Method, Resolved, Way
from refinery.records.names import Sha
from refinery.repo.conflict_sides import ConflictedFile, Halfway, merge_halfway
from refinery.repo.history import is_ancestor, lacked, merge_base
from refinery.repo.refs import resolve
from refinery.repo.repository import Repository
from refinery.repo.side_worktree import How, SideWorktree, Step
from refinery.resolving import workplace
from refinery.resolving.by_file import settle_files, told
from refinery.resolving.workplace import Workplace
from refinery.store.resolution_store import ResolutionStore
from refinery.values import dataclass, replace


class CannotResolve(RefineryError):
    """There is nothing that could be laid out, or what was laid out is gone."""

    code = "cannot-resolve"


class StillConflicting(RefineryError):
    """Conflicts are left in the worktree."""

    code = "still-conflicting"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A conflicting file as it stands in the worktree; `done`: nothing is left to do in it."""

    file: ConflictedFile
    marked: bool
    done: bool
    generator: str | None = None


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A conflict that waits for somebody; `parted` is where the two sides left each other.

    `known` are the files that needed nobody; `moved`: the target went on meanwhile, and this is
    about what it got.
    """

    mr: MergeRequest
    place: Workplace
    files: tuple[OpenFile, ...]
    parted: Sha | None
    step: Step | None = None
    known: tuple[Resolved, ...] = ()
    moved: bool = False

    @property
    def open(self) -> tuple[OpenFile, ...]:
        """The files that are still to be resolved."""
        return tuple(each for each in self.files if not each.done)


@dataclass(frozen=True, slots=True)
class NothingToResolve:
    """It can be put on its target as it is."""

    mr: MergeRequest


@dataclass(frozen=True, slots=True)
class Conflicting:
    """A merge request, the tip of its target, and what is known of resolving there."""

    repo: Repository
    mr: MergeRequest
    tip: Sha
    config: Config
    memory: ResolutionStore

    def lay_out(self, *, at: Path | None, how: How | None) -> LaidOut | NothingToResolve:
        """In a worktree; where that was done before, only say how it stands."""
        place = workplace.load(self.repo, self.mr.id)
        if place is not None:
            return self.look(place)
        if merge_base(self.repo, self.tip, self.mr.head) is None:
            words = f"{self.mr.branch} and {self.mr.target} have no history in common"
            raise CannotResolve(words, hint=f"refinery why {self.mr.id}")
        below = lacked(self.repo, self.mr.stands_on, self.tip)
        is_linear = self.config.method in (Method.REBASE, Method.FAST_FORWARD)
        chosen = how or (How.REBASE if is_linear or below else How.MERGE)
        path = at.resolve() if at else workplace.usual_path(self.repo, self.mr.id)
        place = Workplace(self.mr.id, path, chosen, self.mr.head, self.tip)
        if chosen is How.MERGE:
            return self._merge(place)
        return self._rebase(place, below[0] if below else self.tip)

    def look(self, place: Workplace) -> LaidOut:
        """How the work stands."""
        tree = place.worktree(self.repo)
        unmerged = {file.path: file for file in tree.unmerged()}
        paths = dict.fromkeys((*unmerged, *place.files))
        files = tuple(self._open(tree, place, path, unmerged.get(path)) for path in paths)
        parted = merge_base(self.repo, place.onto, place.head)
        return LaidOut(self.mr, place, files, parted, tree.step)

    def go_on(self, place: Workplace) -> LaidOut | Sha:
        """Conclude what was resolved: the commit that it comes to, or what conflicts next."""
        state = self.look(place)
        if state.open:
            raise StillConflicting(_open_words(state), hint=_open_hint(state))
        tree = place.worktree(self.repo)
        self._conclude(tree, place)
        known = self._go_through(tree)
        moved = tree.under_way is None and self._brought_along(tree, place)
        if moved:
            place, known = replace(place, onto=self.tip), self._go_through(tree)
        if tree.under_way is None:
            return tree.head
        return replace(self.look(self._noted(tree, place)), known=known, moved=moved)

    def _merge(self, place: Workplace) -> LaidOut | NothingToResolve:
        halfway = merge_halfway(self.repo, place.onto, place.head)
        if not isinstance(halfway, Halfway):
            return NothingToResolve(self.mr)
        tree = self._added(place)
        tree.merge(self._tip_name())
        known = self._settled(tree, halfway)
        return replace(self.look(self._noted(tree, place)), known=known)

    def _rebase(self, place: Workplace, upstream: Sha) -> LaidOut | NothingToResolve:
        if is_ancestor(self.repo, place.onto, place.head):
            return NothingToResolve(self.mr)
        tree = self._added(place)
        tree.rebase(place.onto, upstream=upstream)
        known = self._go_through(tree)
        return replace(self.look(self._noted(tree, place)), known=known)

    def _added(self, place: Workplace) -> SideWorktree:
        """The worktree, made anew: one that nobody remembers was left by a run that was killed."""
        tree = place.worktree(self.repo)
        if place.path == workplace.usual_path(self.repo, place.id):
            tree.remove()
        if place.path.exists() and any(place.path.iterdir()):
            raise CannotResolve(
                f"{str(place.path)!r} is not empty",
                hint=f"`refinery resolve {place.id}` puts it elsewhere, and --at where you say",
            )
        tree.add(place.head)
        return tree

    def _tip_name(self) -> str:
        """What git shall call the target beside the markers."""
        name = f"{self.repo.remote_name()}/{self.mr.target}"
        return name if resolve(self.repo, f"refs/remotes/{name}") == self.tip else self.tip

    def _settled(self, tree: SideWorktree, halfway: Halfway) -> tuple[Resolved, ...]:
        """Resolve the files that need nobody; those that a command makes wait for the command."""
        done = settle_files(self.repo, halfway, self.config.resolve, self.memory)
        for path in done.ways.pop(Way.REGENERATE, ()):
            del done.files[path]
        for path, side in done.files.items():
            tree.write(path, self.repo.reader.blob(side.oid) or b"")
        return told(done.ways)

    def _noted(self, tree: SideWorktree, place: Workplace) -> Workplace:
        """Remember which files conflict now."""
        files = tuple(file.path for file in tree.unmerged())
        marked = tuple(path for path in files if tree.holds_markers(path))
        place = replace(place, files=files, marked=marked)
        workplace.save(self.repo, place)
        return place

    def _conclude(self, tree: SideWorktree, place: Workplace) -> None:
        """Commit what was resolved, or go on with the rebase; what is committed already stays."""
        under_way = tree.under_way
        if under_way is None:
            return
        tree.stage()
        if under_way is How.REBASE:
            tree.go_on()
        else:
            files = "".join(f"- {path}\n" for path in place.files)
            subject = f"Merge {self.mr.target} into {self.mr.branch}"
            tree.commit(f"{subject}\n\nResolved by hand:\n{files}" if files else subject)

    def _go_through(self, tree: SideWorktree) -> tuple[Resolved, ...]:
        """Past the commits of a rebase that need nobody."""
        known: tuple[Resolved, ...] = ()
        while (step := tree.step) is not None:
            parents = self.repo.reader.commit(step.commit).parents
            base = parents[0] if parents else None
            halfway = merge_halfway(self.repo, tree.head, step.commit, base=base)
            if isinstance(halfway, Halfway):
                known = (*known, *self._settled(tree, halfway))
            if tree.unmerged():
                break
            tree.go_on()
        return known

    def _brought_along(self, tree: SideWorktree, place: Workplace) -> bool:
        """Bring it together with what the target got meanwhile; whether that conflicts anew."""
        head = tree.head
        if is_ancestor(self.repo, self.tip, head):
            return False
        if place.how is How.REBASE:
            tree.rebase(self.tip, upstream=place.onto)
        elif isinstance(merge_halfway(self.repo, self.tip, head), Halfway):
            tree.merge(self._tip_name())
        return tree.under_way is not None

    def _open(
        self, tree: SideWorktree, place: Workplace, path: str, file: ConflictedFile | None
    ) -> OpenFile:
        marked = path in place.marked or (file is not None and tree.holds_markers(path))
        left = tree.holds_markers(path) if marked else file is not None
        generator = self.config.resolve.generator(path)
        run = generator.run if generator else None
        command = run if isinstance(run, str) or run is None else " ".join(run)
        return OpenFile(file or ConflictedFile(path, None, None, None), marked, not left, command)


def _open_words(state: LaidOut) -> str:
    names = [each.file.path for each in state.open]
    return f"{state.mr.id} still conflicts in {', '.join(names)}"


def _open_hint(state: LaidOut) -> str:
    """The one command to run names them all; a file that a side deleted needs a word of git's."""
    path, folder = state.open[0].file.path, state.place.path
    shown = f"`refinery resolve {state.mr.id}` shows what is left"
    if state.open[0].marked:
        return f"{shown}; edit {folder / path} until it holds no conflict marker"
    return f"{shown}; in {folder}, `git add` keeps {path} and `git rm` removes it"
