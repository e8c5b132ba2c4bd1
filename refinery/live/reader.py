"""Works at the desk in a thread of its own, so that no screen ever waits for git or the network."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

from refinery.typed import TypeVar

Answer = TypeVar("Answer")


class Reader:
    """One thread that does one thing after the other; it ends with the process, whatever it is at.

    A remote that does not answer must not keep anybody from leaving.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="reader", daemon=True)
        self._thread.start()

    def ask(
        self,
        job: Callable[[], Answer],
        *,
        answered: Callable[[Answer], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Have something done; what comes of it is handed over in the reader's thread."""

        def work() -> None:
            try:
                answer = job()
            except Exception as trouble:
                failed(trouble)
            else:
                answered(answer)

        self._jobs.put(work)

    def leave(self, *, patience: float) -> bool:
        """Let it finish what it has begun, but no longer than so many seconds; whether it did."""
        self._jobs.put(None)
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
