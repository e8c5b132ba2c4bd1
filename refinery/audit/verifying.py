"""Proves from git alone that what landed is what was tested, or names the landings that are not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from refinery.config.config import FILE, parse
from refinery.doing import counted_off, doing
from refinery.engine.messages import MR, TREE
from refinery.engine.replaying import Replayed, replay
from refinery.records.merge_request import CloseReason, Landing, MergeRequest, Method
from refinery.records.names import Branch, MrId, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.history import lacked
from refinery.repo.lineage import Lineage
from refinery.repo.merging import Merged, merge_many, merge_tree
from refinery.repo.objects import Commit, parse_commit
from refinery.repo.repository import Repository
from refinery.repo.trailers import trailers
from refinery.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing about one landing that is not as it must be."""

    mr: MrId
    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class OutsideCommit:
    """A commit on a target that came past the queue, since the first landing there."""

    target: Branch
    commit: Sha
    subject: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and what was found.

    `unseen` landed by a method that keeps nothing of the head, and their head is no longer in this
    repository: all but the comparison of contents was done.  `off_line` are on the target, but a
    push from outside has moved them off its first-parent line.
    """

    checked: tuple[MrId, ...]
    violations: tuple[Violation, ...]
    outside: tuple[OutsideCommit, ...]
    unseen: tuple[MrId, ...] = ()
    off_line: tuple[MrId, ...] = ()


@dataclass(slots=True)
class _Verification:
    """All landings, read in bulk, and what is said about each."""

    repo: Repository
    known: Mapping[MrId, MergeRequest]
    lines: Mapping[Branch, Lineage]
    commits: Mapping[Sha, Commit] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    off_line: list[MrId] = field(default_factory=list)

    def says(self, mr: MergeRequest, what: str, expected: object, found: object) -> None:
        self.violations.append(Violation(mr.id, what, str(expected), str(found)))


def landed(records: Iterable[MergeRequest]) -> dict[MrId, MergeRequest]:
    """The records that say that they landed."""
    return {mr.id: mr for mr in records if mr.close_reason is CloseReason.MERGED}


def verify(
    repo: Repository,
    known: Mapping[MrId, MergeRequest],
    tips: Mapping[Branch, Sha],
    *,
    only: Sequence[MrId] = (),
) -> Report:
    """Check landed merge requests, all or `only` some, against the histories of their targets."""
    chosen = [known[id] for id in only] if only else list(known.values())
    ended = _ended(known.values(), {mr.target for mr in chosen if mr.target not in tips})
    heads = [*ended.values()]
    there = {oid for oid, found in zip(heads, repo.reader.read_many(heads), strict=True) if found}
    tips = {**{branch: head for branch, head in ended.items() if head in there}, **tips}
    forgotten = [mr for mr in chosen if mr.target in ended and mr.target not in tips]
    chosen = [mr for mr in chosen if mr not in forgotten]
    lines = {branch: Lineage(repo, tips[branch]) for branch in _targets(chosen) if branch in tips}
    run = _Verification(repo, known, lines, _read_commits(repo, chosen))
    for mr in counted_off("verifying", chosen):
        _check_landing(run, mr)
    _check_untested(run, chosen)
    with doing("making squashed and rebased commits again"):
        unseen = _check_contents(run, chosen)
    return Report(
        checked=tuple(mr.id for mr in (*chosen, *forgotten)),
        violations=tuple(sorted(run.violations, key=lambda each: each.mr)),
        outside=tuple(
            commit for branch, line in lines.items() for commit in _outside(run, branch, line)
        ),
        unseen=(*unseen, *(mr.id for mr in forgotten)),
        off_line=tuple(run.off_line),
    )


def _ended(mrs: Iterable[MergeRequest], gone: Container[Branch]) -> dict[Branch, Sha]:
    """Of the branches that are gone, those that have landed themselves, and their last commits."""
    own = [mr for mr in mrs if mr.branch in gone]
    return {mr.branch: mr.head for mr in sorted(own, key=lambda mr: (mr.submitted_at, mr.id))}


def _targets(mrs: Iterable[MergeRequest]) -> list[Branch]:
    return sorted({mr.target for mr in mrs})


def _read_commits(repo: Repository, mrs: Sequence[MergeRequest]) -> dict[Sha, Commit]:
    """Every commit that the records name and that is here, read in bulk."""
    named: dict[Sha, None] = {}
    for mr in mrs:
        landing = mr.landing
        commits = (landing.commit, landing.merged_as) if landing else ()
        for oid in (mr.merge_commit, mr.head, mr.pin, *commits):
            if oid:
                named[oid] = None
    found = repo.reader.read_many(list(named))
    return {each.oid: parse_commit(each) for each in found if each and each.kind == "commit"}


# One landing


def _check_landing(run: _Verification, mr: MergeRequest) -> None:
    landing, own = mr.landing, mr.merge_commit
    if landing is None or own is None:
        lacks = "landing" if landing is None else "merge_commit"
        run.says(mr, "evidence", f"a record with {lacks}", "none")
        return
    _check_history(run, mr, landing, own)
    _check_commit(run, mr, landing)
    _check_own_commit(run, mr, landing, own)
    _check_candidate(run, mr, landing, own)
    if landing.result not in ("pass", "none"):
        run.says(mr, "result", "pass", landing.result)


def _check_history(run: _Verification, mr: MergeRequest, landing: Landing, own: Sha) -> None:
    line = run.lines.get(mr.target)
    if line is None:
        run.says(mr, "target", f"a branch {mr.target}", "no such branch on the remote")
        return
    for what, oid in (("merge commit", own), ("landed commit", landing.commit)):
        if not line.holds(oid):
            run.says(mr, what, f"{oid} on {mr.target}", f"not in the history of {mr.target}")
    if not line.holds(landing.base):
        run.says(mr, "base", f"{landing.base} on {mr.target}", "not in its history")
        return
    places = [line.position.get(oid) for oid in (landing.base, own, landing.commit)]
    if landing.merged_as is not None:
        _check_merged_as(run, mr, landing, landing.merged_as, line)
        return
    base, mine, last = places
    if base is None or mine is None or last is None:
        if line.holds(own) and line.holds(landing.commit):
            run.off_line.append(mr.id)
    elif not base < mine <= last:
        order = "base, merge commit, landed commit"
        run.says(mr, "order", f"{order} in this order on {mr.target}", "another order")


def _check_merged_as(
    run: _Verification, mr: MergeRequest, landing: Landing, merged_as: Sha, line: Lineage
) -> None:
    """The forge put a merge commit on top: it holds the tested candidate, and nothing else."""
    commit = run.commits.get(merged_as)
    if commit is None or not line.holds(merged_as):
        run.says(mr, "merge of the pull request", f"{merged_as} on {mr.target}", "not there")
        return
    if landing.commit not in commit.parents:
        run.says(mr, "merge of the pull request", f"one of {landing.commit}", merged_as)
    if commit.tree != landing.tree:
        run.says(mr, "landed tree", landing.tree, commit.tree)


def _check_commit(run: _Verification, mr: MergeRequest, landing: Landing) -> None:
    commit = run.commits.get(landing.commit)
    if commit is None:
        run.says(mr, "landed commit", landing.commit, "no such commit here")
        return
    if commit.tree != landing.tree:
        run.says(mr, "landed tree", landing.tree, commit.tree)
    if landing.method is not Method.FAST_FORWARD:
        told = _values(commit, TREE)
        if told != [landing.tree]:
            run.says(mr, f"trailer {TREE}", landing.tree, ", ".join(told) or "none")


def _check_own_commit(run: _Verification, mr: MergeRequest, landing: Landing, own: Sha) -> None:
    commit = run.commits.get(own)
    if commit is None:
        run.says(mr, "merge commit", own, "no such commit here")
    elif landing.method is Method.FAST_FORWARD:
        if own != mr.head:
            run.says(mr, "merge commit", f"{mr.head}, its head", own)
    else:
        told = _values(commit, MR)
        if told != [mr.id]:
            run.says(mr, f"trailer {MR}", mr.id, ", ".join(told) or "none")
        if landing.method is Method.MERGE and mr.head not in commit.parents[1:]:
            run.says(mr, "head", f"{mr.head}, merged by {own}", ", ".join(commit.parents[1:]))


def _values(commit: Commit, key: str) -> list[str]:
    return [value for name, value in trailers(commit.message) if name.lower() == key.lower()]


def _check_candidate(run: _Verification, mr: MergeRequest, landing: Landing, own: Sha) -> None:
    """All that landed together say the same of it, and its last member's commit is what landed."""
    if mr.id not in landing.candidate:
        run.says(mr, "candidate", f"one with {mr.id}", ", ".join(landing.candidate) or "nobody")
        return
    if landing.candidate[-1] == mr.id and own != landing.commit:
        run.says(mr, "merge commit", f"{landing.commit}, the last of the candidate", own)
    for id in landing.candidate:
        other = run.known.get(id)
        if other is None:
            run.says(mr, "candidate", f"{id} landed with it", f"{id} has not landed")
        elif other.landing != landing:
            run.says(mr, "candidate", f"{id} with the same landing", _landing_words(other))


