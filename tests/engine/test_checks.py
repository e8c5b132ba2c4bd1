"""Promises of the check runner: what a verdict means, and that no check outlives its run."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from refinery.engine import check_process
from refinery.engine.check_output import readable_tail
from refinery.engine.checks import (
    Abandoned,
    CheckResult,
    CheckRun,
    CheckSpec,
    CheckVerdict,
    check_environment,
    judge_status,
    not_run,
    run_checks,
)

PASS, FAIL = CheckVerdict.PASS, CheckVerdict.FAIL
ERROR, TIMEOUT = CheckVerdict.ERROR, CheckVerdict.TIMEOUT
ENVIRONMENT = {"PATH": os.environ["PATH"]}
PATIENCE = 30  # seconds: a machine may have much else to do

# As it was before a test takes it away.
open_pidfd = getattr(os, "pidfd_open", None)

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@dataclass
class Ground:
    """A worktree and a place for logs, and checks run between them."""

    worktree: Path
    logs: Path

    def outcome(self, *specs: CheckSpec, **options: object) -> CheckRun | Abandoned:
        given = {"grace": 0.2, "environment": ENVIRONMENT, **options}
        return run_checks(
            specs,
            directory=self.worktree,
            log_dir=self.logs,
            log_name="try",
            **given,  # type: ignore[arg-type]
        )

    def run(self, *specs: CheckSpec, **options: object) -> CheckRun:
        outcome = self.outcome(*specs, **options)
        assert isinstance(outcome, CheckRun)
        return outcome

    def check(self, run: str | tuple[str, ...], **options: object) -> CheckResult:
        return self.run(spec("unit", run), **options).results[0]

    def file(self, name: str) -> Path:
        return self.worktree / name

    def pid(self, name: str = "pid") -> int:
        return int(self.file(name).read_text())


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    worktree = tmp_path / "worktree"
    worktree.mkdir()
    return Ground(worktree, tmp_path / "logs")


@pytest.fixture(params=["linux", "posix", "macos"])
def any_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "linux":
        monkeypatch.delattr(os, "pidfd_open", raising=False)
        monkeypatch.setattr(check_process, "sweep", lambda mark: None)
    if request.param == "macos":
        monkeypatch.delattr(os, "waitid", raising=False)


def spec(name: str, run: str | tuple[str, ...] = "true", **options: object) -> CheckSpec:
    return CheckSpec(name, run, **{"timeout": 30.0, **options})  # type: ignore[arg-type]


def is_gone(pid: int) -> bool:
    """Waits for a process that was killed already; a live one is never gone."""
    try:
        if open_pidfd is None:
            return not _lives_on(pid)
        descriptor = open_pidfd(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], PATIENCE)[0])
    finally:
        os.close(descriptor)


def _lives_on(pid: int) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        os.kill(pid, 0)
    return True


def later_than(ready: Path) -> Callable[[], float]:
    """A clock that jumps an hour ahead as soon as `ready` exists."""
    return lambda: time.monotonic() + (3600 if ready.exists() else 0)


def summary(result: CheckResult) -> tuple[CheckVerdict, int | None, int | None, str]:
    return result.verdict, result.exit_code, result.signal, result.note


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("true", (PASS, 0, None, "")),
        (("true",), (PASS, 0, None, "")),
        ("exit 1", (FAIL, 1, None, "exit status 1")),
        (("sh", "-c", "exit 255"), (FAIL, 255, None, "exit status 255")),
        ("exit 75", (ERROR, 75, None, "try again later (exit status 75)")),
        ("no-such-program", (ERROR, 127, None, "command not found (exit status 127)")),
        (("no-such-program",), (ERROR, None, None, "command not found: 'no-such-program'")),
        ("./plain", (ERROR, 126, None, "command not executable (exit status 126)")),
        (("./plain",), (ERROR, None, None, "command not executable: './plain'")),
        (("./garbage",), (ERROR, None, None, "could not start './garbage': Exec format error")),
        (("true", "a\0b"), (ERROR, None, None, "could not start 'true': embedded null byte")),
        ((), (ERROR, None, None, "empty command")),
        ("kill -KILL $$", (ERROR, None, 9, "ended by SIGKILL")),
        ("kill -TERM $$", (ERROR, None, 15, "ended by SIGTERM")),
        ("kill -SEGV $$", (FAIL, None, 11, "ended by SIGSEGV")),
        ("kill -ABRT $$", (FAIL, None, 6, "ended by SIGABRT")),
        ("sh -c 'kill -KILL $$'; exit $?", (ERROR, 137, None, "exit status 137 (SIGKILL)")),
        ("sh -c 'kill -SEGV $$'; exit $?", (FAIL, 139, None, "exit status 139 (SIGSEGV)")),
    ],
)
@pytest.mark.usefixtures("any_system")
def test_the_end_of_a_check_decides_its_verdict(
    ground: Ground,
    run: str | tuple[str, ...],
    expected: tuple[CheckVerdict, int | None, int | None, str],
) -> None:
    ground.file("plain").write_text("#!/bin/sh\n")
    ground.file("garbage").write_bytes(b"\x7fnothing")
    ground.file("garbage").chmod(0o755)
    assert summary(ground.check(run)) == expected


@pytest.mark.parametrize("status", [None, -9, -15, 75, 126, 127, 130, 137, 143])
def test_what_says_nothing_about_the_code_is_an_error(status: int | None) -> None:
    assert judge_status(status)[0] is ERROR


@pytest.mark.parametrize("status", [-11, -6, -13, 1, 2, 74, 125, 128, 134, 139, 200, 255])
def test_what_the_code_did_is_a_fail(status: int) -> None:
    assert judge_status(status)[0] is FAIL


@pytest.fixture
def children_reaped_by_the_kernel() -> Iterator[None]:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGCHLD, before)


@pytest.mark.usefixtures("children_reaped_by_the_kernel", "any_system")
def test_an_exit_status_that_was_lost_is_not_a_pass(ground: Ground) -> None:
    assert summary(ground.check("exit 1")) == (ERROR, None, None, "exit status unknown")


@pytest.mark.parametrize(
    ("verdicts", "overall"),
    [
        ((), PASS),
        ((PASS, PASS), PASS),
        ((PASS, ERROR), ERROR),
        ((ERROR, TIMEOUT), TIMEOUT),
        ((ERROR, TIMEOUT, FAIL, PASS), FAIL),
    ],
)
def test_the_worst_verdict_is_the_verdict_of_the_run(
    verdicts: tuple[CheckVerdict, ...], overall: CheckVerdict
) -> None:
    results = tuple(CheckResult("x", it, 0, None, 0.0, Path("x"), "", "") for it in verdicts)
    assert CheckRun(results, 0.0).verdict is overall


@pytest.mark.usefixtures("any_system")
def test_a_check_that_ignores_sigterm_is_killed_at_its_timeout(ground: Ground) -> None:
    result = ground.run(
        spec("slow", "trap '' TERM; sleep 600 & echo $! > pid; touch ready; wait"),
        clock=later_than(ground.file("ready")),
        tick_every=0.01,
    ).results[0]
    assert summary(result) == (TIMEOUT, None, 9, "timed out after 30 s")
    assert is_gone(ground.pid())


def test_a_check_may_tidy_up_when_its_time_is_over(ground: Ground) -> None:
    result = ground.run(
        spec("slow", "trap 'echo tidied; exit 0' TERM; touch ready; while :; do sleep 0.01; done"),
        clock=later_than(ground.file("ready")),
        tick_every=0.01,
        grace=30,
    ).results[0]
    assert summary(result) == (TIMEOUT, 0, None, "timed out after 30 s")
    assert result.tail.splitlines()[-1] == "tidied"


def test_children_get_the_grace_too_although_their_parent_ended(ground: Ground) -> None:
    # The fifo ends for the child when its parent, the only writer, is gone.
    tidying = "exec 8< parent; trap 'read x <&8; echo child tidied; exit' TERM; touch ready"
    ground.file("child").write_text(f"{tidying}; while :; do sleep 0.01; done")
    result = ground.run(
        spec("slow", "mkfifo parent; exec 9<> parent; sh ./child 9>&- & wait"),
        clock=later_than(ground.file("ready")),
        tick_every=0.01,
        grace=30,
    ).results[0]
    assert summary(result) == (TIMEOUT, None, 15, "timed out after 30 s")
    assert result.tail.splitlines()[-1] == "child tidied"


def test_a_timeout_in_real_time(ground: Ground) -> None:
    began = time.monotonic()
    result = ground.run(spec("slow", "sleep 600", timeout=0.3)).results[0]
    assert summary(result) == (TIMEOUT, None, 15, "timed out after 0.3 s")
    assert 0.3 <= result.seconds <= time.monotonic() - began < 20


@pytest.mark.usefixtures("any_system")
def test_a_background_process_neither_delays_the_end_nor_survives_it(ground: Ground) -> None:
    began = time.monotonic()
    result = ground.check("sleep 600 & echo $! > pid; echo done")
    assert (summary(result), result.tail) == ((PASS, 0, None, ""), "done")
    assert is_gone(ground.pid())
    assert time.monotonic() - began < 20


def test_a_background_process_may_still_write_its_last_lines(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_process, "_LINGER", 20.0)
    # The reader sees the end of the fifo when the check's own process is gone.
    result = ground.check("mkfifo f; (read x < f || sleep 0.05; echo late) & exec 9> f; exit 0")
    assert (result.verdict, result.tail) == (PASS, "late")
    assert result.seconds < 10


@linux_only
@pytest.mark.parametrize("ending", ["exit 0", "touch ready; sleep 600"])
def test_what_left_the_process_group_is_found_and_killed(ground: Ground, ending: str) -> None:
    escapee = "echo $$ > pid; echo > told; exec sleep 600"
    ground.run(
        spec("escape", f"mkfifo told; setsid sh -c '{escapee}' & read x < told; {ending}"),
        clock=later_than(ground.file("ready")),
        tick_every=0.01,
    )
    assert is_gone(ground.pid())


def test_a_check_that_closes_its_output_is_still_waited_for(ground: Ground) -> None:
    result = ground.check("exec >&- 2>&-; sleep 0.05; exit 3")
    assert summary(result) == (FAIL, 3, None, "exit status 3")


@pytest.fixture
def something_to_read() -> Iterator[None]:
    before = os.dup(0)
    reading, writing = os.pipe()
    os.write(writing, b"typed\n")
    os.close(writing)
    os.dup2(reading, 0)
    os.close(reading)
    yield
    os.dup2(before, 0)
    os.close(before)


@pytest.mark.usefixtures("something_to_read")
def test_standard_input_is_empty(ground: Ground) -> None:
    assert ground.check("cat; echo end").tail == "end"


def test_what_a_check_wrote_before_it_was_killed_is_kept(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So slow a reader has most of the output still before it when the check is killed.
    monkeypatch.setattr(check_process, "_CHUNK", 16)
    result = ground.run(
        spec("slow", "trap '' TERM; head -c 60000 /dev/zero; : > ready; sleep 600"),
        clock=later_than(ground.file("ready")),
        tick_every=0.01,
        grace=0,
    ).results[0]
    assert (result.verdict, result.signal) == (TIMEOUT, 9)
    assert result.log.read_bytes().count(b"\0") == 60000


def test_parallel_checks_overlap(ground: Ground) -> None:
    os.mkfifo(ground.file("a"))
    os.mkfifo(ground.file("b"))
    run = ground.run(
        spec("one", "echo 1 > a; read x < b; echo got $x", parallel=True),
        spec("two", "read x < a; echo 2 > b; echo got $x", parallel=True),
    )
    assert [(it.name, it.verdict, it.tail) for it in run.results] == [
        ("one", PASS, "got 2"),
        ("two", PASS, "got 1"),
    ]


def test_a_check_that_is_not_parallel_runs_alone_in_declared_order(ground: Ground) -> None:
    def noting(name: str, *, parallel: bool) -> CheckSpec:
        return spec(name, f"echo +{name} >> order; echo -{name} >> order", parallel=parallel)

    run = ground.run(
        noting("a", parallel=False),
        noting("p", parallel=True),
        noting("q", parallel=True),
        noting("b", parallel=False),
        noting("c", parallel=False),
        noting("r", parallel=True),
    )
    order = ground.file("order").read_text().split()
    assert [it.name for it in run.results] == ["a", "p", "q", "b", "c", "r"]
    assert order[:2] == ["+a", "-a"]
    assert sorted(order[2:6]) == ["+p", "+q", "-p", "-q"]
    assert order[6:] == ["+b", "-b", "+c", "-c", "+r", "-r"]


def test_the_first_trouble_skips_what_comes_after_it(ground: Ground) -> None:
    run = ground.run(
        spec("style", "exit 1", parallel=True),
        spec("types", "echo typed", parallel=True),
        spec("unit", "touch ran"),
    )
    assert [(it.name, *summary(it)) for it in run.results] == [
        ("style", FAIL, 1, None, "exit status 1"),
        ("types", PASS, 0, None, ""),
        ("unit", ERROR, None, None, "skipped because style failed"),
    ]
    assert run.verdict is FAIL
    assert not ground.file("ran").exists()


def test_all_checks_run_when_asked_to(ground: Ground) -> None:
    run = ground.run(spec("style", "exit 1"), spec("unit", "exit 127"), fail_fast=False)
    assert [it.verdict for it in run.results] == [FAIL, ERROR]
    assert run.verdict is FAIL


def test_a_tick_can_abandon_the_run_at_once(ground: Ground) -> None:
    os.mkfifo(ground.file("begun"))
    outcome = ground.outcome(
        spec("one", "trap '' TERM; sleep 600 & echo $! > one; echo > begun; wait", parallel=True),
        spec("two", "sleep 600 & echo $! > two; read x < begun; touch ready; wait", parallel=True),
        spec("three", "touch ran"),
        tick=lambda: "the claim was lost" if ground.file("ready").exists() else None,
        tick_every=0.01,
    )
    assert outcome == Abandoned("the claim was lost")
    assert is_gone(ground.pid("one"))
    assert is_gone(ground.pid("two"))
    assert not ground.file("ran").exists()
    last = (ground.logs / "try-01-one.log").read_text().splitlines()[-1]
    assert last == "refinery: abandoned: the claim was lost"


def test_ticks_keep_their_rhythm_through_checks_and_graces(ground: Ground) -> None:
    """In a time that passes as often as somebody asks for it, however busy the machine is."""
    ticks: list[None] = []
    asked = count()
    quick = [spec(str(number), "sleep 0.02") for number in range(5)]
    stubborn = spec("last", "trap '' TERM; sleep 600", timeout=0.1)
    run = ground.run(
        *quick,
        stubborn,
        tick=lambda: ticks.append(None),
        tick_every=0.05,
        clock=lambda: next(asked) * 0.005,
    )
    assert run.seconds / 0.05 / 2 < len(ticks) <= run.seconds / 0.05


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_an_exception_leaves_no_process(ground: Ground, kind: type[BaseException]) -> None:
    def interrupt() -> None:
        if ground.file("ready").exists():
            raise kind

    with pytest.raises(kind):
        ground.outcome(
            spec("unit", "trap '' TERM; echo begun; sleep 600 & echo $! > pid; touch ready; wait"),
            tick=interrupt,
            tick_every=0.01,
        )
    assert is_gone(ground.pid())
    assert (ground.logs / "try-01-unit.log").read_text().splitlines()[1:] == [
        "begun",
        "refinery: interrupted",
    ]


def test_a_second_interrupt_skips_the_grace(ground: Ground) -> None:
    interrupts = 0

    def interrupt() -> None:
        nonlocal interrupts
        if ground.file("ready").exists():
            interrupts += 1
            raise KeyboardInterrupt

    def impatient() -> float:
        nonlocal interrupts
        if interrupts == 1:
            interrupts += 1
            raise KeyboardInterrupt
        return time.monotonic()

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        ground.outcome(
            spec("unit", "trap '' TERM; sleep 600 & echo $! > pid; touch ready; wait"),
            tick=interrupt,
            tick_every=0.01,
            clock=impatient,
            grace=600,
        )
    assert interrupts == 2
    assert is_gone(ground.pid())
    assert time.monotonic() - began < 30


def test_the_log_says_what_ran_and_how_it_ended(ground: Ground) -> None:
    result = ground.check("echo out; echo err >&2; echo out again; printf unfinished; exit 2")
    assert result.log == ground.logs / "try-01-unit.log"
    header, *lines = result.log.read_text().splitlines()
    command = "'echo out; echo err >&2; echo out again; printf unfinished; exit 2'"
    assert re.sub(r"\d", "0", header) == (
        f"refinery: check 'unit' started 0000-00-00T00:00:00Z: {re.sub(r'[0-9]', '0', command)}"
    )
    assert lines[:-1] == ["out", "err", "out again", "unfinished"]
    assert re.sub(r"\d", "0", lines[-1]) == (
        "refinery: check 'unit': fail (exit status 0) after 0.00 s"
    )
    assert result.tail == "out\nerr\nout again\nunfinished"


def test_the_log_can_be_followed_while_the_check_runs(ground: Ground) -> None:
    seen: list[str] = []

    def follow() -> str | None:
        if ground.file("ready").exists():
            seen.extend((ground.logs / "try-01-unit.log").read_text().splitlines()[1:])
            return "seen" if seen else None
        return None

    ground.outcome(spec("unit", "echo first; touch ready; sleep 600"), tick=follow, tick_every=0.01)
    assert seen == ["first"]


def test_names_of_logs_stay_inside_their_folder(ground: Ground) -> None:
    run = ground.run(spec("../../x y", "true"), spec("../../x y", "true"))
    assert [it.log.relative_to(ground.logs).as_posix() for it in run.results] == [
        "try-01-_.._x_y.log",
        "try-02-_.._x_y.log",
    ]


def test_a_flood_is_cut_in_the_middle_and_memory_stays_bounded(ground: Ground) -> None:
    tracemalloc.start()
    try:
        result = ground.check(
            "echo first; yes | head -c 50000000; echo last; exit 1", max_log=65536
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    left_out = 50_000_000 + len("first\nlast\n") - 65536
    assert summary(result) == (
        (FAIL, 1, None, f"exit status 1; output cut: {left_out} bytes left out")
    )
    lines = result.log.read_text().splitlines()
    assert (lines[1], lines[2], lines[-3], lines[-2]) == ("first", "y", "y", "last")
    assert f"refinery: {left_out} bytes of output cut here" in lines
    assert 65536 < result.log.stat().st_size < 65536 + 400
    assert result.tail == "\n".join(["y"] * 19 + ["last"])
    assert peak < 2_000_000


@pytest.mark.parametrize("size", [99, 100, 101])
def test_only_output_beyond_the_limit_is_cut(ground: Ground, size: int) -> None:
    result = ground.check(f"head -c {size} /dev/zero | tr '\\0' @", max_log=100)
    assert result.note == ("output cut: 1 bytes left out" if size > 100 else "")
    # One more stands in the command.
    assert result.log.read_text().count("@") == min(size, 100) + 1


def test_binary_output_is_kept_in_the_log_and_made_readable_in_the_tail(ground: Ground) -> None:
    result = ground.check(r"printf 'a\000b\377\033[31mred\033[0m\007\303\244\n'")
    assert b"a\0b\xff\x1b[31mred\x1b[0m\x07\xc3\xa4\n" in result.log.read_bytes()
    assert result.tail == "ab\ufffdredä"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", ""),
        (b"a\n\n", "a"),
        (b"\ta\r\nb\r\r\nc", "\ta\nb\nc"),
        (b"10%\r20%\rdone\n", "10%\n20%\ndone"),
        (b"\x1b]0;title\x07x\x1b]8;;http://a\x1b\\y\x1b(Bz", "xyz"),
        ("a\u202eb\x85c\x7f".encode(), "abc"),
        (b"\n".join(b"%d" % n for n in range(30)), "\n".join(str(n) for n in range(10, 30))),
        ("ä".encode() * 4096, "ä" * 2048),
        (b"x" + "ä".encode() * 4096, "ä" * 2048),
    ],
)
def test_a_tail_is_plain_text(raw: bytes, expected: str) -> None:
    assert readable_tail(raw) == expected


def test_a_tail_never_begins_inside_a_character() -> None:
    assert readable_tail("€x".encode()[1:], whole=False) == "x"
    assert readable_tail(b"\xacx", whole=True) == "\ufffdx"
    assert readable_tail("\U0001f600abcdef".encode()[1:], whole=False) == "abcdef"
    assert readable_tail("\u0800".encode()[2:] + b"abcdef", whole=False) == "abcdef"
    assert readable_tail(b"abcdef", whole=False) == "abcdef"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_does_not_fail_the_check(ground: Ground) -> None:
    ground.logs.mkdir()
    (ground.logs / "try-01-unit.log").symlink_to("/dev/full")
    result = ground.check("echo still here")
    assert summary(result) == (PASS, 0, None, "log incomplete: No space left on device")
    assert result.tail == "still here"


def test_a_log_that_cannot_be_made_does_not_fail_the_check(ground: Ground) -> None:
    ground.logs.write_text("a file")
    assert summary(ground.check("true")) == (PASS, 0, None, "log incomplete: File exists")


def test_the_folder_of_the_logs_is_made_with_those_above_it(ground: Ground) -> None:
    ground.logs = ground.logs / "of" / "this"
    result = ground.check("echo hello")
    assert (result.note, result.log.parent) == ("", ground.logs)
    assert "hello\n" in result.log.read_text()


def test_a_check_runs_in_its_directory(ground: Ground) -> None:
    ground.file("sub").mkdir()
    result = ground.run(spec("unit", "pwd", directory="sub")).results[0]
    assert result.tail == str(ground.file("sub").resolve())


@pytest.mark.parametrize(
    ("directory", "note"),
    [
        ("..", "directory '..' is outside the worktree"),
        ("/", "directory '/' is outside the worktree"),
        ("link", "directory 'link' is outside the worktree"),
        ("sub", "no directory 'sub'"),
        ("file", "no directory 'file'"),
    ],
)
def test_a_directory_that_leaves_the_worktree_is_refused(
    ground: Ground, directory: str, note: str
) -> None:
    ground.file("link").symlink_to(ground.worktree.parent)
    ground.file("file").touch()
    result = ground.run(spec("unit", "touch ran", directory=directory)).results[0]
    assert summary(result) == (ERROR, None, None, note)
    assert not list(ground.worktree.parent.rglob("ran"))


QUIET = {
    "NO_COLOR": "1",
    "CLICOLOR": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
    "GIT_CONFIG_COUNT": "3",
    "GIT_CONFIG_KEY_0": "credential.helper",
    "GIT_CONFIG_VALUE_0": "",
    "GIT_CONFIG_KEY_1": "http.extraHeader",
    "GIT_CONFIG_VALUE_1": "",
    "GIT_CONFIG_KEY_2": "http.https://github.com/.extraHeader",
    "GIT_CONFIG_VALUE_2": "",
}


def test_no_credential_of_the_landing_reaches_a_check(ground: Ground) -> None:
    wanted = {
        "PATH": os.environ["PATH"],
        "HOME": "/home/ada",
        "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": "/cache",
        "http_proxy": "http://proxy:3128",
        "NO_PROXY": "localhost",
    }
    secrets = {
        "GITHUB_TOKEN": "canary",
        "GH_TOKEN": "canary",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "canary",
        "AWS_SECRET_ACCESS_KEY": "canary",
        "REFINERY_WEBHOOK_SECRET": "canary",
        "SSH_AUTH_SOCK": "canary",
        "GIT_DIR": "canary",
        "GIT_SSH": "canary",
        "GITHUB_ENV": "canary",
        "BASH_ENV": "canary",
        "XDG_AUTH_FILE": "canary",
        "LC_PASSWORD": "canary",
        "MISE_GITHUB_TOKEN": "canary",
        "HTTPS_PROXY": "http://canary:canary@proxy:3128",
        "FORCE_COLOR": "canary",
        "UNKNOWN": "canary",
    }
    environment = check_environment({**wanted, **secrets}, extra={"REFINERY_TARGET": "main"})
    result = ground.check(("env",), environment=environment)
    seen = dict(line.split("=", 1) for line in result.log.read_text().splitlines()[1:-1])
    assert re.fullmatch(r"[0-9a-f]{32}-1", seen.pop("REFINERY_CHECK_RUN"))
    assert seen == {**QUIET, **wanted, "REFINERY_TARGET": "main"}


def test_what_the_config_declares_is_passed_even_if_it_looks_secret() -> None:
    base = {"NPM_TOKEN": "t", "GIT_AUTHOR_NAME": "Ada", "NO_COLOR": "", "OTHER_TOKEN": "canary"}
    environment = check_environment(
        base, passed=["NPM_TOKEN", "GIT_AUTHOR_NAME", "NO_COLOR", "ABSENT"], extra={}
    )
    assert environment == {
        **QUIET,
        "NPM_TOKEN": "t",
        "GIT_AUTHOR_NAME": "Ada",
        "NO_COLOR": "",
    }


def test_git_in_a_check_finds_no_stored_credential(ground: Ground) -> None:
    helper = '"!f() { echo username=ada; echo password=canary; }; f"'
    ground.file(".gitconfig").write_text(
        f"[credential]\n\thelper = {helper}\n"
        f'[credential "https://example.com"]\n\thelper = {helper}\n'
        '[http "https://github.com/"]\n\textraHeader = "AUTHORIZATION: canary"\n'
    )
    base = {"PATH": os.environ["PATH"], "HOME": str(ground.worktree)}
    script = (
        "printf 'protocol=https\\nhost=example.com\\n\\n' | git credential fill;"
        "git config --get-urlmatch http.extraHeader https://github.com/a/b"
    )

    def found(environment: dict[str, str]) -> list[str]:
        process = subprocess.run(
            ["sh", "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        return [line for line in process.stdout.splitlines() if "canary" in line]

    assert found(base) == ["password=canary", "AUTHORIZATION: canary"]
    assert found(check_environment(base, extra={})) == []


def test_checks_that_nobody_could_start_say_why_and_took_no_time(tmp_path: Path) -> None:
    ran = not_run([spec("a"), spec("b")], "there is no sandbox", log_dir=tmp_path)
    assert (ran.verdict, ran.seconds) == (ERROR, 0.0)
    assert [(each.name, each.note, each.seconds) for each in ran.results] == [
        ("a", "there is no sandbox", 0.0),
        ("b", "there is no sandbox", 0.0),
    ]
