"""This checkout as a release: a repository with a tag, and what is built from that."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from refinery import __version__
from tests.sandbox import CHECKOUT

TAG = f"v{__version__}"

# Installs as anywhere, except that nothing is downloaded: what a package needs, to be built and to
# run, is taken from the libraries of these tests.
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as: no isolation
    "PIP_NO_COMPILE": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONPATH": sysconfig.get_path("purelib"),
}


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What a command printed; it has to succeed."""
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def tagged(sealed_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose one commit is what this checkout would commit, and its tag."""
    folder = tmp_path_factory.mktemp("tagged") / "git-refinery"
    listed = run("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=CHECKOUT)
    for name in filter(None, listed.split("\0")):
        source, target = CHECKOUT / name, folder / name
        if source.is_file():  # it may have been moved away, and not committed yet
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("add", "--all"),
        ("commit", "-q", "-m", f"Release {__version__}"),
        ("tag", "-a", "-m", TAG, TAG),
    ):
        run("git", *arguments, cwd=folder)
    return folder


@dataclass(frozen=True)
class Distributions:
    """What is uploaded to PyPI."""

    sdist: Path
    wheel: Path


@pytest.fixture(scope="session")
def distributions(tagged: Path, tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """As the release builds them: the wheel from the sdist."""
    return build(tagged, tmp_path_factory.mktemp("dist"))


def build(source: Path, into: Path) -> Distributions:
    """Through an sdist, as a release is: what the sdist lacks, the wheel lacks."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", into, source, cwd=into)
    (sdist,), (wheel,) = into.glob("*.tar.gz"), into.glob("*.whl")
    return Distributions(sdist, wheel)
