"""Has commits signed, by git itself: with the key and the program that git's settings name."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from refinery.errors import RefineryError
from refinery.records.names import Sha
from refinery.repo.masking import masked
from refinery.repo.process import GitError, GitTimeout
from refinery.repo.signature import Signature
from refinery.repo.writing import clean_message
from refinery.repo.yes_or_no import yes_or_no
from refinery.typed import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

VARIABLE: Final = "REFINERY_SIGN"
SETTING: Final = "refinery.sign"
LONGEST: Final = 60.0  # seconds: a passphrase is typed by then, and no worker waits for more

# No program of a worker's may put a question on somebody's screen, and wait there for an answer.
_NOBODY_THERE: Final = {"GPG_TTY": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""} | {
    "SSH_ASKPASS_REQUIRE": "never"
}


class CannotSign(RefineryError):
    """A commit has to be signed, and git did not sign it."""

    code = "cannot-sign"
    usual_hint = "git config user.signingKey, gpg.format and gpg.program say how: `git config -l`"


class BadSwitch(RefineryError):
    """Whether to sign is neither yes nor no."""

    code = "bad-setting"


def wish(repo: Repository) -> bool | None:
    """Whether commits are signed here; None: as the target's configuration asks."""
    name, told = VARIABLE, os.environ.get(VARIABLE)
    if not told:
        name, told = SETTING, repo.setting(SETTING)
    if not told:
        return None
    wanted = yes_or_no(told)
    if wanted is None:
        raise BadSwitch(
            f"{name}: {told!r} is neither true nor false", hint=f"git config {SETTING} true"
        )
    return wanted


def is_signed(repo: Repository, *, required: bool, what: str) -> bool:
    """Whether to sign what is written next; CannotSign where it must be, and is not wanted."""
    wanted = wish(repo)
    if wanted is False and required:
        raise CannotSign(
            f"{what} has to be signed, and {VARIABLE} or {SETTING} says not to",
            hint=f"git config --unset {SETTING}",
        )
    return required if wanted is None else wanted


def sign_commit(
    repo: Repository,
    *,
    tree: Sha,
    parents: Sequence[Sha],
    author: Signature,
    committer: Signature,
    message: str,
) -> Sha:
    """The commit as it would be written without a signature, signed."""
    text = clean_message(message).encode("utf-8", "replace")
    made = _commit_tree(
        repo,
        ("commit-tree", "-S", tree, *(word for parent in parents for word in ("-p", parent))),
        text,
        {**_person("AUTHOR", author), **_person("COMMITTER", committer)},
    )
    commit = repo.reader.commit(made)
    if (commit.tree, commit.parents, commit.message) != (tree, tuple(parents), text.decode()):
        raise CannotSign(f"git signed {made[:12]}, which is not the commit that it was given")
    if not commit.is_signed:
        raise CannotSign(f"git was asked to sign {made[:12]}, and did not")
    return made


def signed_line(repo: Repository, base: Sha, tip: Sha) -> dict[Sha, Sha]:
    """The first-parent line after `base` once more, signed: each commit and its copy."""
    from refinery.repo.history import commits_between

    copies: dict[Sha, Sha] = {}
    for commit in commits_between(repo, base, tip, first_parent=True, reverse=True):
        copies[commit.oid] = sign_commit(
            repo,
            tree=commit.tree,
            parents=[copies.get(parent, parent) for parent in commit.parents],
            author=Signature.parse(commit.author),
            committer=Signature.parse(commit.committer),
            message=commit.message,
        )
    return copies


def _commit_tree(
    repo: Repository, command: Sequence[str], message: bytes, people: dict[str, str]
) -> Sha:
    env = people if _somebody_there() else people | _NOBODY_THERE
    try:
        said = repo.git.text(
            *("-c", "i18n.commitEncoding=UTF-8", *command),
            stdin=message,
            timeout=min(LONGEST, _patience(repo)),
            env=env,
        )
    except GitTimeout as error:
        raise CannotSign(
            f"sign a commit: {error.message}; something asks for a passphrase and nobody answers",
            hint="use a key that its agent has unlocked (ssh-add -l, gpg-connect-agent)",
        ) from None
    except GitError as error:
        raise CannotSign(f"sign a commit: {_complaint(error)}") from error
    return Sha(said)


def _somebody_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _patience(repo: Repository) -> float:
    """`refinery.timeout` where it is less than usual; what is wrong with it others say."""
    try:
        told = float(repo.setting("refinery.timeout") or LONGEST)
    except ValueError:
        return LONGEST
    return told if told > 0 else LONGEST


def _person(role: str, who: Signature) -> dict[str, str]:
    shown = Signature.parse(str(who))  # as it would stand in the commit
    zone = shown.tz if shown.tz[3:] < "60" else "+0000"  # git would make five digits of it
    return {
        f"GIT_{role}_NAME": shown.name,
        f"GIT_{role}_EMAIL": shown.email,
        f"GIT_{role}_DATE": f"@{shown.when} {zone}",
    }


def _complaint(error: GitError) -> str:
    """What git and the program that signs said, in a line."""
    lines = [line.strip() for line in error.stderr.splitlines()]
    words = [line.removeprefix("error: ").removeprefix("fatal: ").rstrip("?") for line in lines]
    return masked("; ".join(filter(None, words))) or error.message
