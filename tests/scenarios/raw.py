"""Writes what no tool of ours would write: odd commits, and records behind refinery's back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tests.sandbox import Sandbox

FILE = "100644"
PROGRAM = "100755"
LINK = "120000"
SUBMODULE = "160000"
QUEUE = "refs/refinery/queue"


def commit(
    box: Sandbox,
    branch: str,
    entries: Mapping[bytes, tuple[str, bytes] | None],
    *,
    message: bytes = b"Odd",
    encoding: str = "",
) -> str:
    """Push a commit on top of main whose entries have any mode, name and content."""
    box.git("fetch", "-q", "origin")
    lines = [f"commit refs/heads/{branch}".encode()]
    lines += [b"author Ada <ada@example.com> 1700009000 +0000"]
    lines += [b"committer Ada <ada@example.com> 1700009000 +0000"]
    lines += [f"encoding {encoding}".encode()] if encoding else []
    lines += [b"data %d\n%s" % (len(message), message), f"from {box.sha('main')}".encode()]
    for path, entry in entries.items():
        lines.append(b"D " + path if entry is None else _change(path, *entry))
    stream = box.root / "stream"
    stream.write_bytes(b"\n".join(lines) + b"\n")
    box.git("-c", f"alias.feed=!git fast-import --quiet --force <{stream}", "feed")
    box.git("push", "-q", "--force", "origin", f"refs/heads/{branch}:refs/heads/{branch}")
    made = box.sha(f"refs/heads/{branch}", at=box.path)
    assert made is not None
    return made


def _change(path: bytes, mode: str, content: bytes) -> bytes:
    if mode == SUBMODULE:
        return b"M %s %s %s" % (mode.encode(), content, path)
    return b"M %s inline %s\ndata %d\n%s" % (mode.encode(), path, len(content), content)


def queue_files(box: Sandbox) -> dict[str, str]:
    """The records as they stand in the queue ref."""
    return box.tree(QUEUE)


def write_queue(box: Sandbox, files: Mapping[str, str | None]) -> None:
    """Put files into the queue ref (None removes one), as a person with an editor could."""
    index = str(box.root / "index")
    os.environ["GIT_INDEX_FILE"] = index
    try:
        box.git("read-tree", QUEUE, cwd=box.origin)
        for path, text in files.items():
            if text is None:
                box.git("--work-tree=.", "update-index", "--force-remove", path, cwd=box.origin)
                continue
            oid = box.git("hash-object", "-w", "--stdin", cwd=box.origin, stdin=text)
            entry = f"100644,{oid},{path}"
            box.git("update-index", "--add", "--cacheinfo", entry, cwd=box.origin)
        tree = box.git("write-tree", cwd=box.origin)
    finally:
        del os.environ["GIT_INDEX_FILE"]
    made = box.git("commit-tree", tree, "-p", QUEUE, "-m", "by hand", cwd=box.origin)
    box.git("update-ref", QUEUE, made, cwd=box.origin)


def write_ref(box: Sandbox, ref: str, files: Mapping[str, str], parent: str = "main") -> None:
    """Make a ref of the origin a commit with these files, as inbox and claims are."""
    rows = [
        f"100644 blob {box.git('hash-object', '-w', '--stdin', cwd=box.origin, stdin=text)}\t{path}"
        for path, text in files.items()
    ]
    tree = box.git("mktree", cwd=box.origin, stdin="\n".join(rows) + "\n")
    made = box.git("commit-tree", tree, "-p", parent, "-m", "by hand", cwd=box.origin)
    box.git("update-ref", ref, made, cwd=box.origin)


def blob(box: Sandbox, text: str = "garbage\n") -> str:
    """An object of the origin that is no commit."""
    return box.git("hash-object", "-w", "--stdin", cwd=box.origin, stdin=text)


def is_gone(pid: str) -> bool:
    """Ended; a zombie whose parent is slow counts."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] == "Z"
    except FileNotFoundError:
        return True
