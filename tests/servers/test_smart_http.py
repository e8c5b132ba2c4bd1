"""Smart HTTP with authentication: who may what, wrong credentials, servers that die."""

from __future__ import annotations

import pytest

from refinery.engine import working
from refinery.records.names import derive_candidate_id
from tests.sandbox import Sandbox
from tests.servers import rights
from tests.servers.apache import Apache
from tests.servers.smart_http import Fault, GitServer


def test_a_whole_life(guarded: Sandbox, web: GitServer) -> None:
    rights.whole_life(guarded, lambda user: web.clone(guarded, user), rights.BY_NAME)


def test_a_life_with_apache_as_the_guide_sets_it_up(guarded: Sandbox) -> None:
    server = Apache(guarded.root, "ada", "refinery")
    try:
        rights.short_life(guarded, lambda user: server.clone(guarded, user), rights.BY_NAME)
    finally:
        server.close()


def test_developers_do_not_run_the_queue(guarded: Sandbox, web: GitServer) -> None:
    """Each command that would is refused by name, in two lines, and leaves everything as it was."""
    good = guarded.root / "good"
    guarded.config(
        f"version: 1\nchecks: [{{name: t, run: '[ ! -e feat.txt ] || [ -e {good} ]'}}]\n"
    )
    ada, refinery = web.clone(guarded, "ada"), web.clone(guarded, "refinery")
    ada.commit("feat", onto="main")
    id = ada.submit("feat")
    assert refinery.cli("process", "--drain").code == 0
    assert guarded.mr("feat").failure is not None
    refuses(guarded, ada, "refs/refinery/queue", "retry", id)
    refuses(guarded, ada, "refs/refinery/queue", "hold", id, "--reason", "no")
    refuses(guarded, ada, "refs/refinery/queue", "reject", id, "--reason", "no")
    assert refinery.cli("retry", id).code == 0
    candidate = derive_candidate_id("main", guarded.sha("main") or "", [id])
    refuses(guarded, ada, f"refs/refinery/claims/{candidate}", "process", "--drain")
    good.touch()
    assert refinery.cli("process", "--drain").code == 0
    assert guarded.landed == ["feat"]


def refuses(origin: Sandbox, ada: Sandbox, ref: str, *command: str) -> None:
    before = origin.refs()
    done = ada.cli(*command)
    assert done.code == 1
    remote = [line.strip() for line in done.err.splitlines() if line.startswith("  remote: ")]
    assert remote == [
        f"remote: refinery: refused: {ref}: {rights.BY_NAME}",
        "remote: refinery: instead: push branches, submit and close issues; "
        "for the rest ask who runs the queue",
    ]
    assert origin.refs() == before


def test_nobody_pushes_to_the_target(guarded: Sandbox, web: GitServer) -> None:
    why = "refused: refs/heads/main: it moves only through the queue"
    rights.nobody_pushes_to_the_target(
        guarded, lambda user: web.clone(guarded, user), {"ada": why, "refinery": why}
    )


# Credentials and rights


def test_wrong_credentials_are_said_and_nobody_is_asked(guarded: Sandbox, web: GitServer) -> None:
    ada = web.clone(guarded, "ada")
    ada.commit("feat")
    id = ada.submit("feat")
    before = guarded.refs()
    web.passwords["ada"] = "another one"
    asked = guarded.root / "asked"
    ada.git("config", "core.askPass", f"{guarded.root}/ask")
    (guarded.root / "ask").write_text(f"#!/bin/sh\necho $1 >>{asked}\nexit 1\n")
    for words in (("queue",), ("submit", "feat"), ("process", "--drain"), ("claim", id)):
        done = ada.cli(*words)
        assert done.code == 75, done
        assert f"remote 'origin' (http://***@127.0.0.1:{web.port}/origin.git)" in done.err
        assert "Authentication failed" in done.err
    assert not asked.exists()
    assert guarded.refs() == before


def test_without_credentials_nobody_is_asked_for_them(guarded: Sandbox, web: GitServer) -> None:
    ada = web.clone(guarded, "ada")
    ada.git("config", "remote.origin.url", web.url())
    done = ada.cli("process", "--drain")
    assert done.code == 75
    assert "terminal prompts disabled" in done.err


def test_who_may_only_read_sees_the_queue_and_submits_nothing(
    guarded: Sandbox, web: GitServer
) -> None:
    ada = web.clone(guarded, "ada")
    ada.commit("feat")
    web.only_reads.touch()
    assert ada.cli("queue").code == 0
    done = ada.cli("submit", "feat")
    assert done.code == 1
    assert "returned error: 403" in done.err
    assert guarded.refs("refs/refinery/") == {}


