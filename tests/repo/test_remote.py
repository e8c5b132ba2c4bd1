from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from refinery.errors import TryAgain
from refinery.records.names import Ref, Sha
from refinery.repo.clone import init
from refinery.repo.locking import locked
from refinery.repo.process import GitError, RemoteUnavailable
from refinery.repo.remote import (
    InPlace,
    Lost,
    NoRemote,
    RefTransport,
    RefUpdate,
    Refused,
    Remote,
    RemoteLacks,
    Swapped,
    Unknown,
    optional,
    transport,
)
from refinery.repo.repository import Repository

from .conftest import Box

MAIN = Ref("refs/heads/main")
QUEUE = Ref("refs/refinery/queue")
CLAIM = Ref("refs/refinery/claims/mr-1")
PIN = Ref("refs/refinery/heads/mr-1")


@pytest.fixture
def one(box: Box, clone: Repository) -> Sha:
    return box.seed(clone, MAIN, QUEUE)


@pytest.fixture
def two(box: Box, clone: Repository, one: Sha) -> Sha:
    return box.commit(clone, {"a.txt": "b\n"}, one)


@pytest.fixture
def three(box: Box, clone: Repository, two: Sha) -> Sha:
    return box.commit(clone, {"a.txt": "c\n"}, two)


def move(box: Box, ref: Ref, oid: str) -> str:
    return f"git --git-dir={box.origin.path} update-ref {ref} {oid}"


