"""Remembers answers in the clone's own folder: losing them costs time and nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence

from refinery.repo.objects import BadObject
from refinery.repo.process import GitError
from refinery.repo.repository import Repository
from refinery.typed import Any, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

_MUCH = 16  # questions


def recall(repo: Repository, name: str) -> Any:
    """What was remembered under the name; nothing (an empty list) where that cannot be read."""
    try:
        return json.loads((repo.state_dir / name).read_bytes())
    except (OSError, ValueError):
        return []


def remember(repo: Repository, name: str, rows: object) -> None:
    """Replace what was remembered, in one step; full or read-only: it is found out again."""
    new = repo.state_dir / f"{name}.{os.getpid()}"
    try:
        new.write_text(json.dumps(rows, separators=(",", ":")))
        new.replace(repo.state_dir / name)
    except OSError:
        new.unlink(missing_ok=True)


def answers_of_two(
    ask: Callable[[Sequence[Asked]], Mapping[Asked, Answer]], asked: Sequence[Asked]
) -> dict[Asked, Answer]:
    """The same as `answers`; where much is asked, a second git answers half of it meanwhile."""
    if len(asked) < _MUCH:
        return answers(ask, asked)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as second:
        other = second.submit(answers, ask, asked[1::2])
        return answers(ask, asked[::2]) | other.result()


def answers(
    ask: Callable[[Sequence[Asked]], Mapping[Asked, Answer]], asked: Sequence[Asked]
) -> dict[Asked, Answer]:
    """Whatever can be answered: a question that breaks git spoils no other asked with it."""
    if not asked:
        return {}
    try:
        return dict(ask(asked))
    except (GitError, BadObject):
        if len(asked) == 1:
            return {}
    middle = len(asked) // 2
    return answers(ask, asked[:middle]) | answers(ask, asked[middle:])
