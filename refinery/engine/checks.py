"""Checks of a candidate: runs what the config declares in a worktree and says what happened."""

from __future__ import annotations

import re
import shlex
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from refinery.engine.check_output import CheckLog
from refinery.errors import RefineryError
from refinery.typed import TYPE_CHECKING
from refinery.values import StrEnum, dataclass

if TYPE_CHECKING:
    from refinery.engine.check_process import CheckHerd, CheckProcess
    from refinery.engine.check_sandbox import Confinement

_SHELL = ("/bin/sh", "-e", "-c")  # a failing line fails the check, not only the last one
# Whoever sends these stands outside (the kernel out of memory, a CI job cancelled, a limit of the
# machine), so they say nothing about the code. All other signals are a crash of the program.
_FROM_OUTSIDE = frozenset(
    {"SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGTERM", "SIGXCPU", "SIGXFSZ", "SIGPWR"}
)
_COULD_NOT_RUN = {75: "try again later", 126: "command not executable", 127: "command not found"}
_ALLOWED = re.compile(
    r"""PATH | HOME | USER | LOGNAME | SHELL | LANG | LANGUAGE | TZ | TMPDIR | TMP | TEMP | TERM
      | CI | (LC_ | XDG_ | PYENV | NVM | RBENV_ | ASDF_ | MISE_) .*
      | JAVA_HOME | GOPATH | GOROOT | GOCACHE | GOMODCACHE | GOBIN | GEM_HOME | GEM_PATH
      | CARGO_HOME | RUSTUP_HOME | RUSTUP_TOOLCHAIN | VIRTUAL_ENV | CONDA_PREFIX | DOTNET_ROOT
      | ANDROID_HOME | ANDROID_SDK_ROOT | SDKMAN_DIR | VOLTA_HOME | PNPM_HOME
      | (DY)?LD_LIBRARY_PATH | PKG_CONFIG_PATH
      | SSL_CERT_FILE | SSL_CERT_DIR | REQUESTS_CA_BUNDLE | CURL_CA_BUNDLE | NODE_EXTRA_CA_CERTS
      | no_proxy | NO_PROXY
      | SYSTEMROOT | SYSTEMDRIVE | WINDIR | COMSPEC | PATHEXT | OS | (LOCAL)?APPDATA | PROGRAMDATA
      | (COMMON)?PROGRAM(FILES|W6432) .* | USERNAME | USERPROFILE | HOMEDRIVE | HOMEPATH
      | NUMBER_OF_PROCESSORS | PROCESSOR_ARCHITECTURE""",
    re.VERBOSE,
)
_PROXIES = frozenset({"http_proxy", "https_proxy", "ftp_proxy", "all_proxy"})
_SECRET = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "PRIVATE_KEY", "AUTH")


class CannotRunChecks(RefineryError):
    """This system has no process groups, so a check could not be ended for certain."""

    code = "cannot-run-checks"


class CheckVerdict(StrEnum):
    """Fail: the code is bad. Error: it could not be found out, which is neither pass nor fail."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """A string is run by `sh -c`, a tuple as it stands; `timeout` in seconds."""

    name: str
    run: str | tuple[str, ...]
    timeout: float = 1800.0
    parallel: bool = False
    directory: str = "."


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`note` says in words why the verdict is what it is; it is empty for a plain pass."""

    name: str
    verdict: CheckVerdict
    exit_code: int | None
    signal: int | None
    seconds: float
    log: Path
    tail: str
    note: str


@dataclass(frozen=True, slots=True)
class CheckRun:
    """Every declared check, in declared order."""

    results: tuple[CheckResult, ...]
    seconds: float

    @property
    def verdict(self) -> CheckVerdict:
        """The worst one: fail, then timeout, then error. No checks are a pass."""
        found = {result.verdict for result in self.results}
        order = (CheckVerdict.FAIL, CheckVerdict.TIMEOUT, CheckVerdict.ERROR)
        return next((verdict for verdict in order if verdict in found), CheckVerdict.PASS)


@dataclass(frozen=True, slots=True)
class Abandoned:
    """The run was stopped from outside; nothing is known about the code."""

    reason: str


def ensure_possible() -> None:
    """Checks are lines of sh, and all that they start is ended as a group: not on Windows."""
    if sys.platform == "win32":
        raise CannotRunChecks(
            "checks do not run on Windows, so nothing is processed here",
            hint="submitting works; let a worker on Linux or macOS, in WSL or in CI process it",
        )


