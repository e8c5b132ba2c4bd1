"""The project of the demonstration: the menu of a café, with tests that plain sh can run."""

from __future__ import annotations

from collections.abc import Mapping

CHECK = "sh test.sh"

_RUN_TESTS = """\
# Runs the tests, up to the first that fails.
for test in tests/*.sh; do
    sh "$test" || { echo "$test failed"; exit 1; }
done
"""

_IS_A_PRICE = """\
# Every price is a number.
for file in menu/*; do
    grep -qx '[0-9][0-9]*' "$file" || { echo "$file: $(cat "$file") is no price"; exit 1; }
done
"""

_NOT_TOO_DEAR = """\
# Nothing costs more than 9.
for file in menu/*; do
    [ "$(cat "$file")" -le 9 ] || { echo "$file: $(cat "$file") is too dear"; exit 1; }
done
"""

FIRST: Mapping[str, str] = {
    "test.sh": _RUN_TESTS,
    "tests/is-a-price.sh": _IS_A_PRICE,
    "menu/coffee": "4\n",
    "menu/tea": "3\n",
}
"""What is there before the queue."""

LIMIT = {"tests/not-too-dear.sh": _NOT_TOO_DEAR}
TEA_4 = {"menu/tea": "4\n"}
TEA_5 = {"menu/tea": "5\n"}
MILK = {"menu/milk": "two\n"}
CAKE = {"menu/cake": "12\n"}

MILK_REPAIRED = {"menu/milk": "2\n"}
CAKE_REPAIRED = {"menu/cake": "8\n"}

LAST: Mapping[str, str] = {**FIRST, **LIMIT, **TEA_5, **MILK_REPAIRED, **CAKE_REPAIRED}
"""What everybody wanted, and what has to be there in the end, beside .refinery.yaml."""
