"""Every text that refinery writes into issues and comments: pure functions of facts."""

from __future__ import annotations

from shlex import quote

from refinery.engine.markdown import code, escaped
from refinery.records.merge_request import MergeRequest
from refinery.records.names import MrId, Sha
from refinery.values import dataclass


@dataclass(frozen=True, slots=True)
class SideCommit:
    """A commit that touched a conflicting file; `mr` is the merge request that landed it."""

    oid: Sha
    subject: str
    mr: MrId | None = None


@dataclass(frozen=True, slots=True)
class ConflictFacts:
    """What is known of a conflict: the files, and what either side did to them."""

    files: tuple[str, ...]
    target_side: tuple[SideCommit, ...] = ()
    branch_side: tuple[SideCommit, ...] = ()


def conflict_title(mr: MergeRequest) -> str:
    """The title of a conflict's issue."""
    return f"Resolve merge conflicts: {mr.title}"[:1000]


def conflict_body(mr: MergeRequest, base: Sha, facts: ConflictFacts, marker: str) -> str:
    """The body of a conflict's issue, in Markdown."""
    parts = [
        f"{code(mr.branch)} does not merge into {code(mr.target)}.",
        _facts_list(mr, base),
        _files(facts),
        _side(f"On {code(mr.target)} since the branch point", facts.target_side),
        _side(f"On {code(mr.branch)}", facts.branch_side),
        _tried(mr),
        _steps(mr),
        f"<!-- {marker} -->",
    ]
    return "\n\n".join(part for part in parts if part)


def _facts_list(mr: MergeRequest, base: Sha) -> str:
    rows = [
        ("Merge request", code(mr.id)),
        ("Branch", f"{code(mr.branch)} at {code(mr.head[:12])}"),
        ("Target", code(f"{mr.target}@{base[:12]}")),
        ("Author", code(mr.worker)),
        ("Source issue", code(mr.source_issue) if mr.source_issue else "none"),
        ("Retries", str(mr.retry_count)),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in rows)


def _files(facts: ConflictFacts) -> str:
    if not facts.files:
        return "The branch shares no history with its target."
    return "Conflicting files:\n\n" + "\n".join(f"- {code(file)}" for file in facts.files)


def _side(title: str, commits: tuple[SideCommit, ...]) -> str:
    if not commits:
        return ""
    rows = [
        f"- {code(commit.oid[:12])} {escaped(commit.subject)}"
        + (f" ({code(commit.mr)})" if commit.mr else "")
        for commit in commits
    ]
    return f"{title}:\n\n" + "\n".join(rows)


def _tried(mr: MergeRequest) -> str:
    tried = mr.block.tried if mr.block else ()
    if not tried:
        return ""
    return "Tried before asking, in vain:\n\n" + "\n".join(f"- {escaped(line)}" for line in tried)


def _steps(mr: MergeRequest) -> str:
    target = quote(f"origin/{mr.target}")
    return f"""To resolve, in a worktree where the conflict is laid out:

    refinery resolve {mr.id}

Or by hand:

    git fetch origin
    git switch {quote(mr.branch)}
    git rebase {target}        # or: git merge {target}
    # resolve the files above, then
    refinery push --force

Then close this issue: the merge request re-enters the queue at its old place."""


def still_conflicts(mr: MergeRequest, files: tuple[str, ...]) -> str:
    """The one answer to a closing that changed nothing."""
    where = ", ".join(code(file) for file in files) or "all of it"
    return (
        f"This issue was closed, but {code(mr.branch)} has not moved from {code(mr.head[:12])} "
        f"and still conflicts with {code(mr.target)} in {where}. {code(mr.id)} stays blocked "
        "until a new revision is pushed or the conflict goes away by itself."
    )


def landed_reference(mr: MergeRequest) -> str:
    """What the source issue is told when its work landed."""
    commit = code(mr.merge_commit[:12]) if mr.merge_commit else "a commit"
    return f"Landed on {code(mr.target)} as {commit} by {code(mr.id)}."


def landed_comment(mr: MergeRequest, mark: str) -> str:
    """What its pull request is told; the mark keeps it from being said twice."""
    return f"{landed_reference(mr)}\n\n<!-- {mark} -->"


def told_mark(id: MrId, task: str) -> str:
    """What a comment carries unseen, so that whoever tries again finds that it was made."""
    return f"refinery:told={id} task={task}"
