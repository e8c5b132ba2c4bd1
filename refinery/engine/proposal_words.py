"""What pull requests that land candidates say: pure functions of facts."""

from __future__ import annotations

from collections.abc import Sequence

from refinery.engine.markdown import code, escaped
from refinery.records.merge_request import MergeRequest, Proposal


def proposal_title(members: Sequence[MergeRequest]) -> str:
    """The title of a pull request that lands a candidate."""
    if len(members) == 1:
        return f"Land {members[0].id}: {members[0].title}"[:250]
    return f"Land {len(members)} merge requests on {members[0].target}"[:250]


def proposal_body(members: Sequence[MergeRequest], proposal: Proposal) -> str:
    """What a pull request that lands a candidate says of it, in Markdown."""
    landing = proposal.landing
    rows = [f"- {code(mr.id)} {escaped(mr.title)} (by {code(mr.worker)})" for mr in members]
    return "\n\n".join(
        [
            "The merge queue tested these together, and this pull request lands them:",
            "\n".join(rows),
            f"Checks: {landing.result}. Tested tree: {code(landing.tree)}, on "
            f"{code(landing.base[:12])}. If the target moves first, this pull request is closed "
            "and the merge requests are tested again.",
            f"<!-- refinery:candidate={proposal.landing.commit} -->",
        ]
    )


TAKEN_BACK = "<!-- refinery:taken-back -->"


def withdrawn(why: str) -> str:
    """What is said where such a pull request is closed again; the mark tells it from a person's."""
    return f"Closed by the merge queue: {escaped(why)}.\n\n{TAKEN_BACK}"
