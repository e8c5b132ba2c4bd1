"""Where the queue's refs are: a remote or this very repository, behind one interface."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from itertools import count

from refinery.errors import RefineryError, TryAgain
from refinery.records.names import Ref, Sha
from refinery.repo.answers import Pushed, Unknown, access_refusal, is_away, read_push
from refinery.repo.locking import locked
from refinery.repo.masking import masked
from refinery.repo.process import (
    Completed,
    GitError,
    GitTimeout,
    RemoteUnavailable,
    first_complaint,
)
from refinery.repo.refs import (
    Lost,
    RefUpdate,
    Refused,
    Swapped,
    list_refs,
    matches,
    update_refs,
    valid_ref,
)
from refinery.repo.repository import IN_PLACE, Repository, symref_target
from refinery.typed import Final, Protocol
from refinery.values import dataclass

__all__ = [
    "InPlace",
    "Lost",
    "NoRemote",
    "Pushed",
    "RefTransport",
    "RefUpdate",
    "Refused",
    "Remote",
    "Swapped",
    "Unknown",
    "transport",
]

_FETCH_ATTEMPTS: Final = 5
# A command line holds 32 kB on Windows and 2 MB (environment included) elsewhere.
_MOST_ARGUMENT_BYTES: Final = 1_000_000
_ANY_END: Final = range(-64, 256)  # also by a signal
_LOCAL_RACE: Final = r"cannot lock ref|unable to update local ref|\.lock': File exists"


class NoRemote(RefineryError):
    """Nothing says which remote holds the queue."""

    code = "no-remote"


class BadTimeout(RefineryError):
    """The setting says no length of time."""

    code = "bad-setting"


class RemoteLacks(RefineryError):
    """The remote cannot do what refinery cannot do without."""

    code = "remote-lacks"


class RefTransport(Protocol):
    """Where the queue's refs live: bring them here, list them, move them all or none."""

    def fetch(
        self,
        refspecs: Sequence[str],
        *,
        prune: bool,
        depth: int | None = None,
        timeout: float = 300,
    ) -> None: ...

    def list(self, *patterns: str, timeout: float = 60) -> dict[Ref, Sha]: ...

    def push(
        self, updates: Sequence[RefUpdate], *, options: Sequence[str] = (), timeout: float = 300
    ) -> Pushed: ...


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote by its configured name, or by its URL or path."""

    repo: Repository
    name: str

    def __post_init__(self) -> None:
        if not self.name or self.name.startswith("-"):
            raise NoRemote(f"not the name of a remote: {self.name!r}", hint="git remote --verbose")

    @property
    def shown(self) -> str:
        """Name and URL for people, without secrets."""
        url = self.repo.setting(f"remote.{self.name}.url")
        return f"{self.name!r} ({masked(url)})" if url else repr(masked(self.name))

    def fetch(
        self,
        refspecs: Sequence[str],
        *,
        prune: bool,
        depth: int | None = None,
        timeout: float = 300,
    ) -> None:
        """Bring the refs here, all or none; one that the remote lacks is no error.

        A fetch that loses a local ref to another process is run again, also where that process was
        killed and its lock stands.
        """
        command = _fetch_command(self.name, refspecs, prune=prune, depth=depth)
        timeout = self._patience(timeout)
        with locked(self.repo.state_dir / "fetch.lock", wait=timeout):
            deadline = time.monotonic() + timeout
            for attempt in count():
                done = self._run(command, timeout)
                if done.returncode == 0:
                    return
                if not re.search(_LOCAL_RACE, done.stderr):
                    break
                if attempt < _FETCH_ATTEMPTS:
                    from random import uniform

                    time.sleep(uniform(0, 0.02 * 2**attempt))
                    continue
                from refinery.repo.lock_files import wait_out

                if time.monotonic() > deadline or not wait_out(self.repo, done.stderr):
                    break
        raise self._failure("fetch", done)

    def list(self, *patterns: str, timeout: float = 60) -> dict[Ref, Sha]:
        """The remote's refs that match (see `refs.matches`) as they are at this moment."""
        command = ["ls-remote", "--refs", "--quiet", "--end-of-options", self.name]
        done = self._run(command, self._patience(timeout))
        if done.returncode != 0:
            raise self._failure("ls-remote", done)
        rows = (line.split("\t", 1) for line in done.text.split("\n") if line)
        return {
            Ref(ref): Sha(oid)
            for oid, ref in rows
            if not patterns or any(matches(ref, pattern) for pattern in patterns)
        }

    def push(
        self, updates: Sequence[RefUpdate], *, options: Sequence[str] = (), timeout: float = 300
    ) -> Pushed:
        """Move all the refs on the remote, or none; every one leased on its old value.

        Pushing what is there already is Swapped whatever the lease said: git looks at that first.
        """
        if not updates:
            return Swapped()  # git would push what the user's configuration says
        bad = next((update.ref for update in updates if not valid_ref(update.ref)), None)
        if bad is not None:
            return Refused(bad, "not a valid full ref name")
        command = _push_command(self.name, updates, options)
        if sum(map(len, command)) > _MOST_ARGUMENT_BYTES:
            raise RefineryError(f"push of {len(updates)} refs: more than one git push can take")
        try:
            done = self.repo.git.run(*command, ok=_ANY_END, timeout=self._patience(timeout))
        except GitTimeout as error:
            return Unknown(f"remote {self.shown}: {error.message}")
        outcome = read_push(done, updates)
        if outcome is None:
            raise self._push_failure(done)
        if isinstance(outcome, (Lost, Refused)) and self._was_sent_twice(updates):
            return Swapped()
        return outcome

    def _was_sent_twice(self, updates: Sequence[RefUpdate]) -> bool:
        """Whether what the remote says no to is done already, by this very push.

        git's HTTP library sends a request again when a connection that it kept open ends without an
        answer; the first one may have been carried out.
        """
        url = self.repo.setting(f"remote.{self.name}.url") or self.name
        if not url.startswith("http") or not any(update.new for update in updates):
            return False
        try:
            now = self.list(*(update.ref for update in updates))
        except RemoteUnavailable:
            return False
        return all(now.get(update.ref) == update.new for update in updates)

    def _patience(self, usual: float) -> float:
        """Seconds after which a command is ended: `refinery.timeout` where it is set."""
        told = self.repo.setting("refinery.timeout")
        if told is None:
            return usual
        try:
            seconds = float(told)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise BadTimeout(
                f"refinery.timeout: {told!r} is not a number of seconds",
                hint="git config refinery.timeout 300",
            )
        return seconds

    def _run(self, command: Sequence[str], timeout: float) -> Completed:
        try:
            return self.repo.git.run(*command, ok=_ANY_END, timeout=timeout)
        except GitTimeout as error:
            raise RemoteUnavailable(f"remote {self.shown}: {error.message}") from error

    def _failure(self, command: str, done: Completed) -> RefineryError:
        if done.returncode < 0:
            return TryAgain(f"git {command} was ended by signal {-done.returncode}")
        if not is_away(done.stderr):
            return GitError(command, done.returncode, done.stderr)
        said = access_refusal(done.stderr) or masked(first_complaint(done.stderr))
        return RemoteUnavailable(
            f"remote {self.shown}: {said}", hint=f"try: git ls-remote {masked(self.name)}"
        )

    def _push_failure(self, done: Completed) -> RefineryError:
        for feature, why in (
            ("--atomic", "a landing moves several refs or none"),
            ("push options", "it was asked to pass some on"),
        ):
            if f"does not support {feature}" in done.stderr:
                return RemoteLacks(
                    f"remote {self.shown} does not support {feature.strip('-')}: {why}",
                    hint="on a server of your own: git config receive.advertiseAtomic true"
                    if feature == "--atomic"
                    else "on a server of your own: git config receive.advertisePushOptions true",
                )
        return GitError("push", done.returncode, done.stderr)


