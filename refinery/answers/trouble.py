"""Words what nobody foresaw: trouble of the machine, and bugs, whose traceback is kept."""

from __future__ import annotations

import errno
import sys

from refinery import __version__
from refinery.errors import RefineryError

_OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE}
    | {errno.ENOMEM, errno.EIO, errno.EAGAIN}
)


class MachineTrouble(RefineryError):
    """The machine, not the program, is at fault."""

    code = "machine-trouble"


class Bug(RefineryError):
    """We are at fault."""

    code = "bug"
    exit_code = 3


def worded(error: Exception) -> RefineryError:
    """What to tell of whatever went wrong; of a bug, it keeps the traceback."""
    if isinstance(error, RefineryError):
        return error
    if not isinstance(error, OSError):
        return bug(error)
    if error.errno in _OF_THE_MACHINE:
        where = f": {error.filename}" if error.filename else ""
        hint = "nothing was left half done; put it right and run it again"
        return MachineTrouble(f"{error.strerror}{where}", hint=hint)
    from refinery.repo.repository import NotARepository, current_directory

    try:
        current_directory()  # without one, nearly every call of the system finds no such file
    except NotARepository as gone:
        return gone
    return bug(error)


def bug(error: Exception) -> Bug:
    """A bug, whose traceback lies where the hint says."""
    import tempfile
    import traceback

    from refinery.repo.masking import masked

    with tempfile.NamedTemporaryFile(
        "w", prefix="refinery-bug-", suffix=".txt", delete=False, errors="backslashreplace"
    ) as file:
        told = masked("".join(traceback.format_exception(error)))
        file.write(f"refinery {__version__}, Python {sys.version}\n\n{told}")
    problem = traceback.format_exception_only(error)[-1].strip()
    return Bug(f"this is a bug in refinery: {problem}", hint=f"please report it with {file.name}")
