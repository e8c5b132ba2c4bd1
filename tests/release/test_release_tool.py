"""What a release is: version, changelog and tag say the same; formats keep what they promised."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from refinery import __version__
from tools import freeze_formats, release
from tools.freeze_formats import KEPT, all_schemas, broken, released, words

LOG = """\
# Changelog

## [Unreleased]

### Added

- More.

## [0.2.0] - 2026-12-01

### Added

- Much.

## [0.1.0] - 2026-11-24

- First.
"""


class TestChangelog:
    def test_is_ordered_dated_and_fits_the_version(self) -> None:
        found = release.sections(release.CHANGELOG.read_text())
        names = list(found)
        assert names[0] == "Unreleased"
        assert names[1:] == sorted(names[1:], key=release.ordered, reverse=True)
        for name in names[1:]:
            day, said = found[name]
            assert date.fromisoformat(day or "")
            assert said, name
        # Before its release a version has no section; afterwards it has the newest.
        assert __version__ in names[1:2] or (__version__ not in names and found["Unreleased"][1])

    def test_is_read_section_by_section(self) -> None:
        assert release.sections(LOG) == {
            "Unreleased": (None, "### Added\n\n- More."),
            "0.2.0": ("2026-12-01", "### Added\n\n- Much."),
            "0.1.0": ("2026-11-24", "- First."),
        }

    def test_what_was_unreleased_gets_a_version_and_a_day(self) -> None:
        dated = release.dated(LOG, "0.3.0", "2026-12-24")
        assert "## [Unreleased]\n\n## [0.3.0] - 2026-12-24\n\n### Added\n\n- More." in dated
        assert release.troubles("v0.3.0", "0.3.0", dated) == []
        with pytest.raises(ValueError, match="nothing is unreleased"):
            release.dated(dated, "0.4.0", "2026-12-25")


class TestTag:
    @pytest.mark.parametrize(
        ("tag", "version", "said"),
        [
            ("v0.2.0", "0.2.0", []),
            ("v0.2.1", "0.2.0", ["the tag is v0.2.1, and refinery/__init__.py says 0.2.0"]),
            ("0.2.0", "0.2.0", ["the tag is 0.2.0, and refinery/__init__.py says 0.2.0"]),
            ("v0.1.0", "0.1.0", ["CHANGELOG.md has no section `## [0.1.0] - DATE` on top"]),
            ("v0.3.0", "0.3.0", ["CHANGELOG.md has no section `## [0.3.0] - DATE` on top"]),
        ],
    )
    def test_says_what_the_commit_says(self, tag: str, version: str, said: list[str]) -> None:
        assert release.troubles(tag, version, LOG) == [
            *said,
            *([f"python -m tools.release prepare {version} makes such a commit"] if said else []),
        ]

    def test_one_that_is_none_is_refused_with_the_reason(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert release.main(["check", "v99.0.0"]) == 1
        assert "error: the tag is v99.0.0, and refinery/__init__.py says" in capsys.readouterr().err

    def test_versions_come_one_after_the_other(self) -> None:
        rising = ["0.1.0", "0.2.0a1", "0.2.0b1", "0.2.0rc1", "0.2.0", "0.2.1", "0.10.0", "1.0.0"]
        assert [*map(release.ordered, rising)] == sorted(map(release.ordered, rising))
        for odd in ("0.1", "v0.1.0", "0.1.0.dev1", "01.1.0", "0.1.0+local"):
            with pytest.raises(ValueError, match="is no version"):
                release.ordered(odd)


class TestFormats:
    """What is added after a release says so, or older versions would call it damaged."""

    def test_what_the_last_release_can_say_is_what_its_formats_say_today(self) -> None:
        assert broken(json.loads(KEPT.read_text()), all_schemas()) == []

    def a_schema(self, version: int = 1, **properties: Any) -> dict[str, dict[str, Any]]:
        known = {"version": {"const": version}, "why": {"enum": ["red", "late"]}}
        return {"queue": {"properties": {**known, **properties}, "$defs": {}}}

    def test_a_new_key_needs_a_new_format(self) -> None:
        kept = released(self.a_schema())
        assert broken(kept, self.a_schema(mood={})) == [
            "queue: /mood is new: it needs `since` or `later` 2"
        ]
        assert broken(kept, self.a_schema(2, mood={"since": 2})) == []

    def test_a_new_choice_needs_a_new_format(self) -> None:
        kept = released(self.a_schema())
        more = {"enum": ["red", "late", "odd"]}
        assert broken(kept, self.a_schema(why=more)) == [
            "queue: /why=odd is new: it needs `since` or `later` 2"
        ]
        assert broken(kept, self.a_schema(2, why={**more, "later": {"odd": 2}})) == []

    def test_what_goes_needs_a_new_format(self) -> None:
        kept = released(self.a_schema())
        assert broken(kept, self.a_schema(why={})) == [
            "queue: /why=late, /why=red went: a format 2 has to say how"
        ]

    def test_words_inside_lists_and_shared_definitions_are_found(self) -> None:
        pause = {"properties": {"by": {"$ref": "#/$defs/who"}}}
        schema = {
            "properties": {"pauses": {"items": pause, "since": 2}},
            "$defs": {"who": {"enum": ["ada"]}},
        }
        assert words(schema) == {"/pauses": 2, "/pauses/*/by": 2, "/pauses/*/by=ada": 2}

    def test_freezing_keeps_every_kind(self, tmp_path: Any) -> None:
        kept = tmp_path / "formats.json"
        freeze_formats.main(kept)
        frozen = json.loads(kept.read_text())
        assert frozen.keys() == all_schemas().keys()
        assert "/stuck/*/why=red" in frozen["queue"]["says"]
        assert broken(frozen, all_schemas()) == []
