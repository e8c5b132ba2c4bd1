"""Seals every test off from the machine it runs on, and chooses how hard hypothesis tries."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import hypothesis
import pytest

from tests.sandbox import Sandbox, make_template

Story = Callable[[Sandbox], object]
Begin = Callable[[Story], Sandbox]

# What git, a forge's CI, pre-commit, the desktop or a person's shell may have set.
FOREIGN = re.compile(
    r"""(GIT|GITHUB|GITLAB|GITEA|FORGEJO|CI|PRE_COMMIT|REFINERY|GT_REFINERY|XDG|SSH)_.*
      | .*(TOKEN|PASSWORD|SECRET).*
      | CI | NO_COLOR | FORCE_COLOR | CLICOLOR.* | COLUMNS | LINES
      | PAGER | EDITOR | VISUAL | EMAIL | LANG | LANGUAGE | LC_.*""",
    re.VERBOSE,
)

hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=5000)
# The same examples each time: a red run on CI is about the change, and can be had again at home.
hypothesis.settings.register_profile(
    "ci", deadline=None, max_examples=40, derandomize=True, print_blob=True
)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "quick")
)


# Told as stories, or in need of more than git: servers, forges, CI runners, a receiver of webhooks.
JOURNEYS = {"browser", "ci", "forges", "scenarios", "servers", "webhook"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in these folders are journeys, whether or not a test says so."""
    for item in items:
        if item.path.parent.name in JOURNEYS and not item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session", autouse=True)
def sealed_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No configuration, identity, credential or language of this machine reaches a test."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background job
        signal.signal(signal.SIGINT, signal.default_int_handler)
    home = tmp_path_factory.mktemp("home")
    templates = tmp_path_factory.mktemp("git-templates")
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(FOREIGN.fullmatch, list(os.environ)):
            patch.delenv(name)
        # Commands started by tests share their bytecode; compiling it anew takes longer than most.
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        shared = tmp_path_factory.getbasetemp().parent / "bytecode"
        for name, value in {
            "PYTHONPYCACHEPREFIX": str(shared),
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "TERM": "dumb",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TEMPLATE_DIR": str(templates),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Ada Author",
            "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Carl Committer",
            "GIT_COMMITTER_EMAIL": "carl@example.com",
        }.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def sandbox_template(sealed_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repositories that every sandbox is a copy of."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def played(sandbox_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Begin:
    """The sandbox in which a story was played, once for all tests that begin with it."""

    @cache
    def play(story: Story) -> Sandbox:
        box = Sandbox.copied(sandbox_template, tmp_path_factory.mktemp("story"))
        story(box)
        box.close()
        return box

    return play


@pytest.fixture
def begin(played: Begin, tmp_path: Path) -> Iterator[Begin]:
    """A sandbox of one's own in which the story has been played."""
    with ExitStack() as ending:

        def copy(story: Story) -> Sandbox:
            box = played(story).copy(tmp_path)
            ending.callback(box.close)
            return box

        yield copy


@pytest.fixture
def box(sandbox_template: Path, tmp_path: Path) -> Iterator[Sandbox]:
    """A bare origin with one commit on main, a clone of it, and an empty queue."""
    made = Sandbox.copied(sandbox_template, tmp_path)
    yield made
    made.close()
