"""Makes a repository that has no objects of its own: it borrows those of another."""

from __future__ import annotations

from pathlib import Path

from refinery.records.names import Sha
from refinery.repo.masking import masked
from refinery.repo.refs import list_refs
from refinery.typed import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

_REFS: Final = ("refs/heads/", "refs/remotes/", "refs/tags/")
_SETTINGS: Final = ("user.name", "user.email")
_FAMILIES: Final = ("filter.", "lfs.")  # how files are checked out


def make_borrower(repo: Repository, git_dir: Path, *, head: Sha) -> None:
    """A git directory with the branches and tags of `repo`, anew: nothing in it was there before.

    Of the settings it has who commits, how files are checked out, and where the repository comes
    from, without secrets.
    """
    remove(git_dir)
    for folder in ("objects/info", "refs"):
        (git_dir / folder).mkdir(parents=True)
    shallow = repo.common_dir / "shallow"
    if shallow.is_file():
        (git_dir / "shallow").write_bytes(shallow.read_bytes())
    _write(git_dir / "objects/info/alternates", f"{repo.object_dir}\n")
    _write(git_dir / "packed-refs", _packed(repo))
    _write(git_dir / "config", _config(repo))
    _write(git_dir / "HEAD", f"{head}\n")


def _packed(repo: Repository) -> str:
    return "".join(f"{oid} {ref}\n" for ref, oid in sorted(list_refs(repo, *_REFS).items()))


def _config(repo: Repository) -> str:
    lines = ["[core]", "repositoryFormatVersion = 1", "bare = false", "logAllRefUpdates = false"]
    lines += ["[extensions]", f"objectFormat = {repo.object_format}"]
    families = sorted(key for key in repo.config if key.startswith(_FAMILIES))
    for key in (*_SETTINGS, *families):
        told = repo.setting(key)
        if told and told == masked(told):
            lines += [_section(key), f"{key.rpartition('.')[2]} = {_quoted(told)}"]
    remote = repo.remote_name()
    url = repo.setting(f"remote.{remote}.url")
    if url and url == masked(url):
        lines += [f"[remote {_quoted(str(remote))}]", f"url = {_quoted(url)}"]
        lines += [f"fetch = {_quoted(f'+refs/heads/*:refs/remotes/{remote}/*')}"]
    return "\n".join(lines) + "\n"


def _section(key: str) -> str:
    """The heading of `filter.lfs.clean` is `[filter "lfs"]`."""
    section, _, rest = key.partition(".")
    inner = rest.rpartition(".")[0]
    return f"[{section} {_quoted(inner)}]" if inner else f"[{section}]"


def _quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", "surrogateescape")


def remove(path: Path) -> None:
    """Whatever is there; what a link leads to stays."""
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
