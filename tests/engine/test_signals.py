"""What a signal asks of a worker, and when it ends by itself."""

from __future__ import annotations

import os
import signal

import pytest

from refinery.engine.signals import PARENT, GracefulStop


def test_one_finishes_what_is_at_hand_and_two_give_it_up() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with GracefulStop() as stop:
        assert (stop.asked(), stop.at_once()) == (False, None)
        signal.raise_signal(signal.SIGTERM)
        assert (stop.asked(), stop.at_once()) == (True, None)
        signal.raise_signal(signal.SIGHUP)
        assert (stop.asked(), stop.at_once()) == (True, "asked to stop at once")
    assert signal.getsignal(signal.SIGTERM) is before


def test_an_interrupt_is_counted_where_an_answer_is_under_way() -> None:
    with GracefulStop(also_interrupts=True) as stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.asked()
    with GracefulStop() as stop, pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    assert not stop.asked()


@pytest.mark.parametrize(
    ("parent", "asked"), [(None, False), ("", False), ("ours", False), ("1234567", True)]
)
def test_a_worker_ends_with_whoever_started_it(
    monkeypatch: pytest.MonkeyPatch, parent: str | None, asked: bool
) -> None:
    monkeypatch.delenv(PARENT, raising=False)
    if parent is not None:
        monkeypatch.setenv(PARENT, parent.replace("ours", str(os.getppid())))
    assert GracefulStop().asked() is asked
