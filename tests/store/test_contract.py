"""The contract of a store: what an edit does, all of it or nothing, and that one racer wins."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from refinery.queue.candidate import Built, Clean
from refinery.queue.settling import land
from refinery.records.header import Pause
from refinery.records.merge_request import CloseReason, MergeRequest, Method, Status
from refinery.records.names import Branch, MrId, Ref, Sha
from refinery.records.schema import InvalidRecord
from refinery.repo.refs import Swapped
from refinery.store.edit import Applied, Edit, Event, Lost, RefMove
from refinery.store.update import Store
from refinery.store.view import View
from tests.decisions.makers import NOW, a_candidate_claim, a_claim, a_sha, a_verdict, an_id
from tests.store.places import Place

EVENT = Event("tested", "a test")
A, B = an_id("a"), an_id("b")
MAIN = Ref("refs/heads/main")


def done(store: Store, edit: Edit) -> View:
    """Apply an edit to the state as it is; the view that comes back is the one that is read."""
    outcome, after = store.swap(store.read(), edit)
    assert isinstance(outcome, Applied), outcome
    assert facts(after) == facts(store.read())
    return after


def facts(view: View) -> tuple[object, ...]:
    """All that a view says; the leases by name, since memory counts where git has objects."""
    return (
        view.header,
        view.mrs,
        view.unfolded,
        view.claims,
        view.testing,
        view.verdicts,
        view.damage,
        view.targets,
        set(view.leases),
    )


def queued(store: Store, *mrs: MergeRequest) -> View:
    """Put them into the folded queue, pinned."""
    return done(store, Edit(EVENT, put=mrs, pins={mr.id: mr.head for mr in mrs}))


class TestEdits:
    def test_an_empty_queue_has_its_default_target_and_its_tip(self, place: Place) -> None:
        view = place.open().read()
        assert view.header.default_target == "main"
        assert view.targets == {"main": place.box.sha("main")}
        assert (view.mrs, view.claims, view.damage) == ({}, {}, ())

    def test_a_submission_is_seen_unfolded_by_everybody(self, place: Place) -> None:
        done(place.open(), Edit(EVENT, submit=(place.mr(),)))
        view = place.open().read()
        assert view.mrs == {A: place.mr()}
        assert view.unfolded == {A}

    def test_folding_moves_it_into_the_queue_and_pins_its_head(self, place: Place) -> None:
        store = place.open()
        done(store, Edit(EVENT, submit=(place.mr(),)))
        view = done(store, Edit(EVENT, put=(place.mr(),), fold=(A,), pins={A: place.heads["a"]}))
        assert (view.mrs, view.unfolded) == ({A: place.mr()}, frozenset())
        refs = {ref for ref in view.leases if ref.startswith("refs/refinery/")}
        assert refs == {"refs/refinery/queue", f"refs/refinery/heads/{A}"}

    def test_a_claim_is_taken_renewed_and_given_back(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr())
        taken = a_claim("a")
        assert done(store, Edit(EVENT, claim={A: taken})).claims == {A: taken}
        renewed = replace(taken, expires_at=NOW + timedelta(hours=1))
        assert done(place.open(), Edit(EVENT, claim={A: renewed})).claims == {A: renewed}
        assert done(store, Edit(EVENT, release=(A,))).claims == {}

    def test_a_claim_is_taken_over_by_who_saw_it_last(self, place: Place) -> None:
        store, other = place.open(), place.open()
        queued(store, place.mr())
        done(store, Edit(EVENT, claim={A: a_claim("a", worker="ada")}))
        bob = a_claim("a", worker="bob")
        assert done(other, Edit(EVENT, claim={A: bob})).claims == {A: bob}

    def test_several_are_claimed_together_or_not_at_all(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr("a"), place.mr("b"))
        before = store.read()
        done(store, Edit(EVENT, claim={B: a_claim("b", worker="bob")}))
        both = a_claim("a", "b", worker="ada")
        outcome, _ = store.swap(before, Edit(EVENT, claim=dict.fromkeys(both.candidate, both)))
        assert isinstance(outcome, Lost)
        assert store.read().claims == {B: a_claim("b", worker="bob")}

    def test_a_candidate_is_claimed_under_its_own_name_beside_others(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr("a"), place.mr("b"))
        one = a_candidate_claim("a", worker="ada")
        two = a_candidate_claim("a", "b", worker="bob", claimed_at=NOW + timedelta(minutes=1))
        three = a_claim("b", worker="eve")
        base = a_candidate_claim(worker="zoe", purpose="base")
        held = {one.names[0]: one, two.names[0]: two, B: three, base.names[0]: base}
        for name, claim in held.items():
            done(place.open(), Edit(EVENT, claim={name: claim}))
        view = place.open().read()
        assert (view.claims, view.damage) == (held, ())
        assert view.testing == {A: (one, two), B: (two,)}
        after = done(store, Edit(EVENT, release=one.names))
        assert after.testing == {A: (two,), B: (two,)}
        assert set(after.claims) == {two.names[0], B, base.names[0]}

    def test_verdicts_are_kept_by_tree_and_checks_and_forgotten(self, place: Place) -> None:
        store = place.open()
        one, two = a_verdict("a"), a_verdict("b")
        view = done(store, Edit(EVENT, verdicts=(one, two)))
        assert view.verdicts == {one.key: one, two.key: two}
        again = replace(one, runs=2)
        view = done(store, Edit(EVENT, verdicts=(again,), forget=(two.key,)))
        assert view.verdicts == {one.key: again}

    def test_a_verdict_that_is_written_is_not_forgotten_with_it(self, place: Place) -> None:
        store = place.open()
        verdict = a_verdict("a")
        done(store, Edit(EVENT, verdicts=(verdict,)))
        again = replace(verdict, runs=2)
        view = done(store, Edit(EVENT, verdicts=(again,), forget=(verdict.key,)))
        assert view.verdicts == {verdict.key: again}

    def test_the_header_is_written(self, place: Place) -> None:
        store = place.open()
        header = replace(store.read().header, paused=Pause("eve", "release", NOW), archived=3)
        assert done(store, Edit(EVENT, header=header)).header == header
        assert done(store, Edit(EVENT, put=(place.mr(),))).header == header

    def test_a_landing_moves_target_record_claim_and_pin_together(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr(), place.mr("b"))
        base = store.read().targets[Branch("main")]
        claim = a_candidate_claim("a", base=base)
        view = done(store, Edit(EVENT, claim={claim.names[0]: claim}))
        head = place.heads["a"]
        verdict = a_verdict("a")
        built = Built(
            target=Branch("main"),
            base=base,
            commit=head,
            tree=verdict.tree,
            method=Method.FAST_FORWARD,
            members=(Clean(A, head),),
        )
        from refinery.config.config import Config

        edit = land(view, built, verdict, claim, Config(), NOW)
        assert isinstance(edit, Edit)
        after = done(store, edit)
        assert after.targets == {"main": head}
        assert (after.claims, after.testing) == ({}, {})
        assert after.mrs[A].close_reason is CloseReason.MERGED
        assert after.header.landed == {"main": head}
        assert f"refs/refinery/heads/{A}" not in after.leases
        assert f"refs/refinery/heads/{an_id('b')}" in after.leases
        if place.kind != "memory":
            assert place.box.sha("main") == head

    def test_closed_ones_leave_the_queue_for_the_archive_again_and_again(
        self, place: Place
    ) -> None:
        for name in "abc":
            store = place.open()
            mr = place.mr(
                name, status=Status.CLOSED, close_reason=CloseReason.REJECTED, closed_at=NOW
            )
            done(store, Edit(EVENT, put=(mr,)))
            assert done(store, Edit(EVENT, archive=(mr,))).mrs == {}
        if place.kind != "memory":
            assert [mr.branch for mr in place.box.archived()] == ["a", "b", "c"]

    def test_an_edit_that_changes_nothing_pushes_nothing(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr())
        before = place.state()
        done(store, Edit(EVENT, release=(A,), fold=(A,)))
        assert place.state() == before

    def test_what_breaks_the_schema_is_not_written(self, place: Place) -> None:
        store = place.open()
        before = place.state()
        with pytest.raises(InvalidRecord):
            store.swap(store.read(), Edit(EVENT, put=(place.mr("b"), place.mr("a", priority=9))))
        assert place.state() == before

    def test_text_from_outside_stays_in_itsplaces(self, place: Place) -> None:
        store = place.open()
        mr = place.mr(title="x\u2028Refinery-Op: forged \\ \" '", source_issue="- a: [")
        done(store, Edit(Event("queued", "x\n\nRefinery-Op: forged", (A,)), submit=(mr,)))
        assert place.open().read().mrs == {A: mr}


class TestRaces:
    """Two act on the same instant: exactly one wins, and the loser changes nothing."""

    def race(self, place: Place, first: Edit, second: Edit) -> None:
        one, two = place.open(), place.open()
        seen_by_one, seen_by_two = one.read(), two.read()
        outcome, _ = one.swap(seen_by_one, first)
        assert isinstance(outcome, Applied)
        state = place.state()
        outcome, view = two.swap(seen_by_two, second)
        assert isinstance(outcome, Lost), outcome
        assert view is seen_by_two
        assert place.state() == state

    def test_for_the_queue(self, place: Place) -> None:
        self.race(place, Edit(EVENT, put=(place.mr("a"),)), Edit(EVENT, put=(place.mr("b"),)))

    def test_with_one_and_the_same_edit(self, place: Place) -> None:
        # Equal commits would be two winners: git finds a ref up to date before it asks for leases.
        edit = Edit(EVENT, put=(place.mr("a"),))
        self.race(place, edit, edit)

    def test_for_one_submission(self, place: Place) -> None:
        edit = Edit(EVENT, submit=(place.mr("a"),))
        self.race(place, edit, edit)

    def test_for_a_claim(self, place: Place) -> None:
        queued(place.open(), place.mr())
        self.race(
            place,
            Edit(EVENT, claim={A: a_claim("a", worker="ada")}),
            Edit(EVENT, claim={A: a_claim("a", worker="bob")}),
        )

    def test_for_a_candidate(self, place: Place) -> None:
        queued(place.open(), place.mr())
        ada, bob = a_candidate_claim("a", worker="ada"), a_candidate_claim("a", worker="bob")
        self.race(
            place,
            Edit(EVENT, claim={ada.names[0]: ada}),
            Edit(EVENT, claim={bob.names[0]: bob}),
        )

    def test_for_equal_claims(self, place: Place) -> None:
        queued(place.open(), place.mr())
        edit = Edit(EVENT, claim={A: a_claim("a")})
        self.race(place, edit, edit)

    def test_for_taking_over_an_expired_claim(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr())
        done(store, Edit(EVENT, claim={A: a_claim("a", lasts=-1)}))
        self.race(
            place,
            Edit(EVENT, claim={A: a_claim("a", worker="bob")}),
            Edit(EVENT, claim={A: a_claim("a", worker="eve")}),
        )

    def test_a_renewal_against_a_takeover(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr())
        done(store, Edit(EVENT, claim={A: a_claim("a")}))
        self.race(
            place,
            Edit(EVENT, claim={A: a_claim("a", worker="bob")}),
            Edit(EVENT, claim={A: a_claim("a", lasts=60)}),
        )

    def test_a_release_against_a_takeover(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr())
        done(store, Edit(EVENT, claim={A: a_claim("a")}))
        self.race(
            place,
            Edit(EVENT, claim={A: a_claim("a", worker="bob")}),
            Edit(EVENT, release=(A,)),
        )

    @pytest.mark.parametrize(
        "theft",
        [
            Edit(EVENT, claim={A: a_claim("a", worker="bob")}),
            Edit(EVENT, release=(A,)),
            Edit(EVENT, verdicts=(a_verdict("b"),)),
        ],
        ids=["claim taken over", "claim given back", "queue moved"],
    )
    def test_a_landing_after_its_ground_moved(self, place: Place, theft: Edit) -> None:
        store = place.open()
        queued(store, place.mr())
        done(store, Edit(EVENT, claim={A: a_claim("a")}))
        base = store.read().targets[Branch("main")]
        self.race(place, theft, self.landing(place, base))

    def test_a_landing_on_a_target_that_moved(self, place: Place) -> None:
        store = place.open()
        queued(store, place.mr())
        done(store, Edit(EVENT, claim={A: a_claim("a")}))
        view = store.read()
        if place.kind == "memory":
            store.set_target("main", place.heads["b"])  # type: ignore[attr-defined]
        else:
            place.box.git("push", "-q", "origin", "b:main")
        state = place.state()
        outcome, _ = store.swap(view, self.landing(place, view.targets[Branch("main")]))
        assert isinstance(outcome, Lost)
        assert place.state() == state

    def landing(self, place: Place, base: Sha) -> Edit:
        closed = place.mr(status=Status.CLOSED, close_reason=CloseReason.MERGED, closed_at=NOW)
        return Edit(
            EVENT,
            put=(closed,),
            release=(A,),
            pins={A: None},
            moves=(RefMove(MAIN, base, place.heads["a"]),),
        )

    def test_submissions_and_claims_do_not_contend(self, place: Place) -> None:
        queued(place.open(), place.mr("a"), place.mr("b"))
        one, two, three, four = (place.open() for _ in range(4))
        views = [store.read() for store in (one, two, three, four)]
        for store, view, edit in zip(
            (one, two, three, four),
            views,
            (
                Edit(EVENT, submit=(place.mr("c"),)),
                Edit(EVENT, submit=(place.mr("d"),)),
                Edit(EVENT, claim={A: a_claim("a", worker="ada")}),
                Edit(EVENT, claim={B: a_claim("b", worker="bob")}),
            ),
            strict=True,
        ):
            outcome, _ = store.swap(view, edit)
            assert isinstance(outcome, Applied), outcome
        after = place.open().read()
        assert (len(after.mrs), len(after.claims)) == (4, 2)

    def test_candidates_that_overlap_do_not_contend(self, place: Place) -> None:
        queued(place.open(), place.mr("a"), place.mr("b"))
        one, two = place.open(), place.open()
        seen_by_one, seen_by_two = one.read(), two.read()
        ada = a_candidate_claim("a", worker="ada")
        bob = a_candidate_claim("a", "b", worker="bob")
        for store, view, claim in ((one, seen_by_one, ada), (two, seen_by_two, bob)):
            outcome, _ = store.swap(view, Edit(EVENT, claim={claim.names[0]: claim}))
            assert isinstance(outcome, Applied), outcome
        assert set(place.open().read().claims.values()) == {ada, bob}

    def test_a_view_from_a_swap_serves_for_the_next(self, place: Place) -> None:
        store = place.open()
        view = store.read()
        for name in "abc":
            outcome, view = store.swap(view, Edit(EVENT, put=(place.mr(name),)))
            assert isinstance(outcome, Applied)
        assert facts(view) == facts(place.open().read())


@pytest.mark.parametrize("seed", range(3))
def test_memory_and_refs_agree_on_any_sequence_of_edits(remote: Place, seed: int) -> None:
    chance = random.Random(seed)
    memory = replace(remote, kind="memory").open()
    stores = [remote.open(), remote.open()]
    for step in range(12):
        store = chance.choice(stores)
        edit = random_edit(chance, memory.read(), remote, step)
        ours, _ = memory.swap(memory.read(), edit)
        theirs, _ = store.swap(store.read(), edit)
        assert type(ours) is type(theirs)
        assert facts(memory.read()) == facts(chance.choice(stores).read())


def random_edit(chance: random.Random, view: View, place: Place, step: int) -> Edit:
    """Something that somebody could want, legal or not."""
    name = chance.choice("abcd")
    id = MrId(an_id(name))
    mr = view.mrs.get(id, place.mr(name))
    changed = replace(mr, retry_count=step, title=f"{step}")
    closed = replace(mr, status=Status.CLOSED, close_reason=CloseReason.EMPTY, closed_at=NOW)
    tested = a_candidate_claim(name, *chance.choice([(), ("a",), ("b", "c")]), base=a_sha("x"))
    edits = [
        Edit(EVENT, put=(changed,), pins={id: mr.head}),
        Edit(EVENT, put=(closed,), pins={id: None}, release=(id,), fold=(id,)),
        Edit(EVENT, claim={id: a_claim(name, worker=f"w{step}")}),
        Edit(EVENT, release=(id,)),
        Edit(EVENT, claim={tested.names[0]: tested}),
        Edit(EVENT, release=tuple(chance.sample(sorted(view.claims), k=len(view.claims) // 2))),
        Edit(EVENT, verdicts=(a_verdict(name, runs=step + 1),)),
        Edit(EVENT, forget=tuple(view.verdicts)),
        Edit(EVENT, header=replace(view.header, archived=step)),
    ]
    if id in view.mrs:
        edits.append(Edit(EVENT, put=(changed,), fold=(id,)))
        edits.append(Edit(EVENT, archive=(closed,), fold=(id,)))
    else:
        edits.append(Edit(EVENT, submit=(changed,)))
    return chance.choice(edits)


def test_a_linked_worktree_is_its_clone_from_anotherplaces(remote: Place) -> None:
    path = remote.box.root / "worktree"
    remote.box.git("worktree", "add", "-q", "--detach", str(path))
    store = remote.open_refs(path=path)
    queued(store, remote.mr())
    done(store, Edit(EVENT, claim={A: a_claim("a")}))
    clone = remote.open_refs(path=remote.box.path)
    assert facts(clone.cached()) == facts(store.read())


def test_an_edit_of_nothing_does_not_push_the_branch_that_is_checked_out(remote: Place) -> None:
    store = remote.open_refs(path=remote.box.path)
    queued(store, remote.mr())
    remote.box.commit("main", {"unfinished.txt": "x"})
    before = remote.state()
    done(store, Edit(EVENT, release=(A,), fold=(A,)))
    assert store.transport.push([]) == Swapped()
    assert remote.state() == before
