"""An agent finds out why its merge request failed, and repairs it, with documents alone."""

from __future__ import annotations

import pytest

from tests.conftest import Begin
from tests.mcp.agent import Shell, Tools, Worker
from tests.mcp.client import connected
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CHECKED = """\
version: 1
checks:
- name: price
  run: 'grep -qx 3 price.txt || { echo "price.txt: expected 3"; exit 1; }'
"""


def _with_prices(box: Sandbox) -> None:
    """main has a list of things, of which the agent changes one while somebody adds another."""
    box.advance({"price.txt": "3\n", "notes.txt": "first\n"})
    box.config(CHECKED)
    box.git("fetch", "-q")
    box.git("config", "user.name", "Nux")
    box.git("config", "user.email", "nux@example.com")
    box.commit("nux/work", {"price.txt": "4\n", "notes.txt": "first\nmine\n"}, onto="main")
    bob = box.clone("bob")
    bob.git("fetch", "-q")
    bob.request("theirs", {"notes.txt": "first\ntheirs\n"}, priority=0)


@pytest.fixture
def priced(begin: Begin) -> Sandbox:
    return begin(_with_prices)


STORY = ["conflict", "blocked-by-issue", "submitted", "needs-rework", "needs-rework", "landed"]
EXIT_CODES = [
    *(0, 12, 0, 0, 0, 0),  # submit; wait: conflict; why; explain; resolve, twice
    *(11, 0, 0, 0),  # wait: needs-rework; why; explain; submit
    0,  # wait: landed
]


def _landed(box: Sandbox) -> None:
    assert box.landed == ["theirs", "nux/work"]
    assert box.tree()["notes.txt"] == "first\nmine\ntheirs\n"
    assert box.tree()["price.txt"] == "3\n"
    assert [each["state"] for each in box.run("issue", "list", "--json").json] == ["closed"]


def test_an_agent_repairs_its_own_with_documents_and_exit_codes(priced: Sandbox) -> None:
    hands = Shell(priced)
    worker = Worker(priced, hands)
    worker.land("nux/work")
    assert worker.story == STORY
    assert hands.codes == EXIT_CODES
    _landed(priced)


def test_an_agent_repairs_its_own_through_the_tools(priced: Sandbox) -> None:
    with connected(priced, worker="nux") as agent:
        worker = Worker(priced, Tools(agent))
        worker.land("nux/work")
    assert worker.story == STORY
    _landed(priced)
