"""File modes of a shared repository: what core.sharedRepository asks for."""

from __future__ import annotations

import os
from pathlib import Path

from refinery.typed import Final
from refinery.values import dataclass

_GROUP: Final = 0o660
_WORLD: Final = 0o664
_NAMED: Final = {
    "umask": 0,
    "false": 0,
    "0": 0,
    "group": _GROUP,
    "true": _GROUP,
    "1": _GROUP,
    "all": _WORLD,
    "world": _WORLD,
    "everybody": _WORLD,
    "2": _WORLD,
}


@dataclass(frozen=True, slots=True)
class Sharing:
    """`mode` is what others may do with a file; 0 leaves it to the umask."""

    mode: int = 0

    @classmethod
    def configured(cls, value: str) -> Sharing:
        known = _NAMED.get(value.lower())
        if known is not None:
            return cls(known)
        return cls(int(value, 8) & 0o666) if value.isdigit() else cls()

    def open_file(self, path: str) -> None:
        if self.mode and os.name == "posix":
            os.chmod(path, 0o444 & self.mode | 0o400)  # noqa: PTH101 - hot path

    def open_folder(self, folder: Path) -> None:
        if self.mode and os.name == "posix":
            searchable = (self.mode & 0o444) >> 2
            folder.chmod(0o2700 | self.mode | searchable)
