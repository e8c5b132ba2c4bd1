"""Shows the plan of a set-up to a person, and its outcome to a program."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.app import Queue
from refinery.cli.output import note, plain, print_json, style
from refinery.typed import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path

    from refinery.setup.planned_file import PlannedFile
    from refinery.setup.setting_up import Outcome
    from refinery.setup.setup_plan import Plan

_SUGGESTED = "git config core.fsync committed"


def show(queue: Queue, plan: Plan, hooks: Sequence[Path], *, stream: TextIO) -> None:
    """All that will be written, as a person wants to see it before saying yes."""
    from refinery.repo.repository import IN_PLACE

    place = "here" if plan.remote == IN_PLACE else f"on {plan.remote}"
    on = f", for {plan.forge.called}" if plan.forge else ""
    head = f"refinery for {plain(queue.name)!r}: lands on {plain(plan.target)} {place}{on}"
    lines = [style(head, "bold", stream=stream), *_files(plan, stream)]
    if plan.header is not None:
        lines.append(f"\n{queue.store.refs.queue} {place}")
        lines.append(f"  + default_target: {plain(plan.header.default_target)}")
    if plan.settings:
        lines.append("\ngit config")
        lines += [
            f"  {'+' if setting.more else '='} {setting.key} = {plain(setting.value)}"
            for setting in plan.settings
        ]
    if hooks:
        lines.append("\ngit hooks")
        lines += [f"  + {hook}" for hook in hooks]
    print("\n".join(lines), end="\n\n", file=stream)


def _files(plan: Plan, stream: TextIO) -> list[str]:
    from refinery.setup.planned_file import Place

    where = "in the working tree"
    if plan.place is Place.TARGET:
        where = f"one commit on {plain(plan.target)}"
    lines = []
    for file in plan.files:
        lines.append(f"\n{file.path}, {where} ({plain(file.why)})")
        lines += _diff(file, stream)
    for kept in plan.kept:
        lines.append(f"\n{kept.file.path}, left as it is ({plain(kept.file.why)})")
        lines += _diff(kept.file, stream)
    return lines


def _diff(file: PlannedFile, stream: TextIO) -> list[str]:
    return [f"  {_coloured(line, stream)}" for line in file.diff]


def _coloured(line: str, stream: TextIO) -> str:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    colour = None if line.startswith(("+++", "---")) else colours.get(line[:1])
    return style(plain(line), colour, stream=stream) if colour else plain(line)


def show_done(plan: Plan, hooks: Sequence[Path], outcome: Outcome | None, *, as_json: bool) -> None:
    """What was done, or with no outcome what would have been."""
    from refinery.repo.repository import IN_PLACE

    notes = outcome.notes if outcome else plan.notes
    if as_json:
        print_json(_document(plan, hooks, outcome, notes))
        return
    for each in notes:
        note(f"note: {plain(each)}")
    if outcome is None:
        return
    print(f"{style('✓', 'green')} set up: merge requests land on {plain(plan.target)}")
    if plan.remote == IN_PLACE:
        note(f"note: on a server, `{_SUGGESTED}` keeps the queue whole when the power fails")
    else:
        nxt = "refinery push" if plan.forge else "refinery push, then refinery process"
        print(style(f"  next: {nxt}", "dim"))


def show_nothing(plan: Plan, *, as_json: bool) -> None:
    """Everything is there already."""
    if not as_json:
        print("nothing to do")
    show_done(plan, [], None, as_json=as_json)


def _document(
    plan: Plan, hooks: Sequence[Path], outcome: Outcome | None, notes: Sequence[str]
) -> dict[str, object]:
    return {
        "target": plan.target,
        "remote": plan.remote,
        "forge": plan.forge,
        "done": outcome is not None,
        "place": plan.place.value if plan.files else None,
        "files": [
            {"path": file.path, "why": file.why, "text": file.text, "diff": file.diff}
            for file in plan.files
        ],
        "kept": [
            {"path": kept.file.path, "why": kept.file.why, "diff": kept.file.diff}
            for kept in plan.kept
        ],
        "commit": outcome.commit if outcome else None,
        "queue": plan.header is not None,
        "config": [{"key": each.key, "value": each.value} for each in plan.settings],
        "hooks": [str(hook) for hook in hooks],
        "notes": list(notes),
    }
