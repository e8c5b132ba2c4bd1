"""What stands for `typing` at run time does what the original would."""

from __future__ import annotations

import typing

import pytest

from refinery import typed


def test_it_has_the_names_that_type_checkers_see() -> None:
    assert set(typed.__all__) <= {*typing.__all__}
    assert all(hasattr(typed, name) for name in typed.__all__)


def test_classes_can_be_made_of_them() -> None:
    Item = typed.TypeVar("Item", bound=str)
    Pair = typed.NamedTuple("Pair", [("left", int), ("right", int)])  # noqa: UP014
    Name = typed.NewType("Name", str)

    class Bag(typed.Generic[Item]):
        kind: typed.ClassVar[typing.Any] = "bag"

    class Box(typed.Protocol):
        pass

    made = (Bag[str]().kind, Pair(1, 2).right, Name("ada"), Box.__name__)
    assert made == ("bag", 2, "ada", "Box")
    assert isinstance(Name("ada"), str)


def test_a_case_that_was_forgotten_is_named() -> None:
    with pytest.raises(AssertionError, match="unreachable, but got: 'plum'"):
        typed.assert_never("plum")  # type: ignore[arg-type]
