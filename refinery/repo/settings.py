"""Writes the repository's own git config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refinery.repo.repository import read_config

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
