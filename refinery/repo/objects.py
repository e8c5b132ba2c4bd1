"""Reads objects through one `cat-file --batch-command` that stays up, many at a time."""

from __future__ import annotations

import threading
from codecs import lookup
from collections.abc import Callable, Collection, Iterator, Sequence
from subprocess import Popen

from refinery.errors import RefineryError
from refinery.records.names import InvalidName, Sha, parse_sha
from refinery.repo.process import Git, GitError, end, end_reader
from refinery.typed import Final
from refinery.values import dataclass

_TREE_MODE: Final = 0o040000
_LINK_MODE: Final = 0o160000
_MOST_TREE_IDS: Final = 50_000
_LABELS: Final = ("punycode", "idna")  # for names of hosts: a megabyte takes them minutes


class BadObject(RefineryError):
    """An object is there, but is not what it must be."""

    code = "bad-object"


@dataclass(frozen=True, slots=True)
class GitObject:
    oid: Sha
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One entry of a tree; bytes of `name` that are not UTF-8 are surrogates."""

    mode: int
    name: str
    oid: Sha

    @property
    def is_tree(self) -> bool:
        return self.mode == _TREE_MODE


@dataclass(frozen=True, slots=True)
class Commit:
    """`author` and `committer` are the raw lines: `Name <mail> seconds zone`.

    `signature` is the first line of the signature: what kind it is of, and nothing of its worth.
    """

    oid: Sha
    tree: Sha
    parents: tuple[Sha, ...]
    author: str
    committer: str
    message: str
    signature: str = ""

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]

    @property
    def is_signed(self) -> bool:
        """Whether it claims to be signed; whether it is, `refinery.repo.signatures` finds out."""
        return bool(self.signature)


class ObjectReader:
    """One cat-file process, started at the first read and again after anything went wrong with it.

    Names are anything git resolves: object ids, full refs, `<commit>:<path>`. Safe between threads.
    """

    __slots__ = ("_git", "_lock", "_process", "_raw_size", "_tree_ids")

    def __init__(self, git: Git, object_format: str) -> None:
        self._git = git
        self._raw_size = 32 if object_format == "sha256" else 20
        self._process: Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._tree_ids: dict[Sha, Sha] = {}

    def begin(self) -> None:
        """Start the process now, while something else has to be waited for anyway."""
        with self._lock:
            self._running()

    def read(self, name: str) -> GitObject | None:
        return self.read_many((name,))[0]

    def read_many(self, names: Sequence[str]) -> list[GitObject | None]:
        """The objects in the order asked for; None for one that is missing."""
        if not names:
            return []
        requests = [_request(name) for name in names]
        with self._lock:
            try:
                return self._exchange(requests)
            except BaseException:
                # An answer may be half read: the next question would get its rest.
                self._stop()
                raise

    def blob(self, name: str) -> bytes | None:
        found = self.read(name)
        return None if found is None else _expect(found, "blob").data

    def tree(self, oid: str) -> tuple[TreeEntry, ...]:
        return self._entries(_expect(_present(self.read(f"{oid}^{{tree}}"), oid), "tree"))

    def trees(self, oids: Sequence[str]) -> list[tuple[TreeEntry, ...]]:
        """The entries of trees, asked for together."""
        found = self.read_many(oids)
        return [
            self._entries(_expect(_present(each, oid), "tree"))
            for each, oid in zip(found, oids, strict=True)
        ]

    def commit(self, oid: str) -> Commit:
        return self.commits((oid,))[0]

    def commits(self, oids: Sequence[str]) -> tuple[Commit, ...]:
        found = self.read_many(oids)
        return tuple(
            parse_commit(_present(each, oid)) for each, oid in zip(found, oids, strict=True)
        )

    def tree_ids(self, commits: Collection[Sha]) -> dict[Sha, Sha]:
        """The tree of each commit; of one that was asked about before it is known."""
        known = self._tree_ids
        missing = [oid for oid in dict.fromkeys(commits) if oid not in known]
        if missing:
            if len(known) > _MOST_TREE_IDS:
                known = {oid: known[oid] for oid in commits if oid in known}
            new = {commit.oid: commit.tree for commit in self.commits(missing)}
            known = self._tree_ids = known | new
        return {oid: known[oid] for oid in commits}

    def walk_blobs(self, tree: str, prefix: str = "") -> list[tuple[str, Sha]]:
        """Every file under a tree (or commit) with its path, level by level, one round a level.

        `prefix` is the folder to start in; an absent one holds no files. Submodules are left out.
        """
        start = prefix.strip("/")
        root = self.read(f"{tree}:{start}" if start else f"{tree}^{{tree}}")
        if root is None or root.kind != "tree":
            return []
        files: list[tuple[str, Sha]] = []
        level = [(f"{start}/" if start else "", self._entries(root))]
        while level:
            folders = list(_sort_out(level, files))
            found = self.read_many([oid for _, oid in folders])
            level = [
                (path, self._entries(_expect(_present(each, oid), "tree")))
                for (path, oid), each in zip(folders, found, strict=True)
            ]
        return sorted(files)

    def close(self) -> None:
        with self._lock:
            self._stop(end_reader)

    def _entries(self, found: GitObject) -> tuple[TreeEntry, ...]:
        return tuple(parse_tree(found.data, self._raw_size))

    def _exchange(self, requests: list[bytes]) -> list[GitObject | None]:
        process = self._running()
        assert process.stdin is not None
        try:
            # git answers nothing before the flush, so that neither side can wait for the other.
            process.stdin.write(b"".join((*requests, b"flush\n")))
            process.stdin.flush()
        except OSError as error:
            raise self._died() from error
        return [self._answer(process) for _ in requests]

    def _answer(self, process: Popen[bytes]) -> GitObject | None:
        assert process.stdout is not None
        header = process.stdout.readline()
        fields = header.rsplit(b" ", 2)
        if len(fields) == 3 and fields[2].strip().isdigit():
            size = int(fields[2])
            body = process.stdout.read(size + 1)
            if len(body) == size + 1:
                return GitObject(Sha(fields[0].decode()), fields[1].decode(), body[:-1])
        elif header.endswith((b" missing\n", b" ambiguous\n")):
            return None
        raise self._died()

    def _running(self) -> Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = self._git.spawn("cat-file", "--batch-command", "--buffer")
        return self._process

    def _died(self) -> GitError:
        process = self._process
        code = process.poll() if process else None
        return GitError(
            "cat-file", code or 128, "the object reader ended in the middle of an answer"
        )

    def _stop(self, ending: Callable[[Popen[bytes]], None] = end) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            ending(process)


def _request(name: str) -> bytes:
    if not name or "\n" in name or "\0" in name:
        raise GitError("cat-file", 128, f"not an object name: {name!r}")
    return b"contents %s\n" % name.encode("utf-8", "surrogateescape")


def _present(found: GitObject | None, name: str) -> GitObject:
    if found is None:
        raise BadObject(
            f"object {name!r} is missing", hint="`git fsck` shows what the repository lacks"
        )
    return found


def _expect(found: GitObject, kind: str) -> GitObject:
    if found.kind != kind:
        raise BadObject(f"object {found.oid} is a {found.kind}, not a {kind}")
    return found


def _sort_out(
    level: list[tuple[str, tuple[TreeEntry, ...]]], files: list[tuple[str, Sha]]
) -> Iterator[tuple[str, Sha]]:
    """Adds the level's files to `files` and yields its folders."""
    for path, entries in level:
        for entry in entries:
            if entry.is_tree:
                yield f"{path}{entry.name}/", entry.oid
            elif entry.mode != _LINK_MODE:
                files.append((path + entry.name, entry.oid))


