"""What the codes in answers of commands mean: waiting, submitting, planning."""

from __future__ import annotations

from refinery.codes.meaning import Kind, meanings

WAITS = meanings(
    Kind.WAIT,
    {
        "landed": ("It landed; exit code 0.", "`already_merged` counts as landed.", None),
        "unblocked": (
            "Nothing blocks it any more; exit code 0.",
            "Only with `--until unblocked`.",
            "refinery wait ID",
        ),
        "closed": (
            "It ended without landing; exit code 10.",
            "It was rejected, or there was nothing to land; `close_reason` says which.",
            "refinery why ID",
        ),
        "needs-rework": (
            "Only its author can go on: its checks failed; exit code 11.",
            "A merge request that needs rework stays as it is until a new revision or a retry.",
            "refinery why ID",
        ),
        "conflict": (
            "Only its author can go on: it conflicts with the target; exit code 12.",
            "Its issue stays open until somebody resolves the conflict.",
            "refinery why ID",
        ),
        "dependency-failed": (
            "What it depends on ended without landing; exit code 13.",
            "It would wait for ever.",
            "refinery why ID",
        ),
        "timeout": (
            "The time was up; exit code 75.",
            "It still goes on, or the remote did not answer.",
            "refinery wait ID",
        ),
    },
)

SUBMISSIONS = meanings(
    Kind.SUBMISSION,
    {
        "new": ("It is queued.", "The branch was not queued before.", "refinery wait ID"),
        "revision": (
            "It is queued, and replaces the revision before it at that one's age.",
            "The branch moved since it was queued.",
            "refinery wait ID",
        ),
        "resubmitted": (
            "It is queued once more.",
            "The same commit was queued before and ended without landing.",
            "refinery wait ID",
        ),
        "unchanged": (
            "Nothing changed: this very commit is queued already.",
            "Submitting is safe to repeat.",
            "refinery why ID",
        ),
        "in_target": (
            "Nothing was queued: the target has the commit already.",
            "It landed, or was pushed past the queue.",
            "git fetch",
        ),
        "empty": (
            "Nothing was queued: the target has all of its changes.",
            "The same change landed in another commit, or the branch undoes itself.",
            "git fetch",
        ),
        "unrelated": (
            "Nothing was queued: branch and target have no history in common.",
            "The branch began elsewhere.",
            "git log",
        ),
    },
)

PURPOSES = meanings(
    Kind.PURPOSE,
    {
        "base": (
            "The target by itself.",
            "Nobody knows whether it passes its checks, or it failed them.",
            None,
        ),
        "screen": ("Untested ones by themselves.", "To learn which are fine.", None),
        "train": ("All that is shown fine.", "To land them at once.", None),
        "chain": ("Untested ones on top of what is likely to land.", "To land sooner.", None),
        "split": ("A part of a set that failed.", "To find out which of them is at fault.", None),
        "cut": (
            "A part of changes that are fine by themselves but failed together.",
            "To find out which of them do not get on.",
            None,
        ),
        "hedge": (
            "One of a doubtful line by itself.",
            "A worker had nothing better to do.",
            None,
        ),
    },
)
