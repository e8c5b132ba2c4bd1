"""Evidence that is folded on from the last time is the evidence of all that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.queue.planning import learned as module
from refinery.queue.planning.facts import Evidence, Purpose
from refinery.queue.planning.learn import Failed, Gone, Landed, News, Passed, apply
from refinery.queue.planning.learned import Learned
from refinery.records.names import MrId
from tests.decisions.makers import NOW, an_id

IDS = [an_id(name) for name in "abcdefgh"]
MADE = {id: NOW + timedelta(minutes=minutes) for minutes, id in enumerate(IDS)}

some = st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True).map(tuple)
places = st.integers(0, 5)
news_items = st.one_of(
    st.builds(Passed, some, places, st.sampled_from(list(Purpose))),
    st.builds(Failed, some, places, st.integers(1, 3)),
    st.builds(lambda who, at: Landed(who, at, newest=max(MADE[id] for id in who)), some, places),
    st.builds(Gone, some, st.booleans()),
)
pasts = st.lists(news_items, max_size=12)


def overtaken(landed: Landed, tested: frozenset[MrId]) -> tuple[MrId, ...]:
    assert landed.newest is not None
    left = tested.difference(landed.members)
    return tuple(sorted(id for id in left if MADE[id] < landed.newest))


def all_of_it(news: Sequence[News]) -> tuple[Evidence, frozenset[MrId]]:
    """Folded from the first on, with who was there at each point."""
    evidence, here = Evidence(), frozenset(IDS)
    for each in news:
        if isinstance(each, Landed):
            who = overtaken(each, evidence.tested)
            each = Landed(each.members, each.head, who, each.newest)
        evidence = apply(evidence, each, pending=here)
        if isinstance(each, Landed):
            here -= frozenset(each.members)
    return evidence, frozenset(IDS) - here


@given(st.lists(pasts, min_size=1, max_size=4), st.integers(0, 12), st.integers(1, 40))
def test_whatever_was_asked_before_the_answer_is_that_of_all_of_it(
    asked: list[list[News]], shared: int, kept: int
) -> None:
    learned = Learned()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_KEPT", kept)
        for news in ([*asked[0][:shared], *each] for each in asked):
            point = learned.after(news, overtaken)
            assert (point.evidence, point.landed) == all_of_it(news)


def count_folded(patch: pytest.MonkeyPatch) -> list[News]:
    folded: list[News] = []

    def counted(evidence: Evidence, news: News, *, pending: frozenset[MrId]) -> Evidence:
        folded.append(news)
        return apply(evidence, news, pending=pending)

    patch.setattr(module, "apply", counted)
    return folded


def test_only_what_is_new_is_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    learned, folded = Learned(), count_folded(monkeypatch)
    news: list[News] = [Passed((id,), 0) for id in IDS]
    learned.after(news, overtaken)
    folded.clear()
    learned.after(news, overtaken)
    assert folded == []
    late, last = Failed((IDS[0],), 0), Passed((IDS[1],), 1)
    learned.after([*news, last], overtaken)
    assert folded == [last]
    folded.clear()
    learned.after([*news, late, last], overtaken)  # its place is before the one that is known
    assert folded == [late, last]
    folded.clear()
    learned.after(news[:3], overtaken)
    assert folded == []


def test_of_a_long_past_only_the_last_points_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    learned, folded = Learned(), count_folded(monkeypatch)
    news: list[News] = [Passed((IDS[place % 8],), place) for place in range(3 * module.MOST_KEPT)]
    learned.after(news, overtaken)
    folded.clear()
    learned.after([*news[: -module.MOST_KEPT], *news[1 - module.MOST_KEPT :]], overtaken)
    assert len(folded) == len(news) - 1
    folded.clear()
    learned.after([*news[:-5], *news[-4:]], overtaken)
    assert len(folded) < module.MOST_KEPT


def test_who_becomes_known_may_have_been_overtaken_all_along() -> None:
    learned = Learned()
    first, second = IDS[0], IDS[1]
    news = [Passed((first,), 0), Landed((second,), 1, newest=MADE[second])]

    def nobody(_: Landed, __: frozenset[MrId]) -> tuple[MrId, ...]:
        return ()

    assert learned.after(news, nobody, unknown=frozenset({first})).evidence.overtaken == {}
    assert learned.after(news, overtaken).evidence.overtaken == {first: 1}
