"""Lands through pull requests: opens one for a tested candidate, and follows it to its end."""

from __future__ import annotations

from refinery.config.config import Config
from refinery.engine import proposal_words as words
from refinery.engine.engine import Engine
from refinery.engine.happenings import Abandoned, Landed, Proposed, Trouble
from refinery.engine.ports import Forge
from refinery.errors import RefineryError
from refinery.queue import proposing
from refinery.queue.candidate import Built
from refinery.queue.pull_requests import (
    MergedNow,
    MergeRefused,
    PullRequest,
    PullRequestDraft,
    PullRequestState,
)
from refinery.queue.settling import Stale
from refinery.records.claim import Claim
from refinery.records.merge_request import MergeRequest, Method, Proposal
from refinery.records.names import Branch, MrId, Ref, Sha, branch_ref
from refinery.records.verdict import Verdict
from refinery.repo.history import is_ancestor, log_trailers
from refinery.repo.refs import RefUpdate
from refinery.store.message import MR
from refinery.store.update import Committed


class NoForge(RefineryError):
    """The configuration asks for pull requests, and names no forge to open them on."""


def propose(
    engine: Engine, built: Built, verdict: Verdict | None, held: Claim, config: Config
) -> Stale | None:
    """Put the candidate on a branch and have a pull request opened for it."""
    done = engine.change(
        lambda view: proposing.proposed(view, built, verdict, held, config, engine.clock())
    )
    if isinstance(done, Stale):
        return done
    assert isinstance(done, Committed)
    follow(engine)
    return None


def follow(engine: Engine) -> None:
    """Bring every proposed candidate one step further; a forge that is away is asked later."""
    for branch, members in proposing.proposals(engine.view).items():
        try:
            _follow(engine, branch, members)
        except RefineryError as trouble:
            engine.tell(Trouble(f"{branch}: {trouble.message}"))
    _take_back(engine)


def _take_back(engine: Engine) -> None:
    """Close the pull requests of what was rejected or replaced meanwhile, before they land it."""
    abandoned = proposing.abandoned(engine.view)
    if not abandoned:
        return
    tips = engine.store.transport.list(*map(branch_ref, abandoned))
    for branch, number in abandoned.items():
        ref = branch_ref(branch)
        if ref in tips:
            try:
                if number is not None and engine.forge is not None:
                    engine.forge.close_pull_request(number, words.withdrawn("it ended meanwhile"))
                engine.store.transport.push([RefUpdate(ref, tips[ref], None)])
            except RefineryError as trouble:
                engine.tell(Trouble(f"{branch}: {trouble.message}"))


def _follow(engine: Engine, branch: Branch, members: list[MergeRequest]) -> None:
    forge = engine.forge
    if forge is None:
        raise NoForge(
            "landing through pull requests needs a forge",
            hint="add `forge: github` (or gitlab, gitea) to the configuration",
        )
    proposal = members[0].proposal
    assert proposal is not None
    found = _pull_request(engine, forge, branch, members, proposal)
    if found is None or found.state is PullRequestState.CLOSED:
        _turned_down(engine, branch, proposal)
    elif found.state is PullRequestState.MERGED:
        _merged(engine, branch, proposal, found)
    else:
        _press(engine, forge, branch, proposal, found)


def _pull_request(
    engine: Engine,
    forge: Forge,
    branch: Branch,
    members: list[MergeRequest],
    proposal: Proposal,
) -> PullRequest | None:
    """The candidate's pull request, opened if there is none yet."""
    if proposal.number is not None:
        return forge.pull_request(proposal.number)
    why = proposing.why_withdrawn(engine.view, branch)
    if why is not None:
        _withdraw(engine, branch, why)
        return None
    draft = PullRequestDraft(
        source=branch,
        target=members[0].target,
        title=words.proposal_title(members),
        body=words.proposal_body(members, proposal),
    )
    opened = forge.open_pull_request(draft)
    engine.change(lambda view: proposing.noted(view, branch, opened.number, ""))
    engine.tell(Proposed(tuple(mr.id for mr in members), opened.number, opened.url))
    return opened


