"""Makes generated files again: the declared commands, run like checks on the merged files."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.config.resolve import Regenerate, is_declared
from refinery.engine.checks import CheckRun, CheckSpec, CheckVerdict
from refinery.records.names import Sha
from refinery.repo.conflict_sides import has_markers
from refinery.repo.worktree import CheckWorktree
from refinery.values import dataclass

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Made:
    """The tree with its generated files as the commands made them, and nothing else changed."""

    tree: Sha


def specs(generators: Sequence[Regenerate]) -> list[CheckSpec]:
    """The commands as the runner of checks wants them."""
    return [
        CheckSpec(f"regenerate {each.files[0]}", each.run, each.timeout, directory=each.directory)
        for each in generators
    ]


def taken(
    worktree: CheckWorktree, commit: Sha, generators: Sequence[Regenerate], ran: CheckRun
) -> Made | str:
    """What the commands made of the files that are declared, or why it cannot be used."""
    if ran.verdict is not CheckVerdict.PASS:
        bad = next(each for each in ran.results if each.verdict is ran.verdict)
        return f"{bad.name.removeprefix('regenerate ')}: {bad.note}"
    patterns = tuple(pattern for each in generators for pattern in each.files)
    changed = worktree.changed(commit)
    others = [path for path in changed if not is_declared(path, patterns)]
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        return f"the command changed {', '.join(others[:SHOWN])}{more}, which it does not declare"
    for path in changed:
        file = worktree.path / path
        if file.is_file() and not file.is_symlink() and has_markers(file.read_bytes()):
            return f"{path} holds conflict markers"
    return Made(worktree.tree_with(changed))
