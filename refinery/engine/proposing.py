"""Lands through pull requests: opens one for a tested candidate, and follows it to its end."""

from __future__ import annotations

from refinery.engine import forge_landing, remembering
from refinery.engine import proposal_words as words
from refinery.engine.engine import Engine
from refinery.engine.happenings import Abandoned, Landed, Proposed, Trouble
from refinery.engine.ports import Forge
from refinery.errors import RefineryError
from refinery.queue import proposing
from refinery.queue.pull_requests import (
    MergedNow,
    MergeRefused,
    PullRequest,
    PullRequestDraft,
    PullRequestState,
)
from refinery.records.merge_request import MergeRequest, Method
from refinery.records.names import Branch, Ref, Sha, branch_ref
from refinery.repo.refs import RefUpdate
from refinery.store.update import Committed
from refinery.typed import TypeGuard


class NoForge(RefineryError):
    """The configuration asks for pull requests, and names no forge to open them on."""

    code = "no-forge"


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
    for branch, mr in abandoned.items():
        ref = branch_ref(branch)
        if ref in tips:
            try:
                if engine.forge is not None:
                    _close(engine.forge, branch, mr, "it ended meanwhile")
                engine.store.transport.push([RefUpdate(ref, tips[ref], None)])
            except RefineryError as trouble:
                engine.tell(Trouble(f"{branch}: {trouble.message}"))


def _close(forge: Forge, branch: Branch, mr: MergeRequest, why: str) -> PullRequest | None:
    """Close what may be open for a proposal; the pull request as it is afterwards."""
    found = _opened(forge, branch, mr)
    if found is None or found.state is not PullRequestState.OPEN:
        return found
    forge.close_pull_request(found.number, words.withdrawn(why))
    return forge.pull_request(found.number)  # it may have been merged in this very moment


def _opened(forge: Forge, branch: Branch, mr: MergeRequest) -> PullRequest | None:
    """The pull request of a proposal, also where whoever opened it died before noting it.

    One that was closed before is that of an earlier proposal of the same commit.
    """
    assert mr.proposal is not None
    if mr.proposal.number is not None:
        return forge.pull_request(mr.proposal.number)
    found = forge.pull_requests(branch, mr.target, ended=True)
    ours = [each for each in found if each.state is not PullRequestState.CLOSED]
    return next((each for each in ours if each.head == mr.proposal.landing.commit), None)


def _follow(engine: Engine, branch: Branch, members: list[MergeRequest]) -> None:
    forge = engine.forge
    if forge is None:
        raise NoForge(
            "landing through pull requests needs a forge",
            hint="add `forge: github` (or gitlab, gitea) to the configuration",
        )
    first = members[0]
    assert first.proposal is not None
    found = _opened(forge, branch, first)
    if _has_landed(found, first):
        _merged(engine, branch, first, found)
        return
    why = proposing.why_withdrawn(engine.view, branch, engine.clock()) or _retargeted(first, found)
    if first.proposal.number is not None and _is_closed(found):
        if found is not None and forge.commented(found.number, words.TAKEN_BACK):
            _withdraw(engine, branch, why or "its pull request was taken back")
        else:
            _turned_down(engine, branch, first.proposal.number)
    elif why is not None:
        _take_out(engine, forge, branch, first, why)
    else:
        _press(engine, forge, branch, first, found or _open(engine, forge, branch, members))


def _has_landed(found: PullRequest | None, mr: MergeRequest) -> TypeGuard[PullRequest]:
    return (
        found is not None and found.state is PullRequestState.MERGED and found.target == mr.target
    )


def _is_closed(found: PullRequest | None) -> bool:
    return found is None or found.state is PullRequestState.CLOSED


def _retargeted(mr: MergeRequest, found: PullRequest | None) -> str | None:
    if found is None or found.target == mr.target:
        return None
    return f"its pull request is for {found.target} now"


