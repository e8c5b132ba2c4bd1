"""Plans the line of .gitlab-ci.yml that brings the queue's own file: GitLab reads no other."""

from __future__ import annotations

import re

from refinery.setup.planned_file import PlannedFile, ReadFile, text_of
from refinery.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

GITLAB_CI = ".gitlab-ci.yml"
STAGE = "test"
"""Of the queue's job: one of those that there are where nobody names any."""

_INCLUDE = re.compile(r"^include[ \t]*:", re.MULTILINE)


def includes(ci: str, path: str) -> bool:
    """Whether GitLab's own file brings the queue's."""
    return any(path in line for line in ci.splitlines() if not line.lstrip().startswith("#"))


def plan_include(read: ReadFile, path: str) -> tuple[tuple[PlannedFile, ...], tuple[str, ...]]:
    """The file with the line, unless it is there; what a person has to change in it."""
    line = f"include:\n  - local: {path}\n"
    there = read(GITLAB_CI)
    why = f"GitLab reads {path} only where it is included"
    if there is None:
        return (PlannedFile(GITLAB_CI, line, why),), ()
    old = text_of(there)
    notes = _stages(old)
    if includes(old, path):
        return (), notes
    new = None if _INCLUDE.search(old) else _with_include(old, line)
    if new is None or old.encode() != there:
        return (), (*notes, f"add to `include:` in {GITLAB_CI}: `- local: {path}`")
    return (PlannedFile(GITLAB_CI, new, why, old),), notes


def _stages(ci: str) -> tuple[str, ...]:
    """GitLab refuses the whole file where a job's stage is not among those it names."""
    import yaml

    stages = _keys(ci).get("stages")
    if not isinstance(stages, yaml.SequenceNode):
        return ()
    if any(stage.value == STAGE for stage in stages.value):
        return ()
    return (f"add `{STAGE}` to `stages:` in {GITLAB_CI}: the queue's job runs in it",)


def _with_include(old: str, line: str) -> str | None:
    """The file with one key more at its end; None where it would not be just that."""
    ending = "\r\n" if "\r\n" in old else "\n"
    gap = "" if old.endswith("\n") or not old else ending
    new = old + gap + ending + line.replace("\n", ending)
    before, after = _keys(old), _keys(new)
    is_mapping = before or not old.strip()
    return new if is_mapping and [*after] == [*before, "include"] else None


def _keys(text: str) -> dict[str, yaml.Node]:
    """What the last document says, by name, whatever GitLab's own tags mean; none if no mapping."""
    import yaml

    try:
        documents = [node for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node]
    except yaml.YAMLError:
        return {}
    root = documents[-1] if documents else None
    if not isinstance(root, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in root.value if isinstance(key, yaml.ScalarNode)}
