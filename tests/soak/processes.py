"""Who is there to be killed: the processes below others, and what each of them is."""

from __future__ import annotations

import os
import signal
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """One that runs, and the words it was started with."""

    pid: int
    parent: int
    words: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What dies with it: a worker, a git of ours, the server's receive-pack, or a check."""
        if any(word.endswith("receive-pack") for word in self.words[:3]):
            return "receive-pack"
        if os.path.basename(self.words[0]) == "git":  # noqa: PTH119
            return "git"
        return "worker" if "refinery" in self.words[:4] else "check"


def below(pids: Iterable[int]) -> list[Process]:
    """All that these started, and what those started; not these themselves."""
    children: dict[int, list[Process]] = defaultdict(list)
    for process in running():
        children[process.parent].append(process)
    found: list[Process] = []
    asked = list(pids)
    while asked:
        each = children.pop(asked.pop(), [])
        found += each
        asked += [process.pid for process in each]
    return found


def running() -> Iterator[Process]:
    """All processes of this machine that can be seen and have not ended."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if stat[0] != "Z" and words[0]:
                yield Process(int(folder.name), int(stat[1]), tuple(words))


def strike(process: Process) -> bool:
    """SIGKILL; whether it was still there."""
    try:
        os.kill(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def bearing(mark: str) -> list[Process]:
    """Those whose environment holds the text: what somebody left behind."""
    found = []
    for process in running():
        try:
            environment = Path(f"/proc/{process.pid}/environ").read_bytes()
        except OSError:
            continue
        if mark.encode() in environment and process.pid != os.getpid():
            found.append(process)
    return found