def test_rights_that_end_between_claim_and_landing(guarded: Sandbox, web: GitServer) -> None:
    """Nothing lands, nothing is lost, and nobody is blamed; with the rights back it lands."""
    refinery = web.clone(guarded, "refinery")
    once = guarded.root / "once"
    revoke = f"[ -e {once} ] || touch {once} {web.only_reads}"
    guarded.config(f"version: 1\nchecks: [{{name: t, run: '{revoke}'}}]\n")
    refinery.commit("feat", onto="main")
    id = refinery.submit("feat")
    main = guarded.sha("main")
    done = refinery.cli("process", "--drain")
    assert done.code == 1, done
    assert "returned error: 403" in done.err
    assert guarded.sha("main") == main
    web.only_reads.unlink()
    done = refinery.cli("process", "--drain")
    assert done.code == 0, done.err
    assert (guarded.landed, guarded.mr(id).retry_count) == (["feat"], 0)
    assert guarded.refs("refs/refinery/claims/") == {}


# Servers that die


@pytest.mark.parametrize("fault", [Fault.KILLED, Fault.CUT_AFTER])
def test_a_landing_whose_server_dies_is_found_out_when_it_is_back(
    box: Sandbox, plain_web: GitServer, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "LONGEST_PAUSE", 0.0)
    refinery = plain_web.clone(box, "refinery")
    refinery.commit("feat")
    refinery.submit("feat")
    plain_web.faults["refs/heads/main"] = fault
    plain_web.stays_away = True
    done = refinery.cli("process", "--drain")
    assert done.code == 75, done
    assert "the remote went away during a push" in done.err
    assert "as a whole or not at all" in done.err
    assert (box.landed == ["feat"]) == (fault is Fault.CUT_AFTER)
    assert refinery.cli("process", "--drain").code == 75
    plain_web.away = False
    done = refinery.cli("process", "--drain")
    assert done.code == 0, done.err
    landed_once(box, "feat")


@pytest.mark.parametrize("fault", list(Fault))
def test_a_landing_that_is_broken_off_goes_on_at_once(
    guarded: Sandbox, web: GitServer, fault: Fault
) -> None:
    """git sends what was cut before the answer once more by itself: the guard refuses that."""
    refinery = web.clone(guarded, "refinery")
    refinery.commit("feat")
    refinery.submit("feat")
    web.faults["refs/heads/main"] = fault
    done = refinery.cli("process", "--drain")
    assert (done.code, done.err.splitlines()[-1]) == (0, "1 landed"), done.err
    landed_once(guarded, "feat")


def test_a_submission_whose_server_dies_is_there_once(box: Sandbox, plain_web: GitServer) -> None:
    ada = plain_web.clone(box, "ada")
    ada.commit("feat")
    plain_web.faults["refs/refinery/inbox/"] = Fault.CUT_AFTER
    plain_web.stays_away = True
    assert ada.cli("submit", "feat").code == 75
    plain_web.away = False
    done = ada.cli("submit", "feat")
    assert done.code == 0, done.err
    assert [mr.branch for mr in box.view().mrs.values()] == ["feat"]
    assert box.sha("feat") == box.mr("feat").head


def landed_once(origin: Sandbox, branch: str) -> None:
    assert origin.landed == [branch]
    merges = origin.git("rev-list", "--first-parent", "--count", "main", cwd=origin.origin)
    assert merges == "2"
    assert origin.refs("refs/refinery/claims/") == {}
    assert [each.event for each in origin.queue_log()].count("merged") == 1


# Secrets


def test_a_token_in_the_url_is_nowhere_to_be_seen(guarded: Sandbox, web: GitServer) -> None:
    """Not in output, records, issues or files, not even when a check prints the remote's URL."""
    guarded.config(
        "version: 1\nchecks: [{name: t, run: '[ ! -e bad.txt ] || "
        "{ git config remote.origin.url; false; }'}]\n"
    )
    refinery = web.clone(guarded, "refinery")
    refinery.commit("bad", {"bad.txt": "b\n"}, onto="main")
    refinery.submit("bad")
    shown = [refinery.cli("process", "--drain")]
    bad = guarded.mr("bad")
    shown += [refinery.cli(*words) for words in (("why", bad.id), ("show", bad.id), ("doctor",))]
    web.away = True
    shown.append(refinery.cli("process", "--drain"))
    assert [secret for done in shown if (secret := secrets(done.out + done.err))] == []
    objects = guarded.git(
        "cat-file", "--batch-all-objects", "--batch", "--buffer", cwd=guarded.origin
    )
    assert secrets(objects) == []
    files = [path for path in guarded.root.rglob("*") if path.is_file() and path.name != "config"]
    assert [path for path in files if secrets(path.read_text(errors="replace"))] == []


def secrets(text: str) -> list[str]:
    return [line for line in text.splitlines() if "s3cr3t" in line]
