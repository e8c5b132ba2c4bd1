"""What the changes of the past touched: their files and sizes, as far as this clone still knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refinery.queue.evidence import blamed_attempts
from refinery.queue.planning.beliefs import Traits
from refinery.queue.planning.from_view import recorded_traits
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, MrId, Sha
from refinery.repo.repository import Repository
from refinery.repo.sizes import is_partial, sizes
from refinery.repo.walking import merge_bases
from refinery.values import replace

MOST = 300  # of the newest; asking git about each takes a millisecond or two

Span = tuple[Sha, Sha]


def traits_of_changes(
    repo: Repository,
    records: Mapping[MrId, MergeRequest],
    targets: Mapping[Branch, Sha],
) -> dict[MrId, Traits]:
    """The traits of those that landed or failed lately, with what they change.

    A clone that lacks their commits does without: nothing is fetched for it.
    """
    if is_partial(repo) or repo.shallow:
        return {}
    landed = [mr for mr in records.values() if mr.landing is not None]
    failed = [mr for mr in records.values() if mr.landing is None and blamed_attempts(mr)]
    spans = {mr.id: _landed_span(mr, records) for mr in _newest(landed)}
    spans |= _failed_spans(repo, _newest(failed), targets)
    found = sizes(repo, [span for span in spans.values() if span is not None])
    return {
        id: replace(recorded_traits(records, records[id]), paths=size.paths, lines=size.lines)
        for id, span in spans.items()
        if span is not None and (size := found.get(span)) is not None
    }


def _newest(mrs: Iterable[MergeRequest]) -> list[MergeRequest]:
    return sorted(mrs, key=lambda mr: (mr.submitted_at, mr.id))[-MOST:]


def _landed_span(mr: MergeRequest, records: Mapping[MrId, MergeRequest]) -> Span | None:
    """From what was below it when it landed: the target, or the member before it."""
    if mr.landing is None or mr.merge_commit is None or mr.id not in mr.landing.candidate:
        return None
    place = mr.landing.candidate.index(mr.id)
    if not place:
        return mr.landing.base, mr.merge_commit
    below = records.get(mr.landing.candidate[place - 1])
    commit = below.merge_commit if below is not None else None
    return None if commit is None else (commit, mr.merge_commit)


def _failed_spans(
    repo: Repository, mrs: Iterable[MergeRequest], targets: Mapping[Branch, Sha]
) -> dict[MrId, Span | None]:
    """From where each left its target."""
    spans: dict[MrId, Span | None] = {}
    by_target: dict[Branch, list[MergeRequest]] = {}
    for mr in mrs:
        by_target.setdefault(mr.target, []).append(mr)
    for target, failed in by_target.items():
        here = _present(repo, failed)
        if target in targets and here:
            bases = merge_bases(repo, targets[target], [mr.head for mr in here])
            spans |= {mr.id: (base, mr.head) for mr in here if (base := bases[mr.head])}
    return spans


def _present(repo: Repository, mrs: list[MergeRequest]) -> list[MergeRequest]:
    found = repo.reader.read_many([mr.head for mr in mrs])
    return [
        mr
        for mr, each in zip(mrs, found, strict=True)
        if each is not None and each.kind == "commit"
    ]
