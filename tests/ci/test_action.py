"""The action's script: what it installs, who sees the token, and what it says to the runner."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from refinery import __version__
from tests.ci.runner import copy_action, write_script
from tests.ci.runner_model import Obeyed, obeyed, outputs
from tests.sandbox import CHECKOUT, Sandbox

TOKEN = "ghs_not-to-be-seen"
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
RECORD = 'printf "%s\\n" "$0" "$@" >>"$RECORD/{name}.argv"; env >"$RECORD/{name}.env"'


@dataclass
class Step:
    """One step that uses the action, and what the commands it found on its PATH were told."""

    root: Path

    def __post_init__(self) -> None:
        for name in ("temp", "bin", "record"):
            (self.root / name).mkdir(parents=True)
        copy_action(self.root / "action")
        self.command(
            "refinery", f'[ "$1" != --version ] || {{ echo "refinery {__version__}"; exit; }}'
        )

    def command(self, name: str, *lines: str) -> None:
        """Put a command on the PATH: the first lines, then it records how it was called."""
        first, *rest = lines or ("",)
        write_script(self.root / "bin" / name, "\n".join([first, RECORD.format(name=name), *rest]))

    def environment(self, inputs: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
        action = yaml.safe_load((CHECKOUT / "action.yml").read_text())
        told = {key: str(each.get("default", "")) for key, each in action["inputs"].items()}
        told |= {"token": TOKEN, **{key.replace("_", "-"): value for key, value in inputs.items()}}
        named = {f"REFINERY_ACTION_{k.upper().replace('-', '_')}": v for k, v in told.items()}
        return {
            **os.environ,
            "PATH": f"{self.root / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "RECORD": str(self.root / "record"),
            "RUNNER_TEMP": str(self.root / "temp"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_API_URL": "https://api.github.com",
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_RUN_ID": "7",
            "GITHUB_JOB": "process",
            "GITHUB_EVENT_NAME": "issues",
            "GITHUB_EVENT_PATH": "/event.json",
            "GITHUB_OUTPUT": str(self.root / "output"),
            "REFINERY_ACTION_PATH": str(self.root / "action"),
            "REFINERY_ACTION_BRANCH": "main",
            **named,
            **env,
        }

    def start(self, env: Mapping[str, str] | None = None, **inputs: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", "-e", "-o", "pipefail", "-c", 'exec "$REFINERY_ACTION_PATH/scripts/action"'],
            cwd=self.root,
            env=self.environment(inputs, env or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, env: Mapping[str, str] | None = None, **inputs: str) -> tuple[int, str]:
        process = self.start(env, **inputs)
        log, _ = process.communicate(timeout=60)
        return process.returncode, log

    def argv(self, name: str) -> list[str]:
        """What a command was called with; all calls, one after the other."""
        path = self.root / "record" / f"{name}.argv"
        return path.read_text().splitlines() if path.exists() else []

    def env(self, name: str) -> dict[str, str]:
        lines = (self.root / "record" / f"{name}.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    @property
    def outputs(self) -> dict[str, str]:
        path = self.root / "output"
        return outputs(path.read_text()) if path.exists() else {}


@pytest.fixture
def step(tmp_path: Path) -> Step:
    return Step(tmp_path)


# What is run


def test_process_drains(step: Step) -> None:
    code, log = step.run(max_time="45m", worker="2")
    assert (code, step.argv("refinery")[1:]) == (0, ["process", "--drain", "--max-time=45m"]), log
    assert re.fullmatch(r"actions-7-process-2-\d+", step.env("refinery")["REFINERY_WORKER"])


def test_two_steps_are_never_the_same_worker(step: Step) -> None:
    names = set()
    for _ in range(3):
        step.run()
        names.add(step.env("refinery")["REFINERY_WORKER"])
    assert len(names) == 3


def test_webhook_is_given_the_event(step: Step) -> None:
    step.run(command="webhook")
    assert step.argv("refinery")[1:] == ["webhook", "--event", "/event.json", "--name", "issues"]


def test_arguments_are_taken_as_they_stand(step: Step) -> None:
    step.run(command="verify", arguments="--since\n$(touch oops); `x` 'y\n\n--  z")
    assert step.argv("refinery")[1:] == ["verify", "--since", "$(touch oops); `x` 'y", "--  z"]
    assert not (step.root / "oops").exists()


def test_it_runs_where_the_repository_is(step: Step) -> None:
    (step.root / "deep er").mkdir()
    step.command(
        "refinery", f'[ "$1" != --version ] || {{ echo "refinery {__version__}"; exit; }}', "pwd"
    )
    _, log = step.run(command="status", directory="deep er")
    assert log.endswith("/deep er\n")


def test_the_exit_code_is_the_commands(step: Step) -> None:
    step.command(
        "refinery",
        f'[ "$1" != --version ] || {{ echo "refinery {__version__}"; exit; }}',
        "exit 75",
    )
    assert step.run()[0] == 75


# Installing


def _python(step: Step, version: str, *, has_pip: bool = True) -> None:
    """A Python whose environments and packages are made of nothing."""
    step.command(
        "python3",
        f'case "$*" in *version_info*) exec "{sys.executable}" "$@" ;; esac',
        f"root={step.root}/temp/refinery-action/venv; mkdir -p $root/bin",
        'cp "$0" $root/bin/python 2>/dev/null',
        f'case "$*" in "-P -m pip --python"*) {"true" if has_pip else "exit 1"} ;; esac',
        f"""case "$*" in *" install "*) printf '#!/bin/sh\\necho refinery {version}\\n' """
        ">$root/bin/refinery; chmod +x $root/bin/refinery ;; esac",
    )


@pytest.mark.parametrize("has_pip", [True, False])
def test_another_version_on_the_path_is_not_used(step: Step, has_pip: bool) -> None:
    step.command("refinery", 'echo "refinery 0.0.1"; exit')
    _python(step, __version__, has_pip=has_pip)
    code, log = step.run()
    assert (code, log.splitlines()[-1]) == (0, f"refinery {__version__}"), log
    assert step.argv("python3")[-1] == str(step.root / "action")
    assert TOKEN not in "".join(step.env("python3").values())


def test_a_second_step_installs_nothing(step: Step) -> None:
    step.command("refinery", 'echo "refinery 0.0.1"; exit')
    _python(step, __version__)
    step.run()
    before = step.argv("python3")
    assert step.run()[0] == 0
    assert step.argv("python3") == before


def test_a_release_can_be_asked_for(step: Step) -> None:
    _python(step, "9.8.7")
    code, log = step.run(version="9.8.7")
    assert (code, log.splitlines()[-1]) == (0, "refinery 9.8.7"), log
    assert step.argv("python3")[-1] == "git-refinery==9.8.7"


def test_a_version_is_no_option_of_pip(step: Step) -> None:
    code, log = step.run(version="1 --index-url=https://evil.example.com")
    assert code == 1
    assert [each.name for each in obeyed(log)] == ["error"]


def test_an_old_python_is_named(step: Step) -> None:
    step.command("refinery", 'echo "refinery 0.0.1"; exit')
    step.command("python3", "exit 1")
    code, log = step.run()
    assert code == 1
    assert obeyed(log) == [
        Obeyed("error", {"title": "refinery"}, "Python 3.11 or newer is needed.")
    ]
    assert "hint: put actions/setup-python before this step" in log


# The token


def test_the_token_is_in_the_environment_of_refinery_and_nowhere_else(step: Step) -> None:
    _, log = step.run()
    told = step.env("refinery")
    assert told["GITHUB_TOKEN"] == TOKEN
    assert "REFINERY_ACTION_TOKEN" not in told
    assert header_of(told) == f"Authorization: Basic {BASIC}"
    assert obeyed(log) == [Obeyed("add-mask", {}, BASIC)]
    assert TOKEN not in log
    assert TOKEN not in "".join(step.argv("refinery"))


def header_of(environment: dict[str, str]) -> str:
    """What git sends; the last empty value forgets those before it."""
    asked = ("config", "--get-all", "http.https://github.com/.extraHeader")
    told = {**os.environ, **environment}
    done = subprocess.run(["git", *asked], env=told, capture_output=True, text=True, check=True)
    return done.stdout.rpartition("\n\n")[2].strip()


def test_what_a_checkout_left_is_not_sent_besides(step: Step) -> None:
    left = ("http.https://github.com/.extraheader", "AUTHORIZATION: basic left")
    for command in (["init", "-q"], ["config", *left]):
        subprocess.run(["git", *command], cwd=step.root, check=True)
    step.run()
    asked = ["git", "config", "--get-all", left[0]]
    told = {**os.environ, **step.env("refinery")}
    done = subprocess.run(asked, cwd=step.root, env=told, capture_output=True, text=True)
    assert done.stdout.splitlines() == [left[1], "", f"Authorization: Basic {BASIC}"]


def test_what_a_job_configures_for_git_is_kept(step: Step) -> None:
    given = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.email", "GIT_CONFIG_VALUE_0": "a@b"}
    step.run(given)
    told = step.env("refinery")
    assert (told["GIT_CONFIG_COUNT"], told["GIT_CONFIG_VALUE_0"]) == ("3", "a@b")
    assert header_of(told) == f"Authorization: Basic {BASIC}"


def test_gitea_has_a_name_of_its_own_for_it(step: Step) -> None:
    server = {"GITHUB_SERVER_URL": "https://git.example.com", "GITEA_ACTIONS": "true"}
    step.run({**server, "GITHUB_API_URL": "https://git.example.com/api/v1"})
    told = step.env("refinery")
    assert (told["GITEA_TOKEN"], told["GITEA_API_URL"]) == (TOKEN, "https://git.example.com/api/v1")
    assert "GITHUB_TOKEN" not in told


def test_a_check_sees_neither_the_token_nor_a_config_that_holds_it(box: Sandbox) -> None:
    script = 'env; git config --list; cat "$(git rev-parse --git-common-dir)/config"; false'
    box.config(f"version: 1\nchecks:\n  - name: peep\n    run: {json.dumps(script)}\n")
    box.request("mr/thief", {"a.txt": "a\n"})
    step = Step(box.root / "step")
    python = f'PYTHONPATH="{CHECKOUT}" exec "{sys.executable}" -P -m refinery "$@"'
    write_script(step.root / "bin" / "refinery", python)
    _, log = step.run(directory=str(box.path))
    pages = (step.root / "temp" / "refinery-action").glob("summary-*.md")
    seen = "".join(path.read_text() for path in pages) + log
    logs = "".join(path.read_text() for path in (box.path / ".git" / "refinery" / "logs").iterdir())
    assert "REFINERY_TREE=" in logs
    for secret in (TOKEN, BASIC):
        assert secret not in logs
        assert secret not in seen.replace(f"::add-mask::{BASIC}", "")


# Candidates


def _candidate(step: Step, *lines: str) -> None:
    step.command(
        "refinery",
        f'[ "$1" != --version ] || {{ echo "refinery {__version__}"; exit; }}',
        'out=; for word; do [ "$out" = next ] && out=$word; [ "$word" = --out ] && out=next; done',
        *lines,
    )


def test_what_was_taken_is_an_output(step: Step) -> None:
    _candidate(step, """echo '{"tree": "%0A"}' >"$out\"""")
    assert step.run(command="candidate-take")[0] == 0
    assert step.outputs == {"candidate": '{"tree": "%0A"}'}