@dataclass(frozen=True, slots=True)
class InPlace:
    """The refs of this very repository: what a server's hooks, and a bare repository, work on."""

    repo: Repository
    message: str = "refinery"

    def fetch(
        self,
        refspecs: Sequence[str],
        *,
        prune: bool,
        depth: int | None = None,
        timeout: float = 300,
    ) -> None:
        """Nothing to bring: the refs are here."""

    def list(self, *patterns: str, timeout: float = 60) -> dict[Ref, Sha]:
        return list_refs(self.repo, *patterns)

    def push(
        self, updates: Sequence[RefUpdate], *, options: Sequence[str] = (), timeout: float = 300
    ) -> Pushed:
        """As a push: a branch somebody has checked out here is not moved under their feet."""
        occupied = self._checked_out()
        for update in updates:
            if update.ref in occupied:
                return Refused(update.ref, f"checked out in {str(occupied[update.ref])!r}")
        return update_refs(self.repo, updates, message=self.message)

    def _checked_out(self) -> dict[str, str]:
        if self.repo.setting("receive.denycurrentbranch") in {"ignore", "warn", "false"}:
            return {}
        linked = sorted((self.repo.common_dir / "worktrees").glob("*/HEAD"))
        heads = linked if self._main_is_bare() else [self.repo.common_dir / "HEAD", *linked]
        found: dict[str, str] = {}
        for head in heads:
            try:
                on = symref_target(head.read_text("utf-8", "surrogateescape"))
            except OSError:
                continue
            if on is not None:
                found[on] = str(head.parent)
        return found

    def _main_is_bare(self) -> bool:
        return self.repo.bare or self.repo.setting("core.bare") == "true"


