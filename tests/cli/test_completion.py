"""Completion in the shells themselves: commands, options, and what is in the queue."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from refinery.cli.catalogue import COMMANDS
from refinery.cli.commands import completion
from tests.cli.terminal import Terminal
from tests.programs import needs
from tests.sandbox import CHECKOUT, Sandbox

pytestmark = pytest.mark.journey

FILES = {
    "bash": CHECKOUT / "completions" / "refinery.bash",
    "zsh": CHECKOUT / "completions" / "_refinery",
    "fish": CHECKOUT / "completions" / "refinery.fish",
}


@pytest.fixture
def place(box: Sandbox) -> Sandbox:
    """A clone that saw a queue with two open merge requests, and one that has ended."""
    for name in ("ended", "first", "second"):
        box.commit(name, {f"{name}.txt": "x\n"})
        box.submit(name)
    assert box.cli("reject", box.mr("ended").id, "--reason", "no").code == 0
    assert box.cli("queue").code == 0
    return box


def in_bash(place: Sandbox, *words: str, function: str = "_refinery") -> list[str]:
    """What bash would offer for the last word, in its own words."""
    asked = " ".join(f"'{word}'" for word in words)
    script = f"""
        source {FILES["bash"]}
        COMP_WORDS=({asked}); COMP_CWORD={len(words) - 1}
        {function} 2>&1
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    # No program but git and what every system has: a TAB must not start Python.
    done = subprocess.run(
        ["bash", "-c", script], cwd=place.path, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def in_fish(place: Sandbox, line: str) -> dict[str, str]:
    script = f"source {FILES['fish']}; complete -C '{line}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", script],
        cwd=place.path,
        capture_output=True,
        text=True,
        check=True,
    )
    pairs = (line.partition("\t") for line in done.stdout.splitlines())
    return {word: about for word, _, about in pairs}


def ids(place: Sandbox, *names: str) -> list[str]:
    return sorted(place.mr(name).id for name in names)