def parse_tree(data: bytes, raw_size: int) -> Iterator[TreeEntry]:
    position = 0
    while position < len(data):
        try:
            space = data.index(b" ", position)
            nul = data.index(b"\0", space)
            mode = int(data[position:space], 8)
        except ValueError:
            where = f"a tree is damaged at byte {position}"
            raise BadObject(where, hint="`git fsck` says which") from None
        yield TreeEntry(
            mode,
            data[space + 1 : nul].decode("utf-8", "surrogateescape"),
            Sha(data[nul + 1 : nul + 1 + raw_size].hex()),
        )
        position = nul + 1 + raw_size


def parse_commit(found: GitObject) -> Commit:
    """A commit from its object; texts are decoded as its encoding header says, else as UTF-8."""
    head, _, body = _expect(found, "commit").data.partition(b"\n\n")
    headers: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        if key:  # a line that begins with a space goes on with the header above it: a signature
            headers.setdefault(key, []).append(value)
    encoding = headers.get(b"encoding", [b"utf-8"])[0].decode("ascii", "replace")
    try:
        tree, *_ = map(parse_sha, (each.decode() for each in headers.get(b"tree", ())))
        parents = tuple(parse_sha(each.decode()) for each in headers.get(b"parent", ()))
    except (ValueError, InvalidName):
        raise BadObject(
            f"commit {found.oid} is damaged", hint="`git fsck` says what is wrong with it"
        ) from None
    return Commit(
        found.oid,
        tree,
        parents,
        _decoded(headers.get(b"author", [b""])[0], encoding),
        _decoded(headers.get(b"committer", [b""])[0], encoding),
        _decoded(body, encoding),
        _decoded((headers.get(b"gpgsig") or headers.get(b"gpgsig-sha256") or [b""])[0], "utf-8"),
    )


def _decoded(data: bytes, encoding: str) -> str:
    try:
        if lookup(encoding).name in _LABELS:
            return data.decode("utf-8", "replace")
        text = data.decode(encoding)
        text.encode()  # some encodings can say what nobody can write again
    except (LookupError, ValueError):  # the header is anybody's, and names any codec of Python's
        return data.decode("utf-8", "replace")
    return text
