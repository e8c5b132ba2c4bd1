"""Every kind of record, arbitrary within its schema: strategies for the property tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from refinery.records.claim import Claim
from refinery.records.handed_over import HandedOver
from refinery.records.header import Pause, QueueHeader, Standstill, Stillness
from refinery.records.issue import Comment, Issue, IssueState
from refinery.records.merge_request import (
    Attempt,
    AttemptOutcome,
    Block,
    CloseReason,
    Failure,
    FailureType,
    Hold,
    Landing,
    MergeRequest,
    Method,
    Proposal,
    Status,
    Telling,
)
from refinery.records.verdict import CheckReport, Result, Verdict

# For properties of whole records, which cost more than others to make up.
fewer = settings(max_examples=max(20, settings().max_examples // 3))

# No lone surrogates: no Unicode text has them, and PyYAML reads none (see test_text.py).
letters = st.characters(exclude_categories=("Cs",))
texts = st.text(letters, max_size=30)
lines = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\x80\x85"), max_size=30
)
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
branches = st.from_regex(r"[A-Za-zäß0-9._/-]{1,20}", fullmatch=True).filter(
    lambda name: not name.startswith("-")
)
ids = st.from_regex(r"mr-[a-z0-9]{1,10}", fullmatch=True)
shas = st.from_regex(r"[0-9a-f]{40}([0-9a-f]{24})?", fullmatch=True)
issues = st.from_regex(r"[a-z]{1,6}#[A-Za-z0-9._/-]{1,9}", fullmatch=True)
fingerprints = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
instants = st.integers(0, 253_402_300_799_999).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
seconds = st.integers(0, 10**8).map(lambda ms: ms / 1000)
priorities = st.integers(0, 4)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Or nothing."""
    return st.none() | strategy


def tuples(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few of them."""
    return st.lists(strategy, max_size=most).map(tuple)


attempts = st.builds(
    Attempt,
    at=instants,
    worker=words,
    outcome=st.sampled_from(list(AttemptOutcome)),
    base=optional(shas),
    tree=optional(shas),
    candidate=tuples(ids),
    note=lines,
)
blocks = st.builds(
    Block,
    reason=st.just("conflict"),
    head=shas,
    base=shas,
    files=tuples(lines),
    answered=st.booleans(),
)
failures = st.builds(
    Failure,
    type=st.sampled_from(list(FailureType)),
    at=instants,
    message=texts,
    base=optional(shas),
    tree=optional(shas),
)
holds = st.builds(Hold, by=words, reason=lines, at=instants)
landings = st.builds(
    Landing,
    base=shas,
    commit=shas,
    tree=shas,
    candidate=tuples(ids),
    method=st.sampled_from(list(Method)),
    fingerprint=fingerprints,
    result=st.sampled_from(["pass", "none"]),
    worker=words,
    mode=st.sampled_from(["push", "healed", "pull-request"]),
    pull_request=optional(st.integers(1, 10**6)),
    merged_as=optional(shas),
)
tellings = st.builds(Telling, task=words, worker=words, until=instants, tries=st.integers(0, 99))
merge_requests = st.builds(
    MergeRequest,
    id=ids,
    branch=branches,
    target=branches,
    head=shas,
    status=st.sampled_from(list(Status)),
    priority=priorities,
    title=lines,
    worker=words,
    created_at=instants,
    submitted_at=instants,
    retry_count=st.integers(0, 10**6),
    source_issue=optional(words),
    rig=optional(words),
    agent_bead=optional(words),
    epic=optional(words),
    target_reason=optional(lines),
    convoy_id=optional(words),
    convoy_created_at=optional(instants),
    supersedes=optional(ids),
    superseded_by=optional(ids),
    depends_on=tuples(ids),
    stands_on=tuples(shas),
    unit=optional(words),
    intent=st.booleans(),
    blocked_by=optional(issues),
    block=optional(blocks),
    failure=optional(failures),
    hold=optional(holds),
    proposal=optional(
        st.builds(
            Proposal,
            branch=branches,
            commit=shas,
            landing=landings,
            at=instants,
            number=optional(st.integers(1, 10**6)),
            why=lines,
        )
    ),
    attempts=tuples(attempts),
    closed_at=optional(instants),
    close_reason=optional(st.sampled_from(list(CloseReason))),
    error=optional(texts),
    merge_commit=optional(shas),
    landing=optional(landings),
    untold=tuples(words),
    telling=tuples(tellings),
)
claims = st.builds(
    Claim,
    token=st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    worker=words,
    candidate=tuples(ids),
    target=branches,
    claimed_at=instants,
    expires_at=instants,
)
reports = st.builds(
    CheckReport,
    name=words,
    verdict=st.sampled_from(list(Result)),
    seconds=seconds,
    exit_code=optional(st.integers(-64, 255)),
    note=lines,
    tail=texts,
)
verdicts = st.builds(
    Verdict,
    tree=shas,
    fingerprint=fingerprints,
    result=st.sampled_from(list(Result)),
    runs=st.integers(1, 9),
    target=branches,
    base=shas,
    candidate=tuples(ids),
    seconds=seconds,
    at=instants,
    worker=words,
    flaky=st.booleans(),
    checks=tuples(reports),
)
comments = st.builds(Comment, author=words, at=instants, body=texts)
issue_records = st.builds(
    Issue,
    id=issues,
    state=st.sampled_from(list(IssueState)),
    title=lines,
    body=texts,
    created_at=instants,
    labels=tuples(words),
    assignee=optional(words),
    priority=optional(priorities),
    mr=optional(ids),
    marker=optional(lines),
    closed_at=optional(instants),
    comments=tuples(comments),
)
headers = st.builds(
    QueueHeader,
    default_target=branches,
    landed=st.dictionaries(branches, shas, max_size=3),
    archived=st.integers(0, 10**6),
    paused=optional(st.builds(Pause, by=words, reason=lines, at=instants)),
    stuck=tuples(
        st.builds(
            Standstill,
            target=branches,
            why=st.sampled_from(list(Stillness)),
            words=lines,
            since=instants,
            told=tuples(words),
            untold=tuples(words),
            telling=tuples(tellings),
        )
    ),
)
handed_over = st.builds(
    HandedOver,
    target=branches,
    base=shas,
    tree=shas,
    fingerprint=fingerprints,
    members=tuples(ids),
    token=optional(st.from_regex(r"[0-9a-f]{32}", fullmatch=True)),
)

records = st.one_of(merge_requests, claims, verdicts, issue_records, headers, handed_over)