# What `refinery completion` prints


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_the_command_prints_the_script_and_nothing_else(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from refinery.cli.main import main

    assert main(["completion", shell]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == (FILES[shell].read_text(), "")


@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(["bash", "-n", str(FILES["bash"])], marks=needs("bash"), id="bash"),
        pytest.param(["zsh", "-n", str(FILES["zsh"])], marks=needs("zsh"), id="zsh"),
        pytest.param(["fish", "-n", str(FILES["fish"])], marks=needs("fish"), id="fish"),
    ],
)
def test_each_shell_can_read_its_script(argv: list[str]) -> None:
    done = subprocess.run(argv, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# bash


@needs("bash")
def test_bash_knows_every_command(place: Sandbox) -> None:
    assert {*COMMANDS} <= {*in_bash(place, "refinery", "")}


@needs("bash")
def test_bash_offers_what_is_open_to_those_who_act(place: Sandbox) -> None:
    found = {
        "claim": sorted(in_bash(place, "refinery", "claim", "")),
        "why": sorted(in_bash(place, "refinery", "why", "")),
        "prefix": in_bash(place, "refinery", "hold", place.mr("first").id[:8]),
        "option": sorted(in_bash(place, "refinery", "submit", "--depends-on", "")),
    }
    assert found == {
        "claim": ids(place, "first", "second"),
        "why": ids(place, "ended", "first", "second"),
        "prefix": ids(place, "first"),
        "option": ids(place, "first", "second"),
    }


@needs("bash")
def test_bash_offers_branches_targets_workers_and_values(place: Sandbox) -> None:
    place.git("config", "refinery.prefix", "refs/refinery", cwd=place.path)
    found = {
        "branch": in_bash(place, "refinery", "submit", "mai"),
        "target": in_bash(place, "refinery", "submit", "--target", "mai"),
        "value": in_bash(place, "refinery", "list", "--status", "cl"),
        "joined": in_bash(place, "refinery", "list", "--status", "=", "cl"),
        "git": in_bash(place, "git", "refinery", "issue", "sh", function="_git_refinery"),
        "colour": in_bash(place, "refinery", "--color", "never", "unhol"),
    }
    assert found == {
        "branch": ["main"],
        "target": ["main"],
        "value": ["closed"],
        "joined": ["closed"],
        "git": ["show"],
        "colour": ["unhold"],
    }


@needs("bash")
def test_outside_of_a_repository_there_are_no_ids_and_no_complaints(
    tmp_path: Path, place: Sandbox
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    script = f"source {FILES['bash']}; COMP_WORDS=(refinery why ''); COMP_CWORD=2; _refinery"
    done = subprocess.run(
        ["bash", "-c", f"{script}; echo ${{#COMPREPLY[@]}}"],
        cwd=elsewhere,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


@needs("bash")
def test_a_tab_starts_git_only_and_never_reaches_for_the_network(
    place: Sandbox, tmp_path: Path
) -> None:
    """A git that writes down how it was called; the remote is one that nobody can reach."""
    real = shutil.which("git")
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "git").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >> {tmp_path}/calls\nexec {real} "$@"\n'
    )
    for name in ("python", "python3", "refinery"):
        (bin / name).write_text(f"#!/bin/sh\necho {name} >> {tmp_path}/calls\nexit 1\n")
    for tool in bin.iterdir():
        tool.chmod(0o755)
    place.git("remote", "set-url", "origin", "ext::sh -c 'touch /dev/null; exit 1'", cwd=place.path)
    script = f"source {FILES['bash']}; COMP_WORDS=(refinery claim ''); COMP_CWORD=2; _refinery"
    done = subprocess.run(
        ["bash", "-c", f"{script}; echo ${{#COMPREPLY[@]}}"],
        cwd=place.path,
        env={**os.environ, "PATH": f"{bin}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    calls = (tmp_path / "calls").read_text().splitlines()
    verbs = {re.sub(r"^-c protocol\.allow=never ", "", call).split()[0] for call in calls}
    assert done.stdout == "2\n"
    assert all(call.startswith("-c protocol.allow=never ") for call in calls)
    assert verbs == {"config", "for-each-ref", "grep"}


@needs("bash")
def test_a_tab_in_a_real_bash_completes_a_command_and_an_id(place: Sandbox) -> None:
    wanted = place.mr("first").id
    argv = ["bash", "--noprofile", "--rcfile", str(FILES["bash"]), "-i"]
    env = {**os.environ, "PS1": "> ", "TERM": "dumb"}
    with Terminal(argv, cwd=place.path, env=env) as terminal:
        terminal.type("refinery unhol\t")
        terminal.wait_for("refinery unhold ")
        terminal.type(f"{wanted[:9]}\t")
        terminal.wait_for(re.escape(wanted))


# fish


@needs("fish")
def test_fish_offers_commands_ids_with_their_branches_and_values(place: Sandbox) -> None:
    found = {
        "command": in_fish(place, "refinery unh"),
        "open": in_fish(place, "refinery claim mr-"),
        "all": sorted(in_fish(place, "refinery why mr-")),
        "target": [*in_fish(place, "refinery submit --target mai")],
        "value": [*in_fish(place, "refinery completion fi")],
        "git": [*in_fish(place, "git-refinery unho")],
    }
    assert found == {
        "command": {"unhold": COMMANDS["unhold"]},
        "open": {place.mr(name).id: name for name in ("first", "second")},
        "all": ids(place, "ended", "first", "second"),
        "target": ["main"],
        "value": ["fish"],
        "git": ["unhold"],
    }


# zsh


@needs("zsh")
def test_a_tab_in_a_real_zsh_completes_commands_and_shows_ids_with_branches(
    place: Sandbox, tmp_path: Path
) -> None:
    rc = tmp_path / "zsh"
    rc.mkdir()
    (rc / ".zshrc").write_text(
        f"PS1='> '\nfpath=({FILES['zsh'].parent} $fpath)\n"
        f"autoload -U compinit && compinit -u -d {rc}/dump\n"
        "unsetopt zle_bracketed_paste 2>/dev/null; LISTMAX=1000\n"
    )
    env = {**os.environ, "ZDOTDIR": str(rc), "TERM": "vt100"}
    with Terminal(["zsh", "-d", "-i"], cwd=place.path, env=env, columns=120) as terminal:
        terminal.wait_for("> ")
        terminal.type("refinery unhol\t")
        terminal.wait_for("refinery unhold ?")
        terminal.type("mr-\t\t")
        listed = terminal.wait_for(r"(mr-\w+) +-- (first|second)")
        terminal.wait_for(r"(mr-\w+) +-- (first|second)")
        assert place.mr(listed[2]).id == listed[1]
        terminal.type("\x15refinery submit --targ\t")
        terminal.wait_for("--target ?")
        terminal.type("mai\t")
        terminal.wait_for("main ?")
