"""A check that means harm gets nothing in a sandbox, and without one all that it tries."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import sandboxed
from tests.hostile.sandboxed import TOOLS, alive, attempted, logs, needs, process, show_python
from tests.sandbox import CHECKOUT, Sandbox

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform != "linux", reason="there are no namespaces"),
]

HOSTILE = """\
version: 1
sandbox: {{with: {tool}}}
keep: [attempted.json]
checks:
  - name: hostile
    run: "{python} attempts.py facts.json"
"""


def hostile(box: Sandbox, tool: str, facts: dict[str, object]) -> None:
    """Everything is tried, by the checks of a branch that lands."""
    box.config(HOSTILE.format(tool=tool, python=sys.executable))
    script = (CHECKOUT / "tests/hostile/attempts.py").read_text()
    box.request("work", {"attempts.py": script, "facts.json": json.dumps(facts)}, onto="main")
    done = process(box, "--once", tool=tool)
    assert done.code == 0, done.err + logs(box)
    assert box.landed == ["work"], done.err + logs(box)


@pytest.fixture
def home(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    home = box.root / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_that_a_check_tries_in_a_sandbox_comes_to_anything(
    box: Sandbox, tool: str, record_property: Callable[[str, object], None]
) -> None:
    needs(tool)
    show_python(box)
    with sandboxed.victims(box) as facts:
        hostile(box, tool, facts)
        had = attempted(box)
        assert had.pop("survive")  # it was begun, and is gone
        # Its own home it may write to: that is another one.
        assert had.pop("write into the home of the user")
        assert len(had) > 12
        record_property("succeeded-inside", sum(had.values()))
        assert [name for name, success in had.items() if success] == []
        assert not alive(str(facts["survivor"]))
        assert not Path(str(facts["write into the home of the user"])).exists()


@pytest.mark.usefixtures("home")
def test_without_a_sandbox_each_of_these_attempts_succeeds(
    box: Sandbox, record_property: Callable[[str, object], None]
) -> None:
    """Else the test above would prove nothing."""
    with sandboxed.victims(box) as facts:
        try:
            hostile(box, "none", facts)
            had = attempted(box)
            record_property("succeeded-outside", sum(had.values()))
            assert [name for name, success in had.items() if not success] == []
            assert alive(str(facts["survivor"]))
        finally:
            for pid in alive(str(facts["survivor"])):
                os.kill(pid, signal.SIGKILL)


ORDINARY = """\
version: 1
sandbox: {with: %s}
keep: [cache/]
checks:
  - name: ordinary
    run: |
      git log --oneline -1
      git status --porcelain
      git -c user.name=x -c user.email=x@y commit --quiet --allow-empty --message inside
      echo made > made; mkdir -p cache; echo kept > cache/kept
      echo "home: $(ls -A "$HOME" | wc -l)"; echo mine > "$HOME/mine"; mktemp >/dev/null
      echo "words: '$REFINERY_TARGET' '$(printf '%%s' "a  $$b" | tr -d 0-9)' $((40 + 2))"
      sed -n 's/^TracerPid/& &/p' /proc/self/status
      env | cut -d= -f1 | sort | tr '\\n' ' '
"""


@pytest.mark.parametrize("tool", TOOLS)
def test_ordinary_checks_notice_little_of_it(box: Sandbox, tool: str) -> None:
    needs(tool)
    box.config(ORDINARY % tool)
    box.request("work", {"w.txt": "w\\n"}, onto="main")
    done = process(box, tool=tool)
    said = logs(box)
    assert box.landed == ["work"], done.err + said
    assert f"in a sandbox of {tool}, without network" in said
    assert "Merge work into main" in said
    assert "home: 0" in said
    assert "words: 'main' 'a  b' 42" in said
    assert (box.path / ".git/refinery/worktrees/check-0/cache/kept").is_file()
    assert "TOKEN" not in said


ENDINGS = {
    "true": "pass",
    "exit 3": "fail (exit status 3)",
    "kill -SEGV $$": "fail (exit status 139 (SIGSEGV))",
    "kill -KILL $$": "error (exit status 137 (SIGKILL))",
    "no-such-command": "error (command not found (exit status 127))",
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_end_of_a_check_is_told_through_the_sandbox(box: Sandbox, tool: str) -> None:
    needs(tool)
    listed = "".join(
        f"  - {{name: n{number}, run: {run!r}, parallel: true}}\n"
        for number, run in enumerate(ENDINGS)
    )
    box.config(
        f"version: 1\nsandbox: {{with: {tool}}}\nretry: {{failing: false}}\nchecks:\n{listed}"
    )
    box.request("work", {"w.txt": "w\n"}, onto="main")
    process(box, tool=tool)
    said = logs(box)
    for number, verdict in enumerate(ENDINGS.values()):
        assert f"refinery: check 'n{number}': {verdict} after" in said, said


STUBBORN = """\
version: 1
sandbox: {{with: {tool}}}
retry: {{failing: false}}
checks:
  - name: stubborn
    timeout: 400ms
    run: |
      trap 'echo tidied up' TERM
      (trap '' TERM; exec -a {word} setsid sleep 300) &
      env -i setsid sh -c 'trap "" TERM; exec -a {word} sleep 300' &
      while :; do sleep 0.1; done
