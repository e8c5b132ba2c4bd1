"""A torn server: the target moved and the queue did not.  The next run rolls forward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from refinery.repo.refs import RefUpdate
from refinery.repo.remote import Pushed, Remote, Unknown
from tests.sandbox import Sandbox

pytestmark = pytest.mark.journey

CONFIG = """\
version: 1
method: {method}
checks:
- name: ok
  run: 'true'
stacks: {{ancestry: false}}
"""


def tear_a_landing(box: Sandbox, method: str) -> list[str]:
    """Two land together; then every ref of the queue is put back to where it was before."""
    box.config(CONFIG.format(method=method))
    box.request("zero", {"0.txt": "0\n"})
    assert box.cli("process", "--drain").code == 0
    box.git("fetch", "-q", "origin")
    box.commit("one", {"1a.txt": "1\n"}, onto="origin/main")
    ids = [box.request("one", {"1b.txt": "1\n"})]
    ids.append(box.request("two", {"2.txt": "2\n"}, onto="one"))
    for id in ids:  # a landing that tears stands under its claims
        assert box.cli("claim", id).code == 0
    box.git("fetch", "-q", "origin", "+refs/refinery/*:refs/saved/*")
    assert box.cli("process", "--drain").code == 0
    box.git("push", "-q", "--no-verify", "origin", "+refs/saved/*:refs/refinery/*")
    return ids


@pytest.mark.parametrize("method", ["merge", "squash", "rebase", "fast-forward"])
def test_it_is_recorded_once_as_it_was_tested(box: Sandbox, method: str) -> None:
    ids = tear_a_landing(box, method)
    tip = box.sha("main")
    assert box.cli("process", "--drain").code == 0
    assert box.sha("main") == tip
    landings = [box.mr(id).landing for id in ids]
    assert [landing.mode for landing in landings if landing] == ["healed", "healed"]
    assert {landing.commit for landing in landings if landing} == {tip}
    verified = box.cli("verify")
    assert verified.code == 0, verified.out
    assert box.cli("fsck").code == 0


def test_what_was_pushed_from_outside_since_is_not_taken_for_it(box: Sandbox) -> None:
    ids = tear_a_landing(box, "merge")
    landed = box.sha("main")
    box.git("fetch", "-q", "origin")
    box.git("reset", "-q", "--hard", "origin/main")
    box.advance({"outside.txt": "o\n"})
    assert box.cli("process", "--drain").code == 0
    assert {box.mr(id).landing.commit for id in ids} == {landed}  # type: ignore[union-attr]
    verified = box.cli("verify")
    assert verified.code == 0, verified.out


def test_a_trailer_that_an_author_wrote_closes_nobody(box: Sandbox) -> None:
    box.config(CONFIG.format(method="fast-forward"))
    box.request("zero", {"0.txt": "0\n"})
    assert box.cli("process", "--drain").code == 0
    box.git("fetch", "-q", "origin")
    victim = box.request("victim", {"v.txt": "v\n"}, onto="origin/main", priority=4)
    forged = f"innocent\n\nRefinery-MR: {victim}\n"
    box.commit("forger", {"f.txt": "f\n"}, onto="origin/main", message=forged)
    box.git("push", "-q", "origin", "forger:main")
    assert box.cli("process", "--drain").code == 0
    assert box.mr(victim).close_reason is None


def test_a_head_that_was_pushed_by_hand_did_not_land_by_the_queue(box: Sandbox) -> None:
    box.config(CONFIG.format(method="fast-forward"))
    box.request("zero", {"0.txt": "0\n"})
    assert box.cli("process", "--drain").code == 0
    box.git("fetch", "-q", "origin")
    id = box.request("feat", {"f.txt": "f\n"}, onto="origin/main")
    box.git("push", "-q", "origin", "feat:main")
    assert box.cli("process", "--drain").code == 0
    assert (box.mr(id).close_reason, box.mr(id).landing) == ("already_merged", None)


@pytest.mark.parametrize("count", [1, 2])
def test_whoever_pushed_it_and_lives_on_records_it_as_a_landing(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """The server dies between two renames, and is back before the worker has given up."""
    box.config(CONFIG.format(method="merge"))
    ids = [box.request(f"branch{n}", {f"{n}.txt": "1\n"}) for n in range(count)]
    push = Remote.push
    torn: list[RefUpdate] = []

    def pushed(self: Remote, updates: Sequence[RefUpdate], **options: Any) -> Pushed:
        target = [each for each in updates if each.ref == "refs/heads/main"]
        if torn or not target:
            return push(self, updates, **options)
        torn.extend(target)
        push(self, target)
        return Unknown("the remote end hung up")

    monkeypatch.setattr(Remote, "push", pushed)
    assert box.cli("process", "--drain").code == 0
    assert torn
    landings = {id: box.mr(id).landing for id in ids}
    assert all(landings.values()), box.cli("log").out
    assert "healed" in {landing.mode for landing in landings.values() if landing}
    verified = box.cli("verify")
    assert verified.code == 0, verified.out
    assert box.cli("fsck").code == 0


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_the_first_landing_of_all_may_be_the_torn_one(box: Sandbox, method: str) -> None:
    """Nothing says where the target stood before: only its own commits do."""
    box.config(CONFIG.format(method=method))
    ids = [box.request("one", {"1.txt": "1\n"}), box.request("two", {"2.txt": "2\n"})]
    for id in ids:
        assert box.cli("claim", id).code == 0
    before = box.sha("main")
    box.git("fetch", "-q", "origin", "+refs/refinery/*:refs/saved/*")
    assert box.cli("process", "--drain").code == 0
    box.git("push", "-q", "--no-verify", "origin", "+refs/saved/*:refs/refinery/*")
    assert box.cli("process", "--drain").code == 0
    for id in ids:
        landing = box.mr(id).landing
        assert landing is not None
        assert (landing.mode, landing.base, landing.method) == ("healed", before, method)
        assert landing.commit == box.sha("main")
        assert landing.tree == box.git("rev-parse", "main^{tree}", cwd=box.origin)
    assert box.view().header.landed == {"main": box.sha("main")}
    assert box.cli("verify").code == 0
    assert box.cli("fsck").code == 0


def test_a_target_that_was_taken_back_is_said_once_and_lands_the_next(box: Sandbox) -> None:
    box.config(CONFIG.format(method="merge"))
    before = box.sha("main")
    box.request("one", {"1.txt": "1\n"})
    assert box.cli("process", "--drain").code == 0
    landed = str(box.sha("main"))
    box.git("update-ref", "refs/heads/main", str(before), cwd=box.origin)
    box.request("two", {"2.txt": "2\n"}, onto=before)
    done = box.cli("process", "--drain")
    words = (
        f"main was rewound or rewritten: its last landing, {landed[:12]}, is not in it any more "
        "(`refinery verify` names what is gone)"
    )
    assert done.err.count(words) == 1
    assert box.mr("two").close_reason == "merged"