def _open(engine: Engine, forge: Forge, branch: Branch, members: list[MergeRequest]) -> PullRequest:
    """Have the candidate's pull request opened, and remember its number."""
    first = members[0]
    assert first.proposal is not None
    draft = PullRequestDraft(
        source=branch,
        target=first.target,
        title=words.proposal_title(members),
        body=words.proposal_body(members, first.proposal),
    )
    opened = forge.open_pull_request(draft)
    engine.change(lambda view: proposing.noted(view, branch, opened.number, ""))
    engine.tell(Proposed(tuple(mr.id for mr in members), opened.number, opened.url))
    return opened


def _take_out(engine: Engine, forge: Forge, branch: Branch, mr: MergeRequest, why: str) -> None:
    """Take back what may not land as it is, unless the forge was faster."""
    closed = _close(forge, branch, mr, why)
    if _has_landed(closed, mr):
        engine.refresh()
        _merged(engine, branch, mr, closed)
    else:
        _withdraw(engine, branch, why)


def _press(
    engine: Engine, forge: Forge, branch: Branch, mr: MergeRequest, found: PullRequest
) -> None:
    """Ask the forge to merge it."""
    assert mr.proposal is not None
    landing = mr.proposal.landing
    # What rewrites nothing keeps the tested commits; the others are made again by the forge.
    method = Method.MERGE if landing.method is Method.MERGE else Method.REBASE
    answer = forge.merge(found.number, head=landing.commit, method=method)
    if isinstance(answer, MergedNow):
        engine.refresh()
        merged = forge.pull_request(found.number)
        if merged is not None and merged.state is PullRequestState.MERGED:
            _merged(engine, branch, mr, merged)
        return
    why = answer.why if isinstance(answer, MergeRefused) else ""
    engine.change(lambda view: proposing.noted(view, branch, found.number, why))
    if why:
        engine.tell(Trouble(f"pull request {found.number} waits: {why}"))


def _merged(engine: Engine, branch: Branch, mr: MergeRequest, found: PullRequest) -> None:
    """Record what the forge did, as it is on the target."""
    assert mr.proposal is not None
    target, landing = mr.target, mr.proposal.landing
    if engine.view.targets.get(target) == landing.base:
        engine.refresh()  # the view is older than the merge
    made = forge_landing.made(engine, branch, mr, found)
    if made is None:
        raise RefineryError(
            f"pull request {found.number} is merged, but its commits are not on {target} yet"
        )
    if made.tree != landing.tree:
        engine.tell(
            Trouble(
                f"pull request {found.number} was merged onto another commit of {target} than it "
                "was tested on: have the forge require branches to be up to date"
            )
        )
    done = engine.change(
        lambda view: proposing.merged(
            view,
            branch,
            tip=made.tip,
            commits=made.commits,
            merged_as=made.merged_as,
            number=found.number,
            now=engine.clock(),
            tips=_tips(engine, branch),
        )
    )
    if isinstance(done, Committed):
        engine.tell(Landed(done.edit.put, target, made.merged_as or made.tip))
        remembering.remember(engine, done.edit.put, target)


def _turned_down(engine: Engine, branch: Branch, number: int) -> None:
    done = engine.change(
        lambda view: proposing.turned_down(
            view, branch, number, engine.clock(), _tips(engine, branch)
        )
    )
    if isinstance(done, Committed):
        engine.tell(
            Trouble(f"pull request {number} was closed: its merge requests wait for a person")
        )


def _withdraw(engine: Engine, branch: Branch, why: str) -> None:
    ids = tuple(mr.id for mr in proposing.proposals(engine.view).get(branch, ()))
    done = engine.change(lambda view: proposing.withdrawn(view, branch, why, _tips(engine, branch)))
    if isinstance(done, Committed):
        engine.tell(Abandoned(ids, why))


def _tips(engine: Engine, branch: Branch) -> dict[Ref, Sha]:
    """Where the branch is, asked for each try: forges delete it by themselves after a merge."""
    return engine.store.transport.list(branch_ref(branch))
