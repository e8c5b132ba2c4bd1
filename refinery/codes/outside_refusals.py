"""What refusals mean that come from git, the machine, the remote or the forge."""

from __future__ import annotations

from refinery.codes.meaning import Kind, meanings

OF_GIT = meanings(
    Kind.REFUSAL,
    {
        "not-a-repository": (
            "There is no repository that can be used at that place.",
            "The directory is not in a git repository, is gone, or cannot be read.",
            "git rev-parse --show-toplevel",
        ),
        "no-such-rig": (
            "It is neither a path nor a name from the rig list.",
            "It was mistyped, or the rig list does not have it.",
            "refinery status --all",
        ),
        "no-remote": (
            "Nothing says which remote holds the queue.",
            "The repository has several remotes, or none.",
            "git remote --verbose",
        ),
        "remote-unavailable": (
            "The remote is away, refused the credentials, or did not answer; exit code 75.",
            "The network, the server, or a token that ran out.",
            "git ls-remote",
        ),
        "remote-lacks": (
            "The remote cannot do what refinery cannot do without.",
            "Atomic pushes are off, or refs outside of branches and tags are refused.",
            "refinery doctor",
        ),
        "git-missing": (
            "There is no git to start.",
            "It is not installed, or not on the PATH.",
            None,
        ),
        "git-failed": (
            "A call of git failed in a way that is no expected result.",
            "The message has git's own words.",
            "refinery doctor",
        ),
        "git-timeout": (
            "A call of git did not end in its time, and was ended; exit code 75.",
            "The remote is slow, or much is fetched; the limit is git's setting refinery.timeout.",
            "git config refinery.timeout 300",
        ),
        "lock-held": (
            "A lock of git or of refinery stands for longer than it should; exit code 75.",
            "Another command is at work here, or one was killed and left it behind.",
            "refinery status",
        ),
        "shallow-repository": (
            "History that is needed to decide is not here and cannot be fetched.",
            "The clone is shallow, as CI's checkouts are.",
            "git fetch --unshallow",
        ),
        "bad-object": (
            "An object of the repository is not what it must be.",
            "A ref of the queue was moved by hand, or the repository is damaged.",
            "git fsck",
        ),
        "invalid-tree": (
            "A tree cannot hold an entry of that name.",
            "A branch holds a name that git refuses, such as .git.",
            "git fsck",
        ),
        "storage-full": (
            "The disk or the quota of the repository is used up.",
            "Nothing points at what was written: nothing was recorded.",
            "git gc",
        ),
        "cannot-sign": (
            "A commit has to be signed, and git did not sign it.",
            "No key is configured, its agent has not unlocked it or does not answer, or"
            " refinery.sign says no where the target asks for signatures.",
            "git config --get-regexp ^(user.signingkey|gpg|refinery.sign)",
        ),
        "not-a-signer": (
            "The key that signs here is none that the target takes.",
            "The signers' file or the keyring on the target does not have it, or not for now.",
            "refinery verify --signatures",
        ),
        "cannot-judge-signatures": (
            "Signatures cannot be looked at here.",
            "The program `ssh-keygen` or `gpg` is missing, or the target's keyring cannot be read.",
            "git config --get-regexp ^gpg",
        ),
        "signatures-not-asked": (
            "Nothing that was looked at had to be signed.",
            "No target's configuration has `signatures`, or what was asked about is older, or the"
            " commit of --since is in no history.",
            "refinery verify",
        ),
        "machine-trouble": (
            "The machine refused: no space, no permission, too many open files, no such place.",
            "The message has the system's own words. Nothing was left half done.",
            "refinery doctor",
        ),
        "bad-setting": (
            "A setting in git's configuration does not say what it must.",
            "It was mistyped.",
            "git config --get-regexp ^refinery",
        ),
        "clone-failed": (
            "The source could not be copied.",
            "It is no repository, or cannot be reached.",
            "git ls-remote",
        ),
        "cannot-copy": (
            "The repository has no such branch, or not all of its history.",
            "It is empty or shallow, or the branch was mistyped.",
            "git branch --list",
        ),
        "hook-in-the-way": (
            "A hook cannot be installed where git looks for it.",
            "Another tool manages hooks there, such as pre-commit or core.hooksPath.",
            "refinery hooks status",
        ),
        "not-installed": (
            "What this command needs beyond the plain installation is missing.",
            "Screens, pages, charts and messages are extras, so that the rest stays small.",
            "pip install 'git-refinery[serve,top,mcp,notify,charts]'",
        ),
    },
)