def _press(
    engine: Engine, forge: Forge, branch: Branch, proposal: Proposal, found: PullRequest
) -> None:
    """Ask the forge to merge it, or take it back where the world moved on."""
    why = proposing.why_withdrawn(engine.view, branch)
    if why is not None:
        forge.close_pull_request(found.number, words.withdrawn(why))
        _withdraw(engine, branch, why)
        return
    landing = proposal.landing
    # What rewrites nothing keeps the tested commits; the others are made again by the forge.
    method = Method.MERGE if landing.method is Method.MERGE else Method.REBASE
    answer = forge.merge(found.number, head=landing.commit, method=method)
    if isinstance(answer, MergedNow):
        engine.refresh()
        merged = forge.pull_request(found.number)
        if merged is not None and merged.state is PullRequestState.MERGED:
            _merged(engine, branch, proposal, merged)
        return
    why = answer.why if isinstance(answer, MergeRefused) else ""
    engine.change(lambda view: proposing.noted(view, branch, found.number, why))
    if why:
        engine.tell(Trouble(f"pull request {found.number} waits: {why}"))


def _merged(engine: Engine, branch: Branch, proposal: Proposal, found: PullRequest) -> None:
    """Record what the forge did, as it is on the target."""
    target = found.target
    if engine.view.targets.get(target) == proposal.landing.base:
        engine.refresh()  # the view is older than the merge
    tip = engine.view.targets[target]
    line = log_trailers(engine.repo, proposal.landing.base, tip, first_parent=True)
    candidate = proposal.landing.commit
    merged_as = None
    commits: dict[MrId, Sha] = {}
    last = candidate
    if is_ancestor(engine.repo, candidate, tip):
        members = proposing.proposals(engine.view).get(branch, [])
        commits = {mr.id: mr.proposal.commit for mr in members if mr.proposal}
        merged_as = next(
            (commit.oid for commit, _ in line if candidate in commit.parents[1:]), None
        )
        tree = engine.repo.reader.commit(merged_as or candidate).tree
    else:
        named = [(commit, _mrs(pairs)) for commit, pairs in line]
        ours = [
            (commit, ids) for commit, ids in named if set(ids) & set(proposal.landing.candidate)
        ]
        if not ours:
            raise RefineryError(
                f"pull request {found.number} is merged, but its commits are not on {target} yet"
            )
        commits = {id: commit.oid for commit, ids in ours for id in ids}
        last, tree = ours[-1][0].oid, ours[-1][0].tree
    if tree != proposal.landing.tree:
        engine.tell(
            Trouble(
                f"pull request {found.number} was merged onto another commit of {target} than it "
                "was tested on: have the forge require branches to be up to date"
            )
        )
    tips = _tips(engine, branch)
    done = engine.change(
        lambda view: proposing.merged(
            view,
            branch,
            tip=last,
            commits=commits,
            merged_as=merged_as,
            now=engine.clock(),
            tips=tips,
        )
    )
    if isinstance(done, Committed):
        engine.tell(Landed(done.edit.put, target, merged_as or last))


def _turned_down(engine: Engine, branch: Branch, proposal: Proposal) -> None:
    if proposal.number is None:
        return
    number, tips = proposal.number, _tips(engine, branch)
    engine.change(lambda view: proposing.turned_down(view, branch, number, engine.clock(), tips))
    engine.tell(Trouble(f"pull request {number} was closed: its merge requests wait for a person"))


def _withdraw(engine: Engine, branch: Branch, why: str) -> None:
    ids = tuple(mr.id for mr in proposing.proposals(engine.view).get(branch, ()))
    tips = _tips(engine, branch)
    done = engine.change(lambda view: proposing.withdrawn(view, branch, why, tips))
    if isinstance(done, Committed):
        engine.tell(Abandoned(ids, why))


def _tips(engine: Engine, branch: Branch) -> dict[Ref, Sha]:
    return engine.store.transport.list(branch_ref(branch))


def _mrs(pairs: tuple[tuple[str, str], ...]) -> tuple[MrId, ...]:
    return tuple(MrId(value) for key, value in pairs if key == MR)
