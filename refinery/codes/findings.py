"""What `fsck` finds: what is wrong, how it comes about, and who puts it right."""

from __future__ import annotations

from refinery.codes.meaning import Kind, meanings

NEXT_RUN = "refinery process --once"
DOCTOR = "refinery doctor --repair"

IN_RECORDS = meanings(
    Kind.FINDING,
    {
        "record-unreadable": (
            "A record has no text, no place or no keys of its kind; it harms no other.",
            "Somebody wrote it by hand, or a disk gave back something else.",
            DOCTOR,
        ),
        "record-incomplete": (
            "A record says how it ended and is open, or is closed and does not say how.",
            "Somebody wrote it by hand.",
            DOCTOR,
        ),
        "header-missing": (
            "The queue has no header: nobody knows the last landings.",
            "Somebody removed it from the queue's tree.",
            DOCTOR,
        ),
        "stray-file": (
            "A file in the queue's tree is none of refinery's, or a verdict in another's place.",
            "Somebody put it there by hand. Nothing reads it.",
            DOCTOR,
        ),
        "duplicate": (
            "Two merge requests are open for one branch and target.",
            "Somebody wrote one of them by hand: folding closes the older one.",
            DOCTOR,
        ),
        "archived-twice": (
            "A closed record is in the queue and in the archive, or in the archive twice.",
            "The server died between two refs of a push; other contents were written by hand.",
            None,
        ),
        "block-without-issue": (
            "A merge request is blocked, and its issue is not opened yet.",
            "The worker that met the conflict died, or the tracker was away.",
            NEXT_RUN,
        ),
        "issue-without-block": (
            "A merge request names an issue and not why: nothing would unblock it.",
            "Somebody wrote it by hand.",
            DOCTOR,
        ),
        "issue-missing": (
            "A merge request is blocked by an issue that is not there.",
            "Somebody deleted the issue, or the tracker's ref. Where nothing conflicts any more the"
            " next run lets it go on.",
            DOCTOR,
        ),
        "issue-closed": (
            "A merge request is blocked by an issue that is closed.",
            "No webhook told of it; or it still conflicts, and waits for its author to push.",
            "refinery why ID",
        ),
        "issue-twice": (
            "Two open issues are about one conflict.",
            "Somebody copied one by hand.",
            "refinery issue close N",
        ),
        "superseded-by-unknown": (
            "The revision that took the place of another is not there.",
            "Somebody removed its record by hand, or the archive lost a part.",
            "refinery log ID",
        ),
        "depends-unknown": (
            "A merge request depends on one that is not there.",
            "Somebody wrote it by hand, or removed the other one.",
            DOCTOR,
        ),
        "depends-cycle": (
            "Merge requests wait for each other: none of them would ever land.",
            "Somebody wrote one of them by hand. Which one has to give way nobody can guess.",
            "refinery reject ID",
        ),
        "from-the-future": (
            "A verdict is of a time that has not come.",
            "The clock of a worker is ahead, or this one is behind.",
            "refinery doctor",
        ),
    },
)

IN_REFS = meanings(
    Kind.FINDING,
    {
        "queue-missing": (
            "The queue's ref is gone while others of its refs are there.",
            "Somebody deleted it. Nothing is removed until it is back: a clone has it.",
            "git push",
        ),
        "ref-unreadable": (
            "A ref of the queue is no commit that can be read.",
            "Somebody pushed something else, or objects are lost. A clone may have a good one; the"
            " memory of resolved conflicts is forgotten by `refinery doctor --repair`.",
            "git reflog",
        ),
        "stray-ref": (
            "A ref below the queue's prefix is none of refinery's.",
            "Somebody pushed it there.",
            DOCTOR,
        ),
        "claim-unknown": (
            "A claim is on a merge request that is not there.",
            "Its record was archived or removed while the claim stood.",
            NEXT_RUN,
        ),
        "claim-closed": (
            "A claim is on merge requests that have all ended.",
            "The server died between two refs of a push.",
            NEXT_RUN,
        ),
        "claim-expired": (
            "A claim ran out: anybody may take it over.",
            "Its worker died or lost its connection.",
            NEXT_RUN,
        ),
        "claim-endless": (
            "A claim lasts longer than anybody may claim.",
            "The clock of its worker was far ahead, or somebody wrote it by hand.",
            DOCTOR,
        ),
        "pin-unknown": (
            "A commit is pinned for a merge request that is not there.",
            "The server died between two refs of a push, or somebody pushed it.",
            NEXT_RUN,
        ),
        "pin-closed": (
            "A commit is pinned for a merge request that has ended.",
            "The server died between two refs of a push.",
            NEXT_RUN,
        ),
        "pin-elsewhere": (
            "The pinned commit is not the one that was submitted.",
            "Somebody moved it. What lands is what the record says.",
            NEXT_RUN,
        ),
        "pin-missing": (
            "Nothing pins the commit of an open merge request.",
            "The server died between two refs of a push, or somebody deleted it: once the branch is"
            " gone, the commit is, too.",
            NEXT_RUN,
        ),
        "head-missing": (
            "The commit of an open merge request is not in the repository.",
            "Pin and branch were deleted, and the server swept up.",
            "git push",
        ),
        "inbox-folded": (
            "A submission lies in the inbox although it is in the queue.",
            "The server died between two refs of a push.",
            NEXT_RUN,
        ),
        "inbox-head": (
            "A submission does not carry its commit.",
            "Somebody wrote it by hand.",
            "refinery submit",
        ),
        "intent-expired": (
            "The push that announced a submission never came.",
            "The server refused it, or it was interrupted.",
            NEXT_RUN,
        ),
    },
)

IN_HISTORY = meanings(
    Kind.FINDING,
    {
        "history-foreign": (
            "A commit in the history of a ref is no transaction of refinery's.",
            "Somebody pushed to the ref by hand.",
            "refinery log",
        ),
        "history-twice": (
            "Two commits in the history of a ref are the same transaction.",
            "Somebody put one there again by hand.",
            "refinery log",
        ),
        "history-merged": (
            "The history of a ref merges two: one of them was not decided upon.",
            "Somebody merged it by hand.",
            "refinery log",
        ),
        "history-broken": (
            "A history that was begun anew does not begin with what the one before ended with.",
            "Somebody wrote it by hand.",
            "refinery log",
        ),
        "history-missing": (
            "A history goes on from one that nothing keeps.",
            "Somebody deleted a ref below history/.",
            "git push",
        ),
        "history-stray": (
            "A history is kept that nothing goes on from.",
            "Somebody pushed it, or moved the ref that went on from it.",
            "refinery log",
        ),
        "archive-count": (
            "The queue counts other groups in the archive than there are.",
            "More: the server died between two refs of a push. Fewer: a part is gone.",
            DOCTOR,
        ),
        "target-missing": (
            "A branch that merge requests are for is not there.",
            "Somebody deleted or renamed it.",
            "git push",
        ),
        "target-rewound": (
            "The last landing is not on its target any more.",
            "Somebody pushed the target with force.",
            "refinery verify",
        ),
        "landing-torn": (
            "A target holds a landing that is not recorded.",
            "The server died between two refs of a push.",
            NEXT_RUN,
        ),
        "outside-push": (
            "A target holds commits since the last landing that no landing made.",
            "Somebody pushed past the queue.",
            "refinery verify",
        ),
        "queue-unsigned": (
            "Changes of the queue had to be signed, and are not.",
            "They were made by an older refinery, or by hand.",
            "refinery verify --signatures",
        ),
    },
)

FINDINGS = (*IN_RECORDS, *IN_REFS, *IN_HISTORY)
