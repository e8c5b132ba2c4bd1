"""The commands there are, in a line each; importing this costs nothing."""

from __future__ import annotations

COMMANDS = {
    "init": "set up a repository: config, workflow, fetch refspec, hooks",
    "submit": "queue a branch; prints the id",
    "push": "push the current branch and queue it",
    "integration": "the branch of an epic, which lands as one unit",
    "forecast": "which merge requests will conflict",
    "list": "merge requests, filtered",
    "queue": "every open merge request in order",
    "ready": "unclaimed and not blocked, by score",
    "unclaimed": "not claimed, by priority and age",
    "blocked": "blocked by an issue or a merge request",
    "next": "the merge request that is next",
    "show": "all about one merge request",
    "why": "what one waits for, and what to do",
    "wait": "wait until one has ended; exit code by outcome",
    "plan": "what would be tested next, and why",
    "log": "what happened, newest first",
    "status": "state of queue and processor",
    "stats": "how long changes take, and what they cost",
    "claim": "claim one for this worker",
    "release": "give a claim back",
    "process": "run the merge engine",
    "candidate": "take, test and settle a candidate in three jobs",
    "retry": "try a failed one again",
    "reject": "close one for good, with a reason",
    "hold": "keep one from being processed",
    "unhold": "let a held one go on",
    "pause": "stop claiming and landing",
    "resume": "go on after a pause",
    "issue": "the embedded issue tracker",
    "start": "start the processor in the background",
    "stop": "stop it; what is landing is finished first",
    "restart": "stop, then start",
    "attach": "follow the running processor",
    "hooks": "install, remove or show git hooks",
    "serve": "receive a forge's webhooks",
    "webhook": "do what one webhook event says, in CI",
    "reconcile": "find what a lost webhook would have said",
    "verify": "prove that what landed is what was tested",
    "fsck": "check every record and ref of the queue",
    "doctor": "check the set-up",
    "demo": "the whole life of a queue, on a throw-away repository",
    "replay": "queue a real repository's history again and compare",
    "simulate": "how long changes would wait, under this and other policies",
    "hook": "what installed hooks call",
}

GROUPS = (
    ("Submit", ("submit", "push", "integration", "forecast")),
    (
        "See",
        (
            *("list", "queue", "ready", "unclaimed", "blocked", "next"),
            *("show", "why", "wait", "plan", "log", "status", "stats"),
        ),
    ),
    ("Process", ("process", "candidate", "claim", "release", "start", "stop", "restart", "attach")),
    ("Forge", ("serve", "webhook", "reconcile")),
    ("Decide", ("retry", "reject", "hold", "unhold", "pause", "resume", "issue")),
    ("Set up", ("init", "hooks", "doctor", "fsck", "verify")),
    ("Try", ("demo", "replay", "simulate")),
)

ALIASES = {"spawn": "start"}
