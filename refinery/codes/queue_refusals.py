"""What refusals mean that come from the call itself, the queue, or those who work at it."""

from __future__ import annotations

from refinery.codes.meaning import Kind, meanings

OF_THE_CALL = meanings(
    Kind.REFUSAL,
    {
        "wrong-usage": (
            "The command was called in a way that cannot mean anything; exit code 2.",
            "An option or argument is missing, unknown, or has a value that it cannot have.",
            "refinery --help",
        ),
        "no-such-command": (
            "There is no command of that name; exit code 2.",
            "It was mistyped, or belongs to another version.",
            "refinery --help",
        ),
        "invalid-name": (
            "A name, an id or a commit is not one that can be used.",
            "Names that git or the queue cannot hold are refused before anything is run.",
            "git help check-ref-format",
        ),
        "no-such-code": (
            "There is no code of that name; exit code 2.",
            "It was mistyped, or belongs to another version.",
            "refinery explain",
        ),
        "interrupted": (
            "It was interrupted; exit code 130.",
            "Somebody pressed ^C. What changes the queue is one atomic push: done, or not at all.",
            "refinery log -n 1",
        ),
        "bug": (
            "This is a bug in refinery; exit code 3.",
            "The traceback is in a file, whose path is printed.",
            "refinery doctor",
        ),
    },
)

OF_THE_QUEUE = meanings(
    Kind.REFUSAL,
    {
        "no-such-merge-request": (
            "No merge request has this id, prefix or branch.",
            "It was mistyped, or belongs to another repository; closed ones are found as well.",
            "refinery list --status all",
        ),
        "ambiguous-id": (
            "More than one merge request is meant; nobody guesses which.",
            "Several ids begin like this, or the branch is queued for several targets.",
            "refinery list",
        ),
        "unreadable-merge-request": (
            "There is one of this id, but its record cannot be read.",
            "Somebody wrote it by hand, or it was damaged. It harms no other.",
            "refinery fsck",
        ),
        "claimed-by-another": (
            "Another worker has claimed it.",
            "A claim belongs to one worker until it is given back or runs out.",
            "refinery wait ID",
        ),
        "not-claimable": (
            "It cannot be claimed as it stands: it is closed, blocked, held or in need of rework.",
            "Only what could land is worth a worker's time.",
            "refinery why ID",
        ),
        "not-claimed": (
            "Nobody has claimed it, so there is nothing to give back.",
            "The claim ran out, was given back, or never was.",
            "refinery why ID",
        ),
        "already-ended": (
            "It has ended, and what has ended never changes again.",
            "It landed, was rejected or superseded before.",
            "refinery submit",
        ),
        "being-processed": (
            "A worker is at it, so it cannot be changed now.",
            "It was claimed, and what is tested must stay what it is.",
            "refinery wait ID",
        ),
        "may-not-allow": (
            "This person may not let hotfixes pass a freeze.",
            "`freeze.hotfix.allow` of the target's configuration names those who may.",
            "refinery why ID",
        ),
        "still-frozen": (
            "The target is not thawed by this: something else freezes it.",
            "An open issue closes it, it was frozen by another pattern, or the window has no end.",
            "refinery status",
        ),
        "too-many-freezes": (
            "There are too many freezes; nothing was changed.",
            "The queue's header, which every command reads, holds some hundreds.",
            "refinery status",
        ),
        "nothing-to-change": (
            "It is that way already; nothing was changed.",
            "The same was asked for before, by you or somebody else.",
            "refinery why ID",
        ),
        "refused": (
            "The rules do not allow it; nothing was changed.",
            "The message says which rule.",
            "refinery doctor",
        ),
        "queue-unreadable": (
            "The queue's ref cannot be read; nothing is shown as empty, nothing is written over.",
            "It is damaged, or was written by something else than refinery.",
            "refinery fsck",
        ),
        "history-missing": (
            "The queue's history goes on from a commit that nothing on the remote keeps.",
            "Somebody deleted a ref below history/ that was made when the history began anew.",
            "refinery fsck",
        ),
        "invalid-record": (
            "A record or the configuration is not as its schema says.",
            "A key is unknown or has a wrong value; the message names file, place and reason.",
            "refinery fsck",
        ),
        "newer-queue": (
            "The queue is in a format that only a newer refinery knows: none of it is read.",
            "Somebody works on it with a newer version. Nothing is wrong with it.",
            "pip install --upgrade git-refinery",
        ),
        "newer-format": (
            "A record is in a format that only a newer refinery knows.",
            "Somebody works on it with a newer version. Nothing is wrong with it.",
            "pip install --upgrade git-refinery",
        ),
        "unreadable-text": (
            "A document is not a mapping in YAML that a record can be.",
            "It was edited by hand, or is no record at all.",
            "refinery fsck",
        ),
        "contention": (
            "Others were faster each time; exit code 75.",
            "Many change the queue at this moment. Nothing was changed.",
            None,
        ),
        "outcome-unknown": (
            "Nobody can say now whether a push arrived; exit code 75.",
            "The connection broke at the worst moment. It was done as a whole or not at all, and "
            "running the same command again finds out.",
            None,
        ),
        "push-refused": (
            "The remote forbids what has to be pushed.",
            "You may not write there, or a hook or rule of the server protects these refs.",
            "refinery doctor",
        ),
        "try-again": (
            "Nothing was changed, and the same command may succeed later; exit code 75.",
            "Something outside is busy or away.",
            None,
        ),
        "unreadable-issue": (
            "There is an issue of this number, but its record cannot be read.",
            "Somebody wrote it by hand, or it was damaged.",
            "refinery fsck",
        ),
        "no-such-issue": (
            "The tracker has no issue of this number.",
            "It was mistyped, or belongs to another tracker.",
            "refinery issue list --all",
        ),
    },
)

