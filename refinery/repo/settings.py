"""Writes the repository's own git config."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.repo.repository import read_config
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from refinery.repo.repository import Repository


def add_setting(repo: Repository, key: str, value: str) -> None:
    """One more value of a key that may have several; nothing if it has this one."""
    if value not in repo.config.get(key, ()):
        repo.git.run("config", "--local", "--add", key, value)
        repo.config = read_config(repo.git)


def set_setting(repo: Repository, key: str, value: str) -> None:
    """The one value of a key, whatever it had before."""
    repo.git.run("config", "--local", "--replace-all", key, value)
    repo.config = read_config(repo.git)


def set_values(repo: Repository, key: str, values: Sequence[str]) -> None:
    """All values of a key; none: the key is removed. Writes nothing when it is so already."""
    if repo.config.get(key, ()) == tuple(values):
        return
    repo.git.run("config", "--local", "--unset-all", key, ok=(0, 5))
    for value in values:
        repo.git.run("config", "--local", "--add", key, value)
    repo.config = read_config(repo.git)
