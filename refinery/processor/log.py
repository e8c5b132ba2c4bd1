"""The processor's log: lines with their times, in files of which only the newest few are kept."""

from __future__ import annotations

import logging
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

MOST_BYTES = 5 << 20
OLD_ONES = 3


class _Handler(RotatingFileHandler):
    """A full disk keeps the log from growing, not the queue from moving."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name there
        return


class Log:
    """Where lines of one repository go; any thread may write."""

    def __init__(self, file: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._handler = _Handler(
            file,
            maxBytes=most_bytes,
            backupCount=OLD_ONES,
            encoding="utf-8",
            errors="replace",
            delay=True,
        )
        form = logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        form.converter = time.gmtime
        self._handler.setFormatter(form)

    def __call__(self, line: str) -> None:
        """Write one line."""
        self._handler.handle(logging.makeLogRecord({"msg": " ".join(line.splitlines())}))

    def close(self) -> None:
        """Let go of the file; the next line opens it again."""
        self._handler.close()