OF_SUBMITTING = meanings(
    Kind.REFUSAL,
    {
        "no-such-branch": (
            "Nothing says which branch is meant, or there is none of that name.",
            "It was mistyped or deleted, or no branch is checked out.",
            "git branch --list",
        ),
        "branch-moved": (
            "The remote's branch holds commits that would be lost.",
            "Somebody pushed to it, or it was rebased here.",
            "git pull --rebase",
        ),
        "quota-reached": (
            "As many of the author's, or of its fleet's, wait for the target as may; exit code 75.",
            "The configuration limits them with fairness.author.waiting or a fleet's waiting.",
            "refinery list",
        ),
        "no-target": (
            "The branch to land on does not exist, or is the one that was submitted.",
            "It was mistyped, is not pushed yet, or the work was committed on the target itself.",
            "git ls-remote --heads origin",
        ),
        "cannot-resolve": (
            "There is no conflict that could be laid out, or the worktree is not as it was left.",
            "It has ended, has no history in common with its target, or the folder is in use.",
            "refinery why ID",
        ),
        "still-conflicting": (
            "Conflicts are left in the worktree, so nothing was submitted.",
            "A file still holds conflict markers, or nobody said whether a deleted one stays.",
            "refinery resolve ID",
        ),
        "cannot-depend": (
            "Waiting for that merge request would be waiting for ever.",
            "It ended without landing, is for another target, or depends on this one.",
            "refinery list",
        ),
        "no-stack": (
            "The branch has nothing that its target lacks, so there is no stack.",
            "Nothing was committed on it, or all of it has landed.",
            "git log --oneline",
        ),
        "cannot-rebase": (
            "A branch of the stack conflicts, or cannot be moved; nothing was changed.",
            "What it stands on changed the same lines, or somebody else moved it.",
            "refinery stack show",
        ),
        "not-ready-to-land": (
            "The epic's branch is missing, empty, or still worked on.",
            "Merge requests are still to land on it, or nothing has landed on it yet.",
            "refinery integration status",
        ),
        "bad-push-option": (
            "A push option means nothing; nothing was submitted by that push.",
            "`git push -o refinery...` was mistyped.",
            None,
        ),
    },
)

OF_PROCESSING = meanings(
    Kind.REFUSAL,
    {
        "already-runs": (
            "There is a processor for this repository, or one of this worker's name.",
            "One clone has one processor; two workers of one name would take each other's claims.",
            "refinery status",
        ),
        "nothing-to-serve": (
            "None of the repositories that the processor was started for can be served.",
            "The message says what is wrong with each.",
            "refinery doctor",
        ),
        "processor-trouble": (
            "The processor could not be started.",
            "Its log says why.",
            "refinery status",
        ),
        "still-stopping": (
            "It was asked to stop and is finishing what it has begun; exit code 75.",
            "A landing is never ended in its middle.",
            "refinery status",
        ),
        "cannot-run-checks": (
            "This system has no process groups, so a check could not be ended for certain.",
            "It is not a POSIX system.",
            "refinery doctor",
        ),
        "no-sandbox": (
            "Checks have to run in a sandbox that this machine cannot make; nothing was tested.",
            "The tool is not installed, or may not make namespaces here.",
            "refinery doctor",
        ),
        "world-moved": (
            "What was handed over can no longer be landed as it was; exit code 75.",
            "The target or a member changed between two jobs.",
            "refinery candidate take",
        ),
        "wrong-verdict": (
            "The verdict is about another tree, or about other checks.",
            "The files of two jobs are not from the same run.",
            "refinery candidate take",
        ),
        "not-tested": (
            "The checks were stopped, or there are none.",
            "The claim runs out by itself.",
            "refinery candidate take",
        ),
        "cannot-write": (
            "A file or folder that was asked for cannot be written.",
            "It is somebody else's, the disk is full, or the path is wrong.",
            None,
        ),
        "cannot-replay": (
            "The replay could not be carried out.",
            "The scratch copy could not be made or moved.",
            "refinery doctor",
        ),
        "nothing-merged": (
            "The branch has no merge commits to replay.",
            "Its history was squashed or rebased.",
            "git log --merges",
        ),
        "demo-went-wrong": (
            "Something came out otherwise than the demonstration says.",
            "Programs may not be run where it plays, or git is configured unusually.",
            "refinery doctor",
        ),
    },
)
