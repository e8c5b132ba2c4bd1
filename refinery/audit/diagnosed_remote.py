"""Examines the remote: whether it answers, and what it lets us push."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from refinery.audit.points import Patient, Point, Target, error, warning, well
from refinery.errors import RefineryError
from refinery.records.names import Branch, Ref, Sha
from refinery.repo.masking import masked
from refinery.repo.probing import PushProbe, probe_push
from refinery.repo.process import GitTimeout
from refinery.repo.repository import IN_PLACE
from refinery.setup.setup_plan import PUSH_OPTIONS
from refinery.store.layout import target_ref

MANY_REFS = 10_000


def remote(patient: Patient) -> Generator[Point, None, dict[Ref, Sha] | None]:
    """Says whether the remote answers; its refs, or None when it does not."""
    if patient.remote is None:
        words = "nothing says which remote the queue is in"
        fix = "git config refinery.remote <name of the remote>"
        yield error("remote", "unnamed", words, fix=fix)
        return None
    try:
        present = patient.store.transport.list()
    except RefineryError as trouble:
        fix = trouble.hint or f"try: git ls-remote {masked(patient.remote)}"
        yield error("remote", "away", trouble.message, fix=fix, where=patient.remote)
        return None
    url = patient.repo.setting(f"remote.{patient.remote}.url") or patient.remote
    if url != masked(url):
        words = f"{patient.remote} answers; its address holds a password, and git shows addresses"
        fix = "let a credential helper know it: git help credentials"
        yield warning("remote", "password", words, fix=fix, where=patient.remote)
    elif patient.remote != IN_PLACE:
        yield well("remote", f"{patient.remote} answers", where=patient.remote)
    return present


def pushing(patient: Patient, on: Target | None) -> Iterator[Point]:
    """What a dry run of a push to the queue's refs and the target tells."""
    assert patient.remote is not None
    heads = (target_ref(Branch(on.branch)),) if on else ()
    ref = Ref(f"{patient.refs.prefix}/doctor/probe")
    try:
        found = probe_push(patient.repo, patient.remote, ref, also=heads)
    except GitTimeout as trouble:
        found = PushProbe(allowed=False, atomic=True, reason=trouble.message)
    refs = [f"{patient.refs.prefix}/", *heads]
    where = f"{patient.remote} {' '.join(refs)}"
    if not found.atomic:
        fix = "on a server of your own: git config receive.advertiseAtomic true"
        words = f"no atomic pushes: {found.reason}"
        yield error("push", "not-atomic", words, fix=fix, where=where)
    elif not found.allowed:
        fix = "ask for the right to push, or see `git remote -v` for the URL that is used"
        yield error("push", "refused", f"not allowed: {found.reason}", fix=fix, where=where)
    else:
        words = f"atomic, to {' and '.join(refs)} (dry run: the server's hooks were not asked)"
        yield well("push", words, where=where)
        if not found.options:
            words = "push options are not accepted: `git push -o refinery.priority=0` fails"
            fix = f"on a server of your own: git config {PUSH_OPTIONS} true"
            yield warning("push-options", "off", words, fix=fix, where=where)


def number_of_refs(patient: Patient, present: Mapping[Ref, Sha]) -> Point:
    """Each push is told all of them."""
    foreign = sum(not ref.startswith(f"{patient.refs.prefix}/") for ref in present)
    where = patient.remote or ""
    if foreign <= MANY_REFS:
        return well("refs", f"{foreign} besides the queue's", where=where)
    words = f"{foreign} besides the queue's: each push names them all and is slow"
    fix = "on the server: git config transfer.hideRefs <folder>"
    return warning("refs", "many", words, fix=fix, where=where)
