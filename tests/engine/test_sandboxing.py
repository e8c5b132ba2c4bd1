"""What operator and repository ask for, and what the checks of one run then see."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from refinery.config.sandbox import Sandbox as Asked
from refinery.config.sandbox import Tool
from refinery.engine import check_sandbox
from refinery.engine.check_sandbox import BadSandbox, Confinement, NoSandbox, ensure_required
from refinery.engine.check_walls import RESOLVER, Walls
from refinery.engine.checks import CheckResult, CheckSpec, CheckVerdict, run_checks
from refinery.repo.repository import Repository
from tests.hostile.sandboxed import needs
from tests.sandbox import Sandbox


@pytest.fixture
def bubblewrap() -> None:
    needs("bubblewrap")


@pytest.fixture
def home(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = box.root / "home"
    place.mkdir()
    monkeypatch.setenv("HOME", str(place))
    return place


@pytest.fixture
def tries_anew() -> Iterator[None]:
    """What works here is known for the life of a process; not to these tests."""
    check_sandbox.ensure_usable.cache_clear()
    yield
    check_sandbox.ensure_usable.cache_clear()


def confined(box: Sandbox, tool: Tool = Tool.BUBBLEWRAP, **asked: bool) -> Confinement | None:
    """The sandbox of a worktree in `box`, whose own git directory is beside it."""
    worktree, git_dir = box.root / "worktree", box.root / "worktree.git"
    for place in (worktree, git_dir):
        place.mkdir(exist_ok=True)
    with Repository.discover(box.path) as repo:
        return Confinement.around(repo, Asked(tool, **asked), worktree=worktree, git_dir=git_dir)


def run_in(box: Sandbox, within: Confinement | None, command: str) -> CheckResult:
    done = run_checks(
        [CheckSpec("unit", command, timeout=30)],
        directory=box.root / "worktree",
        log_dir=box.root / "logs",
        log_name="try",
        environment={"PATH": os.environ["PATH"], "GREETING": "good day", "TMP": "/elsewhere"},
        confinement=within,
    )
    return done.results[0]  # type: ignore[union-attr]


@pytest.mark.usefixtures("bubblewrap", "home")
class TestInside:
    def test_a_check_works_in_its_worktree_with_its_variables(self, box: Sandbox) -> None:
        done = run_in(box, confined(box), 'echo "$GREETING from $PWD" | tee made; echo "$TMP"')
        assert (done.verdict, done.note) == (CheckVerdict.PASS, "")
        assert done.tail == f"good day from {box.root / 'worktree'}"
        assert (box.root / "worktree/made").read_text() == f"{done.tail}\n"
        began = done.log.read_text().splitlines()[0]
        assert ", in a sandbox of bubblewrap, without network: 'echo " in began

    def test_places_beside_it_are_there_where_the_operator_names_them(self, box: Sandbox) -> None:
        for name in ("hidden", "shown", "shared"):
            (box.root / name).mkdir()
            (box.root / name / "file").write_text(f"{name}\n")
        box.git("config", "--add", "refinery.sandboxReadable", str(box.root / "shown"))
        box.git("config", "--add", "refinery.sandboxWritable", str(box.root / "shared"))
        looks = "; ".join(
            f"cat {place}/file || true; (echo more >>{place}/file) && echo written || true"
            for place in (box.root / name for name in ("hidden", "shown", "shared"))
        )
        done = run_in(box, confined(box), f"exec 2>/dev/null; {looks}")
        assert done.tail.split() == ["shown", "shared", "written"]

    def test_the_objects_of_the_clone_can_be_read_and_not_changed(self, box: Sandbox) -> None:
        objects = box.path / ".git" / "objects"
        done = run_in(
            box, confined(box), f"ls -d {objects}; touch {objects}/new && echo new || true"
        )
        assert done.verdict is CheckVerdict.PASS
        assert done.tail.splitlines()[0] == str(objects)
        assert not (objects / "new").exists()

    def test_where_it_cannot_be_made_nothing_is_known_of_the_code(self, box: Sandbox) -> None:
        within = confined(box)
        (box.root / "worktree.git").rmdir()  # where the command says that it began
        done = run_in(box, within, "true")
        assert (done.verdict, done.note) == (CheckVerdict.ERROR, "the sandbox could not be made")

    def test_a_second_run_is_not_taken_for_begun_because_the_first_was(self, box: Sandbox) -> None:
        within = confined(box)
        assert within is not None
        assert run_in(box, within, "true").verdict is CheckVerdict.PASS
        assert within.has_begun(1)
        assert not within.has_begun(2)

    def test_a_network_is_there_for_who_asks_and_is_not_forbidden_it(self, box: Sandbox) -> None:
        alone, wide = confined(box), confined(box, network=True)
        box.git("config", "refinery.sandboxNetwork", "no")
        forbidden = confined(box, network=True)
        found = [each.words for each in (alone, wide, forbidden) if each is not None]
        assert found == [
            "in a sandbox of bubblewrap, without network",
            "in a sandbox of bubblewrap, with network",
            "in a sandbox of bubblewrap, without network",
        ]


def test_nobody_asks_for_one_and_there_is_none(box: Sandbox) -> None:
    assert confined(box, Tool.NONE) is None
    with Repository.discover(box.path) as repo:
        ensure_required(repo)


@pytest.mark.usefixtures("bubblewrap")
def test_the_operator_requires_one_of_who_asks_for_none(box: Sandbox) -> None:
    box.git("config", "refinery.sandbox", "bubblewrap")
    box.git("config", "refinery.sandboxNetwork", "yes")
    within = confined(box, Tool.NONE)
    assert within is not None
    assert within.words == "in a sandbox of bubblewrap, with network"


@pytest.mark.parametrize(
    ("key", "value", "message", "hint"),
    [
        (
            "refinery.sandbox",
            "jail",
            "refinery.sandbox: 'jail' is no sandbox",
            "git config refinery.sandbox bubblewrap, or one of: none, bubblewrap, systemd-run",
        ),
        (
            "refinery.sandboxNetwork",
            "Perhaps",
            "refinery.sandboxNetwork: 'perhaps' is neither true nor false",
            "git config refinery.sandboxNetwork false",
        ),
    ],
)
def test_a_setting_that_says_nothing_is_refused(
    box: Sandbox, key: str, value: str, message: str, hint: str
) -> None:
    box.git("config", key, value)
    with pytest.raises(BadSandbox) as refused:
        confined(box)
    assert (refused.value.message, refused.value.hint) == (message, hint)


@pytest.mark.usefixtures("bubblewrap")
def test_a_place_has_to_be_named_in_full(box: Sandbox, home: Path) -> None:
    box.git("config", "refinery.sandboxReadable", "~/tools")
    within = confined(box)
    assert within is not None
    assert home / "tools" in within.walls.readable
    box.git("config", "refinery.sandboxReadable", "tools")
    with pytest.raises(BadSandbox) as refused:
        confined(box)
    assert refused.value.message == "refinery.sandboxreadable: 'tools' is no absolute path"
    assert refused.value.hint == "git config --get-all refinery.sandboxreadable"


@pytest.mark.usefixtures("tries_anew")
@pytest.mark.parametrize(
    ("program", "why"),
    [
        (None, "there is no bwrap"),
        ("exit 0", "it does not say why"),
        ("echo first; echo 'no namespaces for you' >&2; exit 1", "first"),
        ("echo 'no namespaces'; exit 1", "no namespaces"),
    ],
)
def test_what_this_machine_cannot_do_stops_all_and_says_so(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, program: str | None, why: str
) -> None:
    programs = box.root / "programs"
    programs.mkdir()
    if program is not None:
        bwrap = programs / "bwrap"
        bwrap.write_text(f"#!/bin/sh\n{program}\n")
        bwrap.chmod(bwrap.stat().st_mode | stat.S_IXUSR)
        (programs / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(NoSandbox) as refused:
        check_sandbox.ensure_usable(Tool.BUBBLEWRAP)
    assert refused.value.message == (
        f"checks have to run in a sandbox of bubblewrap, which does not work here: {why}"
    )
    assert refused.value.hint == (
        "install the package bubblewrap, see docs/sandbox.md; nothing runs without it"
    )


class TestWalls:
    def around(self, home: str = "", *, network: bool = False) -> Walls:
        return Walls.around(
            writable=(Path("/w"),), readable=(Path("/r"),), network=network, home=home
        )

    @pytest.mark.parametrize(
        ("home", "inside"),
        [
            ("/home/ada", "/home/ada"),
            ("", "/tmp"),
            ("home/ada", "/tmp"),
            ("/", "/tmp"),
            ("/usr", "/tmp"),
            ("/nix", "/tmp"),
            ("/usr/home", "/usr/home"),
        ],
    )
    def test_a_home_is_empty_and_hides_nothing_of_the_system(self, home: str, inside: str) -> None:
        walls = self.around(home)
        assert walls.home == Path(inside)
        private = [Path("/tmp"), Path("/var/tmp"), Path("/run")]
        assert [*walls.emptied] == private + ([] if inside == "/tmp" else [Path(inside)])
        assert walls.environment({"A": "1", "TEMP": "x", "HOME": "y", "TMPDIR": "z"}) == {
            "A": "1",
            "TMPDIR": "/tmp",
            "HOME": inside,
        }

    def test_a_link_is_there_under_both_of_its_names(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "real")
        walls = Walls.around(
            writable=(tmp_path / "link",), readable=(), network=False, home=str(tmp_path / "link")
        )
        real = tmp_path.resolve() / "real"
        assert walls.writable == (tmp_path / "link", real)
        assert walls.emptied[-2:] == (tmp_path / "link", real)

    def test_names_can_be_looked_up_where_there_is_a_network(self) -> None:
        assert self.around().readable == (Path("/r"),)
        assert RESOLVER.resolve() in self.around(network=True).readable