"""


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_is_left_of_a_check_that_does_not_end(box: Sandbox, tool: str) -> None:
    """Not what is in another session, has no variable of ours, or ignores what it is asked."""
    needs(tool)
    word = f"stubborn-{os.urandom(6).hex()}"
    script = STUBBORN.replace("sh -c", "bash -c").format(tool=tool, word=word)
    box.config(script.replace("    run: |\n", "    run: |\n      exec 2>&1\n"))
    box.request("work", {"w.txt": "w\n"}, onto="main")
    done = process(box, tool=tool)
    said = logs(box)
    assert "timeout (timed out after 0.4 s)" in said, done.err + said
    assert tool != "bubblewrap" or "tidied up" in said
    assert alive(word) == []


def test_a_worker_that_is_killed_leaves_nothing_running(box: Sandbox) -> None:
    """Outside of a sandbox nobody is left to end what a check has started."""
    needs("bubblewrap")
    word = f"left-{os.urandom(6).hex()}"
    begun = f"echo begun {word}; setsid env -i bash -c 'exec -a {word} sleep 300'"
    box.config(
        f"version: 1\nsandbox: {{with: bubblewrap}}\nchecks:\n  - name: t\n    run: {begun!r}\n"
    )
    box.request("work", {"w.txt": "w\n"}, onto="main")
    worker = subprocess.Popen(
        [sys.executable, "-m", "refinery", "process"],
        cwd=box.path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert sandboxed.comes_true(lambda: len(alive(word)) > 0)
    finally:
        worker.kill()
        worker.wait()
    assert sandboxed.comes_true(lambda: alive(word) == [])


# Who decides


PLAIN = """\
version: 1
{more}
checks:
  - name: test
    run: "touch {place}"
"""


def test_what_the_operator_requires_no_configuration_turns_off(box: Sandbox) -> None:
    needs("bubblewrap")
    box.git("config", "refinery.sandbox", "bubblewrap")
    more = "sandbox: {with: none, network: true}"
    box.config(PLAIN.format(more=more, place=box.root / "outside"))
    box.request("work", {"w.txt": "w\n"}, onto="main")
    process(box)
    assert "in a sandbox of bubblewrap, without network" in logs(box)
    assert not (box.root / "outside").exists()


def test_a_target_of_ones_own_is_tested_in_the_sandbox_of_the_default_one(box: Sandbox) -> None:
    """Any branch can be named as a target, and brings its own configuration."""
    needs("bubblewrap")
    box.config(PLAIN.format(more="sandbox: {with: bubblewrap}", place="here"))
    own = PLAIN.format(more="sandbox: {network: true}", place=box.root / "outside")
    box.commit("mine", {".refinery.yaml": own}, onto="main")
    box.push("mine")
    box.request("work", {"w.txt": "w\n"}, onto="mine", target="mine")
    process(box)
    assert "in a sandbox of bubblewrap, without network" in logs(box)
    assert not (box.root / "outside").exists()


MAKES = """\
version: 1
sandbox: {{with: bubblewrap}}
environment: [FOR_CHECKS{more}]
resolve:
  regenerate:
    - files: [lock]
      run: "env > {out}; env > lock; touch {outside}; true"
"""


def test_commands_that_make_files_again_run_in_it_and_see_no_more(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("bubblewrap")
    monkeypatch.setenv("DEPLOY_TOKEN", "canary-4711")
    outside = box.root / "outside"
    told = {"out": "/dev/null", "outside": outside}
    box.config(MAKES.format(more="", **told))
    own = MAKES.format(more=", DEPLOY_TOKEN", **told).replace("{with: bubblewrap}", "{}")
    box.commit("mine", {".refinery.yaml": own, "lock": "old\n"}, onto="main")
    box.push("mine")
    box.commit("one", {"lock": "one\n"}, onto="mine")
    box.commit("two", {"lock": "two\n"}, onto="mine")
    for branch in ("one", "two"):
        box.push(branch)
        box.submit(branch, target="mine")
    done = process(box)
    assert sorted(box.landed_on("mine")) == ["one", "two"], done.err + logs(box)
    made = box.git("show", "mine:lock", cwd=box.origin)
    assert "REFINERY_TARGET=mine" in made
    assert "canary" not in made
    assert not outside.exists()


# What cannot be had


def without_tools(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH with git and sh, and neither bwrap nor systemd-run."""
    programs = box.root / "bin"
    programs.mkdir()
    for name in ("git", "sh", "env", "touch"):
        found = sandboxed.which(name)
        (programs / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(programs))


