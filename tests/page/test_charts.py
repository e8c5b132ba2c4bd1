"""Charts are SVG that says in words what it shows, and tells nothing by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refinery.page.charts import (
    Chart,
    Series,
    axis,
    bars,
    counts,
    key_of,
    lines,
    share_bar,
    shares,
)
from refinery.page.history_words import MINUTES, short_minutes

SVG = "{http://www.w3.org/2000/svg}"


def chart(*series: Sequence[float | None], top: float = 10, **fields: object) -> Chart:
    count = len(series[0])
    values: dict[str, object] = {
        "key": "k",
        "title": "Landed <each> day",
        "summary": "Most on & after Monday.",
        "axis": counts(top),
        "series": tuple(Series(f"s{number}", each) for number, each in enumerate(series)),
        "said": [f"step {number} <b>" for number in range(count)],
        "marks": [(0, "first"), (count - 1, "last")],
    }
    return Chart(**(values | fields))  # type: ignore[arg-type]


def drawn(text: str) -> ElementTree.Element:
    """Inline SVG, read as a browser reads it: well formed, nothing unescaped."""
    return ElementTree.fromstring(text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" '))


def of_class(text: str, name: str, tag: str) -> list[ElementTree.Element]:
    found = drawn(text).iter(f"{SVG}{tag}")
    return [each for each in found if name in (each.get("class") or "").split()]


def test_a_chart_is_one_picture_with_a_name_and_a_description() -> None:
    picture = next(
        each for each in drawn(bars(chart([1, 2]))).iter(f"{SVG}svg") if each.get("role") == "img"
    )
    title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.text, desc.text) == ("Landed <each> day", "Most on & after Monday.")
    assert picture.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


def test_a_column_is_as_high_as_its_value_and_nothing_has_none() -> None:
    columns = of_class(bars(chart([5, 0, 10])), "column", "rect")
    assert [(each.get("y"), each.get("height")) for each in columns] == [
        ("50%", "50%"),
        ("0%", "100%"),
    ]


def test_two_series_of_columns_stand_on_each_other() -> None:
    below, above = of_class(bars(chart([4], [6])), "column", "rect")
    assert (below.get("y"), below.get("height")) == ("60%", "40%")
    assert (above.get("y"), above.get("height")) == ("0%", "60%")


def test_a_line_stops_where_nothing_is_known() -> None:
    text = lines(chart([1, 2, None, 3]))
    [path] = of_class(text, "curve", "path")
    assert path.get("d") == "M125 900L375 800M875 700"
    assert len(of_class(text, "dot", "circle")) == 3


def test_the_two_series_differ_in_more_than_colour() -> None:
    text = lines(chart([1, 2], [3, 4]))
    assert len(of_class(text, "second", "path")) == 1
    assert 'class="curve second"' in key_of(1)
    assert 'class="curve first"' in key_of(0)


def test_of_many_points_only_lonely_ones_have_marks() -> None:
    values: list[float | None] = [1.0] * 90
    values[10] = values[12] = None
    assert len(of_class(lines(chart(values)), "dot", "circle")) == 1


def test_each_step_says_itself_and_the_ends_keep_within_the_picture() -> None:
    root = drawn(bars(chart([1, 2, 3])))
    said = [each.text for each in root.iter(f"{SVG}title")][1:]
    assert said == ["step 0 <b>", "step 1 <b>", "step 2 <b>"]
    below = of_class(bars(chart([1] * 30)), "when", "text")
    assert [(each.get("x"), each.get("text-anchor")) for each in below] == [
        ("0%", "start"),
        ("100%", "end"),
    ]


@pytest.mark.parametrize(
    ("made", "top", "words"),
    [
        (counts(0), 1, ["0", "1"]),
        (counts(7), 8, ["0", "2", "4", "6", "8"]),
        (counts(1234), 1500, ["0", "500", "1\u2009000", "1\u2009500"]),
        (shares(0.13), 0.15, ["0%", "5%", "10%", "15%"]),
        (shares(0.009), 0.01, ["0%", "0.25%", "0.5%", "0.75%", "1%"]),
        (axis(100, MINUTES, short_minutes), 120, ["0", "30 min", "1 h", "1.5 h", "2 h"]),
        (axis(0.3, MINUTES, short_minutes), 1 / 3, ["0", "5 s", "10 s", "15 s", "20 s"]),
    ],
)
def test_axes_have_few_round_levels(made: object, top: float, words: list[str]) -> None:
    assert made.top == pytest.approx(top)  # type: ignore[attr-defined]
    assert [made.words(each) for each in made.ticks] == words  # type: ignore[attr-defined]


@given(st.floats(min_value=0, max_value=1e9))
def test_nothing_is_higher_than_its_axis(most: float) -> None:
    for made in (counts(most), shares(most), axis(most, MINUTES, short_minutes)):
        assert made.top >= most
        assert made.top > 0
        assert 2 <= len(made.ticks) <= 9


def test_a_bar_in_a_row_never_leaves_it() -> None:
    assert 'width="50%"' in share_bar(0.5)
    assert '<rect class="first" width="100%"' in share_bar(7)
    assert '<rect class="first" width="0%"' in share_bar(-1)
