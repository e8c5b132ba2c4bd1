"""Examines the configured forge: its address, the token, what that may do, webhooks, the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from refinery.adapters.forge_address import ForgeAddress, NoForgeAddress, forge_address
from refinery.audit.points import Patient, Point, Target, error, warning, well
from refinery.errors import RefineryError

TOLERATED_SKEW = 60.0
"""Seconds; claims run out by the clock."""


def questions(patient: Patient, on: Target) -> Iterator[Iterable[Point]]:
    """What each configured forge has to be asked, independently of each other."""
    config = on.config
    for kind in dict.fromkeys((config.forge, config.tracker)):
        if kind not in (None, "local"):
            yield _forge(patient, on, kind)


def _forge(patient: Patient, on: Target, kind: str) -> Iterator[Point]:
    place = patient.place(on.config.repository)
    try:
        address = forge_address(kind, place, environment=patient.environ)
    except NoForgeAddress as trouble:
        yield error(
            "forge", "unknown", trouble.message, fix=trouble.hint or "", where=f"{on.branch}:{kind}"
        )
        return
    where = f"{address.host}/{address.repository}"
    if not address.token:
        yield _no_token(patient, address, where)
        return
    if not patient.online:
        yield well("token", f"{address.token_name} is set", where="environment")
        return
    yield from _asked(patient, on, kind, address, where)


def _no_token(patient: Patient, address: ForgeAddress, where: str) -> Point:
    name = address.token_name
    words = f"{name} is not set: {address.title} is asked and told nothing"
    fix = f"set {name} to a token for {address.repository}"
    if patient.in_ci:
        return error("token", "missing", words, fix=fix, where=where)
    words = f"{name} is not set here: only where it is, {address.title} is asked and told anything"
    return warning("token", "missing", words, fix=fix, where=where)


def _asked(
    patient: Patient, on: Target, kind: str, address: ForgeAddress, where: str
) -> Iterator[Point]:
    from refinery.adapters.registry import make_forge

    forge: Any = make_forge(kind, patient.place(on.config.repository))
    try:
        forge.access()
    except RefineryError as trouble:
        yield error("forge", "x", trouble.message, fix="", where=where)
        return
