"""What has to agree after any fault, once a healthy worker has run: everything, found by git alone.

The target is the replay of the records; nothing landed twice or was lost; no ref stands for
nothing; what conflicts has one issue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from refinery.records.merge_request import CloseReason, MergeRequest
from refinery.records.names import Branch, Sha
from tests.sandbox import Sandbox


def disagreements(box: Sandbox, *, since: str) -> list[str]:
    """Everything that is not as it must be; `since` is where the target was before the queue."""
    return [each for found in aspects(box, since=since).values() for each in found]


def aspects(box: Sandbox, *, since: str) -> dict[str, list[str]]:
    """The same by what it is about: history, refs, issues, and what the commands find."""
    mrs = records(box)
    return {
        "history": list(_of_replay(box, since, mrs)),
        "refs": list(_of_refs(box, mrs)),
        "issues": list(_of_issues(box, mrs)),
        "commands": list(_of_commands(box)),
    }


def records(box: Sandbox) -> dict[str, MergeRequest]:
    """All of them, live and archived."""
    return {mr.id: mr for mr in [*box.archived(), *box.view().mrs.values()]}


def _of_replay(box: Sandbox, since: str, mrs: Mapping[str, MergeRequest]) -> Iterator[str]:
    """Merge again what the records say, in their order: that is the target, commit by commit."""
    merged = [mr for mr in mrs.values() if mr.close_reason is CloseReason.MERGED]
    landed = {mr.merge_commit: mr for mr in merged}
    if len(landed) != len(merged):
        yield "two merge requests have one landing commit"
    at, seen = since, set()
    for commit, parents, tree in _line(box, since):
        mr = landed.get(Sha(commit))
        if mr is None:
            yield f"{commit} is on main, and no record says so"
        elif parents != [at, mr.head]:
            yield f"{mr.id} landed as a merge of {parents}, not of {[at, mr.head]}"
        elif (again := _merged(box, at, mr.head)) != tree:
            yield f"{mr.id} landed with the tree {tree}; merged again it is {again}"
        at = commit
        seen.add(commit)
    for mr in merged:
        if mr.merge_commit not in seen:
            yield f"{mr.id} landed as {mr.merge_commit}, which is not on main"
    recorded = box.view().header.landed.get(Branch("main"), since)
    if recorded != at:
        yield f"main is at {at}, and the record has {recorded}"


def _line(box: Sandbox, since: str) -> Iterator[tuple[str, list[str], str]]:
    """The target's own commits, oldest first: each with its parents and its tree."""
    form = ("log", "--first-parent", "--reverse", "--format=%H %T %P", f"{since}..main")
    for row in box.git(*form, cwd=box.origin).splitlines():
        commit, tree, *parents = row.split()
        yield commit, parents, tree


def _merged(box: Sandbox, base: str, head: str) -> str:
    done = box.run_git("merge-tree", "--write-tree", base, head, cwd=box.origin)
    return done.out.split()[0] if done.code == 0 else "a conflict"


def _of_refs(box: Sandbox, mrs: Mapping[str, MergeRequest]) -> Iterator[str]:
    refs = [ref.removeprefix("refs/refinery/") for ref in box.refs("refs/refinery/")]
    left = [ref for ref in refs if ref.startswith(("claims/", "inbox/"))]
    if left:
        yield f"left are {left}"
    pins = {ref.removeprefix("heads/") for ref in refs if ref.startswith("heads/")}
    live = {id for id, mr in mrs.items() if not mr.closed}
    if pins != live:
        yield f"pinned are {sorted(pins - live)} too many, {sorted(live - pins)} too few"


def _of_issues(box: Sandbox, mrs: Mapping[str, MergeRequest]) -> Iterator[str]:
    """One for each that conflicts, and none for anybody else."""
    listed: Sequence[Mapping[str, str]] = box.cli("issue", "list", "--all", "--json").json
    told = Counter(issue["mr"] for issue in listed)
    blocked = {mr.id for mr in mrs.values() if mr.blocked_by is not None}
    yield from (f"{count} issues for {id}" for id, count in told.items() if count > 1)
    if set(told) != blocked:
        yield f"issues for {sorted(told)}, blocked are {sorted(blocked)}"


def _of_commands(box: Sandbox) -> Iterator[str]:
    for command in ("fsck", "verify"):
        done = box.cli(command)
        if done.code != 0:
            yield f"{command}: {done.out}{done.err}"
