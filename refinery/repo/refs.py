"""Refs of this repository: their names, reading them, moving several in one compare-and-swap."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from refinery.errors import TryAgain
from refinery.records.names import Ref, Sha
from refinery.repo.process import first_complaint
from refinery.repo.repository import Repository, symref_target
from refinery.typed import Final
from refinery.values import dataclass

_FORBIDDEN: Final = r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//"
_SHA: Final = r"[0-9a-f]{40}(?:[0-9a-f]{24})?"
_LOCK_FILE: Final = r"'([^'\n]+\.lock)'"
_LOCK_ATTEMPTS: Final = 4


class LockHeld(TryAgain):
    """A lock file of git's has stood for longer than any live git would need it."""

    code = "lock-held"


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """One ref's move; `old` None: it must not exist; `new` None: delete it."""

    ref: Ref
    old: Sha | None
    new: Sha | None

    def __post_init__(self) -> None:
        if self.old is None and self.new is None:
            raise ValueError(f"{self.ref}: neither an old value nor a new one")


@dataclass(frozen=True, slots=True)
class Swapped:
    """All refs moved."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Nothing moved, because these refs are not where they were said to be: read again."""

    reason: str
    refs: tuple[Ref, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing moved, because somebody does not allow it; trying again will not help."""

    ref: Ref
    reason: str
    lines: tuple[str, ...] = ()


def check_ref_format(name: str) -> bool:
    """Whether `git check-ref-format` accepts the name."""
    if "/" not in name or name.startswith("/") or name.endswith(("/", ".")):
        return False
    if re.search(_FORBIDDEN, name):
        return False
    return not any(part.startswith(".") or part.endswith(".lock") for part in name.split("/"))


def valid_ref(name: str) -> bool:
    """Whether a server takes it as a ref: full, and two levels below refs/."""
    return name.startswith("refs/") and check_ref_format(name.removeprefix("refs/"))


def valid_branch(name: str) -> bool:
    """Whether a branch may have this short name; what could be read as an option may not."""
    return name != "HEAD" and not name.startswith("-") and check_ref_format(f"refs/heads/{name}")


def matches(ref: str, pattern: str) -> bool:
    """Patterns are a full ref, a folder of refs, or hold one `*` that stands for anything."""
    head, star, tail = pattern.partition("*")
    if star:
        return len(ref) >= len(head + tail) and ref.startswith(head) and ref.endswith(tail)
    return ref == pattern or ref.startswith(f"{pattern.rstrip('/')}/")


def list_refs(repo: Repository, *patterns: str) -> dict[Ref, Sha]:
    """All refs that match a pattern (see `matches`), or all refs there are."""
    rows = _for_each_ref(repo, "%(refname)%00%(objectname)", patterns)
    return {Ref(ref): Sha(oid) for ref, oid in rows}


def list_symrefs(repo: Repository, *patterns: str) -> dict[Ref, Ref]:
    """The symbolic refs among those that match, with the refs they stand for."""
    rows = _for_each_ref(repo, "%(refname)%00%(symref)", patterns)
    return {Ref(ref): Ref(target) for ref, target in rows if target}


def symref(repo: Repository, name: Ref) -> Ref | None:
    """The ref that a symbolic ref stands for; None where there is none of that name."""
    if repo.setting("extensions.refstorage") not in (None, "files"):
        return list_symrefs(repo, name).get(name)
    try:  # git keeps a symbolic ref as this file and nowhere else; a process to read it costs 4 ms
        content = (repo.common_dir / name).read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    return symref_target(content)


def _for_each_ref(repo: Repository, form: str, patterns: tuple[str, ...]) -> list[tuple[str, str]]:
    # git's own `*` stops at a slash, so it is asked for the folder and the answer is filtered here.
    asked = {_folder(pattern) for pattern in patterns}
    narrowed = () if any(not folder.startswith("refs/") for folder in asked) else sorted(asked)
    listing = repo.git.text("for-each-ref", f"--format={form}", "--", *narrowed)
    rows = [line.split("\0") for line in listing.split("\n") if line]
    return [
        (ref, value)
        for ref, value in rows
        if not patterns or any(matches(ref, pattern) for pattern in patterns)
    ]


def _folder(pattern: str) -> str:
    head, star, _ = pattern.partition("*")
    return head.rpartition("/")[0] + "/" if star else head.rstrip("/")


def resolve(repo: Repository, name: str) -> Sha | None:
    """The object a full ref name or a full object id stands for; None when there is none."""
    if not (re.fullmatch(_SHA, name) or name == "HEAD" or valid_ref(name)):
        return None
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{object}}")
    done = repo.git.run(*asked, ok=(0, 1, 128))
    return Sha(done.text.rpartition("\n")[2]) if done.returncode == 0 and done.text else None


def update_refs(
    repo: Repository, updates: Sequence[RefUpdate], *, message: str
) -> Swapped | Lost | Refused:
    """Move all the refs, or none of them when one is not at its old value."""
    bad = next((update.ref for update in updates if not valid_ref(update.ref)), None)
    if bad is not None:
        return Refused(bad, "not a valid full ref name")
    commands = b"".join(_command(update) for update in updates)
    for attempt in count(1):
        done = repo.git.run(
            *("-c", "core.filesRefLockTimeout=500", "update-ref", "-m", _one_line(message)),
            *("--stdin", "-z"),
            stdin=commands,
            ok=range(256),
        )
        if done.returncode == 0:
            return Swapped()
        outcome = _why(repo, updates, done.stderr)
        if not isinstance(outcome, LockHeld):
            return outcome
        if attempt == _LOCK_ATTEMPTS:
            raise outcome
        from random import uniform

        time.sleep(uniform(0, 0.02 * 2**attempt))
    raise AssertionError("unreachable")


def _one_line(message: str) -> str:
    return " ".join(message.split()) or "refinery"


def _command(update: RefUpdate) -> bytes:
    fields: tuple[str, ...]
    if update.old is None:
        fields = (f"create {update.ref}", f"{update.new}")
    elif update.new is None:
        fields = (f"delete {update.ref}", f"{update.old}")
    else:
        fields = (f"update {update.ref}", f"{update.new}", f"{update.old}")
    return "".join(f"{part}\0" for part in fields).encode("utf-8", "surrogateescape")


def _why(repo: Repository, updates: Sequence[RefUpdate], stderr: str) -> Lost | Refused | LockHeld:
    """What a failed transaction means: the refs themselves say whether the race was lost."""
    now = list_refs(repo, *(update.ref for update in updates))
    moved = tuple(update.ref for update in updates if now.get(update.ref) != update.old)
    said = first_complaint(stderr)
    if moved:
        return Lost(said, moved)
    lock = re.search(_LOCK_FILE, stderr)
    if lock is not None and "File exists" in stderr:
        return _lock_held(repo, lock[1])
    named = next((update.ref for update in updates if f"'{update.ref}'" in said), updates[0].ref)
    return Refused(named, said, tuple(stderr.splitlines()))


def _lock_held(repo: Repository, lock: str) -> LockHeld:
    path = Path(repo.path, lock)
    return LockHeld(
        f"a git process has locked {str(path)!r}",
        hint=f"when no git is running in the repository, remove it: rm {path}",
    )
