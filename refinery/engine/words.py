"""Every text that refinery writes into issues: pure functions of facts."""

from __future__ import annotations

from shlex import quote

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
        f"{_code(mr.branch)} does not merge into {_code(mr.target)}.",
        _facts_list(mr, base),
        _files(facts),
        _side(f"On {_code(mr.target)} since the branch point", facts.target_side),
        _side(f"On {_code(mr.branch)}", facts.branch_side),
        _steps(mr),
        f"<!-- {marker} -->",
    ]
    return "\n\n".join(part for part in parts if part)


def _facts_list(mr: MergeRequest, base: Sha) -> str:
    rows = [
        ("Merge request", _code(mr.id)),
        ("Branch", f"{_code(mr.branch)} at {_code(mr.head[:12])}"),
        ("Target", _code(f"{mr.target}@{base[:12]}")),
        ("Author", _code(mr.worker)),
        ("Source issue", _code(mr.source_issue) if mr.source_issue else "none"),
        ("Retries", str(mr.retry_count)),
    ]
    return "\n".join(f"- {name}: {value}" for name, value in rows)


def _files(facts: ConflictFacts) -> str:
    if not facts.files:
        return "The branch shares no history with its target."
    return "Conflicting files:\n\n" + "\n".join(f"- {_code(file)}" for file in facts.files)


def _side(title: str, commits: tuple[SideCommit, ...]) -> str:
    if not commits:
        return ""
    rows = [
        f"- {_code(commit.oid[:12])} {_escaped(commit.subject)}"
        + (f" ({_code(commit.mr)})" if commit.mr else "")
        for commit in commits
    ]
    return f"{title}:\n\n" + "\n".join(rows)


def _steps(mr: MergeRequest) -> str:
    target = quote(f"origin/{mr.target}")
    return f"""To resolve:

    git fetch origin
    git switch {quote(mr.branch)}
    git rebase {target}        # or: git merge {target}
    # resolve the files above, then
    refinery push --force

Then close this issue: the merge request re-enters the queue at its old place."""


def still_conflicts(mr: MergeRequest, files: tuple[str, ...]) -> str:
    """The one answer to a closing that changed nothing."""
    where = ", ".join(_code(file) for file in files) or "all of it"
    return (
        f"This issue was closed, but {_code(mr.branch)} has not moved from {_code(mr.head[:12])} "
        f"and still conflicts with {_code(mr.target)} in {where}. {_code(mr.id)} stays blocked "
        "until a new revision is pushed or the conflict goes away by itself."
    )


def landed_reference(mr: MergeRequest) -> str:
    """What the source issue is told when its work landed."""
    commit = _code(mr.merge_commit[:12]) if mr.merge_commit else "a commit"
    return f"Landed on {_code(mr.target)} as {commit} by {_code(mr.id)}."


def _code(text: str) -> str:
    """Text from outside as Markdown code, which nothing inside can end."""
    clean = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    longest = max((len(run) for run in _backtick_runs(clean)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if clean.startswith("`") or clean.endswith("`") or not clean else ""
    return f"{fence}{pad}{clean}{pad}{fence}"


def _backtick_runs(text: str) -> list[str]:
    return "".join(letter if letter == "`" else " " for letter in text).split()


def _escaped(text: str) -> str:
    """Text from outside as plain Markdown: no mention, link, image or HTML comes of it."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)[:200]
    return "".join(
        f"\\{letter}" if letter in "\\`*_{}[]()#+!<>|@&~" else letter for letter in clean
    )
