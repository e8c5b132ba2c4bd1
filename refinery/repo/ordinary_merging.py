"""`git merge` in a working tree, as people do it: the judge that shares no code with the queue."""

from __future__ import annotations

from pathlib import Path

from refinery.records.names import Sha
from refinery.repo.clone import init
from refinery.repo.environment import alternates
from refinery.repo.merging import Conflict, Merge, Merged, Unrelated
from refinery.repo.process import GitError
from refinery.repo.settings import set_setting
from refinery.typed import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from refinery.repo.repository import Repository

_SETTINGS: Final = {
    "user.name": "judge",
    "user.email": "judge@localhost",
    "commit.gpgsign": "false",
    "core.hooksPath": "/dev/null",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "rerere.enabled": "false",
    "advice.detachedHead": "false",
}
_MERGE: Final = ("merge", "--quiet", "--no-ff", "--no-edit", "--no-verify", "-m", "judged")
_UNRELATED: Final = "refusing to merge unrelated histories"


class OrdinaryMerges:
    """A repository beside another one whose objects it borrows; its files are at `at`."""

    def __init__(self, source: Repository, folder: Path) -> None:
        self._repo = init(folder, object_format=source.object_format)
        info = self._repo.common_dir / "objects" / "info"
        info.mkdir(exist_ok=True)
        (info / "alternates").write_text(f"{alternates(source.object_dir)}\n")
        for key, value in _SETTINGS.items():
            set_setting(self._repo, key, value)
        self.at: Sha | None = None

    def stand_on(self, commit: Sha) -> None:
        """Check a commit out."""
        if commit == self.at:
            return
        git = self._repo.git
        git.run("checkout", "--quiet", "--force", "--detach", commit, "--", timeout=600)
        git.run("clean", "-ffdxq", timeout=600)
        self.at = commit

    def merge(self, head: Sha) -> Merge:
        """Merge into what is checked out and stay on the result; after a conflict, where it was."""
        done = self._repo.git.run(*_MERGE, head, ok=range(256), timeout=600)
        if done.returncode == 0:
            return self._merged()
        files = self._unmerged()
        if files:
            self._repo.git.run("reset", "--quiet", "--hard", timeout=600)
            return Conflict(files, ())
        if _UNRELATED in done.stderr:
            return Unrelated()
        raise GitError("merge", done.returncode, done.stderr)

    def squash(self, head: Sha) -> Merge:
        """The same with `git merge --squash`: the result keeps only the changes of the head."""
        before = self.at
        merged = self.merge(head)
        if isinstance(merged, Merged) and before is not None and self.at != before:
            self._repo.git.run("reset", "--quiet", "--soft", before)
            self._repo.git.run("commit", "--quiet", "--allow-empty", "--no-verify", "-m", "judged")
            self._merged()
        return merged

    def close(self) -> None:
        self._repo.close()

    def _merged(self) -> Merged:
        at, tree = self._repo.git.text("rev-parse", "HEAD", "HEAD^{tree}").split()
        self.at = Sha(at)
        return Merged(Sha(tree))

    def _unmerged(self) -> tuple[str, ...]:
        listing = self._repo.git.text("diff", "--name-only", "--diff-filter=U", "-z")
        return tuple(sorted(set(filter(None, listing.split("\0")))))
