"""Output of one check: a log file that a flood cannot fill, and the tail that people are shown."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

from refinery.repo.masking import masked

TAIL_LINES = 20
TAIL_BYTES = 4096

_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor moves
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: titles, links
    r"|\x1b[ -/]*[0-~]"
)
# Bidirectional overrides go too: they make a line read differently from what it says.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class CheckLog:
    """Keeps the first and the last half of `limit` bytes; never raises for the sake of a log.

    Until the limit is passed everything is in the file at once, so that the log can be followed.
    """

    def __init__(self, path: Path, *, limit: int) -> None:
        self.path = path
        self.trouble = ""
        self._half = max(limit // 2, 1)
        self._first = 0
        self._last = bytearray()
        self._recent = bytearray()
        self._total = 0
        self._file: io.FileIO | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = io.FileIO(path, "w")
        except OSError as error:
            self._give_up(error)

    @property
    def cut(self) -> int:
        """Bytes that were left out between the first and the last half."""
        return self._total - self._first - len(self._last)

    def add(self, chunk: bytes) -> None:
        chunk = _without_secrets(chunk)
        self._total += len(chunk)
        # Twice the tail, because escapes and control characters are taken out of it.
        _append(self._recent, chunk, limit=2 * TAIL_BYTES)
        room = self._half - self._first
        self._first += len(chunk[:room])
        self._write(chunk[:room])
        _append(self._last, chunk[room:], limit=self._half)

    def remark(self, text: str) -> None:
        """Write a line of refinery's own, which is no part of the output."""
        self._write(f"refinery: {text}\n".encode(errors="backslashreplace"))

    def close(self, text: str) -> None:
        """Write what was held back and a last remark; a second call does nothing."""
        if self._file is None:
            return
        if self.cut:
            self._write(b"\n")
            self.remark(f"{self.cut} bytes of output cut here")
        self._write(bytes(self._last))
        if self._recent and not self._recent.endswith(b"\n"):
            self._write(b"\n")
        self.remark(text)
        self._shut()

    def tail(self) -> str:
        whole = self._total == len(self._recent)
        return readable_tail(bytes(self._recent), whole=whole)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest and self._file is not None:
            try:
                rest = rest[self._file.write(rest) or 0 :]
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.trouble = f"log incomplete: {error.strerror or error}"
        self._shut()

    def _shut(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None


def readable_tail(raw: bytes, *, whole: bool = True) -> str:
    """The last lines as plain text; `whole` is false when `raw` may begin inside a character."""
    if not whole:
        raw = raw[:4].lstrip(bytes(range(0x80, 0xC0))) + raw[4:]
    lines = readable(raw).rstrip("\n").split("\n")[-TAIL_LINES:]
    return "\n".join(lines).encode()[-TAIL_BYTES:].decode(errors="ignore")


def readable(raw: bytes) -> str:
    """Output as plain text: nothing that a terminal would obey, no secrets."""
    text = _ESCAPE.sub("", raw.decode(errors="replace"))
    text = masked(re.sub(r"\r+\n?", "\n", text))
    return _CONTROL.sub("", text)


def _without_secrets(chunk: bytes) -> bytes:
    """A check can read the remote's URL; a token in it gets into no log."""
    if b"://" not in chunk or b"@" not in chunk:
        return chunk
    return masked(chunk.decode("latin-1")).encode("latin-1")


def _append(buffer: bytearray, chunk: bytes, *, limit: int) -> None:
    buffer += chunk[-limit:]
    if len(buffer) > limit:
        del buffer[: len(buffer) - limit]
