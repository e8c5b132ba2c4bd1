"""The configuration at a commit of a target: read once, and never by a YAML parser twice."""

from __future__ import annotations

import contextlib
import os

from refinery.config.config import FILE, Config, mapping_in, parse
from refinery.records import text
from refinery.records.names import Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.objects import BadObject
from refinery.repo.repository import Repository


class TargetConfigs:
    """Reads `.refinery.yaml` out of commits.

    People write it with comments, so reading it takes PyYAML, whose import alone costs a hook more
    than git does.  The mapping is kept beside the clone in the form that records have, by blob.
    """

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._by_commit: dict[Sha, Config] = {}
        self._broken: dict[tuple[Sha, str], InvalidRecord] = {}

    def at(self, commit: Sha | None, *, target: str) -> Config:
        """What the commit's file says; the defaults where there is none, or no commit.

        Raises `InvalidRecord` for a file that its schema does not allow, naming `target`.
        """
        if commit is None:
            return Config()
        if (commit, target) in self._broken:
            raise self._broken[commit, target].with_traceback(None)
        if commit not in self._by_commit:
            try:
                self._by_commit[commit] = self._read(commit, f"{target}:{FILE}")
            except InvalidRecord as broken:
                self._broken[commit, target] = broken
                raise
        return self._by_commit[commit]

    def readable(self, commit: Sha | None, target: str) -> Config | None:
        """The same; None where the file is broken, or the commit is not here."""
        try:
            return self.at(commit, target=target)
        except (InvalidRecord, BadObject):
            return None

    def _read(self, commit: Sha, where: str) -> Config:
        found = self._repo.reader.read(f"{commit}:{FILE}")
        if found is None or found.kind != "blob":
            return Config()
        kept = self._repo.state_dir / f"config-{found.oid}.yaml"
        with contextlib.suppress(OSError):
            return parse(kept.read_bytes(), where=where)
        config = parse(found.data, where=where)
        with contextlib.suppress(OSError):
            self._keep(found.oid, text.dump(mapping_in(found.data)))
        return config

    def _keep(self, blob: Sha, data: bytes) -> None:
        for old in self._repo.state_dir.glob("config-*.yaml"):
            old.unlink(missing_ok=True)
        temporary = self._repo.state_dir / f"config-{os.getpid()}.tmp"
        temporary.write_bytes(data)
        temporary.replace(self._repo.state_dir / f"config-{blob}.yaml")
