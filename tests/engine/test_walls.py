"""The commands that sandboxed checks are run by, word by word: what is not said is not shut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from refinery.engine import check_bubblewrap, check_systemd
from refinery.engine.check_sandbox import Confinement, _object_stores
from refinery.engine.check_walls import PRIVATE, SYSTEM, Walls

PLACE = Path("/work tree")
MARK = PLACE / "begun"


def walls(*, network: bool = False, home: str = "/home/ada") -> Walls:
    return Walls(
        writable=(PLACE, Path("/cache")),
        readable=(Path("/cache/objects"), Path("/tools")),
        network=network,
        home=Path(home),
    )


def mounts(words: Sequence[str]) -> list[tuple[str, str]]:
    """What bubblewrap puts where, in its order."""
    kinds = ("--tmpfs", "--ro-bind-try", "--bind-try")
    return [(word, words[at + 1]) for at, word in enumerate(words) if word in kinds]


class TestBubblewrap:
    def command(self, **given: bool | str) -> tuple[str, ...]:
        argv = ("make", "check")
        return check_bubblewrap.command(walls(**given), argv, directory=PLACE, mark=MARK)  # type: ignore[arg-type]

    def test_every_namespace_is_its_own_and_the_network_where_it_is_not_asked_for(self) -> None:
        words = self.command()
        own = {word for word in words if word.startswith("--unshare")}
        assert own == {
            "--unshare-user",
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-uts",
            "--unshare-cgroup-try",
            "--unshare-net",
        }
        assert "--die-with-parent" in words
        assert own - {*self.command(network=True)} == {"--unshare-net"}

    def test_the_command_itself_comes_last_behind_its_mark(self) -> None:
        words = self.command()
        inner = words[words.index("--") + 1 :]
        assert inner[-3:] == (str(MARK), "make", "check")
        assert words[words.index("--chdir") + 1] == str(PLACE)
        assert words[words.index("--remount-ro") + 1] == "/"

    def test_what_lies_within_another_is_mounted_after_it(self) -> None:
        made = mounts(self.command())
        order = [name for _, name in made]
        assert order.index("/cache") < order.index("/cache/objects")
        assert ("--bind-try", "/cache") in made
        assert ("--ro-bind-try", "/cache/objects") in made
        assert ("--ro-bind-try", "/tools") in made
        assert {name for kind, name in made if kind == "--tmpfs"} >= {*PRIVATE, "/home/ada"}
        assert {name for kind, name in made if kind == "--ro-bind-try"} >= {*SYSTEM}
        assert {name for kind, name in made if kind == "--bind-try"} == {str(PLACE), "/cache"}


class TestSystemd:
    def command(self, *argv: str, network: bool = False, **more: object) -> tuple[str, ...]:
        told = argv or ("make", "check")
        return check_systemd.command(
            walls(network=network),
            told,
            directory=PLACE,
            mark=MARK,
            **more,  # type: ignore[arg-type]
        )

    def properties(self, words: Sequence[str]) -> list[str]:
        return [word.removeprefix("--property=") for word in words if "--property=" in word]

    def test_the_unit_may_do_what_a_check_needs_and_no_more(self) -> None:
        words = self.command(names=("PATH",), strange=("TOKEN", "KEY"), timeout=30)
        found = self.properties(words)
        assert "--working-directory=/work tree" in words
        assert "--setenv=PATH" in words
        assert {
            "PrivateNetwork=yes",
            "NoNewPrivileges=yes",
            "TemporaryFileSystem=/:ro",
            "RuntimeMaxSec=90",
            "UnsetEnvironment=TOKEN KEY",
            'TemporaryFileSystem="/home/ada"',
            'BindReadOnlyPaths="-/cache/objects"',
            'BindPaths="-/work tree"',
            "BindReadOnlyPaths=-/usr",
        } <= {*found}

    def test_a_network_no_limit_and_no_strange_variables(self) -> None:
        found = self.properties(self.command(network=True))
        assert "PrivateNetwork=yes" not in found
        assert "RuntimeMaxSec=60" in found
        assert not any(each.startswith("UnsetEnvironment") for each in found)

    def test_nothing_in_the_command_is_a_variable_of_the_managers(self) -> None:
        words = self.command("echo", "$HOME and $$")
        assert words[-3:] == (str(MARK), "echo", "$$HOME and $$$$")

    @pytest.mark.parametrize(
        ("path", "quoted"),
        [("/plain", '"/plain"'), ('/a "b"', '"/a \\"b\\""'), ("/back\\slash", '"/back\\\\slash"')],
    )
    def test_paths_are_quoted(self, path: str, quoted: str) -> None:
        assert check_systemd._quoted(Path(path)) == quoted

    def test_what_the_manager_gives_to_all_its_units(self) -> None:
        listing = "PATH=/bin:/usr/bin\nA_1=x=y\nnonsense\nBAD-NAME=1\nPATH=again\n"
        assert check_systemd.manager_variables(listing) == ["A_1", "PATH"]


def test_objects_are_borrowed_over_several_folders_and_in_circles(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    for folder in (first, second, third):
        (folder / "info").mkdir(parents=True)
    (first / "info/alternates").write_text(f"# borrowed\n{second}\n\n")
    (second / "info/alternates").write_text(f"{third}\n{first}\n")
    assert sorted(_object_stores(first)) == [first, second, third]
    assert _object_stores(third) == [third]


def test_a_command_has_begun_once_it_left_its_mark(tmp_path: Path) -> None:
    from refinery.config.sandbox import Tool

    inside = Confinement(Tool.BUBBLEWRAP, walls(), tmp_path)
    (tmp_path / "begun-03").touch()
    told = {"PATH": "/bin", "TMP": "/gone", "XDG_RUNTIME_DIR": "/gone"}
    assert inside.has_begun(3)
    words, environment = inside.enter(
        ("true",), directory=PLACE, environment=told, number=3, timeout=1
    )
    assert not inside.has_begun(3), "a mark of the run before says nothing"
    assert not inside.has_begun(4)
    assert words[-2:] == (str(tmp_path / "begun-03"), "true")
    assert environment == {"PATH": "/bin", "TMPDIR": "/tmp", "HOME": "/home/ada"}
    assert inside.words == "in a sandbox of bubblewrap, without network"
    wide = Confinement(Tool.BUBBLEWRAP, walls(network=True), tmp_path)
    assert wide.words == "in a sandbox of bubblewrap, with network"
