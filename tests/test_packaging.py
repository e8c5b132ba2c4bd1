"""The wheel that PyPI would get is whole: built from the sdist, installed alone, and run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from refinery import __version__, resources

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_wheel(into: Path) -> Path:
    """Through an sdist, as a release is: what the sdist lacks, the wheel lacks."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", into, ROOT, cwd=into)
    (wheel,) = into.glob("*.whl")
    return wheel


def install_alone(wheel: Path, into: Path) -> Path:
    """A fresh environment with the wheel, and this one's libraries without its editable install.

    Nothing is downloaded: a path in a .pth file is searched after the environment's own packages,
    and .pth files that lie there, such as the editable install's, are not read.
    """
    venv.create(into, with_pip=False, symlinks=True)
    python = into / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=into)
    (site_packages,) = into.glob("lib/python*/site-packages")
    (site_packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_a_wheel_in_a_fresh_environment_runs_with_its_hooks_and_schemas(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path)
    python = install_alone(wheel, tmp_path / "venv")

    shipped = {path.name for folder in ("hooks", "schemas") for path in (ROOT / folder).iterdir()}
    data = re.compile(r"refinery/_data/(?:hooks|schemas)/(.+)")
    names = zipfile.ZipFile(wheel).namelist()
    assert {match[1] for name in names if (match := data.fullmatch(name))} == shipped
    assert "refinery/py.typed" in names
    scripts = {
        f"refinery/_data/completions/{path.name}" for path in (ROOT / "completions").iterdir()
    }
    assert {*names} >= {*scripts, "refinery/_data/man/refinery.1"}
    templates = {path.name for path in (ROOT / "refinery" / "setup" / "templates").iterdir()}
    shipped_templates = re.compile(r"refinery/setup/templates/(.+)")
    assert {match[1] for name in names if (match := shipped_templates.fullmatch(name))} == templates

    for command in ("refinery", "git-refinery"):
        assert __version__ in run(python.parent / command, "--version", cwd=tmp_path)
    assert __version__ in run(python, "-m", "refinery", "--version", cwd=tmp_path)

    found = "from refinery.resources import hook_path; print(hook_path('pre-push'))"
    # Where man and the shells look by themselves, if the prefix is one of theirs.
    for shared in (
        "man/man1/refinery.1",
        "man/man1/git-refinery.1",
        "bash-completion/completions/refinery",
        "zsh/site-functions/_refinery",
        "fish/vendor_completions.d/refinery.fish",
    ):
        assert (tmp_path / "venv" / "share" / shared).is_file()
    script = run(python.parent / "refinery", "completion", "fish", cwd=tmp_path)
    assert script == (ROOT / "completions" / "refinery.fish").read_text()

    hook = Path(run(python, "-c", found, cwd=tmp_path).strip())
    assert hook.is_relative_to(tmp_path / "venv")
    assert hook.read_text() == (ROOT / "hooks" / "pre-push").read_text()
    assert os.access(hook, os.X_OK)


def test_a_checkout_serves_its_own_hooks_and_schemas() -> None:
    assert resources.hook_path("pre-push") == ROOT / "hooks" / "pre-push"
    for path in (ROOT / "schemas").glob("*.schema.json"):
        assert resources.schema_text(path.name.removesuffix(".schema.json")) == path.read_text()
