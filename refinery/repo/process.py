"""Starts git: clean environment, timeout, both pipes read together, errors in its words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from refinery.errors import RefineryError, TryAgain
from refinery.importing import git_works
from refinery.repo.environment import child_environment
from refinery.repo.masking import masked
from refinery.typed import IO, Any, Final
from refinery.values import dataclass

_GRACE_SECONDS: Final = 2.0
_KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)
_OPTIONS_WITH_VALUE: Final = frozenset({"-c", "-C", "--git-dir", "--work-tree", "--config-env"})

at_work: dict[int, tuple[str, float]] = {}
"""The gits that are being waited for: what each was asked, and since when."""


class GitError(RefineryError):
    """git failed in a way that is no expected result of the call."""

    code = "git-failed"

    def __init__(
        self, command: str, returncode: int, stderr: str, *, hint: str | None = None
    ) -> None:
        self.command = command
        self.returncode = returncode
        self.stderr = masked(stderr)
        said = first_complaint(self.stderr) or f"ended with status {returncode}"
        super().__init__(f"git {command}: {said}", hint=hint)


class GitMissing(RefineryError):
    """There is no git to start."""

    code = "git-missing"


class GitTimeout(TryAgain):
    """git was still running when its time was up, and was ended."""

    code = "git-timeout"


class RemoteUnavailable(TryAgain):
    """The remote is away, refused the credentials, or did not answer in time."""

    code = "remote-unavailable"


@dataclass(frozen=True, slots=True)
class Completed:
    """What a git process left behind; `stderr` is as git wrote it and may hold secrets."""

    returncode: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        return self.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


class Git:
    """git started in one directory with one environment.

    `environ` passes a server hook's quarantine variables on; any other GIT_* variable that would
    redirect git is left out, whoever set it.
    """

    __slots__ = ("_environment", "_prefix", "directory", "environ", "git_dir")

    def __init__(
        self,
        directory: Path,
        *,
        git_dir: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.directory = directory
        self.git_dir = git_dir
        self.environ: Mapping[str, str] = dict(environ or {})
        self._environment = child_environment(os.environ, self.environ)
        self._prefix = ("git",) if git_dir is None else ("git", f"--git-dir={git_dir}")

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        ok: Collection[int] = (0,),
        timeout: float | None = 60,
        env: Mapping[str, str] | None = None,
    ) -> Completed:
        """Run git to its end. GitError on a status not in `ok`; GitTimeout when time is up."""
        return self.begin(*args, piped_stdin=bool(stdin), env=env).finish(
            stdin=stdin, ok=ok, timeout=timeout
        )

    def begin(
        self, *args: str, piped_stdin: bool = False, env: Mapping[str, str] | None = None
    ) -> Running:
        """Start git and go on; `finish` waits for its end."""
        process = self._start(args, env, piped_stdin=piped_stdin, stderr=subprocess.PIPE)
        return Running(subcommand(args), process)

    def text(
        self,
        *args: str,
        stdin: bytes = b"",
        ok: Collection[int] = (0,),
        timeout: float | None = 60,
        env: Mapping[str, str] | None = None,
    ) -> str:
        return self.run(*args, stdin=stdin, ok=ok, timeout=timeout, env=env).text

    def spawn(self, *args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a git that stays up and is spoken to over its pipes; end it with `end`."""
        return self._start(args, env, piped_stdin=True, stderr=subprocess.DEVNULL)

    def _start(
        self,
        args: tuple[str, ...],
        env: Mapping[str, str] | None,
        *,
        piped_stdin: bool,
        stderr: int,
    ) -> subprocess.Popen[bytes]:
        try:
            # A session of its own gives a process group to end, and takes the terminal away from
            # whatever would ask a question there. No preexec_fn: it would rule out vfork.
            return subprocess.Popen(
                (*self._prefix, *args),
                cwd=self.directory,
                env={**self._environment, **env} if env else self._environment,
                stdin=subprocess.PIPE if piped_stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            raise self._cannot_start(error) from error

    def _cannot_start(self, error: OSError) -> RefineryError:
        if not self.directory.is_dir():
            return GitError("start", 128, f"no such directory: {str(self.directory)!r}")
        return GitMissing(
            f"git could not be started: {error.strerror}",
            hint="install git 2.38 or later and put it on the PATH",
        )


class Running:
    """A git that was started and is waited for later; whoever gives up ends it."""

    __slots__ = ("_command", "_process")

    def __init__(self, command: str, process: subprocess.Popen[bytes]) -> None:
        self._command = command
        self._process = process

    def finish(
        self,
        *,
        stdin: bytes = b"",
        ok: Collection[int] = (0,),
        timeout: float | None = 60,
    ) -> Completed:
        """Its end: GitError on a status not in `ok`; GitTimeout when time is up."""
        process = self._process
        at_work[process.pid] = self._command, time.monotonic()
        try:
            while git_works() and process.poll() is None:
                pass
            out, err = process.communicate(stdin or None, timeout=timeout)
        except subprocess.TimeoutExpired:
            end(process)
            raise GitTimeout(f"git {self._command}: no end after {timeout:g} seconds") from None
        except BaseException:
            end(process)
            raise
        finally:
            at_work.pop(process.pid, None)
        done = Completed(process.returncode, out, err.decode("utf-8", "replace"))
        if done.returncode not in ok:
            raise GitError(self._command, done.returncode, done.stderr)
        return done

    def give_up(self) -> None:
        """End it, whatever it has done."""
        end(self._process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a git and all it started; asked first, since git removes its lock files when asked."""
    for sign in (signal.SIGTERM, _KILL):
        _signal_group(process, sign)
        try:
            process.wait(_GRACE_SECONDS)
            break
        except subprocess.TimeoutExpired:
            continue
    _signal_group(process, _KILL)
    close_pipes(process)


def end_reader(process: subprocess.Popen[bytes]) -> None:
    """End a git that reads and waits for a question: it holds no lock, and need not be asked."""
    _signal_group(process, _KILL)
    process.wait()
    close_pipes(process)


def _signal_group(process: subprocess.Popen[bytes], sign: int) -> None:
    if sys.platform == "win32":
        if process.poll() is None:
            process.terminate()
        return
    try:
        os.killpg(process.pid, sign)
    except (ProcessLookupError, PermissionError):
        return


def close_pipes(process: subprocess.Popen[bytes]) -> None:
    pipes: tuple[IO[Any] | None, ...] = (process.stdin, process.stdout, process.stderr)
    for pipe in pipes:
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue


def subcommand(args: Iterable[str]) -> str:
    """The word that says what git was asked: never its arguments, which may hold secrets."""
    skip = False
    for arg in args:
        if skip:
            skip = False
        elif arg in _OPTIONS_WITH_VALUE:
            skip = True
        elif not arg.startswith("-"):
            return arg
    return ""


def first_complaint(stderr: str) -> str:
    """The line of git's stderr that says what went wrong, without its `fatal: `."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    for mark in ("fatal: ", "error: "):
        for line in lines:
            if line.startswith(mark):
                return line.removeprefix(mark)
    return lines[-1] if lines else ""
