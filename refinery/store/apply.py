"""What a view becomes when an edit is applied: the one definition both backends share."""

from __future__ import annotations

from refinery.records.names import Branch, MrId, Sha
from refinery.store.edit import Edit
from refinery.store.view import View, testing, with_reports
from refinery.values import replace

_HEADS = "refs/heads/"


def applied(view: View, edit: Edit) -> View:
    """The records after the edit; leases are the backend's to fill in."""
    mrs = dict(view.mrs)
    for mr in (*edit.submit, *edit.put):
        mrs[mr.id] = mr
    for gone in (*(mr.id for mr in edit.archive), *_never_queued(view, edit)):
        mrs.pop(gone, None)
    claims = {**view.claims, **edit.claim}
    for released in edit.release:
        claims.pop(released, None)
    verdicts = {key: known for key, known in view.verdicts.items() if key not in edit.forget}
    verdicts |= {verdict.key: verdict for verdict in edit.verdicts}
    targets = _moved_targets(view, edit)
    return replace(
        view,
        header=edit.header or view.header,
        mrs=mrs,
        unfolded=_unfolded(view, edit),
        claims=claims,
        testing=testing(claims.values()),
        verdicts=with_reports(verdicts, claims.values()),
        targets=targets,
        target_trees={
            branch: tree
            for branch, tree in view.target_trees.items()
            if targets.get(branch) == view.targets.get(branch)
        },
    )


def _never_queued(view: View, edit: Edit) -> frozenset[MrId]:
    """Submissions that leave the inbox without a record: a push announced twice, or never made."""
    return (view.unfolded & set(edit.fold)) - {mr.id for mr in edit.put}


def _unfolded(view: View, edit: Edit) -> frozenset[MrId]:
    waiting = view.unfolded | {mr.id for mr in edit.submit}
    return waiting - set(edit.fold) - {mr.id for mr in (*edit.put, *edit.archive)}


def _moved_targets(view: View, edit: Edit) -> dict[Branch, Sha]:
    targets = dict(view.targets)
    for move in edit.moves:
        branch = Branch(move.ref.removeprefix(_HEADS))
        if branch in targets and move.new is not None:
            targets[branch] = move.new
    return targets
