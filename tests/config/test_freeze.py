"""What `freeze:` says, and what is absurd in it."""

from __future__ import annotations

import pytest

from refinery.config.config import Config, parse
from refinery.config.freeze import Exempt, FreezeWindow
from refinery.config.windows import EVERY_DAY, Once, Weekly, Window
from refinery.records.schema import InvalidRecord
from tests.decisions.makers import an_mr

BERLIN = "Europe/Berlin"


def config(freeze: str) -> Config:
    """The configuration with these lines below `freeze:`."""
    lines = "".join(f"  {line}\n" for line in freeze.splitlines())
    return parse(f"version: 1\nfreeze:\n{lines}".encode(), where="main:.refinery.yaml")


def window(line: str) -> Window:
    """The window that these keys make."""
    [found] = config(f"windows:\n- {{{line}}}").freeze.windows
    return found.window


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ('from: "09:00", until: "17:00"', Weekly(EVERY_DAY, 540, 1020, 0)),
        ("from: 16:00, until: 08:00", Weekly(EVERY_DAY, 960, 480, 1)),  # YAML's base of 60
        ("days: [sat, sun]", Weekly(frozenset({5, 6}), 0, 0, 1)),
        ("days: [fri], from: 16:00", Weekly(frozenset({4}), 960, 0, 1)),
        ('from: "22:00", until: "24:00"', Weekly(EVERY_DAY, 1320, 1440, 0)),
        ('from: "fri 16:00", until: "mon 08:00"', Weekly(frozenset({4}), 960, 480, 3)),
        ('from: "sun 22:00", until: "sun 23:00"', Weekly(frozenset({6}), 1320, 1380, 0)),
        ('from: "sun 22:00", until: "sun 21:00"', Weekly(frozenset({6}), 1320, 1260, 7)),
    ],
)
def test_weekly_windows(said: str, meant: Weekly) -> None:
    assert window(said) == Window("window 1", meant, "UTC")


@pytest.mark.parametrize(
    "said",
    [
        'from: 2026-12-24, until: "2027-01-02 12:30"',
        'from: "2026-12-24", until: 2027-01-02T12:30',
    ],
)
def test_dates_need_no_quotes(said: str) -> None:
    once = window(said).when
    assert isinstance(once, Once)
    assert (f"{once.begins}", f"{once.ends}") == ("2026-12-24 00:00:00", "2027-01-02 12:30:00")


def test_a_zone_of_its_own_goes_before_the_common_one() -> None:
    windows = config(
        f"zone: {BERLIN}\nwindows:\n- days: [sat]\n"
        "- {days: [sun], zone: Asia/Tokyo, name: sundays}"
    ).freeze.windows
    assert [(each.window.name, each.window.zone) for each in windows] == [
        ("window 1", BERLIN),
        ("sundays", "Asia/Tokyo"),
    ]


@pytest.mark.parametrize(
    ("freeze", "place", "hint"),
    [
        ("zone: Europe/Berln", "/freeze/zone", "did you mean 'Europe/Berlin'?"),
        ("windows: [{name: a}]", "/freeze/windows/0", None),
        ('windows: [{from: "25:00"}]', "/freeze/windows/0/from", None),
        ('windows: [{from: "fri 16:00", until: "08:00"}]', "/freeze/windows/0", None),
        (
            'windows: [{days: [mon], from: "fri 16:00", until: "sat 08:00"}]',
            "/freeze/windows/0/days",
            None,
        ),
        (
            "windows: [{days: [mon], from: 2026-12-24, until: 2026-12-25}]",
            "/freeze/windows/0/days",
            None,
        ),
        ("windows: [{from: 2026-12-25, until: 2026-12-24}]", "/freeze/windows/0/until", None),
        ("windows: [{from: 2026-12-24}]", "/freeze/windows/0", None),
        (
            'windows: [{from: "2026-02-30", until: 2026-03-01}]',
            "/freeze/windows/0/from",
            "both ends",
        ),
        ("windows: [{days: [sat], zone: Mars}]", "/freeze/windows/0/zone", "one of the IANA's"),
        (
            "windows: [{name: a, days: [sat]}, {name: a, days: [sun]}]",
            "/freeze/windows/1/name",
            None,
        ),
        ("windows: [{form: 12:00}]", "/freeze/windows/0/form", "did you mean 'from'?"),
        ('issues: [{label: "a,b"}]', "/freeze/issues/0/label", None),
    ],
)
def test_what_is_absurd_is_refused_with_its_place(
    freeze: str, place: str, hint: str | None
) -> None:
    with pytest.raises(InvalidRecord) as refused:
        config(freeze)
    assert refused.value.pointer == place
    assert (hint or "") in (refused.value.hint or "")


def test_targets_and_exceptions() -> None:
    rules = config(
        "windows:\n"
        "- {name: nights, from: 22:00, until: 06:00, targets: [main, release/*]}\n"
        "- {name: weekends, days: [sat, sun], except: {authors: [bot-*], priority: 0}}\n"
        "issues:\n"
        "- {label: tree-closed, targets: [main], except: {labels: [fix]}}\n"
    ).freeze
    names = {
        target: [each.name for each in rules.windows_of(target)]
        for target in ("main", "release/1", "release/1/x", "next")
    }
    assert names == {
        "main": ["nights", "weekends"],
        "release/1": ["nights", "weekends"],
        "release/1/x": ["weekends"],
        "next": ["weekends"],
    }
    bot, urgent = an_mr(worker="bot-1"), an_mr(priority=0)
    assert [each.name for each in rules.windows_of("main", bot)] == ["nights"]
    assert [each.name for each in rules.windows_of("main", urgent)] == ["nights"]
    assert (rules.labels_of("main"), rules.labels_of("next")) == (("tree-closed",), ())
    assert rules.is_exempt_from("tree-closed", "main", an_mr(labels=("fix",)))
    assert not rules.is_exempt_from("tree-closed", "main", an_mr(labels=("fixes",)))


def test_a_configuration_without_freezes_freezes_nothing() -> None:
    rules = parse(b"version: 1\n", where="x").freeze
    assert (rules.windows, rules.issues, rules.hotfix.may_allow("ada")) == ((), (), False)
    assert config("zone: UTC").freeze.windows == ()


def test_an_exception_for_nobody_covers_nobody() -> None:
    assert not Exempt().covers(an_mr(labels=("a",), priority=0))
    assert FreezeWindow(window("days: [sat]")).exempt == Exempt()