OF_FORGES = meanings(
    Kind.REFUSAL,
    {
        "no-forge": (
            "The configuration asks for pull requests, and names no forge to open them on.",
            "`landing: pull-request` needs `forge:`.",
            "refinery doctor",
        ),
        "unknown-forge": (
            "An issue or a configuration names a tracker or forge that there is no adapter for.",
            "It was mistyped.",
            "refinery doctor",
        ),
        "no-forge-address": (
            "Nothing says where the forge is, or which of its repositories is ours.",
            "`repository:` is not set and the remote's URL does not say it.",
            "refinery doctor",
        ),
        "no-token": (
            "The forge is not asked anything without a token.",
            "GITHUB_TOKEN, GITLAB_TOKEN or GITEA_TOKEN is not set.",
            "refinery doctor",
        ),
        "bad-token": (
            "The forge does not know the token.",
            "It was mistyped, ran out, or was revoked.",
            "refinery doctor",
        ),
        "not-permitted": (
            "The token lacks a permission.",
            "The message says which one the forge asks for.",
            "refinery doctor",
        ),
        "issues-disabled": (
            "The repository has no issues.",
            "They are turned off in its settings; `tracker: local` works without.",
            "refinery doctor",
        ),
        "no-such-repository": (
            "There is no such repository on the forge, or the token may not see it.",
            "It was renamed, or the token is for another.",
            "refinery doctor",
        ),
        "not-on-forge": (
            "What was asked about is not on the forge, or not any more.",
            "It was deleted, moved or transferred.",
            "refinery reconcile",
        ),
        "forge-refused": (
            "The forge understood, and will not.",
            "The message has its own words.",
            "refinery doctor",
        ),
        "forge-away": (
            "The forge does not answer; exit code 75.",
            "What was asked may be done all the same; a later run finds out.",
            None,
        ),
        "rate-limited": (
            "The forge wants to be asked less often; exit code 75.",
            "Many requests with one token; the message says when it listens again.",
            None,
        ),
        "not-delivered": (
            "The service did not take a message; exit code 75.",
            "It is away, or does not know the address. A later run sends it.",
            None,
        ),
        "bad-address": (
            "The variable holds no address that messages could be sent to.",
            "It was mistyped.",
            "refinery doctor",
        ),
        "unreadable-event": (
            "The body of an event is not a JSON object.",
            "It was cut off, or is no webhook's.",
            "refinery reconcile",
        ),
        "no-secret": (
            "Without a secret anybody could speak for the forge.",
            "REFINERY_WEBHOOK_SECRET is not set, or too short.",
            None,
        ),
        "weak-token": (
            "A token that could be guessed protects nothing.",
            "REFINERY_PAGE_TOKEN is too short.",
            None,
        ),
        "cannot-serve": (
            "The address cannot be listened on.",
            "The port is taken, or not yours to take.",
            "refinery serve --help",
        ),
        "spool-unusable": (
            "The file that keeps deliveries cannot be opened, read or written.",
            "It is damaged, somebody else's, or of a newer version.",
            "refinery reconcile",
        ),
        "spool-in-use": (
            "Another receiver works on the same file.",
            "One `refinery serve` serves a clone.",
            "refinery status",
        ),
        "spool-full": (
            "Too much waits to take more; exit code 75.",
            "Deliveries come faster than they are worked off.",
            "refinery reconcile",
        ),
    },
)
