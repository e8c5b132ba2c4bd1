"""The guard: holds every ref of a push against the rules of the queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property

from refinery.hooks.history_guard import begins_anew, kept_refused
from refinery.hooks.pushed import Pushed
from refinery.hooks.pusher import ENGINES, Pusher
from refinery.hooks.queue_change import QueueChange, RecordChange, record_id, targets_of
from refinery.hooks.signature_guard import SIGN, unsigned_change, unsigned_landing
from refinery.hooks.target_guard import landing_refused
from refinery.queue import guarding
from refinery.records import document
from refinery.records.claim import Claim
from refinery.records.document import Record
from refinery.records.issue import Issue
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Ref, Sha
from refinery.records.schema import UPGRADE, InvalidRecord, NewerFormat
from refinery.records.verdict import Verdict
from refinery.repo.history import is_ancestor
from refinery.repo.objects import BadObject
from refinery.repo.refs import list_refs
from refinery.repo.repository import Repository
from refinery.store import layout
from refinery.store.layout import RefNames
from refinery.values import dataclass

SUBMIT = "push your branch and let the queue land it: refinery submit"
COMMANDS = "change the queue with refinery's own commands; `refinery --help` lists them"
FETCH = "fetch and let refinery do it again: somebody was faster"
ASK = "push branches, submit and close issues; for the rest ask who runs the queue"
UPGRADE_HERE = f"have refinery upgraded on the server: {UPGRADE}"
ANYBODY = Pusher("")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is refused, why, and what to do instead."""

    ref: str
    why: str
    instead: str


