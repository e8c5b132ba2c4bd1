"""What an edit makes of a view and which refs it touches, as both backends read it."""

from __future__ import annotations

import pytest

from refinery.config.config import Config
from refinery.records import document
from refinery.records.merge_request import MergeRequest
from refinery.records.names import Branch, Ref, Sha
from refinery.repo.objects import GitObject
from refinery.store.apply import applied
from refinery.store.archive import _record
from refinery.store.edit import Edit, Event, RefMove
from refinery.store.footprint import footprint
from refinery.store.layout import RefNames
from refinery.store.view import Damage, View
from refinery.values import replace
from tests.decisions.makers import (
    MAIN,
    a_candidate_claim,
    a_claim,
    a_closed_mr,
    a_sha,
    a_verdict,
    a_view,
    an_id,
    an_mr,
)

EVENT = Event("tested", "a test")
A, B, C = an_id("a"), an_id("b"), an_id("c")
REFS = RefNames("refs/refinery")


def edit(**parts: object) -> Edit:
    return Edit(EVENT, **parts)  # type: ignore[arg-type]


def test_verdicts_are_added_to_those_that_are_known_and_go_when_they_are_forgotten() -> None:
    one, other = a_verdict("a", tree=a_sha("one")), a_verdict("b", tree=a_sha("other"))
    view = a_view(an_mr("a"), verdicts=[one])
    both = applied(view, edit(verdicts=(other,)))
    assert both.verdicts == {one.key: one, other.key: other}
    assert applied(both, edit(forget=(one.key,))).verdicts == {other.key: other}
    again = replace(one, runs=2)
    assert applied(both, edit(verdicts=(again,), forget=(one.key,))).verdicts[one.key] == again


def test_what_is_archived_leaves_the_view_and_what_is_put_replaces_what_was_there() -> None:
    view = a_view(an_mr("a"), an_mr("b"))
    changed = replace(view.mrs[B], retry_count=3)
    after = applied(view, edit(archive=(a_closed_mr("a"),), put=(changed,)))
    assert after.mrs == {B: changed}
    assert view.mrs.keys() == {A, B}


def test_a_submission_waits_until_it_is_folded_and_one_folded_without_a_record_is_gone() -> None:
    view = a_view(an_mr("a"))
    waiting = applied(view, edit(submit=(an_mr("b"), an_mr("c"))))
    assert waiting.unfolded == {B, C}
    after = applied(waiting, edit(put=(an_mr("b"),), fold=(B, C)))
    assert (after.unfolded, after.mrs.keys()) == (frozenset(), {A, B})


def test_claims_come_and_go_with_what_is_tested() -> None:
    mine, candidate = a_claim("a"), a_candidate_claim("a", "b")
    name = candidate.names[0]
    view = applied(a_view(an_mr("a"), an_mr("b")), edit(claim={A: mine, name: candidate}))
    assert view.claims == {A: mine, name: candidate}
    assert view.testing == {A: (candidate,), B: (candidate,)}
    after = applied(view, edit(release=(name,)))
    assert (after.claims, after.testing) == ({A: mine}, {})


def test_a_target_that_moves_has_another_tree_and_others_keep_theirs() -> None:
    release = Branch("release")
    tips = {MAIN: a_sha("old"), release: a_sha("release")}
    trees = {MAIN: a_sha("old tree"), release: a_sha("release tree")}
    view = replace(a_view(), targets=tips, target_trees=trees)
    moves = (
        RefMove(Ref(f"refs/heads/{MAIN}"), a_sha("old"), a_sha("new")),
        RefMove(Ref("refs/heads/topic"), a_sha("topic"), None),
    )
    after = applied(view, edit(moves=moves))
    assert after.targets == {MAIN: a_sha("new"), release: a_sha("release")}
    assert after.target_trees == {release: a_sha("release tree")}


def test_refs_are_touched_in_the_order_in_which_a_torn_push_can_be_mended() -> None:
    moves = (
        RefMove(Ref("refs/heads/topic"), a_sha("topic"), None),
        RefMove(Ref("refs/heads/main"), a_sha("old"), a_sha("new")),
    )
    touched = footprint(
        REFS,
        edit(
            archive=(a_closed_mr("a"),),
            submit=(an_mr("b"),),
            claim={C: a_claim("c")},
            pins={B: a_sha("b"), A: None},
            release=(A,),
            fold=(C,),
            moves=moves,
        ),
    )
    assert list(touched.items()) == [
        ("refs/heads/main", True),
        (REFS.archive, True),
        (REFS.queue, True),
        (REFS.inbox(B), True),
        (REFS.claim(C), True),
        (REFS.pin(B), True),
        (REFS.pin(A), False),
        (REFS.claim(A), False),
        (REFS.inbox(C), False),
        ("refs/heads/topic", False),
    ]


@pytest.mark.parametrize(
    "part",
    [
        {"put": (an_mr("a"),)},
        {"archive": (a_closed_mr("a"),)},
        {"verdicts": (a_verdict("a"),)},
        {"forget": (a_verdict("a").key,)},
        {"header": a_view().header},
    ],
)
def test_only_what_changes_the_queue_touches_its_ref(part: dict[str, object]) -> None:
    assert footprint(REFS, edit(**part))[REFS.queue]
    assert REFS.queue not in footprint(REFS, edit(claim={A: a_claim("a")}, submit=(an_mr("b"),)))


def test_the_configuration_is_that_at_the_tip() -> None:
    asked: list[tuple[Sha, Branch]] = []

    def config_at(tip: Sha, target: Branch) -> Config:
        asked.append((tip, target))
        return Config(batch_max=3)

    view = replace(a_view(), targets={MAIN: a_sha("tip")}, config_at=config_at)
    assert view.config(MAIN) == Config(batch_max=3)
    assert view.config(Branch("gone")) is None
    assert asked == [(a_sha("tip"), MAIN)]


class TestArchivedRecords:
    """One that cannot be read is named, with what is wrong and what can be done."""

    def read(self, data: bytes | None, kind: str = "blob") -> MergeRequest | Damage:
        blob = None if data is None else GitObject(a_sha("blob"), kind, data)
        return _record(A, blob, "archive:a.yaml")

    def test_a_whole_one(self) -> None:
        assert self.read(document.write(a_closed_mr("a"))) == a_closed_mr("a")

    def test_one_that_is_not_there(self) -> None:
        assert self.read(None) == Damage("archive:a.yaml", "is missing")
        assert self.read(b"", "tree") == Damage("archive:a.yaml", "is a tree")

    def test_one_of_somebody_else(self) -> None:
        wrong = self.read(document.write(a_closed_mr("b")))
        assert wrong == Damage("archive:a.yaml", f"/id: it is the record of {B!r}")

    def test_one_that_breaks_a_rule_and_one_that_is_no_record(self) -> None:
        text = document.write(a_closed_mr("a")).replace(b"retry_count: 0", b"retry_count: many")
        words = "/retry_count: 'many' is not of type 'integer'"
        assert self.read(text) == Damage("archive:a.yaml", words)
        nothing = self.read(b"[half")
        assert isinstance(nothing, Damage)
        assert not nothing.problem.startswith(": ")


def test_views_that_no_edit_touched_are_what_they_were() -> None:
    view: View = a_view(an_mr("a"))
    assert applied(view, edit()) == view