def _landing_words(mr: MergeRequest) -> str:
    return f"{mr.landing.commit} from {mr.landing.base}" if mr.landing else "none"


# What takes more than one landing at a time


def _check_untested(run: _Verification, mrs: Sequence[MergeRequest]) -> None:
    """Landings without a verdict: right only where the target itself declared no checks."""
    untested = [(mr, mr.landing.base) for mr in mrs if mr.landing and mr.landing.result == "none"]
    bases = list(dict.fromkeys(base for _, base in untested))
    files = run.repo.reader.read_many([f"{base}:{FILE}" for base in bases])
    problems = {
        base: _declared_checks(found.data if found else None, base)
        for base, found in zip(bases, files, strict=True)
    }
    for mr, base in untested:
        if problems[base]:
            run.says(mr, "result", "pass", f"none, though {problems[base]}")


def _declared_checks(data: bytes | None, base: Sha) -> str:
    """What speaks against landing without a verdict; nothing where no checks are declared."""
    if data is None:
        return ""
    try:
        checks = parse(data, where=f"{base}:{FILE}").checks
    except InvalidRecord as error:
        return error.message
    return (
        f"{base[:12]}:{FILE} declares {', '.join(check.name for check in checks)}" if checks else ""
    )


def _check_contents(run: _Verification, mrs: Sequence[MergeRequest]) -> tuple[MrId, ...]:
    """Squashed or rebased, the commit is not the head: its content is made again and compared."""
    rewritten = [
        mr for mr in mrs if mr.landing and mr.landing.method in (Method.SQUASH, Method.REBASE)
    ]
    there = [
        (mr, run.commits[mr.merge_commit])
        for mr in rewritten
        if mr.merge_commit
        and mr.merge_commit in run.commits
        and mr.pin in run.commits
        and _has_before(run, mr)
    ]
    again = merge_many(run.repo, [(_before(run, mr), mr.pin) for mr, _ in there])
    doubtful = [
        (mr, commit)
        for (mr, commit), merged in zip(there, again, strict=True)
        if merged != Merged(commit.tree)
    ]
    on_top = merge_many(run.repo, [(commit.oid, mr.pin) for mr, commit in doubtful])
    for (mr, commit), merged in zip(doubtful, on_top, strict=True):
        if merged != Merged(commit.tree) and not _made_again(run, mr, commit):
            run.says(mr, "content", f"the changes of {mr.head}", f"others in {commit.oid}")
    return tuple(mr.id for mr in rewritten if mr.pin not in run.commits)