class Guard:
    """One push: every ref it moves, the queue before it, and the queue after it."""

    def __init__(
        self,
        repo: Repository,
        refs: RefNames,
        pushed: Sequence[Pushed],
        now: datetime,
        *,
        pusher: Pusher = ANYBODY,
    ) -> None:
        self.repo = repo
        self.refs = refs
        self.now = now
        self.pusher = pusher
        self.pushed = {each.ref: each for each in pushed}
        tip = self.standing.get(refs.queue)
        moved = self.pushed.get(refs.queue)
        self.change = QueueChange(repo, tip, moved.new if moved else tip, refs.queue)

    @cached_property
    def standing(self) -> dict[Ref, Sha]:
        """The queue's refs before the push."""
        return list_refs(self.repo, f"{self.refs.prefix}/")

    @cached_property
    def given_back(self) -> list[Claim]:
        """The claims that this push gives back."""
        below = self.refs.below("claims")
        gone = [
            each
            for each in self.pushed.values()
            if each.ref.startswith(below) and each.new is None and each.ref in self.standing
        ]
        found = [self._claim_before(each) for each in gone]
        return [claim for claim in found if claim is not None]

    def refusals(self) -> list[Refusal]:
        """Everything that is wrong with the push; nothing: let it through."""
        found: list[Refusal] = list(self._not_theirs())
        if found:
            return found  # whatever else is wrong with it, they cannot put right
        for each in self.pushed.values():
            try:
                found += self._ref(each)
            except NewerFormat as newer:
                found.append(Refusal(each.ref, newer.message, UPGRADE_HERE))
            except (InvalidRecord, BadObject) as error:
                found.append(Refusal(each.ref, error.message, error.hint or COMMANDS))
        return found

    def _not_theirs(self) -> Iterator[Refusal]:
        """The refs that only those who run the queue may write, as one refusal."""
        if self.pusher.runs_the_queue:
            return
        theirs = self.refs.below("inbox")
        reserved = [
            ref
            for ref in self.pushed
            if ref.startswith(f"{self.refs.prefix}/")
            and ref != self.refs.issues
            and not ref.startswith(theirs)
        ]
        if reserved:
            first = min(reserved, key=lambda ref: (ref != self.refs.queue, ref))
            more = f" and {len(reserved) - 1} more" if len(reserved) > 1 else ""
            who = " or ".join(self.pusher.engines)
            you = self.pusher.name or "somebody without a name"
            why = f"only {who} may write it, not {you} ({ENGINES})"
            yield Refusal(f"{first}{more}", why, ASK)

    # One kind of ref after the other

    def _ref(self, each: Pushed) -> Iterator[Refusal]:
        if each.branch is not None and not each.ref.startswith(f"{self.refs.prefix}/"):
            yield from self._branch(each, each.branch)
        elif each.ref == self.refs.queue:
            yield from self._queue(each)
        elif each.ref == self.refs.archive:
            yield from self._archive(each)
        elif each.ref == self.refs.issues:
            yield from self._issues(each)
        elif each.ref == self.refs.resolutions:
            why = self._not_forward(each)
            if why:
                yield Refusal(each.ref, why, FETCH)
        elif each.ref.startswith(f"{self.refs.prefix}/"):
            yield from self._own(each)

    def _own(self, each: Pushed) -> Iterator[Refusal]:
        folder, _, id = each.ref.removeprefix(f"{self.refs.prefix}/").partition("/")
        rule = {
            "inbox": self._inbox,
            "claims": self._claim,
            "heads": self._pin,
            "history": self._kept,
        }.get(folder)
        why = "the queue has no such ref" if rule is None else rule(each, MrId(id))
        if why:
            yield Refusal(each.ref, why, COMMANDS)

    def _branch(self, each: Pushed, branch: Branch) -> Iterator[Refusal]:
        guarded = {*self.repo.config.get("refinery.guard", ()), *self._targets()}
        if branch not in guarded or each.old is None or self._sets_up(each):
            return
        why = landing_refused(self, each, branch)
        if why:
            yield Refusal(each.ref, why, SUBMIT)
        elif lacking := unsigned_landing(self, each):
            yield Refusal(each.ref, lacking, SIGN)

    def _sets_up(self, each: Pushed) -> bool:
        """Whether the push begins the queue: `refinery init` commits its config with that."""
        return self.change.old is None and self.change.new is not None and each.new is not None

    def _targets(self) -> set[Branch]:
        """What the queue guards by itself: where nothing was folded yet, the usual branch."""
        if self.change.old is not None:
            return targets_of(self.change.header_before)
        current = self.repo.current_branch()
        return {Branch(current)} if current and self.standing else set()

    def _queue(self, each: Pushed) -> Iterator[Refusal]:
        why = self._not_forward(each)
        if why:
            yield Refusal(each.ref, why, FETCH if each.new else COMMANDS)
            return
        lacking = unsigned_change(self, each)
        if lacking:
            yield Refusal(each.ref, lacking, SIGN)
        for path in self.change.changed:
            if record_id(path) is None:
                why = self._file(path)
                if why:
                    yield Refusal(f"{each.ref}:{path}", why, COMMANDS)
        for record in self.change.records():
            why = self._record(record) if each.old else self._first(record)
            if why:
                yield Refusal(f"{each.ref}: {record.id}", why, COMMANDS)

    def _file(self, path: str) -> str | None:
        """What is wrong with a changed file of the queue that is no record."""
        oid = self.change.after.get(path)
        if path == layout.HEADER:
            return self._header()
        if not path.startswith(f"{layout.VERDICTS}/"):
            return "nothing of the queue lies there"
        if oid is not None:
            verdict = self.change.read(Verdict, oid, path)
            if layout.verdict_path(verdict.key) != path:
                return "the verdict is about another tree"
        return None

    def _header(self) -> str | None:
        before, after = self.change.header_before, self.change.header_after
        if after is None:
            return "the queue would have no header"
        for target, commit in after.landed.items():
            last = before.landed.get(target) if before else None
            if last != commit and not self._stood_at(Ref(f"refs/heads/{target}"), commit, last):
                return f"landed says {target} is at {commit[:12]}, which it is not"
        return guarding.header_changed(before, after) if before else None

    def _stood_at(self, ref: Ref, commit: Sha, last: Sha | None) -> bool:
        """Whether a target is at a commit, or went on from it since its last landing.

        What a forge merged is recorded later, when others may have pushed.
        """
        tip = self.tip(ref)
        if tip == commit or tip is None or ref in self.pushed:
            return tip == commit
        return self.is_ancestor(commit, tip) and (last is None or self.is_ancestor(last, commit))

    def _record(self, record: RecordChange) -> str | None:
        if record.after is None:
            if record.before is None:
                return None  # it could not be read: taking it away is a repair
            return guarding.removed(record.before, self._archived(record.id))
        if record.after.id != record.id:
            return f"it is the record of {record.after.id}"
        if not record.was_there:
            waiting = self._waiting(record.id)
            why = guarding.entered(waiting, record.after, self.change.known)
        elif record.before is None:
            why = None
        else:
            why = guarding.changed(record.before, record.after, self.change.known)
        return why or self._landed_somewhere(record)

    def _first(self, record: RecordChange) -> str | None:
        after = record.after
        return None if after and after.id == record.id else "it does not belong in this file"

    def _landed_somewhere(self, record: RecordChange) -> str | None:
        """A record may say that it has merged only if its commit is on the target."""
        after = record.after
        if after is None or after.merge_commit is None:
            return None
        if record.before is not None and record.before.merge_commit:
            return None
        tip = self.tip(Ref(f"refs/heads/{after.target}"))
        if tip is not None and self.is_ancestor(after.merge_commit, tip):
            return None
        return f"it says it has landed as {after.merge_commit[:12]}, which is not on {after.target}"

    def _archive(self, each: Pushed) -> Iterator[Refusal]:
        why = self._not_forward(each)
        if why:
            yield Refusal(each.ref, why, FETCH)
            return
        assert each.new is not None
        for path, _ in self.repo.reader.walk_blobs(each.new):
            id = MrId(path.removesuffix(layout.SUFFIX))
            record = self._archived(id)
            if record is None or not record.closed or record.id != id:
                yield Refusal(f"{each.ref}:{path}", "it is no closed merge request", COMMANDS)

    def _issues(self, each: Pushed) -> Iterator[Refusal]:
        why = self._not_forward(each)
        if why:
            yield Refusal(each.ref, why, FETCH)
            return
        assert each.new is not None
        before = dict(self.repo.reader.walk_blobs(each.old)) if each.old else {}
        for path, oid in self.repo.reader.walk_blobs(each.new):
            if before.get(path) != oid:
                self.change.read(Issue, oid, path)

    def _inbox(self, each: Pushed, id: MrId) -> str | None:
        if each.new is None:
            waiting = self._waiting(id)
            queued = self.change.all_after()
            return guarding.withdrawn(waiting, id, queued, self.change.known, self.now)
        if each.old is not None:
            return "a submission never changes; a new commit is a new submission"
        if id in self.change.known and id not in self._entering():
            return f"{id} is in the queue already"
        mr = self._own_record(MergeRequest, each.new, layout.RECORD, each.ref)
        parents = self.repo.reader.commit(each.new).parents
        return guarding.submitted(mr, id, parents[0] if len(parents) == 1 else None)

    def _claim(self, each: Pushed, id: MrId) -> str | None:
        if each.new is None:
            return None
        after = self._own_record(Claim, each.new, layout.CLAIM, each.ref)
        return guarding.claimed(id, self._claim_before(each), after, self._waiting_ids(), self.now)

    def _claim_before(self, each: Pushed) -> Claim | None:
        if each.old is None:
            return None
        try:
            return self._own_record(Claim, each.old, layout.CLAIM, each.ref)
        except InvalidRecord:
            return None

    def _pin(self, each: Pushed, id: MrId) -> str | None:
        record = self.change.record(id)
        if each.new is None:
            gone = record is None or record.closed
            return None if gone else f"{id} is queued, and this keeps its commit alive"
        if record is None:
            return f"{id} is not in the queue"
        if record.pin != each.new:
            return f"the head of {id} is {record.pin[:12]}"
        holds = record.resolution is None or self.is_ancestor(record.head, each.new)
        return None if holds else f"it does not hold the head of {id}, {record.head[:12]}"

    def _kept(self, each: Pushed, _: MrId) -> str | None:
        return kept_refused(self, each)

    # What the rules ask about

    def tip(self, ref: Ref) -> Sha | None:
        """Where a ref is after the push."""
        moved = self.pushed.get(ref)
        return moved.new if moved else list_refs(self.repo, ref).get(ref)

    def is_ancestor(self, old: Sha, new: Sha) -> bool:
        """Whether `new` contains `old`; a commit that is not here is in nothing."""
        found = self.repo.reader.read(f"{old}^{{commit}}")
        return found is not None and is_ancestor(self.repo, old, new)

    def _not_forward(self, each: Pushed) -> str | None:
        if each.new is None:
            return "the queue's history is not deleted"
        if each.old is None or each.old in self.repo.reader.commit(each.new).parents:
            return None
        if self.is_ancestor(each.old, each.new) or begins_anew(self, each):
            return None
        return "its history would be rewritten: it only ever grows"

    def _archived(self, id: MrId) -> MergeRequest | None:
        pushed = self.pushed.get(self.refs.archive)
        if pushed is None or pushed.new is None:
            return None
        try:
            return self._own_record(
                MergeRequest, pushed.new, f"{id}{layout.SUFFIX}", self.refs.archive
            )
        except InvalidRecord:
            return None

    def _waiting(self, id: MrId) -> MergeRequest | None:
        """The submission of that id, there already or created by this push."""
        ref = self.refs.inbox(id)
        pushed = self.pushed.get(ref)
        oid = self.standing.get(ref) or (pushed.new if pushed else None)
        try:
            return self._own_record(MergeRequest, oid, layout.RECORD, ref) if oid else None
        except InvalidRecord:
            return None

    def _waiting_ids(self) -> frozenset[MrId]:
        """What may be claimed: the queue's own and the inbox's."""
        below = self.refs.below("inbox")
        inbox = {ref.removeprefix(below) for ref in (*self.standing, *self.pushed) if below in ref}
        return self.change.known | {MrId(id) for id in inbox}

    def _entering(self) -> frozenset[MrId]:
        return frozenset(each.id for each in self.change.records() if not each.was_there)

    def _own_record(self, cls: type[Record], commit: Sha, file: str, ref: str) -> Record:
        data = self.repo.reader.blob(f"{commit}:{file}")
        if data is None:
            raise InvalidRecord(f"{ref}:{file}", "", "is missing")
        return document.read(cls, data, where=f"{ref}:{file}")
