"""The tools there are, in the order in which an agent needs them."""

from __future__ import annotations

from refinery.mcp import deeds, reading, waiting
from refinery.mcp.taking import flag, number, one_of, several, text
from refinery.mcp.tool import Effect, Tool
from refinery.queue.ending import Goal

_ID = text("Its id, a prefix that no other id has, or its branch.", most=250)
_ID_OR_HERE = text("Its id, a prefix, or its branch; else the branch checked out here.", most=250)
_LIMIT = number("At most so many, the first.", least=1, most=10_000, usual=reading.USUAL_LIMIT)
_STATUSES = ("ready", "open", "in_progress", "blocked", "closed", "all")

_SUBMITTING = Tool(
    "submit",
    "Submit a branch",
    "Push a branch and queue it, in one atomic step. The same commit again changes nothing; a new "
    "commit is a new revision, which keeps the place of the one before it. Answers with the merge "
    "request, its place, and what it is expected to conflict with.",
    deeds.submit,
    takes={
        "branch": text("A branch of this clone; else the one checked out here.", most=250),
        "target": text("Where it shall land; else the queue's own target.", most=250),
        "priority": number("0 (urgent) to 4 (whenever); else 2.", least=0, most=4),
        "issue": text("The issue it is for; else what branch or trailers say."),
        "title": text("What people call it; else its last commit's subject."),
        "depends_on": several(_ID, "Merge requests or branches that must land first."),
        "unit": text("Land in one push with all others of this name, or not at all."),
        "labels": several(text("A label."), "Labels, for which a freeze may make an exception."),
        "hotfix": text("Ask to land in a freeze: why it cannot wait."),
        "epic": text("The epic it belongs to."),
        "convoy": text("A group whose members should land soon after each other."),
        "worker": text("Its author; else what the branch's name or git says."),
        "agent_bead": text("The record that a fleet keeps of its agent."),
        "force_with_lease": flag(
            "Replace the remote's branch, as after a rebase, unless somebody else pushed to it."
        ),
    },
    effect=Effect.CHANGES_ONCE,
)

_WAITING = Tool(
    "wait",
    "Wait for a merge request",
    "Wait until a merge request has ended or needs its author; newer revisions are followed. The "
    "outcome `timeout` means that it goes on: call it again.",
    waiting.wait,
    takes={
        "id": _ID_OR_HERE,
        "until": one_of(
            (goal.value for goal in Goal),
            "landed (so by default): ends also when the author must act; closed: goes on then; "
            "unblocked: ends when nothing blocks it any more.",
        ),
        "timeout": number(
            "Seconds after which it answers in any case; many clients give up at 60.",
            least=0,
            most=86_400,
            usual=waiting.USUAL_TIMEOUT,
        ),
    },
)

_RESOLVING = Tool(
    "resolve",
    "Resolve a conflict",
    "Begin: lays the conflict out in a worktree of its own, and says where, what is in which file, "
    "and what ours and theirs are. Edit the files there until no conflict marker is left, then "
    "continue: commits, submits the result as a new revision, and closes the issue of the embedded "
    "tracker. Abort throws the worktree away.",
    deeds.resolve,
    takes={
        "id": _ID_OR_HERE,
        "step": one_of(("begin", "continue", "abort"), "begin, unless something else is said."),
        "by": one_of(("merge", "rebase"), "Else as the target's method asks."),
        "at": text("Where to put the worktree; else inside .git."),
    },
    effect=Effect.CHANGES,
)

_ASKING = (
    Tool(
        "why",
        "Why a merge request is where it is",
        "What it waits for or why it failed, as a stable code and in words: the end of what failed "
        "checks printed, files in conflict, the suspect, when it should land, and the command to "
        "run next.",
        reading.why,
        takes={"id": _ID_OR_HERE},
    ),
    Tool(
        "explain",
        "What a code means",
        "What one of the stable codes in answers and errors means, why it comes, and what to do; "
        "all of them without one.",
        reading.explain,
        takes={"code": text("The code, such as blocked-by-issue.", most=100)},
    ),
    Tool(
        "show",
        "All about a merge request",
        "Its record: state, place, estimate, attempts, block, failure, landing, and the log files "
        "that this clone keeps.",
        reading.show,
        takes={"id": _ID_OR_HERE},
    ),
)

_LOOKING = (
    Tool(
        "queue",
        "The queue in order",
        "Every open merge request in the order in which they will land, with estimates; position 0 "
        "is being tested.",
        reading.queue,
        takes={"limit": _LIMIT},
    ),
    Tool(
        "list",
        "Merge requests, filtered",
        "Live ones in the queue's order, closed ones newest first.",
        reading.listed,
        takes={
            "status": one_of(_STATUSES, "Only those; else everything live."),
            "worker": text("Only those of this author."),
            "epic": text("Only those of this epic."),
            "target": text("Only those for this target.", most=250),
            "limit": _LIMIT,
        },
    ),
    Tool(
        "forecast",
        "What will conflict",
        "Each merge request is merged, on trial, with its target and with all that lands before "
        "it: which will conflict, with whom, in which files. Changes nothing.",
        reading.forecast,
        takes={
            "branch": text("Only this branch of this clone, queued or not.", most=250),
            "target": text("Only this target.", most=250),
        },
    ),
    Tool(
        "plan",
        "What is tested next",
        "What is tested now on each target, what free workers would take next, what waits, and "
        "why. Changes nothing.",
        reading.plan,
        takes={"workers": number("For so many workers altogether.", least=1, most=1000)},
    ),
)

_DECIDING = (
    Tool(
        "claim",
        "Claim a merge request",
        "Take one for this worker, so that nobody else processes it: only for who tests and lands "
        "by hand. A claim runs out unless it is renewed by claiming again.",
        deeds.claim,
        takes={"id": _ID},
        needs=("id",),
        effect=Effect.CHANGES,
    ),
    Tool(
        "release",
        "Give a claim back",
        "Give a claimed merge request back to the queue.",
        deeds.release,
        takes={"id": _ID, "force": flag("Whoever holds it.")},
        needs=("id",),
        effect=Effect.CHANGES,
    ),
    Tool(
        "retry",
        "Try a failed one again",
        "Forget why a merge request failed, so that the same commit is tried again: only where the "
        "cause was outside of it.",
        deeds.retry,
        takes={"id": _ID},
        needs=("id",),
        effect=Effect.CHANGES,
    ),
)

TOOLS = {
    each.name: each for each in (_SUBMITTING, _WAITING, *_ASKING, _RESOLVING, *_LOOKING, *_DECIDING)
}
