"""Disks that are full, at the worker or at the server, and disks that are slow."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.faults.ground import Ground, drain, remove_locks
from tests.faults.killing import spare_the_server
from tests.faults.shim import ALL, WRITES, Fault
from tests.faults.tally import Tally
from tests.sandbox import Sandbox


def worker_is_full(ground: Ground, box: Sandbox, fault: Fault) -> list[str]:
    """From some write of the worker's or its gits on there is no space, until it has ended."""
    spare_the_server(box)
    box.run("process", "--drain", env=full(fault, box.path).environment)
    return ground.wrong(box)


def server_is_full(ground: Ground, box: Sandbox, fault: Fault) -> list[str]:
    """From some write of the server's on there is no space, until the worker has given up."""
    words = full(fault, box.origin).words
    box.git("config", "remote.origin.receivepack", f"{words} git-receive-pack")
    drain(box)
    box.git("config", "--unset", "remote.origin.receivepack")
    remove_locks(box.origin)
    return ground.wrong(box, by="bob")


def full(fault: Fault, folder: Path) -> Fault:
    """The same calls, with this trouble."""
    return replace(fault, calls=WRITES, kind="full", within=fault.within or folder.name)


def really_full(ground: Ground, tally: Tally, side: str, free: int) -> None:
    """`side`, "origin.git" or "clone", is on a small file system with so many bytes left."""
    with ground.fresh() as box, _small(box.root / side) as disk:
        filler = disk / "filler"
        room = shutil.disk_usage(disk).free - free
        with filler.open("wb") as file:
            file.write(b"\0" * max(0, room))
        drain(box)
        filler.unlink()
        remove_locks(box.origin)
        tally.add(
            f"{free} bytes left for {side}", ground.wrong(box, by="" if side == "clone" else "bob")
        )


@contextmanager
def _small(folder: Path) -> Iterator[Path]:
    """The folder, on a file system of its own."""
    kept = folder.with_name(f"{folder.name}.kept")
    folder.rename(kept)
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True)
    try:
        shutil.copytree(kept, folder, symlinks=True, dirs_exist_ok=True)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def can_mount() -> bool:
    """Whether file systems can be made here."""
    return hasattr(os, "getuid") and os.getuid() == 0


def slow(ground: Ground, tally: Tally, *, microseconds: int) -> None:
    """As on NFS: whatever asks for a file takes longer, everywhere; two workers at once."""
    with ground.fresh() as box:
        fault = Fault(box.root / "calls", calls=ALL, kind="slow", pause=microseconds)
        workers = [box.clone("ann"), box.clone("ben")]
        threads = [
            threading.Thread(
                target=each.run,
                args=("process", "--drain"),
                kwargs={"env": fault.environment, "timeout": 300},
            )
            for each in workers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tally.add(f"{microseconds} µs a call", ground.wrong(box, by="bob"))