class TestPush:
    def test_refs_are_created_moved_and_deleted_together(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        assert origin.push([RefUpdate(CLAIM, None, one)]) == Swapped()
        landing = [
            RefUpdate(MAIN, one, two),
            RefUpdate(QUEUE, one, two),
            RefUpdate(CLAIM, one, None),
            RefUpdate(PIN, None, two),
        ]
        assert origin.push(landing) == Swapped()
        assert box.refs() == {MAIN: two, QUEUE: two, PIN: two}

    def test_a_stale_lease_moves_nothing_and_runs_no_hook(
        self, box: Box, origin: Remote, one: Sha, two: Sha, three: Sha
    ) -> None:
        box.hook("pre-receive", "touch ran")
        outcome = origin.push([RefUpdate(MAIN, one, two), RefUpdate(QUEUE, two, three)])
        assert outcome == Lost("stale info", (QUEUE,))
        assert box.refs() == {MAIN: one, QUEUE: one}
        assert not (box.origin.path / "ran").exists()

    def test_a_ref_that_must_not_exist_is_created_once(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        assert origin.push([RefUpdate(CLAIM, None, one)]) == Swapped()
        assert origin.push([RefUpdate(CLAIM, None, two)]) == Lost("stale info", (CLAIM,))
        assert box.refs()[CLAIM] == one

    def test_identical_commits_are_two_winners(self, origin: Remote, one: Sha) -> None:
        """The hazard callers must know: git says "up to date" before it looks at the lease."""
        assert origin.push([RefUpdate(CLAIM, None, one)]) == Swapped()
        assert origin.push([RefUpdate(CLAIM, None, one)]) == Swapped()

    def test_a_deletion_at_another_value_is_lost(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        assert origin.push([RefUpdate(QUEUE, two, None)]) == Lost("stale info", (QUEUE,))
        assert box.refs()[QUEUE] == one

    def test_a_deletion_of_what_is_gone_loses_the_whole_landing(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        outcome = origin.push([RefUpdate(MAIN, one, two), RefUpdate(CLAIM, one, None)])
        assert outcome == Lost("stale info", (CLAIM,))
        assert box.refs() == {MAIN: one, QUEUE: one}

    def test_going_back_is_allowed_under_a_lease(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        assert origin.push([RefUpdate(QUEUE, one, two)]) == Swapped()
        assert origin.push([RefUpdate(QUEUE, two, one)]) == Swapped()
        assert box.refs()[QUEUE] == one

    def test_one_ref_that_moves_after_the_advertisement_is_lost(
        self, box: Box, origin: Remote, one: Sha, two: Sha, three: Sha
    ) -> None:
        origin.push([RefUpdate(PIN, None, three)])
        box.hook("pre-receive", f"env -u GIT_QUARANTINE_PATH {move(box, QUEUE, three)}")
        outcome = origin.push([RefUpdate(QUEUE, one, two)])
        assert isinstance(outcome, Lost)
        assert outcome.refs == (QUEUE,)
        assert box.refs()[QUEUE] == three

    def test_a_claim_stolen_after_the_advertisement_stops_the_landing(
        self, box: Box, origin: Remote, one: Sha, two: Sha, three: Sha
    ) -> None:
        origin.push([RefUpdate(PIN, None, three), RefUpdate(CLAIM, None, one)])
        box.hook("pre-receive", f"env -u GIT_QUARANTINE_PATH {move(box, CLAIM, three)}")
        outcome = origin.push(
            [RefUpdate(MAIN, one, two), RefUpdate(QUEUE, one, two), RefUpdate(CLAIM, one, None)]
        )
        assert isinstance(outcome, Lost)
        assert box.refs() == {MAIN: one, QUEUE: one, PIN: three, CLAIM: three}

    def test_a_ref_created_after_the_advertisement_is_lost(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.hook("pre-receive", f"env -u GIT_QUARANTINE_PATH {move(box, CLAIM, one)}")
        outcome = origin.push([RefUpdate(CLAIM, None, two)])
        assert isinstance(outcome, Lost)
        assert box.refs()[CLAIM] == one

    def test_an_update_hook_refuses_the_whole_push_in_its_words(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.hook("update", f'[ "$1" != {MAIN} ] || {{ echo "use the queue"; exit 1; }}')
        box.hook("post-receive", "touch ran")
        outcome = origin.push([RefUpdate(QUEUE, one, two), RefUpdate(MAIN, one, two)])
        assert outcome == Refused(
            MAIN, "hook declined", ("use the queue", f"error: hook declined to update {MAIN}")
        )
        assert box.refs() == {MAIN: one, QUEUE: one}
        assert not (box.origin.path / "ran").exists()

    def test_a_pre_receive_hook_refuses_in_its_words(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.hook("pre-receive", 'echo "frozen: https://u:pw@h/x" >&2; exit 1')
        outcome = origin.push([RefUpdate(MAIN, one, two), RefUpdate(QUEUE, one, two)])
        assert outcome == Refused(MAIN, "pre-receive hook declined", ("frozen: https://***@h/x",))

    def test_a_reference_transaction_hook_refuses(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.hook("reference-transaction", '[ "$1" != prepared ]')
        outcome = origin.push([RefUpdate(MAIN, one, two), RefUpdate(QUEUE, one, two)])
        assert isinstance(outcome, Refused)
        assert re.search("aborted by (the reference-transaction )?hook", outcome.reason)

    @pytest.mark.parametrize(
        ("key", "ref", "reason"),
        [
            ("receive.denyNonFastForwards", MAIN, "non-fast-forward"),
            ("receive.denyDeletes", MAIN, "deletion prohibited"),
        ],
    )
    def test_a_server_that_denies_refuses(
        self, box: Box, origin: Remote, two: Sha, key: str, ref: Ref, reason: str
    ) -> None:
        old = box.refs()[ref]
        other = box.commit(origin.repo, {"other": "x"})
        box.git("config", key, "true")
        new = None if key.endswith("Deletes") else other
        outcome = origin.push([RefUpdate(ref, old, new)])
        assert isinstance(outcome, Refused)
        assert (outcome.ref, outcome.reason) == (ref, reason)

    def test_a_hidden_ref_is_refused(self, box: Box, origin: Remote, one: Sha) -> None:
        box.git("config", "receive.hideRefs", "refs/refinery")
        outcome = origin.push([RefUpdate(CLAIM, None, one)])
        assert isinstance(outcome, Refused)
        assert outcome.reason == "deny updating a hidden ref"

    def test_a_stale_lock_on_the_server_is_a_lost_race_that_shows_the_lock(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        lock = box.origin.path / f"{QUEUE}.lock"
        lock.touch()
        outcome = origin.push([RefUpdate(MAIN, one, two), RefUpdate(QUEUE, one, two)])
        assert isinstance(outcome, Lost)
        assert any(str(lock.name) in line for line in outcome.lines)
        assert box.refs() == {MAIN: one, QUEUE: one}

    def test_a_server_without_atomic_pushes_is_named(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.git("config", "receive.advertiseAtomic", "false")
        with pytest.raises(RemoteLacks) as caught:
            origin.push([RefUpdate(MAIN, one, two)])
        assert caught.value.message == (
            f"remote {origin.shown} does not support atomic: a landing moves several refs or none"
        )
        assert box.refs()[MAIN] == one

    def test_push_options_reach_the_hooks(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.git("config", "receive.advertisePushOptions", "true")
        box.hook("pre-receive", 'echo "$GIT_PUSH_OPTION_COUNT $GIT_PUSH_OPTION_0" > options')
        box.git("config", "--add", "push.pushOption", "the-users-own", at=origin.repo.path)
        assert origin.push([RefUpdate(MAIN, one, two)], options=["refinery.x=y z"]) == Swapped()
        assert (box.origin.path / "options").read_text() == "1 refinery.x=y z\n"

    def test_a_server_without_push_options_is_named(self, origin: Remote, one: Sha) -> None:
        with pytest.raises(RemoteLacks, match="does not support push options"):
            origin.push([RefUpdate(CLAIM, None, one)], options=["a=b"])

    def test_the_users_own_push_settings_change_nothing(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        at = origin.repo.path
        box.git("tag", "-a", "-m", "t", "v1", two, at=at)
        for key, value in {
            "push.followTags": "true",
            "push.useForceIfIncludes": "true",
            "push.recurseSubmodules": "only",
            "remote.origin.mirror": "true",
            "push.gpgSign": "if-asked",
        }.items():
            box.git("config", key, value, at=at)
        hook = origin.repo.git_dir / "hooks" / "pre-push"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
        assert origin.push([RefUpdate(MAIN, one, two)]) == Swapped()
        assert box.refs() == {MAIN: two, QUEUE: one}

    def test_four_hundred_refs_go_in_one_push(self, box: Box, origin: Remote, one: Sha) -> None:
        refs = [Ref(f"refs/refinery/claims/{'x' * 60}-{number}") for number in range(400)]
        assert origin.push([RefUpdate(ref, None, one) for ref in refs]) == Swapped()
        assert origin.push([RefUpdate(ref, one, None) for ref in refs]) == Swapped()
        assert box.refs() == {MAIN: one, QUEUE: one}

    def test_a_remote_that_is_away_leaves_the_push_unknown(self, origin: Remote, one: Sha) -> None:
        away = Remote(origin.repo, "/nowhere.git")
        assert isinstance(away.push([RefUpdate(MAIN, None, one)]), Unknown)

    def test_a_remote_that_dies_during_the_push_leaves_it_unknown(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.hook("pre-receive", "kill -9 $PPID")
        assert isinstance(origin.push([RefUpdate(MAIN, one, two)]), Unknown)
        assert box.refs()[MAIN] == one

    def test_a_push_that_is_killed_leaves_it_unknown(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.git("config", "remote.origin.receivepack", "kill -9 $PPID #", at=origin.repo.path)
        outcome = origin.push([RefUpdate(MAIN, one, two)])
        assert outcome == Unknown("git push was ended by signal 9")

    def test_a_remote_that_hangs_leaves_the_push_unknown(
        self, box: Box, origin: Remote, one: Sha, two: Sha
    ) -> None:
        box.hook("pre-receive", "sleep 60")
        outcome = origin.push([RefUpdate(MAIN, one, two)], timeout=0.7)
        assert outcome == Unknown(f"remote {origin.shown}: git push: no end after 0.7 seconds")

    def test_an_object_that_is_not_here_is_our_own_failure(self, origin: Remote, one: Sha) -> None:
        with pytest.raises(GitError):
            origin.push([RefUpdate(CLAIM, None, Sha("1" * 40))])

    def test_objects_that_the_server_finds_fault_with_are_refused(
        self, box: Box, origin: Remote, one: Sha
    ) -> None:
        box.git("config", "receive.fsckObjects", "true")
        raw = f"tree {'1' * 40}\nauthor nobody\n\nbroken\n"
        command = ("hash-object", "-w", "-t", "commit", "--stdin", "--literally")
        tree = box.git("rev-parse", f"{one}^{{tree}}", at=origin.repo.path)
        broken = box.git(*command, at=origin.repo.path, stdin=raw.replace("1" * 40, tree))
        outcome = origin.push([RefUpdate(CLAIM, None, Sha(broken))])
        assert isinstance(outcome, Refused)
        assert outcome.reason.startswith("remote unpack failed:")

    def test_names_that_are_no_refs_never_reach_git(self, origin: Remote, one: Sha) -> None:
        bad = Ref("--receive-pack=x")
        outcome = origin.push([RefUpdate(bad, None, one)])
        assert outcome == Refused(bad, "not a valid full ref name")

    def test_of_many_pushers_one_wins(self, box: Box, one: Sha) -> None:
        clones = [box.clone(f"clone{number}") for number in range(6)]
        for repo in clones:
            box.git("fetch", "-q", "origin", at=repo.path)
        made = [box.commit(repo, {"a.txt": f"{number}"}, one) for number, repo in enumerate(clones)]
        outcomes: dict[Sha, object] = {}
        start = threading.Barrier(len(clones))

        def push(repo: Repository, oid: Sha) -> None:
            start.wait()
            outcomes[oid] = Remote(repo, "origin").push(
                [RefUpdate(MAIN, one, oid), RefUpdate(CLAIM, None, oid)]
            )

        threads = [
            threading.Thread(target=push, args=pair) for pair in zip(clones, made, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        winners = [oid for oid, outcome in outcomes.items() if isinstance(outcome, Swapped)]
        assert len(winners) == 1
        assert sum(isinstance(outcome, Lost) for outcome in outcomes.values()) == 5
        assert box.refs() == {MAIN: winners[0], QUEUE: one, CLAIM: winners[0]}

    def test_sha256_repositories_push_too(self, any_box: Box) -> None:
        repo = any_box.clone()
        made = any_box.commit(repo, {"a": "1"})
        assert Remote(repo, "origin").push([RefUpdate(CLAIM, None, made)]) == Swapped()
        assert any_box.refs() == {CLAIM: made}


class TestAccess:
    """What servers say when they do not let us in, through a stand-in for ssh."""

    @contextmanager
    def ssh(self, box: Box, clone: Repository, script: str) -> Iterator[Remote]:
        fake = box.root / "ssh"
        fake.write_text(f"#!/bin/sh\n{script}\n")
        fake.chmod(0o755)
        box.git("config", "core.sshCommand", str(fake), at=clone.path)
        box.git("config", "ssh.variant", "simple", at=clone.path)
        yield Remote(clone, "git@host:o/r.git")

    def test_a_refused_key_is_a_refusal_of_the_push(
        self, box: Box, clone: Repository, one: Sha
    ) -> None:
        with self.ssh(
            box, clone, "echo 'ERROR: Permission to o/r.git denied to bo.' >&2; exit 1"
        ) as remote:
            outcome = remote.push([RefUpdate(MAIN, None, one)])
            assert outcome == Refused(MAIN, "ERROR: Permission to o/r.git denied to bo.")

    def test_a_refused_key_makes_a_fetch_unavailable(self, box: Box, clone: Repository) -> None:
        with self.ssh(
            box, clone, "echo 'git@host: Permission denied (publickey).' >&2; exit 255"
        ) as remote:
            with pytest.raises(RemoteUnavailable) as caught:
                remote.list()
            assert caught.value.message == (
                "remote 'git@host:o/r.git': git@host: Permission denied (publickey)."
            )

    def test_a_remote_that_hangs_is_unavailable(self, box: Box, clone: Repository) -> None:
        with (
            self.ssh(box, clone, "sleep 60") as remote,
            pytest.raises(RemoteUnavailable, match=r"no end after 0\.3 seconds"),
        ):
            remote.list(timeout=0.3)


class TestFetch:
    @pytest.fixture
    def specs(self) -> tuple[str, ...]:
        return (
            "+refs/heads/main:refs/remotes/origin/main",
            "+refs/refinery/queue:refs/refinery/queue",
            "+refs/refinery/claims/*:refs/refinery/claims/*",
        )

    def test_refs_arrive_and_absent_ones_are_no_error(
        self, box: Box, origin: Remote, specs: tuple[str, ...]
    ) -> None:
        origin.fetch(specs, prune=True)
        assert box.refs(origin.repo.path) == {}
        made = box.seed(origin.repo, QUEUE, CLAIM)
        origin.fetch(specs, prune=True)
        assert box.refs(origin.repo.path) == {QUEUE: made, CLAIM: made}

    def test_what_left_the_remote_leaves_the_clone_when_pruning(
        self, box: Box, origin: Remote, specs: tuple[str, ...]
    ) -> None:
        made = box.seed(origin.repo, MAIN, QUEUE, CLAIM)
        origin.fetch(specs, prune=True)
        box.git("update-ref", "-d", QUEUE)
        box.git("update-ref", "-d", CLAIM)
        origin.fetch(specs, prune=False)
        assert box.refs(origin.repo.path)[QUEUE] == made
        origin.fetch(specs, prune=True)
        assert box.refs(origin.repo.path) == {Ref("refs/remotes/origin/main"): made}

    def test_forced_moves_arrive(
        self, box: Box, origin: Remote, one: Sha, two: Sha, specs: tuple[str, ...]
    ) -> None:
        origin.push([RefUpdate(QUEUE, one, two)])
        origin.fetch(specs, prune=True)
        origin.push([RefUpdate(QUEUE, two, one)])
        origin.fetch(specs, prune=True)
        assert box.refs(origin.repo.path)[QUEUE] == one

    def test_an_exact_ref_brings_no_namesakes(self, box: Box, origin: Remote) -> None:
        made = box.seed(origin.repo, MAIN, Ref("refs/heads/main2"), Ref("refs/heads/x/main"))
        origin.fetch(["+refs/heads/main:refs/target/now"], prune=True)
        assert box.refs(origin.repo.path) == {
            Ref("refs/target/now"): made,
            **{
                Ref(ref): oid
                for ref, oid in box.refs(origin.repo.path).items()
                if ref.startswith("refs/remotes/")
            },
        }

    def test_depth_cuts_the_history(self, box: Box, one: Sha, two: Sha, clone: Repository) -> None:
        Remote(clone, "origin").push([RefUpdate(QUEUE, one, two)])
        fresh = init(box.root / "fresh")
        Remote(fresh, f"file://{box.origin.path}").fetch(
            [f"+{QUEUE}:{QUEUE}"], prune=False, depth=1
        )
        assert fresh.shallow
        assert box.git("rev-list", "--count", QUEUE, at=fresh.path) == "1"

    def test_nothing_is_left_beside_the_refs(
        self, box: Box, origin: Remote, specs: tuple[str, ...]
    ) -> None:
        made = box.seed(origin.repo, MAIN, QUEUE)
        box.git("tag", "v1", made)
        origin.fetch(specs, prune=True)
        assert not (origin.repo.git_dir / "FETCH_HEAD").exists()
        assert "refs/tags/v1" not in box.refs(origin.repo.path)

    def test_a_fetch_that_is_killed_may_be_tried_again(
        self, box: Box, origin: Remote, one: Sha
    ) -> None:
        box.git("config", "remote.origin.uploadpack", "kill -9 $PPID #", at=origin.repo.path)
        with pytest.raises(TryAgain, match=r"^git fetch was ended by signal 9$"):
            origin.fetch(["+refs/heads/*:refs/remotes/origin/*"], prune=True)

    def test_fetches_of_one_clone_run_one_after_the_other(
        self, box: Box, origin: Remote, specs: tuple[str, ...]
    ) -> None:
        box.seed(origin.repo, MAIN, QUEUE, *(Ref(f"{CLAIM}{n}") for n in range(20)))
        failures: list[BaseException] = []

        def fetch() -> None:
            try:
                Remote(Repository.discover(origin.repo.path), "origin").fetch(specs, prune=True)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=fetch) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(box.refs(origin.repo.path)) == 22

    def test_a_fetch_that_waits_too_long_for_another_says_so(
        self, origin: Remote, specs: tuple[str, ...]
    ) -> None:
        lock = origin.repo.state_dir / "fetch.lock"
        with locked(lock, wait=1), pytest.raises(TryAgain) as caught:
            origin.fetch(specs, prune=True, timeout=0.05)
        assert caught.value.message == (f"another process has held {str(lock)!r} for 0.05 seconds")

    def test_the_lock_of_a_fetch_that_was_killed_goes_once_it_is_old(
        self, box: Box, origin: Remote, specs: tuple[str, ...]
    ) -> None:
        box.seed(origin.repo, QUEUE)
        lock = origin.repo.git_dir / f"{QUEUE}.lock"
        lock.parent.mkdir(parents=True)
        lock.touch()
        os.utime(lock, (0, 0))
        origin.fetch(specs, prune=True)
        assert QUEUE in box.refs(origin.repo.path)
        assert not lock.exists()

    def test_a_remote_that_is_away_is_named_without_its_secrets(
        self, box: Box, clone: Repository
    ) -> None:
        box.git("remote", "set-url", "origin", "http://u:hunter2@127.0.0.1:1/x", at=clone.path)
        remote = Remote(Repository.discover(clone.path), "origin")
        with pytest.raises(RemoteUnavailable) as caught:
            remote.fetch(["+refs/heads/*:refs/x/*"], prune=False)
        assert caught.value.message.startswith(
            "remote 'origin' (http://***@127.0.0.1:1/x): unable to access"
        )
        assert "hunter2" not in caught.value.message

    @pytest.mark.parametrize(
        ("refspec", "asked"),
        [
            ("+refs/heads/main:refs/x/now", "+refs/heads/mai*n:refs/x/no*w"),
            ("refs/heads/m:refs/heads/m", "refs/heads/*m:refs/heads/*m"),
            ("+refs/heads/*:refs/x/*", "+refs/heads/*:refs/x/*"),
            ("1234:refs/x/y", "1234:refs/x/y"),
            ("^refs/heads/x", "^refs/heads/x"),
        ],
    )
    def test_exact_refspecs_become_optional(self, refspec: str, asked: str) -> None:
        assert optional(refspec) == asked


def test_refs_of_the_remote_are_listed(box: Box, origin: Remote, one: Sha) -> None:
    assert origin.list() == {MAIN: one, QUEUE: one}
    assert origin.list("refs/refinery/*") == {QUEUE: one}
    assert origin.list("refs/heads/mai") == {}


@pytest.mark.parametrize("name", ["", "--upload-pack=touch x"])
def test_a_remote_name_cannot_be_an_option(clone: Repository, name: str) -> None:
    with pytest.raises(NoRemote):
        Remote(clone, name)


class TestInPlace:
    def test_it_is_chosen_for_a_bare_repository(self, box: Box) -> None:
        assert transport(box.origin) == InPlace(box.origin)

    def test_it_moves_lists_and_loses_as_a_remote_does(
        self, box: Box, clone: Repository, one: Sha
    ) -> None:
        place: RefTransport = InPlace(box.origin)
        place.fetch(["+refs/heads/*:refs/x/*"], prune=True)
        assert place.push([RefUpdate(CLAIM, None, one)]) == Swapped()
        outcome = place.push([RefUpdate(CLAIM, None, one), RefUpdate(PIN, None, one)])
        assert isinstance(outcome, Lost)
        assert outcome.refs == (CLAIM,)
        assert place.list("refs/refinery/*") == {QUEUE: one, CLAIM: one}

    def test_a_branch_that_is_checked_out_is_not_moved(
        self, box: Box, clone: Repository, one: Sha, two: Sha
    ) -> None:
        box.git("reset", "-q", "--hard", one, at=clone.path)
        place = InPlace(clone)
        outcome = place.push([RefUpdate(MAIN, one, two)])
        assert outcome == Refused(MAIN, f"checked out in {str(clone.git_dir)!r}")
        box.git("config", "receive.denyCurrentBranch", "ignore", at=clone.path)
        allowed = InPlace(Repository.discover(clone.path))
        assert allowed.push([RefUpdate(MAIN, one, two)]) == Swapped()

    def test_a_branch_of_a_linked_worktree_is_not_moved(
        self, box: Box, clone: Repository, one: Sha
    ) -> None:
        box.git("worktree", "add", "-q", str(box.root / "w"), "main")
        outcome = InPlace(box.origin).push([RefUpdate(MAIN, one, None)])
        assert isinstance(outcome, Refused)

    def test_the_head_of_a_bare_repository_moves(
        self, box: Box, clone: Repository, one: Sha
    ) -> None:
        assert InPlace(box.origin).push([RefUpdate(MAIN, one, None)]) == Swapped()


def test_a_clone_with_a_remote_uses_it(clone: Repository) -> None:
    assert transport(clone) == Remote(clone, "origin")


def test_a_clone_without_a_remote_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(NoRemote) as caught:
        transport(init(tmp_path / "alone"))
    assert caught.value.hint == (
        "git config refinery.remote <name of the remote>, or . for this very repository"
    )
