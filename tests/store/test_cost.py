"""What a transaction costs follows from what is live, not from what has been."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from refinery.records.merge_request import CloseReason, Status
from refinery.store.edit import Applied, Edit, Event
from refinery.store.ref_store import RefStore
from tests.decisions.makers import NOW, a_candidate_claim, an_id, an_mr
from tests.store.places import Place, places

EVENT = Event("tested", "a test")
A = an_id("a")
CLAIM = a_candidate_claim("a")


def closed(count: int) -> list[Edit]:
    mrs = [
        an_mr(f"old-{n}", status=Status.CLOSED, close_reason=CloseReason.REJECTED, closed_at=NOW)
        for n in range(count)
    ]
    return [Edit(EVENT, archive=tuple(mrs[at : at + 500])) for at in range(0, count, 500)]


def objects(repository: Path) -> dict[str, int]:
    """Every loose object and its size."""
    folder = repository / "objects"
    return {path.parent.name + path.name: path.stat().st_size for path in folder.glob("??/*")}


def cost(place: Place, archived: int) -> list[tuple[int, int]]:
    """Objects and bytes that a claim, a renewal, a verdict-less put and a release leave behind."""
    store: RefStore = place.open_refs(path=place.box.origin)
    view = store.read()
    for edit in [Edit(EVENT, put=(place.mr("a"),)), *closed(archived)]:
        outcome, view = store.swap(view, edit)
        assert isinstance(outcome, Applied)
    assert set(view.mrs) == {A}
    spent = []
    worker = place.open_refs()
    for edit in (
        Edit(EVENT, claim={CLAIM.names[0]: CLAIM}),
        Edit(EVENT, claim={CLAIM.names[0]: replace(CLAIM, expires_at=NOW + timedelta(hours=1))}),
        Edit(EVENT, put=(replace(place.mr("a"), retry_count=1),)),
        Edit(EVENT, release=CLAIM.names),
    ):
        before = objects(place.box.origin)
        outcome, _ = worker.swap(worker.read(), edit)
        assert isinstance(outcome, Applied)
        new = {oid: size for oid, size in objects(place.box.origin).items() if oid not in before}
        spent.append((len(new), sum(new.values())))
    return spent


@pytest.mark.journey
def test_a_claim_costs_the_same_after_100_and_5000_landings(
    remote: Place, tmp_path: Path, four_branches: tuple[Path, dict[str, object]]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    rival = next(opened := places("in place", four_branches, other))  # type: ignore[arg-type]
    few, many = cost(remote, 100), cost(rival, 5000)
    opened.close()
    assert [count for count, _ in few] == [count for count, _ in many] == [3, 3, 5, 0]
    assert all(abs(one - two) <= 16 for (_, one), (_, two) in zip(few, many, strict=True))
    assert few[0][1] < 1000  # bytes; the bar is two thousand
