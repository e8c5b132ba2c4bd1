"""Where somebody resolves the conflict of a merge request, remembered in the clone."""

from __future__ import annotations

from pathlib import Path

from refinery.records.names import MrId, Sha
from refinery.repo.repository import Repository
from refinery.repo.side_worktree import How, SideWorktree
from refinery.values import dataclass

FOLDER = "resolving"


@dataclass(frozen=True, slots=True)
class Workplace:
    """One merge request's: its head, and the commit of its target that it is brought together with.

    `files` conflicted when it was laid out; those in `marked` then had conflict markers.
    """

    id: MrId
    path: Path
    how: How
    head: Sha
    onto: Sha
    files: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()

    def worktree(self, repo: Repository) -> SideWorktree:
        """The worktree itself."""
        return SideWorktree(repo, self.path)


def usual_path(repo: Repository, id: MrId) -> Path:
    """Inside the clone's own folder: it can always be written, and nothing else looks there."""
    return repo.state_dir / FOLDER / id


def save(repo: Repository, place: Workplace) -> None:
    """Remember it; a reader never sees half of it."""
    import json

    file = _file(repo, place.id)
    file.parent.mkdir(exist_ok=True)
    told = {
        **{name: getattr(place, name) for name in ("id", "how", "head", "onto")},
        "path": str(place.path),
        "files": place.files,
        "marked": place.marked,
    }
    half = file.with_suffix(".new")
    half.write_text(json.dumps(told, indent=2))
    half.replace(file)


def load(repo: Repository, id: MrId) -> Workplace | None:
    """What is remembered, if its worktree is still there."""
    import json

    try:
        told = json.loads(_file(repo, id).read_text())
        place = Workplace(
            id=MrId(told["id"]),
            path=Path(told["path"]),
            how=How(told["how"]),
            head=Sha(told["head"]),
            onto=Sha(told["onto"]),
            files=tuple(told["files"]),
            marked=tuple(told["marked"]),
        )
    except (OSError, ValueError, LookupError):
        return None
    return place if place.worktree(repo).is_there else None


def around(repo: Repository) -> Workplace | None:
    """The workplace that the command was started in."""
    if repo.worktree is None:
        return None
    known = (load(repo, MrId(file.stem)) for file in (repo.state_dir / FOLDER).glob("*.json"))
    here = repo.worktree.resolve()
    return next((each for each in known if each and each.path.resolve() == here), None)


def forget(repo: Repository, place: Workplace) -> None:
    """Remove the worktree, and what is remembered of it."""
    place.worktree(repo).remove()
    _file(repo, place.id).unlink(missing_ok=True)


def _file(repo: Repository, id: MrId) -> Path:
    return repo.state_dir / FOLDER / f"{id}.json"
