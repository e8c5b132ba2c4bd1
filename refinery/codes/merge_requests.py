"""What the codes of a merge request mean: where it stands, how it ended, what came of attempts."""

from __future__ import annotations

from refinery.codes.meaning import Kind, meanings

STANDINGS = meanings(
    Kind.STANDING,
    {
        "ready": (
            "It can be tested and landed as soon as a worker is free.",
            "It is queued, nothing blocks it, and its turn has not come.",
            "refinery wait ID",
        ),
        "claimed": (
            "A worker has it: it is being tested, alone or with others.",
            "`refinery process` took it, or somebody claimed it by hand.",
            "refinery wait ID",
        ),
        "paused": (
            "It is ready, but the queue is paused: nothing is claimed or landed.",
            "Somebody paused the queue; `why` says who, when and what for.",
            "refinery resume",
        ),
        "frozen": (
            "Its target takes nothing now; it keeps its place and age.",
            "Somebody froze the target, a window of its configuration holds, or an open issue "
            "closes it; `why` says which, and until when.",
            "refinery wait ID",
        ),
        "held": (
            "It keeps its place and age, and is neither tested nor landed.",
            "Somebody held this one; `why` says who and what for.",
            "refinery unhold ID",
        ),
        "awaiting-push": (
            "It was announced, but the remote's branch does not show its commit yet.",
            "A pre-push hook records what is about to be pushed; the push failed, or is under way.",
            "git push",
        ),
        "in-pull-request": (
            "It was tested, and the forge lands it through a pull request.",
            "The target is protected against pushes, so the configuration says "
            "`landing: pull-request`; the forge may still wait for reviews.",
            "refinery wait ID",
        ),
        "blocked-by-issue": (
            "An open issue blocks it, most often because it conflicts with the target.",
            "Merging it was tried and clashed in the files that `why` lists, or somebody reopened "
            "its issue. It keeps its place.",
            "refinery why ID",
        ),
        "blocked-by-mr": (
            "It waits for a merge request that must land first.",
            "It was submitted to depend on that one, which is still in the queue.",
            "refinery why ID",
        ),
        "dependency-failed": (
            "A merge request that it depends on ended without landing.",
            "That one was rejected or had nothing to land, so this one would wait for ever.",
            "refinery why ID",
        ),
        "unit-incomplete": (
            "It lands as one of a unit, of which another cannot land yet.",
            "Those of a unit land in one push, or none of them does; `waits_for` of `why` names "
            "the one that keeps the others.",
            "refinery why ID",
        ),
        "needs-rework": (
            "Its checks failed, or it cannot be landed as it is; only its author can go on.",
            "It failed twice on the same tree without help from others, or used up its attempts; "
            "`evidence` of `why` is the end of what the checks printed.",
            "refinery why ID",
        ),
        "closed": (
            "It has ended; `close_reason` says how. What has ended never changes again.",
            "It landed, was rejected or superseded, or there was nothing to land.",
            "refinery show ID",
        ),
    },
)

ENDINGS = meanings(
    Kind.ENDING,
    {
        "merged": (
            "It landed: `merge_commit` is on the target, with the tree that was tested.",
            "Its checks passed on the merged tree, and target and record moved in one push.",
            "refinery verify ID",
        ),
        "rejected": (
            "Somebody closed it for good.",
            "`refinery reject`, or a branch that was deleted; `error` says why.",
            "refinery submit",
        ),
        "conflict": (
            "It was closed because of a conflict.",
            "An engine other than this one closed it; this one blocks on an issue instead.",
            "refinery submit",
        ),
        "superseded": (
            "A newer revision took its place, age included; `superseded_by` names it.",
            "The branch moved and was submitted again.",
            "refinery why ID",
        ),
        "already_merged": (
            "Its commit was on the target already.",
            "Somebody pushed or merged it past the queue.",
            "refinery show ID",
        ),
        "empty": (
            "The target has all of its changes; landing it would change nothing.",
            "The same change landed in another commit, or the branch undoes itself.",
            "refinery show ID",
        ),
    },
)

FAILURES = meanings(
    Kind.FAILURE,
    {
        "tests_fail": (
            "A check failed on the merged tree, and failed again when it was repeated.",
            "The change breaks it, by itself or together with what landed since it began.",
            "refinery why ID",
        ),
        "build_fail": (
            "A check that builds failed on the merged tree, twice.",
            "As for tests: the change does not build with what is on the target now.",
            "refinery why ID",
        ),
        "timeout": (
            "The checks did not end in the time that the configuration gives them, twice.",
            "The change hangs or is slow, or the machine was; the limit is `timeout` of a check.",
            "refinery retry ID",
        ),
        "error": (
            "The checks could not run, so nobody knows whether the change is good.",
            "A command is missing on the worker, or the worker is broken: not the author's fault.",
            "refinery retry ID",
        ),
        "not_fast_forward": (
            "The target moved past its base, and the configuration only allows fast-forwards.",
            "Something else landed first.",
            "git rebase",
        ),
        "attempts": (
            "It was tried as often as the configuration allows, and parked.",
            "Each attempt ended without a verdict; the attempts of `show` say in what.",
            "refinery retry ID",
        ),
    },
)

ATTEMPTS = meanings(
    Kind.ATTEMPT,
    {
        "landed": (
            "It landed in this attempt.",
            "The checks passed and the push went through.",
            None,
        ),
        "conflict": (
            "Merging it clashed with the target.",
            "Both changed the same lines; an issue was opened.",
            "refinery why ID",
        ),
        "tests_fail": (
            "A check failed.",
            "It is repeated once before it counts.",
            "refinery why ID",
        ),
        "build_fail": (
            "The build failed.",
            "It is repeated once before it counts.",
            "refinery why ID",
        ),
        "flaky_test": (
            "A check failed, and passed when it was repeated on the same tree.",
            "The check is not reliable; nobody is blamed, and `stats` counts it.",
            "refinery stats",
        ),
        "push_fail": (
            "The landing was not pushed.",
            "The target moved first, or the remote refused; it is built again.",
            "refinery wait ID",
        ),
        "fetch_fail": (
            "What was to be merged could not be fetched.",
            "The remote was away; it is tried again.",
            "refinery wait ID",
        ),
        "checkout_fail": (
            "The merged tree could not be checked out.",
            "The worker's disk is full or broken; another worker may succeed.",
            "refinery doctor",
        ),
        "timeout": ("The checks took too long.", "They are repeated once.", "refinery why ID"),
        "error": (
            "The checks could not run.",
            "A command is missing, or the worker is broken; this blames nobody.",
            "refinery doctor",
        ),
        "not_fast_forward": (
            "It was not a fast-forward of the target.",
            "The configuration allows nothing else, and something landed first.",
            "git rebase",
        ),
        "red_base": (
            "The target itself failed its checks; this says nothing about the merge request.",
            "Something landed past the queue, or the world that the checks see has changed.",
            "refinery why ID",
        ),
    },
)
