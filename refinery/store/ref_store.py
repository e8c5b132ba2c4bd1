"""The queue in refs: reads queue, inbox and claims with one fetch, writes with one atomic push."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cached_property

from refinery.errors import RefineryError, TryAgain
from refinery.records.names import Branch, Sha
from refinery.repo.refs import Lost, RefUpdate, Refused, Swapped
from refinery.repo.remote import RefTransport, Unknown
from refinery.repo.repository import Repository
from refinery.store.layout import RefNames, target_ref
from refinery.store.mirror import Mirror
from refinery.typed import TYPE_CHECKING
from refinery.values import replace

if TYPE_CHECKING:  # what is needed only once the refs are here is imported while they are fetched
    from datetime import datetime

    from refinery.config.config import Config
    from refinery.store.edit import Edit, Swap
    from refinery.store.edit_writer import EditWriter
    from refinery.store.queue_tree import QueueTree
    from refinery.store.reading import ViewReader
    from refinery.store.target_configs import TargetConfigs
    from refinery.store.view import View


class OutcomeUnknown(TryAgain):
    """Nobody can say now whether a push arrived; running the command again finds out."""

    code = "outcome-unknown"


class RefStore:
    """The queue of one repository, in place or through its remote.

    A view holds the tips of `targets`, and with `follow_targets` also those of every live merge
    request; `with_pins` fetches the pinned heads.  Only the engine needs both.
    """

    def __init__(
        self,
        repo: Repository,
        transport: RefTransport,
        *,
        refs: RefNames,
        default_target: Branch,
        clock: Callable[[], datetime],
        follow_targets: bool = False,
        with_pins: bool = False,
        also: Iterable[Branch] = (),
    ) -> None:
        self.repo = repo
        self.refs = refs
        self.mirror = Mirror(repo, transport)
        self.transport = transport
        self.targets: set[Branch] = {default_target, *also}
        self._default_target = default_target
        self._follow_targets = follow_targets
        self.with_pins = with_pins
        self._clock = clock
        self.settings: Config | None = None

    @cached_property
    def configs(self) -> TargetConfigs:
        """The configurations of targets."""
        from refinery.store.target_configs import TargetConfigs

        return TargetConfigs(self.repo)

    @cached_property
    def _tree(self) -> QueueTree:
        from refinery.store.queue_tree import QueueTree

        return QueueTree(self.repo.reader, self.repo.writer)

    @cached_property
    def _reader(self) -> ViewReader:
        from refinery.store.reading import ViewReader

        return ViewReader(self.repo, self.refs, self._tree, self._config_at)

    def _config_at(self, commit: Sha, target: Branch) -> Config | None:
        """What views know of a target's configuration; `settings` stand in for every one."""
        return self.settings or self.configs.readable(commit, target)

    @cached_property
    def _writer(self) -> EditWriter:
        from refinery.store.edit_writer import EditWriter

        return EditWriter(self.repo, self.refs, self._tree, self._clock, self._signs)

    def _signs(self, view: View) -> bool:
        """Whether what stays of the queue is signed: as this clone says, or the default target."""
        from refinery.repo.signing import is_signed

        if self.settings is not None:
            return False
        return is_signed(self.repo, required=self._asks(view), what="a change of the queue")

    def _asks(self, view: View) -> bool:
        """Whether the default target asks for it; only a file that has the word is parsed."""
        from refinery.config.config import FILE

        tip = view.targets.get(view.header.default_target)
        found = self.repo.reader.read(f"{tip}:{FILE}") if tip is not None else None
        if found is None or b"signatures" not in found.data:
            return False
        config = view.config(view.header.default_target)
        return config is None or config.signatures.queue

    # Reading

    def read(self) -> View:
        """Everything as it is on the remote, fetched with one command."""
        self.repo.reader.begin()
        while True:
            self.mirror.fetch(self._names())
            view = self.cached()
            new = {view.header.default_target}
            if self._follow_targets:
                new |= {mr.target for mr in view.mrs.values() if not mr.closed}
            if new <= self.targets:
                return view
            self.targets |= new

    def cached(self) -> View:
        """Everything as it was when it was last fetched."""
        return self._reader.view(
            self.mirror.known(self._names()), default_target=self._default_target
        )

    def _names(self) -> list[str]:
        folders = ["inbox", "claims", *(["heads"] if self.with_pins else [])]
        return [
            self.refs.queue,
            *(f"{self.refs.below(folder)}*" for folder in folders),
            *(target_ref(target) for target in sorted(self.targets)),
        ]

    # Writing

    def swap(self, view: View, edit: Edit) -> tuple[Swap, View]:
        """Write the objects of an edit and move all its refs in one atomic push."""
        from refinery.store.edit import Applied
        from refinery.store.footprint import footprint

        if edit.archive:
            view = self._with_archive(view)
        values = self._writer.values(view, edit, os.urandom(16).hex())
        moved = {move.ref: move.old for move in edit.moves}
        updates = [
            RefUpdate(ref, moved.get(ref, view.leases.get(ref)), values.get(ref))
            for ref in footprint(self.refs, edit)
            if ref in values or ref in moved or ref in view.leases
        ]
        if not updates:
            return Applied(edit), view  # nothing of it is there
        outcome = self.transport.push(updates)
        if isinstance(outcome, Unknown):
            outcome = self._found_out(updates, outcome)
        if isinstance(outcome, Swapped):
            return Applied(edit), self._after(view, edit, updates)
        return outcome, view

    def first_commit(self, view: View, tree: Sha, text: str) -> Sha:
        """Write a commit that a line of the queue's can begin with; no ref moves."""
        return self._writer.commit(tree, [], text, signed=self._signs(view))

    def _with_archive(self, view: View) -> View:
        """Views leave the archive out; who adds a group to it has to know its tip."""
        self.mirror.fetch([self.refs.archive])
        return replace(view, leases={**view.leases, **self.mirror.known([self.refs.archive])})

    def foreseen(self, view: View, edit: Edit) -> View:
        """What the view becomes if the edit is pushed, as far as that is known before."""
        from refinery.store.apply import applied

        after = applied(view, edit)
        return replace(after, target_trees=self._reader.trees(after.targets))

    def _after(self, view: View, edit: Edit, updates: Iterable[RefUpdate]) -> View:
        leases = dict(view.leases)
        for update in updates:
            if update.new is None:
                leases.pop(update.ref, None)
            else:
                leases[update.ref] = update.new
        leases.pop(self.refs.archive, None)
        return replace(self.foreseen(view, edit), leases=leases)

    def _found_out(self, updates: list[RefUpdate], unknown: Unknown) -> Swapped | Lost | Refused:
        """What became of a push whose answer was lost: the remote's refs say it.

        Every commit of ours is unique, so a ref that shows it, or has it in its history, was moved
        by this push; an atomic push moved either all of its refs or none.
        """
        try:
            now = self.transport.list(*(update.ref for update in updates))
        except RefineryError as trouble:
            raise OutcomeUnknown(
                f"the remote went away during a push: {trouble.message}",
                hint="it was done as a whole or not at all; run the command again to find out",
            ) from trouble
        if all(now.get(update.ref) == update.new for update in updates):
            return Swapped()
        if any(self._in_history(update, now.get(update.ref)) for update in updates):
            return Swapped()
        if all(now.get(update.ref) == update.old for update in updates):
            return Lost(f"the push did not arrive: {unknown.reason}", ())
        return Lost(f"overtaken: {unknown.reason}", ())

    def _in_history(self, update: RefUpdate, tip: Sha | None) -> bool:
        if tip is None or update.new is None or update.ref != self.refs.queue:
            return False
        from refinery.store.trail import Trail

        self.mirror.fetch([update.ref])
        return Trail(self, update.ref, tip).holds(update.new)
