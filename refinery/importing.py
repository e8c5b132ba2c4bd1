"""Imports modules while git works: what is needed once it has answered loads in the meantime."""

from __future__ import annotations

from importlib import import_module

TO_FETCH = ("refinery.repo.remote", "refinery.store.layout", "refinery.store.ref_store")
TO_READ = (
    "refinery.records.merge_request",
    "refinery.records.verdict",
    "refinery.store.view",
    "refinery.records.document",
    "refinery.store.reading",
    "refinery.records.compiled.merge_request",
    "refinery.records.compiled.queue",
    "refinery.records.compiled.claim",
)
TO_WRITE = (
    "refinery.queue.lookup",
    "refinery.store.update",
    "refinery.store.edit_writer",
    "refinery.store.target_configs",
    "refinery.records.compiled.config",
    "refinery.store.footprint",
    "refinery.store.apply",
    "refinery.repo.waking",
)

_waiting: list[str] = []


def import_while_git_works(modules: tuple[str, ...]) -> None:
    """Import these when git has to be waited for, before what others asked for earlier."""
    _waiting[:0] = modules


def git_works() -> bool:
    """A run of git has begun: import one of them; whether more are waiting."""
    if not _waiting:
        return False
    try:
        module = _waiting.pop(0)
    except IndexError:  # another thread's git took the last one
        return False
    import_module(module)
    return bool(_waiting)
