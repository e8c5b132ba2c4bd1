"""Writes the Homebrew formula of a release, from its sdist and what PyPI has for its dependencies.

python -m tools.make_formula dist/git_refinery-0.2.0.tar.gz > git-refinery.rb

`uv lock` finds the versions that belong together, and where their sources are.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NAME = "git-refinery"
# Homebrew builds these itself, and their users find them there.
OF_HOMEBREW = ("certifi", "cffi", "cryptography", "pycparser", "rpds-py")
LIBRARIES = ("libsodium", "libyaml")  # of PyNaCl and PyYAML
PYTHON = "3.13"

_HEAD = """\
class GitRefinery < Formula
  include Language::Python::Virtualenv

  desc "Merge queue that lives in git itself"
  homepage "https://github.com/git-refinery/git-refinery"
  url "{url}"
  sha256 "{sha256}"
  license "Apache-2.0"

"""
_RESOURCE = """\

  resource "{name}" do
    url "{url}"
    sha256 "{sha256}"
  end
"""
_END = """\

  def install
    virtualenv_install_with_resources link_manpages: false
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/refinery.bash" => "refinery"
    zsh_completion.install "completions/_refinery"
    fish_completion.install "completions/refinery.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/git-refinery --version")
    system bin/"refinery", "demo"
  end
end
"""


def formula(*, url: str, sha256: str, lock: Mapping[str, Any]) -> str:
    """The formula of an sdist; `lock` is what uv.lock says."""
    packages = {package["name"]: package for package in lock["package"]}
    needed = sorted(set(_needed(packages, NAME)) - {NAME})
    own = [name for name in needed if name not in OF_HOMEBREW]
    brewed = [f'  depends_on "{name}" => :no_linkage\n' for name in needed if name in OF_HOMEBREW]
    libraries = [f'  depends_on "{name}"\n' for name in LIBRARIES]
    python = f'  depends_on "python@{PYTHON}"\n'
    depends = sorted([*brewed, *libraries, python])
    resources = [_resource(packages[name]) for name in own]
    return "".join([_HEAD.format(url=url, sha256=sha256), *depends, *resources, _END])


def _needed(packages: Mapping[str, Any], name: str, *extras: str) -> Iterator[str]:
    """A package and what it needs to run, on a Mac or Linux."""
    package = packages[name]
    optional = package.get("optional-dependencies", {})
    direct = [*package.get("dependencies", ()), *(d for each in extras for d in optional[each])]
    yield name
    for each in direct:
        if "win32" not in each.get("marker", ""):
            yield from _needed(packages, each["name"], *each.get("extra", ()))


def _resource(package: Mapping[str, Any]) -> str:
    source = package["sdist"]
    sha256 = source["hash"].removeprefix("sha256:")
    return _RESOURCE.format(name=package["name"], url=source["url"], sha256=sha256)


def main(argv: list[str]) -> int:
    [sdist] = map(Path, argv)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")
        [project] = Path(folder).iterdir()
        done = subprocess.run(
            [sys.executable, "-m", "uv", "lock", "--quiet"],
            cwd=project,
            check=False,
        )
        if done.returncode:
            return done.returncode
        lock = tomllib.loads((project / "uv.lock").read_text())
    url = f"https://files.pythonhosted.org/packages/source/g/{NAME}/{sdist.name}"
    sha256 = hashlib.sha256(sdist.read_bytes()).hexdigest()
    sys.stdout.write(formula(url=url, sha256=sha256, lock=lock))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
