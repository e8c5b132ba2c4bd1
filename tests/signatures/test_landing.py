"""What lands is signed where the target asks for it: the same trees, by a key that it knows."""

from __future__ import annotations

import pytest

from tests.sandbox import Sandbox
from tests.signatures.conftest import SIGNERS, Program, SshKey, asks, bad, land, signs_with

pytestmark = pytest.mark.journey


def is_signed(box: Sandbox, ref: str) -> bool:
    return "gpgsig " in box.git("cat-file", "commit", ref, cwd=box.origin)


@pytest.mark.parametrize("method", ["merge", "rebase"])
def test_what_lands_and_what_stays_of_the_queue_is_signed(
    box: Sandbox, ada: SshKey, method: str
) -> None:
    signs_with(box, ada)
    asks(box, ada, more=f"method: {method}\n")
    box.commit("two", {"a.txt": "1\n"})
    box.commit("two", {"b.txt": "1\n"})
    land(box, "one", "two")  # together, as one candidate
    assert bad(box) == []  # the trees are those that were tested, too: the command looks at both
    assert box.landed == ["one", "two"]
    line = box.git("rev-list", "--first-parent", "main~1..main", cwd=box.origin).split()
    assert all(is_signed(box, commit) for commit in line)
    assert is_signed(box, "refs/refinery/queue")


def test_what_goes_again_is_not_signed(box: Sandbox, ada: SshKey) -> None:
    signs_with(box, ada)
    asks(box, ada)
    id = box.request("one")
    assert not is_signed(box, f"refs/refinery/inbox/{id}")
    assert box.cli("claim", id).code == 0
    assert not is_signed(box, f"refs/refinery/claims/{id}")


def test_a_worker_without_a_key_stops_before_it_tests_anything(box: Sandbox, ada: SshKey) -> None:
    asks(box, ada, require=["landings"])
    id = box.request("one")
    done = box.cli("process", "--drain")
    assert done.code == 1
    assert "cannot" not in done.out
    assert done.err.splitlines()[-2].startswith("error: sign a commit: ")
    assert [*box.view().claims] == []
    assert [*box.view().verdicts] == []
    signs_with(box, ada)
    assert box.cli("process", "--drain").code == 0
    assert box.landed == ["one"]
    assert box.mr(id).attempts == ()


def test_a_key_that_the_target_does_not_know_lands_nothing(
    box: Sandbox, ada: SshKey, bob: SshKey
) -> None:
    signs_with(box, bob)
    asks(box, ada, require=["landings"])
    box.request("one")
    done = box.cli("process", "--drain")
    assert done.code == 1
    assert "a key that nobody vouches for" in done.err
    assert box.landed == []


def test_a_clone_that_shall_not_sign_is_refused_where_it_must(box: Sandbox, ada: SshKey) -> None:
    asks(box, ada)
    box.git("config", "refinery.sign", "false")
    id = box.request("one")
    done = box.cli("hold", id, "--reason", "later")
    assert done.code == 1
    assert "a change of the queue has to be signed" in done.err
    assert box.cli("explain", "cannot-sign").code == 0
    box.git("config", "refinery.sign", "perhaps")
    assert "'perhaps' is neither true nor false" in box.cli("hold", id, "--reason", "x").err


def test_a_clone_may_sign_what_nobody_asks_for(box: Sandbox, ada: SshKey) -> None:
    box.config('version: 1\nchecks:\n- {name: there, run: "test -e README.md"}\n')
    start = box.sha("main")
    signs_with(box, ada)
    box.git("config", "refinery.sign", "true")
    land(box, "one")
    assert is_signed(box, "main")
    assert is_signed(box, "refs/refinery/queue")
    done = box.cli("verify", "--signatures")
    assert done.code == 1
    assert "commits that were looked at had to be signed" in done.err
    assert bad(box, "--since", str(start)) == [("heads/main", "unknown")]
    own = box.root / "own"
    own.write_text(ada.line())
    box.git("config", "gpg.ssh.allowedSignersFile", str(own))
    box.cli("verify", "--since", str(start))


