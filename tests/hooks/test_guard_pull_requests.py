"""The server's guard where a forge lands: what was proposed and tested passes, nothing else."""

from __future__ import annotations

import pytest

from refinery.records.merge_request import Proposal
from tests.conftest import Begin
from tests.hooks.conftest import serve
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CONFIG = """\
version: 1
forge: github
repository: acme/shop
landing: pull-request
statuses: false
checks:
- name: test
  run: 'true'
"""


def _propose(box: Sandbox) -> None:
    serve(box)
    box.commit("main", {".refinery.yaml": CONFIG})
    box.push("main")
    box.commit("feat", {"a.txt": "a\n"})
    id = box.submit("feat")
    done = box.cli("process", "--drain")
    assert box.mr(id).proposal is not None, done.err
    box.git("fetch", "-q", "origin")


@pytest.fixture
def served(begin: Begin) -> Sandbox:
    """A tested candidate on its branch; its forge is away."""
    return begin(_propose)


@pytest.fixture
def proposed(served: Sandbox) -> Proposal:
    """What the forge was asked to land."""
    proposal = served.mr("feat").proposal
    assert proposal is not None
    return proposal


def merge(box: Sandbox, proposal: Proposal, *, tree: str | None = None) -> str | None:
    """Push what a forge makes of the candidate; what the server says where it refuses."""
    landing = proposal.landing
    parents = ("-p", landing.base, "-p", landing.commit)
    made = box.git("commit-tree", tree or landing.tree, *parents, "-m", "Merge pull request")
    done = box.run_git("push", "-q", "origin", f"{made}:refs/heads/main")
    return None if done.code == 0 else done.err


def test_the_merge_of_what_was_proposed_passes(served: Sandbox, proposed: Proposal) -> None:
    assert merge(served, proposed) is None
    assert served.tree("main")["a.txt"] == "a\n"


def test_a_merge_to_another_tree_is_refused(served: Sandbox, proposed: Proposal) -> None:
    other = served.git("rev-parse", f"{proposed.landing.base}^{{tree}}")
    assert "moves only through the queue" in str(merge(served, proposed, tree=other))


@pytest.mark.parametrize("act", ["reject", "hold"])
def test_a_merge_of_what_may_not_land_any_more_is_refused(
    served: Sandbox, proposed: Proposal, act: str
) -> None:
    assert served.cli(act, served.mr("feat").id, "--reason", "no").code == 0
    assert "moves only through the queue" in str(merge(served, proposed))


def test_a_merge_onto_what_somebody_else_left_is_refused(
    served: Sandbox, proposed: Proposal
) -> None:
    landing = proposed.landing
    tip = served.git("commit-tree", f"{landing.base}^{{tree}}", "-p", landing.base, "-m", "outside")
    served.git("push", "-q", "origin", f"{tip}:refs/heads/outside")
    served.git("update-ref", "refs/heads/main", tip, cwd=served.origin)
    made = served.git(
        *("commit-tree", landing.tree, "-p", tip, "-p", landing.commit),
        *("-m", "Merge pull request"),
    )
    done = served.run_git("push", "-q", "origin", f"{made}:refs/heads/main")
    assert "moves only through the queue" in done.err