def test_nothing_to_test_is_an_empty_output(step: Step) -> None:
    _candidate(step, 'echo "{}" >"$out"')
    assert step.run(command="candidate-take")[0] == 0
    assert step.outputs == {"candidate": ""}


def test_a_test_hands_its_verdict_on_also_when_it_could_not_run(step: Step) -> None:
    _candidate(step, """cat "$3"; echo '{"result": "error"}' >"$out"; exit 1""")
    code, log = step.run(command="candidate-test", candidate='{"tree": "x"}')
    assert (code, log.splitlines()[-1]) == (1, '{"tree": "x"}')
    assert step.outputs == {"verdict": '{"result": "error"}'}


def test_a_queue_that_moved_on_is_no_failure(step: Step) -> None:
    _candidate(step, "exit 75")
    code, log = step.run(command="candidate-settle", candidate="{}", verdict="{}")
    assert (code, [each.name for each in obeyed(log)]) == (0, ["add-mask", "notice"])


@pytest.mark.parametrize("command", ["process", "candidate-test"])
def test_a_cancelled_job_interrupts_refinery(step: Step, command: str) -> None:
    """A runner signals the first process of a step, and nothing below it."""
    _candidate(
        step, "trap 'echo gave back; exit 130' INT", "echo ready", "while :; do sleep 0.05; done"
    )
    process = step.start(command=command)
    assert process.stdout is not None
    while process.stdout.readline() != "ready\n":
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    log, _ = process.communicate(timeout=20)
    assert (process.returncode, log) == (130, "gave back\n")


# Again


@pytest.mark.parametrize("branch", ["main", "team/a", 'odd"name', ""])
def test_the_workflow_is_started_again_on_the_default_branch(step: Step, branch: str) -> None:
    step.command("curl", 'cat >"$RECORD/curl.stdin"')
    env = {"REFINERY_ACTION_BRANCH": branch, "GITHUB_REF_NAME": "main"}
    code, log = step.run(env, command="again", workflow="refinery.yml")
    assert code == 0, log
    argv = step.argv("curl")
    assert (
        argv[-1]
        == "https://api.github.com/repos/acme/shop/actions/workflows/refinery.yml/dispatches"
    )
    assert json.loads(argv[argv.index("--data") + 1]) == {"ref": branch or "main"}
    assert TOKEN not in "".join(argv)
    told = (step.root / "record" / "curl.stdin").read_text()
    assert told == f'header = "Authorization: Bearer {TOKEN}"\n'


def test_a_workflow_is_the_name_of_a_file(step: Step) -> None:
    code, log = step.run(command="again", workflow="../../x")
    assert code == 1
    assert [each.name for each in obeyed(log)] == ["error"]