@pytest.mark.parametrize("command", [("process",), ("process", "--watch", "--max-time", "2s")])
def test_nothing_is_taken_where_the_required_sandbox_is_missing(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    box.config(PLAIN.format(more="", place=box.root / "outside"))
    id = box.request("work", {"w.txt": "w\n"}, onto="main")
    box.git("config", "refinery.sandbox", "bubblewrap")
    before = box.queue_log()
    without_tools(box, monkeypatch)
    done = box.cli(*command)
    assert "checks have to run in a sandbox of bubblewrap, which does not work here" in done.err
    assert done.code == (1 if len(command) == 1 else 0)
    assert box.queue_log() == before
    assert not (box.root / "outside").exists()
    assert box.mr(id).retry_count == 0


@pytest.mark.parametrize("tool", ["bubblewrap", "systemd-run"])
def test_nobody_is_blamed_where_the_repositorys_sandbox_is_missing(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    """And it stops only the targets that ask for it."""
    box.config(PLAIN.format(more="", place="here"))
    own = PLAIN.format(more=f"sandbox: {{with: {tool}}}", place=box.root / "outside")
    box.commit("release", {".refinery.yaml": own}, onto="main")
    box.push("release")
    id = box.request("work", {"w.txt": "w\n"}, onto="release", target="release")
    box.request("other", {"o.txt": "o\n"}, onto="main")
    without_tools(box, monkeypatch)
    done = box.cli("process")
    assert done.code == 1
    assert f"checks have to run in a sandbox of {tool}, which does not work here: there" in done.err
    assert not (box.root / "outside").exists()
    assert (box.mr(id).retry_count, box.mr(id).failure) == (0, None)
    assert box.landed == ["other"]
    assert not box.view().claims


def test_a_sandbox_that_fails_later_is_no_failure_of_the_code(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It worked when it was tried; then the machine had no more namespaces."""
    needs("bubblewrap")
    programs = box.root / "bin"
    programs.mkdir()
    (programs / "bwrap").write_text(
        f"#!/bin/sh\ncase $* in *' true') exec {sandboxed.which('bwrap')} \"$@\"; esac\n"
        "echo 'bwrap: Creating new namespace failed: No space left on device' >&2\nexit 1\n"
    )
    (programs / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    box.config(PLAIN.format(more="sandbox: {with: bubblewrap}", place="here"))
    id = box.request("work", {"w.txt": "w\n"}, onto="main")
    done = process(box)
    assert done.code == 1
    assert "test: the sandbox could not be made" in done.err
    assert (box.mr(id).retry_count, box.mr(id).failure) == (0, None)


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    """Where no manager runs, systemd's own check of the same properties is what there is."""
    if not sandboxed.is_there("systemd-analyze"):
        pytest.skip("there is no systemd-analyze")
    from refinery.engine import check_systemd
    from refinery.engine.check_walls import Walls

    walls = Walls.around(
        writable=(tmp_path / "with a space",), readable=(), network=False, home="/home/ada"
    )
    argv = check_systemd.command(
        walls, ("true",), directory=tmp_path, mark=tmp_path / "begun", strange=["TOKEN"]
    )
    properties = [each.partition("=")[2] for each in argv if each.startswith("--property=")]
    unit = tmp_path / "check.service"
    unit.write_text("\n".join(["[Service]", "Type=exec", "ExecStart=/bin/true", *properties, ""]))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert str(unit.name) not in done.stderr, done.stderr
    assert len(properties) > 20


def test_a_check_that_is_in_the_way_of_the_next_stops_nobody_else(box: Sandbox) -> None:
    """Where commands leave their marks, a check may leave anything."""
    needs("bubblewrap")
    box.config(
        "version: 1\nretry: {failing: false}\nsandbox: {with: bubblewrap}\nchecks:\n"
        "  - name: first\n"
        "    run: test ! -e bad || mkdir -p $(git rev-parse --git-dir)/begun-02/x\n"
        "  - name: second\n    run: 'true'\n"
    )
    box.request("bad", {"bad": "b\n"}, onto="main", priority=0)
    box.request("good", {"good.txt": "g\n"}, onto="main")
    done = process(box, "--drain")
    assert "good" in box.landed, done.err + logs(box)
    assert "bad" not in box.landed
    assert "bug" not in done.err