def run_checks(
    specs: Sequence[CheckSpec],
    *,
    directory: Path,
    log_dir: Path,
    log_name: str,
    environment: Mapping[str, str],
    tick: Callable[[], str | None] = lambda: None,
    tick_every: float = 1.0,
    clock: Callable[[], float] = time.monotonic,
    grace: float = 5.0,
    max_log: int = 10 << 20,
    fail_fast: bool = True,
    confinement: Confinement | None = None,
) -> CheckRun | Abandoned:
    """Run the checks in `directory`, each with its log in `log_dir`; leave no process behind.

    Consecutive parallel checks run together, all to their end; `fail_fast` skips what comes after.
    `tick` is called about every `tick_every` seconds; a string from it abandons the run.
    """
    ensure_possible()
    from refinery.engine.check_process import CheckHerd, Pulse

    began = clock()
    pulse = Pulse(tick, tick_every, clock, began + tick_every)
    place = _Place(directory, log_dir, log_name, environment, max_log, confinement)
    results: list[CheckResult] = []
    with ExitStack() as logs, CheckHerd(clock=clock, grace=grace) as herd:
        for together in _in_turn(specs):
            skipped = _why_skipped(results) if fail_fast else ""
            begun: list[_Begun] = []
            for number, spec in together:
                log = place.open_log(number, spec)
                logs.callback(log.close, "interrupted")
                begun.append(place.begin(number, spec, log, herd=herd, skipped=skipped))
            if (reason := herd.wait(pulse)) is not None:
                herd.end()
                for check in begun:
                    check.log.close(f"abandoned: {reason}")
                return Abandoned(reason)
            results += [check.result() for check in begun]
    return CheckRun(tuple(results), clock() - began)


def not_run(specs: Sequence[CheckSpec], why: str, *, log_dir: Path) -> CheckRun:
    """What is known of checks that nobody could start: nothing, for the same reason."""
    verdict, log = CheckVerdict.ERROR, log_dir / "none"
    return CheckRun(
        tuple(CheckResult(each.name, verdict, None, None, 0.0, log, "", why) for each in specs), 0.0
    )


def _in_turn(specs: Sequence[CheckSpec]) -> list[list[tuple[int, CheckSpec]]]:
    """Numbered from 1; consecutive parallel checks are one turn, every other check its own."""
    turns: list[list[tuple[int, CheckSpec]]] = []
    for number, spec in enumerate(specs, start=1):
        if spec.parallel and turns and turns[-1][-1][1].parallel:
            turns[-1].append((number, spec))
        else:
            turns.append([(number, spec)])
    return turns


def _why_skipped(results: Sequence[CheckResult]) -> str:
    words = {
        CheckVerdict.FAIL: "failed",
        CheckVerdict.TIMEOUT: "timed out",
        CheckVerdict.ERROR: "could not run",
    }
    causes = (f"{it.name} {words[it.verdict]}" for it in results if it.verdict in words)
    cause = next(causes, "")
    return cause and f"skipped because {cause}"


def _nothing_to_enter() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Begun:
    """A check that is under way, or that `trouble` kept from starting."""

    spec: CheckSpec
    log: CheckLog
    process: CheckProcess | None
    trouble: str = ""
    entered: Callable[[], bool] = _nothing_to_enter

    def result(self) -> CheckResult:
        status = self.process.status if self.process else None
        verdict, note = self._judge()
        seconds = self.process.seconds if self.process else 0.0
        why = f" ({note})" if note else ""
        self.log.close(f"check {self.spec.name!r}: {verdict}{why} after {seconds:.2f} s")
        cut = f"output cut: {self.log.cut} bytes left out" if self.log.cut else ""
        return CheckResult(
            name=self.spec.name,
            verdict=verdict,
            exit_code=status if status is not None and status >= 0 else None,
            signal=-status if status is not None and status < 0 else None,
            seconds=seconds,
            log=self.log.path,
            tail=self.log.tail(),
            note="; ".join(filter(None, (note, cut, self.log.trouble))),
        )

    def _judge(self) -> tuple[CheckVerdict, str]:
        if self.process is None:
            return CheckVerdict.ERROR, self.trouble
        if self.process.timed_out:
            stuck = "" if self.process.ended else " and SIGKILL did not end it"
            return CheckVerdict.TIMEOUT, f"timed out after {self.spec.timeout:g} s{stuck}"
        if not self.entered():
            return CheckVerdict.ERROR, "the sandbox could not be made"
        return judge_status(self.process.status)


