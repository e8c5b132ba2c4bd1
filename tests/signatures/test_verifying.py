"""`verify --signatures`: whatever had to be signed and is not as it must be is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from refinery.queue.archiving import archive as archive_closed
from refinery.records.names import Sha
from refinery.repo.repository import Repository
from refinery.repo.signatures import Worth
from refinery.store.asked import faults
from tests.conftest import Begin
from tests.sandbox import Sandbox
from tests.signatures.conftest import SIGNERS, SshKey, asks, bad, land, make_ssh_key, signs_with

pytestmark = pytest.mark.journey

QUEUE = "refs/refinery/queue"


def begin_to_sign(box: Sandbox) -> None:
    box.config('version: 1\nchecks:\n- {name: there, run: "test -e README.md"}\n')
    land(box, "zero")
    make_ssh_key(box.root / "ada")
    key = SshKey(box.root / "ada", "ada@example.com")
    signs_with(box, key)
    asks(box, key)
    land(box, "one")
    land(box, "two")


@pytest.fixture
def box(begin: Begin) -> Sandbox:
    """Ada signs since after the first landing; two more landed since."""
    return begin(begin_to_sign)


@pytest.fixture
def ada(box: Sandbox) -> SshKey:
    return SshKey(Path(box.git("config", "user.signingKey")), "ada@example.com")


def outside(box: Sandbox, files: dict[str, str], *, key: SshKey | None = None) -> str:
    """Somebody pushes to main, past the queue."""
    made = box.commit("outside", files, onto="main", message="past the queue")
    if key is not None:
        told = ("-c", f"user.signingKey={key.path}", "commit-tree", "-S", "-m", "past the queue")
        made = box.git(*told, "-p", f"{made}^", f"{made}^{{tree}}")  # type: ignore[assignment]
    box.git("push", "-q", "origin", f"{made}:refs/heads/main")
    return str(made)


def test_what_came_before_is_told_apart(box: Sandbox) -> None:
    assert bad(box) == []
    found = box.cli("verify", "--signatures", "--json").json["signatures"]
    by_ref = {each["where"]: each for each in found["histories"]}
    main, queue = by_ref["refs/heads/main"], by_ref[QUEUE]
    assert (main["asked"], main["good"], main["before"]) == (2, 2, 4)
    assert queue["asked"] == queue["good"] >= 2
    assert queue["before"] >= 2
    [signer] = found["signers"]
    assert signer["who"] == "ada@example.com"
    said = box.cli("verify", "--signatures").out
    assert "✓ refs/heads/main: 2 well signed, 4 from before that was asked for" in said


def test_a_commit_from_outside_has_to_be_signed_too(box: Sandbox, ada: SshKey, bob: SshKey) -> None:
    outside(box, {"x": "x"}, key=ada)
    assert bad(box) == []
    outside(box, {"x": "y"})
    outside(box, {"x": "z"}, key=bob)
    assert bad(box) == [("heads/main", "unsigned"), ("heads/main", "unknown")]
    said = box.cli("verify", "--signatures").out
    assert "is not signed; committed by Carl Committer <carl@example.com>" in said


def test_a_change_of_the_list_does_not_vouch_for_itself(
    box: Sandbox, ada: SshKey, bob: SshKey
) -> None:
    both = {SIGNERS: ada.line() + bob.line()}
    outside(box, both, key=bob)
    assert bad(box) == [("heads/main", "unknown")]
    outside(box, {"x": "x"}, key=bob)  # what was wrong is named; it does not make the rest so
    assert bad(box) == [("heads/main", "unknown")]


@pytest.mark.parametrize("signed", [False, True])
def test_what_landed_is_not_put_aside_by_a_merge_that_goes_on_from_before_it_all(
    box: Sandbox, bob: SshKey, signed: bool
) -> None:
    """Such a merge has the old tip as its second parent, so it is no forced push."""
    old = box.git("rev-list", "--max-parents=0", "main", cwd=box.origin)
    box.git("fetch", "-q", "origin")
    side = box.commit("side", {".refinery.yaml": "version: 1\nchecks: []\n"}, onto=old)
    if signed:
        asked = f"version: 1\nchecks: []\nsignatures: {{signers: {SIGNERS}}}\n"
        side = box.commit("side", {".refinery.yaml": asked, SIGNERS: bob.line()})
    told = ("-S",) if signed else ()
    merge = box.git(
        *("-c", f"user.signingKey={bob.path}", "commit-tree", *told, "-m", "Merge"),
        *("-p", side, "-p", "origin/main", f"{side}^{{tree}}"),
    )
    tip = Sha(box.git("rev-parse", "origin/main"))
    with Repository.discover(box.path) as repo:  # as a server asks, and who lands by fast-forward
        refused = {commit.oid: found.worth for commit, found in faults(repo, tip, Sha(merge))}
    box.git("push", "-q", "origin", f"{merge}:refs/heads/main")
    worth = Worth.UNKNOWN if signed else Worth.UNSIGNED
    assert bad(box) == [("heads/main", worth.value)]
    assert refused[Sha(merge)] is worth


def test_the_queue_merges_nothing(box: Sandbox, ada: SshKey) -> None:
    box.git("fetch", "-q", "origin", f"+{QUEUE}:{QUEUE}")
    root = box.git("commit-tree", "-m", "begin\n\nRefinery-Op: x", f"{QUEUE}^{{tree}}")
    merge = box.git(
        *("commit-tree", "-S", "-m", "merge\n\nRefinery-Op: y"),
        *("-p", root, "-p", QUEUE, f"{QUEUE}^{{tree}}"),
    )
    box.git("push", "-q", "origin", f"{merge}:{QUEUE}")
    assert ("refinery/queue", "unknown") in bad(box)


def test_a_configuration_that_nobody_can_read_asks_for_what_was_asked_before(
    box: Sandbox, ada: SshKey
) -> None:
    outside(box, {".refinery.yaml": "version: 1\nchecks: 7\n"}, key=ada)
    outside(box, {"x": "x"})
    assert bad(box) == [("heads/main", "unsigned")]


def test_who_signed_well_may_take_the_demand_away(box: Sandbox, ada: SshKey) -> None:
    outside(box, {".refinery.yaml": "version: 1\nchecks: []\n"}, key=ada)
    outside(box, {"x": "x"})
    assert bad(box) == []


def test_a_change_of_the_queue_by_hand_is_found(box: Sandbox) -> None:
    made = box.git(
        *("commit-tree", "-p", QUEUE, "-m", "by hand\n\nRefinery-Op: x", f"{QUEUE}^{{tree}}"),
        cwd=box.origin,
    )
    box.git("update-ref", QUEUE, made, cwd=box.origin)
    assert bad(box) == [("refinery/queue", "unsigned")]
    found = box.cli("fsck", "--json").json["findings"]
    [unsigned] = [each for each in found if each["code"] == "queue-unsigned"]
    assert unsigned["severity"] == "info"
    assert unsigned["what"].startswith("1 changes had to be signed")


def test_a_commit_that_was_altered_under_its_signature_is_bad(box: Sandbox) -> None:
    text = box.git("cat-file", "commit", QUEUE, cwd=box.origin)
    assert "two" in text
    forged = box.git(
        *("hash-object", "-t", "commit", "-w", "--stdin"),
        stdin=text.replace("two", "for") + "\n",
        cwd=box.origin,
    )
    box.git("update-ref", QUEUE, forged, cwd=box.origin)
    assert bad(box) == [("refinery/queue", "bad")]


def test_an_archived_group_belongs_to_a_signed_change(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refinery.queue.archiving.KEPT_CLOSED", 0)
    box.queue().update(lambda view: archive_closed(view, at_least=1))
    archive = "refs/refinery/archive"
    assert bad(box) == []
    made = box.git(
        *("commit-tree", "-p", archive, "-m", "by hand\n\nRefinery-Op: x", f"{archive}^{{tree}}"),
        cwd=box.origin,
    )
    box.git("update-ref", archive, made, cwd=box.origin)
    assert bad(box) == [("refinery/archive", "unsigned")]


def test_only_a_part_is_looked_at(box: Sandbox) -> None:
    start = box.sha("main")
    outside(box, {"x": "x"})
    for number in range(2):
        outside(box, {"x": f"{number}"})
    assert len(bad(box)) == 3
    assert len(bad(box, "--last", "2")) == 2
    assert len(bad(box, "--since", str(box.sha("main~1")))) == 1
    assert len(bad(box, "--since", str(start)[:12])) == 3
    assert bad(box, box.mr("one").id) == []
    assert box.cli("verify", "--since", "1234567").code == 2
    other = box.git("commit-tree", "-m", "other", "main^{tree}")
    refused = box.cli("verify", "--since", other)
    assert (refused.code, "is on no target" in refused.err) == (1, True)


def test_without_ssh_keygen_nothing_is_called_good_or_bad(box: Sandbox) -> None:
    box.git("config", "gpg.ssh.program", "/not/there")
    done = box.cli("verify", "--signatures", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "cannot-judge-signatures")
