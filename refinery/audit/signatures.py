"""Judges the signatures of what landed and of the queue's own history, commit by commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from refinery.doing import doing
from refinery.errors import RefineryError
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Ref, Sha
from refinery.repo.containing import line_since
from refinery.repo.history import commits_between, is_ancestor
from refinery.repo.objects import Commit
from refinery.repo.repository import Repository
from refinery.repo.signature import Signature
from refinery.repo.signatures import Judged, Worth
from refinery.store.asked import Asked, Asking, judged
from refinery.store.ref_store import RefStore
from refinery.store.trail import Trail
from refinery.values import dataclass, replace


class NothingAsked(RefineryError):
    """No configuration asks for signatures, so none that is missing would be missed."""

    code = "signatures-not-asked"
    usual_hint = "add `signatures: {}` to .refinery.yaml, or say from where: --since <commit>"


@dataclass(frozen=True, slots=True)
class BadSignature:
    """A commit that is not signed as it has to be, where, and what its signature is worth."""

    where: str
    commit: Sha
    worth: Worth
    who: str
    key: str
    committer: str
    subject: str


@dataclass(frozen=True, slots=True)
class SignedHistory:
    """One line of commits: how many had to be signed, of which were well, and how many not."""

    where: str
    asked: int
    good: int
    before: int


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, with which key, how many of what was looked at."""

    who: str
    key: str
    commits: int


@dataclass(frozen=True, slots=True)
class Signed:
    """What was looked at, what is not as it must be, and who signed the rest."""

    histories: tuple[SignedHistory, ...]
    bad: tuple[BadSignature, ...]
    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: everything, the newest of each history, what came after a commit.

    After `since` everything has to be signed, whether or not a configuration asked for it.
    """

    last: int | None = None
    since: Sha | None = None
    only: Collection[Sha] | None = None

    def of(self, line: Sequence[Asked]) -> list[Asked]:
        """What of a history is looked at, oldest first."""
        oids = [each.commit.oid for each in line]
        chosen = list(line)
        if self.since in oids:
            after = chosen[oids.index(self.since) + 1 :]
            chosen = [replace(each, is_required=True) for each in after]
        if self.only is not None:
            chosen = [each for each in chosen if each.commit.oid in self.only]
        return chosen if self.last is None else chosen[-self.last :]


def histories(
    store: RefStore, known: Collection[MergeRequest], tips: Mapping[Branch, Sha]
) -> dict[str, list[Asked]]:
    """Everything that may have to be signed: ref -> its commits, oldest first."""
    repo, refs = store.repo, store.refs
    asking = Asking(repo)
    found: dict[str, list[Asked]] = {}
    for branch, tip in sorted(tips.items()):
        line, before = _gone_through(repo, tip, _landed_on(known, branch))
        found[f"refs/heads/{branch}"] = asking.of_target(line, before)
    for where, candidate in _proposed(repo, known, found):
        found[where] = asking.of_target(candidate)
    queue = asking.of_queue(_own(store, refs.queue))
    groups = asking.of_archive(_own(store, refs.archive), queue)
    return found | {ref: own for ref, own in ((refs.queue, queue), (refs.archive, groups)) if own}


def _own(store: RefStore, ref: Ref) -> Sequence[Commit]:
    """The commits of one of the queue's refs, as it was fetched last."""
    return Trail(store, ref, store.mirror.known([ref]).get(ref)).newest()[::-1]


def _landed_on(known: Iterable[MergeRequest], branch: Branch) -> list[Sha]:
    landings = [mr.landing for mr in known if mr.landing is not None and mr.target == branch]
    return list(dict.fromkeys(each.merged_as or each.commit for each in landings))


