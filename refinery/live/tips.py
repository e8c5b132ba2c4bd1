"""The tips of targets as the queue's own records tell them, so that no target has to be fetched."""

from __future__ import annotations

from refinery.records.names import Branch, Sha
from refinery.store.view import View
from refinery.values import replace


def with_landed_tips(view: View) -> View:
    """The view with what was landed last as the tip of each target, while its record is there.

    What this clone fetched of a target may be older; what was pushed past the queue is not seen.
    """
    landed: dict[Sha, Sha] = {}
    for mr in view.mrs.values():
        if mr.landing is not None:
            landed[mr.landing.merged_as or mr.landing.commit] = mr.landing.tree
    tips = {Branch(target): tip for target, tip in view.header.landed.items() if tip in landed}
    return replace(
        view,
        targets={**view.targets, **tips},
        target_trees={**view.target_trees, **{target: landed[tip] for target, tip in tips.items()}},
    )
