"""Signals are heard at once, whichever thread they meet and whatever the main thread waits for."""

from __future__ import annotations

import signal
import threading
from queue import SimpleQueue

from refinery.processor.hearing import hearing


def test_a_signal_that_meets_another_thread_is_heard_while_the_main_thread_waits() -> None:
    letters: SimpleQueue[int] = SimpleQueue()

    def meet_the_signal() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    with hearing([signal.SIGUSR1], letters.put):
        threading.Timer(0.05, meet_the_signal).start()
        assert letters.get(timeout=20) == signal.SIGUSR1


def test_two_signals_are_heard_twice_and_in_turn() -> None:
    letters: SimpleQueue[int] = SimpleQueue()
    with hearing([signal.SIGUSR1, signal.SIGUSR2], letters.put):
        signal.raise_signal(signal.SIGUSR2)
        signal.raise_signal(signal.SIGUSR1)
        assert [letters.get(timeout=20), letters.get(timeout=20)] == [
            signal.SIGUSR2,
            signal.SIGUSR1,
        ]


def test_afterwards_everything_is_as_it_was() -> None:
    handler, wakened = signal.getsignal(signal.SIGUSR1), signal.set_wakeup_fd(-1)
    threads = threading.active_count()
    with hearing([signal.SIGUSR1], lambda number: None):
        assert signal.getsignal(signal.SIGUSR1) != handler
    assert signal.getsignal(signal.SIGUSR1) == handler
    assert signal.set_wakeup_fd(wakened) == -1
    assert threading.active_count() == threads