def _gone_through(
    repo: Repository, tip: Sha, landed: Sequence[Sha]
) -> tuple[list[Commit], dict[Sha, Sha]]:
    """What a target went through, oldest first, and what stood there before some of it.

    It is the first-parent line.  Only a push from outside can have put what had landed aside, as
    another parent of a merge: that parent stood there before, whatever the merge calls its first.
    """
    line: list[Commit] = []
    before: dict[Sha, Sha] = {}
    at = tip
    while True:
        first = commits_between(repo, None, at, first_parent=True)
        aside = _aside(repo, at, landed, {commit.oid for commit in first})
        if not aside:
            return [*line, *first][::-1], before
        place = min(_place(repo, oid, at, first) for oid in aside)
        line += first[: place + 1]
        at = next(
            parent
            for parent in first[place].parents[1:]
            if any(is_ancestor(repo, oid, parent) for oid in aside)
        )
        before[first[place].oid] = at


def _aside(repo: Repository, tip: Sha, landed: Sequence[Sha], line: Collection[Sha]) -> list[Sha]:
    """What had landed and is held by the tip, but not on its line."""
    left = [oid for oid in landed if oid not in line]
    there = [oid for oid, found in zip(left, repo.reader.read_many(left), strict=True) if found]
    return [oid for oid in there if is_ancestor(repo, oid, tip)]


def _place(repo: Repository, oid: Sha, tip: Sha, line: Sequence[Commit]) -> int:
    """Where on a line, newest first, a commit came in."""
    since = line_since(repo, oid, tip)
    return [commit.oid for commit in line].index(since[0]) if since else len(line) - 1


def _proposed(
    repo: Repository, known: Iterable[MergeRequest], lines: Mapping[str, Sequence[Asked]]
) -> Iterator[tuple[str, Sequence[Commit]]]:
    """Candidates that a forge merged: their own commits lie beside the target's line."""
    there = {each.commit.oid for line in lines.values() for each in line}
    for mr in known:
        landing = mr.landing
        if landing is None or landing.merged_as is None or landing.commit in there:
            continue
        there.add(landing.commit)
        if repo.reader.read(landing.commit) is not None:
            line = commits_between(
                repo, landing.base, landing.commit, first_parent=True, reverse=True
            )
            yield f"refs/heads/{mr.target}: {landing.commit[:12]}", line


def verify_signatures(
    repo: Repository, lines: Mapping[str, Sequence[Asked]], scope: Scope
) -> Signed:
    """What the signatures that had to be there are worth."""
    if scope.since and not any(
        scope.since == each.commit.oid for line in lines.values() for each in line
    ):
        raise NothingAsked(
            f"{scope.since[:12]} is on no target and not in the queue's history",
            hint="a history that was rewritten does not hold it: refinery fsck",
        )
    chosen = {where: scope.of(line) for where, line in lines.items()}
    required = {
        where: [each for each in line if each.is_required] for where, line in chosen.items()
    }
    if not any(required.values()):
        count = sum(len(line) for line in chosen.values())
        raise NothingAsked(f"none of the {count} commits that were looked at had to be signed")
    with doing("judging signatures"):
        worth = judged(repo, [each for line in required.values() for each in line])
    looked = {
        where: [(each, worth[each.commit.oid]) for each in line]
        for where, line in required.items()
        if chosen[where]
    }
    good = Counter((found.who, found.key) for found in worth.values() if found.worth is Worth.GOOD)
    return Signed(
        histories=tuple(
            SignedHistory(
                where,
                asked=len(line),
                good=sum(found.worth is Worth.GOOD for _, found in line),
                before=len(chosen[where]) - len(line),
            )
            for where, line in looked.items()
        ),
        bad=tuple(
            _bad(where, each, found)
            for where, line in looked.items()
            for each, found in line
            if found.worth is not Worth.GOOD
        ),
        signers=tuple(Signer(who, key, count) for (who, key), count in good.most_common()),
    )


def _bad(where: str, asked: Asked, found: Judged) -> BadSignature:
    commit = asked.commit
    by = Signature.parse(commit.committer)
    return BadSignature(
        where,
        commit.oid,
        found.worth,
        found.who,
        found.key,
        f"{by.name} <{by.email}>",
        commit.subject,
    )
