"""Each trouble that `refinery doctor` knows: it is told when it is there, and gone once mended."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from refinery.repo import liveness
from tests.sandbox import Sandbox

CONFIG = "version: 1\nchecks:\n  - {name: ok, run: 'true'}\n"
GITHUB = f"{CONFIG}tracker: github\nrepository: acme/shop\n"
WORKFLOW = ".github/workflows/refinery.yml"


@dataclass(frozen=True)
class World:
    """What a trouble is made of: the sandbox and the environment."""

    box: Sandbox
    patch: pytest.MonkeyPatch

    def git(self, *argv: str, cwd: Path | None = None) -> str:
        return self.box.git(*argv, cwd=cwd)

    def at_server(self, *argv: str) -> str:
        return self.box.git(*argv, cwd=self.box.origin)


@pytest.fixture
def world(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> World:
    """A set-up with nothing to say about it."""
    assert box.cli("init", "--yes", "--check", "true").code == 0
    return World(box, monkeypatch)


def told(box: Sandbox, *argv: str, cwd: Path | None = None) -> dict[str, dict[str, Any]]:
    """What is not fine, by its code."""
    done = box.cli("doctor", "--json", *argv, cwd=cwd)
    assert done.out, done.err
    assert done.code == any(each["severity"] == "error" for each in done.json)
    for each in done.json:
        assert each.keys() == {"topic", "severity", "code", "where", "what", "fix"}
        assert (each["code"] == each["topic"]) == (each["severity"] == "ok") == (not each["fix"])
    return {each["code"]: each for each in done.json if each["severity"] != "ok"}


@dataclass(frozen=True)
class Trouble:
    """A way to break a set-up that `code` names, and the way to mend it."""

    code: str
    severity: str
    fix: str
    provoke: Callable[[World], Any]
    mend: Callable[[World], Any]
    at_server: bool = False


def configured(text: str) -> Callable[[World], Any]:
    return lambda world: world.box.config(text)


def variable(name: str, value: str) -> Callable[[World], Any]:
    return lambda world: world.patch.setenv(name, value)


def claim_of(worker: str) -> Callable[[World], Any]:
    def provoke(world: World) -> None:
        id = world.box.request("feat")
        mine, world.box.worker = world.box.worker, worker
        assert world.box.cli("claim", id).code == 0
        world.box.worker = mine

    return provoke


def dead_worker() -> str:
    """The name of a worker whose process has ended."""
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    name = liveness.worker_name(outlives_process=False)
    return re.sub(r"-\d+-([0-9a-f]{12})$", rf"-{done.stdout.decode().strip()}-\1", name)


def notify_without_apprise(world: World) -> None:
    world.box.config(f"{CONFIG}notify:\n  - to: CHAT\n")
    world.patch.setenv("CHAT", "json://localhost/secret-part")
    world.patch.setattr("refinery.audit.diagnosed_machine.find_spec", {}.get)


def serve_without_server(world: World) -> None:
    world.patch.setenv("REFINERY_WEBHOOK_SECRET", "secret-part")
    world.patch.setattr("refinery.audit.diagnosed_machine.find_spec", {}.get)


def installed(world: World) -> None:
    world.patch.setattr("refinery.audit.diagnosed_machine.find_spec", str)


def foreign_hooks_path(world: World) -> None:
    elsewhere = world.box.root / "elsewhere"
    elsewhere.mkdir()
    world.at_server("config", "core.hooksPath", str(elsewhere))


def newer_header(world: World) -> None:
    """The queue as a later version would write it."""
    tip = world.at_server("rev-parse", "refs/refinery/queue")
    header = world.at_server("show", f"{tip}:queue.yaml").replace("version: 1", "version: 2")
    blob = world.box.git("hash-object", "-w", "--stdin", cwd=world.box.origin, stdin=header)
    entries = world.at_server("ls-tree", tip)
    changed = re.sub(r"blob [0-9a-f]+\tqueue\.yaml", f"blob {blob}\tqueue.yaml", entries)
    tree = world.box.git("mktree", cwd=world.box.origin, stdin=f"{changed}\n")
    made = world.at_server("commit-tree", "-p", tip, "-m", "newer", tree)
    world.at_server("update-ref", "refs/refinery/queue", made)


def older_header(world: World) -> None:
    world.at_server("update-ref", "refs/refinery/queue", "refs/refinery/queue~")


def server_side(world: World) -> None:
    """The server set up as well, so that nothing else is told about it."""
    world.at_server("config", "core.fsync", "committed")
    assert world.box.cli("hooks", "install", cwd=world.box.origin).code == 0


def in_ci_unnamed(world: World) -> None:
    world.patch.setenv("CI", "true")
    world.box.worker = ""


def config_only_here(world: World) -> None:
    world.box.advance({".refinery.yaml": None})
    (world.box.path / ".refinery.yaml").write_text(CONFIG)


def git_config(*argv: str) -> Callable[[World], Any]:
    return lambda world: world.at_server("config", *argv)


TROUBLES = [
    Trouble(
        "landing-without-forge",
        "error",
        "add `forge: github` (or gitlab, gitea) to .refinery.yaml, or remove `landing`",
        configured(f"{CONFIG}landing: pull-request\n"),
        configured(CONFIG),
    ),
    Trouble(
        "notify-address-missing",
        "warning",
        "save the service's address as the secret CHAT, and pass it to the job",
        configured(f"{CONFIG}notify:\n  - to: CHAT\n"),
        variable("CHAT", "json://localhost"),
    ),
    Trouble(
        "notify-extra-missing",
        "warning",
        "pip install 'git-refinery[notify]'",
        notify_without_apprise,
        installed,
    ),
    Trouble(
        "serve-extra-missing",
        "warning",
        "pip install 'git-refinery[serve]'",
        serve_without_server,
        installed,
    ),
    Trouble(
        "worker-unnamed",
        "warning",
        "set REFINERY_WORKER to a name that no other job has, in the job's environment",
        in_ci_unnamed,
        lambda world: setattr(world.box, "worker", "one"),
    ),
    Trouble(
        "config-waiting",
        "warning",
        "land it on main",
        config_only_here,
        lambda world: world.box.advance({".refinery.yaml": CONFIG}),
    ),
    Trouble(
        "claims-dead",
        "warning",
        "refinery process, or: refinery start",
        claim_of(dead_worker()),
        lambda world: world.box.cli("process", "--once"),
    ),
    Trouble(
        "queue-newer",
        "error",
        "pip install --upgrade git-refinery",
        newer_header,
        older_header,
    ),
    Trouble(
        "push-options-off",
        "warning",
        "on a server of your own: git config receive.advertisePushOptions true",
        git_config("receive.advertisePushOptions", "false"),
        git_config("receive.advertisePushOptions", "true"),
    ),
    Trouble(
        "push-not-atomic",
        "error",
        "on a server of your own: git config receive.advertiseAtomic true",
        git_config("receive.advertiseAtomic", "false"),
        git_config("receive.advertiseAtomic", "true"),
    ),
    Trouble(
        "atomic-off",
        "error",
        "git config receive.advertiseAtomic true",
        git_config("receive.advertiseAtomic", "false"),
        git_config("receive.advertiseAtomic", "true"),
        at_server=True,
    ),
    Trouble(
        "push-options-off",
        "warning",
        "git config receive.advertisePushOptions true",
        git_config("receive.advertisePushOptions", "false"),
        git_config("receive.advertisePushOptions", "true"),
        at_server=True,
    ),
    Trouble(
        "durability-unsynced",
        "warning",
        "git config core.fsync committed",
        git_config("--unset", "core.fsync"),
        git_config("core.fsync", "committed"),
        at_server=True,
    ),
    Trouble(
        "hooks-patterns",
        "warning",
        "refinery hooks install",
        configured(f"{CONFIG}branches: [team/**]\n"),
        lambda world: world.box.cli("hooks", "install"),
    ),
    Trouble(
        "pre-push-outdated",
        "warning",
        "refinery hooks install",
        lambda world: (world.box.path / ".git/hooks/pre-push").write_text("# refinery hook: old\n"),
        lambda world: world.box.cli("hooks", "install"),
    ),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.code)
def test_a_trouble_is_told_with_what_mends_it(world: World, trouble: Trouble) -> None:
    cwd = world.box.origin if trouble.at_server else None
    if trouble.at_server:
        server_side(world)
    assert told(world.box, cwd=cwd) == {}
    trouble.provoke(world)
    found = told(world.box, cwd=cwd)
    assert {code: each["severity"] for code, each in found.items()} == {
        trouble.code: trouble.severity
    }
    assert found[trouble.code]["fix"] == trouble.fix
    assert found[trouble.code]["where"]
    assert "secret-part" not in world.box.cli("doctor").out
    trouble.mend(world)
    assert told(world.box, cwd=cwd) == {}


def test_hooks_elsewhere_are_told_to_a_server(world: World) -> None:
    server_side(world)
    foreign_hooks_path(world)
    found = told(world.box, cwd=world.box.origin)
    assert found.keys() == {"pre-receive-elsewhere", "post-receive-elsewhere"}
    for each in found.values():
        assert each["fix"] == "git config --unset core.hooksPath, then: refinery hooks install"
    world.at_server("config", "--unset", "core.hooksPath")
    assert told(world.box, cwd=world.box.origin) == {}


def test_a_claim_that_ran_out_long_ago_is_told(world: World) -> None:
    claim_of("grace")(world)
    assert told(world.box) == {}
    world.box.clock.tick(2 * 3600)
    found = told(world.box)["claims-expired"]
    assert re.fullmatch(
        r"the claim of grace on mr-\w{10} ran out 1h ago, and nobody took it up", found["what"]
    )
    world.box.cli("process", "--once")
    assert told(world.box) == {}


@pytest.mark.parametrize(
    ("ci", "severity"), [("", "warning"), ("false", "warning"), ("1", "error")]
)
def test_what_is_missing_counts_in_ci(world: World, ci: str, severity: str) -> None:
    world.patch.setenv("CI", ci)
    world.box.config(f"{CONFIG}notify:\n  - to: CHAT\n  - to: MAIL\n  - to: CHAT\n")
    done = world.box.cli("doctor", "--json")
    found = [(each["severity"], each["what"][:4]) for each in done.json if each["fix"]]
    assert found == [(severity, "CHAT"), (severity, "MAIL")]


# The workflow


@pytest.fixture
def hub(world: World) -> World:
    """A set-up for GitHub; its token is said to be missing here."""
    world.box.config(GITHUB)
    world.patch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    return world


def of_workflow(world: World) -> dict[str, str]:
    found = told(world.box)
    assert found.pop("token-missing")["severity"] == "warning"
    return {code: each["fix"] for code, each in found.items()}


def test_a_missing_workflow_is_told(hub: World) -> None:
    assert of_workflow(hub) == {"workflow-absent": "refinery init --github"}
    assert hub.box.cli("init", "--yes", "--github").code == 0
    assert of_workflow(hub) == {}


def test_a_workflow_for_another_configuration_is_told(hub: World) -> None:
    hub.box.cli("init", "--yes", "--github", "--workers", "7")
    hub.box.config(f"{GITHUB}branches: [team/**]\n")
    hub.box.cli("hooks", "install")
    assert of_workflow(hub) == {"workflow-outdated": "refinery init --github"}
    assert hub.box.cli("init", "--yes", "--github").code == 0
    assert of_workflow(hub) == {}


def test_an_edited_workflow_is_told_once_there_is_a_newer(hub: World) -> None:
    hub.box.cli("init", "--yes", "--github")
    hub.box.advance({WORKFLOW: hub.box.tree()[WORKFLOW] + "# mine\n"})
    assert of_workflow(hub) == {}
    hub.box.config(f"{GITHUB}branches: [team/**]\n")
    hub.box.cli("hooks", "install")
    assert of_workflow(hub) == {
        "workflow-edited": "refinery init --github --dry-run shows the difference, "
        "--force writes it anew"
    }
    assert hub.box.cli("init", "--yes", "--github", "--force").code == 0
    assert of_workflow(hub) == {}


def test_a_workflow_written_by_hand_is_nobodys_business(hub: World) -> None:
    hub.box.advance({WORKFLOW: "on: push\n"})
    assert of_workflow(hub) == {}


def test_a_file_that_gitlab_never_reads_is_told(hub: World) -> None:
    hub.box.config(GITHUB.replace("github", "gitlab"))
    hub.patch.setenv("GITLAB_API_URL", "http://127.0.0.1:9/api/v4")
    hub.box.advance({".gitlab-ci.yml": "include: other.yml\n"})
    hub.box.cli("init", "--yes", "--gitlab")
    line = "- local: .gitlab/refinery.yml"
    assert of_workflow(hub) == {
        "workflow-not-included": f"add to `include:` in .gitlab-ci.yml: `{line}`"
    }
    hub.box.advance({".gitlab-ci.yml": f"include:\n  {line}\n"})
    assert of_workflow(hub) == {}


# Offline


def test_offline_asks_no_remote(world: World) -> None:
    assert told(world.box) == {}
    world.git("config", "remote.origin.url", str(world.box.root / "nowhere"))
    assert told(world.box, "--offline") == {}
    assert told(world.box).keys() == {"remote-away"}


def test_a_secret_in_the_remotes_address_is_not_shown(world: World) -> None:
    world.git("config", "remote.origin.url", "http://ada:secret-part@127.0.0.1:9/shop.git")
    done = world.box.cli("doctor")
    assert done.code == 1
    assert "secret-part" not in done.out + done.err
