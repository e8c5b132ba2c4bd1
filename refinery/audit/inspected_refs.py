"""The rules about refs: claims, pins and inbox entries belong to a record that is alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from refinery.audit.findings import TIDIED, Evidence, Finding, Severity
from refinery.queue.claiming import LONGEST_CLAIM
from refinery.queue.folding import INTENT_LASTS
from refinery.records.claim import Claim
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MR_ID, MrId, Ref
from refinery.records.times import format_time
from refinery.repo.objects import parse_commit
from refinery.store.reading import UNREADABLE

_FOLDERS = ("inbox", "claims", "heads")


def queue_ref(evidence: Evidence) -> Iterator[Finding]:
    """Where anything tells of merge requests that were queued, there is a queue."""
    left = _left_without_a_queue(evidence)
    if left is not None:
        ref = evidence.refs.queue
        what = f"is gone, but {left} is there: what was queued is not known any more"
        fix = f"in a clone that has it: git push <remote> {ref}; git reflog {ref}"
        yield Finding(Severity.ERROR, "queue-missing", ref, what, fix)


def _left_without_a_queue(evidence: Evidence) -> Ref | None:
    """A ref that is only there once something was queued, where the queue is not."""
    refs = evidence.refs
    if refs.queue in evidence.present:
        return None
    if refs.archive in evidence.present:
        return refs.archive
    return next((ref for _, ref, _ in evidence.below("heads")), None)


def stray_refs(evidence: Evidence) -> Iterator[Finding]:
    """Nothing but the queue's own refs is under its prefix."""
    refs = evidence.refs
    known = {refs.queue, refs.archive, refs.issues, refs.resolutions}
    for folder in _FOLDERS:
        known |= {ref for id, ref, _ in evidence.below(folder) if MR_ID.fullmatch(id)}
    kept = tuple(refs.kept(line) for line in (refs.queue, refs.archive))
    for ref in sorted(evidence.present.keys() - known):
        if ref.startswith(kept):
            continue
        yield Finding(
            Severity.WARNING,
            "stray-ref",
            ref,
            "no ref of refinery's",
            f"if nobody needs it: git push --delete <remote> {ref}",
        )


def claims(evidence: Evidence) -> Iterator[Finding]:
    """A claim is on an open merge request, and runs out."""
    mrs = evidence.view.mrs
    if _left_without_a_queue(evidence):
        return
    for name, ref, _ in evidence.below("claims"):
        claim = evidence.view.claims.get(name)
        of_candidate = claim is not None and claim.base is not None
        members = claim.candidate if claim is not None and of_candidate else (name,)
        unknown = [id for id in members if id not in mrs and not evidence.is_damaged(id)]
        closed = [id for id in members if id in mrs and mrs[id].closed]
        if unknown:
            what = f"claims {unknown[0]}, which is not there"
            yield Finding(Severity.WARNING, "claim-unknown", ref, what, TIDIED)
        elif closed and len(closed) == len(members):
            what = f"claims {closed[0]}, which is closed"
            yield Finding(Severity.WARNING, "claim-closed", ref, what, TIDIED)
        elif claim is not None and _is_endless(evidence, claim):
            what = f"the claim of {claim.worker} runs out at {format_time(claim.expires_at)}"
            fix = f"refinery release {claim.candidate[0]} --force" if claim.candidate else ""
            yield Finding(Severity.ERROR, "claim-endless", ref, what, fix)
        elif claim is not None and not claim.is_report and not claim.live(evidence.now):
            ran_out = format_time(claim.expires_at)
            what = f"the claim of {claim.worker} ran out at {ran_out}: anybody may take it over"
            yield Finding(
                Severity.INFO, "claim-expired", ref, what, "the next run does, or drops it"
            )


def _is_endless(evidence: Evidence, claim: Claim) -> bool:
    """Whether it lasts longer than anybody may claim; one that cannot be read is told as that."""
    return claim.worker != UNREADABLE and claim.expires_at - evidence.now > LONGEST_CLAIM


def pins(evidence: Evidence) -> Iterator[Finding]:
    """Each folded open merge request has its head pinned, and nothing else has."""
    if _left_without_a_queue(evidence):
        return
    pinned = {id: (ref, oid) for id, ref, oid in evidence.below("heads")}
    for id, (ref, oid) in pinned.items():
        mr = evidence.view.mrs.get(id)
        if mr is None and not evidence.is_damaged(id):
            yield Finding(
                Severity.WARNING, "pin-unknown", ref, f"pins {id}, which is not there", TIDIED
            )
        elif mr is not None and mr.closed:
            yield Finding(
                Severity.WARNING, "pin-closed", ref, f"pins {id}, which is closed", TIDIED
            )
        elif mr is not None and oid != mr.pin:
            what = f"pins {oid}, but the head of {id} is {mr.pin}"
            yield Finding(Severity.ERROR, "pin-elsewhere", ref, what, _pin_again(evidence, mr))
    for mr in evidence.open:
        if mr.id not in pinned and mr.id not in evidence.view.unfolded:
            ref = evidence.refs.pin(mr.id)
            what = f"nothing pins the head of {mr.id}: a deleted branch would lose it"
            yield Finding(Severity.ERROR, "pin-missing", ref, what, _pin_again(evidence, mr))


def heads(evidence: Evidence) -> Iterator[Finding]:
    """The head of each open merge request is there."""
    for mr in evidence.open:
        if mr.pin not in evidence.heads:
            yield Finding(
                Severity.ERROR,
                "head-missing",
                mr.id,
                f"its head {mr.pin} is not in the repository",
                f"push {mr.branch} again, or: refinery reject {mr.id} --reason 'head lost'",
            )


def inbox(evidence: Evidence) -> Iterator[Finding]:
    """An inbox entry is not folded yet, carries its head, and was really pushed."""
    for id, ref, oid in evidence.below("inbox"):
        mr = evidence.view.mrs.get(id)
        if mr is None:
            continue  # what cannot be read is reported as such
        if id not in evidence.view.unfolded:
            yield Finding(
                Severity.WARNING, "inbox-folded", ref, f"{id} is in the queue already", TIDIED
            )
            continue
        found = evidence.repo.reader.read(oid)
        parents = parse_commit(found).parents if found and found.kind == "commit" else ()
        if mr.head not in parents:
            what = f"does not carry the head of {id}, {mr.head}"
            yield Finding(Severity.ERROR, "inbox-head", ref, what, "submit it again")
        if mr.intent and evidence.now - mr.submitted_at > INTENT_LASTS:
            what = f"the push that announced {id} never came"
            yield Finding(Severity.INFO, "intent-expired", ref, what, TIDIED)


def _pin_again(evidence: Evidence, mr: MergeRequest) -> str:
    if mr.pin not in evidence.heads:
        return f"push {mr.branch} again"
    return f"git push --force <remote> {mr.pin}:{evidence.refs.pin(MrId(mr.id))}"


RULES: tuple[Callable[[Evidence], Iterator[Finding]], ...] = (
    queue_ref,
    stray_refs,
    claims,
    pins,
    heads,
    inbox,
)
