"""What had to be signed, and by whose keys: as the commit before the one that is judged says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from refinery.config.config import FILE, parse
from refinery.config.signatures import UNSIGNED, Signatures
from refinery.records import document
from refinery.records.header import QueueHeader
from refinery.records.names import Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.history import commits_between
from refinery.repo.objects import Commit, GitObject
from refinery.repo.repository import Repository
from refinery.repo.signatures import Judged, Keys, Worth, judge
from refinery.repo.trailers import trailer
from refinery.store import layout
from refinery.store.message import OPERATION
from refinery.store.trail import continued
from refinery.values import dataclass

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A commit, whether it had to be signed, and by whom it may have been."""

    commit: Commit
    is_required: bool
    keys: Keys


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a commit of a target asks for, and that commit, whose files say whose keys count."""

    asked: Signatures = UNSIGNED
    at: Sha | None = None


class Asking:
    """Reads what commits of targets ask for, each file of theirs once."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._configs: dict[Sha, Signatures | None] = {}
        self._headers: dict[Sha, QueueHeader | None] = {}
        self._files: dict[Sha, bytes] = {}
        self._keys: dict[tuple[Sha | None, Signatures], Keys] = {}

    def at(self, commit: Sha) -> tuple[Signatures, Keys]:
        """What this commit asks of whatever comes after it, and by whose keys."""
        [rule] = self._rules([commit])
        return rule.asked, self._keys_of(rule)

    def of_target(
        self, line: Sequence[Commit], before: Mapping[Sha, Sha] | None = None
    ) -> list[Asked]:
        """Of what a target went through, oldest first: what stood there before asked for it.

        That is the first parent, unless `before` knows better.
        """
        known = before or {}
        parents = [known.get(commit.oid, next(iter(commit.parents), None)) for commit in line]
        return [
            Asked(commit, rule.asked.landings, self._keys_of(rule))
            for commit, rule in zip(line, self._rules(parents), strict=True)
        ]

    def of_queue(self, line: Sequence[Commit]) -> list[Asked]:
        """Of the queue's history, oldest first.

        It is asked by the default target, as it was when the last landing there was recorded: what
        is chained to a commit that was judged before cannot be chosen by whoever signs.
        """
        before = [commit.parents[0] if commit.parents else continued(commit) for commit in line]
        grounds = self._grounds(before)
        return [
            _linear(Asked(commit, rule.asked.queue, self._keys_of(rule)))
            for commit, rule in zip(line, self._rules(grounds), strict=True)
        ]

    @staticmethod
    def of_archive(line: Sequence[Commit], queue: Sequence[Asked]) -> list[Asked]:
        """Of the archive's groups, oldest first: the same as of the change they are a part of."""
        known = {trailer(each.commit.message, OPERATION): each for each in queue}
        found: list[Asked] = []
        for commit in line:
            before = found[-1] if found else None
            like = known.get(trailer(commit.message, OPERATION), before)
            required, keys = (like.is_required, like.keys) if like else (False, Keys())
            found.append(_linear(Asked(commit, required, keys)))
        return found

    def _rules(self, commits: Sequence[Sha | None]) -> Iterator[_Rule]:
        """What each asks for; one that cannot be read goes on with what was asked before it."""
        rule = _Rule()
        for start in range(0, len(commits), _AT_ONCE):
            part = commits[start : start + _AT_ONCE]
            found = self._repo.reader.read_many([f"{oid}:{FILE}" for oid in part if oid])
            files = iter(found)
            for oid in part:
                asked = self._config(oid, next(files)) if oid else UNSIGNED
                rule = rule if asked is None else _Rule(asked, oid)
                yield rule

    def _config(self, commit: Sha, file: GitObject | None) -> Signatures | None:
        """What a file says; None where that is not known."""
        if file is None:
            return UNSIGNED if self._repo.reader.read(f"{commit}^{{commit}}") else None
        if file.oid not in self._configs:
            try:
                self._configs[file.oid] = parse(file.data, where=FILE).signatures
            except InvalidRecord:
                self._configs[file.oid] = None
        return self._configs[file.oid]

    def _grounds(self, commits: Sequence[Sha | None]) -> list[Sha | None]:
        """Where the default target stood, by the header of each commit of the queue."""
        found: list[Sha | None] = []
        for start in range(0, len(commits), _AT_ONCE):
            part = [oid for oid in commits[start : start + _AT_ONCE] if oid]
            headers = iter(self._repo.reader.read_many([f"{oid}:{layout.HEADER}" for oid in part]))
            for oid in commits[start : start + _AT_ONCE]:
                header = self._header(next(headers)) if oid else None
                last = found[-1] if found else None
                found.append(header.landed.get(header.default_target, last) if header else last)
        return found

    def _header(self, file: GitObject | None) -> QueueHeader | None:
        if file is None:
            return None
        if file.oid not in self._headers:
            try:
                header = document.read(QueueHeader, file.data, where=layout.HEADER)
            except InvalidRecord:
                header = None
            self._headers = {file.oid: header}  # neighbours share it
        return self._headers[file.oid]

    def _keys_of(self, rule: _Rule) -> Keys:
        """Whose keys count; a file that is not there names nobody."""
        known = rule.at, rule.asked
        if known not in self._keys:
            self._keys[known] = Keys(
                signers=self._file(rule.at, rule.asked.signers),
                keyring=self._file(rule.at, rule.asked.keyring),
            )
        return self._keys[known]

    def _file(self, commit: Sha | None, path: str | None) -> bytes | None:
        if commit is None or path is None:
            return None
        found = self._repo.reader.read(f"{commit}:{path}")
        if found is None or found.kind != "blob":
            return b""
        return self._files.setdefault(found.oid, found.data)


def _linear(asked: Asked) -> Asked:
    """The queue merges nothing: whose signature such a commit has, and on what, is all the same."""
    if len(asked.commit.parents) < 2:
        return asked
    return Asked(asked.commit, is_required=True, keys=Keys(signers=b"", keyring=b""))


def judged(repo: Repository, asked: Sequence[Asked]) -> Mapping[Sha, Judged]:
    """What the signature of each is worth, those with the same keys together."""
    by_keys: dict[Keys, list[Commit]] = {}
    for each in asked:
        by_keys.setdefault(each.keys, []).append(each.commit)
    return {
        commit.oid: worth
        for keys, commits in by_keys.items()
        for commit, worth in zip(commits, judge(repo, commits, keys), strict=True)
    }


def faults(repo: Repository, base: Sha, tip: Sha) -> list[tuple[Commit, Judged]]:
    """What would land on `base` without the signature that is asked for.

    The base asks it of all, and each commit of the one after it.
    """
    line = commits_between(repo, base, tip, first_parent=True, reverse=True)
    asking = Asking(repo)
    rule, keys = asking.at(base)
    by_base = [Asked(commit, rule.landings, keys) for commit in line]
    by_each = [each for each in asking.of_target(line) if each.keys != keys or not rule.landings]
    found = []
    for asked in (by_base, by_each):
        required = [each for each in asked if each.is_required]
        worth = judged(repo, required)
        found += [(each.commit, worth[each.commit.oid]) for each in required]
    return [each for each in found if each[1].worth is not Worth.GOOD]


def nobody_left(repo: Repository, tree: Sha, asked: Signatures) -> bool:
    """Whether a tree asks for signatures and names nobody who could give one."""
    if not asked.files or not (asked.landings or asked.queue):
        return False
    found = repo.reader.read_many([f"{tree}:{path}" for path in asked.files])
    return not any(each is not None and each.data.strip() for each in found)