def transport(repo: Repository) -> RefTransport:
    """The place that `repo.remote_name` says the queue is in."""
    name = repo.remote_name()
    if name is None:
        raise NoRemote(
            "no remote holds the queue of this clone",
            hint="git config refinery.remote <name of the remote>, or . for this very repository",
        )
    return InPlace(repo) if name == IN_PLACE else Remote(repo, name)


def _fetch_command(
    name: str, refspecs: Sequence[str], *, prune: bool, depth: int | None
) -> list[str]:
    return [
        *("-c", "fetch.writeCommitGraph=false", "-c", "fetch.showForcedUpdates=false"),
        *("fetch", "--quiet", "--atomic", "--no-tags", "--no-write-fetch-head"),
        *("--no-auto-maintenance", "--no-recurse-submodules"),
        "--prune" if prune else "--no-prune",
        *(() if depth is None else (f"--depth={depth}",)),
        *("--end-of-options", name),
        *(optional(refspec) for refspec in refspecs),
    ]


def optional(refspec: str) -> str:
    """The refspec in a form that does not fail the fetch when the remote has no such ref.

    git dies of an absent exact ref but not of a pattern without a match, so the last letter is
    preceded by a `*` that stands for nothing: `refs/heads/mai*n`. In that place it lets the server
    answer with little more than the one ref.
    """
    force = "+" if refspec.startswith("+") else ""
    source, colon, target = refspec.removeprefix("+").partition(":")
    if "*" in refspec or not source.startswith("refs/") or not target.startswith("refs/"):
        return refspec
    return f"{force}{_starred(source)}{colon}{_starred(target)}"


def _starred(ref: str) -> str:
    return f"{ref[:-1]}*{ref[-1]}"


def _push_command(name: str, updates: Sequence[RefUpdate], options: Sequence[str]) -> list[str]:
    return [
        # What a user set up for pushes by hand must not change what this one does.
        *("-c", "push.pushOption=", "-c", f"remote.{name}.mirror=false"),
        *("push", "--porcelain", "--atomic", "--no-verify", "--no-follow-tags"),
        *("--no-recurse-submodules", "--no-force-if-includes"),
        *(f"--push-option={option}" for option in options),
        *(f"--force-with-lease={update.ref}:{update.old or ''}" for update in updates),
        *("--end-of-options", name),
        *(f"{update.new or ''}:{update.ref}" for update in updates),
    ]
