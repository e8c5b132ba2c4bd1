"""An engine that is listened to, and a bench that says what it was told to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from refinery.config.config import Config
from refinery.config.resolve import Regenerate
from refinery.engine.checks import Abandoned
from refinery.engine.engine import Engine
from refinery.engine.happenings import Happening
from refinery.engine.process import process
from refinery.engine.regenerating import Made
from refinery.engine.run import End, Orders
from refinery.engine.testing import Subject
from refinery.records.names import MrId
from refinery.records.verdict import CheckReport, Result, Verdict
from tests.sandbox import Clock, Sandbox

PASS, FAIL, ERROR = Result.PASS, Result.FAIL, Result.ERROR
Word = Result | Abandoned | BaseException


@dataclass
class ScriptedBench:
    """Says one word after the other, then passes all; remembers what it was asked to test."""

    clock: Clock
    words: list[Word] = field(default_factory=list)
    asked: list[tuple[MrId, ...]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def run(
        self, subject: Subject, config: Config, *, tick: Callable[[], str | None]
    ) -> Verdict | Abandoned:
        self.asked.append(subject.ids)
        self.clock.tick(60)
        self.meanwhile()
        word = self.words.pop(0) if self.words else PASS
        if isinstance(word, BaseException):
            raise word
        if isinstance(word, Abandoned):
            return word
        code = {PASS: 0, FAIL: 1}.get(word)
        note = "no such program" if word is ERROR else ""
        return Verdict(
            tree=subject.tree,
            fingerprint=config.fingerprint,
            result=word,
            runs=1,
            target=subject.target,
            base=subject.base,
            candidate=subject.ids,
            seconds=60.0,
            at=self.clock.now,
            worker="scripted",
            checks=(CheckReport("test", word, 60.0, exit_code=code, note=note),),
        )

    def regenerate(
        self,
        subject: Subject,
        config: Config,
        generators: Sequence[Regenerate],
        *,
        tick: Callable[[], str | None],
    ) -> Made | str | Abandoned:
        return "nothing is generated here"

    def ensure_possible(self) -> None:
        """It always is."""

    def close(self) -> None:
        """There is nothing to free."""


@dataclass
class Scripted:
    """An engine with such a bench, and all that it told."""

    engine: Engine
    bench: ScriptedBench
    told: list[Happening]

    def run(self, orders: Orders | None = None) -> End:
        return process(self.engine, orders or Orders())

    def of(self, kind: type[Happening]) -> list[Happening]:
        """What it told of one kind."""
        return [each for each in self.told if isinstance(each, kind)]


@contextmanager
def listened_to(box: Sandbox) -> Iterator[tuple[Engine, list[Happening]]]:
    """An engine at the queue of the sandbox, and what it tells from here on."""
    told: list[Happening] = []
    with box.queue(engine=True) as queue:
        engine = queue.engine(told.append)
        engine.tell = told.append  # the sandbox may have had this one before
        yield engine, told


@contextmanager
def scripted(box: Sandbox, *words: Word) -> Iterator[Scripted]:
    """Such an engine, to whose checks these things happen in turn."""
    with listened_to(box) as (engine, told):
        engine.bench.close()
        bench = engine.bench = ScriptedBench(box.clock, list(words))
        yield Scripted(engine, bench, told)
