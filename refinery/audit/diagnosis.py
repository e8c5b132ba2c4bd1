"""Examines a set-up, from git's version to the forge's token, in the order in which things fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from refinery.audit import diagnosed_forge, diagnosed_machine, diagnosed_remote, diagnosed_server
from refinery.audit.diagnosed_queue import queue
from refinery.audit.diagnosed_target import target, workflow
from refinery.audit.points import Patient, Point, Target, well
from refinery.repo.repository import IN_PLACE

_SLOW = 4
"""How many slow questions are asked at once."""


def examine(patient: Patient) -> Iterator[Point]:
    """All points of one repository, each as soon as it and those before it are known."""
    yield from diagnosed_server.repository(patient)
    yield from diagnosed_server.server(patient)
    yield from diagnosed_machine.worker(patient)
    if not patient.online:
        yield well("remote", "not asked: --offline", where=patient.remote or "")
    else:
        present = yield from diagnosed_remote.remote(patient)
        if present is None:
            yield from diagnosed_machine.extras(patient, None)
            return
        yield diagnosed_remote.number_of_refs(patient, present)
    view = yield from queue(patient)
    on = None if view is None else (yield from target(patient, view))
    with ThreadPoolExecutor(_SLOW) as pool:
        answers = [pool.submit(_all, points) for points in _questions(patient, on)]
        yield from diagnosed_machine.extras(patient, on)
        yield from diagnosed_machine.sandbox(patient, on)
        if on is not None:
            yield from workflow(patient, on)
        yield from _in_order(answers)


def _questions(patient: Patient, on: Target | None) -> Iterator[Iterable[Point]]:
    """What the network is asked, independently of each other."""
    if patient.online and patient.remote != IN_PLACE:
        yield diagnosed_remote.pushing(patient, on)
    if on is not None:
        yield from diagnosed_forge.questions(patient, on)


def _all(points: Iterable[Point]) -> list[Point]:
    return list(points)


def _in_order(answers: Iterable[Future[list[Point]]]) -> Iterator[Point]:
    for answer in answers:
        yield from answer.result()