def test_by_fast_forward_the_authors_own_signature_counts(
    box: Sandbox, ada: SshKey, bob: SshKey
) -> None:
    signs_with(box, ada)
    asks(box, bob, ada, more="method: fast-forward\n")
    box.request("unsigned")
    box.git("fetch", "-q", "origin")
    tree, base = "origin/main^{tree}", "origin/main"
    box.git("config", "user.signingKey", str(bob.path))
    box.git("read-tree", "origin/main")
    blob = box.git("hash-object", "-w", "--stdin", stdin="new\n")
    box.git("update-index", "--add", "--cacheinfo", f"100644,{blob},signed.txt")
    tree = box.git("write-tree")
    own = box.git("commit-tree", "-S", "-m", "signed", "-p", base, tree)
    box.git("branch", "signed", own)
    box.git("config", "user.signingKey", str(ada.path))
    box.push("signed")
    box.submit("signed")
    box.cli("process", "--drain")
    assert box.landed == ["signed"]
    failure = box.mr("unsigned").failure
    assert failure is not None
    assert "main asks for signed commits" in failure.message
    assert bad(box) == []


def test_what_a_pull_request_is_opened_for_is_signed(box: Sandbox, ada: SshKey) -> None:
    """Here by a forge that cannot be reached: the branch is there, the rest is tried again."""
    signs_with(box, ada)
    asks(box, ada, more="landing: pull-request\nforge: gitea\n")
    box.request("one")
    box.cli("process", "--drain")
    [branch] = box.refs("refs/heads/refinery/land/")
    assert is_signed(box, branch)
    assert is_signed(box, "refs/refinery/queue")


def test_a_change_that_leaves_nobody_to_sign_does_not_land(box: Sandbox, ada: SshKey) -> None:
    signs_with(box, ada)
    asks(box, ada)
    box.request("away", {SIGNERS: None})
    box.request("empty", {SIGNERS: "\n"})
    box.cli("process", "--drain")
    assert box.landed == []
    failure = box.mr("away").failure
    assert failure is not None
    assert failure.message == f"it would leave main without signers: {SIGNERS}"


def test_keys_are_changed_by_landing_the_new_list_first(
    box: Sandbox, ada: SshKey, bob: SshKey
) -> None:
    signs_with(box, ada)
    asks(box, ada)
    signs = box.clone("bob")
    signs_with(signs, bob)
    box.request("add-bob", {SIGNERS: ada.line() + bob.line()})
    assert signs.cli("process", "--drain").code == 1
    land(box)
    signs.request("drop-ada", {SIGNERS: bob.line()})
    assert signs.cli("process", "--drain").code == 0
    box.request("more")
    refused = box.cli("process", "--drain")
    assert (refused.code, "vouches for" in refused.err) == (1, True)
    assert signs.cli("process", "--drain").code == 0
    assert bad(box) == []


def test_the_key_is_nowhere_but_in_its_file(box: Sandbox, ada: SshKey, program: Program) -> None:
    """Neither in what is started, nor in what is recorded or said."""
    seen = box.root / "argv"
    box.git("config", "gpg.ssh.program", str(program(f'echo "$@" >> {seen}; exec ssh-keygen "$@"')))
    signs_with(box, ada)
    asks(box, ada)
    land(box, "one")
    secret = "".join(ada.path.read_text().splitlines()[1:-1])
    queue = box.git("log", "-p", "refs/refinery/queue", "main", cwd=box.origin)
    said = box.cli("process", "--drain").err
    for text in (seen.read_text(), queue, said):
        assert secret[:40] not in text.replace("\n", "")
    assert str(ada.path) in seen.read_text()


def test_what_init_puts_on_the_target_is_signed(box: Sandbox, ada: SshKey) -> None:
    signs_with(box, ada)
    asks(box, ada)
    done = box.cli("init", "--yes", "--github")
    assert done.code == 0, done.err
    assert box.git("log", "-1", "--format=%s", "main", cwd=box.origin).startswith("Update the")
    assert bad(box) == []
