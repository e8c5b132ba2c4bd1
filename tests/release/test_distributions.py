"""What PyPI would get is whole and nothing more, can be made again, and runs where it is alone."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from refinery import __version__, resources
from tests.release.conftest import Distributions, build, run

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parent.parent.parent
METADATA = f"git_refinery-{__version__}"
# What a wheel holds beside the package: as the folder of the checkout is called, where it lies.
SHIPPED = {
    folder: f"refinery/_data/{folder}" for folder in ("completions", "hooks", "man", "schemas")
}
SHARED = {  # where man and the shells look by themselves, if the prefix is one of theirs
    "man/refinery.1": "share/man/man1/refinery.1",
    "man/git-refinery.1": "share/man/man1/git-refinery.1",
    "completions/refinery.bash": "share/bash-completion/completions/refinery",
    "completions/_refinery": "share/zsh/site-functions/_refinery",
    "completions/refinery.fish": "share/fish/vendor_completions.d/refinery.fish",
}


def tracked(folder: Path) -> set[str]:
    """The files of the release's commit."""
    return set(run("git", "ls-files", cwd=folder).splitlines())


@pytest.fixture(scope="session")
def alone(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with the wheel, and these tests' libraries.

    Nothing is downloaded: a path in a .pth file is searched after the environment's own packages,
    and .pth files that lie there, such as the editable install's, are not read.
    """
    folder = tmp_path_factory.mktemp("alone") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    wheel = distributions.wheel
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=folder)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_the_sdist_is_the_commit(tagged: Path, distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as archive:
        names = {member.name.removeprefix(f"{METADATA}/") for member in archive if member.isfile()}
    assert names == tracked(tagged) | {"PKG-INFO"}


def test_the_wheel_is_the_package_its_data_and_nothing_else(
    tagged: Path, distributions: Distributions
) -> None:
    files = tracked(tagged)
    expected = {name for name in files if name.startswith("refinery/")}
    for folder, place in SHIPPED.items():
        inside = {name for name in files if name.startswith(f"{folder}/")}
        expected |= {f"{place}/{name.removeprefix(f'{folder}/')}" for name in inside}
    expected |= {f"{METADATA}.data/data/{place}" for place in SHARED.values()}
    info = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
    expected |= {f"{METADATA}.dist-info/{name}" for name in info}
    assert set(zipfile.ZipFile(distributions.wheel).namelist()) == expected


def test_pypi_can_show_and_will_take_them(distributions: Distributions) -> None:
    both = (distributions.sdist, distributions.wheel)
    said = run(sys.executable, "-m", "twine", "--no-color", "check", "--strict", *both, cwd=ROOT)
    assert said.count("PASSED") == 2, said
    assert "WARNING" not in said


def test_who_builds_it_again_gets_the_same_bytes(
    tagged: Path, distributions: Distributions, tmp_path: Path
) -> None:
    again = build(tagged, tmp_path)
    assert again.wheel.read_bytes() == distributions.wheel.read_bytes()
    assert again.sdist.read_bytes() == distributions.sdist.read_bytes()


def test_alone_it_runs_under_each_of_its_names(alone: Path, tmp_path: Path) -> None:
    for command in ("refinery", "git-refinery"):
        assert __version__ in run(alone.parent / command, "--version", cwd=tmp_path)
    assert __version__ in run(alone, "-m", "refinery", "--version", cwd=tmp_path)


def test_alone_it_has_its_hooks_schemas_and_scripts(alone: Path, tmp_path: Path) -> None:
    found = "from refinery.resources import hook_path; print(hook_path('pre-push'))"
    hook = Path(run(alone, "-c", found, cwd=tmp_path).strip())
    assert hook.is_relative_to(alone.parent.parent)
    assert hook.read_text() == (ROOT / "hooks" / "pre-push").read_text()
    assert os.access(hook, os.X_OK)
    for source, place in SHARED.items():
        assert (alone.parent.parent / place).read_bytes() == (ROOT / source).read_bytes()
    script = run(alone.parent / "refinery", "completion", "fish", cwd=tmp_path)
    assert script == (ROOT / "completions" / "refinery.fish").read_text()


def test_alone_it_shows_a_whole_queue(alone: Path, tmp_path: Path) -> None:
    """Submitting, landing, a conflict, a culprit, and the proof, with what the wheel brought."""
    done = subprocess.run(
        [alone.parent / "refinery", "demo"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{alone.parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_checkout_serves_its_own_hooks_and_schemas() -> None:
    assert resources.hook_path("pre-push") == ROOT / "hooks" / "pre-push"
    for path in (ROOT / "schemas").glob("*.schema.json"):
        assert resources.schema_text(path.name.removesuffix(".schema.json")) == path.read_text()
