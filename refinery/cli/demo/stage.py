"""Where the demonstration plays: runs real commands in real repositories, shows what they say."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import refinery
from refinery.cli.output import coloured, style
from refinery.errors import RefineryError
from refinery.repo.process import Git

SERVER, AUTHOR = "cafe.git", "ada"

_INDENT = "    "
_FOREIGN = re.compile(r"GIT_(?!EXEC_PATH).*|(GT_)?REFINERY_.*|EMAIL")
_AUTHOR = {
    "user.name": "Ada",
    "user.email": "ada@example.com",
    "commit.gpgsign": "false",
}
_NO_EDITOR = {"GIT_EDITOR": "true"}


class NotAsTold(RefineryError):
    """Something came out otherwise than the demonstration says."""

    code = "demo-went-wrong"


class Stage:
    """A server's bare repository and an author's clone of it, side by side in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._chapters = 0

    @property
    def server(self) -> Path:
        """The bare repository."""
        return self.folder / SERVER

    @property
    def author(self) -> Path:
        """The author's clone."""
        return self.folder / AUTHOR

    # Telling

    def chapter(self, title: str, *sentences: str) -> None:
        """Begin the next chapter."""
        self._chapters += 1
        print("\n" + style(f"{self._chapters}. {title}", "bold"))
        self.say(*sentences)

    def say(self, *sentences: str) -> None:
        """Explain."""
        for sentence in sentences:
            print(sentence, flush=True)

    # Doing

    def git(self, *words: str, shown: bool = True, ok: tuple[int, ...] = (0,)) -> str:
        """Run git in the author's clone; what it said."""
        return self._git(self.author, words, shown=shown, ok=ok)

    def on_server(self, *words: str) -> str:
        """Run git in the bare repository."""
        return self._git(self.server, words, shown=True, ok=(0,))

    def refinery(self, *words: str, ok: tuple[int, ...] = (0,)) -> str:
        """Run refinery in the bare repository, as a worker or maintainer does."""
        from refinery.cli.main import INTERRUPTED, main

        self._show_command(self.server, ("refinery", *words))
        said = io.StringIO()
        with (
            contextlib.chdir(self.server),
            _coloured(),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            code = main(words)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        self._show(said.getvalue())
        if code not in ok:
            raise NotAsTold(f"`refinery {shlex.join(words)}` ended with exit code {code}")
        return said.getvalue()

    def write(self, files: Mapping[str, str]) -> None:
        """Write files of the author's working tree."""
        for name, content in files.items():
            path = self.author / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="\n")

    def commit(self, files: Mapping[str, str], message: str) -> None:
        """Write and commit, without a word about it."""
        self.write(files)
        self.git("add", "--all", shown=False)
        self.git("commit", "--quiet", "-m", message, shown=False)

    def configure(self) -> None:
        """Give the author's clone an identity; what this machine has configured is not asked."""
        for key, value in _AUTHOR.items():
            self.git("config", key, value, shown=False)

    def _git(self, place: Path, words: tuple[str, ...], *, shown: bool, ok: tuple[int, ...]) -> str:
        if shown:
            self._show_command(place, ("git", *words))
        done = Git(place).run(*words, ok=range(256), env=_NO_EDITOR)
        said = done.text + ("\n" if done.text and done.stderr else "") + done.stderr
        if shown:
            self._show(said)
        if done.returncode not in ok:
            raise NotAsTold(f"`git {shlex.join(words)}` ended with exit code {done.returncode}")
        return said

    def _show_command(self, place: Path, words: tuple[str, ...]) -> None:
        prompt = style(f"{place.name} $", "dim")
        print(f"{_INDENT}{prompt} {style(shlex.join(words), 'cyan')}", flush=True)

    def _show(self, said: str) -> None:
        for line in said.replace(f"{self.folder}{os.sep}", "").splitlines():
            if not line.startswith("hint: "):
                print(f"{_INDENT}{line}".rstrip())
        sys.stdout.flush()


@contextlib.contextmanager
def _coloured() -> Iterator[None]:
    """What is caught is shown on stdout, so it is coloured as if printed there."""
    if not coloured(sys.stdout) or "FORCE_COLOR" in os.environ:
        yield
        return
    os.environ["FORCE_COLOR"] = "1"
    try:
        yield
    finally:
        del os.environ["FORCE_COLOR"]


@contextlib.contextmanager
def sealed(folder: Path) -> Iterator[None]:
    """While this lasts nothing that the user or a calling git has configured is seen by git."""
    before = dict(os.environ)
    for name in filter(_FOREIGN.fullmatch, before):
        del os.environ[name]
    package = str(Path(refinery.__file__).resolve().parent.parent)
    known = before.get("PYTHONPATH")
    os.environ |= {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "XDG_CONFIG_HOME": str(folder / "no-config"),
        # The hooks start the Python that runs this, and have to find the package as it did.
        "PYTHONPATH": f"{package}{os.pathsep}{known}" if known else package,
    }
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