def judge_status(status: int | None) -> tuple[CheckVerdict, str]:
    """Verdict and words for an exit status, which is -N after signal N and None when unknown.

    A shell says 128 + N for a command that signal N ended, so that counts as the signal.
    """
    if status is None:
        return CheckVerdict.ERROR, "exit status unknown"
    if status == 0:
        return CheckVerdict.PASS, ""
    name = _signal_name(-status if status < 0 else status - 128)
    verdict = CheckVerdict.ERROR if name in _FROM_OUTSIDE else CheckVerdict.FAIL
    if status < 0:
        return verdict, f"ended by {name}"
    if status in _COULD_NOT_RUN:
        return CheckVerdict.ERROR, f"{_COULD_NOT_RUN[status]} (exit status {status})"
    return verdict, f"exit status {status}" + (f" ({name})" if name else "")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}" if 0 < number < 65 else ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the checks of one run work and what they are given."""

    directory: Path
    log_dir: Path
    log_name: str
    environment: Mapping[str, str]
    max_log: int
    confinement: Confinement | None

    def open_log(self, number: int, spec: CheckSpec) -> CheckLog:
        stem = f"{_file_name(self.log_name)}-{number:02d}-{_file_name(spec.name)}"
        log = CheckLog(self.log_dir / f"{stem}.log", limit=self.max_log)
        command = spec.run if isinstance(spec.run, str) else shlex.join(spec.run)
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        walls = f", {self.confinement.words}" if self.confinement else ""
        log.remark(f"check {spec.name!r} started {started}{walls}: {command!r}")
        return log

    def begin(
        self, number: int, spec: CheckSpec, log: CheckLog, *, herd: CheckHerd, skipped: str
    ) -> _Begun:
        where = self._inside(spec.directory)
        if skipped or isinstance(where, str):
            return _Begun(spec, log, None, skipped or str(where))
        argv = (*_SHELL, spec.run) if isinstance(spec.run, str) else spec.run
        if not argv:
            return _Begun(spec, log, None, "empty command")
        environment, entered = self.environment, _nothing_to_enter
        try:
            if (within := self.confinement) is not None:
                argv, environment = within.enter(
                    argv,
                    directory=where,
                    environment=environment,
                    number=number,
                    timeout=spec.timeout,
                )
                entered = partial(within.has_begun, number)
            process = herd.start(
                argv,
                directory=where,
                environment=environment,
                timeout=spec.timeout,
                log=log,
            )
        except (OSError, ValueError) as error:
            return _Begun(spec, log, None, _why_not_started(error, argv[0]))
        return _Begun(spec, log, process, entered=entered)

    def _inside(self, relative: str) -> Path | str:
        """The directory, or why it is refused; links are followed, the candidate can hold any."""
        try:
            root = self.directory.resolve()
            where = (root / relative).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            return f"directory {relative!r}: {error}"
        if not where.is_relative_to(root):
            return f"directory {relative!r} is outside the worktree"
        return where if where.is_dir() else f"no directory {relative!r}"


def _file_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text)[:80].lstrip(".-") or "_"


def _why_not_started(error: OSError | ValueError, program: str) -> str:
    if isinstance(error, FileNotFoundError):
        return f"command not found: {program!r}"
    if isinstance(error, PermissionError):
        return f"command not executable: {program!r}"
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"could not start {program!r}: {words}"


def check_environment(
    base: Mapping[str, str], *, passed: Sequence[str] = (), extra: Mapping[str, str]
) -> dict[str, str]:
    """What a check sees of `base`: an allow-list, the names the config declares, and `extra`.

    Nothing that looks like a credential passes unless it is named in `passed`, and git finds no
    credential helper. Files are not hidden: keys under HOME stay readable to a check.
    """
    allowed = {name: value for name, value in base.items() if _is_allowed(name, value)}
    declared = {name: base[name] for name in passed if name in base}
    return {**_quiet(base), **allowed, **declared, **extra}


def _is_allowed(name: str, value: str) -> bool:
    if any(word in name.upper() for word in _SECRET):
        return False
    if name.lower() in _PROXIES:
        return "@" not in value
    return _ALLOWED.fullmatch(name) is not None


def _quiet(base: Mapping[str, str]) -> dict[str, str]:
    server = base.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    # An empty value resets the list. actions/checkout keeps its token in the header of one server.
    blank = ("credential.helper", "http.extraHeader", f"http.{server}/.extraHeader")
    entries = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(blank)}
    values = {f"GIT_CONFIG_VALUE_{number}": "" for number in range(len(blank))}
    return {
        "NO_COLOR": "1",
        "CLICOLOR": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        "GIT_CONFIG_COUNT": str(len(blank)),
        **entries,
        **values,
    }