def _before(run: _Verification, mr: MergeRequest) -> Sha:
    """What the merge request was put on: the commit of the member before it, or the base."""
    assert mr.landing is not None
    ahead = mr.landing.candidate[: max(0, _index(mr.landing.candidate, mr.id))]
    previous = run.known.get(ahead[-1]) if ahead else None
    return (previous.merge_commit if previous else None) or mr.landing.base


def _has_before(run: _Verification, mr: MergeRequest) -> bool:
    line = run.lines.get(mr.target)
    return line is not None and line.holds(_before(run, mr))


def _index(ids: Sequence[MrId], id: MrId) -> int:
    return ids.index(id) if id in ids else -1


def _made_again(run: _Verification, mr: MergeRequest, commit: Commit) -> bool:
    """Whether what is its own alone, without what lies below it, makes this commit."""
    before = _before(run, mr)
    below = () if mr.resolution else lacked(run.repo, mr.stands_on, before)
    if mr.landing is None or mr.landing.method is not Method.REBASE:
        return bool(below) and merge_tree(run.repo, before, mr.head, having=below) == Merged(
            commit.tree
        )
    who = run.repo.signature(0)
    replayed = replay(run.repo, mr.line, onto=before, committer=who, without=below)
    return isinstance(replayed, Replayed) and replayed.tree == commit.tree


def _outside(run: _Verification, branch: Branch, line: Lineage) -> list[OutsideCommit]:
    """Commits of the line after the first landing's base that no landing covers."""
    spans = [
        (line.position[mr.landing.base], line.position[mr.landing.merged_as or mr.landing.commit])
        for mr in run.known.values()
        if mr.target == branch
        and mr.landing
        and mr.landing.base in line.position
        and (mr.landing.merged_as or mr.landing.commit) in line.position
    ]
    covered = {place for base, last in set(spans) for place in range(base + 1, last + 1)}
    first = min((base for base, _ in spans), default=len(line.line)) + 1
    oids = [oid for place, oid in enumerate(line.line) if place >= first and place not in covered]
    return [
        OutsideCommit(branch, commit.oid, commit.subject)
        for commit in run.repo.reader.commits(oids)
    ]
