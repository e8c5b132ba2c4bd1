"""Values behave as the standard library's frozen dataclasses do, and its functions work on them."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from typing import Any, ClassVar

import pytest

from refinery.values import StrEnum, dataclass, field, fields, replace


@dataclass(frozen=True, slots=True)
class Point:
    """A frozen value with every kind of default."""

    x: int
    y: int = 2
    labels: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict, repr=False)

    KIND: ClassVar = "point"

    @property
    def total(self) -> int:
        return self.x + self.y


@dataclass(frozen=True, slots=True)
class Nothing:
    """A value without fields."""


@dataclass(slots=True)
class Counter:
    """A value that changes, with a field that is not given."""

    start: int
    seen: list[int] = field(default_factory=list)
    now: int = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.start


@dataclasses.dataclass(frozen=True, slots=True)
class Original:
    """What `Point` has to equal."""

    x: int
    y: int = 2
    labels: tuple[str, ...] = ()
    notes: dict[str, str] = dataclasses.field(default_factory=dict, repr=False)


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ((1,), {}),
        ((1, 5), {}),
        ((), {"x": 1, "labels": ("a",)}),
        ((1, 3, ("b",), {"k": "v"}), {}),
        ((1,), {"notes": {"k": "v"}}),
    ],
)
def test_a_value_is_made_as_the_standard_library_makes_one(
    args: tuple[Any, ...], named: dict[str, Any]
) -> None:
    made, original = Point(*args, **named), Original(*args, **named)
    assert dataclasses.asdict(made) == dataclasses.asdict(original)
    assert repr(made) == repr(original).replace("Original", "Point")


@pytest.mark.parametrize(
    ("args", "named"), [((), {}), ((1, 2, (), {}, 5), {}), ((1,), {"z": 3}), ((), {"z": 3})]
)
def test_a_wrong_call_is_a_type_error(args: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="Point"):
        Point(*args, **named)


def test_equal_fields_of_the_same_class_are_equal_values() -> None:
    assert Point(1) == Point(1, 2)
    assert Point(1) != Point(2)
    assert Point(1) != Original(1)
    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing()}) == 1
    assert Counter(1) == Counter(1)


def test_a_frozen_value_does_not_change_and_one_that_is_not_does() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="'x'"):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="'x'"):
        del point.x  # type: ignore[misc]
    counter = Counter(4)
    counter.start = 5
    assert (counter.start, counter.now) == (5, 4)
    with pytest.raises(TypeError):
        hash(counter)


def test_each_value_has_a_default_of_its_own() -> None:
    one, other = Counter(1), Counter(1)
    one.seen.append(1)
    assert other.seen == []


def test_a_value_with_some_fields_changed() -> None:
    assert replace(Point(1, 5), x=3) == Point(3, 5)
    assert dataclasses.replace(Point(1, 5), x=3) == Point(3, 5)
    with pytest.raises(TypeError):
        replace(Point(1), z=3)


def test_copies_and_pickles_are_equal() -> None:
    point = Point(1, notes={"k": "v"})
    assert copy.deepcopy(point) == point
    assert pickle.loads(pickle.dumps(point)) == point


def test_values_match_by_name_and_by_position() -> None:
    match Point(1, 5):
        case Point(x, y=5):
            assert x == 1
        case _:
            pytest.fail("no match")


def test_the_standard_library_sees_the_same_fields() -> None:
    assert dataclasses.is_dataclass(Point)
    assert [each.name for each in dataclasses.fields(Point)] == [
        each.name for each in fields(Point)
    ]
    assert [each.default for each in dataclasses.fields(Point)][1:3] == [2, ()]
    assert Point.KIND == "point"
    assert Point(1).total == 3


class Colour(StrEnum):
    """Texts of which there are no others."""

    RED = "red"
    DARK_BLUE = "dark blue"

    @property
    def is_dark(self) -> bool:
        return self is Colour.DARK_BLUE


def test_a_choice_is_its_text_and_knows_its_name() -> None:
    assert [*Colour] == ["red", "dark blue"]
    assert [each.name for each in Colour] == ["RED", "DARK_BLUE"]
    assert len(Colour) == 2
    assert f"{Colour.RED}" == str(Colour.RED) == Colour.RED.value == "red"
    assert type(Colour.RED.value) is type(str(Colour.RED)) is str
    assert repr(Colour.DARK_BLUE) == "<Colour.DARK_BLUE: 'dark blue'>"
    assert {Colour.RED: 1}["red"] == 1  # type: ignore[index]
    assert Colour.DARK_BLUE.is_dark
    assert not Colour.RED.is_dark


def test_a_choice_is_found_by_its_text_or_its_name_and_there_is_one_of_each() -> None:
    assert Colour("dark blue") is Colour["DARK_BLUE"] is Colour.DARK_BLUE
    assert Colour(Colour.RED) is Colour.RED
    assert Colour.RED in Colour
    for copied in (copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))):
        assert copied(Colour.RED) is Colour.RED


@pytest.mark.parametrize("text", ["", "RED", "green", None, 7, ["red"]])
def test_there_are_no_other_choices(text: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid Colour"):
        Colour(text)


def test_choices_do_not_change() -> None:
    with pytest.raises(AttributeError):
        Colour.RED = Colour.DARK_BLUE  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Colour.RED.value = "blue"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Colour.RED.shade = "light"  # type: ignore[attr-defined]


def test_a_command_starts_without_what_dataclasses_need() -> None:
    slow = "{'dataclasses', 'inspect', 'typing', 'yaml'}"
    asked = f"import refinery.app, sys; print(sorted({slow} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-S", "-c", asked], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
