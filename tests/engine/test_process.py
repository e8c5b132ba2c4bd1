"""The engine on real git: what lands, what blocks, what is sent back, told as scenarios."""

from __future__ import annotations

from tests.sandbox import Sandbox

CHECK = """\
version: 1
checks:
- name: test
  run: sh check.sh
"""


def test_a_clean_branch_lands_with_its_record(box: Sandbox) -> None:
    box.commit("feat", {"a.txt": "a\n"})
    id = box.submit("feat")
    done = box.cli("process", "--drain")
    print(done.err)
    assert done.code == 0
    assert box.landed == ["feat"]
    [record] = box.cli("list", "--status", "closed", "--json").json
    assert (record["id"], record["close_reason"]) == (id, "merged")
