"""A target's configuration is read once for a commit, whether it can be read or not."""

from __future__ import annotations

import pytest

from refinery.records.schema import InvalidRecord
from refinery.store import target_configs
from refinery.store.target_configs import TargetConfigs
from tests.sandbox import Sandbox


@pytest.mark.parametrize("text", ["version: 1\nmethod: squash\n", "version: 1\nmethod: no\n"])
def test_it_is_read_once(box: Sandbox, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tip = box.config(text)
    box.git("fetch", "-q", "origin")
    configs = TargetConfigs(box.queue().repo)
    first = configs.readable(tip, "main")
    monkeypatch.setattr(target_configs, "parse", lambda *_, **__: pytest.fail("read again"))
    assert [configs.readable(tip, "main") for _ in range(3)] == [first] * 3


def test_who_needs_it_is_told_each_time_what_is_wrong_and_where(box: Sandbox) -> None:
    tip = box.config("version: 1\nmethod: no\n")
    box.git("fetch", "-q", "origin")
    configs = TargetConfigs(box.queue().repo)
    for target in ("main", "main", "other"):
        with pytest.raises(InvalidRecord, match=f"^{target}:.refinery.yaml: /method"):
            configs.at(tip, target=target)
